"""Exit statuses by class of error; code, sentence and next step on standard error."""

import pytest

from duban.cli.errors import AuditBroken, Status, UsageFault, status_of
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change
from duban.domain.roles import Role
from duban.errors import AlreadyExists, DubanError, NotFound, Unavailable
from duban.stack.errors import StackError
from duban.store.errors import DatabaseUnavailable, SchemaNewer, TrailConflict
from tests.cli.world import NO, World, called
from tests.support.builders import Desk

ACCEPT = ("task", "accept", NO, "T-01", "--as", "U01-L1")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UsageFault("usage.no_actor"), Status.USAGE),
        (RuleViolation(Code.GATE_UNMET), Status.REFUSED),
        (NotFound("campaign.not_found", no="X"), Status.NOT_FOUND),
        (AlreadyExists("campaign.already_exists", no="X"), Status.CONFLICT),
        (Unavailable("temporal.unreachable", address="x"), Status.UNAVAILABLE),
        (DatabaseUnavailable(reason="x"), Status.UNAVAILABLE),
        (StackError("stack.not_running", home="x"), Status.UNAVAILABLE),
        (StackError("stack.server_unreachable", server="x"), Status.UNAVAILABLE),
        (AuditBroken(count=1), Status.AUDIT_BROKEN),
        (TrailConflict(stream="s", seq=1), Status.AUDIT_BROKEN),
        (StackError("stack.port_taken", port=1), Status.ERROR),
        (SchemaNewer(migration="x"), Status.ERROR),
        (DubanError(reason="x"), Status.ERROR),
    ],
)
def test_the_class_of_an_error_decides_the_status(error: Exception, status: Status) -> None:
    assert status_of(error) is status


def test_a_refusal_shows_code_sentence_and_next_step() -> None:
    world = World(Desk())
    world.answer = RuleViolation(Code.GATE_UNMET, gate="G1", unmet=["G1.6: T-01"])

    english, chinese = world.call(*ACCEPT), world.call(*ACCEPT, "--lang", "zh")

    assert english.status == chinese.status == 3
    assert english.err.startswith("gate.unmet  Gate G1 is not met: G1.6 every task is accepted")
    assert "duban campaign gate" in english.err
    assert chinese.err.startswith("gate.unmet  关口 G1 条件未满足：G1.6 任务全部签收 (T-01)")
    assert english.out == ""


def test_an_answer_that_did_not_come_names_the_request_id() -> None:
    world = World(Desk())
    world.answer = Unavailable("temporal.pending", request_id="request-from-cli")

    answer = world.call(*ACCEPT)

    assert answer.status == 6
    assert "--request-id request-from-cli" in answer.err


def test_a_campaign_that_is_not_there() -> None:
    answer = World(Desk()).call("task", "accept", "XX-2019", "T-01")

    assert answer.status == 4
    assert "campaign.not_found" in answer.err


def test_nobody_acts() -> None:
    answer = World(Desk()).call("task", "accept", NO, "T-01", DUBAN_ACTOR="")

    assert answer.status == 2
    assert "--as PERSON" in answer.err


def test_an_unknown_person_is_refused_and_one_with_a_claimed_role_is_sent_on() -> None:
    world = World(Desk())

    alone = world.call("task", "accept", NO, "T-01", "--as", "X-1")
    claimed = world.call("task", "accept", NO, "T-01", "--as", "X-1", "--role", "liaison")

    assert (alone.status, claimed.status) == (3, 0)
    assert "actor.unknown" in alone.err
    assert world.sent[-1].actor.unit is None


def test_a_person_of_several_roles_must_choose() -> None:
    desk = Desk()
    held = desk.campaign.state.person["CG-1:campaign_group"]
    second = held.model_copy(update={"role": Role.OFFICE})
    change = Change(kind="person", id=second.key, after=second.plain())
    told = desk.events[0]
    desk.events[0] = told.model_copy(update={"changes": (*told.changes, change)})

    answer = World(desk).call("task", "accept", NO, "T-01", "--as", "CG-1")

    assert answer.status == 2
    assert "CG-1 holds several roles" in answer.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("task", "accept", NO), "TASK is missing"),
        (("task", "accept", NO, "T-01", "--what"), "There is no option --what"),
        (("task", "acept", NO), "acept"),
        (("calendar", "show", "soon"), "YEAR is wrong"),
        (("task", "list", "--limit", "0"), "--limit is wrong"),
        (("task", "list", "-o", "xml"), "There is no output format “xml”"),
        (("audit", "list", "--since", "soon"), "“soon” is no date"),
        (("task", "list", "--lang", "fr"), "There is no language “fr”"),
        (("task", "accept", NO, "T-01", "--role", "king"), "There is no role “king”"),
        (("task", "claim", NO, "T-01", "--result", "r", "--evidence", "words"), "outcome:REF"),
        (
            [
                "campaign",
                "review-plan",
                "X",
                "--passed",
                "--doc-no",
                "d",
                "--opinion",
                "o",
                "--detail",
                "facts",
            ],
            "POINT=REFERENCE",
        ),
        (
            ["campaign", "terminate", "X", "--reason", "r", "--doc-no", "d", "--dispose", "T-01"],
            "TASK=OWNER",
        ),
    ],
)
def test_wrong_usage(words: tuple[str, ...], said: str) -> None:
    answer = World(Desk()).call(*words)

    assert answer.status == 2
    assert said in answer.err
    assert answer.out == ""


def test_wrong_usage_in_chinese() -> None:
    answer = World(Desk()).call("task", "accept", NO, "T-01", "--what", "--lang=zh")

    assert answer.err.startswith("没有选项 --what")


def test_words_after_a_bare_double_dash_are_not_options() -> None:
    answer = World(Desk()).call("task", "accept", NO, "T-01", "--", "--lang", "zh")

    assert answer.status == 2
    assert "Wrong usage" in answer.err


def test_settings_that_are_wrong_are_told_in_one_line() -> None:
    answer = called(("version",), {"DUBAN_TEMPORAL_PORT": "many"}, World().services)

    assert answer.status == 1
    assert answer.err.startswith("settings.invalid  环境变量 DUBAN_TEMPORAL_PORT 有误")
