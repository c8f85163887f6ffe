"""Last year's plan in another year: every date keeps its distance in working days from launch."""

from collections.abc import Callable, Sequence
from datetime import date

from duban.domain.calendars import Calendar
from duban.domain.counting import check_fixed
from duban.domain.model import Model
from duban.domain.plan import CampaignPlan

_CAMPAIGN_DATES = ("plan_until", "account_from", "account_until", "close_on")


def shift_plan(plan: CampaignPlan, launch_on: date, old: Calendar, new: Calendar) -> CampaignPlan:
    """Return `plan` launched on `launch_on`; its number takes the new year where it had the old.

    The distance of a date is the number of working days in (launch, date] of `old`; a date kept
    on a rest day counts as the next working day after it. Words are left alone, so a year in a
    title stays for a person to change. `plan` must be free of problems under `old`.

    Raises `RuleViolation`: DEADLINE_ON_REST_DAY with the neighbouring working days when
    `launch_on` is a rest day (CNT4), CALENDAR_OUT_OF_RANGE when a calendar is too short.
    """
    check_fixed(launch_on, new)

    def moved(on: date) -> date:
        distance = old.working_days_between(plan.launch_on, old.next_working_day(on))
        return new.add_working_days(launch_on, distance) if distance else launch_on

    number = plan.no.replace(str(plan.launch_on.year), str(launch_on.year))
    return plan.model_copy(
        update={
            "no": number,
            "launch_on": launch_on,
            **{field: moved(getattr(plan, field)) for field in _CAMPAIGN_DATES},
            "phases": _redated(plan.phases, ("starts_on", "ends_on"), moved),
            "tasks": _redated(plan.tasks, ("due_on",), moved),
            "goals": _redated(plan.goals, ("due_on",), moved),
        }
    )


def _redated(
    rows: Sequence[Model], fields: tuple[str, ...], moved: Callable[[date], date]
) -> tuple[Model, ...]:
    """Return `rows` with `fields` moved."""
    return tuple(
        row.model_copy(update={field: moved(getattr(row, field)) for field in fields})
        for row in rows
    )
