"""Whether a plan's dates stand in order, on working days and inside the calendar."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from duban.domain.calendars import Calendar
from duban.domain.counting import check_fixed
from duban.domain.errors import RuleViolation
from duban.domain.plan import CampaignPlan
from duban.domain.plan_faults import Findings, Kind, Place, PlanFault


class _Dated(NamedTuple):
    """One date of the plan and where it stands; `kept` when it may lie on a rest day (CNT4)."""

    place: Place
    field: str
    on: date
    kept: bool = False


def phase_problems(plan: CampaignPlan) -> Findings:
    """Phases are numbered 1..n in the order of time and do not overlap (K42, K43)."""
    if not plan.phases:
        yield Place(Kind.CAMPAIGN, plan.no).fault("phases", PlanFault.NO_PHASES, "phase.no")
    last: date | None = None
    for index, phase in enumerate(plan.phases):
        place = Place(Kind.PHASE, str(phase.no), index)
        if phase.no != index + 1:
            yield place.fault("no", PlanFault.PHASE_NUMBER, no=phase.no, expected=index + 1)
        if phase.ends_on < phase.starts_on:
            yield place.fault(
                "ends_on", PlanFault.PHASE_REVERSED, "starts_on",
                on=phase.ends_on.isoformat(), starts_on=phase.starts_on.isoformat(),
            )  # fmt: skip
        if last is not None and phase.starts_on <= last:
            yield place.fault(
                "starts_on", PlanFault.PHASE_OVERLAP, "phase.ends_on*",
                on=phase.starts_on.isoformat(), before=last.isoformat(),
            )  # fmt: skip
        last = phase.ends_on


def order_problems(plan: CampaignPlan) -> Findings:
    """Launch, end of plan, phases, accounting, close: in that order; tasks end inside them."""
    for before, after, may_equal in _sequence(plan):
        if after.on < before.on or (after.on == before.on and not may_equal):
            yield after.place.fault(
                after.field, PlanFault.DATE_ORDER,
                before.field, f"{before.place.kind.value}.{before.field}*",
                on=after.on.isoformat(), before=before.on.isoformat(),
            )  # fmt: skip
    for index, task in enumerate(plan.tasks):
        if not plan.launch_on < task.due_on <= plan.close_on:
            yield Place(Kind.TASK, task.no, index).fault(
                "due_on", PlanFault.TASK_DUE_OUTSIDE, "campaign.launch_on*", "campaign.close_on*",
                on=task.due_on.isoformat(),
                launch_on=plan.launch_on.isoformat(), close_on=plan.close_on.isoformat(),
            )  # fmt: skip


def calendar_problems(plan: CampaignPlan, calendar: Calendar) -> Findings:
    """Every date is a working day of `calendar`, or was kept on purpose (CNT4)."""
    for dated in _dates(plan):
        if not calendar.first_on <= dated.on <= calendar.last_on:
            yield dated.place.fault(
                dated.field, PlanFault.OUT_OF_CALENDAR, on=dated.on.isoformat(),
                first_on=calendar.first_on.isoformat(), last_on=calendar.last_on.isoformat(),
            )  # fmt: skip
        else:
            yield from _rest_day(dated, calendar)


def _rest_day(dated: _Dated, calendar: Calendar) -> Findings:
    try:
        check_fixed(dated.on, calendar, keep=dated.kept)
    except RuleViolation as refusal:
        yield dated.place.fault(
            dated.field, PlanFault.ON_REST_DAY, on=dated.on.isoformat(),
            previous=str(refusal.params["previous"] or "—"),
            next=str(refusal.params["next"] or "—"),
        )  # fmt: skip


def _sequence(plan: CampaignPlan) -> Iterator[tuple[_Dated, _Dated, bool]]:
    """Yield neighbours in time, and whether they may fall on one day.

    Phases among themselves are the business of `phase_problems`.
    """
    of = {dated.field: dated for dated in _campaign_dates(plan)}
    yield of["launch_on"], of["plan_until"], True
    if plan.phases:
        first, last = plan.phases[0], plan.phases[-1]
        start = Place(Kind.PHASE, str(first.no))
        end = Place(Kind.PHASE, str(last.no), len(plan.phases) - 1)
        yield of["plan_until"], _Dated(start, "starts_on", first.starts_on), False
        yield _Dated(end, "ends_on", last.ends_on), of["account_from"], False
    for before, after in pairwise(("account_from", "account_until", "close_on")):
        yield of[before], of[after], True


def _campaign_dates(plan: CampaignPlan) -> list[_Dated]:
    place = Place(Kind.CAMPAIGN, plan.no)
    return [
        _Dated(place, "launch_on", plan.launch_on),
        _Dated(place, "plan_until", plan.plan_until),
        _Dated(place, "account_from", plan.account_from),
        _Dated(place, "account_until", plan.account_until),
        _Dated(place, "close_on", plan.close_on),
    ]


def _dates(plan: CampaignPlan) -> Iterator[_Dated]:
    yield from _campaign_dates(plan)
    for index, phase in enumerate(plan.phases):
        place = Place(Kind.PHASE, str(phase.no), index)
        yield _Dated(place, "starts_on", phase.starts_on)
        yield _Dated(place, "ends_on", phase.ends_on)
    for index, task in enumerate(plan.tasks):
        place = Place(Kind.TASK, task.no, index)
        yield _Dated(place, "due_on", task.due_on, task.keep_rest_day)
    for index, goal in enumerate(plan.goals):
        place = Place(Kind.GOAL, goal.id, index)
        yield _Dated(place, "due_on", goal.due_on, goal.keep_rest_day)
