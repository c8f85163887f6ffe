"""From raw cells to values: each cell read by its column, references by code or by name."""

from dataclasses import dataclass, field
from typing import Any

from duban.domain.plan_faults import Kind
from duban.workbook.columns import Column, Shape
from duban.workbook.errors import CellFault, CellProblem, LedgerFault, UnreadableError
from duban.workbook.raw import RawCell, RawFile, RawRow, RawTable
from duban.workbook.references import Names
from duban.workbook.shapes import is_percent, parsed

Values = dict[str, Any]
"""The fields of one object as its model takes them, without those left blank or unreadable."""

WHOLE = -1
"""The index that stands for every object of a kind: its column or sheet is not there."""


@dataclass(slots=True)
class Reading:
    """A file as far as it could be understood.

    `spoilt` holds (kind, index, field) of required or present values that could not be read.
    """

    raw: RawFile
    problems: list[CellProblem]
    values: dict[Kind, list[Values]] = field(default_factory=dict)
    spoilt: set[tuple[Kind, int, str]] = field(default_factory=set)

    def report(
        self,
        table: RawTable,
        place: tuple[int, Column, RawCell],
        code: CellFault | LedgerFault,
        params: dict[str, str | int],
    ) -> None:
        """Note that the cell at `place` is wrong and its value not to be judged."""
        index, column, cell = place
        self.spoilt.add((table.spec.kind, index, column.field))
        self.problems.append(
            CellProblem(
                sheet=table.title,
                row=cell.row,
                column=cell.column,
                code=code.value,
                params={"header": column.header, **params},
            )
        )


def understand(raw: RawFile) -> Reading:
    """Return everything `raw` says, and everything that it does not say clearly."""
    reading = Reading(raw, list(raw.problems))
    for kind, table in raw.tables.items():
        reading.values[kind] = [
            _row(reading, table, index, row) for index, row in enumerate(table.rows)
        ]
        for column in table.spec.columns:
            if table.missing or (column.required and column.field not in table.labels):
                reading.spoilt.add((kind, WHOLE, column.field))
    _resolve(reading)
    return reading


def _row(reading: Reading, table: RawTable, index: int, row: RawRow) -> Values:
    values: Values = {}
    for column in table.spec.columns:
        label = table.labels.get(column.field)
        if not column.field or label is None:
            continue
        cell = row.cell(column.field, label)
        place = (index, column, cell)
        if cell.blank:
            if column.required:
                reading.report(table, place, CellFault.MISSING, {})
            continue
        try:
            values[column.field] = parsed(column, cell)
        except UnreadableError as wrong:
            reading.report(table, place, wrong.code, wrong.params)
        else:
            _check_percent(reading, table, place, values)
    return values


def _check_percent(
    reading: Reading, table: RawTable, place: tuple[int, Column, RawCell], values: Values
) -> None:
    """A percentage under another unit of measure is a mistake somebody must settle."""
    _, column, cell = place
    unit = str(values.get("unit_of_measure", "%"))
    counts_percent = any(sign in unit for sign in ("%", "％", "百分"))
    if column.shape is Shape.NUMBER and is_percent(cell) and not counts_percent:
        del values[column.field]
        reading.report(table, place, CellFault.PERCENT_UNIT, {"unit": unit})


def _resolve(reading: Reading) -> None:
    """Replace the words of every reference by the code they mean."""
    names = {
        Shape.UNIT: Names(reading.values.get(Kind.UNIT, []), "code"),
        Shape.PERSON: Names(reading.values.get(Kind.PERSON, []), "id"),
    }
    names[Shape.UNITS] = names[Shape.UNIT]
    for table in reading.raw.tables.values():
        for column in table.spec.columns:
            if column.shape in names and column.field in table.labels:
                _resolve_column(reading, table, column, names[column.shape])


def _resolve_column(reading: Reading, table: RawTable, column: Column, names: Names) -> None:
    rows = zip(reading.values[table.spec.kind], table.rows, strict=True)
    for index, (values, row) in enumerate(rows):
        if column.field not in values:
            continue
        said = values[column.field]
        try:
            if column.shape is Shape.UNITS:
                values[column.field] = tuple(names.code(one) for one in said)
            else:
                values[column.field] = names.code(said)
        except UnreadableError as wrong:
            del values[column.field]
            cell = row.cells[column.field]
            reading.report(table, (index, column, cell), wrong.code, wrong.params)
