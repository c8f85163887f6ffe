"""The way of a problem from found to closed (domain.md d.1, d.2), a table row or rule a test."""

from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.problem import commands as c
from duban.domain.problem.tables import MOVES, SETTLED
from duban.domain.problem.words import AccessLevel, ProblemState, RectifyClass, Severity
from duban.domain.roles import Role
from tests.support.problems import ProblemDesk, a_registration


def test_d1_every_state_stands_in_the_table() -> None:
    assert set(MOVES) == set(ProblemState)
    reached = {state for states in MOVES.values() for state in states}
    assert reached == set(ProblemState) - {ProblemState.REGISTERED}
    assert set(ProblemState) > SETTLED


def test_d1_a_problem_goes_from_registered_to_watched() -> None:
    desk = ProblemDesk().signed_off()

    assert desk.record.state == "watched"
    assert [s.role for s in desk.record.signatures] == [Role.CAMPAIGN_GROUP, Role.OFFICE]
    states = [
        change.after["state"]
        for event in desk.events
        for change in event.changes
        if change.kind == "problem" and "state" in change.after
    ]
    assert states == [
        "registered",
        "triaged",
        "assigned",
        "accepted",
        "plan_review",
        "rectifying",
        "close_requested",
        "public_notice",
        "signed_off",
        "watched",
    ]


def test_st1_an_immediate_problem_assigned_on_24_april_is_due_on_30_april() -> None:
    desk = ProblemDesk()
    desk.triaged(rectify_class=RectifyClass.IMMEDIATE)
    desk.accepted()

    assert desk.record.state == "rectifying"
    assert desk.due("DL09").isoformat() == "2019-04-30"
    assert desk.clock("RPLAN") is None


def test_dl04_silence_for_one_working_day_makes_the_unit_the_owner() -> None:
    desk = ProblemDesk().assigned().at("2019-04-25", "18:00")

    assert desk.record.accepted_by == "silence"
    assert desk.record.state == "accepted"
    assert "problem:accepted_by_silence" in desk.tags


def test_k02_nothing_is_assigned_that_has_no_type() -> None:
    why = ProblemDesk().refused(
        c.AssignProblem,
        unit="U03",
        principal_leader="U03-L1",
        handler="U03-H1",
        basis_doc="交办单",
    )

    assert why.code is Code.STATE_ORDER


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("61wd", Code.DEADLINE_OVER_CAP),
        ("2019-04-24", Code.DEADLINE_IN_PAST),
        ("2019-05-01", Code.DEADLINE_ON_REST_DAY),
        ("soon", Code.SPAN_NOT_UNDERSTOOD),
    ],
)
def test_dl10_a_limit_lies_ahead_on_a_working_day_and_within_the_cap(
    limit: str, code: Code
) -> None:
    desk = ProblemDesk().triaged()

    why = desk.refused(
        c.AssignProblem,
        unit="U03",
        principal_leader="U03-L1",
        handler="U03-H1",
        basis_doc="交办单",
        limit=limit,
    )

    assert why.code is code


def test_d2_the_people_named_are_those_of_the_unit() -> None:
    desk = ProblemDesk().triaged()
    named = {"unit": "U03", "basis_doc": "交办单"}

    for people in (
        {"principal_leader": "U02-L1", "handler": "U03-H1"},
        {"principal_leader": "U03-L1", "handler": "U02-H1"},
        {"principal_leader": "U03-L1", "handler": "U03-H1", "leader_in_charge": "U02-D1"},
    ):
        why = desk.refused(c.AssignProblem, **named, **people)
        assert why.code is Code.ROLE_OUT_OF_SCOPE


def test_d1_a_return_goes_to_the_office_and_the_second_to_the_leading_group() -> None:
    desk = ProblemDesk().assigned()
    asked = {"grounds": "职责不在我局", "legal_basis": "三定规定"}
    desk.do(c.RequestProblemReturn, "U03-H1", **asked, proposed_unit="U02")
    due = desk.due("DL10")
    assert desk.clock("DL05").holder == Role.OFFICE

    desk.do(c.AdjudicateProblemReturn, "OF-1", upheld=False, reason="职责在你局")
    assert desk.record.state == "assigned"
    assert desk.due("DL10") == due

    desk.do(c.RequestProblemReturn, "U03-H1", **asked)
    why = desk.refused(c.AdjudicateProblemReturn, upheld=False, reason="再次")
    assert why.code is Code.ROLE_NOT_PERMITTED
    assert desk.clock("DL05").holder == Role.LEADING_GROUP


def test_k89_a_return_that_is_upheld_gives_the_problem_to_another_unit_with_its_own_date() -> None:
    desk = ProblemDesk().assigned()
    desk.do(c.RequestProblemReturn, "U03-H1", grounds="非我局职责", legal_basis="三定规定")
    desk.at("2019-04-25", "11:00")
    assert desk.refused(c.AdjudicateProblemReturn, upheld=True, reason="改派").params["missing"]

    desk.do(
        c.AdjudicateProblemReturn,
        "OF-1",
        upheld=True,
        reason="改派",
        new_unit="U02",
        new_leader="U02-L1",
        new_handler="U02-H1",
    )

    assert desk.record.unit == "U02"
    assert desk.clock("DL10").holder == "U02"
    assert desk.clock("DL04").holder == "U02"


def test_dl05_nobody_assigns_past_a_unit_s_request_to_return() -> None:
    desk = ProblemDesk().assigned()
    desk.do(c.RequestProblemReturn, "U03-H1", grounds="非我局职责", legal_basis="三定规定")
    to: dict[str, Any] = {"unit": "U02", "principal_leader": "U02-L1", "handler": "U02-H1"}

    why = desk.refused(c.AssignProblem, "OF-1", **to, basis_doc="-")

    assert (why.code, desk.record.unit) == (Code.STATE_ORDER, "U03")


def test_d1_an_adjudication_needs_a_return() -> None:
    why = ProblemDesk().assigned().refused(c.AdjudicateProblemReturn, upheld=False, reason="-")

    assert why.code is Code.STATE_ORDER


def test_k91_an_assisting_unit_has_its_own_date_and_its_lateness_is_its_own() -> None:
    desk = ProblemDesk().triaged()
    asked = {"unit": "U02", "matter": "提供接口", "limit": "3wd"}
    desk.assigned(assisting=(asked,), limit="30wd").rectifying().at("2019-05-08")

    assert desk.clock("K91", "U02").breach_level == 2
    assert desk.record.breach_level == 0
    key = desk.evidence()
    desk.do(c.ConcludeAssistance, "CG-1", unit="U02", evidence=(key,))
    assert desk.clock("K91") is None
    assert desk.record.assisting[0].done_on is not None
    why = desk.refused(c.ConcludeAssistance, "CG-1", unit="U02", evidence=(key,))
    assert why.code is Code.UNIT_UNKNOWN


def test_k91_a_unit_does_not_assist_itself() -> None:
    desk = ProblemDesk().triaged()
    fields = {"principal_leader": "U03-L1", "handler": "U03-H1", "basis_doc": "交办单"}

    why = desk.refused(
        c.AssignProblem, unit="U03", assisting=({"unit": "U03", "matter": "-"},), **fields
    )

    assert why.code is Code.UNIT_UNKNOWN


def test_d1_a_plan_that_is_returned_is_owed_again_and_the_date_stays() -> None:
    desk = ProblemDesk().accepted().planned()
    due = desk.due("DL10")
    why = desk.refused(c.ReviewRectificationPlan, "U03-L1", passed=True, opinion="-")
    assert why.code is Code.ROLE_NOT_PERMITTED

    desk.do(c.ReviewRectificationPlan, "CG-1", passed=False, opinion="没有数字")

    assert desk.record.state == "accepted"
    assert desk.record.plan_returns == 1
    assert desk.clock("RPLAN") is not None
    assert desk.due("DL10") == due


def test_d3_a_plan_needs_the_signature_of_the_principal_leader() -> None:
    desk = ProblemDesk().accepted()

    why = desk.refused(
        c.SubmitRectificationPlan,
        "U03-H1",
        measures=("-",),
        outcome={
            "name": "-",
            "unit": "-",
            "baseline": 1,
            "target": 0,
            "data_source": "-",
        },
        signed_by="U03-H1",
    )

    assert why.code is Code.SIGNATURE_MISSING


def test_d1_what_is_found_untrue_is_disproved_on_evidence() -> None:
    desk = ProblemDesk()
    key = desk.evidence()
    desk.triaged().do(c.DisproveProblem, "CG-1", reason="监控显示在岗", evidence=(key,))

    assert desk.record.state == "disproved"
    desk.do(c.ReopenProblem, "OF-1", reason="新的证据", source_ref="来信5号")
    assert desk.record.state == "reopened"
    assert desk.record.recurrence_no == 1


def test_d1_a_duplicate_is_merged_and_its_clocks_stop() -> None:
    desk = ProblemDesk().assigned()
    assert desk.refused(c.MergeProblem, into=desk.record.no, reason="重复").params["missing"]

    desk.do(c.MergeProblem, "OF-1", into="BE-2019-0002", reason="同一事项")

    assert desk.record.state == "merged"
    assert desk.problem.state.deadline == {}


def test_d1_a_matter_of_another_body_is_transferred_with_letter_and_receipt() -> None:
    desk = ProblemDesk().assigned()
    desk.do(
        c.TransferProblem,
        "OF-1",
        to="市监委",
        letter="移送函1号",
        receipt="回执1号",
        reason="涉嫌职务犯罪",
    )

    assert desk.record.state == "transferred"
    assert desk.said("problem:transferred")[0].detail["receipt"] == "回执1号"


def test_c3_another_campaign_may_watch_and_one_stays_the_owner() -> None:
    desk = ProblemDesk()
    desk.do(c.WatchProblem, "OF-1", campaign="RL-2019")

    assert desk.record.watchers == ("RL-2019",)
    for known in ("RL-2019", "BE-2019"):
        assert desk.refused(c.WatchProblem, campaign=known).code is Code.COMMAND_MALFORMED


def test_d1_what_is_confidential_gets_no_public_notice() -> None:
    desk = ProblemDesk().triaged(access_level=AccessLevel.CONFIDENTIAL).rectifying()
    desk.verified()

    assert desk.record.state == "verifying"
    for by in ("CG-1", "OF-1"):
        desk.do(c.CloseProblem, by, opinion="同意")
    assert desk.record.state == "watched"
    assert "notice:over" not in desk.tags


@pytest.mark.parametrize("about", [{"hard_bone": True}, {"severity": Severity.MAJOR}])
def test_b3_a_hard_or_major_problem_is_signed_by_the_leading_group_too(
    about: dict[str, object],
) -> None:
    desk = ProblemDesk(a_registration()).triaged(**about).signed_off()

    assert desk.record.state == "public_notice"
    desk.do(c.CloseProblem, "LG-1", opinion="同意")
    assert desk.record.state == "watched"


def test_k25_ten_quiet_working_days_are_stagnation_and_an_action_ends_it() -> None:
    desk = ProblemDesk().rectifying().at("2019-05-12")

    assert desk.record.stagnant
    desk.proven()
    assert not desk.record.stagnant
