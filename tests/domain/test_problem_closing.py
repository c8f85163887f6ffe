"""Closing on proof: the validator d.3, verification, notice, signatures, SOD1 and SOD4."""

from typing import Any

import pytest

from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem import commands as c
from duban.domain.problem.words import AccessLevel, ProblemState
from duban.domain.roles import Role
from tests.support.builders import shanghai
from tests.support.problems import ProblemDesk, a_registration


def test_d3_everything_that_is_missing_is_named_at_once() -> None:
    desk = ProblemDesk(a_registration(from_person=True)).rectifying()

    why = desk.refused(
        c.RequestClose, desk.speaker, **desk.close_fields(sibling_scope=" ", mechanism=None)
    )

    assert why.code is Code.CLOSE_INCOMPLETE
    assert why.params["missing"] == [
        "1.measure:1",
        "1.measure:2",
        "3.outcome_evidence",
        "3.evidence_items:0/2",
        "4.sibling_scope",
        "5.mechanism",
        "7.contact",
    ]


@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"sibling_scope": ""}, "4.sibling_scope"),
        ({"mechanism": None}, "5.mechanism"),
        ({"satisfied": None}, "7.contact"),
        ({"contact_made": False}, "7.contact"),
    ],
)
def test_d3_each_point_alone_is_enough_to_refuse(changes: dict[str, Any], missing: str) -> None:
    desk = ProblemDesk(a_registration(from_person=True)).rectifying().proven()
    fields = desk.close_fields(**{"contact_made": True, "satisfied": True, **changes})

    why = desk.refused(c.RequestClose, desk.speaker, **fields)

    assert why.params["missing"] == [missing]


def test_d3_7_a_person_who_cannot_be_reached_needs_a_reason_and_no_more() -> None:
    desk = ProblemDesk(a_registration(from_person=True)).rectifying()

    desk.requested(no_contact_reason="匿名来电")

    assert desk.record.state == "close_requested"


def test_d3_5_a_mechanism_that_does_not_apply_needs_a_reason() -> None:
    desk = ProblemDesk().requested(mechanism=None, no_mechanism_reason="一次性事项")

    assert desk.record.state == "close_requested"


def test_d3_6_k09_the_principal_leader_signs() -> None:
    desk = ProblemDesk().rectifying().proven()

    why = desk.refused(c.RequestClose, desk.speaker, **desk.close_fields(signed_by="U03-H1"))

    assert why.code is Code.SIGNATURE_MISSING


def test_d3_3_evidence_from_before_the_assignment_does_not_count() -> None:
    desk = ProblemDesk().rectifying().proven()
    fork = ProblemDesk().rectifying()
    old = shanghai("2019-04-01")
    for kind in (EvidenceKind.OUTCOME, EvidenceKind.PROCESS):
        fork.evidence(kind, captured_at=old)

    assert fork.problem.state.evidence["BE-2019-0001/F01"].older
    why = fork.refused(c.RequestClose, fork.speaker, **fork.close_fields())
    assert "3.outcome_evidence" in str(why.params["missing"])
    desk.requested()


def test_d5_a_file_on_two_problems_is_flagged_and_a_newer_version_takes_its_place() -> None:
    desk = ProblemDesk().rectifying()
    first = desk.evidence(elsewhere=("BE-2019-0007",))
    second = desk.evidence(replaces=first)

    files = desk.problem.state.evidence
    assert files[first].elsewhere == ("BE-2019-0007",)
    assert files[first].superseded_by == second
    assert desk.said("evidence:added")[0].detail["flags"] == ["elsewhere"]
    fields = {"kind": "outcome", "title": "-", "digest": "0" * 64, "size": 1}
    fields |= {"media_type": "text/plain", "source": "-", "replaces": first}
    assert desk.refused(c.AddEvidence, desk.speaker, **fields).code is Code.STATE_ORDER


def test_l9_an_upload_sent_again_is_the_same_when_another_problem_has_the_file_by_now() -> None:
    desk = ProblemDesk().rectifying()
    same: dict[str, Any] = {"request_id": "upload-0001", "digest": "a" * 64}
    first = desk.evidence(**same)
    said = len(desk.events)

    assert desk.evidence(**same, elsewhere=("BE-2019-0007",)) == first
    assert len(desk.events) == said
    with pytest.raises(RuleViolation) as why:
        desk.evidence(**{**same, "digest": "b" * 64})
    assert why.value.code is Code.REQUEST_REUSED


def test_d5_a_closed_file_takes_no_more_evidence_nor_more_than_the_policy_allows() -> None:
    fields = {"kind": "outcome", "title": "-", "digest": "0" * 64, "size": 1}
    fields |= {"media_type": "text/plain", "source": "-"}
    merged = ProblemDesk().assigned()
    merged.do(c.MergeProblem, "OF-1", into="BE-2019-0002", reason="-")
    assert merged.refused(c.AddEvidence, "OF-1", **fields).code is Code.STATE_ORDER

    desk = ProblemDesk().rectifying()
    for _ in range(60):
        desk.evidence()
    assert desk.refused(c.AddEvidence, desk.speaker, **fields).code is Code.OBJECT_TOO_MANY


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"size": 10**9}, Code.EVIDENCE_TOO_LARGE),
        ({"media_type": "application/zip"}, Code.EVIDENCE_TYPE),
    ],
)
def test_d5_the_policy_says_how_large_and_of_what_type_a_file_may_be(
    changes: dict[str, Any], code: Code
) -> None:
    desk = ProblemDesk().rectifying()
    fields = {"kind": "outcome", "title": "-", "digest": "0" * 64, "size": 1}
    fields |= {"media_type": "text/plain", "source": "-"}

    assert desk.refused(c.AddEvidence, desk.speaker, **{**fields, **changes}).code is code


def test_d2_a_rejection_names_defects_and_each_is_answered_in_the_next_request() -> None:
    desk = ProblemDesk().requested()
    assert (
        desk.refused(c.VerifyProblem, "CG-1", passed=False, on_site=True, opinion="-").code
        is Code.REASON_MISSING
    )
    held = desk.clock("DL10").held_at
    desk.rejected("夜间无人", "告警未接通")

    assert desk.record.state == "rectifying"
    assert held is not None
    assert desk.clock("DL10").held_at is None
    why = desk.refused(c.RequestClose, desk.speaker, **desk.close_fields(answers=("已排夜班",)))
    assert why.params["missing"] == ["8.defect:2"]
    desk.requested(answers=("已排夜班", "已接通"))
    assert desk.record.close_requests == 2


def test_d2_the_third_rejection_proposes_a_red_card() -> None:
    desk = ProblemDesk()
    for _ in range(3):
        desk.requested(answers=("已改",)).rejected()

    assert desk.record.rejections == 3
    [card] = desk.problem.state.card.values()
    assert (card.colour, card.ground) == ("red", "rejections")


def test_k88_a_pass_has_three_scores() -> None:
    desk = ProblemDesk().requested()

    why = desk.refused(c.VerifyProblem, "CG-1", passed=True, on_site=True, opinion="-")

    assert why.code is Code.REASON_MISSING


def test_dl12_a_verification_not_done_in_five_days_is_the_group_s_breach() -> None:
    desk = ProblemDesk().requested().at("2019-05-12")

    assert desk.clock("DL12").breached_at is not None
    assert desk.clock("DL10").breached_at is None


def test_dl13_an_objection_in_the_days_of_notice_means_another_verification() -> None:
    desk = ProblemDesk().verified()
    said = {"objector": "群众张某", "grounds": "昨日仍无人"}
    assert desk.refused(c.ObjectToClose, "U03-L1", **said).params["rule"] == "SOD1"
    desk.do(c.ObjectToClose, "OF-1", **said)

    assert desk.record.state == "verifying"
    assert desk.clock("DL13") is None
    assert desk.clock("DL12") is not None
    desk.verified()
    assert desk.record.state == "public_notice"


def test_d1_nothing_is_signed_before_the_days_of_notice_are_over() -> None:
    desk = ProblemDesk().verified()

    why = desk.refused(c.CloseProblem, "OF-1", opinion="-")

    assert why.code is Code.NOTICE_RUNNING
    assert why.params["until"] == "2019-04-30"


def test_d1_what_is_being_verified_again_is_not_signed() -> None:
    desk = ProblemDesk().verified()
    desk.do(c.ObjectToClose, "OF-1", objector="群众张某", grounds="昨日仍无人")
    assert desk.refused(c.CloseProblem, "OF-1", opinion="-").code is Code.STATE_ORDER

    first = ProblemDesk().triaged(access_level=AccessLevel.CONFIDENTIAL).requested()
    first.rejected().requested(answers=("已改",))
    first.verified().do(c.CloseProblem, "OF-1", opinion="同意")
    assert first.record.signatures


def test_d1_late_work_stays_late_when_it_is_closed() -> None:
    desk = ProblemDesk().rectifying().at("2019-05-29").proven()
    desk.requested().signed_off()

    closed = [
        change.after
        for event in desk.events
        for change in event.changes
        if change.kind == "deadline" and change.after.get("status") == "met"
    ]
    assert any(str(each.get("met_at")).startswith("2019-05-29") for each in closed)
    assert desk.record.breach_level == 2


@pytest.mark.parametrize(
    ("by", "code"),
    [
        ("U03-L1", Code.ROLE_NOT_PERMITTED),
        ("U03-H1", Code.ROLE_NOT_PERMITTED),
        ("IN-1", Code.ROLE_NOT_PERMITTED),
        ("SU-1", Code.ROLE_NOT_PERMITTED),
        ("CO-1", Code.ROLE_NOT_PERMITTED),
        ("LG-1", Code.ROLE_NOT_PERMITTED),
    ],
)
def test_b3_row_16_nobody_else_signs(by: str, code: Code) -> None:
    desk = ProblemDesk().verified().at("2019-05-07", "18:00")

    assert desk.refused(c.CloseProblem, by, opinion="-").code is code


def test_sod1_the_unit_that_asked_neither_verifies_nor_signs() -> None:
    desk = ProblemDesk().triaged().assigned("U15").rectifying("OF-1").requested()
    word: dict[str, Any] = {"passed": False, "on_site": True, "opinion": "-", "defects": ("-",)}

    assert desk.refused(c.VerifyProblem, "CG-1", **word).params["rule"] == "SOD1"
    desk.verified("OF-1").at("2019-05-07", "18:00")
    assert desk.refused(c.CloseProblem, "CG-1", opinion="-").params["rule"] == "SOD1"


def test_sod1_one_person_gives_one_signature() -> None:
    desk = ProblemDesk().verified().at("2019-05-07", "18:00")
    desk.do(c.CloseProblem, "CG-1", opinion="同意")

    assert desk.refused(c.CloseProblem, "CG-1", opinion="-").code is Code.STATE_ORDER
    assert desk.refused(c.CloseProblem, "CG-2", opinion="-").code is Code.STATE_ORDER


def test_sod4_st11_where_the_supervision_group_leads_it_does_not_sign() -> None:
    desk = ProblemDesk(lead_body=Role.SUPERVISION_GROUP).verified("OF-2").at("2019-05-07", "18:00")

    for by in ("SU-1", "CG-1"):
        assert desk.refused(c.CloseProblem, by, opinion="-").params["rule"] == "SOD4"
    desk.do(c.CloseProblem, "CO-1", opinion="同意")
    desk.do(c.CloseProblem, "OF-1", opinion="同意")
    assert desk.record.state == ProblemState.WATCHED


def test_d1_no_act_out_of_its_state() -> None:
    desk = ProblemDesk().rectifying()
    word: dict[str, Any] = {"passed": False, "on_site": True, "opinion": "-", "defects": ("-",)}

    assert desk.refused(c.VerifyProblem, "CG-1", **word).code is Code.STATE_ORDER
    assert desk.refused(c.CloseProblem, opinion="-").code is Code.STATE_ORDER
    assert desk.refused(c.ObjectToClose, objector="-", grounds="-").code is Code.STATE_ORDER
