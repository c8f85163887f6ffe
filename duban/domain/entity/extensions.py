"""The rules of extensions that need no more than a clock and the requests made on it (e.6)."""

from collections.abc import Iterable, Iterator
from datetime import date

from duban.domain.counting import check_fixed
from duban.domain.deadlines import Deadline
from duban.domain.entity.clock_commands import DecideExtension, RequestExtension
from duban.domain.entity.records import EvidenceKind as Kind
from duban.domain.entity.records import Extension, ExtensionState
from duban.domain.entity.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Action, Person, Role

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
