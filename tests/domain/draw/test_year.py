"""A year of inspections: ten thousand checks of two hundred units, day by day (f.2, f.3, SEC1)."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from hashlib import sha256
from typing import NamedTuple

from duban.domain.counting import SHANGHAI
from duban.domain.draw.basis import Terms, UnitFacts
from duban.domain.draw.drawing import Pick, picks
from duban.domain.draw.freezing import Frozen, freeze
from duban.domain.draw.places import Candidate, Lists, Place
from duban.domain.inspection.kinds import release_of
from duban.domain.policy import PolicyVersion
from tests.support.builders import a_calendar
from tests.support.inspections import an_order

CHECKS, DAILY = 10_000, 41
UNITS = tuple(f"U{n:03}" for n in range(1, 201))
CYCLES = tuple(date(2019, month, 1) for month in (1, 4, 7, 10))
THEMES = 31
"""As many themes in turn that none comes back to a unit within thirty days."""
LISTS = Lists(
    places=tuple(
        Place(site=f"{unit}-S{n}", name="窗口", unit=unit)
        for n, some in enumerate((UNITS, UNITS[:20]), start=1)
        for unit in some
    ),
    pool=tuple(Candidate(person=f"IN-{n}") for n in range(1, 8)),
)
_RULE = PolicyVersion().inspection
POLICY = PolicyVersion(inspection=_RULE.model_copy(update={"contacts_per_month": 5}))
"""Ten thousand checks are 4.2 a month and unit: the usual budget of four would end the year."""


class Drawn(NamedTuple):
    """One draw of the year: its day, whom the rules kept out of it, and what it came to."""

    day: date
    frozen: Frozen
    picks: tuple[Pick, ...]


class Ledger:
    """What was drawn so far, as the ledger would tell it of each unit."""

    def __init__(self) -> None:
        self.contacts: Counter[tuple[str, int]] = Counter()
        self.themes: dict[tuple[str, str], date] = {}
        self.seen: defaultdict[date, set[str]] = defaultdict(set)

    def facts(self, day: date, theme: str) -> dict[str, UnitFacts]:
        """Return the facts of every unit on a day."""
        return {
            unit: UnitFacts(
                unit=unit,
                contacts=self.contacts[unit, day.month],
                same_theme_on=self.themes.get((unit, theme)),
                drawn_this_cycle=unit in self.seen[cycle_of(day)],
            )
            for unit in UNITS
        }

    def take(self, day: date, theme: str, found: tuple[Pick, ...]) -> None:
        """Fold what was drawn into it."""
        for pick in found:
            self.contacts[pick.unit, day.month] += 1
            self.themes[pick.unit, theme] = day
            self.seen[cycle_of(day)].add(pick.unit)


def cycle_of(day: date) -> date:
    """Return the first day of the quarter."""
    return max(each for each in CYCLES if each <= day)


def working_days() -> Iterator[date]:
    """Yield the working days of 2019."""
    calendar, day = a_calendar(), date(2019, 1, 1)
    while day.year == 2019:
        if calendar.is_working_day(day):
            yield day
        day += timedelta(days=1)


@cache
def the_year() -> tuple[Drawn, ...]:
    """Return every draw of the year, each made from what came of those before it."""
    ledger, drawn, left = Ledger(), list[Drawn](), CHECKS
    for serial, day in enumerate(working_days(), start=1):
        theme, count = f"主题{serial % THEMES}", min(DAILY, left)
        terms = Terms(
            draw=f"2019-BE-{serial:03d}",
            inspections=tuple(f"BE-2019-I{CHECKS - left + n:05d}" for n in range(1, count + 1)),
            leaders=("IN-7",),
            theme=theme,
            scope=UNITS,
            inspectors=2,
            on=day,
        )
        made = freeze(LISTS, terms, ledger.facts(day, theme), POLICY)
        found = picks(sha256(terms.draw.encode()).digest(), made)
        ledger.take(day, theme, found)
        drawn.append(Drawn(day, made, found))
        left -= count
        if not left:
            return tuple(drawn)
    raise AssertionError(left)


def test_ten_thousand_checks_are_drawn_and_each_once() -> None:
    numbers = [pick.inspection for each in the_year() for pick in each.picks]

    assert len(numbers) == len(set(numbers)) == CHECKS


def test_f2_no_unit_is_seen_more_often_in_a_month_than_the_budget_has() -> None:
    seen = Counter((pick.unit, each.day.month) for each in the_year() for pick in each.picks)

    assert max(seen.values()) == POLICY.inspection.contacts_per_month
    assert any(
        site.code == "over_budget" for each in the_year() for site in each.frozen.excluded
    ), "the budget was never asked"


def test_f2_no_theme_comes_back_to_a_unit_within_thirty_days() -> None:
    last: dict[tuple[str, str], date] = {}
    for each in the_year():
        theme = each.frozen.basis.terms.theme
        for pick in each.picks:
            before = last.get((pick.unit, theme))
            assert before is None or (each.day - before).days > POLICY.repeat_theme_days
            last[pick.unit, theme] = each.day


def test_f3_seventy_of_a_hundred_go_to_units_not_drawn_yet_while_there_are_any() -> None:
    coins = Counter[bool]()
    seen: defaultdict[date, set[str]] = defaultdict(set)
    for each in the_year():
        known = seen[cycle_of(each.day)]
        for pick in each.picks:
            there = {site.unit for site in each.frozen.population} - known
            coins[pick.covered] += 1
            if pick.covered and there:
                assert pick.unit in there
            known.add(pick.unit)

    assert 68 <= 100 * coins[True] / coins.total() <= 72


def test_f3_each_cycle_sees_every_unit_and_a_checked_one_is_never_safe() -> None:
    for first in CYCLES:
        quarter = [each for each in the_year() if cycle_of(each.day) == first]
        seen = Counter(pick.unit for each in quarter for pick in each.picks)
        assert set(seen) == set(UNITS)
        early = {pick.unit for each in quarter[:5] for pick in each.picks}
        again = [pick.unit for each in quarter[5:10] for pick in each.picks]
        assert early & set(again)


def test_sec1_nobody_is_sent_on_a_rest_day() -> None:
    calendar = a_calendar()
    for each in the_year():
        order = an_order(starts_on=each.day, ends_on=each.day + timedelta(days=7))
        released = release_of(order, each.day, POLICY, calendar)
        assert calendar.is_working_day(released.astimezone(SHANGHAI).date())


def test_sec1_an_order_for_a_rest_day_sends_them_on_the_next_working_day() -> None:
    calendar, day = a_calendar(), date(2019, 1, 1)
    while day.year == 2019:
        order = an_order(starts_on=day, ends_on=day + timedelta(days=30))
        released = release_of(order, date(2019, 1, 1), POLICY, calendar).astimezone(SHANGHAI)
        assert released.date() == calendar.next_working_day(day)
        day += timedelta(days=1)
