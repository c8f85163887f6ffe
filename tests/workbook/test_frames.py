"""Files, sheets and columns as offices have them: moved, missing, hidden, or not a plan at all."""

from collections.abc import Callable
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from duban.workbook import reader, sheets, tables
from tests.support.builders import a_plan
from tests.workbook.files import changed, column_of, places, problems, read, with_cells

TASKS = "任务清单"


def test_rows_may_be_blank_or_hidden(tmp_path: Path) -> None:
    def spoil(book: Workbook) -> None:
        sheet = book[TASKS]
        sheet.insert_rows(3, amount=4)
        sheet.row_dimensions[2].hidden = True
        for row in (40, 900):
            sheet.cell(row, 3).value = "  "
            sheet.cell(row, 1).value = row

    assert read(changed(tmp_path / "p.xlsx", spoil)) == a_plan()


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    def turn(book: Workbook) -> None:
        for title in (TASKS, "阶段目标", "人员"):
            sheet = book[title]
            rows = [[(cell.value, cell.number_format) for cell in row] for row in sheet.iter_rows()]
            for number, row in enumerate(rows, start=1):
                for place, (value, shown) in enumerate(reversed(row), start=1):
                    sheet.cell(number, place).value = value
                    sheet.cell(number, place).number_format = shown

    assert read(changed(tmp_path / "p.xlsx", turn)) == a_plan()


def test_a_title_above_the_headers_is_no_header(tmp_path: Path) -> None:
    def entitle(book: Workbook) -> None:
        for title in (TASKS, "专项"):
            book[title].insert_rows(1, amount=2)
            book[title]["A1"] = "营商环境专项整治一览表"

    assert read(changed(tmp_path / "p.xlsx", entitle)) == a_plan()


def test_headers_may_be_full_width_broken_or_in_other_words(tmp_path: Path) -> None:
    cells = {
        (TASKS, "O1"): "量化指标\n（基线／目标／现值）",
        (TASKS, "U1"): "方案依据",
        ("专项", "A2"): "编号",
    }
    assert read(with_cells(tmp_path / "p.xlsx", cells)) == a_plan()


def test_what_is_derived_is_not_read(tmp_path: Path) -> None:
    cells = {(TASKS, f"{letter}2"): "随便写" for letter in ("A", "M", "N", "O", "W", "X", "Y", "Z")}
    assert read(with_cells(tmp_path / "p.xlsx", cells)) == a_plan()


def test_a_column_without_headers_is_reported_once(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {(TASKS, "AC2"): "甲", (TASKS, "AC3"): "乙"})
    assert places(path) == [(TASKS, 2, "AC", "column.unnamed")]


def test_an_unknown_column_is_reported_with_the_nearest_header(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {(TASKS, "E1"): "问题靶子"})
    assert places(path) == [
        (TASKS, 1, "", "column.missing"),
        (TASKS, 1, "E", "column.unknown"),
    ]
    assert problems(path)[1].params == {"header": "问题靶子", "suggestion": "问题靶标"}


def test_a_column_that_stands_twice_is_reported(tmp_path: Path) -> None:
    path = with_cells(
        tmp_path / "p.xlsx", {(TASKS, "AB1"): "推进措施", ("专项", "A15"): "专项名称"}
    )
    assert places(path) == [
        ("专项", 15, "A", "column.twice"),
        (TASKS, 1, "AB", "column.twice"),
    ]


def test_a_field_the_campaign_does_not_have_is_reported(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("专项", "A9"): "启动时间"})
    assert places(path) == [("专项", 0, "", "column.missing"), ("专项", 9, "A", "column.unknown")]
    assert problems(path)[1].params["suggestion"] == "启动日期"


def test_a_missing_column_is_one_problem_not_one_per_row(tmp_path: Path) -> None:
    def drop(book: Workbook) -> None:
        for title, header in ((TASKS, "责任人"), ("单位", "单位编号"), ("阶段目标", "阶段序号")):
            sheet: Worksheet = book[title]
            sheet[f"{column_of(sheet, header)}1"] = "备注" if header == "责任人" else None
            for row in range(2, sheet.max_row + 1):
                if header != "责任人":
                    sheet[f"{'A' if title == '单位' else 'C'}{row}"] = None

    assert places(changed(tmp_path / "p.xlsx", drop)) == [
        ("单位", 1, "", "column.missing"),
        (TASKS, 1, "", "column.missing"),
        ("阶段目标", 1, "", "column.missing"),
    ]


def test_a_missing_sheet_is_one_problem_with_the_nearest_name(tmp_path: Path) -> None:
    def rename(book: Workbook) -> None:
        book["阶段目标"].title = "阶段目标表"
        del book["单位"]

    path = changed(tmp_path / "p.xlsx", rename)
    assert places(path) == [("单位", 0, "", "sheet.missing"), ("阶段目标", 0, "", "sheet.missing")]
    assert problems(path)[1].params == {"suggestion": "阶段目标表"}


@pytest.mark.parametrize(
    "title", ["专项", "实施方案条款", "阶段", "单位", "人员", TASKS, "阶段目标", "五个要细"]
)
def test_any_sheet_may_be_missing_without_a_crash(tmp_path: Path, title: str) -> None:
    def drop(book: Workbook) -> None:
        del book[title]

    found = places(changed(tmp_path / "p.xlsx", drop))
    assert (title, 0, "", "sheet.missing") in found


def test_a_sheet_without_headers_is_reported(tmp_path: Path) -> None:
    def wipe(book: Workbook) -> None:
        book[TASKS].delete_rows(1, 50)

    assert (TASKS, 1, "A", "sheet.no_header") in places(changed(tmp_path / "p.xlsx", wipe))


def test_a_formula_that_failed_is_named(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("阶段目标", "H2"): "#DIV/0!"})
    assert places(path) == [("阶段目标", 2, "H", "cell.error_value")]


def write(content: bytes) -> Callable[[Path], None]:
    def fill(path: Path) -> None:
        path.write_bytes(content)

    return fill


def other_workbook(path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "工资表"
    book.save(path)


def half_a_workbook(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types>")


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_PLANS: list[tuple[Callable[[Path], None], str]] = [
    (write(b""), "file.not_a_workbook"),
    (write("专项,阶段\n".encode()), "file.not_a_workbook"),
    (write(OLD + b"\0" * 600), "file.not_a_workbook"),
    (write(OLD + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")), "file.password"),
    (half_a_workbook, "file.not_a_workbook"),
    (other_workbook, "file.no_plan_sheets"),
    (lambda path: None, "file.not_found"),
    (lambda path: path.mkdir(), "file.not_found"),
]


@pytest.mark.parametrize(("make", "code"), NO_PLANS)
def test_what_is_no_plan_is_one_problem(
    tmp_path: Path, make: Callable[[Path], None], code: str
) -> None:
    path = tmp_path / "p.xlsx"
    make(path)
    assert places(path) == [("", 0, "", code)]


def test_a_workbook_without_plan_sheets_says_what_it_found(tmp_path: Path) -> None:
    other_workbook(tmp_path / "p.xlsx")
    (problem,) = problems(tmp_path / "p.xlsx")
    assert problem.params["found"] == "工资表"
    assert TASKS in str(problem.params["expected"])


def test_other_kinds_of_files_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "plan.docx"
    path.write_bytes(b"x")
    assert places(path) == [("", 0, "", "file.wrong_suffix")]


def test_a_file_over_the_size_limit_is_not_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = with_cells(tmp_path / "p.xlsx", {})
    monkeypatch.setattr(reader, "MAX_BYTES", path.stat().st_size - 1)
    assert places(path) == [("", 0, "", "file.too_large")]


def test_a_file_that_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 10_000)
    assert places(with_cells(tmp_path / "p.xlsx", {})) == [("", 0, "", "file.too_large")]


def test_more_rows_than_the_limit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MAX_ROWS", 20)
    monkeypatch.setattr(sheets, "MAX_ROWS", 20)
    found = places(with_cells(tmp_path / "p.xlsx", {}))
    assert found == [("人员", 21, "A", "sheet.too_long")]
