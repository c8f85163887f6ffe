"""How a limit is written: an amount of days or months, a fixed date, or at once."""

import re
import unicodedata
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Model


class TimeUnit(StrEnum):
    """How the length of a limit is counted (e.2)."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    MONTHS = "months"
    FIXED = "fixed"
    IMMEDIATE = "immediate"


_COUNTED = frozenset({TimeUnit.WORKING_DAYS, TimeUnit.CALENDAR_DAYS, TimeUnit.MONTHS})


class Span(Model):
    """The length of a limit: an amount of a counted unit, a fixed date, or at once.

    Raises:
        ValueError: when `amount` and `on` do not fit `unit`.
    """

    unit: TimeUnit
    amount: Annotated[int, Field(ge=1, le=9999)] | None = None
    on: date | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.amount is not None) != (self.unit in _COUNTED):
            msg = "exactly the counted units have an amount"
            raise ValueError(msg)
        if (self.on is not None) != (self.unit is TimeUnit.FIXED):
            msg = "exactly a fixed limit has a date"
            raise ValueError(msg)
        return self


_UNITS = {
    "wd": TimeUnit.WORKING_DAYS,
    "工作日": TimeUnit.WORKING_DAYS,
    "个工作日": TimeUnit.WORKING_DAYS,
    "d": TimeUnit.CALENDAR_DAYS,
    "日": TimeUnit.CALENDAR_DAYS,
    "m": TimeUnit.MONTHS,
    "个月": TimeUnit.MONTHS,
}
_AMOUNT = re.compile(r"([0-9]{1,4}) ?([a-z]+|[^ 0-9a-z]+)")
_DATE = re.compile(
    r"(?:([0-9]{4})-([0-9]{2})-([0-9]{2})|([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日)前?"
)


def parse_span(text: str) -> Span:
    """Read `29wd`, `29工作日`, `5d`, `15日`, `6m`, `3个月`, `2019-06-28` or `2019年6月28日前`.

    「日」 means calendar days and 「工作日」 working days (CNT5); a date with 「前」 includes that
    day (CNT4). Whatever could be read in two ways (`5天内`, `一周`, `3月`) is refused, not guessed.

    Raises:
        RuleViolation: `SPAN_NOT_UNDERSTOOD`.
    """
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        if found := _DATE.fullmatch(plain):
            year, month, day = (int(part) for part in found.groups() if part is not None)
            return Span(unit=TimeUnit.FIXED, on=date(year, month, day))
        if (found := _AMOUNT.fullmatch(plain)) and found[2] in _UNITS:
            return Span(unit=_UNITS[found[2]], amount=int(found[1]))
    except ValueError:
        # A date that does not exist or an amount of nothing is no limit either.
        pass
    raise RuleViolation(Code.SPAN_NOT_UNDERSTOOD, text=text)
