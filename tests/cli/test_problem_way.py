"""`duban problem show`: the states a problem was in, on whose desk, for how many working days."""

import json

import pytest

from tests.cli.world import World
from tests.support.builders import Desk, a_calendar
from tests.support.problems import NO as PROBLEM
from tests.support.problems import ProblemDesk


@pytest.fixture
def world() -> World:
    found = World(Desk().planned())
    found.calendars = [a_calendar()]
    found.problem = ProblemDesk(no=PROBLEM).rectifying()
    found.now = found.problem.at("2019-05-06").now
    return found


def test_st1_the_way_is_drawn_with_desks_and_working_days(world: World) -> None:
    lines = world.call("problem", "show", PROBLEM, DUBAN_LANG="zh").out.splitlines()
    start = lines.index("  办理过程：")

    way = [" ".join(line.split()) for line in lines[start + 1 : start + 7]]
    assert way[0] == "● 发现登记 2019-04-24 0 个工作日 专项组"
    assert way[2].startswith("● 交办 2019-04-24 0 个工作日 U03")
    # From Wednesday 24 April to Monday 6 May, two Sundays of them worked.
    assert way[5] == "◉ 整改中 2019-04-24 ━━━━━━━ 7 个工作日 U03"


def test_the_way_is_told_as_json_and_ends_without_a_desk(world: World) -> None:
    world.problem = ProblemDesk(no=PROBLEM).signed_off()
    told = json.loads(world.call("problem", "show", PROBLEM, "-o", "json").out)["way"]

    assert [each["state"] for each in told][-2:] == ["signed_off", "watched"]
    assert (told[-1]["until"], told[-1]["desk"]) == (None, "office")
    assert all(each["working_days"] is not None for each in told)


def test_days_that_no_calendar_reaches_are_not_counted_and_long_ways_are_drawn_shorter(
    world: World,
) -> None:
    world.now = ProblemDesk().at("2019-12-30").now
    long = world.call("problem", "show", PROBLEM, DUBAN_LANG="en").out
    assert max(line.count("━") for line in long.splitlines()) == 24

    world.calendars = []
    assert "— working days" in world.call("problem", "show", PROBLEM, DUBAN_LANG="en").out
