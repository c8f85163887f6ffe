"""The lists of a draw: sites and people with their ties, by Chinese or English heads (SOD6)."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from duban.domain.draw.places import Candidate, Place, Tie, TieKind
from duban.workbook.draw_lists import POOL, SITES, TITLES, read_places, read_pool
from duban.workbook.errors import TableInvalid
from duban.workbook.returned import write_forms

UNITS = [
    {"code": "U01", "name": "市政务服务中心"},
    {"code": "U03", "name": "市自然资源局"},
    {"code": "U04", "name": "市住建局"},
]
HALL = Place(site="S-1", name="城东大厅", unit="U03", address="滨河路8号", stratum="east")


def a_csv(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes("\n".join(lines).encode("gb18030"))
    return path


def wrong(rows: Any) -> list[tuple[int, str, str]]:
    return [(p.row, p.column, p.code) for row in rows for p in row.problems]


@pytest.mark.parametrize(
    "head",
    [
        "站点编号,站点名称,所属单位,地址,分层,是否一线",
        "site,name,unit,address,stratum,front line",
        "Site,Name,Unit,Address,Stratum,Front_Line",
    ],
)
def test_sites_are_read_by_either_heads(tmp_path: Path, head: str) -> None:
    path = a_csv(tmp_path, head, "S-1,城东大厅,市自然资源局,滨河路8号,east,是", "S-2,机关,U04,,,否")

    found = read_places(path, UNITS)

    assert found.places == (HALL, Place(site="S-2", name="机关", unit="U04", front_line=False))


@pytest.mark.parametrize(
    "head",
    [
        "人员编号,姓名,所在单位,原任单位及离任日期,近亲属所在单位,利害关系单位",
        "person,name,own units,former units,relatives,interests",
    ],
)
def test_sod6_every_tie_of_a_person_is_read(tmp_path: Path, head: str) -> None:
    path = a_csv(tmp_path, head, "IN-2,张某,U01,U03 2018-05-01,市住建局、U03,", "IN-3,,,,,U04")

    found = read_pool(path, UNITS)

    ties = (
        Tie(unit="U01", kind=TieKind.OWN_UNIT),
        Tie(unit="U03", kind=TieKind.FORMER_UNIT, left_on=date(2018, 5, 1)),
        Tie(unit="U04", kind=TieKind.RELATIVE),
        Tie(unit="U03", kind=TieKind.RELATIVE),
    )
    assert found.pool == (
        Candidate(person="IN-2", name="张某", ties=ties),
        Candidate(person="IN-3", ties=(Tie(unit="U04", kind=TieKind.INTEREST),)),
    )


def test_a_wrong_site_is_told_with_its_cell(tmp_path: Path) -> None:
    head = "站点编号,站点名称,所属单位,是否一线"
    path = a_csv(tmp_path, head, "S-1,甲,U09,是", "S-2,,U03,是", "S-2,乙,U01 市住建局,也许")

    found = read_places(path, UNITS)

    assert found.places == ()
    assert wrong(found.table.rows) == [
        (2, "所属单位", "cell.unit_unknown"),
        (3, "站点名称", "cell.missing"),
        (4, "是否一线", "cell.not_a_flag"),
        (4, "站点编号", "row.twice"),
        (4, "所属单位", "cell.name_mismatch"),
    ]


def test_a_tie_to_no_known_unit_makes_a_row_wrong(tmp_path: Path) -> None:
    lines = ("IN-2,U01,某局,", "IN-2,,,", "IN-4,,,U77 2018-01-01")
    path = a_csv(tmp_path, "人员编号,所在单位,近亲属所在单位,原任单位", *lines)

    found = read_pool(path, UNITS)

    assert found.pool == ()
    assert wrong(found.table.rows) == [
        (2, "近亲属所在单位", "cell.unit_unknown"),
        (3, "人员编号", "row.twice"),
        (4, "原任单位及离任日期", "cell.unit_unknown"),
    ]


def test_one_form_holds_both_tables_and_each_is_found_on_its_sheet(tmp_path: Path) -> None:
    path = tmp_path / "lists.xlsx"
    write_forms(path, TITLES)
    made = load_workbook(path)
    for sheet, cells in {
        "站点": ("S-1", "城东大厅", "U03"),
        "检查人员库": ("IN-2", "张某"),
    }.items():
        for place, said in enumerate(cells, start=1):
            made[sheet].cell(2, place, said)
    made.save(path)

    assert [each.site for each in read_places(path, UNITS).places] == ["S-1"]
    assert [each.person for each in read_pool(path, UNITS).pool] == ["IN-2"]
    explained = [row[0].value for row in made["说明"].iter_rows(min_row=2)]
    assert explained == [each.header for each in (*SITES, *POOL)]
    assert len(made["站点"].data_validations.dataValidation) == 1


def test_a_file_without_the_columns_says_which_are_missing(tmp_path: Path) -> None:
    made = Workbook()
    assert made.active is not None
    made.active.append(["站点编号", "备注"])
    made.active.append(["S-1", ""])
    made.save(tmp_path / "x.xlsx")

    with pytest.raises(TableInvalid) as invalid:
        read_places(tmp_path / "x.xlsx", UNITS)

    assert [each.code for each in invalid.value.problems] == ["column.missing"] * 2
