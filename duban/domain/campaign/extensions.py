"""Extensions (domain.md e.6, EXT1-EXT8): asked in time, in full, decided by size, equally."""

from collections.abc import Iterator
from datetime import date

from duban.domain.campaign import commands as c
from duban.domain.campaign.dates import redate
from duban.domain.campaign.permits import authorise, sod3_not_own_unit
from duban.domain.campaign.records import EvidenceKind as Kind
from duban.domain.campaign.records import Extension, ExtensionState, Goal, Task
from duban.domain.campaign.tables import TASK_OVER, out_of_order
from duban.domain.campaign.work import Work
from duban.domain.counting import check_fixed
from duban.domain.deadlines import Deadline
from duban.domain.errors import Code, RuleViolation
from duban.domain.plan import Difficulty
from duban.domain.policy import DeadlineCode
from duban.domain.roles import Action, Person, Right, Role

SUPERIOR = {
    Role.CAMPAIGN_GROUP: Role.OFFICE,
    Role.OFFICE: Role.LEADING_GROUP,
}
"""To whom an undecided request rises (EXT5)."""

_ROW = {
    Role.CAMPAIGN_GROUP: Action.DECIDE_FIRST_EXTENSION,
    Role.OFFICE: Action.DECIDE_LONG_EXTENSION,
    Role.LEADING_GROUP: Action.DECIDE_GOAL_EXTENSION,
}


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
    if work.actor.role in _ROW and work.actor.role is not extension.decider:
        raise RuleViolation(
            Code.EXTENSION_WRONG_DECIDER, id=extension.id, decider=extension.decider.value
        )
    authorise(work, _ROW[extension.decider], Right.APPROVE)
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
    _must_be_later(extension.new_due_on, deadline)
    redate(work, deadline, extension.new_due_on, extensions=deadline.extensions + 1)


def _must_be_later(on: date, deadline: Deadline) -> None:
    if on <= deadline.current_due_on:
        raise RuleViolation(Code.EXTENSION_NOT_LATER, id=deadline.id, on=on.isoformat())


def task_of(work: Work, deadline: Deadline) -> Task:
    """Return the task a deadline belongs to; only tasks and their goals can be extended."""
    if deadline.object_type == "goal":
        return work.task(work.get(Goal, deadline.object_id).task)
    if deadline.object_type == "task":
        return work.task(deadline.object_id)
    raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="task", id=deadline.object_id)


def ext1_in_time(work: Work, deadline: Deadline) -> None:
    """EXT1: before the due moment, and ahead by the policy's days (a share of short periods).

    A remedial date mends a breach, it does not make the expired date extendable again.
    """
    if work.now > deadline.due_at or deadline.remedial_on is not None:
        raise RuleViolation(
            Code.EXTENSION_AFTER_EXPIRY,
            id=deadline.id,
            due_on=deadline.current_due_on.isoformat(),
        )
    rule, calendar = work.policy.extension, work.calendar
    length = calendar.working_days_between(deadline.start_on, deadline.current_due_on)
    ahead = min(rule.ahead_working_days, length // rule.ahead_period_divisor)
    left = calendar.working_days_between(work.today, deadline.current_due_on)
    if left < ahead:
        raise RuleViolation(Code.EXTENSION_TOO_LATE, id=deadline.id, ahead=ahead, left=left)


def ext2_complete(work: Work, command: c.RequestExtension, unit: str) -> None:
    """EXT2: work done proven, and signed by the principal leader of the unit."""
    missing = []
    if not any(each.kind is not Kind.SUPPORTING for each in command.evidence):
        missing.append("evidence")
    leaders = {
        each.id
        for each in work.all(Person)
        if each.role is Role.PRINCIPAL_LEADER and each.unit == unit and not each.left
    }
    if command.signed_by not in leaders:
        missing.append("signed_by")
    if missing:
        raise RuleViolation(Code.EXTENSION_INCOMPLETE, id=command.deadline, missing=missing)


def ext3_decider(work: Work, deadline: Deadline, task: Task, days: int) -> Role:
    """EXT3: goals and hard bones the leading group; first and short the campaign group."""
    if deadline.object_type == "goal" or task.difficulty is Difficulty.HARD_BONE:
        return Role.LEADING_GROUP
    short = days <= work.policy.extension.first_instance_max_working_days
    return Role.CAMPAIGN_GROUP if short and not deadline.extensions else Role.OFFICE


def ext4_within_bounds(work: Work, deadline: Deadline, command: c.RequestExtension) -> int:
    """EXT4: at most so many times, in all at most the policy's share of the original period.

    Returns the working days asked for.
    """
    rule, calendar = work.policy.extension, work.calendar
    _not_too_often(work, deadline)
    _must_be_later(command.new_due_on, deadline)
    check_fixed(command.new_due_on, calendar)
    original = calendar.working_days_between(deadline.start_on, deadline.original_due_on)
    days = calendar.working_days_between(deadline.current_due_on, command.new_due_on)
    # Days of a clock stop or of a new calendar are nobody's extension and are not counted (CNT6).
    total = days + sum(
        each.working_days
        for each in work.all(Extension)
        if each.deadline == deadline.id and each.state is ExtensionState.APPROVED
    )
    if total * 100 > original * rule.max_total_percent:
        raise RuleViolation(
            Code.EXTENSION_TOO_LONG,
            id=deadline.id,
            total=total,
            max=original * rule.max_total_percent // 100,
        )
    return days


def _not_too_often(work: Work, deadline: Deadline) -> None:
    """Refuse a request beside an open one, or beyond the policy's number per item (EXT4)."""
    rule = work.policy.extension
    open_requests = [
        each.id
        for each in work.all(Extension)
        if each.deadline == deadline.id and each.state is ExtensionState.REQUESTED
    ]
    if open_requests:
        raise RuleViolation(Code.EXTENSION_PENDING, id=deadline.id, extension=open_requests[0])
    if deadline.extensions >= rule.max_per_item:
        raise RuleViolation(Code.EXTENSION_TOO_MANY, id=deadline.id, max=rule.max_per_item)


def similarly_situated(work: Work, extension: Extension) -> Iterator[Extension]:
    """Yield the requests of other units for the same class of reason (EXT6)."""
    for each in work.all(Extension):
        if each.reason_class == extension.reason_class and each.unit != extension.unit:
            yield each


def ext6_equal(alike: list[Extension], command: c.DecideExtension) -> None:
    """EXT6: a like case decided otherwise needs a recorded distinction."""
    other = ExtensionState.REFUSED if command.approved else ExtensionState.APPROVED
    unequal = [f"{each.id} {each.unit}" for each in alike if each.state is other]
    if unequal and not command.distinction:
        raise RuleViolation(Code.EXTENSION_UNEQUAL, id=command.extension, cases=unequal)


def ext7_repeated(work: Work, command: c.RequestExtension, unit: str) -> bool:
    """EXT7: the unit gave the very same reason before."""
    said = "".join(command.reason.split())
    return any(
        each.unit == unit and "".join(each.reason.split()) == said for each in work.all(Extension)
    )


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
