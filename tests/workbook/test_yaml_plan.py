"""Plans as YAML: text is read as text, and every wrong value has its line and key."""

from pathlib import Path

import pytest

from duban.workbook import yaml_plan
from duban.workbook.yaml_plan import write_yaml
from tests.support.builders import a_plan
from tests.workbook.files import places, problems, read


@pytest.fixture
def source(tmp_path: Path) -> Path:
    write_yaml(a_plan(), tmp_path / "plan.yaml")
    return tmp_path / "plan.yaml"


def edited(source: Path, old: str, new: str) -> Path:
    text = source.read_text("utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), "utf-8")
    return source


def line_of(source: Path, words: str) -> int:
    return next(
        number
        for number, line in enumerate(source.read_text("utf-8").splitlines(), start=1)
        if words in line
    )


def test_the_written_form_is_plain(source: Path) -> None:
    text = source.read_text("utf-8")
    assert "launch_on: 2019-03-04" in text
    assert "baseline: 41\n" in text
    assert "clauses: [C1]" in text
    assert "&id" not in text


def test_wrong_values_have_their_line_and_key(source: Path) -> None:
    edited(source, "launch_on: 2019-03-04", "launch_on: 三月四日")
    edited(source, "baseline: 41", "baseline: 很低")
    edited(source, "role: leading_group", "role: 书记")
    assert places(source) == [
        ("campaign", line_of(source, "三月四日"), "launch_on", "cell.not_a_date"),
        ("people", line_of(source, "书记"), "role", "cell.not_a_choice"),
        ("goals", line_of(source, "很低"), "baseline", "cell.not_a_number"),
    ]


def test_a_value_left_out_is_missing_at_its_object(source: Path) -> None:
    line = line_of(source, "focus: 政务服务")
    edited(source, "focus: 政务服务", "core_duty: ~")
    assert places(source) == [("tasks", line - 1, "focus", "cell.missing")]


def test_what_the_rules_find_has_its_line_too(source: Path) -> None:
    edited(source, "due_on: 2019-09-27", "due_on: 2019-06-30")
    line = line_of(source, "2019-06-30")
    assert places(source) == [("tasks", line, "due_on", "fault.on_rest_day")]


def test_chinese_words_do_as_well(source: Path) -> None:
    edited(source, "difficulty: normal", "difficulty: 一般")
    edited(source, "launch_on: 2019-03-04", "launch_on: 2019年3月4日")
    assert read(source) == a_plan()


def test_text_is_never_turned_into_something_else(source: Path) -> None:
    edited(source, "title: 事项网上可办", "title: no")
    assert read(source).tasks[0].title == "no"


def test_unknown_and_double_keys_are_reported_with_the_nearest(source: Path) -> None:
    edited(source, "focus: 政务服务", "focus: 政务服务\n    focus: 再来\n    measure: 无")
    line = line_of(source, "再来")
    assert places(source) == [
        ("tasks", line, "focus", "column.twice"),
        ("tasks", line + 1, "measure", "column.unknown"),
    ]
    assert problems(source)[1].params["suggestion"] == "measures"


def test_unknown_double_and_missing_sections_are_reported(source: Path) -> None:
    edited(source, "details:", "detail:")
    text = source.read_text("utf-8")
    source.write_text(text + "goals: []\n", "utf-8")
    found = {(sheet, column, code) for sheet, _, column, code in places(source)}
    assert found == {
        ("", "detail", "column.unknown"),
        ("", "goals", "column.twice"),
        ("details", "", "sheet.missing"),
    }


def test_a_structure_where_text_belongs_is_refused(source: Path) -> None:
    edited(source, "focus: 政务服务", "focus: {a: b}")
    edited(source, "clauses: [C2]", "clauses: [[C2]]")
    edited(source, "must_plan: true", "must_plan: {}")
    assert [code for *_, code in places(source)] == ["cell.not_text"] * 3


def test_an_entry_that_is_no_object_is_refused(source: Path) -> None:
    edited(source, "details:\n", "details:\n  - 都做到了\n")
    assert ("details", line_of(source, "都做到了"), "", "cell.not_text") in places(source)


@pytest.mark.parametrize("section", ["campaign", "tasks", "people"])
@pytest.mark.parametrize("content", ["~", "无", "[]", "{}"])
def test_a_section_may_hold_anything_without_a_crash(
    source: Path, section: str, content: str
) -> None:
    lines = source.read_text("utf-8").splitlines()
    start = lines.index(f"{section}:")
    end = next(
        (n for n in range(start + 1, len(lines)) if not lines[n].startswith(" ")), len(lines)
    )
    lines[start:end] = [f"{section}: {content}"]
    source.write_text("\n".join(lines), "utf-8")
    assert any(sheet == section or column for sheet, _, column, _ in places(source))


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        ("campaign: [}", 1, "file.not_yaml"),
        ("a: b\n\tc: d", 2, "file.not_yaml"),
        ("- a\n- b", 0, "file.no_plan_sheets"),
        ("", 0, "file.no_plan_sheets"),
        ("三: 月", 0, "file.no_plan_sheets"),
    ],
)
def test_what_is_no_plan_is_one_problem(tmp_path: Path, content: str, line: int, code: str) -> None:
    path = tmp_path / "p.yaml"
    path.write_text(content, "utf-8")
    assert places(path) == [("", line, "", code)]


def test_other_encodings_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.yaml"
    path.write_bytes("campaign: 专项".encode("gb18030"))
    assert places(path) == [("", 0, "", "file.not_yaml")]


def test_more_rows_than_the_limit_are_refused(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_plan, "MAX_ROWS", 20)
    line = line_of(source, "people:") + 1
    assert places(source) == [("people", line, "", "sheet.too_long")]
