"""How limits are counted: the rules CNT1-CNT7 of domain.md e.3 as functions of a calendar."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import model_validator

from duban.domain.calendars import Calendar
from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Model, Text
from duban.domain.spans import Span, TimeUnit, parse_span

__all__ = [
    "SHANGHAI",
    "ClockStopGround",
    "Span",
    "Stop",
    "TimeUnit",
    "check_fixed",
    "due_at",
    "due_on",
    "local_date",
    "next_sending_instant",
    "parse_span",
    "recalculated",
    "stop_on",
    "weekly_occurrences",
    "weekly_on",
]

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The zone of every business date (domain.md l.12)."""

_DAY = timedelta(days=1)
_WEEK = timedelta(weeks=1)
_MONTHS_A_YEAR = 12
_LEAST_WORKING_DAYS_OF_A_WEEK = 2


class ClockStopGround(StrEnum):
    """The closed list of grounds on which a clock may stop (CNT6)."""

    HEARING = "hearing"
    TENDER = "tender"
    INSPECTION_OR_TEST = "inspection_or_test"
    EXPERT_REVIEW = "expert_review"
    COURT_PROCESS = "court_process"
    FORCE_MAJEURE = "force_majeure"
    CAMPAIGN_SUSPENDED = "campaign_suspended"


class Stop(Model):
    """A time that is not counted: the days `from_on` to `until_on`, both included (CNT6).

    `until_on` is None while the clock still stands; `proof` says what proves the ground.
    """

    from_on: date
    until_on: date | None = None
    ground: ClockStopGround
    proof: Text

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.until_on is not None and self.until_on < self.from_on:
            msg = "the stop ends before it begins"
            raise ValueError(msg)
        return self


def stop_on(ground: str, proof: str, *, from_on: date, until_on: date | None = None) -> Stop:
    """Return the stop on a ground given as text (CNT6).

    Raises:
        RuleViolation: `CLOCK_STOP_GROUND` when the ground is not listed or has no proof.
    """
    if ground not in frozenset(ClockStopGround) or not proof.strip():
        raise RuleViolation(Code.CLOCK_STOP_GROUND, ground=ground, proof=proof)
    return Stop(from_on=from_on, until_on=until_on, ground=ClockStopGround(ground), proof=proof)


def due_on(span: Span, start_on: date, calendar: Calendar, *, stops: Sequence[Stop] = ()) -> date:
    """Return the last day of a limit that starts with an event on `start_on`.

    The starting day is not counted (CNT1). Working days count only working days (CNT2);
    calendar days and months that end on a rest day go on to the next working day, months end on
    the matching day or else at the month's end (CNT3, Civil Code 201-203); a fixed date stays
    where it is (CNT4). Days inside `stops` are not counted; what a stop took from the months or
    from a fixed date is added behind, in days and in working days (CNT6). At once is `start_on`.

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` when the calendar does not reach the due day.
        ValueError: for a stop that has not ended: a clock that stands has no due day.
    """
    clock, amount = _Clock(calendar, stops), span.amount or 0
    match span.unit:
        case TimeUnit.WORKING_DAYS:
            return clock.advance(start_on, amount, clock.works)
        case TimeUnit.CALENDAR_DAYS:
            return clock.rolled(clock.advance(start_on, amount, clock.runs))
        case TimeUnit.MONTHS:
            last = _months_after(start_on, amount)
            return clock.rolled(clock.advance(last, clock.lost(start_on, last), clock.runs))
        case TimeUnit.FIXED:
            last = calendar.day(span.on or start_on).date
            lost = clock.lost(start_on, last, working_days=True)
            return clock.advance(last, lost, clock.works)
    return start_on


def check_fixed(on: date, calendar: Calendar, *, keep: bool = False) -> date:
    """Return a fixed date if it may stand: on a working day, or kept on purpose (CNT4).

    Raises:
        RuleViolation: `DEADLINE_ON_REST_DAY` with the working days `previous` and `next` as
            suggestions (empty where the calendar ends first), or `CALENDAR_OUT_OF_RANGE`.
    """
    if calendar.is_working_day(on) or keep:
        return on
    raise RuleViolation(
        Code.DEADLINE_ON_REST_DAY,
        on=on.isoformat(),
        previous=_suggested(calendar.previous_working_day, on),
        next=_suggested(calendar.next_working_day, on),
    )


def recalculated(recomputed: date, old_due: date, *, before: Calendar, after: Calendar) -> date:
    """Return the due day after a change of the calendar from `before` to `after`.

    The policy `never_shorten` of e.4: the later of `recomputed` (`due_on` under `after`) and the
    old due day, rolled to the next working day. A fixed date that was kept on a rest day on
    purpose stood there before, so the new calendar is no reason to roll it (CNT4).

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` when a calendar does not reach the days.
    """
    kept = not before.is_working_day(old_due)
    return max(recomputed, old_due if kept else after.next_working_day(old_due))


def due_at(on: date, close_of_business: time) -> datetime:
    """Return the UTC instant of `close_of_business` Shanghai time on the date `on` (e.2)."""
    return datetime.combine(on, close_of_business, SHANGHAI).astimezone(UTC)


def local_date(instant: datetime) -> date:
    """Return the Shanghai date of an aware instant (l.12).

    Raises:
        ValueError: for an instant without a zone, whose date would depend on the machine.
    """
    return _local(instant).date()


def next_sending_instant(
    instant: datetime, calendar: Calendar, opens: time, closes: time
) -> datetime:
    """Return the first UTC instant from `instant` on in working hours of a working day (e.5).

    `opens` and `closes` are Shanghai time; both belong to the working hours.

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` when the calendar ends first.
        ValueError: for an instant without a zone.
    """
    local = _local(instant)
    today = local.date()
    if not calendar.is_working_day(today) or local.time() > closes:
        return due_at(calendar.next_working_day(today + _DAY), opens)
    return due_at(today, opens) if local.time() < opens else instant.astimezone(UTC)


def weekly_on(monday: date, weekday: int, calendar: Calendar) -> date | None:
    """Return the day of a weekly item in the week of `monday`, None for a merged week (CNT7).

    `weekday` counts from 0 (Monday). A rest day moves to the working day before it, if need be
    in the week before; a week with fewer than two working days has no occurrence of its own.

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` when the calendar lacks a day of the week.
        ValueError: when `monday` is not a Monday or `weekday` not in 0..6.
    """
    if monday.weekday() or weekday not in range(7):
        msg = "a week begins on a Monday and has the days 0 to 6"
        raise ValueError(msg)
    worked = calendar.working_days_between(monday - _DAY, monday + 6 * _DAY)
    if worked < _LEAST_WORKING_DAYS_OF_A_WEEK:
        return None
    return calendar.previous_working_day(monday + weekday * _DAY)


def weekly_occurrences(first: date, last: date, weekday: int, calendar: Calendar) -> list[date]:
    """Return the days of a weekly item from `first` to `last`, both included (CNT7).

    The week after `last` may move its day to before `last`; it is looked at if the calendar
    holds it.

    Raises:
        RuleViolation: `CALENDAR_OUT_OF_RANGE` when the calendar lacks a day of these weeks.
        ValueError: when `weekday` is not in 0..6.
    """
    monday = first - first.weekday() * _DAY
    found: set[date] = set()
    while monday <= last or (monday <= last + _WEEK and monday + 6 * _DAY <= calendar.last_on):
        on = weekly_on(monday, weekday, calendar)
        if on is not None and first <= on <= last:
            found.add(on)
        monday += _WEEK
    return sorted(found)


class _Clock(NamedTuple):
    """A calendar with the stops of one limit: which days are counted (CNT2, CNT6)."""

    calendar: Calendar
    stops: Sequence[Stop]

    def runs(self, on: date) -> bool:
        if any(stop.until_on is None for stop in self.stops):
            msg = "a clock that stands has no due day"
            raise ValueError(msg)
        return not any(stop.from_on <= on <= (stop.until_on or on) for stop in self.stops)

    def works(self, on: date) -> bool:
        return self.calendar.is_working_day(on) and self.runs(on)

    def advance(self, on: date, count: int, counts: Callable[[date], bool]) -> date:
        """Return the `count`-th day after `on` that counts; `on` itself for none."""
        while count:
            on += _DAY
            count -= counts(on)
        return on

    def rolled(self, on: date) -> date:
        """Return `on` itself if it is worked, else the first day after it that is (CNT3)."""
        return on if self.works(on) else self.advance(on, 1, self.works)

    def lost(self, after: date, until: date, *, working_days: bool = False) -> int:
        """Return how many days, or working days, of (after, until] lie inside a stop."""
        days = (after + n * _DAY for n in range(1, (until - after).days + 1))
        return sum(
            not self.runs(on) and (not working_days or self.calendar.is_working_day(on))
            for on in days
        )


def _months_after(on: date, months: int) -> date:
    years, month = divmod(on.month - 1 + months, _MONTHS_A_YEAR)
    year, month = on.year + years, month + 1
    return date(year, month, min(on.day, monthrange(year, month)[1]))


def _suggested(nearest: Callable[[date], date], on: date) -> str:
    try:
        return nearest(on).isoformat()
    except RuleViolation:
        return ""


def _local(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        msg = "an instant needs a zone"
        raise ValueError(msg)
    return instant.astimezone(SHANGHAI)
