"""Moving a date: the clock, and with it the date that stands on the task, goal or phase."""

from datetime import date

from duban.domain.campaign.records import Goal, GoalState, PhaseRecord, Task
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline, redated
from duban.domain.policy import DeadlineCode


def redate(work: Work, deadline: Deadline, on: date, **fields: object) -> Deadline:
    """Move an open clock to `on` and return it, with `fields` set as well."""
    moved = redated(deadline, on, work.now, work.policy, work.calendar)
    moved = moved.model_copy(update=fields)
    work.put(moved.id, moved)
    _follow(work, moved)
    return moved


def _follow(work: Work, deadline: Deadline) -> None:
    """Let the object show the date its clock runs to; a goal with a date ahead is not overdue."""
    key, on = deadline.object_id, deadline.current_due_on
    if deadline.code is DeadlineCode.TASK:
        work.set(key, work.get(Task, key), due_on=on)
    elif deadline.code is DeadlineCode.PHASE_END:
        work.set(key, work.get(PhaseRecord, key), ends_on=on)
    elif deadline.code is DeadlineCode.PHASE_GOAL:
        goal = work.get(Goal, key)
        ahead = goal.state is GoalState.OVERDUE and deadline.due_at > work.now
        work.set(key, goal, due_on=on, state=GoalState.ON_TRACK if ahead else goal.state)
