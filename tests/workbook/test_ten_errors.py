"""A workbook with ten different errors gives ten problems, each at its cell, and no plan."""

from datetime import date
from pathlib import Path

import pytest

from duban.texts.plan import PLAN_TEXTS
from duban.workbook import PlanFileInvalid
from tests.workbook.files import places, problems, read, with_cells

TEN = {
    ("专项", "B9"): "三月四日",
    ("阶段", "C2"): date(2019, 4, 6),
    ("单位", "D4"): "市外经贸局",
    ("人员", "C2"): "书记",
    ("任务清单", "H3"): None,
    ("任务清单", "E2"): "全市各单位进一步提高",
    ("任务清单", "R2"): date(2019, 6, 30),
    ("阶段目标", "G3"): "明显提升",
    ("阶段目标", "H5"): 12,
    ("五个要细", "B4"): None,
}


def test_ten_errors_are_ten_problems_each_at_its_cell(tmp_path: Path) -> None:
    assert places(with_cells(tmp_path / "ten.xlsx", TEN)) == [
        ("专项", 9, "B", "cell.not_a_date"),
        ("阶段", 2, "C", "fault.on_rest_day"),
        ("单位", 4, "D", "fault.unknown_unit"),
        ("人员", 2, "C", "cell.not_a_choice"),
        ("任务清单", 2, "E", "fault.vague_target"),
        ("任务清单", 2, "R", "fault.on_rest_day"),
        ("任务清单", 3, "H", "cell.missing"),
        ("阶段目标", 3, "G", "cell.not_a_number"),
        ("阶段目标", 5, "H", "fault.target_not_beyond_baseline"),
        ("五个要细", 4, "B", "cell.missing"),
    ]


def test_nothing_comes_out_of_a_file_with_errors(tmp_path: Path) -> None:
    path = with_cells(tmp_path / "ten.xlsx", TEN)
    with pytest.raises(PlanFileInvalid) as invalid:
        read(path)
    assert invalid.value.code == "plan_file.invalid"
    assert invalid.value.params == {"file": "ten.xlsx", "count": 10}


def test_every_problem_can_be_said_in_both_languages(tmp_path: Path) -> None:
    for problem in problems(with_cells(tmp_path / "ten.xlsx", TEN)):
        for sentence in PLAN_TEXTS[problem.code]:
            assert "{" not in sentence.format(**problem.params)
