"""Questions 16 and 18: hard bones left lying, and what went from unit to unit."""

from collections.abc import Iterator
from decimal import Decimal

from duban.domain.campaign.proof import share_done
from duban.domain.campaign.records import Goal
from duban.domain.model import Document
from duban.domain.plan import Difficulty
from duban.domain.problem.tables import SETTLED
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, OBJECT, REASON, UNIT, WHO
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_MEASURED = ("campaign:goal:achieved", "campaign:goal:not_achieved")
_PROVEN = (
    "campaign:task:verified",
    "problem:verification:passed",
    "problem:milestone:reached",
)
_CLOSED = ("campaign:task:closed", "problem:problem:signed_off")
_OVER = {"closed", "cancelled"}


def _idle_hard_bones(history: History, _: Asked) -> Iterator[Row]:
    """16: hard bones without verified progress in this phase while easier ones were closed (K05).

    Progress is verified when a goal of the task was measured beyond its baseline and beyond what
    was measured before the phase, when the task itself or the problem was passed, or when a
    milestone of a long-term problem was reached.
    """
    opened = list(history.said("campaign:phase:opened"))[-1:]
    since = history.place(opened[0]) if opened else len(history.entries)
    closed = [
        each
        for each in history.said(*_CLOSED)
        if history.place(each) > since and not _is_hard(_subject(history, each))
    ]
    moved = {
        _no_of(history, each)
        for each in history.said(*_MEASURED, *_PROVEN)
        if history.place(each) > since and _is_progress(history, each, since)
    }
    for kind, over in (("task", _OVER), ("problem", SETTLED)):
        for no, matter in history.table(kind).items():
            idle = _is_hard(matter) and matter["state"] not in over
            if closed and idle and no not in moved:
                yield _idle(history, kind, matter, (*opened, *closed))


def _is_hard(matter: Document) -> bool:
    return matter.get("difficulty") == Difficulty.HARD_BONE or bool(matter.get("hard_bone"))


def _subject(history: History, entry: Entry) -> Document:
    return history.get(entry.event.object_type, entry.event.object_id)


def _no_of(history: History, entry: Entry) -> str:
    """Return the task or problem that an entry verifies something of."""
    if entry.event.object_type == "goal":
        return str(_subject(history, entry)["task"])
    return entry.event.object_id


def _is_progress(history: History, entry: Entry, since: int) -> bool:
    if entry.event.tag in _PROVEN:
        return True
    goal = Goal.model_validate(_subject(history, entry))
    earlier = [
        share_done(goal, value)
        for each in history.said(*_MEASURED)
        if history.place(each) < since and _is_same(history, each, goal)
        for value in _measured(each)
    ]
    best = max([Decimal(0), *earlier])
    return any(share_done(goal, value) > best for value in _measured(entry))


def _is_same(history: History, entry: Entry, goal: Goal) -> bool:
    """Say whether an entry measured the same thing, for this phase's goal or an earlier one's."""
    other = _subject(history, entry)
    return (other["task"], other["measure"]) == (goal.task, goal.measure)


def _measured(entry: Entry) -> list[Decimal]:
    return [
        Decimal(str(change.after["verified_value"]))
        for change in changes_of(entry, "goal", entry.event.object_id)
        if "verified_value" in change.after
    ]


def _idle(history: History, kind: str, matter: Document, why: tuple[Entry, ...]) -> Row:
    unit = _unit(matter)
    return Row(
        {
            "object_type": kind,
            "object_id": matter["no"],
            "title": matter["title"],
            "unit": unit,
            "state": matter["state"],
            "phase": history.campaign["current_phase"],
            "last_action_on": matter.get("last_action_on"),
            "stagnant": matter.get("stagnant"),
            "closed": [each.event.object_id for each in why[1:]],
        },
        (*history.touched(kind, matter["no"])[-1:], *why),
        units=(str(unit),),
        objects=(str(matter["no"]),),
    )


def _unit(matter: Document) -> str | None:
    """Return the unit that answers for a task or a problem now."""
    found = matter.get("lead_unit", matter.get("unit"))
    return found if isinstance(found, str) else None


IDLE_HARD_BONES = Reply(
    (
        *OBJECT,
        Column("title"),
        UNIT,
        Column("state", Shape.STATE),
        Column("phase", Shape.NUMBER),
        Column("last_action_on", Shape.DAY),
        Column("stagnant", Shape.YES_NO),
        Column("closed", Shape.LIST),
    ),
    _idle_hard_bones,
)


def _bounced(history: History, _: Asked) -> Iterator[Row]:
    """18: what was returned more than once, or sent on to another unit (DL05, K89)."""
    for kind, noun in (("task", "campaign"), ("problem", "problem")):
        for no, matter in history.table(kind).items():
            asked = history.about(f"{noun}:{kind}:return_requested", no)
            decided = history.about(f"{noun}:{kind}:return_adjudicated", no)
            units = list(dict.fromkeys([*(str(e.event.unit) for e in asked), str(_unit(matter))]))
            if len(asked) > 1 or len(units) > 1:
                yield _course(kind, matter, (asked, decided), units)


def _course(
    kind: str, matter: Document, told: tuple[list[Entry], list[Entry]], units: list[str]
) -> Row:
    asked, decided = told
    last = decided[-1] if decided else None
    return Row(
        {
            "object_type": kind,
            "object_id": matter["no"],
            "title": matter["title"],
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
        objects=(str(matter["no"]),),
    )


BOUNCED = Reply(
    (
        *OBJECT,
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
