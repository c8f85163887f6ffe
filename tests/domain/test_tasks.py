"""Tasks and items: taken over, returned, worked, proven, signed off (domain.md c.4, b.4, EXP8)."""

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import TaskState
from duban.domain.campaign.tables import TASK_MOVES
from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import Code
from duban.domain.roles import Actor, Person, Role
from tests.support.builders import Desk, a_plan, a_task, people, proof, shanghai
from tests.support.cases import CASES
from tests.support.scenes import ON_TASK, OUTCOME, a_hard_bone, scene

_ADMITS = {
    c.AcceptTask: {TaskState.PENDING_ACCEPT},
    c.RequestTaskReturn: {TaskState.PENDING_ACCEPT},
    c.AdjudicateReturn: {TaskState.RETURN_PENDING},
    c.SubmitItemPlan: {TaskState.ITEM_PLAN_DUE, TaskState.REJECTED_BACK},
    c.ClaimTask: {TaskState.IN_PROGRESS, TaskState.REJECTED_BACK},
    c.VerifyTask: {TaskState.DONE_CLAIMED},
    c.CloseTask: {TaskState.VERIFIED},
    c.CancelTask: set(TaskState) - {TaskState.CLOSED, TaskState.CANCELLED},
}
_TRIED = [
    pytest.param(case, state, id=f"{case.command.__name__}-{state.value}")
    for case in CASES
    if case.command in _ADMITS
    for state in TaskState
    if state is not TaskState.SUSPENDED
]


@pytest.mark.parametrize(("case", "state"), _TRIED)
def test_c4_a_command_moves_a_task_along_its_table_only(case: Any, state: TaskState) -> None:
    desk = scene("working")
    known = desk.campaign.state.task["T-01"]
    desk.campaign.state.task["T-01"] = known.model_copy(update={"state": state})
    by = next(iter(case.roles.split()))
    who = {"PL": "U01-L1", "LG": "LG-1", "OF": "OF-1"}[by]
    if state in _ADMITS[case.command]:
        desk.do(case.command, who, **case.fields)
        now = desk.campaign.state.task["T-01"].state
        assert now is not state
    else:
        assert desk.refused(case.command, who, **case.fields).code is Code.STATE_ORDER


def test_c4_the_moves_of_the_drawing() -> None:
    t = TaskState
    started = [t.PENDING_ACCEPT, t.ACCEPTED, t.ITEM_PLAN_DUE, t.IN_PROGRESS]
    for here, there in pairwise([*started, t.DONE_CLAIMED, t.VERIFIED, t.CLOSED]):
        assert there in TASK_MOVES[here]
    for state in set(t) - {t.CLOSED, t.CANCELLED, t.SUSPENDED, t.DRAFTED}:
        assert {t.CANCELLED, t.SUSPENDED} <= TASK_MOVES[state]
    assert TASK_MOVES[t.CLOSED] == TASK_MOVES[t.CANCELLED] == frozenset()
    assert t.IN_PROGRESS in TASK_MOVES[t.REJECTED_BACK]
    assert t.CLOSED not in TASK_MOVES[t.DONE_CLAIMED]


def test_dl04_and_dl06_clocks_of_taking_over() -> None:
    desk = scene("approved")
    assert desk.deadline("T-01", "DL04").current_due_on == date(2019, 3, 11)
    desk.do(c.AcceptTask, "U01-L1", **ON_TASK)
    assert desk.campaign.state.task["T-01"].state is TaskState.ITEM_PLAN_DUE
    assert desk.campaign.state.task["T-01"].accepted_by == "U01-L1"
    assert desk.deadline("T-01", "DL06").current_due_on == date(2019, 3, 15)
    assert [e.tag for e in desk.events[-2:]] == [
        "campaign:task:accepted",
        "campaign:item_plan:called",
    ]


def test_k62_silence_for_one_working_day_makes_the_unit_the_owner() -> None:
    desk = scene("approved").at("2019-03-11", "17:29")
    assert desk.campaign.state.task["T-01"].state is TaskState.PENDING_ACCEPT
    desk.at("2019-03-11", "17:30")
    silent = desk.said("task:accepted_by_silence")
    assert [(e.object_id, e.occurred_at) for e in silent] == [
        ("T-01", shanghai("2019-03-11", "17:30")),
        ("T-02", shanghai("2019-03-11", "17:30")),
    ]
    task = desk.campaign.state.task["T-01"]
    assert (task.state, task.accepted_by) == (TaskState.ITEM_PLAN_DUE, "silence")
    assert silent[0].actor.role is Role.SYSTEM
    late = {"grounds": "非本单位职责", "legal_basis": "三定方案"}
    assert desk.refused(c.RequestTaskReturn, "U01-L1", **ON_TASK, **late).code is Code.STATE_ORDER


_RETURN = {**ON_TASK, "grounds": "非本单位职责", "legal_basis": "三定方案"}
_UPHELD = {
    **ON_TASK,
    "upheld": True,
    "reason": "职责已划转",
    "new_unit": "U02",
    "new_leader": "U02-L1",
    "new_handler": "U02-H1",
}


def test_dl05_a_return_is_adjudicated_and_sent_back() -> None:
    desk = scene("approved")
    desk.do(c.RequestTaskReturn, "U01-L1", proposed_unit="U02", **_RETURN)
    task = desk.campaign.state.task["T-01"]
    assert (task.state, task.returns, task.proposed_unit) == (TaskState.RETURN_PENDING, 1, "U02")
    assert desk.deadline("T-01", "DL05").holder == "office"
    desk.do(c.AdjudicateReturn, "OF-1", **ON_TASK, upheld=False, reason="属本单位职责")
    assert desk.campaign.state.task["T-01"].state is TaskState.PENDING_ACCEPT
    assert desk.campaign.state.task["T-01"].lead_unit == "U01"
    assert desk.deadline("T-01", "DL04").holder == "U01"


def test_c4_an_upheld_return_gives_the_task_to_its_new_owner() -> None:
    desk = scene("returned")
    desk.do(c.AdjudicateReturn, "OF-1", **_UPHELD)
    task = desk.campaign.state.task["T-01"]
    assert (task.lead_unit, task.principal_leader, task.handler) == ("U02", "U02-L1", "U02-H1")
    assert (task.leader_in_charge, task.state) == (None, TaskState.PENDING_ACCEPT)
    assert desk.deadline("T-01", "DL04").holder == "U02"
    assert desk.refused(c.AcceptTask, "U01-L1", **ON_TASK).code is Code.ROLE_OUT_OF_SCOPE
    desk.do(c.AcceptTask, "U02-L1", **ON_TASK)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"new_unit": None}, Code.COMMAND_MALFORMED),
        ({"new_leader": None}, Code.COMMAND_MALFORMED),
        ({"new_handler": None}, Code.COMMAND_MALFORMED),
        ({"new_unit": "U99"}, Code.OBJECT_NOT_FOUND),
        ({"new_leader": "U02-H1"}, Code.ACTOR_ROLE_NOT_HELD),
        ({"new_leader": "U03-L1"}, Code.ROLE_OUT_OF_SCOPE),
        ({"new_handler": "U03-H1"}, Code.ROLE_OUT_OF_SCOPE),
    ],
)
def test_c4_a_new_owner_comes_with_its_own_people(changes: dict[str, Any], code: Code) -> None:
    refusal = scene("returned").refused(c.AdjudicateReturn, **{**_UPHELD, **changes})
    assert refusal.code is code


def test_a_return_may_only_propose_a_unit_that_exists() -> None:
    refusal = scene("approved").refused(
        c.RequestTaskReturn, "U01-L1", proposed_unit="U99", **_RETURN
    )
    assert refusal.code is Code.OBJECT_NOT_FOUND


def test_k89_a_second_bounce_goes_to_the_leading_group() -> None:
    desk = scene("returned")
    desk.do(c.AdjudicateReturn, "OF-1", **_UPHELD)
    desk.do(c.RequestTaskReturn, "U02-L1", **_RETURN)
    assert desk.deadline("T-01", "DL05").holder == "leading_group"
    judged = {**ON_TASK, "upheld": False, "reason": "首办责任"}
    refusal = desk.refused(c.AdjudicateReturn, "OF-1", **judged)
    assert (refusal.code, refusal.params["held"]) == (Code.ROLE_NOT_PERMITTED, ["leading_group"])
    desk.do(c.AdjudicateReturn, "LG-1", **judged)
    assert desk.campaign.state.task["T-01"].lead_unit == "U02"


@pytest.mark.parametrize("kind", [EvidenceKind.PROCESS, EvidenceKind.SUPPORTING])
def test_k04_activity_does_not_prove_a_task_done(kind: EvidenceKind) -> None:
    claim = {**ON_TASK, "result": "已开会部署", "evidence": proof(kind)}
    refusal = scene("working").refused(c.ClaimTask, "U01-L1", **claim)
    assert refusal.code is Code.EVIDENCE_INSUFFICIENT
    check = {**ON_TASK, "passed": True, "opinion": "属实", "evidence": proof(kind)}
    refusal = scene("task_claimed").refused(c.VerifyTask, "OF-1", **check)
    assert (refusal.code, refusal.params["given"]) == (Code.EVIDENCE_INSUFFICIENT, [kind.value])


def test_a_claim_that_holds_meets_the_clock_at_the_moment_of_the_claim() -> None:
    desk = scene("task_claimed")
    assert desk.deadline("T-01", "TASK").held_at == shanghai("2019-04-01")
    check = {**ON_TASK, "passed": True, "opinion": "属实", "evidence": OUTCOME}
    desk.at("2019-04-04").do(c.VerifyTask, "OF-1", **check)
    after = {change.id: change.after for change in desk.events[-1].changes}
    assert after["D0013"]["met_at"] == "2019-04-01T02:00:00Z"
    assert after["D0013"]["status"] == "met"
    assert "D0013" not in desk.campaign.state.deadline
    assert desk.campaign.state.task["T-01"].verified_by == "OF-1"


def test_d2_rejecting_back_needs_itemised_defects_and_lets_the_clock_run_on() -> None:
    desk = scene("task_claimed")
    no = {**ON_TASK, "passed": False, "opinion": "不实"}
    assert desk.refused(c.VerifyTask, "OF-1", **no).code is Code.REASON_MISSING
    desk.do(c.VerifyTask, "OF-1", defects=("三项未上线",), **no)
    task = desk.campaign.state.task["T-01"]
    assert (task.state, task.defects, task.rejections) == (
        TaskState.REJECTED_BACK,
        ("三项未上线",),
        1,
    )
    clock = desk.deadline("T-01", "TASK")
    assert (clock.held_at, clock.is_running) == (None, True)
    desk.do(c.ClaimTask, "U01-L1", result="已整改", evidence=OUTCOME, **ON_TASK)
    desk.do(c.VerifyTask, "OF-1", **{**no, "passed": True}, evidence=OUTCOME)
    assert desk.campaign.state.task["T-01"].defects == ()


def _with_a_member_of_u01(role: Role) -> tuple[Desk, Actor]:
    """Return a campaign where somebody of U01 also works for a body."""
    both = Person(id="U01-H1", name="联络员", role=role)
    desk = Desk(a_plan(people=(*people(), both))).implementing()
    desk.do(c.ClaimTask, "U01-L1", result="已上线", evidence=OUTCOME, **ON_TASK)
    return desk, Actor(id="U01-H1", role=role)


_PASS: dict[str, Any] = {**ON_TASK, "passed": True, "opinion": "属实", "evidence": OUTCOME}


def test_sod1_the_claiming_unit_neither_verifies_nor_signs_off() -> None:
    plan = a_plan(tasks=(a_task(unit="U15"), a_task("T-02", "U02", clauses=("C2",))))
    desk = Desk(plan).at("2019-03-04")
    desk.campaign.state.campaign["BE-2019"] = scene("working").campaign.record
    task = desk.campaign.state.task["T-01"]
    claimed = {"state": TaskState.DONE_CLAIMED, "claimed_by_unit": "U15", "claimed_by": "U15-L1"}
    desk.campaign.state.task["T-01"] = task.model_copy(update=claimed)
    refusal = desk.refused(c.VerifyTask, "CG-1", **_PASS)
    assert (refusal.code, refusal.params["rule"]) == (Code.DUTY_NOT_SEPARATED, "SOD1")
    desk.do(c.VerifyTask, "OF-1", **_PASS)
    refusal = desk.refused(c.CloseTask, "CG-1", opinion="同意", **ON_TASK)
    assert refusal.params["rule"] == "SOD1"
    desk.do(c.CloseTask, "OF-1", opinion="同意", **ON_TASK)


def test_sod1_binds_a_person_in_every_role() -> None:
    desk, actor = _with_a_member_of_u01(Role.OFFICE)
    refusal = desk.refused(c.VerifyTask, actor=actor, **_PASS)
    assert refusal.params["rule"] == "SOD1"


def test_sod1_binds_a_deputy() -> None:
    desk = scene("task_claimed")
    days = {"from_on": date(2019, 4, 1), "until_on": date(2019, 4, 30), "basis_doc": "授权"}
    desk.do(c.RecordDelegation, "OF-1", deputy="U01-H1", principal="OF-1", role=Role.OFFICE, **days)
    deputy = Actor(id="U01-H1", role=Role.OFFICE, on_behalf_of="OF-1")
    assert desk.refused(c.VerifyTask, actor=deputy, **_PASS).params["rule"] == "SOD1"


@pytest.mark.parametrize(("by", "refused"), [("SU-1", True), ("CO-1", False), ("OF-1", False)])
def test_sod4_the_supervision_group_does_not_sign_its_own_campaign_off(
    by: str, refused: bool
) -> None:
    auditor = Person(id="SU-1", name="SU1号", role=Role.CAMPAIGN_GROUP)
    plan = a_plan(lead_body=Role.SUPERVISION_GROUP, people=(*people(), auditor))
    desk = Desk(plan).implementing()
    desk.do(c.ClaimTask, "U01-L1", result="已上线", evidence=OUTCOME, **ON_TASK)
    desk.do(c.VerifyTask, "OF-1", **_PASS)
    sign = {"opinion": "同意", **ON_TASK}
    if refused:
        actor = Actor(id="SU-1", role=Role.CAMPAIGN_GROUP)
        assert desk.refused(c.CloseTask, actor=actor, **sign).params["rule"] == "SOD4"
    else:
        desk.do(c.CloseTask, by, **sign)
        assert desk.campaign.state.task["T-01"].state is TaskState.CLOSED


def test_sod4_look_backs_of_a_formalism_campaign_are_not_filed_by_the_auditor() -> None:
    desk = Desk(a_plan(lead_body=Role.SUPERVISION_GROUP)).implementing()
    paper = {"kind": c.DocumentKind.LOOKBACK_PLAN, "doc_no": "1号", "title": "回头看方案"}
    assert desk.refused(c.FileDocument, "SU-1", **paper).params["rule"] == "SOD4"
    desk.do(c.FileDocument, "CO-1", **paper)
    other = scene("working")
    assert other.refused(c.FileDocument, "CO-1", **paper).code is Code.ROLE_NOT_PERMITTED


def test_k06_a_hard_bone_is_signed_off_by_the_leading_group() -> None:
    desk = Desk(a_plan(**a_hard_bone())).planned()
    for command, more in (
        (c.AcceptTask, {}),
        (c.SubmitItemPlan, {"doc_no": "方案"}),
    ):
        desk.do(command, "U01-L1", task="T-03", **more)
    desk.at("2019-03-29").do(c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要")
    desk.do(c.ClaimTask, "U01-L1", task="T-03", result="已破解", evidence=OUTCOME)
    desk.do(c.VerifyTask, "OF-1", **{**_PASS, "task": "T-03"})
    refusal = desk.refused(c.CloseTask, "OF-1", task="T-03", opinion="同意")
    assert (refusal.code, refusal.params["held"]) == (Code.ROLE_NOT_PERMITTED, ["leading_group"])
    desk.do(c.CloseTask, "LG-1", task="T-03", opinion="同意")


def test_k23_only_the_leading_group_takes_a_task_out() -> None:
    desk = scene("working")
    assert desk.refused(c.CancelTask, "OF-1", **ON_TASK, reason="重复", doc_no="1号").code is (
        Code.ROLE_NOT_PERMITTED
    )
    desk.do(c.CancelTask, "LG-1", **ON_TASK, reason="重复", doc_no="纪要")
    task = desk.campaign.state.task["T-01"]
    assert (task.state, task.disposition) == (TaskState.CANCELLED, "重复")
    assert not [d for d in desk.campaign.state.deadline.values() if d.object_id == "T-01"]


def test_dl10_an_item_has_twenty_working_days_unless_said_otherwise() -> None:
    desk = scene("item")
    item = desk.deadline("T-01", "DL10")
    assert (item.current_due_on, item.holder, item.matter) == (
        date(2019, 4, 29),
        "U01",
        "窗口脱岗",
    )


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        ("60wd", None),
        ("61wd", Code.DEADLINE_OVER_CAP),
        ("6m", Code.DEADLINE_OVER_CAP),
        ("2019-12-31", Code.DEADLINE_OVER_CAP),
        ("2019-05-01", Code.DEADLINE_ON_REST_DAY),
        ("2019-04-01", Code.DEADLINE_IN_PAST),
        ("一周内", Code.SPAN_NOT_UNDERSTOOD),
    ],
)
def test_dl10_the_cap_holds_however_the_limit_is_written(limit: str, code: Code | None) -> None:
    desk, item = scene("working"), {**ON_TASK, "matter": "窗口脱岗", "limit": limit}
    if code is None:
        desk.do(c.AssignItem, "OF-1", **item)
    else:
        assert desk.refused(c.AssignItem, "OF-1", **item).code is code


@pytest.mark.parametrize("state", [TaskState.CLOSED, TaskState.CANCELLED])
def test_no_item_under_a_task_that_is_over(state: TaskState) -> None:
    desk = scene("working")
    task = desk.campaign.state.task["T-01"]
    desk.campaign.state.task["T-01"] = task.model_copy(update={"state": state})
    assert desk.refused(c.AssignItem, **ON_TASK, matter="脱岗").code is Code.STATE_ORDER


def test_an_item_is_concluded_on_outcomes_by_others() -> None:
    desk = scene("item")
    done: dict[str, Any] = {"deadline": "D0018", "result": "已整改"}
    done["evidence"] = proof(EvidenceKind.PROCESS)
    assert desk.refused(c.ConcludeItem, **done).code is Code.EVIDENCE_INSUFFICIENT
    wrong: dict[str, Any] = {**done, "deadline": "D0013"}
    assert desk.refused(c.ConcludeItem, **wrong).code is Code.OBJECT_NOT_FOUND
    desk.do(c.ConcludeItem, "OF-1", **{**done, "evidence": OUTCOME})
    assert "D0018" not in desk.campaign.state.deadline
    assert desk.events[-1].unit == "U01"


def test_k91_an_assisting_unit_answers_for_its_own_item() -> None:
    plan = a_plan(tasks=(a_task(assisting_units=("U03",)), a_task("T-02", "U02", clauses=("C2",))))
    desk = Desk(plan).implementing()
    item = {**ON_TASK, "matter": "提供数据", "limit": "5wd"}
    assert desk.refused(c.AssignItem, unit="U02", **item).code is Code.UNIT_UNKNOWN
    desk.do(c.AssignItem, "OF-1", unit="U03", **item)
    desk.at("2019-04-30")
    number = desk.deadline("T-01", "DL10").id
    cards = desk.notices(deadline=number, document="yellow_card_slip")
    assert {each["recipient"] for each in cards} == {"U03-L1"}
    reminded = desk.notices(deadline=number, rung="T-1")
    assert {each["recipient"] for each in reminded} == {"U03-D1", "U03-H1"}
    assert {e.unit for e in desk.events if e.object_id == number} == {"U03"}
    task = desk.campaign.state.task["T-01"]
    assert (task.yellow_count, task.breach_level) == (0, 0)
