"""Moving clocks: stops on listed grounds (CNT6), remedial dates, new calendars, suspension."""

from datetime import date, timedelta

from duban.domain.calendars import Calendar
from duban.domain.campaign import commands as c
from duban.domain.campaign.dates import redate
from duban.domain.campaign.notices import people_in, tell
from duban.domain.campaign.permits import authorise, only
from duban.domain.campaign.records import (
    CampaignStage,
    Goal,
    PhaseRecord,
    PhaseStatus,
    Task,
    TaskState,
)
from duban.domain.campaign.tables import STAGE_MOVES, TASK_OVER, out_of_order, require_move
from duban.domain.campaign.work import Work
from duban.domain.counting import (
    ClockStopGround,
    Span,
    Stop,
    check_fixed,
    due_on,
    recalculated,
)
from duban.domain.deadlines import Deadline, armed, redated
from duban.domain.errors import Code, RuleViolation
from duban.domain.policy import DeadlineCode
from duban.domain.roles import Action, Person, Right, Role

ONE_DAY = timedelta(days=1)
AFTERWARDS = timedelta(days=366)
"""How far beyond the closing day a calendar must reach: the watch and its ladders lie there."""


def stop_clock(work: Work, command: c.StopClock) -> None:
    """Stop one clock on a listed ground with proof (CNT6); suspension has its own command."""
    deadline = _running(work, command.deadline)
    authorise(work, Action.DECIDE_LONG_EXTENSION, Right.APPROVE)
    if command.ground is ClockStopGround.CAMPAIGN_SUSPENDED:
        raise RuleViolation(Code.CLOCK_STOP_GROUND, ground=command.ground.value)
    _stop(work, deadline, command.ground, command.proof)
    work.emit(
        "campaign:deadline:stopped",
        ("deadline", deadline.id),
        reason=command.ground.value,
        basis_doc=command.proof,
    )


def resume_clock(work: Work, command: c.ResumeClock) -> None:
    """Let one clock run again, later by the working days it stood still (CNT6)."""
    deadline = work.get(Deadline, command.deadline)
    authorise(work, Action.DECIDE_LONG_EXTENSION, Right.APPROVE)
    if deadline.stopped_from is None or work.campaign.paused is not None:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=deadline.id)
    moved = _restart(work, deadline)
    work.emit(
        "campaign:deadline:resumed",
        ("deadline", deadline.id),
        reason=command.reason,
        due_on=moved.current_due_on.isoformat(),
    )


def set_remedial_date(work: Work, command: c.SetRemedialDate) -> None:
    """Date the mending of a breach; the breach stays recorded (EXT1)."""
    deadline = work.get(Deadline, command.deadline)
    authorise(work, Action.DECIDE_LONG_EXTENSION, Right.APPROVE)
    if deadline.breached_at is None:
        raise out_of_order(deadline.id, "in_time", "breached")
    if command.on <= work.today:
        raise RuleViolation(Code.DEADLINE_IN_PAST, on=command.on.isoformat())
    check_fixed(command.on, work.calendar)
    moved = redated(deadline, command.on, work.now, work.policy, work.calendar)
    work.put(moved.id, moved.model_copy(update={"remedial_on": command.on}))
    work.emit(
        "campaign:deadline:remedial_date_set",
        ("deadline", deadline.id),
        unit=deadline.holder,
        reason=command.reason,
    )


def _running(work: Work, key: str) -> Deadline:
    deadline = work.get(Deadline, key)
    if not deadline.is_running:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=key)
    return deadline


def _stop(work: Work, deadline: Deadline, ground: ClockStopGround, proof: str) -> None:
    work.set(deadline.id, deadline, stopped_from=work.today, stop_ground=ground, stop_proof=proof)


def _restart(work: Work, deadline: Deadline) -> Deadline:
    assert deadline.stopped_from is not None
    assert deadline.stop_ground is not None
    stops = deadline.stops
    if deadline.stopped_from < work.today:
        stop = Stop(
            from_on=deadline.stopped_from,
            until_on=work.today - ONE_DAY,
            ground=deadline.stop_ground,
            proof=deadline.stop_proof,
        )
        stops = (*stops, stop)
    fixed = later_by_stop(deadline.current_due_on, deadline.stopped_from, work)
    # Whoever had missed the date before the clock stopped does not miss it a second time.
    missed = deadline.passed == deadline.generation
    return redate(
        work,
        deadline,
        max(fixed, _counted(deadline, stops, work.calendar)),
        stops=stops,
        stopped_from=None,
        stop_ground=None,
        stop_proof="",
        passed=deadline.generation + 1 if missed else deadline.passed,
    )


def later_by_stop(on: date, stopped_from: date, work: Work) -> date:
    """Return a date moved by the working days from the stop's first day to yesterday (CNT6)."""
    calendar = work.calendar
    days = sum(
        1
        for ordinal in range(stopped_from.toordinal(), work.today.toordinal())
        if calendar.is_working_day(date.fromordinal(ordinal))
    )
    return calendar.add_working_days(on, days) if days else on


def suspend(work: Work, command: c.Suspend) -> None:
    """SUSPENDED stops goal, task and plan clocks; review and accountability go on (c.3)."""
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    campaign = work.campaign
    require_move(STAGE_MOVES, campaign.stage, CampaignStage.SUSPENDED, campaign.no)
    for deadline in work.open_deadlines():
        if work.policy.rule(deadline.code).stops and deadline.stopped_from is None:
            _stop(work, deadline, ClockStopGround.CAMPAIGN_SUSPENDED, command.doc_no)
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
            _restart(work, deadline)
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
        _recalculate(work, deadline, old, new)


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


def _recalculate(work: Work, deadline: Deadline, old: Calendar, new: Calendar) -> None:
    recomputed = _counted(deadline, deadline.stops, new)
    due = recalculated(recomputed, deadline.current_due_on, before=old, after=new)
    provisional = new.is_provisional(due)
    if due == deadline.current_due_on:
        # The date stays, but the days before it may not: the next rung is set anew (l.5).
        again = armed(deadline, work.policy, new)
        if (provisional, again.next_at) != (deadline.provisional, deadline.next_at):
            work.set(deadline.id, again, provisional=provisional, calendar_version=new.version)
            work.emit("campaign:deadline:confirmed", ("deadline", deadline.id))
        return
    redate(work, deadline, due)
    on = ("deadline", deadline.id)
    unit = None if deadline.holder in set(Role) else deadline.holder
    if unit is not None:
        tell(work, "CALENDAR", f"{deadline.id}/CALENDAR/{new.version}", _people(work, unit), on)
    work.emit(
        "campaign:deadline:recalculated",
        on,
        unit=unit,
        old_due_on=deadline.current_due_on.isoformat(),
        new_due_on=due.isoformat(),
        old_version=old.version,
        new_version=new.version,
    )


def _people(work: Work, unit: str) -> list[Person]:
    return [
        *people_in(work, Role.PRINCIPAL_LEADER, unit),
        *people_in(work, Role.LIAISON, unit),
    ]


def _counted(deadline: Deadline, stops: tuple[Stop, ...], calendar: Calendar) -> date:
    """Return the due day as the rules count it; a date once moved by decision is what it is."""
    if deadline.extensions or deadline.remedial_on or deadline.amount is None:
        return deadline.current_due_on
    span = Span(unit=deadline.unit, amount=deadline.amount)
    return due_on(span, deadline.start_on, calendar, stops=stops)


def phase_end_clock(work: Work, phase: PhaseRecord) -> None:
    """Start the clock that ends a phase (c.1)."""
    work.open_deadline(
        DeadlineCode.PHASE_END,
        ("phase", str(phase.no)),
        Role.OFFICE,
        span=work.fixed(phase.ends_on),
        matter=phase.title,
    )
