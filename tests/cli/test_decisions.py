"""The table of decisions: complete, and every row makes exactly the command it names."""

import json
import shlex
from decimal import Decimal
from typing import Any, get_args

import pytest

from duban.cli.decisions import DECISIONS, Decision
from duban.cli.draw_course import DRAW_DECISIONS
from duban.domain.campaign import commands as c
from duban.domain.plan import DetailPoint
from duban.domain.roles import Role
from duban.errors import Unavailable
from duban.texts.examples import EXAMPLES
from tests.cli.world import NO, Answer, World
from tests.support.builders import Desk

ROWS = [each for each in DECISIONS if each.command is not c.SpotCheckOrder]
DIGEST = "ab" * 32


@pytest.fixture
def world() -> World:
    return World(Desk())


def sent(world: World, *words: str) -> Any:
    """Run a line that must be done, and return the command that was sent."""
    answer = world.call(*words)
    assert answer.status == 0, answer.err
    return world.sent[-1]


def test_the_table_holds_every_command() -> None:
    union = get_args(get_args(c.AnyCommand)[0])

    made = {each.command for each in (*DECISIONS, *DRAW_DECISIONS)}

    by_a_verb_of_its_own = {c.AdoptCalendar, c.RegisterProblem, c.ReportClue, c.OpenInspectionDraw}
    assert made == {*union, c.SpotCheckOrder} - by_a_verb_of_its_own


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_every_row_makes_its_command(world: World, row: Decision) -> None:
    """The example of each help page is carried out; the register lets anybody ask."""
    words = shlex.split(EXAMPLES[row.path])[1:]
    actor = words[words.index("--as") + 1]

    command = sent(world, *words, "--role", "office")

    assert type(command) is row.command
    assert command.request_id == "request-from-cli"
    assert (command.actor.id, command.actor.role) == (actor, Role.OFFICE)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.path)
def test_every_command_comes_back_from_its_json(world: World, row: Decision) -> None:
    words = shlex.split(EXAMPLES[row.path])[1:]

    command = sent(world, *words, "--role", "office")

    assert row.command.model_validate_json(command.model_dump_json()) == command


def test_the_actor_has_the_role_and_unit_of_the_register(world: World) -> None:
    command = sent(world, "task", "accept", NO, "T-01", "--as", "U01-L1")

    assert command.actor.role is Role.PRINCIPAL_LEADER
    assert command.actor.unit == "U01"


def test_a_deputy_acts_in_the_post_of_whom_he_stands_in_for(world: World) -> None:
    command = sent(
        world, "task", "accept", NO, "T-01", "--as", "U01-H1", "--on-behalf-of", "U01-L1"
    )

    assert (command.actor.id, command.actor.on_behalf_of) == ("U01-H1", "U01-L1")
    assert command.actor.role is Role.PRINCIPAL_LEADER


def test_evidence_is_read_with_its_kind_reference_and_digest(world: World) -> None:
    proofs = [f"outcome:系统:日志:{DIGEST}", "process:http://x/y", "supporting:照片"]
    given = [word for each in proofs for word in ("--evidence", each)]

    command = sent(world, "goal", "claim", NO, "T-01-P1", "--value", "52.5", *given)

    told = [(each.kind.value, each.reference, each.digest) for each in command.evidence]
    assert told == [
        ("outcome", "系统:日志", DIGEST),
        ("process", "http://x/y", None),
        ("supporting", "照片", None),
    ]
    assert command.value == Decimal("52.5")


def test_details_and_dispositions_are_read(world: World) -> None:
    plan = shlex.split("--returned --doc-no d --opinion o --detail facts=调研=报告")
    ended = ["--reason", "r", "--doc-no", "d", "--dispose", "T-01=U02:继续:推进"]

    reviewed = sent(world, "campaign", "review-plan", NO, *plan)
    terminated = sent(world, "campaign", "terminate", NO, *ended)

    assert reviewed.passed is False
    assert (reviewed.details[0].point, reviewed.details[0].reference) == (
        DetailPoint.FACTS,
        "调研=报告",
    )
    assert terminated.dispositions[0].model_dump() == {
        "task": "T-01",
        "owner": "U02",
        "disposition": "继续:推进",
    }


def test_a_successor_takes_the_unit_of_the_post(world: World) -> None:
    command = sent(
        world,
        *shlex.split(f"campaign replace-person {NO} U01-L1 --post 主要领导 --successor U01-L9"),
        *shlex.split("--successor-name 李某 --successor-title 局长 --basis-doc 任免1号"),
    )

    assert command.successor.unit == "U01"
    assert command.successor.role is Role.PRINCIPAL_LEADER
    assert command.successor.title == "局长"


def test_the_answer_says_what_stands_on_the_trail(world: World) -> None:
    answer = world.call("task", "accept", NO, "T-01", "--as", "U01-L1")

    assert "Done and on the trail: task T-01 (campaign-BE-2019 #7–#8)" in answer.out
    assert "a like case, E0001 of U02: approved" in answer.out
    assert "note: as it is" in answer.out


def test_the_answer_as_json_has_the_request_id(world: World) -> None:
    answer = world.call("task", "accept", NO, "T-01", "--request-id", "again-0001", "-o", "json")

    assert json.loads(answer.out)["request_id"] == "again-0001"
    assert json.loads(answer.out)["last_seq"] == 8
    assert world.sent[-1].request_id == "again-0001"


@pytest.mark.parametrize(
    ("option", "value", "reason"),
    [
        ("--request-id", "r1", "too short: 8 characters at least"),
        ("--request-id", "r" * 129, "too long: 128 characters at most"),
        ("--request-id", "again\n0001", "signs that are not allowed"),
        ("--as", "U01 L1", "signs that are not allowed"),
        ("--on-behalf-of", "U01 L1", "signs that are not allowed"),
        ("--delegation", "a b", "signs that are not allowed"),
    ],
)
def test_who_acts_and_the_request_are_said_in_proper_form(
    world: World, option: str, value: str, reason: str
) -> None:
    role = ("--role", "principal_leader") if value == "U01 L1" else ()

    answer = world.call("task", "accept", NO, "T-01", *role, option, value)

    assert answer.status == 2
    assert option in answer.err
    assert reason in answer.err
    assert not world.sent


def order(world: World, *more: str) -> Answer:
    words = "--theme 首问负责 --scope U01 --scope U02 --authorising-doc 授权1号 --ordering-body OF"
    return world.call("spot-check", "order", NO, *shlex.split(words), "--as", "SU-1", *more)


def test_a_spot_check_is_a_signal_without_a_receipt(world: World) -> None:
    answer, as_json = order(world), order(world, "-o", "json")

    assert answer.status == 0
    assert "duban audit list" in answer.out
    assert json.loads(as_json.out)["signal"] == "sent"
    told: Any = world.orders[0]
    assert told["scope"] == ["U01", "U02"]
    assert told["actor"]["role"] == "supervision_group"


def test_a_shape_that_cannot_be_is_wrong_usage_before_any_server_is_asked(world: World) -> None:
    world.away = Unavailable(reason="nobody there")

    value = world.call("goal", "record", NO, "T-01-P1", "--value", "many")
    gate = world.call("campaign", "sign-gate", NO, "G9", "--doc-no", "d")
    day = world.call("deadline", "remedy", NO, "D0001", "--on", "soon", "--reason", "r")

    assert (value.status, gate.status, day.status) == (2, 2, 2)
    assert "--value is wrong: “many” is not a number" in value.err
    assert "GATE is wrong: “G9” is none of the choices" in gate.err
    assert "--on is wrong" in day.err
    assert world.sent == []
