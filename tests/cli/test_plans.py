"""`duban plan`: a file looked over, and moved to another year."""

import json
from datetime import date
from pathlib import Path

import pytest

from duban.domain.policy import PolicyVersion
from duban.seeds import published_calendar
from duban.workbook import read_plan, write_plan
from tests.cli.world import World
from tests.support.builders import a_goal, a_plan, shanghai


@pytest.fixture
def sound(tmp_path: Path) -> str:
    write_plan(a_plan(), tmp_path / "sound.xlsx")
    return str(tmp_path / "sound.xlsx")


@pytest.fixture
def faulty(tmp_path: Path) -> str:
    goals = (a_goal(due_on=date(2019, 6, 29)), a_goal("T-02"), a_goal("T-99", 2))
    write_plan(a_plan(goals=goals), tmp_path / "faulty.xlsx")
    return str(tmp_path / "faulty.xlsx")


def test_a_sound_plan(sound: str) -> None:
    table = World().call("plan", "check", sound)
    told = World().call("plan", "check", sound, "-o", "json")

    assert table.out == (
        "BE-2019 营商环境专项整治: no fault. Units 5, phases 2, tasks 2, goals 4.\n"
    )
    assert json.loads(told.out)["problems"] == []


def test_every_fault_with_sheet_row_column_and_reason(faulty: str) -> None:
    table = World().call("plan", "check", faulty)
    rows = json.loads(World().call("plan", "check", faulty, "-o", "json").out)

    assert table.status == 3
    assert "fault.on_rest_day" in table.out
    assert {row["code"] for row in rows} >= {"fault.on_rest_day", "fault.unknown_task"}
    assert all(row["sheet"] and row["reason"] for row in rows)


def test_a_file_that_is_not_there() -> None:
    answer = World().call("plan", "check", "nowhere.xlsx", "--lang", "zh")

    assert answer.status == 3
    assert "nowhere.xlsx" in answer.out + answer.err


def test_a_plan_moved_to_2027_keeps_its_distances(sound: str, tmp_path: Path) -> None:
    world = World()
    world.now = shanghai("2026-11-22")
    out = tmp_path / "next.xlsx"

    answer = world.call("plan", "shift", sound, str(out), "--launch", "2027-03-01")

    plan = read_plan(out, calendar=published_calendar(2026, 2029), policy=PolicyVersion())
    assert answer.status == 0
    assert plan.no == "BE-2027"
    assert plan.launch_on == date(2027, 3, 1)
    assert "not published" in answer.err


def test_a_launch_on_a_rest_day_is_refused_with_the_days_beside_it(sound: str) -> None:
    answer = World().call("plan", "shift", sound, "x.xlsx", "--launch", "2026-03-01")

    assert answer.status == 3
    assert "2026-02-28" in answer.err
    assert "2026-03-02" in answer.err
