"""The tests' campaign moved to the coming weeks: a live record takes none that lies in the past."""

from datetime import date, timedelta

from duban.domain.calendars import Calendar
from duban.domain.plan import CampaignPlan
from duban.domain.plan_shift import shift_plan
from duban.seeds import published_calendar
from tests.support.builders import a_calendar, a_plan


def plan_ahead(no: str) -> tuple[CampaignPlan, Calendar]:
    """Return the plan, launched a month from today, and the calendar that it lies in."""
    today = date.today()  # noqa: DTZ011 - a month ahead, so the zone does not matter
    calendar = published_calendar(today.year, today.year + 3)
    launch_on = calendar.next_working_day(today + timedelta(days=30))
    plan = shift_plan(a_plan(), launch_on, a_calendar(), calendar)
    return plan.model_copy(update={"no": no}), calendar
