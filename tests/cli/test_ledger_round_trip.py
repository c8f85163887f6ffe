"""A ledger goes out, is changed by an office and comes back: exactly what was changed is done."""

import csv
import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from duban.texts import Language
from duban.workbook.ledger_words import FIELDS, HIDDEN, head
from tests.cli.ledger_world import BASIS, OUTSIDER, LedgerWorld, a_desk
from tests.cli.world import NO
from tests.support.problems import ProblemDesk

TRIAGE = (
    ("problem_type", "服务制度不落实"),
    ("rectify_class", "限期整改"),
    ("target", "窗口全时段有人值守"),
)


@pytest.fixture
def world(tmp_path: Path) -> LedgerWorld:
    return LedgerWorld(tmp_path)


def told(world: LedgerWorld, *words: str) -> dict[str, list[dict[str, Any]]]:
    answer = world.imported(*words, "-o", "json")
    said: dict[str, list[dict[str, Any]]] = json.loads(answer.out)
    return said


def test_what_is_not_changed_asks_for_nothing(world: LedgerWorld) -> None:
    world.more.append(ProblemDesk(no=f"{NO}-0009").signed_off())
    world.more.append(ProblemDesk(no=f"{NO}-0008").rectifying().proven())
    for lang in ("zh", "en"):
        world.exported(DUBAN_LANG=lang)
        assert told(world) == {"changes": [], "problems": []}
    answer = world.imported()
    assert (answer.status, answer.out) == (0, "")
    assert "没有要修改的" in answer.err
    assert (world.sent, world.asked) == ([], [])


def test_forty_changes_of_five_hundred_rows_are_shown_and_done_once(tmp_path: Path) -> None:
    world = LedgerWorld(tmp_path, count=500)
    world.exported()
    rows = random.Random(7).sample(range(2, 502), 10)  # noqa: S311 -- a choice of rows
    severe = ("severity", "较重")
    world.changed(*((row, *each) for row in rows for each in (*TRIAGE, severe)))

    shown = told(world, "--dry-run")
    assert len(shown["changes"]) == 40
    assert {each["row"] for each in shown["changes"]} == set(rows)
    assert world.asked == []

    answer = world.imported("--yes")
    assert answer.status == 0, answer.err
    assert "已办理 10 项" in answer.err
    triaged = {each.record.no for each in world.more if each.record.state == "triaged"}
    assert triaged == {f"{NO}-{row - 1:04d}" for row in rows}
    assert told(world, "--yes") == {"changes": [], "problems": []}
    assert len(world.asked) == 10


def test_triage_and_assignment_of_one_row_are_two_commands(world: LedgerWorld) -> None:
    world.exported()
    assign = (
        ("responsible_unit", "U03"),
        ("principal_leader", "U03-L1"),
        ("handler", "U03-H1"),
        ("due_at", date(2019, 5, 24)),
        ("assisting_units", "U02：提供接口"),
    )
    world.changed(*((3, *each) for each in (*TRIAGE, *assign)))

    answer = world.imported("--yes", *BASIS)

    assert answer.status == 0, answer.err
    record = world.more[1].record
    assert (record.state, record.handler, record.target) == (
        "assigned",
        "U03-H1",
        "窗口全时段有人值守",
    )
    assert world.more[1].due("DL10") == date(2019, 5, 24)
    assert [each.matter for each in record.assisting] == ["提供接口"]
    assert told(world, *BASIS) == {"changes": [], "problems": []}


def test_a_row_without_a_number_registers_a_problem_once(world: LedgerWorld) -> None:
    world.exported()
    found = (
        ("source", "12345热线"),
        ("found_at", "2019年4月18日"),
        ("description", "排队两小时。无人解释"),
    )
    world.changed(*((5, *each) for each in found))

    first, second = world.imported("--yes"), world.imported("--yes")

    assert (first.status, second.status) == (0, 0)
    [command] = world.sent
    registration = command.registration  # type: ignore[union-attr]
    assert (registration.title, registration.from_person) == ("排队两小时", True)
    assert registration.found_on == "2019-04-18"
    assert "第 5 行已登记为 BE-2019-0004" in second.err


def test_the_same_file_asks_under_the_same_request(world: LedgerWorld) -> None:
    world.exported()
    world.changed(*((2, *each) for each in TRIAGE))
    world.imported("--yes")
    world.more[0] = a_desk(1)
    world.imported("--yes")

    first, second = (asked.command.request_id for _, asked in world.asked)
    assert first == second


def test_what_moved_on_meanwhile_is_a_conflict_and_is_left(world: LedgerWorld) -> None:
    world.exported()
    world.changed(*((2, *each) for each in TRIAGE), *((3, *each) for each in TRIAGE))
    world.more[0].triaged(target="窗口不断岗")

    answer = world.imported("--yes")

    assert answer.status == 3
    assert "ledger.conflict" in answer.out
    assert "“整改目标”在导出后已变为“窗口不断岗”" in answer.out
    assert [no for no, _ in world.asked] == [f"{NO}-0002"]
    assert world.more[0].record.target == "窗口不断岗"


def test_what_moved_on_elsewhere_is_no_conflict(world: LedgerWorld) -> None:
    world.more[0].triaged()
    world.exported()
    assign = ("principal_leader", "U03-L1"), ("handler", "U03-H1")
    world.changed(*((2, *each) for each in assign))
    world.more[0].evidence()

    answer = world.imported("--yes", *BASIS)

    assert answer.status == 0, answer.err
    assert world.more[0].record.state == "assigned"


def test_a_refusal_is_told_and_the_rest_is_done(world: LedgerWorld) -> None:
    world.more[0].triaged()
    world.exported()
    people = ("principal_leader", "U02-L1"), ("handler", "U03-H1")
    world.changed(*((2, *each) for each in people), *((3, *each) for each in TRIAGE))

    answer = world.imported("--yes", *BASIS)

    assert answer.status == 3
    assert "role.out_of_scope" in answer.err
    assert world.more[1].record.state == "triaged"
    assert world.more[0].record.state == "triaged"


def test_nothing_is_done_until_it_is_agreed_to(world: LedgerWorld) -> None:
    world.exported()
    world.changed(*((2, *each) for each in TRIAGE))

    asked = world.imported()
    assert (asked.status, world.asked) == (0, [])
    assert "未作修改" in asked.err
    world.agrees = True
    world.imported()
    assert world.more[0].record.state == "triaged"
    assert world.questions == ["按以上修改办理？"] * 2


def test_an_assignment_needs_its_paper(world: LedgerWorld) -> None:
    world.more[0].triaged()
    world.exported()
    world.changed((2, "principal_leader", "U03-L1"), (2, "handler", "U03-H1"))

    answer = world.imported("--yes")

    assert (answer.status, world.asked) == (2, [])
    assert "ledger.no_basis" in answer.err


def test_words_of_other_kinds_and_moved_columns_mean_the_same(world: LedgerWorld) -> None:
    world.exported(DUBAN_LANG="en")
    values = (*TRIAGE[:2], ("hard_bone", "√"), ("severity", "serious"), ("target", "x"))
    world.changed(*((2, *each) for each in values), lang=Language.EN)
    world.edited(lambda sheet, _: sheet.move_range("E1:E4", cols=40), Language.EN)
    world.edited(lambda sheet, _: sheet.delete_cols(5), Language.EN)

    answer = world.imported("--yes")

    assert answer.status == 0, answer.err
    record = world.more[0].record
    assert (record.hard_bone, record.severity, record.target) == (True, "serious", "x")


def test_the_workbook_has_the_columns_of_d6_and_what_a_change_needs(world: LedgerWorld) -> None:
    world.more[0].assigned()
    world.exported("--text", "1号窗口")
    book: Any = load_workbook(world.book)
    sheet, about, names = book.worksheets

    heads = [cell.value for cell in sheet[1]]
    assert heads == [head(name, Language.ZH) for name in (*FIELDS, *HIDDEN)]
    row = dict(zip((*FIELDS, *HIDDEN), (cell.value for cell in sheet[2]), strict=True))
    assert row["responsible_unit"].startswith("U03 ")
    assert row["found_at"].date() == date(2019, 4, 17)
    assert row["problem_type"] == "服务制度不落实"
    hidden = [each for each, told in sheet.column_dimensions.items() if told.hidden]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref.startswith("A1:AK")
    assert len(hidden) >= 1
    assert len(sheet.data_validations.dataValidation) == 9
    said = {line[0].value: line[1].value for line in about.iter_rows(max_row=8)}
    assert (said["筛选条件"], said["条数"]) == ("text=1号窗口", "1")
    assert said["留痕位置"].isdecimal()
    assert names["A1"].value


def test_csv_has_the_names_and_codes_for_programs(world: LedgerWorld) -> None:
    world.more = [a_desk(1, description="=1+1")]
    out = world.book.with_suffix(".csv")
    answer = world.call("ledger", "export", str(out), "--campaign", NO)

    [row] = csv.DictReader(out.read_text(encoding="utf-8").splitlines())
    assert answer.status == 0
    assert tuple(row) == FIELDS
    assert (row["source"], row["hard_bone"], row["description"]) == ("inspection", "false", "'=1+1")


def test_an_export_is_on_the_trail_and_shows_nobody_what_he_may_not_know(
    world: LedgerWorld,
) -> None:
    world.more[0].triaged(access_level="confidential")
    answer = world.exported()
    assert "（0 个因知悉范围未列出）" in answer.err
    kinds = [event.tag for event in world.readings]
    assert kinds == ["trail:query:executed", "trail:export:created"]
    asked: Any = world.readings[1].detail["asked"]
    assert (asked["rows"], len(asked["sha256"])) == (3, 64)

    answer = world.exported(DUBAN_ACTOR=OUTSIDER.id)
    assert "已导出 2 个问题（1 个因知悉范围未列出）" in answer.err
    book: Any = load_workbook(world.book)
    numbers = [row[1].value for row in book.worksheets[0].iter_rows(min_row=2)]
    assert numbers == [f"{NO}-0002", f"{NO}-0003"]

    refused = world.call("ledger", "export", str(world.book), "--campaign", NO, "--as", "CO-1")
    assert refused.status == 3
    assert world.readings[-1].outcome == "rejected"


def test_nobody_learns_by_an_import_what_he_may_not_know(world: LedgerWorld) -> None:
    world.exported()
    world.changed((2, "target", "有人值守"))
    world.more[0].triaged(access_level="confidential", target="保密目标")

    answer = world.imported(DUBAN_ACTOR=OUTSIDER.id)

    assert answer.status == 3
    assert "ledger.no_such_problem" in answer.out
    assert "保密目标" not in answer.out + answer.err


def test_an_export_needs_a_file_it_can_write_and_a_campaign_there_is(world: LedgerWorld) -> None:
    wrong = world.call("ledger", "export", "台账.doc", "--campaign", NO)
    none = world.call("ledger", "export", str(world.book), "--campaign", "XX")

    assert (wrong.status, none.status) == (2, 4)
    assert "ledger.suffix" in wrong.err
    assert not world.book.exists()
