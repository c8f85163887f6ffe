"""How a campaign comes to be: refused starts, its first entries, phases opened late (c.1)."""

from datetime import date, timedelta
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.creation import CampaignStart, create
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Role
from tests.support.builders import Desk, a_calendar, a_plan, an_actor, shanghai
from tests.support.scenes import scene


def _start(**changes: Any) -> CampaignStart:
    fields = {
        "plan": a_plan(),
        "calendar": a_calendar(),
        "mode": "live",
        "actor": an_actor("OF-1"),
        "request_id": "start-0001",
    }
    return CampaignStart(**{**fields, **changes})


_LAUNCH = shanghai("2019-03-04", "09:00")


@pytest.mark.parametrize(
    ("changes", "now", "code"),
    [
        ({"clock_offset": timedelta(days=-1)}, _LAUNCH, Code.CLOCK_OFFSET_ON_LIVE),
        ({}, shanghai("2019-03-05", "00:00"), Code.PLAN_IN_PAST),
        ({"plan": a_plan(tasks=())}, _LAUNCH, Code.PLAN_INVALID),
        (
            {"calendar": a_calendar().window(date(2019, 1, 1), date(2020, 10, 30))},
            _LAUNCH,
            Code.CALENDAR_OUT_OF_RANGE,
        ),
        ({"actor": an_actor("LG-1")}, _LAUNCH, Code.ROLE_NOT_PERMITTED),
        ({"actor": an_actor("U01-L1")}, _LAUNCH, Code.ROLE_NOT_PERMITTED),
    ],
)
def test_b3_row_1_a_start_that_cannot_be(changes: dict[str, Any], now: Any, code: Code) -> None:
    with pytest.raises(RuleViolation) as caught:
        create(_start(**changes), now=now)
    assert caught.value.code is code


@pytest.mark.parametrize("mode", ["live", "rehearsal"])
def test_a_campaign_begins_as_a_draft_of_its_mode(mode: str) -> None:
    state = create(_start(mode=mode), now=_LAUNCH)
    record = state.campaign["BE-2019"]
    assert (state.mode, record.mode, record.stage.value) == (mode, mode, "draft")
    assert record.current_phase == 0
    assert [event.tag for event in state.unrecorded] == [
        "campaign:campaign:created",
        "campaign:register:recorded",
        "campaign:register:recorded",
    ]


def test_a_rehearsal_may_run_on_a_shifted_clock() -> None:
    start = _start(mode="rehearsal", clock_offset=timedelta(days=-2800))
    assert create(start, now=_LAUNCH).mode == "rehearsal"


def test_the_day_of_launch_is_not_past() -> None:
    assert create(_start(), now=shanghai("2019-03-04", "23:59")).next_seq == 3


def test_c1_a_phase_opened_after_its_last_day_goes_to_review_at_once() -> None:
    desk = scene("review")
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.at("2019-10-09").do(c.SignGate, "LG-1", gate=c.Gate.G2, doc_no="纪要")
    assert desk.stage == "implement"
    clock = desk.deadline("T-01-P2", "DL08")
    assert clock.current_due_on == date(2019, 9, 27)
    desk.at("2019-10-09", "10:01")
    assert desk.stage == "review"
    assert {goal.state.value for goal in desk.campaign.state.goal.values() if goal.phase == 2} == {
        "overdue"
    }


def test_k27_the_supervision_group_can_lead_a_campaign() -> None:
    desk = Desk(a_plan(lead_body=Role.SUPERVISION_GROUP))
    assert desk.campaign.record.lead_body is Role.SUPERVISION_GROUP
