"""Questions 13 and 17: how a matter was worded over time, and where it lay how long."""

from collections.abc import Iterator
from typing import Final

from duban.domain.campaign.records import TaskState
from duban.domain.counting import local_date
from duban.domain.limits import DeadlineCode
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, OBJECT, REASON, UNIT, WHO, moment
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_WORDED: Final = {
    "task": ("problem", "effect_measure", "lead_unit"),
    "goal": ("measure", "target", ""),
    "deadline": ("matter", "", "holder"),
}
"""Where a task, a goal and an item keep their description, their target and their unit."""


def _versions(history: History, asked: Asked) -> Iterator[Row]:
    """13: every wording of a matter, target and unit; unasked, of those that had more than one."""
    for kind, fields in _WORDED.items():
        for key, document in history.table(kind).items():
            if kind == "deadline" and document["code"] != DeadlineCode.TASK_ITEM:
                continue
            rows = list(_worded(history, kind, key, fields))
            if len(rows) > 1 or any(asked.obj in row.objects for row in rows):
                yield from rows


def _worded(history: History, kind: str, key: str, fields: tuple[str, str, str]) -> Iterator[Row]:
    task = history.get("task", _task_no(history, kind, key))
    worded: Document = {}
    version = 0
    for entry in history.touched(kind, key):
        told = {
            name: change.after[name]
            for change in changes_of(entry, kind, key)
            for name in fields
            if name in change.after
        }
        if told:
            version, worded = version + 1, {**worded, **told}
            description, target, unit = (worded.get(name) for name in fields)
            matter: Document = {
                "object_type": "item" if kind == "deadline" else kind,
                "object_id": key,
                "version": version,
                "description": description,
                "target": target,
                "unit": unit if fields[2] else task.get("lead_unit"),
            }
            yield _version(history.head(entry), entry, matter, str(task.get("no")))


def _version(head: Entry, entry: Entry, matter: Document, task: str) -> Row:
    return Row(
        {
            **matter,
            "at": entry.at,
            "actor": entry.event.actor.id,
            "role": entry.event.actor.role.value,
            "reason": head.event.reason,
            "basis": head.event.basis_doc,
        },
        (head, entry),
        units=(str(matter["unit"]),),
        objects=(str(matter["object_id"]), task),
    )


def _task_no(history: History, kind: str, key: str) -> str:
    field = {"task": "no", "goal": "task", "deadline": "object_id"}[kind]
    return str(history.get(kind, key)[field])


VERSIONS = Reply(
    (
        *OBJECT,
        Column("version", Shape.NUMBER),
        Column("description"),
        Column("target"),
        UNIT,
        AT,
        *WHO,
        REASON,
        BASIS,
    ),
    _versions,
)


_ENDED = frozenset({TaskState.CLOSED, TaskState.CANCELLED})


def _waits(history: History, asked: Asked) -> Iterator[Row]:
    """17: how long each task stood in each state, and on whose desk."""
    for no, task in history.table("task").items():
        stays = list(_stays(history, no))
        ends = [entry for entry, _, _ in stays[1:]]
        for (entry, state, desk), end in zip(stays, [*ends, None], strict=True):
            if state in _ENDED:
                continue
            until = local_date(end.event.occurred_at if end else asked.moment)
            since = local_date(entry.event.occurred_at)
            yield Row(
                {
                    "task": no,
                    "title": task["title"],
                    "state": state,
                    "desk": desk,
                    "since": moment(entry.at).isoformat(),
                    "until": end.at if end else None,
                    "working_days": history.working_days(since, until),
                },
                (entry, *([end] if end else [])),
                units=(desk,),
                objects=(no,),
            )


def _stays(history: History, no: str) -> Iterator[tuple[Entry, str, str]]:
    """Yield the entries that moved a task, each with the state it came to and the desk it lay on.

    The desk is that of the clock which began with the state, else the lead unit's; a task that is
    verified waits for its sign-off, one that is not sent out yet lies with the lead body, and
    nobody is waited for but the leading group while the campaign is suspended.
    """
    unit, before = "", ""
    for entry in history.touched("task", no):
        for change in changes_of(entry, "task", no):
            unit = str(change.after.get("lead_unit", unit))
            if "state" not in change.after:
                continue
            state = str(change.after["state"])
            desk = _holder(entry, no) or _desk(history, state, unit)
            if change.before.get("state") == TaskState.SUSPENDED:
                desk = before
            yield entry, state, desk
            before = before if state == TaskState.SUSPENDED else desk


def _holder(entry: Entry, no: str) -> str | None:
    """Return who answers for the clock that an entry starts on a task; None if it starts none."""
    for change in entry.event.changes:
        on = (change.after.get("object_type"), change.after.get("object_id"))
        if change.kind == "deadline" and on == ("task", no):
            return str(change.after["holder"])
    return None


def _desk(history: History, state: str, unit: str) -> str:
    bodies = {
        TaskState.DRAFTED.value: history.campaign["lead_body"],
        TaskState.VERIFIED.value: history.campaign["sign_off_body"],
        TaskState.SUSPENDED.value: "leading_group",
    }
    return str(bodies.get(state, unit))


WAITS = Reply(
    (
        Column("task"),
        Column("title"),
        Column("state", Shape.WORD, "task_state"),
        Column("desk", Shape.WORD, "role"),
        Column("since", Shape.MOMENT),
        Column("until", Shape.MOMENT),
        Column("working_days", Shape.NUMBER),
    ),
    _waits,
)
