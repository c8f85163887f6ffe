"""Extensions (domain.md e.6, EXT1-EXT8): asked in time, in full, decided by size, equally."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import Goal, Task
from duban.domain.campaign.tables import TASK_OVER
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline
from duban.domain.entity.extensions import (
    DECIDED_UNDER,
    ext1_in_time,
    ext2_complete,
    ext4_within_bounds,
    ext6_equal,
    ext7_repeated,
    must_be_later,
    similarly_situated,
)
from duban.domain.entity.permits import authorise, sod3_not_own_unit
from duban.domain.entity.records import Extension, ExtensionState
from duban.domain.entity.refusals import out_of_order
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.plan import Difficulty
from duban.domain.roles import Action, Right, Role


def request_extension(work: Work, command: c.RequestExtension) -> None:
    """File a request; everything that can be judged by machine is judged here."""
    deadline = work.get(Deadline, command.deadline)
    task, unit = task_of(work, deadline), deadline.holder
    authorise(work, Action.REQUEST_EXTENSION, Right.APPROVE, Right.CREATE, unit=unit)
    ext1_in_time(work, deadline)
    ext2_complete(work, command, unit)
    days = ext4_within_bounds(work, deadline, command)
    extension = _asked(work, command, task, days=days)
    work.put(extension.id, extension)
    campaign = work.campaign
    asked = campaign.extensions_requested + 1
    work.set(campaign.no, campaign, extensions_requested=asked)
    on = ("extension", extension.id)
    work.open_deadline(DeadlineCode.EXTENSION_DECISION, on, extension.decider)
    work.emit("campaign:extension:requested", on, unit=unit, reason=command.reason)


def _asked(work: Work, command: c.RequestExtension, task: Task, *, days: int) -> Extension:
    """Return the request as it is filed, with what the machine found about it."""
    deadline = work.get(Deadline, command.deadline)
    unit = deadline.holder
    return Extension(
        id=f"E{work.campaign.extensions_requested + 1:04d}",
        deadline=deadline.id,
        object_type=deadline.object_type,
        object_id=deadline.object_id,
        unit=unit,
        reason_class=command.reason_class.value,
        reason=command.reason,
        work_done=command.work_done,
        what_differs=command.what_differs,
        signed_by=command.signed_by,
        evidence=command.evidence,
        old_due_on=deadline.current_due_on,
        new_due_on=command.new_due_on,
        working_days=days,
        nth=deadline.extensions + 1,
        decider=ext3_decider(work, deadline, task, days),
        hard_bone=task.difficulty is Difficulty.HARD_BONE,
        repeated_reason=ext7_repeated(work, command, unit),
        easy_first=ext8_easy_first(work, task),
        requested_by=work.actor.id,
        requested_on=work.today,
    )


def decide_extension(work: Work, command: c.DecideExtension) -> None:
    """Approve or refuse: by the decider of EXT3, not for one's own unit (SOD3), equally (EXT6)."""
    extension = work.get(Extension, command.extension)
    if work.actor.role in DECIDED_UNDER and work.actor.role is not extension.decider:
        raise RuleViolation(
            Code.EXTENSION_WRONG_DECIDER, id=extension.id, decider=extension.decider.value
        )
    authorise(work, DECIDED_UNDER[extension.decider], Right.APPROVE)
    if extension.state is not ExtensionState.REQUESTED:
        raise out_of_order(extension.id, extension.state, "decided")
    sod3_not_own_unit(work, extension.unit)
    alike = list(similarly_situated(work, extension))
    ext6_equal(alike, command)
    state = ExtensionState.APPROVED if command.approved else ExtensionState.REFUSED
    work.set(
        extension.id,
        extension,
        state=state,
        decided_by=work.actor.id,
        decided_reason=command.reason,
        distinction=command.distinction,
        similar=tuple(each.id for each in alike),
    )
    on = ("extension", extension.id)
    work.meet(on, DeadlineCode.EXTENSION_DECISION)
    if command.approved:
        _move_date(work, extension)
    work.notes.extend(f"similar:{each.id}:{each.unit}:{each.state.value}" for each in alike)
    work.emit(f"campaign:extension:{state.value}", on, unit=extension.unit, reason=command.reason)


def _move_date(work: Work, extension: Extension) -> None:
    deadline = next((d for d in work.open_deadlines() if d.id == extension.deadline), None)
    if deadline is None:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=extension.deadline)
    # A new calendar or a suspension may have moved the date beyond what was asked for.
    must_be_later(extension.new_due_on, deadline)
    work.redate(deadline, extension.new_due_on, extensions=deadline.extensions + 1)


def task_of(work: Work, deadline: Deadline) -> Task:
    """Return the task a deadline belongs to; only tasks and their goals can be extended."""
    if deadline.object_type == "goal":
        return work.task(work.get(Goal, deadline.object_id).task)
    if deadline.object_type == "task":
        return work.task(deadline.object_id)
    raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="task", id=deadline.object_id)


def ext3_decider(work: Work, deadline: Deadline, task: Task, days: int) -> Role:
    """EXT3: goals and hard bones the leading group; first and short the campaign group."""
    if deadline.object_type == "goal" or task.difficulty is Difficulty.HARD_BONE:
        return Role.LEADING_GROUP
    short = days <= work.policy.extension.first_instance_max_working_days
    return Role.CAMPAIGN_GROUP if short and not deadline.extensions else Role.OFFICE


def ext8_easy_first(work: Work, task: Task) -> bool:
    """EXT8: an easy item is extended while a hard bone of the unit lies untouched (K05)."""
    if task.difficulty is Difficulty.HARD_BONE:
        return False
    moved = {goal.task for goal in work.all(Goal) if goal.current_value is not None}
    return any(
        each.lead_unit == task.lead_unit
        and each.state not in TASK_OVER
        and each.difficulty is Difficulty.HARD_BONE
        and each.no not in moved
        for each in work.all(Task)
    )
