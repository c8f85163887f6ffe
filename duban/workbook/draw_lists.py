"""What a draw of inspections is made from, as an office keeps it: sites, and who may inspect (f.3).

Both tables may stand in one file, each on a sheet of its own. A wrong row is told and nothing is
drawn: a population that lost a row on its way would be another one.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from duban.domain.draw.places import Candidate, Place, Tie, TieKind
from duban.workbook.columns import Column, Shape
from duban.workbook.errors import CellFault, UnreadableError
from duban.workbook.references import Names
from duban.workbook.rows import ReadRow, ReadTable, read_rows

SITES: Final = (
    Column("site", "站点编号", Shape.CODE, width=16, aliases=("站点", "编号", "site")),
    Column("name", "站点名称", width=30, aliases=("名称", "name", "site name")),
    Column("unit", "所属单位", Shape.UNIT, width=30, aliases=("单位", "责任单位", "unit")),
    Column("address", "地址", required=False, width=36, aliases=("站点地址", "address")),
    Column("stratum", "分层", Shape.CODE, required=False, aliases=("层", "stratum")),
    Column(
        "front_line",
        "是否一线",
        Shape.FLAG,
        required=False,
        aliases=("一线", "窗口大厅工地", "front line", "front_line"),
    ),
)
"""What is read of a site; one that is not said to be elsewhere is a front line."""

POOL: Final = (
    Column("person", "人员编号", Shape.CODE, width=16, aliases=("检查人员", "person")),
    Column("name", "姓名", required=False, aliases=("name",)),
    Column(
        "own_units",
        "所在单位",
        Shape.UNITS,
        required=False,
        width=30,
        aliases=("现单位", "own units", "own_units"),
    ),
    Column(
        "former_units",
        "原任单位及离任日期",
        Shape.FORMER_UNITS,
        required=False,
        width=30,
        aliases=("原任单位", "former units", "former_units"),
    ),
    Column(
        "relatives",
        "近亲属所在单位",
        Shape.UNITS,
        required=False,
        width=30,
        aliases=("亲属单位", "relatives"),
    ),
    Column(
        "interests",
        "利害关系单位",
        Shape.UNITS,
        required=False,
        width=30,
        aliases=("利益关联单位", "interests"),
    ),
)
"""What is read of who may inspect: the person, and every unit from which he recuses himself."""

TITLES: Final[Mapping[str, Sequence[Column]]] = {"站点": SITES, "检查人员库": POOL}
"""The sheets of the form."""

_TIES: Final = {
    "own_units": TieKind.OWN_UNIT,
    "former_units": TieKind.FORMER_UNIT,
    "relatives": TieKind.RELATIVE,
    "interests": TieKind.INTEREST,
}


class PlaceFile(NamedTuple):
    """The table of sites, and each row that could be understood."""

    table: ReadTable
    places: tuple[Place, ...]


class PoolFile(NamedTuple):
    """The table of people, and each row that could be understood."""

    table: ReadTable
    pool: tuple[Candidate, ...]


def read_places(path: Path, units: Iterable[Mapping[str, Any]]) -> PlaceFile:
    """Return the sites in a workbook (.xlsx) or CSV file; `units` are the campaign's.

    Raises `TableInvalid` when the file as a whole cannot be read.
    """
    finder = _Finder(read_rows(path, SITES), Names(units, "code"))
    finder.once(SITES[0])
    for row in finder.table.rows:
        if "unit" in row.values:
            row.values["unit"] = finder.unit(row, SITES[2], row.values["unit"])
    right = [each for each in finder.table.rows if not each.problems]
    return PlaceFile(finder.table, tuple(Place(**each.values) for each in right))


def read_pool(path: Path, units: Iterable[Mapping[str, Any]]) -> PoolFile:
    """Return who may inspect, with their ties, in a workbook (.xlsx) or CSV file.

    A tie to a unit that the campaign does not know binds nobody in its draws, but is a slip of the
    pen more often than not, and so is told as one. Raises what `read_places` raises.
    """
    finder = _Finder(read_rows(path, POOL), Names(units, "code"))
    finder.once(POOL[0])
    found = [_candidate(finder, row) for row in finder.table.rows]
    return PoolFile(finder.table, tuple(each for each in found if each is not None))


class _Finder(NamedTuple):
    """A table, and the units that its cells name."""

    table: ReadTable
    names: Names

    def unit(self, row: ReadRow, column: Column, said: str) -> str | None:
        """Return the code of the unit that a cell names; None, and the row is wrong, for none."""
        try:
            code = self.names.code(said)
        except UnreadableError as wrong:
            self.table.wrong(row, column, wrong.code, wrong.params)
            return None
        if not self.names.knows(code):
            self.table.wrong(row, column, CellFault.UNIT_UNKNOWN, {"said": said})
            return None
        return code

    def once(self, column: Column) -> None:
        """Tell whatever is listed twice: it would be drawn from twice."""
        seen: set[str] = set()
        for row in self.table.rows:
            key = row.values.get(column.field)
            if key in seen:
                self.table.wrong(row, column, CellFault.TWICE, {"said": key})
            elif key is not None:
                seen.add(key)


def _candidate(finder: _Finder, row: ReadRow) -> Candidate | None:
    ties: list[Tie] = []
    for column in POOL:
        for said in row.values.get(column.field, ()) if column.field in _TIES else ():
            former = said if isinstance(said, dict) else {"unit": said, "left_on": None}
            unit = finder.unit(row, column, former["unit"])
            if unit is not None:
                kind = _TIES[column.field]
                ties.append(Tie(unit=unit, kind=kind, left_on=former["left_on"]))
    if row.problems:
        return None
    return Candidate(person=row.values["person"], name=row.values.get("name", ""), ties=tuple(ties))
