"""Questions 16 and 18: hard bones left lying, and tasks that went from unit to unit."""

from collections.abc import Iterator
from decimal import Decimal

from duban.domain.campaign.proof import share_done
from duban.domain.campaign.records import Goal
from duban.domain.model import Document
from duban.domain.plan import Difficulty
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, REASON, UNIT, WHO
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_MEASURED = ("campaign:goal:achieved", "campaign:goal:not_achieved")
_VERIFIED = (*_MEASURED, "campaign:task:verified")
_OVER = {"closed", "cancelled"}


def _idle_hard_bones(history: History, _: Asked) -> Iterator[Row]:
    """16: hard bones without verified progress in this phase while easier tasks were closed (K05).

    Progress is verified when a goal of the task was measured beyond its baseline and beyond what
    was measured before the phase, or when the task itself was passed.
    """
    opened = list(history.said("campaign:phase:opened"))[-1:]
    since = opened[0].event.seq if opened else len(history.entries)
    tasks = history.table("task")
    closed = [
        each
        for each in history.said("campaign:task:closed")
        if each.event.seq > since
        and tasks[each.event.object_id]["difficulty"] != Difficulty.HARD_BONE
    ]
    moved = {
        _task_of(history, each)
        for each in history.said(*_VERIFIED)
        if each.event.seq > since and _is_progress(history, each, since)
    }
    for no, task in tasks.items():
        idle = task["difficulty"] == Difficulty.HARD_BONE and task["state"] not in _OVER
        if closed and idle and no not in moved:
            yield _idle(history, task, (*opened, *closed))


def _task_of(history: History, entry: Entry) -> str:
    if entry.event.object_type == "task":
        return entry.event.object_id
    return str(history.get("goal", entry.event.object_id)["task"])


def _is_progress(history: History, entry: Entry, since: int) -> bool:
    if entry.event.object_type == "task":
        return True
    goal = Goal.model_validate(history.get("goal", entry.event.object_id))
    earlier = [
        share_done(goal, value)
        for each in history.said(*_MEASURED)
        if each.event.seq < since and _is_same(history, each, goal)
        for value in _measured(each)
    ]
    best = max([Decimal(0), *earlier])
    return any(share_done(goal, value) > best for value in _measured(entry))


def _is_same(history: History, entry: Entry, goal: Goal) -> bool:
    """Say whether an entry measured the same thing, for this phase's goal or an earlier one's."""
    other = history.get("goal", entry.event.object_id)
    return (other["task"], other["measure"]) == (goal.task, goal.measure)


def _measured(entry: Entry) -> list[Decimal]:
    return [
        Decimal(str(change.after["verified_value"]))
        for change in changes_of(entry, "goal", entry.event.object_id)
        if "verified_value" in change.after
    ]


def _idle(history: History, task: Document, why: tuple[Entry, ...]) -> Row:
    return Row(
        {
            "task": task["no"],
            "title": task["title"],
            "unit": task["lead_unit"],
            "state": task["state"],
            "phase": history.campaign["current_phase"],
            "last_action_on": task.get("last_action_on"),
            "stagnant": task.get("stagnant"),
            "closed": [each.event.object_id for each in why[1:]],
        },
        (*history.touched("task", task["no"])[-1:], *why),
        units=(str(task["lead_unit"]),),
        objects=(str(task["no"]),),
    )


IDLE_HARD_BONES = Reply(
    (
        Column("task"),
        Column("title"),
        UNIT,
        Column("state", Shape.WORD, "task_state"),
        Column("phase", Shape.NUMBER),
        Column("last_action_on", Shape.DAY),
        Column("stagnant", Shape.YES_NO),
        Column("closed", Shape.LIST),
    ),
    _idle_hard_bones,
)


def _bounced(history: History, _: Asked) -> Iterator[Row]:
    """18: tasks returned more than once, or sent on to another unit (DL05, K89)."""
    for no, task in history.table("task").items():
        asked = history.about("campaign:task:return_requested", no)
        decided = history.about("campaign:task:return_adjudicated", no)
        units = list(dict.fromkeys([*(str(each.event.unit) for each in asked), _now(task)]))
        if len(asked) > 1 or len(units) > 1:
            yield _course(task, asked, decided, units)


def _now(task: Document) -> str:
    return str(task["lead_unit"])


def _course(task: Document, asked: list[Entry], decided: list[Entry], units: list[str]) -> Row:
    last = decided[-1] if decided else None
    return Row(
        {
            "task": task["no"],
            "title": task["title"],
            "units": [*units],
            "returns": len(asked),
            "grounds": [each.event.reason for each in asked],
            "actor": last.event.actor.id if last else None,
            "role": last.event.actor.role.value if last else None,
            "at": last.at if last else None,
            "upheld": last.event.detail.get("upheld") if last else None,
            "reason": last.event.reason if last else None,
        },
        (*asked, *decided),
        units=tuple(units),
        objects=(str(task["no"]),),
    )


BOUNCED = Reply(
    (
        Column("task"),
        Column("title"),
        Column("units", Shape.LIST),
        Column("returns", Shape.NUMBER),
        Column("grounds", Shape.LIST),
        *WHO,
        AT,
        Column("upheld", Shape.YES_NO),
        REASON,
    ),
    _bounced,
)
