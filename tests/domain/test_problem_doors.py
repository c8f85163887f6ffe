"""The three formal doors of EXP5: objection to fact, extension or clock stop, final answer."""

from datetime import date
from typing import Any

import pytest

from duban.domain.entity.command import ReasonClass
from duban.domain.entity.records import EvidenceKind, Extension, ExtensionState
from duban.domain.errors import Code
from duban.domain.problem import commands as c
from duban.domain.problem.state import Register
from duban.domain.problem.words import FinalGround
from duban.domain.roles import Role
from tests.support.builders import proof
from tests.support.problems import ProblemDesk


def objected(desk: ProblemDesk) -> str:
    """Let the unit object to the facts; return the petition's id."""
    key = desk.evidence()
    fields: dict[str, Any] = {"reason": "当时在岗", "evidence": (key,), "signed_by": "U03-L1"}
    return desk.do(c.ObjectToFact, desk.speaker, **fields).object_id


def test_exp5_an_objection_to_fact_that_is_upheld_disproves_the_problem() -> None:
    desk = ProblemDesk().rectifying()
    key = objected(desk)

    desk.do(c.DecideObjection, "OF-1", petition=key, upheld=True, reason="监控属实")

    assert desk.record.state == "disproved"
    assert desk.problem.state.deadline == {}
    why = desk.refused(c.DecideObjection, petition=key, upheld=True, reason="-")
    assert why.code is Code.STATE_ORDER


def test_exp5_an_objection_that_is_not_upheld_leaves_everything_as_it_was() -> None:
    desk = ProblemDesk().rectifying()
    due = desk.due("DL10")
    desk.do(c.DecideObjection, "OF-1", petition=objected(desk), upheld=False, reason="不成立")

    assert desk.record.state == "rectifying"
    assert desk.due("DL10") == due


def test_exp5_who_judged_the_facts_first_does_not_review_them() -> None:
    desk = ProblemDesk()
    desk.do(
        c.TriageProblem,
        "OF-1",
        problem_type="inaction",
        rectify_class="time_limited",
        target="-",
    )
    desk.rectifying()
    key = objected(desk)

    why = desk.refused(c.DecideObjection, "OF-1", petition=key, upheld=False, reason="-")

    assert why.params["rule"] == "EXP5"


def test_exp5_a_door_asks_for_proof_signature_and_one_petition_at_a_time() -> None:
    desk = ProblemDesk().rectifying()
    key = desk.evidence()
    asked: dict[str, Any] = {"reason": "-", "evidence": (key,), "signed_by": "U03-L1"}
    unsigned = {**asked, "signed_by": "U03-H1"}
    assert desk.refused(c.ObjectToFact, desk.speaker, **unsigned).code is Code.SIGNATURE_MISSING
    absent = {**asked, "evidence": ("F9",)}
    assert desk.refused(c.ObjectToFact, desk.speaker, **absent).code is Code.OBJECT_NOT_FOUND

    desk.do(c.ObjectToFact, desk.speaker, **asked)

    assert desk.refused(c.ObjectToFact, desk.speaker, **asked).code is Code.STATE_ORDER


def final(desk: ProblemDesk, **changes: Any) -> str:
    """Let the unit ask for a final answer; return the petition's id."""
    fields: dict[str, Any] = {
        "ground": FinalGround.UNLAWFUL,
        "reason": "违反上位法",
        "evidence": (desk.evidence(),),
        "signed_by": "U03-L1",
        "sealed": True,
    }
    return desk.do(c.RequestFinalAnswer, desk.speaker, **{**fields, **changes}).object_id


def test_exp6_a_final_answer_is_reviewed_by_the_group_and_approved_by_the_office() -> None:
    desk = ProblemDesk().rectifying()
    key = final(desk)
    word = {"petition": key, "approved": True, "reason": "同意"}
    assert desk.refused(c.DecideFinalAnswer, "OF-1", **word).code is Code.STATE_ORDER
    desk.do(c.ReviewFinalAnswer, "CG-1", petition=key, passed=True, opinion="属实")
    again = desk.refused(c.ReviewFinalAnswer, "CG-1", petition=key, passed=True, opinion="-")
    assert again.code is Code.STATE_ORDER

    desk.do(c.DecideFinalAnswer, "OF-1", **word)

    assert desk.record.state == "final_answered"
    desk.do(c.ReopenProblem, "OF-1", reason="新证据", source_ref="来信9号")
    assert desk.record.state == "reopened"


@pytest.mark.parametrize("passed", [True, False])
def test_exp6_a_final_answer_may_be_refused_by_either(passed: bool) -> None:
    desk = ProblemDesk().rectifying()
    key = final(desk)
    desk.do(c.ReviewFinalAnswer, "CG-1", petition=key, passed=passed, opinion="-")
    if passed:
        desk.do(c.DecideFinalAnswer, "OF-1", petition=key, approved=False, reason="可以办到")

    assert desk.record.state == "rectifying"
    assert desk.problem.state.petition[key].upheld is False


def test_exp6_seal_outcome_evidence_and_the_right_door_are_asked_for() -> None:
    desk = ProblemDesk().rectifying()
    words = desk.evidence(EvidenceKind.SUPPORTING)
    asked: dict[str, Any] = {"ground": "unlawful", "reason": "-", "signed_by": "U03-L1"}
    by = desk.speaker
    unsealed = {**asked, "evidence": (words,)}
    assert desk.refused(c.RequestFinalAnswer, by, **unsealed).code is Code.SIGNATURE_MISSING
    why = desk.refused(c.RequestFinalAnswer, by, **unsealed, sealed=True)
    assert why.code is Code.EVIDENCE_INSUFFICIENT

    key = final(desk)
    wrong = desk.refused(c.DecideObjection, petition=key, upheld=True, reason="-")
    assert wrong.code is Code.OBJECT_NOT_FOUND


def test_exp6_who_reviewed_does_not_decide() -> None:
    desk = ProblemDesk().rectifying()
    key = final(desk)
    both = next(each for each in desk.problem.state.person.values() if each.id == "CG-1")
    office = both.model_copy(update={"role": Role.OFFICE, "unit": None})
    desk.problem.be_given(Register(people=(office,)))
    desk.do(c.ReviewFinalAnswer, "CG-1", petition=key, passed=True, opinion="-")

    why = desk.refused(
        c.DecideFinalAnswer,
        "CG-1",
        petition=key,
        approved=True,
        reason="-",
        actor={"id": "CG-1", "role": "office"},
    )

    assert why.params["rule"] in ("EXP6", "SOD1")


def asked_later(desk: ProblemDesk, on: str = "2019-05-31", **changes: Any) -> str:
    """Ask for a later date of the rectification; return the request's id."""
    fields: dict[str, Any] = {
        "deadline": desk.clock("DL10").id,
        "reason_class": ReasonClass.SYSTEM_BUILDING,
        "reason": "系统对接需要",
        "work_done": "完成一半",
        "what_differs": "接口已排期",
        "evidence": proof(EvidenceKind.PROCESS),
        "new_due_on": date.fromisoformat(on),
        "signed_by": "U03-L1",
    }
    return desk.do(c.RequestExtension, desk.speaker, **{**fields, **changes}).object_id


def test_ext3_the_first_short_one_is_the_group_s_and_moves_the_date() -> None:
    desk = ProblemDesk().rectifying()
    key = asked_later(desk)
    word = {"extension": key, "approved": True, "reason": "同意"}
    assert desk.refused(c.DecideExtension, "OF-1", **word).code is Code.EXTENSION_WRONG_DECIDER

    other = desk.fork()
    other.do(c.DecideExtension, "CG-1", **{**word, "approved": False})
    assert other.due("DL10") == date(2019, 5, 23)
    desk.do(c.DecideExtension, "CG-1", **word)

    assert desk.due("DL10") == date(2019, 5, 31)
    assert desk.clock("DL10").original_due_on == date(2019, 5, 23)
    assert desk.refused(c.DecideExtension, "CG-1", **word).code is Code.STATE_ORDER
    second = asked_later(desk, "2019-06-04")
    assert desk.problem.state.extension[second].decider is Role.OFFICE


def test_ext3_k06_a_hard_bone_goes_to_the_leading_group() -> None:
    desk = ProblemDesk().triaged(hard_bone=True).rectifying()

    assert desk.problem.state.extension[asked_later(desk)].decider is Role.LEADING_GROUP


def test_ext5_an_undecided_request_rises_and_the_clock_runs_on() -> None:
    desk = ProblemDesk().rectifying()
    key = asked_later(desk)
    desk.at("2019-04-28")

    assert desk.problem.state.extension[key].decider is Role.OFFICE
    assert desk.due("DL10") == date(2019, 5, 23)


def test_ext6_a_like_case_on_another_problem_asks_for_a_distinction() -> None:
    desk = ProblemDesk().rectifying()
    mine = desk.problem.state.extension[asked_later(desk)]
    other = Extension.model_validate(
        {
            **mine.plain(),
            "id": "BE-2019-0002/E01",
            "unit": "U02",
            "state": ExtensionState.REFUSED,
        }
    )
    desk.problem.be_given(Register(alike=(other,)))
    word = {"extension": mine.id, "approved": True, "reason": "同意"}

    assert desk.refused(c.DecideExtension, "CG-1", **word).code is Code.EXTENSION_UNEQUAL
    receipt = desk.do(c.DecideExtension, "CG-1", **word, distinction="对方未列计划")
    assert receipt.notes == ("similar:BE-2019-0002/E01:U02:refused",)


def test_ext1_the_clock_of_a_body_is_not_put_off() -> None:
    desk = ProblemDesk().requested()
    fields: dict[str, Any] = {
        "deadline": desk.clock("DL12").id,
        "reason_class": "other",
        "reason": "-",
        "work_done": "-",
        "what_differs": "-",
        "evidence": proof(EvidenceKind.PROCESS),
        "new_due_on": date(2019, 6, 3),
        "signed_by": "U03-L1",
    }

    why = desk.refused(c.RequestExtension, desk.speaker, **fields)

    assert why.code is Code.OBJECT_NOT_FOUND


def test_ext1_a_clock_that_has_stopped_for_good_is_not_put_off() -> None:
    desk = ProblemDesk().requested()
    key = asked_later(desk)
    desk.verified().at("2019-05-07", "18:00")
    for by in ("CG-2", "OF-1"):
        desk.do(c.CloseProblem, by, opinion="-")
    decider = desk.problem.state.extension[key].decider
    by = "LG-1" if decider is Role.LEADING_GROUP else "OF-1"

    why = desk.refused(c.DecideExtension, by, extension=key, approved=True, reason="-")

    assert why.code is Code.DEADLINE_NOT_OPEN


def test_st4_ext1_after_expiry_it_is_refused_and_a_remedial_date_keeps_the_breach() -> None:
    desk = ProblemDesk().rectifying().at("2019-05-24")
    with pytest.raises(Exception, match="after_expiry"):
        asked_later(desk)

    key = desk.clock("DL10").id
    desk.do(c.SetRemedialDate, "OF-1", deadline=key, on=date(2019, 6, 3), reason="限期补救")

    clock = desk.clock("DL10")
    assert (clock.current_due_on, clock.remedial_on) == (date(2019, 6, 3), date(2019, 6, 3))
    assert clock.breached_at is not None


def test_cnt6_a_clock_stops_on_a_listed_ground_and_runs_on_later() -> None:
    desk = ProblemDesk().rectifying().at("2019-04-25")
    key = desk.clock("DL10").id
    desk.do(c.StopClock, "OF-1", deadline=key, ground="expert_review", proof="评审通知")
    desk.at("2019-05-06").do(c.ResumeClock, "OF-1", deadline=key, reason="评审结束")

    assert desk.due("DL10") == date(2019, 5, 31)
