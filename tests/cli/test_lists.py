"""Lists and single objects: what is shown, in which format, cut and aligned how."""

import csv
import io
import json
from collections.abc import Sequence

import pytest
from rich.cells import cell_len

from duban.cli.output import Column, Destination, Format, Row, show_rows, words_of
from duban.cli.session import Session, console
from duban.settings import Settings
from duban.texts import Language
from tests.cli.world import NO, World
from tests.support.builders import Desk, shanghai


@pytest.fixture(scope="module")
def world() -> World:
    """Phase 1 runs; both goals of it are a month away and one unit is late."""
    desk = Desk().implementing()
    return World(desk.at("2019-06-26"))


def rows(world: World, *words: str) -> list[dict[str, object]]:
    answer = world.call(*words, "-o", "json")
    assert answer.status == 0, answer.err
    found: list[dict[str, object]] = json.loads(answer.out)
    return found


def test_tasks_by_unit_and_state(world: World) -> None:
    assert [row["no"] for row in rows(world, "task", "list")] == ["T-01", "T-02"]
    assert [row["no"] for row in rows(world, "task", "list", "--unit", "U02")] == ["T-02"]
    assert rows(world, "task", "list", "--state", "closed") == []
    assert rows(world, "task", "list", "--campaign", "XX") == []


def test_goals_by_phase_and_task(world: World) -> None:
    found = rows(world, "goal", "list", "--phase", "1", "--task", "T-02")

    assert [row["id"] for row in found] == ["T-02-P1"]


def test_units_people_and_extensions(world: World) -> None:
    assert {row["code"] for row in rows(world, "unit", "list")} >= {"U01", "U15", "OF"}
    assert [row["id"] for row in rows(world, "person", "list", "--role", "office")] == [
        "OF-1",
        "OF-2",
    ]
    assert rows(world, "extension", "list") == []


def test_open_deadlines_have_lights_and_days_left(world: World) -> None:
    found = rows(world, "deadline", "list", "--code", "DL08")

    assert {(row["light"], row["days_left"]) for row in found} == {("amber", 2)}


def test_deadlines_of_every_status_and_by_date(world: World) -> None:
    everything = rows(world, "deadline", "list", "--status", "all")
    early = rows(world, "deadline", "list", "--due-until", "2019-06-28")

    assert {row["status"] for row in everything} == {"open", "met"}
    assert {row["light"] for row in everything if row["status"] == "met"} == {"done"}
    assert {row["current_due_on"] for row in early} == {"2019-06-28"}


def test_notices_newest_first_by_person_rung_and_day(world: World) -> None:
    found = rows(world, "notice", "list", "--to", "U01-H1", "--rung", "T-3")
    since = rows(world, "notice", "list", "--since", "2019-06-20", "--until", "2019-06-26")
    times = [str(row["sent_at"]) for row in since]

    assert found
    assert {row["recipient"] for row in found} == {"U01-H1"}
    assert times == sorted(times, reverse=True)


def test_a_list_that_is_cut_says_so(world: World) -> None:
    answer = world.call("notice", "list", "--limit", "2")

    assert len(answer.out.splitlines()) == 4
    assert "The first 2 of" in answer.err


def test_nothing_found_is_said_and_is_no_error(world: World) -> None:
    answer = world.call("extension", "list")

    assert (answer.status, answer.out) == (0, "")
    assert answer.err == "Nothing fits.\n"


def test_one_task_goal_and_deadline(world: World) -> None:
    task = world.call("task", "show", NO, "T-01", "--lang", "zh")
    goal = world.call("goal", "show", NO, "T-01-P1", "-o", "csv")
    deadlines = rows(world, "deadline", "list", "--code", "DL08")
    deadline = world.call("deadline", "show", NO, str(deadlines[0]["id"]))

    assert "事项网上可办" in task.out
    assert "推进中" in task.out
    assert "T-01-P1" in goal.out
    assert "phase goal" in deadline.out
    assert "3 days ahead" in deadline.out


def test_an_object_that_is_not_there(world: World) -> None:
    answer = world.call("task", "show", NO, "T-99")

    assert answer.status == 4
    assert "There is no task BE-2019 T-99" in answer.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tables_are_aligned_by_cells(world: World, lang: str) -> None:
    lines = world.call("task", "list", "--lang", lang).out.splitlines()
    due = [line.index("2019-09-27") for line in lines[2:]]
    cells = {cell_len(line[:at]) for line, at in zip(lines[2:], due, strict=True)}

    assert len(lines) == 4
    assert len(cells) == 1


def test_nothing_is_cut_where_nobody_looks(world: World) -> None:
    answer = world.call("deadline", "list", "--status", "all")

    assert max(len(line) for line in answer.out.splitlines()) > 120
    assert "…" not in answer.out


def test_csv_has_the_names_of_the_trail_and_its_codes(world: World) -> None:
    found = list(csv.DictReader(io.StringIO(world.call("task", "list", "-o", "csv").out)))

    assert found[0]["state"] == "in_progress"
    assert found[0]["lead_unit"] == "U01"


def told(rows: Sequence[Row], fmt: Format) -> str:
    out = io.StringIO()
    session = Session(
        Settings(), Language.ZH, World().services, console(out), console(io.StringIO())
    )
    columns = (Column("text"), Column("list"), Column("made", shown=lambda _, row: "做"))
    show_rows(session, rows, columns, Destination(fmt))
    return out.getvalue()


def test_csv_cells_are_never_formulas_and_numbers_stay() -> None:
    rows = [{"text": text, "list": ["a", 1]} for text in ("=1+1", "@x", "-0.5", "+3", "甲")]

    cells = [row["text"] for row in csv.DictReader(io.StringIO(told(rows, Format.CSV)))]

    assert cells == ["'=1+1", "'@x", "-0.5", "+3", "甲"]


def test_csv_keeps_lists_as_json_and_makes_what_has_no_field() -> None:
    [row] = csv.DictReader(io.StringIO(told([{"text": None, "list": ["甲", 1]}], Format.CSV)))

    assert row == {"text": "", "list": '["甲", 1]', "made": "做"}


def test_square_brackets_and_colons_are_text() -> None:
    [row] = json.loads(told([{"text": "[bold] :smile:", "list": []}], Format.JSON))

    assert row["text"] == "[bold] :smile:"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "是"),
        (None, ""),
        (["甲", "乙"], "甲、乙"),
        ("2019-06-28T09:30:00Z", "2019-06-28 17:30"),
        ("2019-06-28Tomorrow and on", "2019-06-28Tomorrow and on"),
        (shanghai("2019-06-28", "17:30"), "2019-06-28 17:30"),
        (3, "3"),
    ],
)
def test_values_are_told_as_people_read_them(value: object, words: str) -> None:
    session = Session(
        Settings(),
        Language.ZH,
        World().services,
        console(io.StringIO()),
        console(io.StringIO()),
    )

    assert words_of(session, value) == words
