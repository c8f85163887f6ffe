"""The way of a clue: one table of states, three levels, four handlings, a route by nature."""

from typing import Any

import pytest

from duban.domain.clue import commands as c
from duban.domain.clue.clue import HANDLERS
from duban.domain.clue.tables import MOVES, ROUTES, STATE_OF
from duban.domain.clue.words import ClueNature, ClueState, Handling, Receiver
from duban.domain.entity.command import Command
from duban.domain.entity.given import LinkedProblem, LinkedRegister
from duban.domain.entity.refusals import require_move
from duban.domain.errors import Code, RuleViolation
from tests.support.clues import NO, ClueDesk, a_package, a_result

PROBLEM = "BE-2019-0042"


@pytest.mark.parametrize("new", ClueState)
@pytest.mark.parametrize("old", ClueState)
def test_a_move_that_the_table_does_not_hold_is_refused(old: ClueState, new: ClueState) -> None:
    if new in MOVES[old]:
        require_move(MOVES, old, new, NO)
        return
    with pytest.raises(RuleViolation) as why:
        require_move(MOVES, old, new, NO)
    assert why.value.code is Code.STATE_ORDER


def test_every_state_can_be_reached_and_only_a_closed_clue_is_at_its_end() -> None:
    reached = {ClueState.REPORTED}.union(*MOVES.values())

    assert reached == set(ClueState)
    assert [state for state in ClueState if not MOVES[state]] == [ClueState.CLOSED]
    assert set(STATE_OF) == set(Handling)


def test_g7_every_nature_has_its_route() -> None:
    assert {nature.value: receiver.value for nature, receiver in ROUTES.items()} == {
        "conduct": "ledger",
        "discipline": "discipline_body",
        "duty_crime": "supervision_commission",
        "other_crime": "judicial_body",
        "personnel": "personnel_body",
        "professional": "competent_department",
    }


def test_a_clue_goes_from_report_to_answer_and_its_stream_is_closed() -> None:
    desk = ClueDesk()
    desk.do(c.AcknowledgeClue, "OF-1")
    desk.closed()

    assert [tag for tag in desk.tags if not tag.startswith("deadline:")] == [
        "clue:reported",
        "clue:acknowledged",
        "clue:written",
        "clue:triaged",
        "clue:triaged",
        "clue:decided",
        "clue:transferred",
        "receipt:recorded",
        "result:recorded",
        "reporter:told",
        "clue:closed",
        "stream:closed",
    ]
    assert desk.events[-1].detail["count"] == len(desk.events)
    assert desk.clue.next_alarm(now=desk.now) is None
    with pytest.raises(RuleViolation) as late:
        desk.do(c.FlagRetaliation, "SU-1", fact="调岗")
    assert late.value.code is Code.STAGE_NOT_LIVE


def test_the_state_is_the_fold_of_what_was_said() -> None:
    desk = ClueDesk().answered()

    told = desk.clue.restored(desk.events)

    assert told.clue == desk.clue.state.clue
    assert told.deadline == desk.clue.state.deadline
    with pytest.raises(RuleViolation):
        desk.clue.restored(desk.events[1:])


def test_where_the_trail_went_another_way_the_clue_follows_it() -> None:
    desk = ClueDesk().written()
    other = desk.fork()
    on_trail = len(desk.events) - 1
    desk.clue.recorded(on_trail)
    other.do(c.AcknowledgeClue, "OF-1")
    told = other.events[on_trail:]

    desk.clue.follow(told, now=desk.now)

    assert desk.state == "acknowledged"
    assert desk.tags == ["trail:followed"]


@pytest.mark.parametrize(
    ("handling", "state"),
    [
        (Handling.SELF_CHECK, "self_check"),
        (Handling.TRANSFER, "transfer_due"),
        (Handling.KEEP, "kept"),
        (Handling.CONCLUDE, "concluded"),
    ],
)
def test_d6_the_four_handlings(handling: Handling, state: str) -> None:
    assert ClueDesk().decided(handling=handling).state == state


def test_what_is_checked_by_ourselves_has_a_result_and_an_answer() -> None:
    desk = ClueDesk().decided(handling=Handling.SELF_CHECK)

    assert desk.resulted("SU-1").answered().state == "answered"
    assert desk.record.result.entered_by == "SU-1"


def test_what_was_kept_may_be_taken_up_again_by_the_same_people() -> None:
    desk = ClueDesk().decided(handling=Handling.KEEP)
    assert desk.clue.state.deadline == {}

    desk.screened()

    assert (desk.state, len(desk.record.opinions)) == ("screened", 1)


def test_a_clue_of_conduct_becomes_a_problem_and_both_name_each_other() -> None:
    desk = ClueDesk().decided(nature=ClueNature.CONDUCT)
    known = LinkedProblem(no=PROBLEM, source="clue", source_ref=NO)
    desk.clue.be_given(LinkedRegister(problem=known))

    desk.do(c.LinkProblem, "OF-2", problem=PROBLEM)

    assert (desk.state, desk.record.problem) == ("ledgered", PROBLEM)
    assert desk.answered().closed().record.is_over


@pytest.mark.parametrize(
    "known",
    [
        None,
        LinkedProblem(no=PROBLEM, source="clue", source_ref="BE-2019-C0002"),
        LinkedProblem(no=PROBLEM, source="hotline", source_ref=NO),
        LinkedProblem(no="BE-2019-0043", source="clue", source_ref=NO),
    ],
)
def test_a_problem_that_does_not_name_the_clue_is_not_its_own(known: Any) -> None:
    desk = ClueDesk().decided(nature=ClueNature.CONDUCT)
    desk.clue.be_given(LinkedRegister(problem=known))

    assert desk.refused(c.LinkProblem, problem=PROBLEM).code is Code.CLUE_SOURCE


def test_g7_a_package_goes_to_who_is_competent_and_to_nobody_else() -> None:
    desk = ClueDesk().decided(nature=ClueNature.DISCIPLINE)

    why = desk.refused(c.TransferClue, **a_package())
    assert (why.code, why.params["wanted"]) == (Code.CLUE_ROUTE, "discipline_body")
    assert desk.refused(c.LinkProblem, problem=PROBLEM).code is Code.CLUE_ROUTE

    desk.do(c.TransferClue, "OF-2", **a_package(receiver=Receiver.DISCIPLINE_BODY))
    assert desk.record.package.feedback_on.isoformat() == "2019-07-24"


def test_a_problem_of_conduct_goes_to_the_ledger_by_its_number_and_not_by_a_package() -> None:
    desk = ClueDesk().decided(nature=ClueNature.CONDUCT)

    why = desk.refused(c.TransferClue, **a_package(receiver=Receiver.LEDGER))

    assert (why.code, why.params["field"]) == (Code.REASON_MISSING, "problem")


def test_what_the_receiver_sends_back_is_judged_anew() -> None:
    desk = ClueDesk().received(accepted=False)

    assert (desk.state, desk.record.returns, desk.record.package) == ("acknowledged", 1, None)
    assert desk.clock("DL19") is None
    assert desk.clock("DL17A") is not None
    assert desk.decided(nature=ClueNature.DISCIPLINE).state == "transfer_due"


STEPS: dict[type[Command], dict[str, Any]] = {
    c.TriageClue: {"nature": "duty_crime", "handling": "transfer", "opinion": "-"},
    c.DecideClue: {"nature": "duty_crime", "handling": "keep", "reason": "-", "doc_no": "-"},
    c.TransferClue: a_package(),
    c.RecordReceipt: {"accepted": True, "signed_by": "DX-1", "receipt": "-"},
    c.RecordResult: a_result(),
    c.TellReporter: {"words": "-", "channel": "-"},
    c.CloseClue: {"opinion": "-"},
    c.AcknowledgeClue: {},
    c.LinkProblem: {"problem": PROBLEM},
}
HEARD_IN: dict[type[Command], set[str]] = {
    c.AcknowledgeClue: {"reported"},
    c.TriageClue: {"reported", "acknowledged", "screened", "kept"},
    c.DecideClue: {"reviewed"},
    c.TransferClue: {"transfer_due"},
    c.LinkProblem: {"transfer_due"},
    c.RecordReceipt: {"transferred"},
    c.RecordResult: {"received", "self_check"},
    c.TellReporter: {"result_known", "ledgered", "concluded"},
    c.CloseClue: {"answered"},
}


def _scenes() -> dict[str, ClueDesk]:
    written = ClueDesk().written()
    acknowledged = written.fork()
    acknowledged.do(c.AcknowledgeClue, "OF-1")
    forks = {
        "reported": written,
        "acknowledged": acknowledged,
        "screened": written.fork().screened(),
        "reviewed": written.fork().reviewed(),
        "self_check": written.fork().decided(handling=Handling.SELF_CHECK),
        "kept": written.fork().decided(handling=Handling.KEEP),
        "concluded": written.fork().decided(handling=Handling.CONCLUDE),
        "transfer_due": written.fork().decided(),
        "transferred": written.fork().transferred(),
        "received": written.fork().received(),
        "result_known": written.fork().resulted(),
        "answered": written.fork().answered(),
    }
    assert {name: desk.state for name, desk in forks.items()} == {name: name for name in forks}
    return forks


SCENES = _scenes()


@pytest.mark.parametrize("state", SCENES)
@pytest.mark.parametrize("command", STEPS, ids=lambda each: each.__name__)
def test_a_step_is_heard_in_its_states_alone(command: type[Command], state: str) -> None:
    if state in HEARD_IN[command]:
        return
    why = SCENES[state].fork().refused(command, "OF-2", **STEPS[command])

    assert why.code is Code.STATE_ORDER


def test_every_command_has_a_handler() -> None:
    others = {c.WriteUpClue, c.FlagRetaliation, c.DesignateCustodian, c.RequestOnCase}

    assert set(HANDLERS) == set(STEPS) | others
