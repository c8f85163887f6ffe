"""Finding the plan's tables in the sheets of a workbook: by title and header, in any order."""

from collections.abc import Iterator

from duban.workbook.columns import FIELD_HEADER, SHEETS
from duban.workbook.errors import CellFault, CellProblem
from duban.workbook.raw import (
    RawCell,
    RawFile,
    RawRow,
    RawTable,
    header_fields,
    place_problem,
    squeezed,
    suggestion,
)

MAX_ROWS = 20_000
_HEADER_WITHIN = 10

Grid = list[list[RawCell]]
"""The rows of a sheet that hold anything, each with its filled cells only."""


def tables_of(grids: dict[str, Grid]) -> RawFile:
    """Return the plan's tables among `grids`, with everything wrong with their frames."""
    raw = RawFile()
    by_name = {squeezed(title): title for title in grids}
    found = {spec.kind: by_name.get(squeezed(spec.title)) for spec in SHEETS}
    if not any(found.values()):
        raw.problems.append(_no_sheets(list(grids)))
        return raw
    spare = [title for title in grids if title not in found.values()]
    for spec in SHEETS:
        title = found[spec.kind]
        table = raw.tables[spec.kind] = RawTable(spec, title or spec.title)
        if title is None:
            table.missing = True
            near = suggestion(spec.title, spare)
            raw.problems.append(
                place_problem(table.title, 0, "", CellFault.SHEET_MISSING, suggestion=near)
            )
        else:
            fill = _fill_upright if spec.upright else _fill_flat
            raw.problems.extend(fill(table, grids[title]))
    return raw


def _no_sheets(found: list[str]) -> CellProblem:
    return place_problem(
        "", 0, "", CellFault.NO_PLAN_SHEETS,
        found="、".join(found) or "—", expected="、".join(spec.title for spec in SHEETS),
    )  # fmt: skip


def _fill_flat(table: RawTable, grid: Grid) -> Iterator[CellProblem]:
    """Fill `table` from a sheet with its headers in one row and one object per row below."""
    fields = header_fields(table.spec)
    header = max(grid[:_HEADER_WITHIN], key=lambda row: _known(row, fields), default=[])
    if not _known(header, fields):
        table.missing = True
        yield place_problem(table.title, 1, "A", CellFault.SHEET_NO_HEADER)
        return
    table.header_row = header[0].row
    yield from _read_headers(table, header, fields)
    body = [row for row in grid if row[0].row > table.header_row]
    if len(grid) > MAX_ROWS:
        table.missing = True
        yield place_problem(
            table.title, body[-1][0].row, "A", CellFault.SHEET_TOO_LONG, limit=MAX_ROWS
        )
        return
    yield from _unnamed(table, body, {cell.column for cell in header})
    field_of = {letter: field for field, letter in table.labels.items()}
    for row in body:
        cells = {field_of[cell.column]: cell for cell in row if cell.column in field_of}
        if cells:
            table.rows.append(RawRow(row[0].row, cells))


def _fill_upright(table: RawTable, grid: Grid) -> Iterator[CellProblem]:
    """Fill `table` from a sheet with one field per row: its name, then its content."""
    fields = header_fields(table.spec)
    cells: dict[str, RawCell] = {}
    for row in grid:
        label, content = row[0], row[1] if len(row) > 1 else None
        name = squeezed(str(label.value))
        if name in fields and fields[name] in table.labels:
            yield place_problem(
                table.title, label.row, label.column, CellFault.COLUMN_TWICE, header=name
            )
        elif name in fields:
            table.labels[fields[name]] = "B" if content is None else content.column
            cells[fields[name]] = content or RawCell(label.row, "B", None)
        elif content is not None and name != FIELD_HEADER:
            yield _unknown(table, label)
    table.rows.append(RawRow(1, cells))
    yield from _missing_columns(table)


def _known(row: list[RawCell], fields: dict[str, str]) -> int:
    return sum(squeezed(str(cell.value)) in fields for cell in row)


def _read_headers(
    table: RawTable, header: list[RawCell], fields: dict[str, str]
) -> Iterator[CellProblem]:
    """Note which column fills which field; columns may stand in any order."""
    for cell in header:
        name = squeezed(str(cell.value))
        field = fields.get(name)
        if field is None:
            yield _unknown(table, cell)
        elif field in table.labels:
            yield place_problem(
                table.title, cell.row, cell.column, CellFault.COLUMN_TWICE, header=name
            )
        elif field:
            table.labels[field] = cell.column
    yield from _missing_columns(table)


def _missing_columns(table: RawTable) -> Iterator[CellProblem]:
    for column in table.spec.columns:
        if column.required and column.field not in table.labels:
            yield place_problem(
                table.title, table.header_row, "", CellFault.COLUMN_MISSING, header=column.header
            )


def _unnamed(table: RawTable, body: Grid, named: set[str]) -> Iterator[CellProblem]:
    """Report each column once that holds something below an empty header."""
    seen = set(named)
    for cell in (cell for row in body for cell in row):
        if cell.column not in seen:
            seen.add(cell.column)
            yield place_problem(table.title, cell.row, cell.column, CellFault.COLUMN_UNNAMED)


def _unknown(table: RawTable, cell: RawCell) -> CellProblem:
    said = str(cell.value).strip()
    taken = set(table.labels)
    free = [column.header for column in table.spec.columns if column.field not in taken]
    return place_problem(
        table.title, cell.row, cell.column, CellFault.COLUMN_UNKNOWN,
        header=said, suggestion=suggestion(said, free),
    )  # fmt: skip
