"""The plan of a year of inspections: two hundred units, a phase for each quarter, few tasks."""

from datetime import date
from typing import Final

from duban.domain.calendars import Calendar
from duban.domain.draw.places import Candidate, Lists, Place
from duban.domain.plan import CampaignPlan, Phase, PlannedUnit, UnitKind
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Person, Role
from duban.rehearsal import Rehearsal
from duban.seeds import published_calendar
from tests.support.builders import a_goal, a_plan, a_task

NO: Final = "YR-2019"
UNITS: Final = tuple(f"U{n:03}" for n in range(1, 201))
LEADERS: Final = tuple(f"TL-{n}" for n in range(1, 5))
INSPECTORS: Final = tuple(f"IN-{n}" for n in range(1, 13))
_DESKS: Final = {
    "LG": Role.LEADING_GROUP,
    "OF": Role.OFFICE,
    "CO": Role.COORDINATION_GROUP,
    "SU": Role.SUPERVISION_GROUP,
}
POLICY: Final = PolicyVersion(max_units=len(UNITS) + 1)
"""The ruler as it is shipped, but for the number of units: the usual limit is a hundred."""

WHOLE: Final = (
    (date(2018, 12, 3), date(2018, 12, 28)),
    (date(2019, 1, 2), date(2019, 3, 29)),
    (date(2019, 4, 1), date(2019, 6, 28)),
    (date(2019, 7, 1), date(2019, 9, 30)),
    (date(2019, 10, 8), date(2019, 12, 31)),
)
"""First and last day of the plan stage and of each phase, for a whole year."""
SHORT: Final = (
    (date(2019, 4, 1), date(2019, 4, 19)),
    (date(2019, 4, 22), date(2019, 9, 30)),
)
"""The same for a few days of it."""

LISTS: Final = Lists(
    places=tuple(
        Place(site=f"{unit}-S{n}", name=f"{unit}第{n}窗口", unit=unit)
        for n, some in enumerate((UNITS, UNITS[:20]), start=1)
        for unit in some
    ),
    pool=tuple(Candidate(person=each) for each in (*INSPECTORS, *LEADERS)),
)
"""What every draw is made from: a window of each unit, a second one of twenty."""


def a_calendar() -> Calendar:
    """Return the published days from the year before to two years after."""
    return published_calendar(2018, 2021)


def a_year(spans: tuple[tuple[date, date], ...] = WHOLE) -> Rehearsal:
    """Return the campaign of a year, or of a part of it, with its calendar and its ruler."""
    (launch_on, plan_until), *phases = spans
    calendar = a_calendar()
    account = calendar.add_working_days(phases[-1][1], 1)
    account_until = calendar.add_working_days(account, 14)
    numbers = range(1, len(phases) + 1)
    ends = dict(zip(numbers, (last for _, last in phases), strict=True))
    plan = a_plan(
        no=NO,
        launch_on=launch_on,
        plan_until=plan_until,
        account_from=account,
        account_until=account_until,
        close_on=calendar.add_working_days(account_until, 20),
        phases=tuple(
            Phase(no=n, title=f"第{n}阶段", starts_on=first, ends_on=last)
            for n, (first, last) in enumerate(phases, start=1)
        ),
        units=_units(),
        people=_people(),
        tasks=(a_task(unit=UNITS[0], clauses=("C1", "C2"), due_on=ends[len(ends)]),),
        goals=tuple(a_goal(phase=n, due_on=ends[n]) for n in numbers),
    )
    return Rehearsal(CampaignPlan.model_validate(plan), calendar, policy=POLICY)


def _units() -> tuple[PlannedUnit, ...]:
    own = (PlannedUnit(code=each, name=f"{each}单位", must_plan=False) for each in UNITS)
    return (*own, PlannedUnit(code="OF", name="市作风办", kind=UnitKind.BODY, must_plan=False))


def _people() -> tuple[Person, ...]:
    desks = (
        Person(id=f"{code}-{n}", name=f"{code}{n}号", role=role)
        for code, role in _DESKS.items()
        for n in (1, 2, 3)
    )
    first = UNITS[0]
    concerned = (
        Person(id="CG-1", name="专项组1号", role=Role.CAMPAIGN_GROUP),
        Person(id=f"{first}-L1", name="主要负责人", role=Role.PRINCIPAL_LEADER, unit=first),
        Person(id=f"{first}-D1", name="分管领导", role=Role.LIAISON, unit=first),
        Person(id=f"{first}-H1", name="联络员", role=Role.LIAISON, unit=first),
    )
    teams = (Person(id=e, name=e, role=Role.INSPECTION_TEAM) for e in (*INSPECTORS, *LEADERS))
    return (*desks, *concerned, *teams)
