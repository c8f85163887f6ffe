"""Stages in their order: what is heard when, reviews, make-up, ending early, watch (c.1, c.3)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import CampaignStage, PhaseStatus, PlanState, TaskState
from duban.domain.campaign.tables import STAGE_MOVES
from duban.domain.errors import Code
from duban.domain.roles import Role
from tests.support.builders import Desk, shanghai
from tests.support.cases import CASES, Case
from tests.support.scenes import DISPOSED, scene

_LIVE = "plan implement review account"
_WORK = "implement review account"
_ANY = f"draft {_LIVE} closed watch suspended"
_HEARD = {
    c.Establish: "draft",
    **dict.fromkeys((c.SubmitPlan, c.ReviewPlan, c.ApprovePlan), "plan"),
    **dict.fromkeys((c.AcceptTask, c.RequestTaskReturn, c.AdjudicateReturn), _LIVE),
    **dict.fromkeys((c.SubmitItemPlan, c.SubmitUnitPlan, c.ReviewUnitPlan), _LIVE),
    **dict.fromkeys((c.AssignItem, c.ConcludeItem, c.CancelTask, c.RequestExtension), _LIVE),
    **dict.fromkeys((c.SetRemedialDate, c.StopClock, c.ResumeClock, c.Suspend), _LIVE),
    **dict.fromkeys((c.RecordGoalValue, c.ClaimGoal, c.VerifyGoal, c.DecideGoal), _WORK),
    **dict.fromkeys((c.ClaimTask, c.VerifyTask, c.CloseTask), _WORK),
    **dict.fromkeys((c.FileDocument, c.AdoptCalendar, c.ReplacePerson), _ANY),
    **dict.fromkeys((c.RecordDelegation, c.ReportClue), _ANY),
    c.SignGate: "plan review account",
    c.CallReview: "implement",
    c.OrderMakeup: "review",
    c.DecideExtension: f"{_LIVE} suspended",
    c.Resume: "suspended",
    c.Terminate: f"{_LIVE} suspended",
    c.ChangeLeadGroup: f"draft {_LIVE}",
    c.Archive: "watch",
    c.RegisterProblem: f"{_LIVE} watch",
    c.OpenLookBackDraw: f"{_WORK} watch",
    c.WitnessDraw: f"{_WORK} watch",
    c.AskToVoidDraw: f"{_WORK} watch",
    c.DecideVoidDraw: f"{_WORK} watch",
    c.PlanInspection: _LIVE,
    c.OpenInspectionDraw: f"{_WORK} watch",
    c.RevealDraw: f"{_WORK} watch",
}
_MAY_LEAD = (
    Role.OFFICE,
    Role.COORDINATION_GROUP,
    Role.SUPERVISION_GROUP,
    Role.PUBLICITY_GROUP,
    Role.CAMPAIGN_GROUP,
)
_SCENES = {
    CampaignStage.DRAFT: "draft",
    CampaignStage.PLAN: "plan",
    CampaignStage.IMPLEMENT: "working",
    CampaignStage.REVIEW: "review",
    CampaignStage.ACCOUNT: "account",
    CampaignStage.WATCH: "watch",
    CampaignStage.SUSPENDED: "suspended",
    CampaignStage.ARCHIVED: "archived",
    CampaignStage.TERMINATED: "terminated",
}
_OUT_OF_ORDER = [
    pytest.param(case, stage, id=f"{case.command.__name__}-{stage.value}")
    for case in CASES
    for stage in _SCENES
    if stage.value not in _HEARD[case.command].split()
]


@pytest.mark.parametrize(("case", "stage"), _OUT_OF_ORDER)
def test_c1_a_command_out_of_its_stage_is_refused(case: Case, stage: CampaignStage) -> None:
    desk = scene(_SCENES[stage])
    assert desk.stage == stage.value
    refusal = desk.refused(case.command, "LG-1", **case.fields)
    assert refusal.code is Code.STAGE_ORDER
    assert refusal.params["stage"] == stage.value


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.command.__name__)
def test_c1_a_command_is_heard_in_the_stages_of_its_row(case: Case) -> None:
    heard = set(_HEARD[case.command].split()) - {"closed"}
    for stage in (each for each in _SCENES if each.value in heard):
        desk = scene(_SCENES[stage])
        code = getattr(_try(desk, case), "code", None)
        assert code is not Code.STAGE_ORDER or case.command is c.SignGate


def _try(desk: Desk, case: Case) -> Exception | None:
    actor = scene(case.scene).command(case.command, "LG-1", **case.fields)
    try:
        desk.campaign.check(actor, now=desk.now)
    except Exception as why:  # noqa: BLE001 - whatever it is, the caller looks at its code
        return why
    return None


def test_c1_the_moves_of_the_drawing() -> None:
    drawn = {
        "draft": "plan",
        "plan": "implement suspended terminated",
        "implement": "review suspended terminated",
        "review": "implement account suspended terminated",
        "account": "closed suspended terminated",
        "closed": "watch",
        "watch": "archived",
        "archived": "",
        "suspended": "plan implement review account terminated",
        "terminated": "",
    }
    assert {k.value: {v.value for v in moves} for k, moves in STAGE_MOVES.items()} == {
        stage: set(moves.split()) for stage, moves in drawn.items()
    }


def test_a_clean_campaign_goes_through_every_stage() -> None:
    names = ("draft", "plan", "working", "review", "account", "watch", "archived")
    seen = [scene(name).stage for name in names]
    assert seen == ["draft", "plan", "implement", "review", "account", "watch", "archived"]
    stages = [event.detail["stage"] for event in scene("watch").events[-2:]]
    assert stages == ["closed", "watch"]


def test_k43_a_draft_older_than_its_limit_is_brought_to_mind_once() -> None:
    desk = scene("draft").at("2019-04-30")
    aged = desk.said("draft:aged")
    assert [each.occurred_at for each in aged] == [shanghai("2019-04-01", "17:30")]
    assert {each["recipient"] for each in desk.notices(rung="DRAFT")} == {"OF-1", "OF-2"}


@pytest.mark.parametrize("missing", ["facts", "implementation"])
def test_k21_a_plan_without_all_five_details_does_not_pass(missing: str) -> None:
    desk = scene("submitted")
    kept = [each for each in desk.campaign.record.details if each.point.value != missing]
    review = {"passed": True, "doc_no": "审核1号", "opinion": "同意"}
    refusal = desk.refused(c.ReviewPlan, "CO-1", details=kept, **review)
    assert (refusal.code, refusal.params["missing"]) == (Code.PLAN_INVALID, [missing])


def test_dl03_a_third_return_makes_a_summons_due() -> None:
    desk = scene("submitted")
    for returns, due in ((1, False), (2, False), (3, True)):
        desk.do(c.ReviewPlan, "CO-1", passed=False, doc_no="审核", opinion="不细")
        assert desk.campaign.record.plan_state is PlanState.RETURNED
        assert desk.campaign.record.plan_returns == returns
        assert desk.campaign.record.plan_summons_due is due
        assert desk.deadline("BE-2019", "DL03R").amount == 3
        desk.do(c.SubmitPlan, "CG-1", doc_no="方案")


def test_a_plan_is_submitted_reviewed_and_approved_in_that_order() -> None:
    desk = scene("plan")
    review = {"passed": True, "doc_no": "审核1号", "opinion": "同意"}
    assert desk.refused(c.ReviewPlan, "CO-1", **review).code is Code.STATE_ORDER
    assert desk.refused(c.ApprovePlan, "LG-1", doc_no="批复").code is Code.STATE_ORDER
    desk = scene("submitted")
    assert desk.refused(c.SubmitPlan, "CG-1", doc_no="方案").code is Code.STATE_ORDER
    assert desk.refused(c.ApprovePlan, "LG-1", doc_no="批复").code is Code.STATE_ORDER


def test_dl02_a_unit_plan_is_returned_reworked_and_passed() -> None:
    desk = scene("unit_plan")
    again = {"unit": "U01", "doc_no": "单位方案"}
    assert desk.refused(c.SubmitUnitPlan, "U01-L1", **again).code is Code.STATE_ORDER
    desk.do(c.ReviewUnitPlan, "CO-1", unit="U01", passed=False, opinion="照抄")
    assert desk.deadline("U01", "DL03U").amount == 3
    judged = {"unit": "U01", "passed": True, "opinion": "同意"}
    assert desk.refused(c.ReviewUnitPlan, "CO-1", **judged).code is Code.STATE_ORDER
    desk.do(c.SubmitUnitPlan, "U01-H1", **again)
    desk.do(c.ReviewUnitPlan, "CO-1", **judged)
    unit = desk.campaign.state.unit["U01"]
    assert (unit.plan_state, unit.plan_returns) == (PlanState.PASSED, 1)


def test_establishing_needs_a_basis_document() -> None:
    desk = scene("draft")
    record = desk.campaign.record
    desk.campaign.state.campaign[record.no] = record.model_copy(update={"basis_doc": ""})
    assert desk.refused(c.Establish, "LG-1", doc_no="纪要").code is Code.BASIS_MISSING


def test_an_archive_package_comes_with_its_digest() -> None:
    fields: dict[str, Any] = {"doc_no": "1号", "title": "归档", "kind": "archive_package"}
    assert scene("account").refused(c.FileDocument, **fields).code is Code.DOCUMENT_MISSING


def test_c1_review_opens_by_itself_when_the_phase_is_over() -> None:
    desk = scene("working").at("2019-06-28", "17:29")
    assert desk.stage == "implement"
    desk.at("2019-06-28", "17:30")
    assert desk.stage == "review"
    assert desk.campaign.state.phase["1"].status is PhaseStatus.UNDER_REVIEW
    assert desk.deadline("1", "DL31").current_due_on == date(2019, 7, 5)
    assert desk.deadline("1", "REVIEW").current_due_on == date(2019, 7, 12)
    assert desk.said("review:opened")[0].detail == {"early": False}


def test_c1_the_office_calls_a_review_early_when_every_goal_is_verified() -> None:
    desk = scene("working").at("2019-06-03")
    desk.achieve("T-01-P1", 53)
    refusal = desk.refused(c.CallReview, "OF-1")
    assert (refusal.code, refusal.params["unmet"]) == (Code.GATE_UNMET, ["T-02-P1"])
    desk.achieve("T-02-P1", 53)
    desk.do(c.CallReview, "OF-1")
    assert desk.stage == "review"
    assert desk.at("2019-07-01").said("review:opened")[0].detail == {"early": True}
    assert len(desk.said("review:opened")) == 1


def test_c1_a_makeup_period_sends_the_phase_back_to_work() -> None:
    desk = scene("review")
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.OrderMakeup, "LG-1", until=date(2019, 7, 19), doc_no="纪要", reason="差距大")
    phase = desk.campaign.state.phase["1"]
    assert (phase.status, phase.makeups) == (PhaseStatus.RUNNING, 1)
    assert (phase.ends_on, phase.original_ends_on) == (date(2019, 7, 19), date(2019, 6, 28))
    assert desk.stage == "implement"
    assert {each.code.value for each in desk.campaign.state.deadline.values()} == {"TASK", "PHASE"}
    desk.at("2019-07-22")
    assert desk.stage == "review"
    sign = {"gate": c.Gate.G2, "doc_no": "纪要"}
    assert desk.refused(c.SignGate, "LG-1", **sign).params["unmet"] == ["G2.5: phase_report"]
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.SignGate, "LG-1", **sign)
    assert desk.stage == "implement"


@pytest.mark.parametrize(
    ("until", "code"),
    [("2019-07-01", Code.DEADLINE_IN_PAST), ("2019-07-20", Code.DEADLINE_ON_REST_DAY)],
)
def test_c1_a_makeup_period_ends_on_a_working_day_ahead(until: str, code: Code) -> None:
    order = {"until": date.fromisoformat(until), "doc_no": "纪要", "reason": "补课"}
    assert scene("review").refused(c.OrderMakeup, "LG-1", **order).code is code


def test_c3_terminating_asks_an_owner_and_a_word_for_every_open_task() -> None:
    desk = scene("working")
    one = {**DISPOSED, "dispositions": DISPOSED["dispositions"][:1]}
    refusal = desk.refused(c.Terminate, "LG-1", **one)
    assert (refusal.code, refusal.params["missing"]) == (Code.COMMAND_MALFORMED, ["T-02"])
    lost = c.Disposition(task="T-02", owner="U99", disposition="移交")
    refusal = desk.refused(
        c.Terminate, "LG-1", **{**DISPOSED, "dispositions": (*one["dispositions"], lost)}
    )
    assert refusal.code is Code.OBJECT_NOT_FOUND
    desk.do(c.Terminate, "LG-1", **DISPOSED)
    state = desk.campaign.state
    assert {task.state for task in state.task.values()} == {TaskState.CANCELLED}
    assert state.task["T-01"].disposition == "U15: 转常态工作"
    assert (state.deadline, desk.campaign.is_over) == ({}, True)
    assert desk.campaign.next_alarm(now=desk.now) is None


def test_c3_a_suspended_campaign_can_be_terminated() -> None:
    desk = scene("suspended")
    desk.do(c.Terminate, "LG-1", **DISPOSED)
    record = desk.campaign.record
    assert (record.stage, record.paused, record.paused_on) == (
        CampaignStage.TERMINATED,
        None,
        None,
    )


def test_c1_watch_lasts_six_months_and_needs_its_look_backs() -> None:
    desk = scene("watch")
    assert desk.deadline("BE-2019", "WATCH").current_due_on == date(2020, 4, 30)
    refusal = desk.refused(c.Archive, "OF-1", doc_no="归档")
    assert refusal.params["unmet"] == ["watch_over", "lookback_result"]
    desk.at("2020-05-06")
    assert [e.occurred_at for e in desk.said("watch:over")] == [shanghai("2020-04-30", "17:30")]
    assert len(desk.notices(rung="WATCH_OVER")) == 2
    refusal = desk.refused(c.Archive, "OF-1", doc_no="归档")
    assert refusal.params["unmet"] == ["lookback_result"]
    desk.file(c.DocumentKind.LOOKBACK_RESULT, "OF-1")
    desk.do(c.Archive, "OF-1", doc_no="归档")
    assert desk.campaign.is_over


@pytest.mark.parametrize("name", ["archived", "terminated"])
def test_the_last_entry_says_how_many_there_are(name: str) -> None:
    last = scene(name).events[-1]
    assert (last.tag, last.detail) == ("campaign:stream:closed", {"count": last.seq + 1})


@pytest.mark.parametrize("name", ["archived", "terminated"])
def test_nothing_is_said_after_the_end(name: str) -> None:
    desk = scene(name)
    before = desk.campaign.state.next_seq
    command = desk.command(c.Suspend, "LG-1", reason="x", doc_no="y")
    desk.campaign.refuse(command, desk.campaign.over(), now=desk.now)
    desk.campaign.order_spot_check({"theme": "窗口"}, now=desk.now)
    desk.campaign.tick(now=shanghai("2021-06-01"))
    assert desk.campaign.state.next_seq == before


@pytest.mark.parametrize("role", [role for role in Role if role not in _MAY_LEAD])
def test_c3_only_a_group_can_lead(role: Role) -> None:
    change = {"lead_body": role, "title": "某组", "doc_no": "纪要", "reason": "调整"}
    assert scene("working").refused(c.ChangeLeadGroup, "LG-1", **change).code is (
        Code.COMMAND_MALFORMED
    )


def test_c3_the_lead_group_changes_and_what_was_done_stays() -> None:
    desk = scene("task_verified")
    before = desk.campaign.state.task["T-01"]
    change = {"lead_body": Role.OFFICE, "title": "作风办", "doc_no": "纪要", "reason": "调整"}
    desk.do(c.ChangeLeadGroup, "LG-1", **change)
    assert desk.campaign.record.lead_body is Role.OFFICE
    assert desk.campaign.record.lead_group_title == "作风办"
    assert desk.campaign.state.task["T-01"] == before
