"""The recording activity: what it answers, what it lets fly, and what it calls final."""

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.trail import PERMANENT, TrailActivities
from duban.contracts import Mode, Recorded
from duban.errors import DubanError
from duban.store.errors import (
    BatcherClosed,
    DatabaseUnavailable,
    ProfileViolation,
    SchemaMissing,
    TrailClosed,
    TrailGap,
    TrailNotOpened,
    TrailOwner,
    WrongMode,
)
from tests.support.entries import a_closing, a_record, a_run, an_event
from tests.support.trail import WatchedTrail

A = "campaign-A"

FINAL: tuple[DubanError, ...] = (
    TrailGap(stream=A, seq=1),
    TrailClosed(stream=A, seq=1),
    TrailOwner(object="task B-04"),
    WrongMode(database="live", wanted="rehearsal"),
    ProfileViolation(reason="too_long"),
)
PASSING: tuple[DubanError, ...] = (
    DatabaseUnavailable(reason="away"),
    TrailNotOpened(),
    SchemaMissing(reason="audit"),
    BatcherClosed(),
)


def _by_code(error: DubanError) -> str:
    return error.code


async def _record(trail: WatchedTrail, *ordinals: int) -> Recorded:
    record = a_run(A, ordinals[0], len(ordinals))
    activity = TrailActivities(trail).record_events
    recorded: Recorded = await ActivityEnvironment().run(activity, record)
    return recorded


async def test_records_events_and_has_nothing_to_add() -> None:
    trail = WatchedTrail()
    assert await _record(trail, 0, 1, 2) == Recorded()
    assert [each.seq for each in trail.events(A)] == [0, 1, 2]


async def test_second_delivery_is_no_error_and_no_second_entry() -> None:
    trail = WatchedTrail()
    assert await _record(trail, 0, 1) == await _record(trail, 0, 1) == Recorded()
    assert await _record(trail, 1, 2) == Recorded()
    assert [each.seq for each in trail.events(A)] == [0, 1, 2]


async def test_delivery_after_a_lost_answer_doubles_nothing() -> None:
    trail = WatchedTrail()
    trail.lost_answers = 1
    with pytest.raises(DatabaseUnavailable):
        await _record(trail, 0, 1)
    assert await _record(trail, 0, 1) == Recorded()
    assert [each.seq for each in trail.events(A)] == [0, 1]


async def test_what_stands_in_its_place_is_the_answer_and_is_not_overwritten() -> None:
    trail = WatchedTrail()
    await _record(trail, 0, 1, 2)
    activity = TrailActivities(trail).record_events
    other = a_record(A, an_event(1, reason="另一理由"))
    recorded = await ActivityEnvironment().run(activity, other)
    assert [each.seq for each in recorded.ahead] == [1, 2]
    assert list(recorded.ahead) == trail.events(A)[1:]


@pytest.mark.parametrize("error", FINAL, ids=_by_code)
async def test_what_no_retry_can_mend_is_final_and_carries_its_code(error: DubanError) -> None:
    trail = WatchedTrail()
    trail.refusal = error
    with pytest.raises(ApplicationError) as raised:
        await _record(trail, 0)
    assert (raised.value.type, raised.value.non_retryable) == (error.code, True)
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("error", PASSING, ids=_by_code)
async def test_what_passes_flies_and_is_tried_again(error: DubanError) -> None:
    trail = WatchedTrail()
    trail.refusal = error
    with pytest.raises(type(error)):
        await _record(trail, 0)
    assert await _record(trail, 0) == Recorded()


def test_list_of_final_codes_is_complete() -> None:
    assert {each.code for each in FINAL} == PERMANENT
    assert not PERMANENT & {each.code for each in PASSING}


async def test_trail_itself_refuses_what_the_activity_calls_final() -> None:
    trail = WatchedTrail(Mode.REHEARSAL)
    activity = TrailActivities(trail).record_events
    await ActivityEnvironment().run(activity, a_record(A, an_event(0), a_closing(1)))
    refused = {
        "audit.closed": a_run(A, 2, 1),
        "audit.gap": a_run("campaign-B", 4, 1),
        "audit.mode": a_run("campaign-B", 0, 1, mode=Mode.LIVE),
        "audit.profile": a_record("campaign-B", an_event(0, reason="字\0")),
    }
    for code, record in refused.items():
        with pytest.raises(ApplicationError) as raised:
            await ActivityEnvironment().run(activity, record)
        assert raised.value.type == code
