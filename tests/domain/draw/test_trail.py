"""A record held against what the trail said at the time (f.3, steps 3, 4, 5 and 9)."""

from typing import Any

import pytest

from duban.domain.draw.record import DrawRecord, SiblingState, faults
from duban.domain.draw.trail import TrailFault, record_of, trail_faults
from duban.domain.errors import RuleViolation
from duban.domain.events import Event, Outcome
from tests.support.inspection_draws import NO, frozen, on_the_trail, person, revealed

F = TrailFault


@pytest.fixture(scope="module")
def record() -> DrawRecord:
    """Return an honest record."""
    return revealed(frozen())


@pytest.fixture(scope="module")
def events(record: DrawRecord) -> tuple[Event, ...]:
    """Return the entries of its campaign."""
    return tuple(on_the_trail(record))


def step(events: tuple[Event, ...], verb: str) -> int:
    """Return where the entry of a step stands."""
    return next(at for at, each in enumerate(events) if each.tag == f"campaign:draw:{verb}"
                and each.object_id == NO)  # fmt: skip


def with_step(events: tuple[Event, ...], verb: str, **after: Any) -> list[Event]:
    """Return the entries with other values in the entry of a step."""
    at, told = step(events, verb), list(events)
    [change] = told[at].changes
    changed = change.model_copy(update={"after": {**change.after, **after}})
    told[at] = told[at].model_copy(update={"changes": (changed,)})
    return told


@pytest.mark.parametrize("whole", [True, False])
def test_f3_8_a_revealed_record_is_read_from_sheets_or_whole(
    record: DrawRecord, *, whole: bool
) -> None:
    told = on_the_trail(record, whole=whole)

    assert record_of(told, NO) == record
    assert trail_faults(told, record) == []


def test_what_is_not_revealed_refused_or_no_record_is_not_read(
    events: tuple[Event, ...],
) -> None:
    last = events[-1]
    refused = last.model_copy(update={"outcome": Outcome.REJECTED})
    [*_, sheet] = last.changes
    nonsense = sheet.model_copy(update={"after": {"text": "x"}})

    assert record_of(events, "2019-BE-001") is None
    assert record_of(events[:-1], NO) is None
    assert record_of([*events[:-1], refused], NO) is None
    assert record_of([last.model_copy(update={"changes": (nonsense,)})], NO) is None


@pytest.mark.parametrize(
    ("verb", "after"),
    [
        ("committed", {"commit": "0" * 64}),
        ("committed", {"pop_hash": "0" * 64}),
        ("committed", {"params_hash": "0" * 64}),
        ("witnessed", {"number": "7352"}),
        ("witnessed", {"witnesses": ["SU-3"]}),
        ("drawn", {"commitments": {}}),
    ],
)
def test_f3_a_step_that_said_otherwise_at_the_time(
    record: DrawRecord, events: tuple[Event, ...], verb: str, after: dict[str, Any]
) -> None:
    assert trail_faults(with_step(events, verb, **after), record) == [F.DIFFERS]


@pytest.mark.parametrize("verb", ["asked", "committed", "witnessed", "drawn", "revealed"])
def test_f3_a_step_that_lacks_or_comes_twice(
    record: DrawRecord, events: tuple[Event, ...], verb: str
) -> None:
    at = step(events, verb)
    without = [*events[:at], *events[at + 1 :]]

    assert F.ORDER in trail_faults(without, record)
    if verb != "revealed":
        twice = [*events[:at], events[at], *events[at:]]
        assert trail_faults(twice, record) == [F.ORDER]


def test_f3_3_a_number_that_was_said_before_the_commitment(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    told = list(events)
    one, other = step(events, "committed"), step(events, "witnessed")
    told[one], told[other] = told[other], told[one]

    assert trail_faults(told, record) == [F.ORDER]


@pytest.mark.parametrize("verb", ["asked", "witnessed"])
def test_sod5_who_ran_and_who_witnessed_is_who_the_trail_saw(
    record: DrawRecord, events: tuple[Event, ...], verb: str
) -> None:
    at, told = step(events, verb), list(events)
    told[at] = told[at].model_copy(
        update={"actor": told[at].actor.model_copy(update={"id": "SU-9"})}
    )

    assert trail_faults(told, record) == [F.DIFFERS]


def test_a_record_that_was_made_anew_is_consistent_and_not_what_was_committed_to(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    lists = record.frozen.basis.lists
    kinder = lists.model_copy(update={"pool": (*lists.pool, person(7))})
    forged = revealed(frozen(kinder))

    assert faults(forged) == []
    assert trail_faults(events, forged) == [F.DIFFERS]


def test_k37_the_numbers_are_those_of_the_campaigns_policy(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    basis = record.frozen.basis
    rules = basis.rules.model_copy(update={"coverage_percent": 71})
    made = record.frozen.model_copy(update={"basis": basis.model_copy(update={"rules": rules})})

    assert trail_faults(events, record.model_copy(update={"frozen": made})) == [F.POLICY]


def test_f3_9_a_draw_that_the_trail_has_and_the_record_hides(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    first, own = record.siblings
    as_drawn = first.model_copy(update={"state": SiblingState.DRAWN})

    for wrong in ((own,), (as_drawn, own)):
        told = record.model_copy(update={"siblings": wrong})
        assert trail_faults(events, told) == [F.HIDDEN]


def test_what_came_after_the_reveal_is_not_held_against_it(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    at = step(events, "committed")
    [change] = events[at].changes
    later = events[at].model_copy(
        update={"object_id": "2019-BE-003",
                "changes": (change.model_copy(update={"id": "2019-BE-003"}),)}
    )  # fmt: skip

    assert trail_faults([*events, later], record) == []
    assert F.HIDDEN in trail_faults([*events[:at], later, *events[at:]], record)


def test_a_record_longer_than_an_entry_is_revealed_in_several(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    *before, last = events
    more = [last.model_copy(update={"changes": (each,)}) for each in last.changes]

    assert record_of([*before, *more], NO) == record
    assert trail_faults([*before, *more], record) == []


def test_entries_that_do_not_begin_with_a_campaign_tell_nothing(
    record: DrawRecord, events: tuple[Event, ...]
) -> None:
    with pytest.raises(RuleViolation):
        trail_faults(events[5:], record)
