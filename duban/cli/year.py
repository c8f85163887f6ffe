"""A year drawn by months, every day that is not as its weekday says marked with a word."""

from calendar import Calendar as Weeks
from collections.abc import Iterator
from datetime import date
from itertools import zip_longest

from rich.cells import set_cell_size

from duban.cli.session import Session
from duban.domain.calendars import Calendar

_DAY_WIDTH = 5
_GAP = "   "
_MONTH_WIDTH = 7 * _DAY_WIDTH
_MONTHS_IN_A_ROW = 3
_MONTHS = range(1, 13)
_MONDAY_FIRST = Weeks(firstweekday=0)


def drawn_year(session: Session, calendar: Calendar, year: int) -> Iterator[str]:
    """Yield the lines of the year, months side by side as far as the width allows."""
    room = (session.out.width + len(_GAP)) // (_MONTH_WIDTH + len(_GAP))
    abreast = max(1, min(_MONTHS_IN_A_ROW, room))
    for first in _MONTHS[::abreast]:
        months = [
            list(_month(session, calendar, year, month))
            for month in range(first, min(first + abreast, _MONTHS.stop))
        ]
        for parts in zip_longest(*months, fillvalue=""):
            yield _GAP.join(set_cell_size(part, _MONTH_WIDTH) for part in parts).rstrip()
        yield ""
    yield from _legend(session, calendar, year)


def _month(session: Session, calendar: Calendar, year: int, month: int) -> Iterator[str]:
    yield session.say("year.month", year=year, month=f"{month:02}")
    yield "".join(
        set_cell_size(session.say(f"weekday.short.{number}"), _DAY_WIDTH) for number in range(7)
    )
    for week in _MONDAY_FIRST.monthdatescalendar(year, month):
        days = [_day(session, calendar, on) if on.month == month else "" for on in week]
        yield "".join(set_cell_size(each, _DAY_WIDTH) for each in days)


def _day(session: Session, calendar: Calendar, on: date) -> str:
    return f"{on.day:>2}{session.say(f'year.mark.{calendar.day(on).kind.value}')}"


def _legend(session: Session, calendar: Calendar, year: int) -> Iterator[str]:
    yield session.say("year.legend")
    for on, name in sorted(calendar.makeup_workdays.items()):
        if on.year == year:
            weekday = session.say(f"weekday.{on.weekday()}")
            yield session.say("year.makeup", on=on.isoformat(), weekday=weekday, name=name)
    if date(year, 12, 31) > calendar.published_through:
        yield session.say("year.provisional", through=calendar.published_through.isoformat())
    yield session.say("year.source", version=calendar.version, title=calendar.title)
