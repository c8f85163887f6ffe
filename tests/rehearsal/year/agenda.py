"""How much is inspected on which day of the year, and by what theme."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from duban.domain.calendars import Calendar
from tests.rehearsal.year.plan import SHORT, UNITS, WHOLE

THEMES: Final = 31
"""As many themes in turn, one a working day, that none comes back within thirty days."""
_AGAIN: Final = 20
"""Every so many days an order asks for the theme of the day before."""


class Named(NamedTuple):
    """An effect check to plan: which unit, the day, the theme, and by what it may go over."""

    unit: str
    on: date
    theme: str
    budget_doc: str | None = None
    repeat_reason: str | None = None


class Size(NamedTuple):
    """How long the year is, and how many sites the orders of a day ask for.

    `focus` are units that are asked for once more each day, until their budget is spent. Of each
    `lost` drawn teams one never sets out. `checks_effect` says whether each unit is asked for its
    effect in each phase. After `season` working days all goes on with another Temporal server.
    """

    spans: tuple[tuple[date, date], ...]
    first: date
    last: date
    orders: tuple[int, ...]
    focus: tuple[str, ...]
    lost: int
    most: int
    season: int
    checks_effect: bool = False


SMALL: Final = Size(
    SHORT, date(2019, 4, 23), date(2019, 4, 30), (10,), ("U191", "U192", "U193"), 40, 100, 4
)
"""Seven working days with a Saturday off and a working Sunday among them."""


def whole(most: int) -> Size:
    """Return the whole of 2019, up to so many inspections."""
    return Size(
        WHOLE, date(2019, 1, 2), date(2019, 12, 31), (20, 17), (), 500, most, 15, checks_effect=True
    )


@dataclass(frozen=True)
class Agenda:
    """The days of a year of some size."""

    size: Size
    calendar: Calendar

    def days(self) -> Iterator[date]:
        """Yield the working days, from the eve of the first visit until every clock has run out."""
        day = self.before(self.size.first)
        last = self.size.last + timedelta(days=60)
        while day <= last:
            yield day
            day = self.after(day)

    def after(self, day: date) -> date:
        """Return the next working day."""
        return self.calendar.add_working_days(day, 1)

    def before(self, day: date) -> date:
        """Return the working day before."""
        day -= timedelta(days=1)
        while not self.calendar.is_working_day(day):
            day -= timedelta(days=1)
        return day

    def serial(self, day: date) -> int:
        """Return which working day of the year it is."""
        between = (self.size.first + timedelta(days=n) for n in range((day - self.size.first).days))
        return sum(map(self.calendar.is_working_day, between))

    def themes(self, day: date) -> tuple[str, ...]:
        """Return the theme of each order for a day; now and then that of the day before."""
        serial = self.serial(day)
        usual = [theme_of(serial)] * len(self.size.orders)
        if serial % _AGAIN == 3:
            usual[0] = theme_of(serial - 1)
        return tuple(usual)

    def named(self, month: date) -> Iterator[Named]:
        """Yield the effect checks of a month: each unit once a phase, and one unit too often."""
        days = [each for each in self.days() if _in(each, month) and each <= self.size.last]
        days = [each for each in days if each >= self.size.first]
        phase = self.phase(days[-1])
        first = month.month % 3 == 1
        if self.size.checks_effect:
            share = UNITS[(month.month - 1) % 3 :: 3]
            for nth, unit in enumerate(share):
                yield Named(unit, days[nth * len(days) // len(share)], f"问效第{phase}阶段")
        if first:
            yield from _too_often(UNITS[-phase], days)

    def phase(self, day: date) -> int:
        """Return the number of the phase of a day."""
        return sum(first <= day for first, _ in self.size.spans[1:])


def _too_often(unit: str, days: list[date]) -> Iterator[Named]:
    """Yield five checks of one unit, a theme that comes back, and both with their papers."""
    for nth, subject in enumerate("甲乙丙丁戊"):
        yield Named(unit, days[nth], f"专题{subject}")
    yield Named(unit, days[5], "专题戊", budget_doc="领导小组批复1号")
    yield Named(unit, days[6], "专题戊", "领导小组批复2号")
    yield Named(unit, days[6], "专题戊", "领导小组批复2号", "群众反映集中")


def _in(day: date, month: date) -> bool:
    return (day.year, day.month) == (month.year, month.month)


def theme_of(serial: int) -> str:
    """Return the theme of a working day by its number."""
    return f"主题{serial % THEMES:02}"
