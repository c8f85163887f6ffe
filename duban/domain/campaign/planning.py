"""Stage PLAN: establishment, the campaign plan, unit plans, documents on file (domain.md c.1)."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.permits import authorise_instead
from duban.domain.campaign.records import (
    CampaignStage,
    FiledDocument,
    PlanState,
    Task,
    TaskState,
    UnitRecord,
)
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import authorise
from duban.domain.entity.refusals import out_of_order
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.plan import DetailPoint
from duban.domain.roles import Action, Right, Role


def establish(work: Work, command: c.Establish) -> None:
    """立项 approved: DRAFT becomes PLAN, plan clocks start (c.1; DL01, DL02)."""
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    campaign = work.campaign
    if not campaign.basis_doc:
        raise RuleViolation(Code.BASIS_MISSING, campaign=campaign.no)
    on = ("campaign", campaign.no)
    work.meet(on, DeadlineCode.DRAFT_AGE)
    work.open_deadline(DeadlineCode.CAMPAIGN_PLAN, on, Role.CAMPAIGN_GROUP)
    work.open_deadline(DeadlineCode.PLAN_STAGE_CAP, on, Role.OFFICE)
    for unit in work.all(UnitRecord):
        if unit.must_plan:
            work.open_deadline(DeadlineCode.UNIT_PLAN, ("unit", unit.code), unit.code)
    work.set(campaign.no, work.campaign, stage=CampaignStage.PLAN, stage_entered_on=work.today)
    work.emit("campaign:stage:entered", on, basis_doc=command.doc_no, stage="plan")


def submit_plan(work: Work, command: c.SubmitPlan) -> None:
    """The campaign plan goes to review (DL03); its own clock is met (DL01)."""
    authorise(work, Action.DRAFT_PLAN, Right.CREATE)
    campaign = work.campaign
    if campaign.plan_state not in (PlanState.DUE, PlanState.RETURNED):
        raise out_of_order(campaign.no, campaign.plan_state, PlanState.SUBMITTED)
    on = ("campaign", campaign.no)
    work.meet(on, DeadlineCode.CAMPAIGN_PLAN)
    work.meet(on, DeadlineCode.PLAN_REWORK)
    work.open_deadline(DeadlineCode.PLAN_REVIEW, on, Role.COORDINATION_GROUP)
    work.set(campaign.no, work.campaign, plan_state=PlanState.SUBMITTED)
    work.emit("campaign:plan:submitted", on, basis_doc=command.doc_no)


def review_plan(work: Work, command: c.ReviewPlan) -> None:
    """Strict review (从严审核): passing needs the five details answered (G1.4, K21)."""
    authorise(work, Action.REVIEW_PLAN, Right.APPROVE)
    campaign = work.campaign
    _must_be(campaign.plan_state, PlanState.SUBMITTED, campaign.no)
    on = ("campaign", campaign.no)
    work.meet(on, DeadlineCode.PLAN_REVIEW)
    details = command.details or campaign.details
    if not command.passed:
        return _return_plan(work, command)
    missing = sorted(set(DetailPoint) - {each.point for each in details})
    if missing:
        raise RuleViolation(Code.PLAN_INVALID, missing=[point.value for point in missing])
    work.set(campaign.no, work.campaign, plan_state=PlanState.PASSED, details=details)
    work.emit("campaign:plan:passed", on, reason=command.opinion, basis_doc=command.doc_no)
    return None


def _return_plan(work: Work, command: c.ReviewPlan) -> None:
    campaign = work.campaign
    on = ("campaign", campaign.no)
    returns = campaign.plan_returns + 1
    work.open_deadline(DeadlineCode.PLAN_REWORK, on, Role.CAMPAIGN_GROUP)
    work.set(
        campaign.no,
        work.campaign,
        plan_state=PlanState.RETURNED,
        plan_returns=returns,
        plan_summons_due=returns > work.policy.plan_max_returns,
    )
    work.emit("campaign:plan:returned", on, reason=command.opinion, basis_doc=command.doc_no)


def approve_plan(work: Work, command: c.ApprovePlan) -> None:
    """The leading group approves; every task goes to its lead unit (DL04)."""
    authorise(work, Action.APPROVE_PLAN, Right.APPROVE)
    campaign = work.campaign
    _must_be(campaign.plan_state, PlanState.PASSED, campaign.no)
    work.set(campaign.no, campaign, plan_state=PlanState.APPROVED)
    work.emit("campaign:plan:approved", ("campaign", campaign.no), basis_doc=command.doc_no)
    for task in list(work.all(Task)):
        dispatch(work, task, task.lead_unit)


def dispatch(work: Work, task: Task, unit: str) -> None:
    """Send a task to a unit, which has the limit DL04 to accept it or ask for its return."""
    on = ("task", task.no)
    work.set(task.no, task, state=TaskState.PENDING_ACCEPT, last_action_on=work.today)
    work.open_deadline(DeadlineCode.ACCEPT, on, unit, matter=task.title)
    work.emit("campaign:task:dispatched", on, unit=unit)


def submit_unit_plan(work: Work, command: c.SubmitUnitPlan) -> None:
    """A unit's own plan arrives (DL02) and is to be reviewed (DL03)."""
    authorise(work, Action.SUBMIT_UNIT_PLAN, Right.APPROVE, Right.CREATE, unit=command.unit)
    unit = work.unit(command.unit)
    if unit.plan_state not in (PlanState.DUE, PlanState.RETURNED):
        raise out_of_order(unit.code, unit.plan_state, PlanState.SUBMITTED)
    on = ("unit", unit.code)
    work.meet(on, DeadlineCode.UNIT_PLAN)
    work.meet(on, DeadlineCode.UNIT_PLAN_REWORK)
    work.open_deadline(DeadlineCode.PLAN_REVIEW, on, Role.COORDINATION_GROUP)
    work.set(unit.code, unit, plan_state=PlanState.SUBMITTED, plan_doc=command.doc_no)
    work.emit("campaign:unit_plan:submitted", on, unit=unit.code, basis_doc=command.doc_no)


def review_unit_plan(work: Work, command: c.ReviewUnitPlan) -> None:
    """Pass a unit plan or return it for rework within DL03's three days."""
    authorise(work, Action.REVIEW_UNIT_PLAN, Right.APPROVE)
    unit = work.unit(command.unit)
    _must_be(unit.plan_state, PlanState.SUBMITTED, unit.code)
    on = ("unit", unit.code)
    work.meet(on, DeadlineCode.PLAN_REVIEW)
    if command.passed:
        work.set(unit.code, unit, plan_state=PlanState.PASSED)
    else:
        work.open_deadline(DeadlineCode.UNIT_PLAN_REWORK, on, unit.code)
        work.set(unit.code, unit, plan_state=PlanState.RETURNED, plan_returns=unit.plan_returns + 1)
    verb = "passed" if command.passed else "returned"
    work.emit(f"campaign:unit_plan:{verb}", on, unit=unit.code, reason=command.opinion)


_FILED_BY: dict[c.DocumentKind, tuple[Action, Right]] = {
    c.DocumentKind.SURVEY_REASON: (Action.DRAFT_PLAN, Right.CREATE),
    c.DocumentKind.INSPECTION_PLAN: (Action.ORDER_SPOT_CHECK, Right.CREATE),
    c.DocumentKind.PHASE_REPORT: (Action.PHASE_REVIEW, Right.CREATE),
    c.DocumentKind.TRIGGER_LIST: (Action.OPEN_TRIGGER, Right.CREATE),
    c.DocumentKind.CLOSING_REPORT: (Action.CLOSE_CAMPAIGN, Right.CREATE),
    c.DocumentKind.SCOREBOARD: (Action.PUBLISH_SCOREBOARD, Right.CREATE),
    c.DocumentKind.LOOKBACK_PLAN: (Action.LOOK_BACK, Right.APPROVE),
    c.DocumentKind.LOOKBACK_RESULT: (Action.LOOK_BACK, Right.APPROVE),
    c.DocumentKind.ARCHIVE_PACKAGE: (Action.CLOSE_CAMPAIGN, Right.CREATE),
    c.DocumentKind.OTHER: (Action.CLOSE_CAMPAIGN, Right.CREATE),
}


def file_document(work: Work, command: c.FileDocument) -> None:
    """Put a document on file; the phase review report meets DL31."""
    action, right = _FILED_BY[command.kind]
    if action is Action.LOOK_BACK:
        authorise_instead(work, action)
    else:
        authorise(work, action, right)
    if command.kind is c.DocumentKind.ARCHIVE_PACKAGE and command.digest is None:
        raise RuleViolation(Code.DOCUMENT_MISSING, missing=["digest"])
    campaign = work.campaign
    number = campaign.documents_filed + 1
    document = FiledDocument(
        id=f"F{number:04d}",
        kind=command.kind.value,
        doc_no=command.doc_no,
        title=command.title,
        digest=command.digest,
        phase=campaign.current_phase or None,
        filed_by=work.actor.id,
        filed_on=work.today,
    )
    work.put(document.id, document)
    work.set(campaign.no, campaign, documents_filed=number)
    if command.kind is c.DocumentKind.PHASE_REPORT:
        work.meet(("phase", str(campaign.current_phase)), DeadlineCode.PHASE_REPORT)
    if command.kind is c.DocumentKind.CLOSING_REPORT:
        # Everything is settled when its report is on file; the closing day itself may be later.
        work.meet(("campaign", campaign.no), DeadlineCode.SETTLE_CAP)
    work.emit("campaign:document:filed", ("document", document.id), basis_doc=command.doc_no)


def _must_be(state: PlanState, wanted: PlanState, object_id: str) -> None:
    if state is not wanted:
        raise out_of_order(object_id, state, wanted)
