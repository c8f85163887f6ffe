"""The one function of lights: a colour and always a letter, from the working days left."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from duban.domain.calendars import Calendar

_AMBER_WITHIN = 3
_RED_WITHIN = 1


class Light(StrEnum):
    """Green: more than 3 working days; amber: within 3; red: within 1 or past; grey: stopped."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    STOPPED = "stopped"
    DONE = "done"


def light_of(due: date, today: date, calendar: Calendar, *, stopped: bool = False) -> Light:
    """Return the light of a clock that is due on `due`.

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` when the calendar does not hold both days.
    """
    if stopped:
        return Light.STOPPED
    left = calendar.working_days_between(today, due)
    if left <= _RED_WITHIN:
        return Light.RED
    return Light.AMBER if left <= _AMBER_WITHIN else Light.GREEN


def light_of_row(row: Mapping[str, Any], today: date, calendar: Calendar) -> Light:
    """Return the light of a deadline as the ledger holds it."""
    if row.get("status") != "open":
        return Light.DONE
    stopped = row.get("stopped_from") is not None or row.get("held_at") is not None
    due = date.fromisoformat(str(row["current_due_on"]))
    return light_of(due, today, calendar, stopped=stopped)


def with_lights(
    rows: list[Mapping[str, Any]], today: date, calendar: Calendar
) -> list[dict[str, Any]]:
    """Return the rows with `light` and `days_left` (working days, negative when past)."""
    return [
        {
            **row,
            "light": light_of_row(row, today, calendar).value,
            "days_left": calendar.working_days_between(
                today, date.fromisoformat(str(row["current_due_on"]))
            ),
        }
        for row in rows
    ]


def span_of_rows(rows: list[Mapping[str, Any]], today: date) -> tuple[date, date]:
    """Return the first and the last day that lights for these rows look at."""
    days = [today, *(date.fromisoformat(str(row["current_due_on"])) for row in rows)]
    return min(days), max(days)
