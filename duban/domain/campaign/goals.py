"""Phase goals (domain.md c.5): reported, claimed, verified by others, decided by the leading group.

The claimed and the verified value are stored apart; whether a goal is achieved is computed from
its number, never typed.
"""

from datetime import date
from decimal import Decimal

from duban.domain.campaign import commands as c
from duban.domain.campaign.proof import reaches, require_number, share_done
from duban.domain.campaign.records import Goal, GoalState, PhaseRecord, Task
from duban.domain.campaign.tables import GOAL_MOVES, GOAL_OPEN
from duban.domain.campaign.work import Work
from duban.domain.counting import check_fixed
from duban.domain.deadlines import redated
from duban.domain.entity.clocks import hold, release, settle_held
from duban.domain.entity.permits import authorise, sod1_not_the_claimant
from duban.domain.entity.proof import require_outcome
from duban.domain.entity.refusals import out_of_order, require_move
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role


def health(work: Work, goal: Goal, value: Decimal) -> GoalState:
    """ON_TRACK or AT_RISK: progress against the elapsed share of the phase (c.5)."""
    phase = work.get(PhaseRecord, str(goal.phase))
    calendar = work.calendar
    if work.today <= phase.starts_on:
        return GoalState.ON_TRACK
    whole = calendar.working_days_between(phase.starts_on, goal.due_on) or 1
    gone = calendar.working_days_between(phase.starts_on, work.today)
    wanted = Decimal(gone) / Decimal(whole) * work.policy.at_risk_percent / 100
    return GoalState.ON_TRACK if share_done(goal, value) >= wanted else GoalState.AT_RISK


def start_goal(work: Work, goal: Goal) -> None:
    """Start a goal's clock as its phase opens (DL08)."""
    state = GoalState.ON_TRACK
    if goal.current_value is not None:
        state = health(work, goal, goal.current_value)
    work.set(goal.id, goal, state=state)
    work.open_deadline(
        DeadlineCode.PHASE_GOAL,
        ("goal", goal.id),
        work.task(goal.task).lead_unit,
        span=work.fixed(goal.due_on),
        matter=goal.measure,
    )


def record_goal_value(work: Work, command: c.RecordGoalValue) -> None:
    """Take down the present value; corrections are new values, nothing is back-dated (e.7)."""
    goal = work.goal(command.goal)
    task = work.task(goal.task)
    authorise(work, Action.REPLY, Right.APPROVE, Right.CREATE, unit=task.lead_unit)
    require_number(command.value)
    if goal.state not in GOAL_OPEN | {GoalState.NOT_ACHIEVED}:
        raise out_of_order(goal.id, goal.state, "record_value")
    # Before its phase a goal is only measured: its clock starts with the phase (DL08).
    kept = {GoalState.SET, GoalState.OVERDUE, GoalState.CARRIED_OVER, GoalState.NOT_ACHIEVED}
    state = goal.state if goal.state in kept else health(work, goal, command.value)
    work.set(goal.id, goal, state=state, current_value=command.value)
    touch(work, task)
    work.emit(
        "campaign:goal:value_recorded",
        ("goal", goal.id),
        unit=task.lead_unit,
        reason=command.note or None,
        evidence=[each.plain() for each in command.evidence],
    )


def touch(work: Work, task: Task) -> None:
    """Note that a task moved; it is no longer stagnant (e.7)."""
    work.set(task.no, task, last_action_on=work.today, stagnant=False)


def claim_goal(work: Work, command: c.ClaimGoal) -> None:
    """A unit claims its goal with outcome evidence; the clock waits for verification (DL12)."""
    goal = work.goal(command.goal)
    task = work.task(goal.task)
    authorise(work, Action.REQUEST_CLOSE, Right.APPROVE, Right.CREATE, unit=task.lead_unit)
    require_number(command.value)
    require_outcome(command.evidence, goal.id)
    if not reaches(goal, command.value):
        raise RuleViolation(
            Code.GOAL_BELOW_TARGET, id=goal.id, value=str(command.value), target=str(goal.target)
        )
    require_move(GOAL_MOVES, goal.state, GoalState.CLAIMED, goal.id)
    on = ("goal", goal.id)
    work.set(
        goal.id,
        goal,
        state=GoalState.CLAIMED,
        current_value=command.value,
        claimed_value=command.value,
        claimed_by=work.actor.id,
        claimed_by_unit=task.lead_unit,
        evidence=command.evidence,
    )
    hold(work, on, DeadlineCode.PHASE_GOAL)
    work.open_deadline(DeadlineCode.VERIFICATION, on, Role.CAMPAIGN_GROUP, matter=goal.measure)
    touch(work, task)
    work.emit("campaign:goal:claimed", on, unit=task.lead_unit)


def verify_goal(work: Work, command: c.VerifyGoal) -> None:
    """Measure a goal; ACHIEVED needs the number and outcome evidence (EXP8, K04, SOD1)."""
    goal = work.goal(command.goal)
    task = work.task(goal.task)
    authorise(work, Action.VERIFY, Right.APPROVE)
    sod1_not_the_claimant(work, goal.claimed_by, goal.claimed_by_unit)
    state = _measured(goal, command)
    on = ("goal", goal.id)
    work.set(
        goal.id,
        goal,
        state=state,
        current_value=command.value,
        verified_value=command.value,
        verified_by=work.actor.id,
    )
    achieved = state is GoalState.ACHIEVED
    answer = settle_held if achieved else release
    answer(work, on, DeadlineCode.PHASE_GOAL)
    work.meet(on, DeadlineCode.VERIFICATION)
    work.emit(
        "campaign:goal:achieved" if achieved else "campaign:goal:not_achieved",
        on,
        unit=task.lead_unit,
        reason=command.opinion,
        on_site=command.on_site,
        evidence=[each.plain() for each in command.evidence],
    )


def _measured(goal: Goal, command: c.VerifyGoal) -> GoalState:
    """Return what the measured number makes of a goal, proven by outcome evidence (EXP8, K04)."""
    require_number(command.value)
    state = GoalState.NOT_ACHIEVED
    if reaches(goal, command.value):
        require_outcome(command.evidence, goal.id)
        state = GoalState.ACHIEVED
    require_move(GOAL_MOVES, goal.state, state, goal.id)
    return state


def decide_goal(work: Work, command: c.DecideGoal) -> None:
    """Carry a goal over or waive it: the leading group alone, by resolution (G2.1)."""
    goal = work.goal(command.goal)
    authorise(work, Action.PHASE_REVIEW, Right.APPROVE)
    if command.decision is c.GoalDecision.CARRIED_OVER:
        if command.new_due_on is None:
            raise RuleViolation(Code.COMMAND_MALFORMED, missing=["new_due_on"])
        carry_over(work, goal, command.new_due_on, command.reason, command.doc_no)
        return
    require_move(GOAL_MOVES, goal.state, GoalState.WAIVED, goal.id)
    on = ("goal", goal.id)
    work.set(
        goal.id,
        goal,
        state=GoalState.WAIVED,
        decision_doc=command.doc_no,
        decision_reason=command.reason,
    )
    work.cancel(on)
    work.emit(
        "campaign:goal:waived",
        on,
        unit=work.task(goal.task).lead_unit,
        reason=command.reason,
        basis_doc=command.doc_no,
    )


def carry_over(work: Work, goal: Goal, until: date, reason: str, doc_no: str) -> None:
    """Give an unmet goal a new date; it stays on every later list until it is met (c.2)."""
    require_move(GOAL_MOVES, goal.state, GoalState.CARRIED_OVER, goal.id)
    if until <= max(goal.due_on, work.today):
        raise RuleViolation(Code.EXTENSION_NOT_LATER, id=goal.id, on=until.isoformat())
    check_fixed(until, work.calendar)
    on = ("goal", goal.id)
    unit = work.task(goal.task).lead_unit
    work.set(
        goal.id,
        goal,
        state=GoalState.CARRIED_OVER,
        due_on=until,
        carried_from_phase=goal.carried_from_phase or goal.phase,
        decision_doc=doc_no,
        decision_reason=reason,
    )
    work.cancel(on, DeadlineCode.VERIFICATION)
    for deadline in work.open_deadlines(on, DeadlineCode.PHASE_GOAL):
        moved = redated(deadline, until, work.now, work.policy, work.calendar)
        work.put(deadline.id, moved.model_copy(update={"held_at": None}))
    work.emit("campaign:goal:carried_over", on, unit=unit, reason=reason, basis_doc=doc_no)
