"""The judge of the year sees what is wrong: an honest record, and each thing altered in it."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from duban.domain.draw.drawing import Pick
from duban.domain.draw.freezing import freeze
from duban.domain.draw.record import DrawRecord
from duban.domain.policy import PolicyVersion
from tests.rehearsal.year.evidence import Clock, Contact, DrawTold, Moment, Told
from tests.rehearsal.year.judge import CHECKS, Case, beyond_budget, judge
from tests.support import inspection_draws as draws
from tests.support.builders import a_calendar

UNITS = ("U01", "U02", "U03", "U04", "U05")
VISITED = date(2019, 6, 4)
SATURDAY, WORKING_SUNDAY = date(2019, 6, 15), date(2019, 9, 29)
RECORD = draws.revealed(freeze(draws.LISTS, draws.terms(), {}, draws.POLICY))
"""An honest draw in which nobody was seen yet."""
LATER = draws.revealed(draws.frozen())
"""One that says of U02 that it was seen."""
CLOCK = Clock("BE-2019-I0001", "DL_CHECK_IN", VISITED, 2, date(2019, 6, 6))


def _moment(day: date, hour: int = 10, what: str = "notice") -> Moment:
    # Shanghai is eight hours ahead.
    return Moment(
        what, "BE-2019-I0001", datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)
    )


def _contacts() -> tuple[Contact, ...]:
    """The two that were drawn, and four of one unit, a fifth and a sixth with their papers."""
    drawn = [
        Contact(each.inspection, each.pick.unit, VISITED, "窗口服务", 20, draw=RECORD.no)
        for each in RECORD.targets
        if each.pick
    ]
    named = [
        Contact(f"BE-2019-I{n + 3:04}", "U09", date(2019, 7, n + 1), f"主题{n}", 30 + n)
        for n in range(4)
    ]
    fifth = Contact("BE-2019-I0007", "U09", date(2019, 7, 5), "主题4", 40, budget_doc="批复")
    again = Contact("BE-2019-I0008", "U09", date(2019, 8, 1), "主题4", 41, repeat_reason="反映集中")
    return (*drawn, *named, fifth, again)


def _honest(**changes: Any) -> Case:
    contacts = _contacts()
    told = Told(
        numbers=tuple(f"BE-2019-I{n + 1:04}" for n in range(len(contacts))),
        open_ones=(),
        contacts=contacts,
        draws=(
            DrawTold("2019-BE-001", "voided", 10, 1),
            DrawTold(RECORD.no, "revealed", 20, 1, RECORD),
        ),
        cycles={1: date(2019, 4, 1)},
        clocks=(CLOCK,),
        moments=(_moment(VISITED), _moment(WORKING_SUNDAY)),
        refused=Counter(),
    )
    return Case(told._replace(**changes), a_calendar(), PolicyVersion(), "BE-2019", UNITS)


def _altered(place: int, **changes: Any) -> dict[str, Any]:
    contacts = list(_contacts())
    contacts[place] = contacts[place]._replace(**changes)
    return {"contacts": tuple(contacts)}


def _revealed(record: DrawRecord, state: str = "revealed") -> dict[str, Any]:
    void = DrawTold("2019-BE-001", "voided", 10, 1)
    return {"draws": (void, DrawTold(RECORD.no, state, 20, 1, record))}


def _picked(*picks: Pick) -> DrawRecord:
    targets = [
        each.model_copy(update={"pick": pick})
        for each, pick in zip(LATER.targets, picks, strict=True)
    ]
    return LATER.model_copy(update={"targets": tuple(targets)})


def _picks(**changes: Any) -> list[Pick]:
    return [each.pick.model_copy(update=changes) for each in LATER.targets if each.pick]


def _seen(unit: str) -> dict[str, Any]:
    """One more that was drawn before, and where."""
    one = Contact("BE-2019-I0009", unit, date(2019, 6, 3), "事前", 5, draw="2019-BE-001")
    return {"contacts": (*_contacts(), one)}


NUMBERS = _honest().told.numbers
LOST = DrawTold("2019-BE-004", "voided", 30, 1)
WRONG: dict[str, tuple[str, str, dict[str, Any]]] = {
    "a number is missing": (
        "numbers",
        "not numbered",
        {"numbers": (*NUMBERS[:-1], "BE-2019-I0010")},
    ),
    "a number is there twice": ("numbers", "not numbered", {"numbers": (*NUMBERS, NUMBERS[0])}),
    "an inspection is not over": ("numbers", "not over", {"open_ones": NUMBERS[:1]}),
    "a draw is missing": ("numbers", "is number 3", {"draws": (*_honest().told.draws, LOST)}),
    "the fifth has no paper": ("budget", "not approved", _altered(6, budget_doc="")),
    "a theme comes back": ("themes", "is back", _altered(7, repeat_reason="")),
    "a draw is hidden": ("draws", "is drawn", _revealed(RECORD, "drawn")),
    "another number": ("draws", "seed", _revealed(RECORD.model_copy(update={"number": "1"}))),
    "no secret": ("draws", "again", _revealed(RECORD.model_copy(update={"secret": None}))),
    "a team went elsewhere": ("draws", "went to U09", _altered(0, unit="U09")),
    "somebody seen counts as unseen": ("coverage", "U01 was seen", _seen("U01")),
    "somebody unseen counts as seen": ("coverage", "['U02'] were not seen", _revealed(LATER)),
    "the coin was not heeded": (
        "coverage",
        "asked for a unit",
        _revealed(_picked(*_picks(covered=True, unit="U02"))),
    ),
    "sent on a rest day": ("days", "rest day", {"moments": (_moment(SATURDAY, what="check_in"),)}),
    "told at night": ("days", "20:00", {"moments": (_moment(VISITED, 20),)}),
    "due on a rest day": ("days", "due on", {"clocks": (CLOCK._replace(due_on=SATURDAY),)}),
    "due too soon": ("days", "is not 3", {"clocks": (CLOCK._replace(working_days=3),)}),
}
"""What is altered: the check that must see it, what it must say, and how it is altered."""


def test_an_honest_year_holds() -> None:
    assert judge(_honest()) == {name: [] for name in CHECKS}
    assert [each.no for each in beyond_budget(_honest())] == ["BE-2019-I0007"]


@pytest.mark.parametrize("what", WRONG)
def test_what_is_altered_is_seen(what: str) -> None:
    check, words, changes = WRONG[what]

    assert any(words in each for each in judge(_honest(**changes))[check])


def test_each_check_is_seen_to_fail() -> None:
    assert {check for check, _, _ in WRONG.values()} == CHECKS.keys()


def test_f3_a_record_that_is_lost_is_seen() -> None:
    lost = DrawTold(RECORD.no, "revealed", 20, 1)

    assert any("without" in each for each in judge(_honest(draws=(lost,)))["draws"])


def test_f3_a_burned_target_may_have_been_anybodys() -> None:
    burned = RECORD.targets[0].model_copy(update={"pick": None, "salt": None})
    record = RECORD.model_copy(update={"targets": (burned,)})
    before = DrawTold("2019-BE-001", "revealed", 10, 1, record)

    said = judge(_honest(draws=(before, DrawTold(RECORD.no, "revealed", 20, 1, LATER))))
    assert not any("were not seen" in each for each in said["coverage"])


def test_f3_a_cycle_that_leaves_a_unit_out_is_seen() -> None:
    many = tuple(
        Contact(f"BE-2019-I{n:04}", UNITS[n % 4], VISITED, f"主题{n}", 99, draw="2019-BE-009")
        for n in range(3 * len(UNITS))
    )

    assert any("never saw" in each for each in judge(_honest(contacts=many))["coverage"])


def test_f3_coins_that_fall_another_way_are_seen() -> None:
    """A hundred draws that never asked for a unit not yet drawn."""
    never = _picked(*_picks(covered=False))
    told = tuple(DrawTold(f"2019-BE-{n:03}", "revealed", n, 1, never) for n in range(1, 51))

    assert any("of 100 picks" in each for each in judge(_honest(draws=told))["coverage"])
