"""The rules of extensions that need no more than a clock and the requests made on it (e.6)."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from duban.domain.counting import check_fixed
from duban.domain.deadlines import Deadline
from duban.domain.entity.clock_commands import DecideExtension, RequestExtension
from duban.domain.entity.permits import authorise, sod3_not_own_unit
from duban.domain.entity.records import EvidenceKind as Kind
from duban.domain.entity.records import Extension, ExtensionState
from duban.domain.entity.refusals import out_of_order
from duban.domain.entity.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Person, Right, Role

DECIDED_UNDER = {
    Role.CAMPAIGN_GROUP: Action.DECIDE_FIRST_EXTENSION,
    Role.OFFICE: Action.DECIDE_LONG_EXTENSION,
    Role.LEADING_GROUP: Action.DECIDE_GOAL_EXTENSION,
}
"""The row of b.3 by which each decider decides (EXT3)."""


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


def ext2_complete(work: Work, command: RequestExtension, unit: str) -> None:
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


def ext4_within_bounds(work: Work, deadline: Deadline, command: RequestExtension) -> int:
    """EXT4: at most so many times, in all at most the policy's share of the original period.

    Returns the working days asked for.
    """
    rule, calendar = work.policy.extension, work.calendar
    _not_too_often(work, deadline)
    must_be_later(command.new_due_on, deadline)
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


def must_be_later(on: date, deadline: Deadline) -> None:
    """Refuse a date that is no later than the present one."""
    if on <= deadline.current_due_on:
        raise RuleViolation(Code.EXTENSION_NOT_LATER, id=deadline.id, on=on.isoformat())


def similarly_situated(work: Work, extension: Extension) -> Iterator[Extension]:
    """Yield the requests of other units for the same class of reason (EXT6)."""
    for each in work.all(Extension):
        if each.reason_class == extension.reason_class and each.unit != extension.unit:
            yield each


def ext6_equal(alike: Iterable[Extension], command: DecideExtension) -> None:
    """EXT6: a like case decided otherwise needs a recorded distinction."""
    other = ExtensionState.REFUSED if command.approved else ExtensionState.APPROVED
    unequal = [f"{each.id} {each.unit}" for each in alike if each.state is other]
    if unequal and not command.distinction:
        raise RuleViolation(Code.EXTENSION_UNEQUAL, id=command.extension, cases=unequal)


def ext7_repeated(work: Work, command: RequestExtension, unit: str) -> bool:
    """EXT7: the unit gave the very same reason before."""
    said = "".join(command.reason.split())
    return any(
        each.unit == unit and "".join(each.reason.split()) == said for each in work.all(Extension)
    )


def judged(work: Work, command: RequestExtension, deadline: Deadline) -> int:
    """Judge what a machine can of a request for a later date; return the working days asked for."""
    unit = deadline.holder
    authorise(work, Action.REQUEST_EXTENSION, Right.APPROVE, Right.CREATE, unit=unit)
    ext1_in_time(work, deadline)
    ext2_complete(work, command, unit)
    return ext4_within_bounds(work, deadline, command)


def asked(
    work: Work, command: RequestExtension, deadline: Deadline, days: int, **own: object
) -> Extension:
    """Return the request as it is filed, with what the machine found; `own` is its matter's."""
    said = command.model_dump(exclude={"type", "request_id", "actor", "deadline", "reason_class"})
    found = {
        **said,
        "deadline": deadline.id,
        "object_type": deadline.object_type,
        "object_id": deadline.object_id,
        "unit": deadline.holder,
        "reason_class": command.reason_class.value,
        "old_due_on": deadline.current_due_on,
        "working_days": days,
        "nth": deadline.extensions + 1,
        "repeated_reason": ext7_repeated(work, command, deadline.holder),
        "requested_by": work.actor.id,
        "requested_on": work.today,
    }
    return Extension.model_validate({**found, **own})


def ext3_by_length(work: Work, deadline: Deadline, days: int) -> Role:
    """EXT3: what is asked for first and is short the campaign group decides; the office else."""
    short = days <= work.policy.extension.first_instance_max_working_days
    return Role.CAMPAIGN_GROUP if short and not deadline.extensions else Role.OFFICE


def decided(
    work: Work, command: DecideExtension, like: Callable[[Extension], Iterable[Extension]]
) -> Extension:
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
    alike = list(like(extension))
    ext6_equal(alike, command)
    settled = work.set(
        extension.id,
        extension,
        state=ExtensionState.APPROVED if command.approved else ExtensionState.REFUSED,
        decided_by=work.actor.id,
        decided_reason=command.reason,
        distinction=command.distinction,
        similar=tuple(each.id for each in alike),
    )
    work.meet(("extension", extension.id), DeadlineCode.EXTENSION_DECISION)
    if command.approved:
        _move_date(work, extension)
    work.notes.extend(f"similar:{each.id}:{each.unit}:{each.state.value}" for each in alike)
    return settled


def _move_date(work: Work, extension: Extension) -> None:
    deadline = next((d for d in work.open_deadlines() if d.id == extension.deadline), None)
    if deadline is None:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=extension.deadline)
    # A new calendar or a suspension may have moved the date beyond what was asked for.
    must_be_later(extension.new_due_on, deadline)
    work.redate(deadline, extension.new_due_on, extensions=deadline.extensions + 1)
