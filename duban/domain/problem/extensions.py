"""The second door: a later date for a problem, by the rules of every extension (EXT1-EXT8)."""

from duban.domain.deadlines import Deadline
from duban.domain.entity.clock_commands import DecideExtension, RequestExtension
from duban.domain.entity.extensions import (
    DECIDED_UNDER,
    ext1_in_time,
    ext2_complete,
    ext4_within_bounds,
    ext6_equal,
    ext7_repeated,
    must_be_later,
)
from duban.domain.entity.permits import authorise, sod3_not_own_unit
from duban.domain.entity.records import Extension, ExtensionState
from duban.domain.entity.refusals import out_of_order
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem.opening import RECTIFYING_CLOCKS
from duban.domain.problem.work import Work
from duban.domain.roles import Action, Right, Role

EXTENDABLE = RECTIFYING_CLOCKS | {DeadlineCode.RECTIFICATION_PLAN, DeadlineCode.ASSISTANCE}
"""Clocks that a unit answers for; those of the bodies that check it are not put off."""


def request_extension(work: Work, command: RequestExtension) -> None:
    """File a request for a later date; everything that a machine can judge is judged here."""
    deadline = work.get(Deadline, command.deadline)
    if deadline.code not in EXTENDABLE:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="problem", id=deadline.object_id)
    unit = deadline.holder
    authorise(work, Action.REQUEST_EXTENSION, Right.APPROVE, Right.CREATE, unit=unit)
    ext1_in_time(work, deadline)
    ext2_complete(work, command, unit)
    days = ext4_within_bounds(work, deadline, command)
    number = work.problem.extensions_requested + 1
    extension = _asked(work, command, deadline, (number, days))
    work.put(extension.id, extension)
    work.note(extensions_requested=number)
    on = ("extension", extension.id)
    work.open_deadline(DeadlineCode.EXTENSION_DECISION, on, extension.decider)
    work.emit("problem:extension:requested", on, unit=unit, reason=command.reason)


def _asked(
    work: Work, command: RequestExtension, deadline: Deadline, found: tuple[int, int]
) -> Extension:
    number, days = found
    return Extension(
        **command.model_dump(exclude={"type", "request_id", "actor", "deadline", "reason_class"}),
        id=f"{work.problem.no}/E{number:02d}",
        deadline=deadline.id,
        object_type=deadline.object_type,
        object_id=deadline.object_id,
        unit=deadline.holder,
        reason_class=command.reason_class.value,
        old_due_on=deadline.current_due_on,
        working_days=days,
        nth=deadline.extensions + 1,
        decider=ext3_decider(work, deadline, days),
        hard_bone=work.problem.hard_bone,
        repeated_reason=ext7_repeated(work, command, deadline.holder),
        requested_by=work.actor.id,
        requested_on=work.today,
    )


def ext3_decider(work: Work, deadline: Deadline, days: int) -> Role:
    """EXT3: hard bones the leading group; first and short the campaign group; the office else."""
    if work.problem.hard_bone:
        return Role.LEADING_GROUP
    short = days <= work.policy.extension.first_instance_max_working_days
    return Role.CAMPAIGN_GROUP if short and not deadline.extensions else Role.OFFICE


def decide_extension(work: Work, command: DecideExtension) -> None:
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
    alike = work.alike(extension)
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
    work.emit(f"problem:extension:{state.value}", on, unit=extension.unit, reason=command.reason)


def _move_date(work: Work, extension: Extension) -> None:
    deadline = next((d for d in work.open_deadlines() if d.id == extension.deadline), None)
    if deadline is None:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=extension.deadline)
    # A new calendar or a suspension may have moved the date beyond what was asked for.
    must_be_later(extension.new_due_on, deadline)
    work.redate(deadline, extension.new_due_on, extensions=deadline.extensions + 1)
