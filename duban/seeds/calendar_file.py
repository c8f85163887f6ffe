"""Calendar tables as CSV files: one day a row, Chinese headers, every wrong cell at once.

A file either lists every day from its first to its last, or only the exceptions (节假日 and
调休上班); then it stands for whole calendar years.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from duban.domain.calendars import Calendar, DayKind
from duban.seeds.errors import CalendarFault, CalendarFileInvalid, CalendarRowProblem

DATE, KIND, NAME, DOC, PROVISIONAL = HEADERS = ("日期", "类别", "名称", "文号", "暂定")
_KIND_OF = {
    "工作日": DayKind.WORK,
    "休息日": DayKind.WEEKEND,
    "节假日": DayKind.HOLIDAY,
    "调休上班": DayKind.MAKEUP_WORK,
}
_WORD_OF = {kind: word for word, kind in _KIND_OF.items()}
_EXCEPTIONS = frozenset({DayKind.HOLIDAY, DayKind.MAKEUP_WORK})
_FLAG_OF = {"是": True, "否": False, "": False}
_DATE = re.compile(r"(20[0-9]{2})(?:[-/]([0-9]{1,2})[-/]|年([0-9]{1,2})月)([0-9]{1,2})日?")
_MAX_BYTES = 2_000_000
_SATURDAY = 5
_DAY = timedelta(days=1)


class _Row(NamedTuple):
    line: int
    on: date
    kind: DayKind
    name: str
    doc: str
    provisional: bool


def write_calendar_csv(calendar: Calendar, path: Path) -> None:
    """Write every day of the calendar, readable by a spreadsheet and by `read_calendar_csv`."""
    # The byte order mark tells a Chinese spreadsheet program that this is UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADERS)
        for offset in range((calendar.last_on - calendar.first_on).days + 1):
            day = calendar.day(calendar.first_on + offset * _DAY)
            provisional = "是" if day.provisional else "否"
            writer.writerow(
                (day.date.isoformat(), _WORD_OF[day.kind], day.name, day.source_doc, provisional)
            )


def read_calendar_csv(path: Path, *, version: int, title: str = "") -> Calendar:
    """Read a calendar from a CSV file in UTF-8 or GB 18030, as spreadsheets save it.

    `title` defaults to the file's name. The commonest document becomes the calendar's own.

    Raises:
        CalendarFileInvalid: with everything wrong in the file.
    """
    problems: list[CalendarRowProblem] = []
    rows: list[_Row] = []
    for line, cells in _lines(path):
        found = list(_cell_problems(line, cells))
        problems += found
        if not found:
            rows.append(_row(line, cells))
    problems += _table_problems(rows, whole=not problems)
    if problems:
        raise CalendarFileInvalid(path.name, sorted(problems, key=lambda each: each.row))
    return _calendar(rows, version, title or path.stem)


def _lines(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return (line, cell by header) of every row with content."""
    reader = csv.reader(_text(path).splitlines(), strict=True)
    try:
        table = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise _refused(path, CalendarFault.NOT_CSV) from error
    filled = [(line, row) for line, row in table if any(row)]
    if len(filled) <= 1:
        raise _refused(path, CalendarFault.NO_ROWS)
    head_line, header = filled[0]
    wrong = [
        CalendarRowProblem(row=head_line, column=name, code=code)
        for code, names in (
            (CalendarFault.COLUMN_MISSING, (Counter(HEADERS) - Counter(header)).elements()),
            (CalendarFault.COLUMN_UNKNOWN, (Counter(header) - Counter(HEADERS)).elements()),
        )
        for name in names
    ]
    wrong += [
        CalendarRowProblem(
            row=line, column="", code=CalendarFault.CELLS, params={"cells": len(row)}
        )
        for line, row in filled[1:]
        if len(row) != len(header)
    ]
    if wrong:
        raise CalendarFileInvalid(path.name, wrong)
    return [(line, dict(zip(header, row, strict=True))) for line, row in filled[1:]]


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise _refused(path, CalendarFault.TOO_LARGE)
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, CalendarFault.NOT_FOUND) from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _refused(path, CalendarFault.NOT_CSV)


def _refused(path: Path, code: CalendarFault) -> CalendarFileInvalid:
    return CalendarFileInvalid(path.name, [CalendarRowProblem(row=0, column="", code=code)])


def _cell_problems(line: int, cells: dict[str, str]) -> Iterator[CalendarRowProblem]:
    def problem(column: str, code: CalendarFault) -> CalendarRowProblem:
        return CalendarRowProblem(
            row=line, column=column, code=code, params={"value": cells[column]}
        )

    on, kind = _date(cells[DATE]), _KIND_OF.get(cells[KIND])
    if on is None:
        yield problem(DATE, CalendarFault.NOT_A_DATE)
    if kind is None:
        yield problem(KIND, CalendarFault.NOT_A_KIND)
    if kind is DayKind.HOLIDAY and not cells[NAME]:
        yield problem(NAME, CalendarFault.NAME_MISSING)
    if cells[PROVISIONAL] not in _FLAG_OF:
        yield problem(PROVISIONAL, CalendarFault.NOT_A_FLAG)
    if on is not None and (fault := _weekday_fault(on, kind)):
        yield problem(KIND, fault)


def _weekday_fault(on: date, kind: DayKind | None) -> CalendarFault | None:
    weekend = on.weekday() >= _SATURDAY
    if weekend and kind is DayKind.WORK:
        return CalendarFault.KIND_ON_WEEKEND
    if not weekend and kind in {DayKind.WEEKEND, DayKind.MAKEUP_WORK}:
        return CalendarFault.KIND_ON_WEEKDAY
    return None


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _row(line: int, cells: dict[str, str]) -> _Row:
    """Return the row of cells that are known to be right."""
    on, kind = _date(cells[DATE]), _KIND_OF[cells[KIND]]
    assert on is not None
    return _Row(line, on, kind, cells[NAME], cells[DOC], _FLAG_OF[cells[PROVISIONAL]])


def _table_problems(rows: Sequence[_Row], *, whole: bool) -> Iterator[CalendarRowProblem]:
    """Yield what is wrong between rows; gaps only if the `whole` file could be read."""
    ordered = sorted(rows, key=lambda row: (row.on, row.line))
    exceptions_only = {row.kind for row in rows} <= _EXCEPTIONS
    for before, after in pairwise(ordered):
        if before.on == after.on:
            yield _at(after, DATE, CalendarFault.DAY_TWICE, line=before.line)
        if before.provisional and not after.provisional:
            yield _at(after, PROVISIONAL, CalendarFault.PUBLISHED_AFTER_PROVISIONAL)
        gap = (after.on - before.on).days - 1
        if whole and not exceptions_only and gap > 0:
            first = (before.on + _DAY).isoformat()
            yield _at(after, DATE, CalendarFault.DAYS_MISSING, first=first, days=gap)


def _at(row: _Row, column: str, code: CalendarFault, **params: str | int) -> CalendarRowProblem:
    return CalendarRowProblem(
        row=row.line, column=column, code=code, params={"value": row.on.isoformat(), **params}
    )


def _calendar(rows: Sequence[_Row], version: int, title: str) -> Calendar:
    first_on, last_on = min(row.on for row in rows), max(row.on for row in rows)
    exceptions = sorted((row for row in rows if row.kind in _EXCEPTIONS), key=lambda row: row.on)
    if len(exceptions) == len(rows):
        first_on, last_on = date(first_on.year, 1, 1), date(last_on.year, 12, 31)
    provisional = [row.on for row in rows if row.provisional]
    docs = Counter(row.doc for row in exceptions)
    source_doc = docs.most_common(1)[0][0] if docs else ""
    return Calendar(
        version=version,
        title=title,
        source_doc=source_doc,
        first_on=first_on,
        published_through=min(provisional) - _DAY if provisional else last_on,
        last_on=last_on,
        holidays={row.on: row.name for row in exceptions if row.kind is DayKind.HOLIDAY},
        makeup_workdays={row.on: row.name for row in exceptions if row.kind is not DayKind.HOLIDAY},
        day_docs={row.on: row.doc for row in rows if row.doc != _usual(row, source_doc)},
    )


def _usual(row: _Row, source_doc: str) -> str:
    return source_doc if row.kind in _EXCEPTIONS else ""
