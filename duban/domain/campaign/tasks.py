"""Tasks and the items under them (domain.md c.4): taken over, worked, proven, signed off."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.permits import may_sign_off
from duban.domain.campaign.planning import dispatch
from duban.domain.campaign.records import Task, TaskState
from duban.domain.campaign.tables import TASK_MOVES, TASK_OVER
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline
from duban.domain.entity.clocks import hold, release, settle_held
from duban.domain.entity.moving import limited
from duban.domain.entity.permits import (
    authorise,
    leading_group_only,
    person_of,
    sod1_not_the_claimant,
)
from duban.domain.entity.proof import require_outcome
from duban.domain.entity.refusals import out_of_order, require_move
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.plan import Difficulty
from duban.domain.roles import Action, Right, Role


def move(work: Work, task: Task, state: TaskState, **fields: object) -> Task:
    """Move a task along its table; an action ends its stagnation."""
    require_move(TASK_MOVES, task.state, state, task.no)
    return work.set(task.no, task, state=state, last_action_on=work.today, stagnant=False, **fields)


def accept_task(work: Work, command: c.AcceptTask) -> None:
    """签收 (K62): the unit takes the task over; its item plan is due (DL06)."""
    task = work.task(command.task)
    authorise(work, Action.ACCEPT_TASK, Right.APPROVE, Right.CREATE, unit=task.lead_unit)
    take_over(work, task, by=work.actor.id, tag="campaign:task:accepted")


def take_over(work: Work, task: Task, *, by: str, tag: str) -> None:
    """Make the lead unit the owner, by acceptance or by its silence (首办责任, K62)."""
    on = ("task", task.no)
    task = move(work, task, TaskState.ACCEPTED, accepted_by=by)
    work.meet(on, DeadlineCode.ACCEPT)
    work.emit(tag, on, unit=task.lead_unit)
    move(work, task, TaskState.ITEM_PLAN_DUE)
    work.open_deadline(DeadlineCode.ITEM_PLAN, on, task.lead_unit, matter=task.title)
    work.emit("campaign:item_plan:called", on, unit=task.lead_unit)


def request_task_return(work: Work, command: c.RequestTaskReturn) -> None:
    """退单: grounds and legal basis; the office adjudicates, the second time its superior."""
    task = work.task(command.task)
    authorise(work, Action.ACCEPT_TASK, Right.APPROVE, Right.CREATE, unit=task.lead_unit)
    if command.proposed_unit is not None:
        work.unit(command.proposed_unit)
    decider = Role.LEADING_GROUP if task.returns else Role.OFFICE
    on = ("task", task.no)
    move(
        work,
        task,
        TaskState.RETURN_PENDING,
        returns=task.returns + 1,
        return_grounds=command.grounds,
        proposed_unit=command.proposed_unit,
    )
    work.cancel(on, DeadlineCode.ACCEPT)
    work.open_deadline(DeadlineCode.ADJUDICATE_RETURN, on, decider, matter=task.title)
    work.emit(
        "campaign:task:return_requested",
        on,
        unit=task.lead_unit,
        reason=command.grounds,
        basis_doc=command.legal_basis,
    )


def adjudicate_return(work: Work, command: c.AdjudicateReturn) -> None:
    """Reassign the task or send it back to its unit (DL05); a second bounce goes higher (K89)."""
    task = work.task(command.task)
    authorise(work, Action.ADJUDICATE_RETURN, Right.APPROVE)
    if task.returns > 1:
        leading_group_only(work, Action.ADJUDICATE_RETURN)
    if task.state is not TaskState.RETURN_PENDING:
        raise out_of_order(task.no, task.state, "adjudicated")
    on = ("task", task.no)
    work.meet(on, DeadlineCode.ADJUDICATE_RETURN)
    if command.upheld:
        task = _reassign(work, task, command)
    work.emit(
        "campaign:task:return_adjudicated",
        on,
        unit=task.lead_unit,
        reason=command.reason,
        upheld=command.upheld,
    )
    dispatch(work, task, task.lead_unit)


def _reassign(work: Work, task: Task, command: c.AdjudicateReturn) -> Task:
    wanted = {
        "new_unit": command.new_unit,
        "new_leader": command.new_leader,
        "new_handler": command.new_handler,
    }
    missing = [name for name, value in wanted.items() if value is None]
    if missing:
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=missing)
    unit = work.unit(str(command.new_unit))
    for person in (
        person_of(work, str(command.new_leader), Role.PRINCIPAL_LEADER),
        person_of(work, str(command.new_handler), Role.LIAISON),
    ):
        if person.unit != unit.code:
            raise RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=person.id, unit=unit.code)
    return work.set(
        task.no,
        task,
        lead_unit=unit.code,
        principal_leader=command.new_leader,
        leader_in_charge=None,
        handler=command.new_handler,
        assisting_units=tuple(u for u in task.assisting_units if u != unit.code),
    )


def submit_item_plan(work: Work, command: c.SubmitItemPlan) -> None:
    """The item plan arrives (DL06); work on the task starts (K29)."""
    task = work.task(command.task)
    authorise(work, Action.REPLY, Right.APPROVE, Right.CREATE, unit=task.lead_unit)
    on = ("task", task.no)
    move(work, task, TaskState.IN_PROGRESS, item_plan_doc=command.doc_no)
    work.meet(on, DeadlineCode.ITEM_PLAN)
    work.emit("campaign:item_plan:submitted", on, unit=task.lead_unit, basis_doc=command.doc_no)


def assign_item(work: Work, command: c.AssignItem) -> None:
    """Give a unit of the task an item with its own limit, at most the policy's cap (DL10)."""
    task = work.task(command.task)
    authorise(work, Action.ASSIGN_PROBLEM, Right.EXECUTE)
    if task.state in TASK_OVER:
        raise out_of_order(task.no, task.state, "assign_item")
    unit = command.unit or task.lead_unit
    if unit not in (task.lead_unit, *task.assisting_units):
        raise RuleViolation(Code.UNIT_UNKNOWN, unit=unit, task=task.no)
    deadline = work.open_deadline(
        DeadlineCode.TASK_ITEM,
        ("task", task.no),
        unit,
        span=limited(work, DeadlineCode.TASK_ITEM, command.limit) if command.limit else None,
        matter=command.matter,
    )
    work.emit(
        "campaign:item:assigned",
        ("deadline", deadline.id),
        unit=unit,
        due_on=deadline.current_due_on.isoformat(),
    )


def conclude_item(work: Work, command: c.ConcludeItem) -> None:
    """Confirm an item as done, on outcome evidence and not on words (EXP8)."""
    deadline = work.get(Deadline, command.deadline)
    if deadline.code is not DeadlineCode.TASK_ITEM:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="item", id=command.deadline)
    authorise(work, Action.VERIFY, Right.APPROVE)
    sod1_not_the_claimant(work, None, str(deadline.holder))
    require_outcome(command.evidence, deadline.id)
    work.set(deadline.id, deadline, status="met", met_at=work.now, next_rung=None, next_at=None)
    work.emit(
        "campaign:item:concluded",
        ("deadline", deadline.id),
        unit=str(deadline.holder),
        reason=command.result,
        evidence=[each.plain() for each in command.evidence],
    )


def claim_task(work: Work, command: c.ClaimTask) -> None:
    """The principal leader claims the task as done; its clock waits for the verification."""
    task = work.task(command.task)
    authorise(work, Action.REQUEST_CLOSE, Right.APPROVE, unit=task.lead_unit)
    require_outcome(command.evidence, task.no)
    on = ("task", task.no)
    move(
        work,
        task,
        TaskState.DONE_CLAIMED,
        claimed_by=work.actor.id,
        claimed_by_unit=task.lead_unit,
    )
    hold(work, on, DeadlineCode.TASK)
    work.open_deadline(DeadlineCode.VERIFICATION, on, Role.CAMPAIGN_GROUP, matter=task.title)
    work.emit(
        "campaign:task:claimed",
        on,
        unit=task.lead_unit,
        reason=command.result,
        evidence=[each.plain() for each in command.evidence],
    )


def verify_task(work: Work, command: c.VerifyTask) -> None:
    """Pass a claimed task, or reject it back with itemised defects (d.2, SOD1)."""
    task = work.task(command.task)
    authorise(work, Action.VERIFY, Right.APPROVE)
    sod1_not_the_claimant(work, task.claimed_by, task.claimed_by_unit)
    on = ("task", task.no)
    if command.passed:
        require_outcome(command.evidence, task.no)
        move(work, task, TaskState.VERIFIED, verified_by=work.actor.id, defects=())
        settle_held(work, on, DeadlineCode.TASK)
    else:
        if not command.defects:
            raise RuleViolation(Code.REASON_MISSING, field="defects")
        move(
            work,
            task,
            TaskState.REJECTED_BACK,
            defects=command.defects,
            rejections=task.rejections + 1,
        )
        release(work, on, DeadlineCode.TASK)
    work.meet(on, DeadlineCode.VERIFICATION)
    verb = "verified" if command.passed else "rejected_back"
    work.emit(f"campaign:task:{verb}", on, unit=task.lead_unit, reason=command.opinion)


def close_task(work: Work, command: c.CloseTask) -> None:
    """Sign a verified task off: a hard bone by the leading group (K06), never by its claimant."""
    task = work.task(command.task)
    may_sign_off(work, task)
    if task.difficulty is Difficulty.HARD_BONE:
        leading_group_only(work, Action.SIGN_OFF)
    on = ("task", task.no)
    move(work, task, TaskState.CLOSED)
    work.cancel(on)
    work.emit("campaign:task:closed", on, unit=task.lead_unit, reason=command.opinion)


def cancel_task(work: Work, command: c.CancelTask) -> None:
    """Take a task out of the campaign, by the leading group only (c.4, K23)."""
    task = work.task(command.task)
    authorise(work, Action.CREATE_CAMPAIGN, Right.APPROVE)
    move(work, task, TaskState.CANCELLED, disposition=command.reason)
    work.cancel(("task", task.no))
    work.emit(
        "campaign:task:cancelled",
        ("task", task.no),
        unit=task.lead_unit,
        reason=command.reason,
        basis_doc=command.doc_no,
    )
