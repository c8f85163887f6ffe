"""Time on the server is time in the rules: the same events at the same moments as the pure core."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Self

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType

from duban.domain.campaign import commands as c
from duban.domain.counting import SHANGHAI
from duban.domain.events import Event
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Role
from duban.stack.skipping import time_skipping
from tests.support.builders import Desk, a_calendar, shanghai, the_calendar_before_the_notice
from tests.support.clock import (
    LAUNCHED,
    PLANNING,
    Stage,
    Step,
    skipping_stage,
    step,
    the_worker,
)
from tests.support.trail import WatchedTrail

POLICY = PolicyVersion()
BY_HAND = timedelta(seconds=5)
"""How much later than a moment a server in a hurry may act on it."""


class LateDesk(Desk):
    """A desk that, as every server does, acts a moment after the alarm it was woken by."""

    def at(self, day: str, clock: str = "10:00") -> Self:
        target = shanghai(day, clock)
        while (alarm := self.campaign.next_alarm(now=self.now)) and alarm <= target:
            self.now = max(alarm, self.now) + timedelta(milliseconds=1)
            self.campaign.tick(now=self.now)
        self.now = max(target, self.now)
        return self


def _pure(story: tuple[Step, ...], until: str, **start: Any) -> list[Event]:
    """What the campaign says when the same story is played without any server."""
    desk = LateDesk(**start)
    for each in story:
        desk.at(each.day, each.clock).do(each.command, each.by, **each.fields)
    return desk.at(until, "23:00").campaign.state.unrecorded


def _told(event: Event) -> tuple[object, ...]:
    return (event.tag, event.object_type, event.object_id, event.unit, event.detail.get("rung"))


def _assert_same(said: list[Event], pure: list[Event]) -> None:
    assert [_told(each) for each in said] == [_told(each) for each in pure]
    for one, other in zip(said, pure, strict=True):
        late = one.occurred_at - other.occurred_at
        assert -BY_HAND < late < BY_HAND, (one.tag, one.occurred_at, other.occurred_at)


@pytest_asyncio.fixture(scope="module")
async def months() -> AsyncIterator[list[Event]]:
    """What a campaign says from its launch into the review of phase 1, on a server."""
    async with time_skipping() as env:
        stage = await skipping_stage(env, WatchedTrail())
        async with the_worker(env.client, stage.trail):
            await stage.start()
            await stage.play(LAUNCHED)
            await stage.at("2019-07-12", "23:00")
            yield stage.events


def test_months_of_a_campaign_equal_the_pure_core_event_for_event(months: list[Event]) -> None:
    _assert_same(months, _pure(LAUNCHED, "2019-07-12"))
    tags = {each.tag for each in months}
    assert {"campaign:deadline:reminded", "campaign:deadline:urged"} <= tags
    assert {"campaign:deadline:yellow_card", "campaign:deadline:breached"} <= tags
    assert "campaign:review:opened" in tags


def test_notices_go_out_in_working_hours_once_per_rung(months: list[Event]) -> None:
    sent = [each for each in months if "rung" in each.detail]
    keys = [(each.object_id, each.detail["rung"]) for each in sent]
    assert len(keys) == len(set(keys)) > 30
    for each in sent:
        local = each.occurred_at.astimezone(SHANGHAI)
        assert a_calendar().is_working_day(local.date())
        assert POLICY.sending_opens <= local.time() < POLICY.sending_closes


def test_breaches_stand_at_close_of_business(months: list[Event]) -> None:
    breached = [each for each in months if each.tag == "campaign:deadline:breached"]
    assert breached
    for each in breached:
        local = each.occurred_at.astimezone(SHANGHAI)
        assert (local.hour, local.minute) == (17, 30)


async def test_st1b_new_calendar_moves_open_deadlines_and_their_reminders(stage: Stage) -> None:
    before = the_calendar_before_the_notice(1)
    story = (
        *LAUNCHED,
        step("2019-04-10", c.AssignItem, "OF-1", task="T-01", matter="清单核对", limit="16wd"),
        step("2019-04-11", c.AdoptCalendar, "OF-1", calendar=a_calendar(2), basis_doc="3号"),
    )
    await stage.start(calendar=before)
    await stage.play(story)
    await stage.at("2019-05-20", "23:00")
    _assert_same(stage.events, _pure(story, "2019-05-20", calendar=before))
    moved = [each for each in stage.events if each.tag == "campaign:deadline:recalculated"]
    assert moved
    for each in moved:
        assert (each.detail["old_version"], each.detail["new_version"]) == (1, 2)
        assert str(each.detail["old_due_on"]) < str(each.detail["new_due_on"])


SUSPENDED: tuple[Step, ...] = (
    *LAUNCHED,
    step("2019-04-10", c.Suspend, "LG-1", reason="机构改革", doc_no="纪要3号"),
    step("2019-09-10", c.Resume, "LG-1", reason="改革完成", doc_no="纪要4号"),
)


async def test_suspension_over_months_stops_clocks_and_costs_nothing(stage: Stage) -> None:
    await stage.start()
    await stage.play(SUSPENDED[:-1])
    suspended, history = len(stage.events), await stage.handle.fetch_history()
    await stage.at("2019-09-10", "09:30")
    quiet = stage.events[suspended:]
    assert not [each for each in quiet if each.object_type == "goal"]
    longer = await stage.handle.fetch_history()
    assert len(longer.events) - len(history.events) <= 10 * (len(quiet) + 1)
    await stage.play(SUSPENDED[-1:])
    await stage.at("2019-11-15", "23:00")
    _assert_same(stage.events, _pure(SUSPENDED, "2019-11-15"))


def _rungs(events: list[Event]) -> list[tuple[str, object]]:
    return sorted((e.object_id, str(e.detail["rung"])) for e in events if "rung" in e.detail)


def _stopped_at(day: str, clock: str) -> Desk:
    """The campaign as it stood when everything stopped."""
    desk = LateDesk()
    for each in PLANNING:
        desk.at(each.day, each.clock).do(each.command, each.by, **each.fields)
    return desk.at(day, clock)


async def test_standstill_over_a_holiday_loses_and_doubles_no_message(stage: Stage) -> None:
    """All stopped from Thursday morning to Tuesday: Qingming is Friday to Sunday in 2019."""
    desk = _stopped_at("2019-04-04", "08:00")
    before = len(desk.campaign.state.unrecorded)
    await stage.go_on(desk, "2019-04-09", "11:00")
    await stage.settled()
    late = [each for each in stage.events[before:] if "rung" in each.detail]
    assert late
    assert {f"{each.occurred_at.astimezone(SHANGHAI):%m-%d %H}" for each in late} == {"04-09 11"}
    assert all(str(each.detail["scheduled_at"]) < "2019-04-09T03" for each in late)
    await stage.at("2019-05-10", "23:00")
    assert _rungs(stage.events) == _rungs(_pure(PLANNING, "2019-05-10"))


@pytest.mark.parametrize(("day", "clock"), [("2019-04-06", "12:00"), ("2019-04-08", "20:00")])
async def test_late_messages_wait_for_the_next_working_hours(
    stage: Stage, day: str, clock: str
) -> None:
    desk = _stopped_at("2019-03-21", "08:00")
    before = len(desk.campaign.state.unrecorded)
    await stage.go_on(desk, day, clock)
    await stage.settled()
    assert not _rungs(stage.events[before:])
    await stage.at("2019-04-09", "09:30")
    began = shanghai(day, clock).isoformat()
    sent = [each for each in stage.events[before:] if "rung" in each.detail]
    late = [each for each in sent if str(each.detail["scheduled_at"]) < began]
    assert late
    assert {f"{each.occurred_at.astimezone(SHANGHAI):%H:%M}" for each in late} == {"08:30"}


async def test_system_speaks_only_when_time_passes(stage: Stage) -> None:
    await stage.start()
    await stage.at("2019-03-15", "10:00")
    spoken = [each for each in stage.events if each.actor.role is Role.SYSTEM]
    assert [each.tag for each in spoken] == [
        each.tag for each in _pure((), "2019-03-15") if each.actor.role is Role.SYSTEM
    ]


async def test_a_year_of_waiting_is_one_timer_at_a_time(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await stage.at("2020-04-01")
    running = 0
    for event in (await stage.handle.fetch_history()).events:
        running += event.event_type == EventType.EVENT_TYPE_TIMER_STARTED
        running -= event.event_type in (
            EventType.EVENT_TYPE_TIMER_FIRED,
            EventType.EVENT_TYPE_TIMER_CANCELED,
        )
        assert running in (0, 1)
    assert (await stage.gateway.summary("BE-2019")).stage == "plan"
