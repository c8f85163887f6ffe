"""Question 13: how a matter, its target and its unit were worded over time."""

from collections.abc import Iterator
from typing import Final

from pydantic import JsonValue

from duban.domain.events import Change
from duban.domain.limits import DeadlineCode
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, OBJECT, REASON, UNIT, WHO
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_WORDED: Final = {
    "task": ("problem", "effect_measure", "lead_unit"),
    "goal": ("measure", "target", ""),
    "deadline": ("matter", "", "holder"),
    "problem": ("description", "target", "unit"),
}
"""Where a task, a goal, an item and a problem keep their description, target and unit."""

_PROMISED: Final = "outcome"
"""Where a problem keeps the numbers that its plan promises, which belong to its target."""


def _versions(history: History, asked: Asked) -> Iterator[Row]:
    """13: every wording of a matter, target and unit; unasked, of those in which one was changed.

    What was still open and is said for the first time changes nothing.
    """
    for kind, fields in _WORDED.items():
        for key, document in history.table(kind).items():
            if kind == "deadline" and not _is_item(document):
                continue
            told = list(_told(history, kind, key, fields))
            rows = list(_worded(history, kind, key, told))
            changed = any(each.before.get(name) for _, each, names in told for name in names)
            if changed or any(asked.obj in row.objects for row in rows):
                yield from rows


def _is_item(deadline: Document) -> bool:
    """Say whether a clock is an item of a task; that of a problem says nothing of its own."""
    return (deadline["object_type"], deadline["code"]) == ("task", DeadlineCode.TASK_ITEM)


def _told(
    history: History, kind: str, key: str, fields: tuple[str, str, str]
) -> Iterator[tuple[Entry, Change, list[str]]]:
    """Yield the changes of an object that word it anew, and the fields they word."""
    for entry in history.touched(kind, key):
        for change in changes_of(entry, kind, key):
            names = [name for name in (*fields, _PROMISED) if name in change.after]
            if names:
                yield entry, change, names


def _worded(
    history: History, kind: str, key: str, told: list[tuple[Entry, Change, list[str]]]
) -> Iterator[Row]:
    owner = _owner(history, kind, key)
    worded: Document = {}
    for version, (entry, change, names) in enumerate(told, 1):
        worded = {**worded, **{name: change.after[name] for name in names}}
        description, target, unit = (worded.get(name) for name in _WORDED[kind])
        matter: Document = {
            "object_type": "item" if kind == "deadline" else kind,
            "object_id": key,
            "version": version,
            "description": description,
            "target": _with_promise(target, worded.get(_PROMISED)),
            "unit": unit if kind != "goal" else history.get("task", owner).get("lead_unit"),
        }
        yield _version(history.head(entry), entry, matter, owner)


def _with_promise(target: JsonValue, promised: JsonValue) -> JsonValue:
    """Return a target, and behind it the numbers that a plan promises."""
    if not isinstance(promised, dict):
        return target
    numbers = "{name} {baseline} → {target} {unit}".format_map(promised)
    return f"{target} ({numbers})"


def _version(head: Entry, entry: Entry, matter: Document, owner: str) -> Row:
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
        objects=(str(matter["object_id"]), owner),
    )


def _owner(history: History, kind: str, key: str) -> str:
    """Return the task that a goal or an item belongs to; a task or a problem is its own."""
    field = {"goal": "task", "deadline": "object_id"}.get(kind, "no")
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
