"""Entries of earlier circulars as an office keeps them: columns, and each row as an entry (K87)."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from duban.domain.circulars import CircularEntry
from duban.domain.problem.words import ProblemType
from duban.workbook.columns import Column, Shape
from duban.workbook.errors import CellFault
from duban.workbook.rows import ReadRow, ReadTable, read_rows

TITLE: Final = "往年通报"

COLUMNS: Final = (
    Column("circular", "通报文号", Shape.REFERENCE, width=26, aliases=("文号", "通报编号", "期号")),
    Column("item", "条目序号", Shape.COUNT, required=False, aliases=("序号", "条目", "项次")),
    Column(
        "issued_on", "通报日期", Shape.MOMENT, width=14, aliases=("日期", "印发日期", "通报时间")
    ),
    Column("unit", "被通报单位", width=30, aliases=("单位", "责任单位", "单位名称")),
    Column(
        "matter", "通报事项", width=60, aliases=("事项", "问题", "具体问题", "存在问题", "事由")
    ),
    Column("problem_type", "问题类型", Shape.CHOICE, required=False, choices=ProblemType, width=16),
    Column("person", "涉及人员", required=False, width=24, aliases=("责任人", "人员", "具体人")),
    Column("result", "处理结果", required=False, width=36, aliases=("处理情况", "结果")),
)
"""What is read of a circular. 涉及人员 goes into a store of its own and is shown to few."""


class CircularRow(NamedTuple):
    """A row, as an entry where it could be understood, and whom it names."""

    row: ReadRow
    entry: CircularEntry | None
    person: str | None


def read_circulars(
    path: Path, meaning: Mapping[str, str] | None = None
) -> tuple[ReadTable, tuple[CircularRow, ...]]:
    """Return the entries in a workbook (.xlsx) or CSV file.

    Items without a number are counted within their circular, in the order of the file. Raises
    `TableInvalid` when the file as a whole cannot be read.
    """
    table = read_rows(path, COLUMNS, meaning)
    counted: Counter[str] = Counter()
    seen: set[str] = set()
    rows = []
    for row in table.rows:
        circular = row.values.get("circular")
        if circular is not None:
            counted[circular] += 1
            row.values.setdefault("item", counted[circular])
        person = row.values.pop("person", None)
        entry = None if row.problems else _entry(table, row, seen)
        rows.append(CircularRow(row, entry, person))
    return table, tuple(rows)


def _entry(table: ReadTable, row: ReadRow, seen: set[str]) -> CircularEntry | None:
    values: dict[str, Any] = row.values
    if values["item"] > _MOST_ITEMS:
        table.wrong(row, COLUMNS[1], CellFault.NOT_A_COUNT, {"said": values["item"]})
        return None
    entry = CircularEntry(**values)
    if entry.key in seen:
        table.wrong(row, COLUMNS[0], CellFault.TWICE, {"said": entry.key})
        return None
    seen.add(entry.key)
    return entry


_MOST_ITEMS = 9999
