"""What can be wrong with a calendar file, and the one error that carries all of it."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import Field

from duban.domain.model import Model
from duban.errors import DubanError


class CalendarFault(StrEnum):
    """What can be wrong with a calendar file. Stable; translated in `duban.texts`."""

    NOT_FOUND = "calendar_file.not_found"
    TOO_LARGE = "calendar_file.too_large"
    NOT_CSV = "calendar_file.not_csv"
    NO_ROWS = "calendar_file.no_rows"
    COLUMN_MISSING = "calendar_file.column_missing"
    COLUMN_UNKNOWN = "calendar_file.column_unknown"
    CELLS = "calendar_file.cells"
    NOT_A_DATE = "calendar_file.not_a_date"
    NOT_A_KIND = "calendar_file.not_a_kind"
    NOT_A_FLAG = "calendar_file.not_a_flag"
    NAME_MISSING = "calendar_file.name_missing"
    KIND_ON_WEEKDAY = "calendar_file.kind_on_weekday"
    KIND_ON_WEEKEND = "calendar_file.kind_on_weekend"
    DAY_TWICE = "calendar_file.day_twice"
    DAYS_MISSING = "calendar_file.days_missing"
    PUBLISHED_AFTER_PROVISIONAL = "calendar_file.published_after_provisional"


class CalendarRowProblem(Model):
    """One wrong cell: the line of the file (0: the whole file), the header, and why."""

    row: int
    column: str
    code: CalendarFault
    params: dict[str, str | int] = Field(default_factory=dict)


class CalendarFileInvalid(DubanError):
    """The file is no calendar yet; `problems` holds everything wrong with it, top down."""

    code = "calendar_file.invalid"

    def __init__(self, name: str, problems: Iterable[CalendarRowProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(None, file=name, count=len(self.problems))
