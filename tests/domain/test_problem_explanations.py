"""Explanation is not resolution: EXP1 to EXP8 of domain.md d.4, each with its own tests."""

from typing import Any

import pytest

from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import Code
from duban.domain.problem import commands as c
from duban.domain.problem.records import ReplyClass
from duban.domain.problem.tables import MOVES
from tests.support.problems import DONE, EXPLAINED, ProblemDesk

OUTCOME, PROCESS, SUPPORTING = EvidenceKind.OUTCOME, EvidenceKind.PROCESS, EvidenceKind.SUPPORTING


def dates(desk: ProblemDesk) -> dict[str, object]:
    """Return every date that is owed on the problem itself."""
    return {
        each.id: (each.current_due_on, each.due_at, each.generation, each.passed)
        for each in desk.problem.state.deadline.values()
        if each.object_type == "problem"
    }


def test_exp1_no_row_of_the_table_knows_an_explanation() -> None:
    said = {state.value for state in MOVES} | {s.value for row in MOVES.values() for s in row}

    assert not any("expla" in word for word in said)


def test_exp1_a_reply_of_words_moves_no_state_and_no_date() -> None:
    desk = ProblemDesk().rectifying()
    before = desk.record.state, dates(desk), desk.record.last_action_on

    desk.at("2019-04-25")
    desk.classified(explanation="系统升级，请予理解", requests=("请延长时限",))

    assert (desk.record.state, dates(desk), desk.record.last_action_on) == before
    assert desk.record.explanations == 1


def a_reply(desk: ProblemDesk, **said: Any) -> ReplyClass:
    """Let the unit reply and return what the machine proposes."""
    key = desk.replies(**said)
    return desk.problem.state.reply[key].proposed


@pytest.mark.parametrize(
    ("kinds", "actions", "proposed"),
    [
        ((), (), EXPLAINED),
        ((), ("已约谈窗口人员",), EXPLAINED),
        ((SUPPORTING,), ("已约谈窗口人员",), EXPLAINED),
        ((OUTCOME,), (), EXPLAINED),
        ((PROCESS,), ("已调整排班",), DONE),
        ((OUTCOME,), ("已调整排班",), DONE),
        ((SUPPORTING, OUTCOME), ("已调整排班",), DONE),
    ],
)
def test_exp2_k40_only_new_action_with_new_proof_is_substance(
    kinds: tuple[EvidenceKind, ...], actions: tuple[str, ...], proposed: ReplyClass
) -> None:
    desk = ProblemDesk().rectifying()
    keys = tuple(desk.evidence(kind) for kind in kinds)

    assert a_reply(desk, actions=actions, evidence=keys) is proposed


@pytest.mark.parametrize("words", ["", "x" * 4000, "已全部整改到位，成效显著，群众满意"])
def test_exp2_the_words_do_not_count_whatever_they_are(words: str) -> None:
    desk = ProblemDesk().rectifying()
    key = desk.evidence()

    assert a_reply(desk, actions=("上线",), evidence=(key,), explanation=words) is DONE
    assert a_reply(desk, actions=(), requests=("-",), explanation=words) is EXPLAINED


def test_exp2_what_was_said_or_shown_before_is_not_new() -> None:
    desk = ProblemDesk().rectifying()
    first, second = desk.evidence(), desk.evidence()
    assert a_reply(desk, actions=("增设顶岗",), evidence=(first,)) is DONE

    assert a_reply(desk, actions=("增设 顶岗",), evidence=(second,)) is EXPLAINED
    assert a_reply(desk, actions=("离岗告警",), evidence=(first,)) is EXPLAINED
    assert (
        a_reply(desk, measures=({"no": 1, "result": "完成"},), evidence=(desk.evidence(),)) is DONE
    )


def test_exp2_a_reply_says_something_about_measures_and_evidence_there_are() -> None:
    desk = ProblemDesk().rectifying()
    by = desk.speaker

    assert desk.refused(c.ReplyToProblem, by).code is Code.COMMAND_MALFORMED
    unknown = ({"no": 9, "result": "-"},)
    assert desk.refused(c.ReplyToProblem, by, measures=unknown).code is Code.OBJECT_NOT_FOUND
    why = desk.refused(c.ReplyToProblem, by, actions=("-",), evidence=("F99",))
    assert why.code is Code.OBJECT_NOT_FOUND


def test_exp3_the_machine_proposes_and_a_person_of_the_groups_decides() -> None:
    desk = ProblemDesk().rectifying()
    key = desk.replies()
    assert desk.problem.state.reply[key].counts is None
    asked = {"reply": key, "counts": EXPLAINED}

    for by in ("U03-L1", "U03-H1", "CO-1", "LG-1"):
        assert desk.refused(c.ClassifyReply, by, **asked).code is Code.ROLE_NOT_PERMITTED
    desk.do(c.ClassifyReply, "SU-1", **asked)
    assert desk.record.explanation_streak == 1
    assert desk.refused(c.ClassifyReply, **asked).code is Code.STATE_ORDER


def test_exp3_nobody_classifies_the_reply_of_their_own_unit() -> None:
    desk = ProblemDesk().triaged().assigned("U15")
    desk.do(c.AcceptProblem, "U15-L1")
    key = desk.replies()

    why = desk.refused(c.ClassifyReply, "CG-1", reply=key, counts=DONE)

    assert why.params["rule"] == "SOD1"


def test_exp3_a_unit_contests_once_and_somebody_else_decides_in_two_working_days() -> None:
    desk = ProblemDesk().rectifying()
    key = desk.classified()
    unfit = desk.replies()
    asked = {"reply": key, "grounds": "附有新制度"}
    desk.do(c.ContestClass, desk.speaker, **asked)
    assert desk.clock("EXP3").current_due_on.isoformat() == "2019-04-26"
    assert desk.refused(c.ContestClass, desk.speaker, **asked).code is Code.STATE_ORDER
    why = desk.refused(c.ContestClass, desk.speaker, reply=unfit, grounds="-")
    assert why.code is Code.STATE_ORDER

    word: dict[str, Any] = {"reply": key, "upheld": True, "reason": "确有新措施"}
    assert desk.refused(c.DecideContest, "CG-1", **word).params["rule"] == "EXP3"
    desk.do(c.DecideContest, "OF-1", **word)

    assert desk.problem.state.reply[key].counts is DONE
    assert desk.record.explanations == desk.record.explanation_streak == 0
    assert desk.clock("EXP3") is None
    assert desk.refused(c.DecideContest, **word).code is Code.STATE_ORDER


def test_exp3_a_contest_that_is_not_upheld_changes_nothing() -> None:
    desk = ProblemDesk().rectifying()
    key = desk.classified()
    desk.do(c.ContestClass, desk.speaker, reply=key, grounds="-")

    desk.do(c.DecideContest, "OF-1", reply=key, upheld=False, reason="仍为解释")

    assert desk.record.explanation_streak == 1


def test_exp4_st2_two_in_a_row_are_yellow_and_three_propose_red() -> None:
    desk = ProblemDesk().rectifying()
    state, owed = desk.record.state, dates(desk)
    desk.classified()
    assert desk.record.yellow_count == 0
    desk.classified()
    assert desk.record.yellow_count == 1
    assert desk.notices(rung="YELLOW_CARD", recipient="U03-L1")
    desk.classified()

    [card] = [each for each in desk.problem.state.card.values() if each.colour == "red"]
    assert (card.state, card.ground) == ("proposed", "explanation_streak")
    desk.do(
        c.DecideCard, "LG-1", card=card.id, approved=True, reason="以解释代替解决", doc_no="1号"
    )
    assert desk.record.red_count == 1
    assert desk.notices(rung="RED_CARD", recipient="U03-L1")
    assert (desk.record.state, dates(desk)) == (state, owed)


def test_exp4_a_reply_of_substance_ends_the_row() -> None:
    desk = ProblemDesk().rectifying()
    desk.classified()
    key = desk.evidence()
    desk.classified(DONE, actions=("上线",), evidence=(key,))
    desk.classified()

    assert (desk.record.explanation_streak, desk.record.explanations) == (1, 2)
    assert desk.record.yellow_count == 0


def test_exp5_outside_the_three_doors_a_reason_has_no_effect() -> None:
    desk = ProblemDesk().rectifying()
    kinds = {change.kind for event in desk.events for change in event.changes}
    before = desk.record.model_copy()

    desk.replies(explanation="不可抗力", requests=("延期", "销号", "最终答复"))

    after = desk.record.model_copy(update={"replies": before.replies})
    assert after == before
    assert "petition" not in kinds


def test_exp7_the_ratio_counts_explanations_of_all_replies() -> None:
    desk = ProblemDesk().rectifying()
    desk.classified()
    desk.classified(DONE, actions=("上线",), evidence=(desk.evidence(),))

    assert (desk.record.explanations, desk.record.replies) == (1, 2)


def test_exp8_nothing_is_proven_by_words_milestones_included() -> None:
    desk = ProblemDesk().rectifying()
    key = desk.evidence(SUPPORTING)
    made = {"successor": "U03", "reason": "需立法", "doc_no": "纪要3号"}
    desk.do(c.MakeLongTerm, "OF-1", **made)

    why = desk.refused(c.RecordMilestone, "CG-1", reached="草案", evidence=(key,))

    assert why.code is Code.EVIDENCE_INSUFFICIENT


def test_a_unit_that_talks_without_end_is_stopped_by_the_policy() -> None:
    desk = ProblemDesk().rectifying()
    for _ in range(60):
        desk.replies()

    why = desk.refused(c.ReplyToProblem, desk.speaker, explanation="再次说明")

    assert why.code is Code.OBJECT_TOO_MANY


def test_a_reply_is_heard_only_while_the_unit_has_the_matter() -> None:
    desk = ProblemDesk().triaged()

    assert desk.refused(c.ReplyToProblem, "U03-H1", explanation="-").code is not None
    closed = ProblemDesk().signed_off()
    why = closed.refused(c.ReplyToProblem, "U03-H1", explanation="-")
    assert why.code is Code.STATE_ORDER


def test_sod8_who_proposed_a_red_card_does_not_sign_it_and_sod9_void_it() -> None:
    desk = ProblemDesk().rectifying()
    for _ in range(3):
        desk.classified()
    yellow, red = desk.problem.state.card.values()
    word: dict[str, Any] = {"card": red.id, "approved": True, "reason": "-", "doc_no": "-"}
    desk.do(c.DecideCard, "LG-1", **word)
    assert desk.refused(c.DecideCard, "LG-2", **word).code is Code.STATE_ORDER
    asked = {"card": red.id, "reason": "认定有误"}
    assert desk.refused(c.VoidCard, "LG-1", **asked).params["rule"] == "SOD9"

    desk.do(c.VoidCard, "LG-2", **asked)
    desk.do(c.VoidCard, "OF-1", card=yellow.id, reason="认定有误")

    assert (desk.record.red_count, desk.record.yellow_count, desk.record.cards_score) == (0, 0, 0)
    assert desk.refused(c.VoidCard, "LG-2", **asked).code is Code.STATE_ORDER


def test_sod8_a_refused_card_counts_for_nothing() -> None:
    desk = ProblemDesk().rectifying()
    for _ in range(3):
        desk.classified()
    *_, red = desk.problem.state.card.values()

    desk.do(c.DecideCard, "LG-1", card=red.id, approved=False, reason="已在整改", doc_no="-")

    assert desk.record.red_count == 0


def test_sod8_the_supervision_group_that_raised_it_may_not_sign() -> None:
    desk = ProblemDesk().rectifying()
    for _ in range(3):
        desk.classified(by="SU-1")
    *_, red = desk.problem.state.card.values()
    word: dict[str, Any] = {"card": red.id, "approved": True, "reason": "-", "doc_no": "-"}

    assert desk.refused(c.DecideCard, "SU-1", **word).code is Code.ROLE_NOT_PERMITTED
