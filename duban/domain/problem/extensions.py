"""The second door: a later date for a problem, by the rules of every extension (EXT1-EXT8)."""

from duban.domain.deadlines import Deadline
from duban.domain.entity.clock_commands import DecideExtension, RequestExtension
from duban.domain.entity.extensions import asked, decided, ext3_by_length, judged
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.problem.opening import RECTIFYING_CLOCKS
from duban.domain.problem.work import Work
from duban.domain.roles import Role

EXTENDABLE = RECTIFYING_CLOCKS | {DeadlineCode.RECTIFICATION_PLAN, DeadlineCode.ASSISTANCE}
"""Clocks that a unit answers for; those of the bodies that check it are not put off."""


def request_extension(work: Work, command: RequestExtension) -> None:
    """File a request for a later date; everything that a machine can judge is judged here."""
    deadline = work.get(Deadline, command.deadline)
    if deadline.code not in EXTENDABLE:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind="problem", id=deadline.object_id)
    unit = deadline.holder
    days = judged(work, command, deadline)
    number = work.problem.extensions_requested + 1
    extension = asked(
        work,
        command,
        deadline,
        days,
        id=f"{work.problem.no}/E{number:02d}",
        decider=ext3_decider(work, deadline, days),
        hard_bone=work.problem.hard_bone,
    )
    work.put(extension.id, extension)
    work.note(extensions_requested=number)
    on = ("extension", extension.id)
    work.open_deadline(DeadlineCode.EXTENSION_DECISION, on, extension.decider)
    work.emit("problem:extension:requested", on, unit=unit, reason=command.reason)


def ext3_decider(work: Work, deadline: Deadline, days: int) -> Role:
    """EXT3: hard bones the leading group; first and short the campaign group; the office else."""
    if work.problem.hard_bone:
        return Role.LEADING_GROUP
    return ext3_by_length(work, deadline, days)


def decide_extension(work: Work, command: DecideExtension) -> None:
    """Approve or refuse; the like are this problem's, and those of others that came along."""
    extension = decided(work, command, work.alike)
    verb = "approved" if command.approved else "refused"
    on = ("extension", extension.id)
    work.emit(f"problem:extension:{verb}", on, unit=extension.unit, reason=command.reason)
