"""Moving all clocks of a campaign: its suspension, and a newly published calendar."""

from datetime import date, timedelta

from duban.domain.calendars import Calendar
from duban.domain.campaign import commands as c
from duban.domain.campaign.records import (
    CampaignStage,
    Goal,
    PhaseRecord,
    PhaseStatus,
    Task,
    TaskState,
)
from duban.domain.campaign.tables import STAGE_MOVES, TASK_OVER
from duban.domain.campaign.work import Work
from duban.domain.counting import (
    ClockStopGround,
)
from duban.domain.entity.moving import later_by_stop, recalculate, restart, stop
from duban.domain.entity.permits import authorise, only
from duban.domain.entity.refusals import require_move
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role

AFTERWARDS = timedelta(days=366)
"""How far beyond the closing day a calendar must reach: the watch and its ladders lie there."""


def suspend(work: Work, command: c.Suspend) -> None:
    """SUSPENDED stops goal, task and plan clocks; review and accountability go on (c.3)."""
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    campaign = work.campaign
    require_move(STAGE_MOVES, campaign.stage, CampaignStage.SUSPENDED, campaign.no)
    for deadline in work.open_deadlines():
        if work.policy.rule(deadline.code).stops and deadline.stopped_from is None:
            stop(work, deadline, ClockStopGround.CAMPAIGN_SUSPENDED, command.doc_no)
    for task in list(work.all(Task)):
        if task.state not in TASK_OVER | {TaskState.DRAFTED}:
            work.set(task.no, task, state=TaskState.SUSPENDED, state_before=task.state)
    work.set(
        campaign.no,
        campaign,
        stage=CampaignStage.SUSPENDED,
        paused=campaign.stage,
        paused_on=work.today,
    )
    work.emit(
        "campaign:stage:suspended",
        ("campaign", campaign.no),
        reason=command.reason,
        basis_doc=command.doc_no,
    )


def resume(work: Work, command: c.Resume) -> None:
    """Go on where the campaign stood, every stopped clock and phase later by the days stopped."""
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    campaign = work.campaign
    assert campaign.paused is not None
    assert campaign.paused_on is not None
    for deadline in work.open_deadlines():
        if deadline.stop_ground is ClockStopGround.CAMPAIGN_SUSPENDED:
            restart(work, deadline)
    for task in list(work.all(Task)):
        if task.state is TaskState.SUSPENDED:
            work.set(
                task.no,
                task,
                state=task.state_before,
                state_before=None,
                last_action_on=work.today,
            )
    _shift_plan(work, campaign.paused_on)
    work.set(campaign.no, campaign, stage=campaign.paused, paused=None, paused_on=None)
    work.emit(
        "campaign:stage:resumed",
        ("campaign", campaign.no),
        reason=command.reason,
        basis_doc=command.doc_no,
    )


def _shift_plan(work: Work, since: date) -> None:
    """Move what has no clock yet: phases to come, their goals, and tasks before G1."""
    coming = set()
    for phase in list(work.all(PhaseRecord)):
        if phase.status is PhaseStatus.PLANNED:
            coming.add(phase.no)
            starts_on = later_by_stop(phase.starts_on, since, work)
            ends_on = later_by_stop(phase.ends_on, since, work)
            work.set(str(phase.no), phase, starts_on=starts_on, ends_on=ends_on)
    for goal in list(work.all(Goal)):
        if goal.phase in coming:
            work.set(goal.id, goal, due_on=later_by_stop(goal.due_on, since, work))
    timed = {each.object_id for each in work.open_deadlines(code=DeadlineCode.TASK)}
    for task in list(work.all(Task)):
        if task.state not in TASK_OVER and task.no not in timed:
            work.set(task.no, task, due_on=later_by_stop(task.due_on, since, work))


def adopt_calendar(work: Work, command: c.AdoptCalendar) -> None:
    """Recompute open clocks under a newly published calendar, never shortening one (e.4).

    Each moved clock gets an event with old date, new date and both versions, and its people are
    told (story ST1b).
    """
    only(work, Role.OFFICE, Role.LEADING_GROUP)
    old, new = work.calendar, command.calendar
    if new.version <= old.version:
        raise RuleViolation(Code.CALENDAR_NOT_NEWER, version=new.version, known=old.version)
    campaign = work.campaign
    require_reach(new, campaign.launch_on, campaign.close_on)
    work.put(str(new.version), new)
    work.set(campaign.no, campaign, calendar_version=new.version)
    work.emit(
        "campaign:calendar:adopted",
        ("calendar", str(new.version)),
        basis_doc=command.basis_doc,
        old_version=old.version,
        new_version=new.version,
    )
    for deadline in work.open_deadlines():
        recalculate(work, deadline, old, new)


def require_reach(calendar: Calendar, first: date, close: date) -> None:
    """Refuse a calendar that does not hold the whole campaign and a year of watch behind it."""
    wanted = close + AFTERWARDS
    if calendar.last_on < wanted or calendar.first_on > first:
        raise RuleViolation(
            Code.CALENDAR_OUT_OF_RANGE,
            on=wanted.isoformat(),
            first_on=calendar.first_on.isoformat(),
            last_on=calendar.last_on.isoformat(),
        )


def phase_end_clock(work: Work, phase: PhaseRecord) -> None:
    """Start the clock that ends a phase (c.1)."""
    work.open_deadline(
        DeadlineCode.PHASE_END,
        ("phase", str(phase.no)),
        Role.OFFICE,
        span=work.fixed(phase.ends_on),
        matter=phase.title,
    )
