"""Questions 45 and 48 to 50: the log, the ruler, the whole state, and hands from outside."""

from collections.abc import Iterator
from itertools import pairwise

from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, REASON, WHO, named
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

FOUND = Column("code", Shape.WORD, "finding")


def _verified(history: History, asked: Asked) -> Iterator[Row]:
    """45: what the log's verifier found, the anchors of printed digests included (audit.md 6).

    The first row is the verdict: over how many entries, of a tree of what size and root.
    """
    assert asked.log is not None
    log, last = asked.log, history.entries[-1:]
    where = f"{log.entries} / {log.tree_size} {log.root}".rstrip()
    yield Row({"code": log.verdict, "where": where, "detail": None}, last)
    for code, place, detail in log.findings:
        yield Row({"code": code, "where": place, "detail": detail}, last)


VERIFIED = Reply((FOUND, Column("where"), Column("detail")), _verified, over_gaps=True)


def _ruler(history: History, _: Asked) -> Iterator[Row]:
    """48: every entry from which on another ruler, or another value in it, holds (G1.8).

    One ruler binds all units of a campaign, so all of them are affected.
    """
    units = tuple(history.table("unit"))
    for before, entry in pairwise(history.own):
        old, new = before.event.policy_version, entry.event.policy_version
        fields = [each.after for each in entry.event.changes if each.kind == "policy"]
        if old == new and not fields:
            continue
        changed = sorted({name for each in fields for name in each})
        yield Row(
            {
                "at": entry.at,
                "old": old,
                "new": new,
                "fields": [*changed],
                "actor": entry.event.actor.id,
                "role": entry.event.actor.role.value,
                "reason": entry.event.reason,
                "basis": entry.event.basis_doc,
                "units": [*units],
            },
            (before, entry),
            units=units,
        )


RULER = Reply(
    (
        AT,
        Column("old"),
        Column("new"),
        Column("fields", Shape.LIST),
        *WHO,
        REASON,
        BASIS,
        Column("units", Shape.LIST),
    ),
    _ruler,
)

_FLAGS = ("stagnant", "breached_at", "stopped_from", "provisional", "watch_over")


def _state(history: History, _: Asked) -> Iterator[Row]:
    """49: every object as it stood: campaign, phases, units, tasks, goals, open clocks and asks."""
    for kind, name, state in (
        ("campaign", "title", "stage"),
        ("phase", "title", "status"),
        ("unit", "name", "plan_state"),
        ("task", "title", "state"),
        ("goal", "measure", "state"),
        ("problem", "title", "state"),
        ("deadline", "matter", "status"),
        ("extension", "reason", "state"),
    ):
        for key, document in history.table(kind).items():
            if kind == "deadline" and document["status"] != "open":
                continue
            yield _object(history, kind, key, (document, name, state))


def _object(history: History, kind: str, key: str, told: tuple[Document, str, str]) -> Row:
    document, name, state = told
    unit = _unit(history, kind, document)
    return Row(
        {
            "kind": kind,
            "id": key,
            "title": document.get(name),
            "unit": unit,
            "state": None if document.get("must_plan") is False else document.get(state),
            "value": document.get("current_value"),
            "target": document.get("target") if kind == "goal" else None,
            "due_on": _due(kind, document),
            "flags": [each for each in _FLAGS if document.get(each)],
        },
        tuple(history.touched(kind, key)[-1:]),
        units=(str(unit),),
        objects=(*named({**document, "id": key}), str(document.get("task"))),
    )


def _unit(history: History, kind: str, document: Document) -> str | None:
    if kind == "goal":
        document = history.get("task", document["task"])
    for field in ("lead_unit", "holder", "unit", "code"):
        if isinstance(found := document.get(field), str):
            return found
    return None


def _due(kind: str, document: Document) -> str | None:
    field = {
        "campaign": "close_on",
        "phase": "ends_on",
        "deadline": "current_due_on",
        "extension": "new_due_on",
    }.get(kind, "due_on")
    found = document.get(field)
    return found if isinstance(found, str) else None


STATE = Reply(
    (
        Column("kind", Shape.WORD, "kind"),
        Column("id"),
        Column("title"),
        Column("unit"),
        Column("state", Shape.STATE),
        Column("value"),
        Column("target"),
        Column("due_on", Shape.DAY),
        Column("flags", Shape.WORD, "flag"),
    ),
    _state,
)


def _outside(history: History, asked: Asked) -> Iterator[Row]:
    """50: entries stored by a login that is no worker's, and ordinals that are missing."""
    for stream in history.streams:
        for before, entry in pairwise((None, *stream)):
            due = before.event.seq + 1 if before else 0
            assert entry is not None
            if entry.event.seq != due:
                told = [each for each in (before, entry) if each is not None]
                yield _strange(entry, "ORDINAL_GAP", f"{due}-{entry.event.seq - 1}", tuple(told))
            if entry.told.by not in asked.writers:
                yield _strange(entry, "WRITER", entry.told.by, (entry,))


def _strange(entry: Entry, code: str, detail: str, entries: tuple[Entry, ...]) -> Row:
    cells: Document = {
        "code": code,
        "detail": detail,
        "entry": entry.key,
        "at": entry.at,
        "recorded_at": entry.told.recorded_at.isoformat(),
    }
    return Row(cells, entries, objects=(entry.key,))


OUTSIDE = Reply(
    (
        FOUND,
        Column("detail"),
        Column("entry"),
        AT,
        Column("recorded_at", Shape.MOMENT),
    ),
    _outside,
    over_gaps=True,
)
