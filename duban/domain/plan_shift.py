"""Last year's plan in another year: every date keeps its distance in working days from launch."""

from datetime import date

from duban.domain.calendars import Calendar
from duban.domain.counting import check_fixed
from duban.domain.plan import CampaignPlan


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

    return plan.model_copy(
        update={
            "no": plan.no.replace(str(plan.launch_on.year), str(launch_on.year)),
            "launch_on": launch_on,
            "plan_until": moved(plan.plan_until),
            "account_from": moved(plan.account_from),
            "account_until": moved(plan.account_until),
            "close_on": moved(plan.close_on),
            "phases": tuple(
                phase.model_copy(
                    update={"starts_on": moved(phase.starts_on), "ends_on": moved(phase.ends_on)}
                )
                for phase in plan.phases
            ),
            "tasks": tuple(
                task.model_copy(update={"due_on": moved(task.due_on)}) for task in plan.tasks
            ),
            "goals": tuple(
                goal.model_copy(update={"due_on": moved(goal.due_on)}) for goal in plan.goals
            ),
        }
    )
