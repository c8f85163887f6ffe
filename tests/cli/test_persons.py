"""`duban problem persons`: whom a problem is about, to those who may read the trail (d.2)."""

import json

import pytest

from duban.domain.problem import commands as c
from tests.cli.world import World
from tests.support.builders import Desk
from tests.support.problems import ProblemDesk

PROBLEM = "BE-2019-0042"
POST = "窗口负责人"


@pytest.fixture
def world() -> World:
    world = World(Desk())
    world.problem = ProblemDesk(no=PROBLEM).rectifying()
    world.problem.do(c.NamePerson, "SU-1", post=POST, person="U03-H1")
    return world


@pytest.mark.parametrize(("by", "sees"), [("SU-1", True), ("CG-1", True), ("U03-L1", False)])
def test_d2_persons_are_shown_by_the_right_to_read_and_that_is_recorded(
    world: World, by: str, sees: bool
) -> None:
    answer = world.call("problem", "persons", PROBLEM, "--as", by, DUBAN_LANG="zh")

    assert (POST in answer.out) is sees
    assert answer.status == (0 if sees else 3)
    [reading] = world.readings
    assert reading.outcome == ("accepted" if sees else "rejected")
    assert reading.detail["surface"] == "problem.persons"


def test_d2_no_list_and_no_picture_of_problems_holds_them(world: World) -> None:
    lines = [
        ("problem", "list", "-o", "json"),
        ("problem", "show", PROBLEM),
        ("problem", "show", PROBLEM, "-o", "json"),
        ("problem", "show", PROBLEM, "-o", "csv"),
        ("notice", "list", "-o", "json"),
        ("evidence", "list", PROBLEM),
    ]

    assert not [each for each in lines if POST in world.call(*each).out]


def test_d2_persons_of_another_problem_are_not_told(world: World) -> None:
    told = json.loads(world.call("problem", "persons", PROBLEM, "-o", "json").out)

    assert [each["id"] for each in told] == [f"{PROBLEM}/H01"]
    missing = world.call("problem", "persons", "BE-2019-0099")
    assert (missing.status, world.readings[1:]) == (4, [])
