"""What can be wrong with a ledger that comes back: every kind with its place, reason and code."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from duban.domain.problem.words import ProblemState
from duban.texts import Language
from duban.workbook.errors import LedgerFault
from duban.workbook.ledger_words import head
from tests.cli.ledger_world import LedgerWorld
from tests.cli.world import NO

Edit = Callable[[Any, Any], object]


@pytest.fixture
def world(tmp_path: Path) -> LedgerWorld:
    """A registered, a triaged and a signed-off problem, in the rows 2 to 4."""
    world = LedgerWorld(tmp_path)
    world.more[1].triaged()
    world.more[2].signed_off()
    world.exported()
    return world


CELLS = [
    (2, "severity", "特别重大", "cell.not_a_choice"),
    (2, "hard_bone", "也许", "cell.not_a_flag"),
    (2, "target", "长" * 4001, "cell.too_long"),
    (2, "target", "新目标", "cell.missing"),
    (2, "due_at", "2019-05-24", "ledger.state"),
    (3, "due_at", "五月底", "cell.not_a_date"),
    (3, "severity", "重大", "ledger.state"),
    (3, "responsible_unit", "市气象局", "ledger.no_such_unit"),
    (3, "handler", "U99-H1", "ledger.no_such_person"),
    (3, "handler", "U03-H1", "cell.missing"),
    (3, "assisting_units", "U02", "ledger.helper"),
    (4, "due_at", "2019-06-28", "ledger.state"),
    (4, "measures", "另加一条", "ledger.by_command"),
    (4, "description", "改写", "ledger.by_nothing"),
    (4, "note", "备注", "ledger.by_nothing"),
    (4, "seq", 9, "ledger.by_nothing"),
    (4, "problem_no", f"{NO}-0009", "ledger.number_changed"),
    (4, "exported_seal", "xx", "ledger.not_exported"),
    (4, "exported_no", None, "ledger.not_exported"),
    (4, "exported_no", f"{NO}-0001", "ledger.twice"),
    (5, "problem_no", f"{NO}-0005", "ledger.not_exported"),
    (5, "problem_type", "不作为", "ledger.new_only"),
    (5, "source", "12345热线", "cell.missing"),
    (5, "source", "小道消息", "cell.not_a_choice"),
]


@pytest.mark.parametrize(("row", "field", "value", "code"), CELLS)
def test_every_wrong_cell_is_named_and_asks_for_nothing(
    world: LedgerWorld, row: int, field: str, value: object, code: str
) -> None:
    world.changed((row, field, value))

    answer = world.imported("--yes", "-o", "csv")

    assert answer.status == 3
    assert f",{code}\n" in answer.out
    assert f"\n整改台账,{row}," in answer.out
    assert (world.asked, world.sent) == ([], [])


def test_a_problem_that_is_not_there_or_not_to_be_known_is_not_told_of(world: LedgerWorld) -> None:
    del world.more[2]

    answer = world.imported("--yes", "-o", "csv")

    assert answer.status == 3
    assert "ledger.no_such_problem" in answer.out


def test_all_kinds_of_wrong_cells_are_tried() -> None:
    frame = {LedgerFault.NO_SHEET, LedgerFault.MERGED, LedgerFault.CAMPAIGNS, LedgerFault.EMPTY}
    others = {LedgerFault.CONFLICT, LedgerFault.NO_SUCH_PROBLEM}
    tried = {code for *_, code in CELLS}

    assert {*LedgerFault} - tried == frame | others


def _drop(sheet: Any, at: Any) -> None:
    sheet.delete_cols(at["severity"])


def _rename(sheet: Any, at: Any) -> None:
    sheet.cell(1, at["severity"]).value = "严重程"


def _twice(sheet: Any, at: Any) -> None:
    sheet.cell(1, 41).value = "严重程度"


def _merge(sheet: Any, at: Any) -> None:
    sheet.merge_cells("C2:C3")


def _mixed(sheet: Any, at: Any) -> None:
    sheet.cell(2, at["campaign"]).value = "XX-2019"


def _empty(sheet: Any, at: Any) -> None:
    sheet.delete_rows(2, 9)


def _other(sheet: Any, at: Any) -> None:
    sheet.delete_rows(1)


FRAMES: list[tuple[Edit, str, str]] = [
    (_drop, "column.missing", "严重程度"),
    (_rename, "column.unknown", "最接近"),
    (_twice, "column.twice", "严重程度"),
    (_merge, "ledger.merged", "C2:C3"),
    (_mixed, "ledger.campaigns", "XX-2019"),
    (_empty, "ledger.empty", "没有一行"),
    (_other, "ledger.no_sheet", "整改台账"),
]


@pytest.mark.parametrize(("edit", "code", "said"), FRAMES)
def test_a_wrong_frame_is_named_with_its_column(
    world: LedgerWorld, edit: Edit, code: str, said: str
) -> None:
    world.edited(edit)

    answer = world.imported()

    assert answer.status == 3
    assert code in answer.err
    assert said in answer.err
    assert "ledger_file.invalid" in answer.err


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("none.xlsx", None, "file.not_found"),
        ("台账.xls", b"", "file.wrong_suffix"),
        ("台账.xlsx", b"no zip", "file.not_a_workbook"),
        ("台账.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.not_a_workbook"),
    ],
)
def test_what_is_no_workbook_is_said(
    tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    world = LedgerWorld(tmp_path)
    world.book = tmp_path / name
    if content is not None:
        world.book.write_bytes(content)

    answer = world.imported()

    assert answer.status == 3
    assert code in answer.err


def test_a_workbook_of_something_else_is_no_ledger(world: LedgerWorld) -> None:
    book: Any = Workbook()
    book.active.append(["任务编号", "具体任务"])
    book.save(world.book)

    answer = world.imported()

    assert answer.status == 3
    assert "ledger.no_sheet" in answer.err


def test_wrong_rows_come_back_with_field_and_error_and_can_be_put_right(
    world: LedgerWorld,
) -> None:
    values = (("problem_type", "不作为"), ("rectify_class", "立行立改"), ("target", "改正"))
    world.changed(*((2, *each) for each in values), (2, "severity", "重度"))
    world.changed((4, "note", "备注"))
    assert world.imported("--yes").status == 3

    book: Any = load_workbook(world.home / "台账.errors.xlsx")
    heads = [cell.value for cell in book.active[1]]
    rows = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert [row[1] for row in rows] == [f"{NO}-0001", f"{NO}-0003"]
    assert [row[heads.index("字段")] for row in rows] == ["严重程度", "备注"]
    assert "较重" in rows[0][heads.index("错误")]

    world.book = world.home / "台账.errors.xlsx"
    world.changed((2, "severity", "较重"), (3, "note", None))
    assert world.imported("--yes", "--errors", str(world.home / "again.xlsx")).status == 0
    assert world.more[0].record.target == "改正"
    assert not (world.home / "again.xlsx").exists()


def test_every_field_of_a_change_is_shown_before_and_after(world: LedgerWorld) -> None:
    values = (("problem_type", "不作为"), ("rectify_class", "立行立改"), ("target", "有人值守"))
    world.changed(*((2, *each) for each in values), (2, "severity", "较重"))

    lines = world.imported("--dry-run").out.splitlines()

    [line] = [each for each in lines if "严重程度" in each]
    assert line.split() == ["2", f"{NO}-0001", "严重程度", "一般", "较重"]


def test_states_are_told_in_words(world: LedgerWorld) -> None:
    world.changed((3, "severity", "重大"))

    answer = world.imported()

    assert "研判定性" in answer.out
    assert ProblemState.TRIAGED not in answer.out
    assert head("severity", Language.ZH) in answer.out
