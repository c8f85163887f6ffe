"""A plan file taken apart: rows of cells with their places, before anything is understood."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from difflib import get_close_matches

from duban.domain.plan_faults import Kind
from duban.workbook.columns import SheetSpec
from duban.workbook.errors import CellFault, CellProblem, LedgerFault

Scalar = str | int | float | bool | datetime | time | None
"""What a cell holds. A YAML file only holds text."""

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class RawCell:
    """One cell: where it stands and what is in it.

    `percent` when it is shown as a percentage, `unfit` when it holds what no cell can hold.
    """

    row: int
    column: str
    value: Scalar
    percent: bool = False
    unfit: bool = False

    @property
    def blank(self) -> bool:
        """Whether nothing a person can see is in the cell."""
        empty = self.value is None or (isinstance(self.value, str) and not self.value.strip())
        return empty and not self.unfit


@dataclass(frozen=True, slots=True)
class RawRow:
    """One object of a sheet: its filled cells by field, and the number of its row or line."""

    number: int
    cells: dict[str, RawCell]

    def cell(self, field: str, column: str) -> RawCell:
        """Return the cell of `field`, blank and in `column` when it was not filled."""
        return self.cells.get(field) or RawCell(self.number, column, None)


@dataclass(slots=True)
class RawTable:
    """The rows found for one sheet.

    `labels` gives for each field found its column and `header_row` where the headers stand, so
    that problems of the whole have a place too. `missing` says that nothing could be read.
    """

    spec: SheetSpec
    title: str
    header_row: int = 0
    labels: dict[str, str] = field(default_factory=dict)
    rows: list[RawRow] = field(default_factory=list)
    missing: bool = False


@dataclass(slots=True)
class RawFile:
    """The tables of a file, and what was wrong with their frame."""

    tables: dict[Kind, RawTable] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)


def squeezed(text: str) -> str:
    """Return `text` with full-width letters, digits and brackets made half-width, no spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", text))


def header_fields(spec: SheetSpec) -> dict[str, str]:
    """Return which field (empty: none) each squeezed header of `spec` fills."""
    fields: dict[str, str] = {}
    for column in spec.columns:
        for name in (column.header, *column.aliases):
            fields.setdefault(squeezed(name), column.field)
    return fields


def suggestion(said: str, known: Iterator[str] | list[str]) -> str:
    """Return the known word nearest to `said`, or a dash when none is near."""
    return next(iter(get_close_matches(said, list(known), n=1, cutoff=0.3)), "—")


def place_problem(
    sheet: str, row: int, column: str, code: CellFault | LedgerFault, **params: str | int
) -> CellProblem:
    """Return a problem of the frame of a file: its headers, its length, itself."""
    return CellProblem(sheet=sheet, row=row, column=column, code=code.value, params=params)
