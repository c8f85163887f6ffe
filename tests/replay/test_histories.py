"""Old campaigns go on under new code: recorded histories replay, without any server."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

import worker
from duban.connection import DATA_CONVERTER
from duban.contracts import CampaignInput
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.commands import AnyCommand
from duban.domain.campaign.creation import create
from duban.domain.errors import RuleViolation
from tests.support.histories import (
    CLUE_SCENARIOS,
    CLUES,
    FOLDER,
    INSPECTION_SCENARIOS,
    INSPECTIONS,
    PROBLEM_SCENARIOS,
    PROBLEMS,
    SCENARIOS,
    kept,
    kept_clues,
    kept_inspections,
    kept_problems,
)

HISTORIES = dict(kept())
OF_PROBLEMS = dict(kept_problems())
OF_CLUES = dict(kept_clues())
OF_INSPECTIONS = dict(kept_inspections())
EVERY = {**HISTORIES, **OF_PROBLEMS, **OF_CLUES, **OF_INSPECTIONS}
FOLDERS = (FOLDER, PROBLEMS, CLUES, INSPECTIONS)
CONVERTER = DATA_CONVERTER.payload_converter
CLOSE = timedelta(seconds=2)
"""A timer is set a moment after its workflow task began, when the record is made."""


def _replayer() -> Replayer:
    return Replayer(
        workflows=worker.WORKFLOWS,
        workflow_runner=worker.workflow_runner(),
        data_converter=DATA_CONVERTER,
    )


def _copy(history: WorkflowHistory) -> WorkflowHistory:
    return WorkflowHistory.from_json(history.workflow_id, history.to_json())


def test_every_scenario_is_recorded() -> None:
    assert set(HISTORIES) >= set(SCENARIOS)
    assert set(OF_PROBLEMS) >= set(PROBLEM_SCENARIOS)
    assert set(OF_CLUES) >= set(CLUE_SCENARIOS)
    assert set(OF_INSPECTIONS) >= set(INSPECTION_SCENARIOS)


@pytest.mark.parametrize("history", EVERY.values(), ids=[*EVERY])
async def test_recorded_history_replays(history: WorkflowHistory) -> None:
    result = await _replayer().replay_workflow(history)
    assert result.replay_failure is None


def _timer_becomes_an_activity(events: Any) -> None:
    timer = next(e for e in events if e.event_type == EventType.EVENT_TYPE_TIMER_STARTED)
    timer.ClearField("timer_started_event_attributes")
    timer.event_type = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    timer.activity_task_scheduled_event_attributes.activity_id = "1"
    timer.activity_task_scheduled_event_attributes.activity_type.name = "record_events"


def _record_under_another_name(events: Any) -> None:
    marker = next(e for e in events if e.event_type == EventType.EVENT_TYPE_MARKER_RECORDED)
    data = marker.marker_recorded_event_attributes.details["data"].payloads[0]
    data.data = data.data.replace(b"record_events", b"forget_events")


@pytest.mark.parametrize(
    "forge",
    [_timer_becomes_an_activity, _record_under_another_name],
    ids=lambda forge: str(forge.__name__).strip("_"),
)
async def test_forged_history_does_not_replay(forge: Any) -> None:
    forged = _copy(HISTORIES["clean"])
    forge(forged.events)
    with pytest.raises((workflow.NondeterminismError, RuntimeError)):
        await _replayer().replay_workflow(forged)


@pytest.mark.parametrize(
    "path",
    sorted(each for folder in FOLDERS for each in folder.glob("*.json")),
    ids=lambda path: str(path.stem),
)
def test_history_tells_nothing_of_the_machine_that_recorded_it(path: Any) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"stackTrace|site-packages|\"identity\"|\.py\b", text)


def _walk(events: Any) -> Iterator[tuple[HistoryEvent, Campaign, datetime]]:
    """Feed a history to the pure core; yield each event with the core as it stands by then."""
    attributes = events[0].workflow_execution_started_event_attributes
    [begin] = CONVERTER.from_payloads(attributes.input.payloads, [CampaignInput])
    campaign: Campaign | None = None
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED:
            now = event.event_time.ToDatetime(tzinfo=UTC) + begin.clock_offset
            if campaign is None:
                campaign = Campaign(create(begin.start, now=now))
            campaign.tick(now=now)
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
            assert campaign is not None
            _decide(campaign, event, now)
        if campaign is not None:
            yield event, campaign, now


def _decide(campaign: Campaign, event: HistoryEvent, now: datetime) -> None:
    request = event.workflow_execution_update_accepted_event_attributes.accepted_request
    if request.input.name != "execute":
        return
    [command] = CONVERTER.from_payloads(list(request.input.args.payloads), [AnyCommand])  # type: ignore[list-item]
    try:
        campaign.handle(command, now=now)
    except RuleViolation as why:
        campaign.refuse(command, why, now=now)
    campaign.tick(now=now)


@pytest.mark.parametrize("scenario", ["clean", "suspension", "calendar", "outage"])
def test_timers_run_to_the_next_alarm_of_the_rules(scenario: str) -> None:
    """Replay does not look at durations (temporal.md 4.35), so this does."""
    timers = 0
    for event, campaign, now in _walk(HISTORIES[scenario].events):
        if event.event_type != EventType.EVENT_TYPE_TIMER_STARTED:
            continue
        timers += 1
        pause = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
        alarm = campaign.next_alarm(now=now)
        assert alarm is not None
        assert abs(alarm - now - pause) < CLOSE, (event.event_id, alarm - now, pause)
    assert timers > 2
