"""A table that is taken over row by row: its headers understood, each row right or wrong by itself.

Headers are known by name and aliases; an office may say which field its own headers mean. Columns
that nobody knows are left out, and the report names them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from duban.workbook.columns import Column
from duban.workbook.errors import (
    CellFault,
    CellProblem,
    FileFaultError,
    TableInvalid,
    UnreadableError,
)
from duban.workbook.grids import grids
from duban.workbook.raw import RawCell, place_problem, squeezed, suggestion
from duban.workbook.shapes import as_text, parsed
from duban.workbook.tables import MAX_ROWS, Grid

_HEADER_WITHIN = 10
FIELD_HEADER, FAULT_HEADER = "字段", "错误"
"""The headers of what an error file holds beside the columns it came from."""

WHERE: Sequence[Column] = (
    Column("", FIELD_HEADER, required=False),
    Column("", FAULT_HEADER, required=False),
)


@dataclass(slots=True)
class ReadRow:
    """One row: its number, its cells as they stand, the values by field, and what is wrong."""

    number: int
    original: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)


class ReadTable(NamedTuple):
    """A table: its headers as they stand, the field of each (empty: nobody knows it), its rows."""

    title: str
    headers: tuple[str, ...]
    fields: tuple[str, ...]
    rows: tuple[ReadRow, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        """The headers that nobody knows."""
        return tuple(h for h, f in zip(self.headers, self.fields, strict=True) if not f)

    def wrong(
        self, row: ReadRow, column: Column, code: str, params: Mapping[str, Any] | None = None
    ) -> None:
        """Note what is wrong with a row, or with one of its cells."""
        row.problems.append(
            CellProblem(
                sheet=self.title,
                row=row.number,
                column=column.header,
                code=code,
                params={"header": column.header, **(params or {})},
            )
        )


class _Head(NamedTuple):
    title: str
    at: int
    labels: dict[str, Column]
    grid: Grid


def read_rows(
    path: Path, columns: Sequence[Column], meaning: Mapping[str, str] | None = None
) -> ReadTable:
    """Return the rows of the table in a file; `meaning` says what further headers stand for.

    Raises `TableInvalid`: the file cannot be read, or a needed column is not there or there twice.
    """
    known = {
        _key(name): column
        for column in (*columns, *WHERE)
        for name in (column.header, *column.aliases)
    }
    by_header = {_key(column.header): column for column in columns}
    for said, header in (meaning or {}).items():
        known[_key(said)] = by_header[_key(header)]
    try:
        head = _found(grids(path), known)
    except FileFaultError as fault:
        problem = place_problem("", 0, "", fault.code, **fault.params)
        raise TableInvalid(path.name, [problem]) from None
    problems = list(_judged(head, columns, known))
    if problems:
        raise TableInvalid(path.name, problems)
    return _table(head, columns)


def _key(header: str) -> str:
    """Return a header as it is known: without blanks, and in small letters."""
    return squeezed(header).casefold()


def _found(sheets: dict[str, Grid], known: Mapping[str, Column]) -> _Head:
    """Return the sheet and the row that hold the most headers, with the columns they name."""
    best = _Head("", 0, {}, [])
    for title, grid in sheets.items():
        for at, row in enumerate(grid[:_HEADER_WITHIN]):
            labels = {cell.column: known.get(_key(str(cell.value))) for cell in row}
            named = {letter: column for letter, column in labels.items() if column is not None}
            if len(named) > len(best.labels):
                best = _Head(title, at, named, grid)
    if not best.labels:
        raise FileFaultError(CellFault.SHEET_NO_HEADER)
    if len(best.grid) > MAX_ROWS:
        raise FileFaultError(CellFault.SHEET_TOO_LONG, limit=MAX_ROWS)
    if len(best.grid) == best.at + 1:
        raise FileFaultError(CellFault.NO_ROWS)
    return best


def _judged(
    head: _Head, columns: Sequence[Column], known: Mapping[str, Column]
) -> Iterator[CellProblem]:
    header = head.grid[head.at]
    seen: set[str] = set()
    for cell in header:
        column = head.labels.get(cell.column)
        if column is None or not column.field:
            continue
        if column.field in seen:
            yield place_problem(
                head.title, cell.row, cell.column, CellFault.COLUMN_TWICE, header=column.header
            )
        seen.add(column.field)
    said = [str(c.value) for c in header if _key(str(c.value)) not in known]
    for column in columns:
        if column.required and column.field not in seen:
            near = suggestion(column.header, said)
            yield place_problem(
                head.title, header[0].row, near, CellFault.COLUMN_MISSING, header=column.header
            )


def _table(head: _Head, columns: Sequence[Column]) -> ReadTable:
    header = head.grid[head.at]
    shown = [cell for cell in header if not _is_where(head.labels.get(cell.column))]
    table = ReadTable(
        head.title,
        tuple(str(cell.value).strip() for cell in shown),
        tuple(head.labels[c.column].field if c.column in head.labels else "" for c in shown),
        (),
    )
    letter_of = {column.field: letter for letter, column in head.labels.items() if column.field}
    rows = []
    for cells in head.grid[head.at + 1 :]:
        by_letter = {cell.column: cell for cell in cells}
        if not by_letter.keys() & letter_of.values():
            continue
        row = ReadRow(cells[0].row, tuple(_shown(by_letter.get(each.column)) for each in shown))
        for column in columns:
            cell = by_letter.get(letter_of.get(column.field, ""))
            _read(table, row, column, cell or RawCell(row.number, "", None))
        rows.append(row)
    return table._replace(rows=tuple(rows))


def _read(table: ReadTable, row: ReadRow, column: Column, cell: RawCell) -> None:
    if cell.unfit:
        table.wrong(row, column, CellFault.NO_RESULT)
    elif cell.blank:
        if column.required:
            table.wrong(row, column, CellFault.MISSING)
    else:
        try:
            row.values[column.field] = parsed(column, cell)
        except UnreadableError as wrong:
            table.wrong(row, column, wrong.code, wrong.params)


def _is_where(column: Column | None) -> bool:
    return column is not None and column.header in (FIELD_HEADER, FAULT_HEADER)


def _shown(cell: RawCell | None) -> str:
    """Return a cell as it goes back to whoever sent it."""
    if cell is None or cell.value is None:
        return ""
    if isinstance(cell.value, datetime) and cell.value.time() != time():
        return cell.value.isoformat(" ", "seconds")
    try:
        return as_text(cell)
    except UnreadableError:
        return str(cell.value)
