"""Lists of 12345 tickets: any export of an office, row by row, without anything about callers."""

from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from duban.domain.problem.words import TicketKind
from duban.workbook import CellProblem
from duban.workbook.errors import TableInvalid
from duban.workbook.returned import Returned, write_form, write_returned
from duban.workbook.rows import ReadTable
from duban.workbook.tickets import COLUMNS, HIDDEN, TITLE, TicketFile, read_tickets

UNITS = [{"code": "U03", "name": "市自然资源局"}, {"code": "U04", "name": "市住建局"}]
MOMENT = datetime.fromisoformat("2019-04-17T10:23:00")
HEAD = ["工单编号", "受理时间", "诉求内容"]
ROW = ["T-1", "2019-04-17 10:23", "窗口无人"]


def read(path: Path, **meaning: str) -> TicketFile:
    return read_tickets(path, UNITS, meaning)


def book(path: Path, *rows: list[Any]) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    made.save(path)
    return path


def text(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def faults(file: TicketFile) -> list[tuple[int, str, str]]:
    found = [each for row in file.table.rows for each in row.problems]
    return [(each.row, each.column, each.code) for each in found]


def refused(path: Path, **meaning: str) -> list[CellProblem]:
    with pytest.raises(TableInvalid) as invalid:
        read(path, **meaning)
    return list(invalid.value.problems)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("parted", [",", ";", "\t"])
def test_a_csv_file_is_read_in_any_usual_encoding(
    tmp_path: Path, encoding: str, parted: str
) -> None:
    path = text(tmp_path / "t.csv", parted.join(HEAD), parted.join(ROW), encoding=encoding)

    [(_, ticket)] = read(path).rows

    assert ticket is not None
    assert (ticket.no, ticket.received_on, ticket.title) == ("T-1", date(2019, 4, 17), "窗口无人")


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2019-04-17", 17),
        ("2019/4/7 9:05", 7),
        ("2019年4月17日 10时23分", 17),
        ("2019-04-17T10:23:45", 17),
        ("20190417", 17),
        (MOMENT, 17),
    ],
)
def test_days_are_understood_as_exports_write_them(tmp_path: Path, said: object, day: int) -> None:
    [(row, ticket)] = read(book(tmp_path / "t.xlsx", HEAD, ["T-1", said, "无"])).rows

    assert ticket is not None, row.problems
    assert ticket.received_on == date(2019, 4, day)


def test_all_columns_are_read_by_header_or_alias_in_any_order(tmp_path: Path) -> None:
    head = ["来电内容", "主办单位", "处理时限", "诉求类型", "主题", "登记时间", "流水号"]
    row = ["无人接待", "市自然资源局", "2019-04-26", "咨询", "无人", "2019-04-17", "A〔2019〕1号"]

    [(_, ticket)] = read(book(tmp_path / "t.xlsx", ["某市工单"], head, row)).rows

    assert ticket is not None
    assert (ticket.kind, ticket.unit, ticket.due_on) == (
        TicketKind.INQUIRY,
        "U03",
        date(2019, 4, 26),
    )
    assert (ticket.no, ticket.title) == ("A〔2019〕1号", "无人")


def test_an_offices_own_headers_are_told_by_meaning(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", ["派单", "哪天", "诉求内容", "领导批示"], [*ROW, "阅"])
    assert {each.code for each in refused(path)} == {"column.missing"}

    file = read(path, 派单="工单编号", 哪天="受理时间")

    assert file.rows[0].ticket is not None
    assert file.table.ignored == ("领导批示",)


def test_l13_nothing_about_the_caller_gets_through(tmp_path: Path) -> None:
    head = [*HEAD, "来电人", "联系电话", "身份证号", "联系地址"]
    said = (
        "李建国（13912345678，0459-6123456，23060219800101123X）住学府街7号，市民李建国反映窗口无人"
    )
    personal = ["李建国", 13912345678, "23060219800101123X", "学府街7号"]

    file = read(book(tmp_path / "t.xlsx", head, ["T-1", "2019-04-17", said, *personal]))

    [(row, ticket)] = file.rows
    assert ticket is not None
    told = f"{ticket.model_dump_json()} {ticket.registration.model_dump_json()} {row.values}"
    assert not [each for each in (*map(str, personal), "0459-6123456") if each in told]
    assert ticket.description.count(HIDDEN) == 6
    assert (file.personal, file.hidden) == (("来电人", "联系电话", "身份证号", "联系地址"), 1)


def test_a_caller_without_a_name_leaves_the_text_alone(tmp_path: Path) -> None:
    row = ["T-1", "2019-04-17", "群众反映2019年窗口王某离岗", "群众"]

    file = read(book(tmp_path / "t.xlsx", [*HEAD, "来电人"], row))

    assert file.rows[0].ticket is not None
    assert file.rows[0].ticket.description == "群众反映2019年窗口王某离岗"
    assert file.hidden == 0


def test_what_is_wrong_with_a_row_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    head = [*HEAD, "承办单位", "工单类型", "联系电话"]
    rows: list[list[Any]] = [
        ["T-1", "2019-04-17", "无", "U09", "咨询", None],
        [None, "四月", "", "市住建局", "闲聊", True],
        ["T-2", "2019-04-17", "无", "U03 市住建局", None, None],
        ["T 3#", "2019-04-17", "无", None, None, None],
        [20190417000123456, "2019-04-17", "无", None, None, None],
        *[["T-5", "2019-04-17", "无", "U04", "投诉", None]] * 2,
    ]

    file = read(book(tmp_path / "t.xlsx", head, *rows))

    assert faults(file) == [
        (2, "承办单位", "cell.unit_unknown"),
        (3, "工单编号", "cell.missing"),
        (3, "受理时间", "cell.not_a_date"),
        (3, "工单类型", "cell.not_a_choice"),
        (3, "诉求内容", "cell.missing"),
        (4, "承办单位", "cell.name_mismatch"),
        (5, "工单编号", "cell.not_a_reference"),
        (6, "工单编号", "cell.rounded"),
        (8, "工单编号", "row.twice"),
    ]
    assert [each.ticket.no for each in file.rows if each.ticket] == ["T-5"]


def test_merged_cells_count_for_every_row_and_empty_rows_for_none(tmp_path: Path) -> None:
    path = book(
        tmp_path / "t.xlsx",
        ["工单编号", "受理时间", "诉求内容", "承办单位"],
        ["T-1", "2019-04-17", "无", "U03"],
        ["T-2", "2019-04-18", "无", None],
        [None, None, None, None],
        ["  ", None, None, None],
        ["T-3", "2019-04-19", "无", None],
    )
    made = load_workbook(path)
    made[made.sheetnames[0]].merge_cells("D2:D5")
    made.save(path)

    file = read(path)

    assert [(r.ticket and r.ticket.no, r.ticket and r.ticket.unit) for r in file.rows] == [
        ("T-1", "U03"),
        ("T-2", "U03"),
        ("T-3", None),
    ]


def test_a_formula_counts_by_its_result_and_without_one_the_row_is_wrong(tmp_path: Path) -> None:
    file = read(book(tmp_path / "t.xlsx", HEAD, ["T-0", "2019-04-17", '="窗口"&"无人"'], ROW))

    assert faults(file) == [(2, "诉求内容", "cell.no_result")]
    assert file.rows[1].ticket is not None


def test_an_error_of_a_formula_is_told(tmp_path: Path) -> None:
    file = read(book(tmp_path / "t.xlsx", HEAD, ["T-1", "#REF!", "无"]))

    assert faults(file) == [(2, "受理时间", "cell.error_value")]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("t.pdf", b"%PDF", "file.not_a_table"),
        ("t.xlsx", b"no book", "file.not_a_workbook"),
        ("t.csv", b"\xff\xff\xff", "file.encoding"),
        ("t.csv", "编号,别的\n1,2".encode(), "column.missing"),
        ("t.csv", "甲,乙\n1,2".encode(), "sheet.no_header"),
        ("t.csv", "工单编号,受理时间,诉求内容\n".encode(), "file.no_rows"),
        ("t.csv", ("工单编号,受理时间,诉求内容\n" + "长" * 140_000).encode(), "file.not_csv"),
        ("t.csv", "工单编号,工单号,受理时间,诉求内容\n1,2,3,4".encode(), "column.twice"),
        ("t.csv", b"a" * (20 * 2**20 + 1), "file.too_large"),
        (
            "t.csv",
            ("工单编号,受理时间,诉求内容\n" + "1,2019-04-17,x\n" * 20_001).encode(),
            "sheet.too_long",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_over_says_why(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert code in {each.code for each in refused(path)}


def test_an_archive_that_is_no_workbook_says_so(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "something else")

    assert [each.code for each in refused(path)] == ["file.not_a_workbook"]


def test_a_file_that_is_not_there_says_so(tmp_path: Path) -> None:
    assert [each.code for each in refused(tmp_path / "none.csv")] == ["file.not_found"]


def test_what_nobody_sees_is_left_out_of_a_cell(tmp_path: Path) -> None:
    path = text(tmp_path / "t.csv", ",".join(HEAD), "T-1,2019-04-17,'=1+1\x07\x00坏")

    [(_, ticket)] = read(path).rows

    assert ticket is not None
    assert ticket.description == "=1+1坏"


def test_the_form_is_a_list_that_can_be_filled_in(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_form(path, TITLE, COLUMNS)
    assert [each.code for each in refused(path)] == ["file.no_rows"]

    made = load_workbook(path)
    sheet = made[TITLE]
    lists = [each.formula1 for each in sheet.data_validations.dataValidation]
    for place, said in {"A2": "T-1", "B2": "2019-04-17", "C2": "咨询", "E2": "无人"}.items():
        sheet[place] = said
    made.save(path)

    assert lists == ['"投诉,举报,求助,建议,咨询,其他"']
    assert [each.ticket and each.ticket.kind for each in read(path).rows] == [TicketKind.INQUIRY]
    assert not {cell.value for cell in sheet[1]} & {"来电人", "联系电话"}


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_wrong_rows_come_back_and_can_be_sent_again(tmp_path: Path, suffix: str) -> None:
    table = ReadTable("", tuple(HEAD), ("no", "received_on", "description"), ())
    path = tmp_path / f"wrong{suffix}"

    write_returned(path, table, [Returned(("T-1", "2019-04-17", "=A1+1"), "受理时间", "不对")])

    file = read(path)
    assert file.table.headers == tuple(HEAD)
    assert file.rows[0].row.original == ("T-1", "2019-04-17", "=A1+1")
    assert file.rows[0].ticket is not None
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_moment_goes_back_with_its_time(tmp_path: Path) -> None:
    rows = [["T-1", MOMENT, True], ["T-2", MOMENT.replace(hour=0, minute=0), None]]

    file = read(book(tmp_path / "t.xlsx", HEAD, *rows))

    assert [each.row.original for each in file.rows] == [
        ("T-1", "2019-04-17 10:23:00", "True"),
        ("T-2", "2019-04-17", ""),
    ]
