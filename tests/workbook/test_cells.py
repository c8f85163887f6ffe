"""What people type into cells: what is understood, and what is refused with its reason."""

from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from duban.domain.plan import Difficulty
from duban.domain.roles import FormerUnit, Role
from tests.support.builders import a_plan
from tests.workbook.files import Place, places, problems, read, with_cells

TASK_DUE: Place = ("任务清单", "R2")
BASELINE: Place = ("阶段目标", "G2")
UNIT_OF_MEASURE: Place = ("阶段目标", "E2")
LEAD: Place = ("任务清单", "H2")
ASSISTING: Place = ("任务清单", "I2")
AFTERNOON = datetime.combine(date(2019, 6, 28), time(17, 30))
LEADER: Place = ("任务清单", "J2")


@pytest.mark.parametrize(
    "written",
    [
        date(2019, 6, 28), AFTERNOON, "2019-06-28", "2019年6月28日",
        "2019/6/28", "2019.6.28", "２０１９年６月２８日", " 2019-06-28 ", "2019-06-28 00:00:00",
    ],
)  # fmt: skip
def test_a_date_is_understood_however_it_is_written(tmp_path: Path, written: Any) -> None:
    plan = read(with_cells(tmp_path / "p.xlsx", {TASK_DUE: written}))
    assert plan.tasks[0].due_on == date(2019, 6, 28)


@pytest.mark.parametrize(
    "written", ["19-6-28", "6月28日", "2019-02-30", "月底前", "20190628", True]
)
def test_what_is_no_date_is_not_guessed(tmp_path: Path, written: Any) -> None:
    path = with_cells(tmp_path / "p.xlsx", {TASK_DUE: written})
    assert places(path) == [("任务清单", 2, "R", "cell.not_a_date")]
    assert problems(path)[0].params["header"] == "完成时限"


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (41.5, "41.5"), ("41.5", "41.5"), ("４１．５", "41.5"), (" 41 ", "41"), ("41%", "41"),
        ("４１％", "41"), ("-3", "-3"), (0, "0"), ("1 000", "1000"),
    ],
)  # fmt: skip
def test_a_number_is_understood_as_text_too(tmp_path: Path, written: Any, number: str) -> None:
    cells = {BASELINE: written, ("阶段目标", "H2"): 2000}
    plan = read(with_cells(tmp_path / "p.xlsx", cells))
    assert str(plan.goals[0].baseline) == number


def test_thousands_are_understood(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("阶段目标", "H2"): "１２，０００"})
    assert read(path).goals[0].target == Decimal(12000)


@pytest.mark.parametrize("written", ["明显提升", "≤489", "41件", "NaN", "1e999999x", True, "--"])
def test_k36_words_are_no_number(tmp_path: Path, written: Any) -> None:
    path = with_cells(tmp_path / "p.xlsx", {BASELINE: written})
    assert places(path) == [("阶段目标", 2, "G", "cell.not_a_number")]


def test_a_percent_cell_counts_in_percent(tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    assert read(percent(path, 0.41)).goals[0].baseline == Decimal(41)
    assert read(percent(path, 0.07)).goals[0].baseline == Decimal(7)


def percent(path: Path, value: float) -> Path:
    from openpyxl import load_workbook  # noqa: PLC0415 -- only this helper formats a cell

    book = load_workbook(with_cells(path, {BASELINE: value}))
    book["阶段目标"]["G2"].number_format = "0.0%"
    book.save(path)
    return path


def test_a_percentage_under_another_unit_is_settled_by_a_person(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {BASELINE: "41%", UNIT_OF_MEASURE: "件"})
    assert places(path) == [("阶段目标", 2, "G", "cell.percent_unit")]


@pytest.mark.parametrize("written", ["一", 0, -1, 1.5, "1.5", "10%", True])
def test_a_phase_number_is_a_whole_number_from_one(tmp_path: Path, written: Any) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("阶段", "A2"): written})
    assert places(path) == [("阶段", 2, "A", "cell.not_a_count")]


@pytest.mark.parametrize(
    "written", ["U 01", "Ｕ０１", " U01 ", "U01 市政务服务中心", "市政务服务中心"]
)
def test_a_unit_is_named_by_code_or_name_or_both(tmp_path: Path, written: str) -> None:
    plan = read(with_cells(tmp_path / "p.xlsx", {LEAD: written}))
    assert plan.tasks[0].lead_unit == "U01"


@pytest.mark.parametrize(
    "written", ["U03、U15", "U03，U15", "U03；\nU15", "市自然资源局, U15 市营商环境局"]
)
def test_a_list_may_be_separated_in_any_usual_way(tmp_path: Path, written: str) -> None:
    plan = read(with_cells(tmp_path / "p.xlsx", {ASSISTING: written}))
    assert plan.tasks[0].assisting_units == ("U03", "U15")


def test_a_name_that_several_bear_is_not_guessed(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {LEADER: "主要负责人"})
    assert places(path) == [("任务清单", 2, "J", "cell.ambiguous")]
    assert problems(path)[0].params["candidates"] == "U01-L1、U02-L1、U03-L1、U15-L1"


def test_a_code_that_stands_twice_is_one_unit_when_named(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("单位", "A4"): "U01", ("单位", "B4"): "另一个"})
    assert ("单位", 4, "A", "fault.duplicate_code") in places(path)


def test_a_unit_without_a_name_is_known_by_its_code(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("单位", "B4"): None})
    assert places(path) == [("单位", 4, "B", "cell.missing")]


def test_a_code_beside_another_units_name_is_refused(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {LEAD: "U01 市市场监督管理局"})
    assert places(path) == [("任务清单", 2, "H", "cell.name_mismatch")]


def test_a_name_nobody_bears_is_an_unknown_unit(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {ASSISTING: "U03、市水务局"})
    assert places(path) == [("任务清单", 2, "I", "fault.unknown_unit")]
    assert problems(path)[0].params["unit"] == "市水务局"


@pytest.mark.parametrize(
    ("written", "kept"),
    [("是", True), ("√", True), ("否", False), ("ｎｏ", False), (True, True), (None, False)],
)
def test_yes_and_no_in_the_usual_words(tmp_path: Path, written: Any, kept: bool) -> None:
    plan = read(with_cells(tmp_path / "p.xlsx", {("任务清单", "S2"): written}))
    assert plan.tasks[0].keep_rest_day is kept


def test_a_flag_that_is_neither_is_refused(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("任务清单", "S2"): "看情况"})
    assert places(path) == [("任务清单", 2, "S", "cell.not_a_flag")]


def test_closed_lists_take_chinese_words_and_codes(tmp_path: Path) -> None:
    cells = {
        ("任务清单", "T2"): "“硬骨头”",
        ("任务清单", "T3"): "hard_bone",
        ("人员", "C4"): "作风办",
    }
    plan = read(with_cells(tmp_path / "p.xlsx", cells))
    assert {task.difficulty for task in plan.tasks} == {Difficulty.HARD_BONE}
    assert plan.people[2].role is Role.OFFICE


def test_a_word_outside_the_list_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("任务清单", "T2"): "硬骨"})
    (problem,) = problems(path)
    assert problem.code == "cell.not_a_choice"
    assert problem.params["suggestion"] == "硬骨头"
    assert "系统" not in str(problem.params["choices"])


@pytest.mark.parametrize("written", ["B 零一", "任务一", "x" * 65])
def test_a_code_is_short_and_plain(tmp_path: Path, written: str) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("实施方案条款", "A3"): written})
    assert ("实施方案条款", 3, "A", "cell.not_a_code") in places(path)


def test_a_code_stored_as_a_number_is_a_code(tmp_path: Path) -> None:
    cells = {("实施方案条款", "A2"): 1.0, ("任务清单", "U2"): 1}
    plan = read(with_cells(tmp_path / "p.xlsx", cells))
    assert (plan.clauses[0].no, plan.tasks[0].clauses) == ("1", ("1",))


def test_former_units_carry_the_day_of_leaving(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("人员", "F2"): "U02 2018-05-01；U03（2017年1月31日）"})
    assert read(path).people[0].former_units == (
        FormerUnit(unit="U02", left_on=date(2018, 5, 1)),
        FormerUnit(unit="U03", left_on=date(2017, 1, 31)),
    )


@pytest.mark.parametrize("written", ["U02", "U02 去年", "市二局 2018-05-01"])
def test_a_former_unit_without_its_day_is_refused(tmp_path: Path, written: str) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("人员", "F2"): written})
    assert places(path) == [("人员", 2, "F", "cell.not_a_former_unit")]


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("字" * 4001, "cell.too_long"),
        (True, "cell.not_text"),
        ("#REF!", "cell.error_value"),
        (" 　\n", "cell.missing"),
    ],
)
def test_text_is_text(tmp_path: Path, written: Any, code: str) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("任务清单", "F2"): written})
    assert places(path) == [("任务清单", 2, "F", code)]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (2019, "2019"),
        (4.5, "4.5"),
        (AFTERNOON, "2019-06-28"),
        ("　压减\r\n会议 ", "压减\n会议"),
    ],
)
def test_other_content_of_a_text_cell_becomes_text(tmp_path: Path, written: Any, text: str) -> None:
    plan = read(with_cells(tmp_path / "p.xlsx", {("任务清单", "F2"): written}))
    assert plan.tasks[0].problem == text


def test_a_message_shows_a_long_cell_cut(tmp_path: Path) -> None:
    (problem,) = problems(with_cells(tmp_path / "p.xlsx", {BASELINE: "大" * 200}))
    assert problem.params["said"] == "大" * 60 + "…"


def test_a_cell_that_could_not_be_read_hides_what_only_follows_from_it(tmp_path: Path) -> None:
    cells: dict[Place, Any] = {("任务清单", "B2"): None, LEAD: None, ("阶段", "D2"): "六月底"}
    assert places(with_cells(tmp_path / "p.xlsx", cells)) == [
        ("阶段", 2, "D", "cell.not_a_date"),
        ("任务清单", 2, "B", "cell.missing"),
        ("任务清单", 2, "H", "cell.missing"),
        ("阶段目标", 2, "B", "fault.unknown_task"),
        ("阶段目标", 3, "B", "fault.unknown_task"),
    ]


def test_k18_a_task_with_an_empty_basis_is_named(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "p.xlsx", {("任务清单", "U2"): None})
    assert places(path) == [
        ("实施方案条款", 2, "A", "fault.clause_not_covered"),
        ("任务清单", 2, "U", "fault.task_without_clause"),
    ]


def test_the_right_plan_is_read_whole(tmp_path: Path) -> None:
    assert read(with_cells(tmp_path / "p.xlsx", {})) == a_plan()
