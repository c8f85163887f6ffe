"""`duban campaign rehearse`: the page, the table, the file, and the status by what was foreseen."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from duban.rehearsal import RehearsalReport
from duban.workbook import write_plan
from tests.cli.world import NO, World
from tests.support.builders import Desk, a_plan, shanghai


def told(kind: str, desk: Desk) -> list[dict[str, Any]]:
    """Return the objects of a kind as a campaign left them."""
    found: dict[str, dict[str, Any]] = {}
    for event in desk.events:
        for change in event.changes:
            if change.kind == kind:
                found.setdefault(change.id, {}).update(change.after)
    return list(found.values())


def a_report(**changes: Any) -> RehearsalReport:
    """A rehearsal of the builders' campaign up to the middle of phase 1."""
    desk = Desk().implementing().at("2019-05-14")
    clash = {"deadline": "D0001", "due_on": "2019-04-08", "kind": "right_after_holiday"}
    fields: dict[str, Any] = {
        "no": NO,
        "title": "营商环境专项整治",
        "script": "按方案推进",
        "script_en": "As planned",
        "stage": "implement",
        "milestones": [
            {"on": "2019-03-04", "tag": "campaign:stage:entered", "label": "plan"},
            {"on": "2019-03-29", "tag": "campaign:gate:signed", "label": "G1"},
        ],
        "deadlines": told("deadline", desk),
        "notices": told("notice", desk),
        **{name: {} for name in ("tasks", "goals", "rungs")},
        **dict.fromkeys(("refusals", "surprises", "findings"), ()),
        "late_notices": 0,
        "clashes": [clash],
        "verdicts": [{"says": "没有一项逾期", "says_en": "", "met": True, "seen": 0}],
        "events": len(desk.events),
        "entries_checked": 5,
    }
    return RehearsalReport(**{**fields, **changes})


@pytest.fixture
def world(tmp_path: Path) -> World:
    write_plan(a_plan(), tmp_path / "plan.xlsx")
    world = World(home=tmp_path)
    world.rehearsal = a_report()
    return world


def plan_of(world: World) -> str:
    return str(world.home / "plan.xlsx")


def test_the_page_shows_milestones_deadlines_notices_and_the_verdict(world: World) -> None:
    answer = world.call("campaign", "rehearse", plan_of(world), "--lang", "zh")

    assert answer.status == 0
    assert answer.out.startswith("BE-2019  营商环境专项整治  按方案推进")
    for words in (
        "2019-03-29  签署关口  关口一 方案→实施",
        "进入阶段  方案",
        "紧接假期",
        "阶段目标",
    ):
        assert words in answer.out
    assert "✓  没有一项逾期 (0)" in answer.out
    assert answer.out.endswith("推演与预期一致。\n")


def test_the_problems_of_a_story_are_counted(world: World) -> None:
    assert "problems" not in world.call("campaign", "rehearse", plan_of(world)).out

    world.rehearsal = a_report(problems={"registered": 2, "signed_off": 1, "red": 1})
    answer = world.call("campaign", "rehearse", plan_of(world))

    assert "problems 2: signed off 1, reopened 0, yellow cards 0, red cards 1" in answer.out


def test_notices_are_gathered_by_day_and_rung(world: World) -> None:
    lines = world.call("campaign", "rehearse", plan_of(world)).out.splitlines()

    [gathered] = [line for line in lines if line.startswith("2019-03-08   assigned")]
    assert gathered.split()[2:] == ["8", "T-01,", "T-02,", "U01,", "U02"]


def test_the_line_of_the_whole_period_has_a_sign_per_place(world: World) -> None:
    lines = world.call("campaign", "rehearse", plan_of(world)).out.splitlines()

    at = next(i for i, line in enumerate(lines) if line.startswith("milestones"))
    assert lines[at].count("◆") == 2
    assert "●" in lines[at + 1]
    assert "·" in lines[at + 2]
    assert lines[at + 3].split() == ["2019-03-04", "2019-09-27"]


def test_the_plan_its_calendar_and_the_script_are_played(world: World) -> None:
    world.call("campaign", "rehearse", plan_of(world), "--script", "stories/st4.yaml")

    [(plan, calendar, script)] = world.rehearsed
    assert plan == a_plan()
    assert calendar.first_on < date(2019, 3, 4)
    assert script == Path("stories/st4.yaml")


def test_dates_of_every_deadline_as_json_and_csv(world: World) -> None:
    page = json.loads(world.call("campaign", "rehearse", plan_of(world), "-o", "json").out)
    rows = world.call("campaign", "rehearse", plan_of(world), "-o", "csv").out.splitlines()

    assert page["held"] is True
    assert {each["current_due_on"] for each in page["deadlines"]} >= {"2019-06-28", "2019-09-27"}
    assert rows[0].startswith("id,code,object_type")
    assert len(rows) == len(page["deadlines"]) + 1


def test_a_workbook_of_the_deadlines(world: World, tmp_path: Path) -> None:
    out = tmp_path / "dates.xlsx"

    answer = world.call("campaign", "rehearse", plan_of(world), "-o", "xlsx", "--out", str(out))

    book = load_workbook(out)
    assert answer.status == 0
    assert book.sheetnames == ["deadlines", "notices"]
    assert "phase goal" in {cell.value for cell in book["deadlines"]["B"]}
    assert "half time" in {cell.value for cell in book["notices"]["B"]}
    assert world.call("campaign", "rehearse", plan_of(world), "-o", "xlsx").status == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {
                "surprises": [
                    {
                        "at": shanghai("2019-05-06"),
                        "step": "claim_goal",
                        "expected": "accepted",
                        "answer": "goal.below_target",
                    }
                ]
            },
            "2019-05-06 claim_goal: expected accepted, got goal.below_target",
        ),
        ({"findings": ["PARSE x"]}, "trail: PARSE x"),
        (
            {"verdicts": [{"says": "甲", "says_en": "first", "met": False, "seen": 3}]},
            "✗  first (3)",
        ),
    ],
)
def test_what_was_not_foreseen_is_told_and_decides_the_status(
    world: World, changes: dict[str, Any], said: str
) -> None:
    world.rehearsal = a_report(**changes)

    answer = world.call("campaign", "rehearse", plan_of(world))

    assert answer.status == 1
    assert said in answer.out
    assert answer.out.endswith("It did not go as foreseen.\n")


def test_a_rehearsal_of_nothing_has_no_line(world: World) -> None:
    world.rehearsal = a_report(milestones=[], deadlines=[], notices=[], clashes=[])

    answer = world.call("campaign", "rehearse", plan_of(world))

    assert "◆" not in answer.out
    assert answer.status == 0
