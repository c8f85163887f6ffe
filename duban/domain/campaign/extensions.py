"""Extensions (domain.md e.6, EXT1-EXT8): asked in time, in full, decided by size, equally."""

from functools import partial

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import Goal, Task
from duban.domain.campaign.tables import TASK_OVER
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline
from duban.domain.entity.extensions import (
    asked,
    decided,
    ext3_by_length,
    judged,
    similarly_situated,
)
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.plan import Difficulty
from duban.domain.roles import Role


def request_extension(work: Work, command: c.RequestExtension) -> None:
    """File a request; everything that can be judged by machine is judged here."""
    deadline = work.get(Deadline, command.deadline)
    task, unit = task_of(work, deadline), deadline.holder
    days = judged(work, command, deadline)
    campaign = work.campaign
    number = campaign.extensions_requested + 1
    extension = asked(
        work,
        command,
        deadline,
        days,
        id=f"E{number:04d}",
        decider=ext3_decider(work, deadline, task, days),
        hard_bone=task.difficulty is Difficulty.HARD_BONE,
        easy_first=ext8_easy_first(work, task),
    )
    work.put(extension.id, extension)
    work.set(campaign.no, campaign, extensions_requested=number)
    on = ("extension", extension.id)
    work.open_deadline(DeadlineCode.EXTENSION_DECISION, on, extension.decider)
    work.emit("campaign:extension:requested", on, unit=unit, reason=command.reason)


def decide_extension(work: Work, command: c.DecideExtension) -> None:
    """Approve or refuse; the like are what other units asked for in the campaign."""
    extension = decided(work, command, partial(similarly_situated, work))
    verb = "approved" if command.approved else "refused"
    on = ("extension", extension.id)
    work.emit(f"campaign:extension:{verb}", on, unit=extension.unit, reason=command.reason)


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
    return ext3_by_length(work, deadline, days)


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
