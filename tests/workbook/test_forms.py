"""What people see when they open a written plan or the empty form."""

from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from duban.domain.plan import PlannedGoal
from duban.workbook import Progress, read_plan, write_plan, write_template
from duban.workbook.columns import HELP_TITLE, SHEETS, TASKS, Shape
from tests.support.builders import a_goal, a_plan
from tests.workbook.files import column_of, places, read

D6 = (
    "序号", "整治重点", "具体任务", "问题靶标", "推进措施", "牵头单位", "配合单位", "责任领导",
    "责任人", "阶段", "阶段目标", "量化指标(基线/目标/现值)", "完成时限", "难度",
    "方案依据(条款)", "进展", "状态", "亮牌",
)  # fmt: skip


@pytest.fixture
def template(tmp_path: Path) -> Path:
    write_template(tmp_path / "空表.xlsx")
    return tmp_path / "空表.xlsx"


def opened(path: Path) -> Workbook:
    return load_workbook(path)


def test_k35_the_task_list_has_every_column_of_d6_in_its_order() -> None:
    headers = [column.header for column in TASKS.columns]
    assert [header for header in headers if header in D6] == list(D6)


def test_the_template_opens_and_has_every_sheet(template: Path) -> None:
    book = opened(template)
    assert book.sheetnames == [HELP_TITLE, *(spec.title for spec in SHEETS)]
    for spec in SHEETS:
        if not spec.upright:
            headers = [cell.value for cell in book[spec.title][1]]
            assert headers == [column.header for column in spec.columns]
            assert book[spec.title].freeze_panes == "A2"


def test_reading_the_empty_template_reports_what_is_missing(template: Path) -> None:
    found = places(template)
    assert ("专项", 2, "B", "cell.missing") in found
    assert ("五个要细", 6, "B", "cell.missing") in found
    assert {code for _, _, _, code in found} == {
        "cell.missing", "fault.no_phases", "fault.no_tasks", "fault.body_without_person"
    }  # fmt: skip


def test_the_template_offers_the_choices(template: Path) -> None:
    sheet = opened(template)["任务清单"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    difficulty = rules[f"{column_of(sheet, '难度')}2"]
    assert difficulty.formula1 == '"一般,硬骨头"'
    assert rules[f"{column_of(sheet, '保留休息日')}2"].formula1 == '"是,否"'
    assert rules[f"{column_of(sheet, '牵头单位')}2"].formula1 == "'单位'!$F$2:$F$1000"
    assert rules[f"{column_of(sheet, '责任人')}2"].formula1 == "'人员'!$G$2:$G$1000"
    assert difficulty.errorStyle == "warning"


def test_the_help_sheet_names_every_column_that_is_read(template: Path) -> None:
    rows = [row[:4] for row in opened(template)[HELP_TITLE].iter_rows(values_only=True)]
    for spec in SHEETS:
        for column in spec.columns:
            if column.field:
                required = "是" if column.required else "否"
                assert any(row[:3] == (spec.title, column.header, required) for row in rows)
    assert all(row[3] for row in rows if row[0] == "任务清单")


def test_every_choice_column_says_what_may_be_chosen() -> None:
    for spec in SHEETS:
        for column in spec.columns:
            assert (column.choices is not None) == (column.shape is Shape.CHOICE)


def test_a_filled_template_is_a_plan(template: Path) -> None:
    write_plan(a_plan(), template.with_name("right.xlsx"))
    right, form = opened(template.with_name("right.xlsx")), opened(template)
    for spec in SHEETS:
        rows = right[spec.title].iter_rows(min_row=2, values_only=True)
        for number, row in enumerate(rows, start=2):
            for place, value in enumerate(row, start=1):
                form[spec.title].cell(number, place).value = value
    form.save(template)
    assert read(template) == a_plan()


def test_dates_are_dates_and_codes_are_text(tmp_path: Path) -> None:
    write_plan(a_plan(), tmp_path / "p.xlsx")
    book = opened(tmp_path / "p.xlsx")
    due = book["任务清单"]["R2"]
    assert isinstance(due.value, datetime)
    assert due.number_format == "yyyy-mm-dd"
    assert book["实施方案条款"]["A2"].number_format == "@"
    assert book["任务清单"]["H2"].value == "U01 市政务服务中心"


def test_the_task_list_sums_up_phases_goals_and_measures(tmp_path: Path) -> None:
    second: PlannedGoal = a_goal("T-01", 2, id="T-01-X", measure="差错数", unit_of_measure="件")
    falls = second.model_copy(update={"direction": "down", "baseline": second.target})
    write_plan(a_plan(goals=(falls, *reversed(a_plan().goals))), tmp_path / "p.xlsx")
    sheet = opened(tmp_path / "p.xlsx")["任务清单"]
    assert [sheet[f"{letter}2"].value for letter in "AM"] == [1, "1、2"]
    assert sheet["N2"].value == ("第1阶段：网上可办率≥52%\n第2阶段：差错数≤70件，网上可办率≥70%")
    assert sheet["O2"].value == "差错数：70件 → 70件\n网上可办率：41% → 70%"


def test_a_running_campaign_shows_where_its_tasks_stand(tmp_path: Path) -> None:
    stand = {"T-02": Progress("55%", "已上线60项", "进行中", "黄牌1")}
    write_plan(a_plan(), tmp_path / "p.xlsx", stand)
    sheet = opened(tmp_path / "p.xlsx")["任务清单"]
    shown = {
        header: sheet[f"{column_of(sheet, header)}3"].value for header in ("进展", "状态", "亮牌")
    }
    assert shown == {"进展": "已上线60项", "状态": "进行中", "亮牌": "黄牌1"}
    assert str(sheet["O3"].value).endswith("现值：55%")
    assert sheet["W2"].value is None
    assert read(tmp_path / "p.xlsx") == a_plan()


def test_read_plan_and_write_plan_are_the_front_door() -> None:
    assert callable(read_plan)
