"""What a campaign's trail and those of its members say when all else is lost (l.1)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.members import Household
from duban.domain.clue.state import ClueState
from duban.domain.errors import RuleViolation
from duban.domain.inspection.words import Choice
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.standing import standing
from duban.domain.roles import UNIT_ROLES
from tests.support import checks
from tests.support.builders import Desk, a_calendar, a_plan, shanghai
from tests.support.clues import ClueDesk, a_report
from tests.support.inspections import EVERYBODY, InspectionDesk
from tests.support.problems import NO as PROBLEM
from tests.support.problems import ProblemDesk, a_registration

RESTED = {date(2019, 5, 2): "劳动节"}
NEWER = a_calendar(2).model_copy(update={"holidays": {**a_calendar().holidays, **RESTED}})


def a_campaign() -> Desk:
    """Return a campaign in phase 1 with a problem, a clue and two inspections on its lists."""
    desk = checks.a_desk()
    desk.now = max(desk.now, shanghai("2019-04-24", "09:30"))
    desk.do(c.RegisterProblem, "SU-1", registration=a_registration(found_on="2019-04-17"))
    desk.do(c.ReportClue, "SU-1", report=a_report())
    checks.order(desk)
    return desk


def same(one: Any, other: Any, *tables: str) -> bool:
    return all(one.table(each) == other.table(each) for each in tables)


def test_l1_a_problem_goes_on_from_its_trail_and_its_campaign() -> None:
    desk = ProblemDesk().rectifying()
    found = Household.of(a_campaign().events).problem(desk.events)

    assert same(found, desk.problem.state, "problem", "deadline", "reply", "card")
    assert list(found.calendar) == ["1"]
    assert found.next_seq == len(desk.events)
    known = {each.unit for each in found.person.values() if each.role in UNIT_ROLES}
    assert known == {desk.record.unit}


def test_l1_a_clue_goes_on_from_its_trail_and_its_campaign() -> None:
    desk = ClueDesk().written()
    found = Household.of(a_campaign().events).clue(desk.events)

    assert isinstance(found, ClueState)
    assert same(found, desk.clue.state, "clue", "deadline")
    assert {each.role for each in found.person.values()}.isdisjoint(UNIT_ROLES)


@pytest.mark.parametrize("choice", Choice)
def test_l1_an_inspection_goes_on_from_its_trail_and_its_campaign(choice: Choice) -> None:
    campaign, desk = a_campaign(), InspectionDesk(choice=choice).authorised()
    found = Household.of(campaign.events).inspection(desk.events)

    assert same(found, desk.inspection.state, "inspection", "inspection_item", "deadline")
    known = {each.unit for each in found.person.values() if each.role in UNIT_ROLES}
    assert known == ({desk.record.order.unit} if choice is Choice.NAMED else set())
    with pytest.raises(RuleViolation):
        Household.of(campaign.events).inspection(desk.events[1:])


def test_l1_a_member_is_told_what_its_campaign_said_since_it_was_numbered() -> None:
    desk = a_campaign()
    desk.do(c.AdoptCalendar, "OF-1", calendar=NEWER, basis_doc="国办3号")
    desk.do(c.Suspend, "LG-1", reason="疫情", doc_no="纪要5号")
    household = Household.of(desk.events)
    problem = ProblemDesk().rectifying()

    missed = household.missed(problem.record)

    assert [each.kind for each in missed] == ["calendar", "suspended"]
    assert [each.seq for each in missed] == sorted(each.seq for each in missed)
    # It stands in the older calendar until it hears of the newer one.
    found = household.problem(problem.events)
    assert list(found.calendar) == ["1"]
    heard(problem, missed)
    assert household.missed(problem.record) == []
    assert (problem.record.calendar_version, problem.record.is_paused) == (2, True)


def test_l1_what_was_said_before_a_member_was_numbered_is_not_told_again() -> None:
    desk = Desk(a_plan(people=EVERYBODY)).implementing()
    desk.do(c.AdoptCalendar, "OF-1", calendar=NEWER, basis_doc="国办3号")
    desk.now = max(desk.now, shanghai("2019-04-24", "09:30"))
    desk.do(c.RegisterProblem, "SU-1", registration=a_registration(found_on="2019-04-17"))
    household = Household.of(desk.events)
    problem = ProblemDesk(calendar=NEWER)

    assert [each.kind for each in household.news] == ["calendar"]
    assert household.missed(problem.record) == []
    assert list(household.problem(problem.events).calendar) == ["2"]


def test_l1_a_campaign_knows_what_it_has_heard_of_a_problem() -> None:
    desk, problem = a_campaign(), ProblemDesk().rectifying()
    household = Household.of(desk.events)
    assert not household.knows(PROBLEM, problem.events)

    desk.campaign.hear(standing(problem.problem.state), now=desk.now)

    assert Household.of(desk.events).knows(PROBLEM, problem.events)
    assert not Household.of(desk.events).knows("BE-2019-0099", problem.events)


def heard(problem: ProblemDesk, missed: list[CampaignNews]) -> None:
    for each in missed:
        problem.problem.hear(each, now=problem.now)


def test_l1_a_member_is_there_since_the_first_entry_that_names_it() -> None:
    desk = checks.targets(checks.a_desk())
    named = [
        (each.id, event.seq)
        for event in desk.events
        for each in event.changes
        if each.kind == "inspection_line"
    ]
    first = dict(reversed(named))

    assert len(named) > len(first)
    assert Household.of(desk.events).numbered == first
