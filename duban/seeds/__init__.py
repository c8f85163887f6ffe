"""Where calendar tables come from: the published schedules, and CSV files an office keeps."""

from duban.seeds.calendar_file import read_calendar_csv, write_calendar_csv
from duban.seeds.errors import CalendarFault, CalendarFileInvalid, CalendarRowProblem
from duban.seeds.published import (
    amended_2019_calendar,
    original_2019_calendar,
    published_calendar,
)

__all__ = [
    "CalendarFault",
    "CalendarFileInvalid",
    "CalendarRowProblem",
    "amended_2019_calendar",
    "original_2019_calendar",
    "published_calendar",
    "read_calendar_csv",
    "write_calendar_csv",
]
