"""`duban problem`: every row of its table, what a decision is given, and how a problem is drawn."""

import json
import shlex
from typing import Any, get_args

import pytest

from duban.cli.awaiting import PAUSES
from duban.cli.decisions import Decision
from duban.cli.problem_decisions import PROBLEM_DECISIONS
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.problem import commands as p
from duban.domain.roles import Role
from duban.texts.examples import EXAMPLES
from tests.cli.world import NO, World
from tests.support.builders import Desk
from tests.support.problems import DONE, ProblemDesk

PROBLEM = "BE-2019-0042"


@pytest.fixture
def world() -> World:
    world = World(Desk())
    world.problem = ProblemDesk(no=PROBLEM).rectifying()
    return world


def asked(world: World, *words: str) -> Any:
    """Run a line that must be done, and return what was asked."""
    answer = world.call(*words)
    assert answer.status == 0, answer.err
    return world.asked[-1][1]


def test_the_table_holds_every_command_but_that_of_evidence() -> None:
    union = get_args(get_args(p.AnyProblemCommand)[0])

    assert {each.command for each in PROBLEM_DECISIONS} == {*union} - {p.AddEvidence}


@pytest.mark.parametrize("row", PROBLEM_DECISIONS, ids=lambda row: row.path)
def test_every_row_makes_its_command_and_the_command_comes_back(
    world: World, row: Decision
) -> None:
    words = shlex.split(EXAMPLES[row.path])[1:]

    given = asked(world, *words, "--role", "office")

    assert type(given.command) is row.command
    assert world.asked[-1][0] == PROBLEM
    assert given.command.actor.role is Role.OFFICE
    assert row.command.model_validate_json(given.command.model_dump_json()) == given.command


def test_a_decision_is_given_who_acts_and_the_units_it_names(world: World) -> None:
    given = asked(world, *shlex.split(EXAMPLES["problem.assign"])[1:])

    units = {each.unit for each in given.given.people if each.role is Role.PRINCIPAL_LEADER}
    assert units == {"U02", "U03"}
    assert [each.id for each in given.given.people if each.unit is None] == ["OF-1"]


def test_a_decision_on_a_later_date_is_given_the_like_cases_of_other_problems(
    world: World,
) -> None:
    given = asked(world, *shlex.split(EXAMPLES["problem.decide-extension"])[1:])

    assert given.given.alike == ()


def test_an_assignment_is_given_what_was_signed_off_of_the_same_kind(world: World) -> None:
    world.problem = ProblemDesk(no=PROBLEM).signed_off()

    given = asked(world, *shlex.split(EXAMPLES["problem.assign"])[1:])

    [earlier] = given.given.earlier
    assert (earlier.no, earlier.signers) == (PROBLEM, ("CG-2", "OF-1"))


def test_a_problem_is_registered_with_its_campaign(world: World) -> None:
    answer = world.call(*shlex.split(EXAMPLES["problem.register"])[1:])

    assert answer.status == 0, answer.err
    [command] = world.sent
    assert isinstance(command, RegisterProblem)
    assert command.registration.unit == "U03"
    assert command.actor.role is Role.SUPERVISION_GROUP


def test_a_problem_that_is_long_in_opening_is_told_of_with_its_number(world: World) -> None:
    words = shlex.split(EXAMPLES["problem.register"])[1:]

    answer = world.call(*words, DUBAN_LANG="zh")

    assert tuple(world.outside.pauses) == PAUSES
    assert answer.err == "T-01 已编号入账，正在建立，请稍候片刻再办理。\n"

    world.problem = ProblemDesk(no="T-01")
    assert world.call(*words).err == ""
    assert tuple(world.outside.pauses) == PAUSES


FOUND = "--found-on 2019-04-17"
NAMED = "--principal-leader a --handler b --basis-doc d"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (f"register {NO} --title t --description d --source gossip {FOUND}", "usage.BadParameter"),
        (f"reply {PROBLEM} --done one", "usage.measure_done"),
        (f"verify {PROBLEM} --passed --desk --opinion o --scores 5,5", "usage.scores"),
        (f"submit-plan {PROBLEM} --measure m --outcome x --signed-by U03-L1", "usage.outcome"),
        (f"assign {PROBLEM} U03 {NAMED} --assist U02", "usage.assist"),
        ("show BE-2019-0099", "problem.not_found"),
        ("accept BE-2019-0099", "problem.not_found"),
    ],
)
def test_what_cannot_be_read_or_found_says_so(world: World, words: str, code: str) -> None:
    answer = world.call("problem", *shlex.split(words))

    assert answer.status in (2, 4)
    assert code in answer.err
    assert (world.asked, world.sent) == ([], [])


def test_problems_are_listed_by_unit_state_and_type(world: World) -> None:
    rows = json.loads(world.call("problem", "list", "--campaign", NO, "-o", "json").out)
    none = json.loads(world.call("problem", "list", "--unit", "U09", "-o", "json").out)

    assert [row["no"] for row in rows] == [PROBLEM]
    assert none == []
    table = world.call("problem", "list", DUBAN_LANG="zh").out
    assert "整改中" in table


def test_show_draws_the_way_and_what_counted(world: World) -> None:
    desk = ProblemDesk(no=PROBLEM).rectifying()
    desk.classified()
    first = desk.evidence(elsewhere=("BE-2019-0007",))
    desk.evidence(replaces=first)
    desk.classified(DONE, actions=("上线",), evidence=(first,))
    desk.replies(explanation="再次说明")
    world.problem = desk

    drawn = world.call("problem", "show", PROBLEM, DUBAN_LANG="zh").out

    assert "◉" in drawn
    assert f"✗ {PROBLEM}/R01" in drawn
    assert f"✓ {PROBLEM}/R02" in drawn
    assert "（拟认定）" in drawn
    assert "又用于 BE-2019-0007" in drawn
    assert "其中仅为解释 1 次" in drawn


def test_show_says_what_speaks_against_a_problem(world: World) -> None:
    desk = ProblemDesk(no=PROBLEM).requested().rejected("夜间无人")
    for _ in range(3):
        desk.classified()
    world.problem = desk
    drawn = world.call("problem", "show", PROBLEM, DUBAN_LANG="zh").out
    assert "核验缺项1： 夜间无人" in drawn
    assert "红牌 拟发" in drawn

    back = ProblemDesk(no=PROBLEM).signed_off()
    back.do(
        p.RecordLookBack,
        "SU-1",
        method="calls",
        passed=False,
        called=7,
        denied=4,
        deliberate=True,
        finding="不实",
    )
    world.problem = back
    again = world.call("problem", "show", PROBLEM, DUBAN_LANG="zh").out
    assert "[反弹重启]" in again
    assert "虚假整改" in again


def test_show_gives_everything_as_json_and_the_fields_as_csv(world: World) -> None:
    told = json.loads(world.call("problem", "show", PROBLEM, "-o", "json").out)
    fields = world.call("problem", "show", PROBLEM, "-o", "csv").out

    assert told["no"] == PROBLEM
    assert {"reply", "evidence", "card", "petition", "extension", "deadlines"} <= told.keys()
    assert PROBLEM in fields
