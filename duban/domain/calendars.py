"""Working days from a calendar table that is passed in, one immutable version at a time."""

import datetime as dt
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Model

_DAY = timedelta(days=1)
_SATURDAY = 5


class DayKind(StrEnum):
    """What a day is; only `WORK` and `MAKEUP_WORK` are working days."""

    WORK = "work"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKEUP_WORK = "makeup_work"


class CalendarDay(Model):
    """One day as one calendar version sees it; `provisional` means not yet published (暂定)."""

    date: dt.date
    kind: DayKind
    name: str = ""
    provisional: bool = False
    source_doc: str = ""


class Calendar(Model):
    """One version of the working-day table (domain.md e.4), in compact form.

    Only exceptions to the weekday rule are listed: `holidays` may lie on any weekday,
    `makeup_workdays` are Saturdays and Sundays that are worked (调休上班). `source_doc` is the
    document behind the exceptions; `day_docs` names another one for single days, such as a local
    day off. Days after `published_through` are provisional. `first_on` and `last_on` are
    included; questions about any other day are refused, never guessed.

    Raises:
        ValueError: on building a table that contradicts itself.
    """

    version: int
    title: str
    source_doc: str
    first_on: date
    published_through: date
    last_on: date
    holidays: dict[date, str]
    makeup_workdays: dict[date, str]
    day_docs: dict[date, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.first_on > self.last_on:
            msg = "the calendar ends before it begins"
            raise ValueError(msg)
        listed = self.holidays.keys() | self.makeup_workdays.keys()
        if any(not self.first_on <= on <= self.last_on for on in listed | self.day_docs.keys()):
            msg = "a listed day lies outside the calendar"
            raise ValueError(msg)
        if self.holidays.keys() & self.makeup_workdays.keys():
            msg = "a day is listed both as a holiday and as a make-up working day"
            raise ValueError(msg)
        if any(on.weekday() < _SATURDAY for on in self.makeup_workdays):
            msg = "a make-up working day must be a Saturday or a Sunday"
            raise ValueError(msg)
        return self

    def day(self, on: date) -> CalendarDay:
        """Return what `on` is in this version.

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` outside `first_on`..`last_on`.
        """
        working = self.is_working_day(on)
        name, kind = "", DayKind.WORK if working else DayKind.WEEKEND
        if on in self.holidays:
            name, kind = self.holidays[on], DayKind.HOLIDAY
        elif on in self.makeup_workdays:
            name, kind = self.makeup_workdays[on], DayKind.MAKEUP_WORK
        ordinary = kind in {DayKind.WORK, DayKind.WEEKEND}
        return CalendarDay(
            date=on,
            kind=kind,
            name=name,
            provisional=self.is_provisional(on),
            source_doc=self.day_docs.get(on, "" if ordinary else self.source_doc),
        )

    def is_working_day(self, on: date) -> bool:
        """Return whether `on` counts as a working day (CNT2), make-up days included.

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` outside `first_on`..`last_on`.
        """
        self._require(on)
        if on in self.makeup_workdays:
            return True
        return on.weekday() < _SATURDAY and on not in self.holidays

    def is_provisional(self, on: date) -> bool:
        """Return whether `on` lies beyond what has been published (暂定, e.4).

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` outside `first_on`..`last_on`.
        """
        self._require(on)
        return on > self.published_through

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`-th working day after `start`, which is itself not counted.

        A negative `count` looks back the same way (T-3); zero gives `start` itself.
        Source: CNT1, CNT2.

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` when the counting leaves the table.
        """
        step = _DAY if count > 0 else -_DAY
        on, left = start, abs(count)
        while left:
            on += step
            left -= self.is_working_day(on)
        return on

    def next_working_day(self, on: date) -> date:
        """Return `on` itself if it is a working day, else the first one after it (CNT3).

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` when the table has none.
        """
        while not self.is_working_day(on):
            on += _DAY
        return on

    def previous_working_day(self, on: date) -> date:
        """Return `on` itself if it is a working day, else the last one before it (CNT7).

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` when the table has none.
        """
        while not self.is_working_day(on):
            on -= _DAY
        return on

    def working_days_between(self, after: date, until: date) -> int:
        """Return how many working days lie in (after, until]; negative when `until` is earlier.

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` when a day in between is not in the table.
        """
        if until < after:
            return -self.working_days_between(until, after)
        days = (until - after).days
        return sum(self.is_working_day(after + n * _DAY) for n in range(1, days + 1))

    def window(self, first: date, last: date) -> "Calendar":
        """Return a copy trimmed to `first`..`last`, small enough to travel in workflow state.

        The window never reaches further than the table does; answers inside it are the same.

        Raises:
            RuleViolation: `CALENDAR_OUT_OF_RANGE` when the table has no day in the window.
        """
        first_on, last_on = max(first, self.first_on), min(last, self.last_on)
        if first_on > last_on:
            raise self._out_of_range(first)

        def trimmed(days: dict[date, str]) -> dict[date, str]:
            return {on: text for on, text in days.items() if first_on <= on <= last_on}

        return Calendar(
            version=self.version,
            title=self.title,
            source_doc=self.source_doc,
            first_on=first_on,
            published_through=self.published_through,
            last_on=last_on,
            holidays=trimmed(self.holidays),
            makeup_workdays=trimmed(self.makeup_workdays),
            day_docs=trimmed(self.day_docs),
        )

    def _require(self, on: date) -> None:
        if not self.first_on <= on <= self.last_on:
            raise self._out_of_range(on)

    def _out_of_range(self, on: date) -> RuleViolation:
        return RuleViolation(
            Code.CALENDAR_OUT_OF_RANGE,
            on=on.isoformat(),
            first_on=self.first_on.isoformat(),
            last_on=self.last_on.isoformat(),
        )
