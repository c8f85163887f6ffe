"""A plan moved to another year keeps its distances in working days."""

from datetime import date
from typing import Any

import pytest

from duban.domain.calendars import Calendar
from duban.domain.errors import Code, RuleViolation
from duban.domain.plan import CampaignPlan
from duban.domain.plan_rules import problems_of
from duban.domain.plan_shift import shift_plan
from duban.domain.policy import PolicyVersion
from duban.seeds import published_calendar
from tests.support.builders import a_calendar, a_goal, a_plan, a_task

LAUNCH = date(2027, 3, 1)


def new_calendar() -> Calendar:
    return published_calendar(2027, 2028)


def dates(plan: CampaignPlan) -> list[date]:
    return [
        plan.launch_on, plan.plan_until, plan.account_from, plan.account_until, plan.close_on,
        *(phase.starts_on for phase in plan.phases), *(phase.ends_on for phase in plan.phases),
        *(task.due_on for task in plan.tasks), *(goal.due_on for goal in plan.goals),
    ]  # fmt: skip


def test_every_date_keeps_its_working_day_distance_from_launch() -> None:
    old, new, plan = a_calendar(), new_calendar(), a_plan()
    moved = shift_plan(plan, LAUNCH, old, new)
    assert moved.launch_on == LAUNCH
    assert [new.working_days_between(LAUNCH, on) for on in dates(moved)] == [
        old.working_days_between(plan.launch_on, on) for on in dates(plan)
    ]


def test_a_right_plan_stays_right() -> None:
    moved = shift_plan(a_plan(), LAUNCH, a_calendar(), new_calendar())
    assert problems_of(moved, new_calendar(), PolicyVersion()) == []


def test_moving_there_and_back_changes_nothing() -> None:
    old, new, plan = a_calendar(), new_calendar(), a_plan()
    there = shift_plan(plan, LAUNCH, old, new)
    assert shift_plan(there, plan.launch_on, new, old) == plan


def test_only_dates_and_the_number_change() -> None:
    moved = shift_plan(a_plan(), LAUNCH, a_calendar(), new_calendar())
    assert moved.no == "BE-2027"
    assert (moved.title, moved.programme, moved.people) == (
        a_plan().title, a_plan().programme, a_plan().people
    )  # fmt: skip
    nameless = shift_plan(a_plan(no="BE"), LAUNCH, a_calendar(), new_calendar())
    assert nameless.no == "BE"


def test_cnt4_a_date_kept_on_a_rest_day_moves_as_the_working_day_after_it() -> None:
    kept: dict[str, Any] = {"keep_rest_day": True, "due_on": date(2019, 6, 30)}
    plan = a_plan(
        tasks=(a_task(**kept), a_task("T-02", "U02", clauses=("C2",), due_on=date(2019, 7, 1))),
        goals=(a_goal(),),
    )
    moved = shift_plan(plan, LAUNCH, a_calendar(), new_calendar())
    assert moved.tasks[0].due_on == moved.tasks[1].due_on
    assert moved.tasks[0].keep_rest_day


def test_a_date_on_launch_day_stays_on_launch_day() -> None:
    plan = a_plan(plan_until=date(2019, 3, 4))
    assert shift_plan(plan, LAUNCH, a_calendar(), new_calendar()).plan_until == LAUNCH


def test_cnt4_a_launch_on_a_rest_day_is_refused_with_both_neighbours() -> None:
    with pytest.raises(RuleViolation) as refused:
        shift_plan(a_plan(), date(2027, 3, 6), a_calendar(), new_calendar())
    assert refused.value.code is Code.DEADLINE_ON_REST_DAY
    assert refused.value.params == {
        "on": "2027-03-06", "previous": "2027-03-05", "next": "2027-03-08"
    }  # fmt: skip


def test_a_calendar_that_is_too_short_is_refused() -> None:
    short = new_calendar().window(date(2027, 1, 1), date(2027, 6, 30))
    with pytest.raises(RuleViolation) as refused:
        shift_plan(a_plan(), LAUNCH, a_calendar(), short)
    assert refused.value.code is Code.CALENDAR_OUT_OF_RANGE
