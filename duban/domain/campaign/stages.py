"""Entering and leaving stages and phases (domain.md c.1, c.3)."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.clocks import phase_end_clock
from duban.domain.campaign.goals import start_goal
from duban.domain.campaign.records import (
    CampaignStage,
    DocketEntry,
    FiledDocument,
    Goal,
    GoalState,
    PhaseRecord,
    PhaseStatus,
    Task,
    TaskState,
)
from duban.domain.campaign.tables import STAGE_MOVES, TASK_OVER
from duban.domain.campaign.work import Work
from duban.domain.counting import check_fixed
from duban.domain.entity.permits import authorise, only
from duban.domain.entity.refusals import require_move
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def enter(work: Work, stage: CampaignStage, **fields: object) -> None:
    """Move the campaign along its table."""
    campaign = work.campaign
    require_move(STAGE_MOVES, campaign.stage, stage, campaign.no)
    work.set(campaign.no, campaign, stage=stage, stage_entered_on=work.today, **fields)


def open_phase(work: Work, number: int, *, basis_doc: str) -> None:
    """Open an implementation phase: its goals' clocks and its own start (DL08)."""
    phase = work.get(PhaseRecord, str(number))
    enter(work, CampaignStage.IMPLEMENT, current_phase=number)
    work.set(str(number), phase, status=PhaseStatus.RUNNING)
    phase_end_clock(work, phase)
    for goal in list(work.all(Goal)):
        if goal.phase == number and goal.state is GoalState.SET:
            start_goal(work, goal)
    work.emit("campaign:phase:opened", ("phase", str(number)), basis_doc=basis_doc)


def open_review(work: Work, *, early: bool) -> None:
    """REVIEW(k): claims go to verification, report and decision clocks start (DL31)."""
    campaign = work.campaign
    on = ("phase", str(campaign.current_phase))
    enter(work, CampaignStage.REVIEW)
    work.set(on[1], work.phase, status=PhaseStatus.UNDER_REVIEW)
    work.meet(on, DeadlineCode.PHASE_END)
    work.open_deadline(DeadlineCode.PHASE_REPORT, on, Role.CAMPAIGN_GROUP)
    work.open_deadline(DeadlineCode.REVIEW_DECISION, on, Role.LEADING_GROUP)
    for goal in list(work.all(Goal)):
        if goal.state is GoalState.CLAIMED:
            work.set(goal.id, goal, state=GoalState.VERIFYING)
    work.emit("campaign:review:opened", on, early=early)


def call_review(work: Work, _: c.CallReview) -> None:
    """The office calls the review before the phase ends, all its goals being verified (c.1)."""
    only(work, Role.OFFICE)
    number = work.campaign.current_phase
    waiting = [
        goal.id
        for goal in work.all(Goal)
        if goal.phase == number and goal.state not in (GoalState.ACHIEVED, GoalState.WAIVED)
    ]
    if waiting:
        raise RuleViolation(Code.GATE_UNMET, gate="REVIEW", unmet=waiting)
    open_review(work, early=True)


def order_makeup(work: Work, command: c.OrderMakeup) -> None:
    """补课: the leading group sends a failed phase back to work until a later day (c.1)."""
    authorise(work, Action.PHASE_REVIEW, Right.APPROVE)
    phase = work.phase
    if command.until <= work.today:
        raise RuleViolation(Code.DEADLINE_IN_PAST, on=command.until.isoformat())
    check_fixed(command.until, work.calendar)
    on = ("phase", str(phase.no))
    enter(work, CampaignStage.IMPLEMENT)
    work.cancel(on)
    phase = work.set(
        on[1], phase, status=PhaseStatus.RUNNING, ends_on=command.until, makeups=phase.makeups + 1
    )
    phase_end_clock(work, phase)
    work.emit("campaign:phase:makeup_ordered", on, reason=command.reason, basis_doc=command.doc_no)


def terminate(work: Work, command: c.Terminate) -> None:
    """End early: every open task and problem gets a successor owner and a disposition (c.3)."""
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    campaign = work.campaign
    open_tasks = [each for each in work.all(Task) if each.state not in TASK_OVER]
    problems = [each.no for each in work.all(DocketEntry) if not each.is_settled]
    given = _dispositions(work, command, [*(task.no for task in open_tasks), *problems])
    for task in open_tasks:
        word = given[task.no]
        work.set(
            task.no,
            task,
            state=TaskState.CANCELLED,
            disposition=f"{word.owner}: {word.disposition}",
        )
    for deadline in work.open_deadlines():
        work.cancel((deadline.object_type, deadline.object_id), deadline.code)
    enter(work, CampaignStage.TERMINATED, paused=None, paused_on=None)
    work.emit(
        "campaign:stage:terminated",
        ("campaign", campaign.no),
        reason=command.reason,
        basis_doc=command.doc_no,
        problems=[f"{no} {given[no].owner}: {given[no].disposition}" for no in problems] or None,
    )
    close_stream(work)


def _dispositions(work: Work, command: c.Terminate, wanted: list[str]) -> dict[str, c.Disposition]:
    """Return what becomes of everything open, by its number; nothing may be left out."""
    given = {each.task: each for each in command.dispositions}
    missing = [no for no in wanted if no not in given]
    if missing:
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=missing)
    for each in given.values():
        work.unit(each.owner)
    return given


def archive(work: Work, command: c.Archive) -> None:
    """WATCH becomes ARCHIVED when the watch is over and its look-backs are on file (c.1)."""
    authorise(work, Action.CLOSE_CAMPAIGN, Right.CREATE)
    campaign = work.campaign
    unmet = []
    if not campaign.watch_over:
        unmet.append("watch_over")
    if not any(
        each.kind == c.DocumentKind.LOOKBACK_RESULT.value for each in work.all(FiledDocument)
    ):
        unmet.append(c.DocumentKind.LOOKBACK_RESULT.value)
    if unmet:
        raise RuleViolation(Code.GATE_UNMET, gate="ARCHIVE", unmet=unmet)
    enter(work, CampaignStage.ARCHIVED)
    work.emit(
        "campaign:stage:entered",
        ("campaign", campaign.no),
        basis_doc=command.doc_no,
        stage="archived",
    )
    close_stream(work)


def close_stream(work: Work) -> None:
    """Write the last entry of the stream; it carries how many entries there are (audit.md 3.3)."""
    work.emit(
        "campaign:stream:closed",
        ("campaign", work.campaign.no),
        count=work.next_seq + 1,
    )


LEAD_BODIES = frozenset(
    {
        Role.OFFICE,
        Role.COORDINATION_GROUP,
        Role.SUPERVISION_GROUP,
        Role.PUBLICITY_GROUP,
        Role.CAMPAIGN_GROUP,
    }
)
"""Who may lead a campaign: any group (K27), but not the one that decides over it."""


def change_lead_group(work: Work, command: c.ChangeLeadGroup) -> None:
    """Give the campaign to another lead body (c.3); what was done stays with who did it."""
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    if command.lead_body not in LEAD_BODIES:
        raise RuleViolation(
            Code.COMMAND_MALFORMED, missing=["lead_body"], role=command.lead_body.value
        )
    campaign = work.campaign
    work.set(campaign.no, campaign, lead_body=command.lead_body, lead_group_title=command.title)
    work.emit(
        "campaign:lead_group:changed",
        ("campaign", campaign.no),
        reason=command.reason,
        basis_doc=command.doc_no,
    )
