"""Judges a year by what the trail tells, the calendar and the ruler; it counts for itself.

Each check yields what is wrong in words for people; an honest year yields nothing.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import time, timedelta
from itertools import pairwise
from math import sqrt
from typing import Final, NamedTuple

from duban.domain import sampling
from duban.domain.calendars import Calendar
from duban.domain.counting import SHANGHAI
from duban.domain.draw.record import DrawDoubt, DrawRecord, doubts, faults
from duban.domain.policy import PolicyVersion
from tests.rehearsal.year.evidence import Clock, Contact, DrawTold, Told

_SURE: Final = 4.0
"""Standard deviations by which a share of coins may be off: one honest year in ten thousand."""
_TURNS: Final = 3
"""A cycle with so many draws for each unit must have seen them all."""
_REVEALED, _VOIDED = "revealed", "voided"


class Case(NamedTuple):
    """What is judged, and by what."""

    told: Told
    calendar: Calendar
    policy: PolicyVersion
    campaign: str
    units: tuple[str, ...]


def numbered(case: Case) -> Iterator[str]:
    """Each inspection is there once, over, under a number without a gap; and so each draw."""
    told, campaign = case.told, case.campaign
    due = [f"{campaign}-I{n:04}" for n in range(1, len(told.numbers) + 1)]
    if sorted(told.numbers) != sorted(due):
        yield f"inspections are not numbered from 1 to {len(due)}, each once"
    yield from (f"{no} is not over" for no in told.open_ones)
    serials: Counter[int] = Counter()
    for each in sorted(told.draws, key=lambda draw: draw.settled):
        year = int(each.no.partition("-")[0])
        serials[year] += 1
        if each.no != sampling.draw_no(campaign, year, serials[year]):
            yield f"draw {each.no} is number {serials[year]} of {year}"


def approved(case: Case) -> Iterator[str]:
    """f.2: a contact beyond the budget of unit and month has the leading group's approval."""
    for each in beyond_budget(case):
        if not each.budget_doc:
            yield f"{each.no}: {each.unit} beyond its budget of {each.on:%Y-%m}, not approved"


def beyond_budget(case: Case) -> list[Contact]:
    """Return the contacts beyond the budget, in the order in which their targets were settled."""
    months: defaultdict[tuple[str, str], list[Contact]] = defaultdict(list)
    for each in case.told.contacts:
        months[each.unit, f"{each.on:%Y-%m}"].append(each)
    budget = case.policy.inspection.contacts_per_month
    ordered = (sorted(some, key=lambda each: each.settled) for some in months.values())
    return [each for some in ordered for each in some[budget:]]


def unrepeated(case: Case) -> Iterator[str]:
    """f.2: no theme comes back to a unit within the ruler's days without a reason."""
    visits: defaultdict[tuple[str, str], list[Contact]] = defaultdict(list)
    for each in case.told.contacts:
        visits[each.unit, each.theme].append(each)
    for some in visits.values():
        for one, other in pairwise(sorted(some, key=lambda each: each.on)):
            later = max(one, other, key=lambda each: each.settled)
            days = (other.on - one.on).days
            if days <= case.policy.repeat_theme_days and not later.repeat_reason:
                yield f"{later.no}: {later.theme} is back at {later.unit} after {days} days"


def recomputed(case: Case) -> Iterator[str]:
    """f.3: every draw that is not void was revealed, comes out again, and binds who went where."""
    bound = dict[str, str]()
    for each in case.told.draws:
        if each.state == _VOIDED:
            continue
        if each.state != _REVEALED or each.record is None:
            yield f"draw {each.no} is {each.state}, without a record"
            continue
        yield from (f"draw {each.no}: {fault.value}" for fault in faults(each.record))
        if set(doubts(each.record)) - {DrawDoubt.BURNED}:
            yield f"draw {each.no} cannot be computed again"
        bound |= {t.inspection: t.pick.unit for t in each.record.targets if t.pick}
    for contact in case.told.contacts:
        if contact.draw is not None and bound.get(contact.no) != contact.unit:
            yield f"{contact.no} went to {contact.unit}, drawn was {bound.get(contact.no)}"


def covered(case: Case) -> Iterator[str]:
    """f.3: 70 of 100 go to units not drawn yet, who that is stands in the trail, all are seen."""
    coins = Counter[bool]()
    for each in case.told.draws:
        if each.record is not None and each.state == _REVEALED:
            yield from _unseen_faults(case, each, each.record)
            yield from _pick_faults(each.record)
            coins.update(t.pick.covered for t in each.record.targets if t.pick)
    percent, thrown = case.policy.inspection.coverage_percent, coins.total()
    if thrown and abs(share(case) - percent) > _SURE * sqrt(percent * (100 - percent) / thrown):
        yield f"{share(case):.1f} of 100 picks, not {percent}, asked for units not yet drawn"
    yield from _unseen_units(case)


def share(case: Case) -> float:
    """Return the share of picks (of a hundred) whose coin asked for a unit not yet drawn."""
    records = [each.record for each in case.told.draws if each.record]
    coins = [t.pick.covered for record in records for t in record.targets if t.pick]
    return 100 * sum(coins) / max(1, len(coins))


def _unseen_faults(case: Case, draw: DrawTold, record: DrawRecord) -> Iterator[str]:
    """Count again who was seen in the cycle; a target that was burned may have been anybody's."""
    since = case.told.cycles[draw.phase]
    seen = {
        each.unit
        for each in case.told.contacts
        if each.draw is not None and each.settled < draw.settled and each.on >= since
    }
    said = {site.unit: site.unseen for site in record.frozen.population}
    yield from (f"draw {draw.no}: {unit} was seen" for unit in seen if said.get(unit))
    burned = sum(
        target.pick is None
        for each in case.told.draws
        if each.record and each.settled < draw.settled
        for target in each.record.targets
    )
    more = [unit for unit, unseen in said.items() if not unseen and unit not in seen]
    if len(more) > burned:
        yield f"draw {draw.no}: {more} were not seen"


def _pick_faults(record: DrawRecord) -> Iterator[str]:
    fresh = {site.unit for site in record.frozen.population if site.unseen}
    for target in record.targets:
        pick = target.pick
        # After a burned target nobody can tell any more who was left.
        if pick is None:
            return
        if pick.covered and fresh and pick.unit not in fresh:
            yield f"{pick.inspection} asked for a unit not yet drawn, and got {pick.unit}"
        fresh.discard(pick.unit)


def _unseen_units(case: Case) -> Iterator[str]:
    for phase, units in seen_by_cycle(case).items():
        lacking = set(case.units) - set(units)
        if units.total() >= _TURNS * len(case.units) and lacking:
            yield f"cycle {phase} never saw {sorted(lacking)}"


def seen_by_cycle(case: Case) -> dict[int, Counter[str]]:
    """Return how often each unit was drawn in each cycle."""
    found: dict[int, Counter[str]] = {phase: Counter() for phase in case.told.cycles}
    for each in case.told.contacts:
        begun = [phase for phase, first in case.told.cycles.items() if first <= each.on]
        if each.draw is not None and begun:
            found[max(begun)][each.unit] += 1
    return found


def on_working_days(case: Case) -> Iterator[str]:
    """Nobody is sent, due or told on a rest day, and every clock counts the working days (e.3)."""
    calendar, policy = case.calendar, case.policy
    for each in case.told.moments:
        local = each.at.astimezone(SHANGHAI)
        if not calendar.is_working_day(local.date()):
            yield f"{each.about}: {each.what} on a rest day, {local:%Y-%m-%d}"
        if each.what == "notice" and not _is_open(local.time(), policy):
            yield f"{each.about}: a notice at {local:%Y-%m-%d %H:%M}"
    for clock in case.told.clocks:
        if not calendar.is_working_day(clock.due_on):
            yield f"{clock.about}: {clock.code} due on a rest day, {clock.due_on}"
        if clock.working_days is not None and clock.working_days != _between(calendar, clock):
            yield f"{clock.about}: {clock.code} is not {clock.working_days} working days long"


def _is_open(hour: time, policy: PolicyVersion) -> bool:
    return policy.sending_opens <= hour <= policy.sending_closes


def _between(calendar: Calendar, clock: Clock) -> int:
    """Return how many working days lie after the first day up to the due day."""
    length = (clock.due_on - clock.start_on).days
    days = (clock.start_on + timedelta(days=n) for n in range(1, length + 1))
    return sum(map(calendar.is_working_day, days))


CHECKS: Final[dict[str, Callable[[Case], Iterator[str]]]] = {
    "numbers": numbered,
    "budget": approved,
    "themes": unrepeated,
    "draws": recomputed,
    "coverage": covered,
    "days": on_working_days,
}
"""Everything that is judged, by its name."""


def judge(case: Case) -> dict[str, list[str]]:
    """Return what is wrong by the name of the check."""
    return {name: list(check(case)) for name, check in CHECKS.items()}
