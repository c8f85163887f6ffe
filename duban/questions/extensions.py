"""Questions 1 to 4: later dates, who gave them, to whom, and equally or not (EXT1-EXT8)."""

from collections.abc import Iterator
from itertools import groupby

from duban.domain.events import Change
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import (
    AT,
    CLOCK,
    REASON,
    UNIT,
    WHO,
    clock,
    day,
    moment,
    named,
    parts,
    references,
    whole,
)
from duban.questions.entries import Entry
from duban.questions.history import History, either
from duban.questions.question import Asked, Reply

_APPROVED = either("extension:approved")
_REFUSED = either("extension:refused")
_REQUESTED = either("extension:requested")
_LATE = "extension.after_expiry"


def _later_dates(history: History, _: Asked) -> Iterator[Row]:
    """1: every entry that moved a due day back, whatever act it was."""
    for entry in history.entries:
        for change in entry.event.changes:
            old, new = (side.get("current_due_on") for side in (change.before, change.after))
            if change.kind == "deadline" and old and new and day(new) > day(old):
                yield _later_date(history, entry, change)


def _later_date(history: History, entry: Entry, change: Change) -> Row:
    head, deadline = history.head(entry), history.get("deadline", change.id)
    event = head.event
    formal = event.tag in _APPROVED
    asked = history.get("extension", event.object_id) if formal else {}
    requests = history.first("extension", event.object_id) if formal else ()
    old, new = change.before["current_due_on"], change.after["current_due_on"]
    return Row(
        {
            **clock(deadline),
            "how": event.tag,
            "old_due_on": old,
            "new_due_on": new,
            "working_days": history.calendar.working_days_between(day(old), day(new)),
            "reason_class": asked.get("reason_class"),
            "reason": asked.get("reason") or event.reason,
            "requested_by": asked.get("requested_by"),
            "requested_at": requests[0].at if requests else None,
            "signed_by": asked.get("signed_by"),
            "evidence": references(asked.get("evidence")),
            "at": entry.at,
            "actor": event.actor.id,
            "role": event.actor.role.value,
            "decided_reason": asked.get("decided_reason"),
        },
        (*requests, head, entry),
        units=(str(deadline.get("holder")),),
        objects=named(deadline),
    )


WHO_EXTENDED = Reply(
    (
        *CLOCK,
        Column("how", Shape.WORD, "tag"),
        Column("old_due_on", Shape.DAY),
        Column("new_due_on", Shape.DAY),
        Column("working_days", Shape.NUMBER),
        Column("reason_class", Shape.WORD, "reason"),
        REASON,
        Column("requested_by"),
        Column("requested_at", Shape.MOMENT),
        Column("signed_by"),
        Column("evidence", Shape.LIST),
        AT,
        *WHO,
        Column("decided_reason"),
    ),
    _later_dates,
)


def _refused(history: History, _: Asked) -> Iterator[Row]:
    """2: every refusal, beside what others were told who gave the same class of reason."""
    for entry in history.said(*_REFUSED):
        asked = history.get("extension", entry.event.object_id)
        others = [each for each in _granted(history) if _alike(each, asked)]
        yield Row(
            {
                "extension": asked["id"],
                "unit": asked["unit"],
                "reason_class": asked["reason_class"],
                "reason": asked["reason"],
                "at": entry.at,
                "decided_by": entry.event.actor.id,
                "decided_reason": asked["decided_reason"],
                "distinction": asked.get("distinction"),
                "granted_to": [f"{each['unit']} {each['id']}" for each in others],
                "granted_by": [*sorted({str(each["decided_by"]) for each in others})],
            },
            (
                *history.first("extension", asked["id"]),
                entry,
                *(last for each in others for last in _decision(history, each)),
            ),
            units=(str(asked["unit"]), *(str(each["unit"]) for each in others)),
            objects=(str(asked["id"]), str(asked["deadline"]), str(asked["object_id"])),
        )


def _granted(history: History) -> list[Document]:
    return [each for each in history.table("extension").values() if each["state"] == "approved"]


def _alike(one: Document, other: Document) -> bool:
    """EXT6: another unit, the same class of reason."""
    return one["reason_class"] == other["reason_class"] and one["unit"] != other["unit"]


def _decision(history: History, extension: Document) -> tuple[Entry, ...]:
    return history.setting("extension", extension["id"], "decided_by")


REFUSED = Reply(
    (
        Column("extension"),
        UNIT,
        Column("reason_class", Shape.WORD, "reason"),
        REASON,
        AT,
        Column("decided_by"),
        Column("decided_reason"),
        Column("distinction"),
        Column("granted_to", Shape.LIST),
        Column("granted_by", Shape.LIST),
    ),
    _refused,
)


def _after_expiry(history: History, _: Asked) -> Iterator[Row]:
    """3: requests refused for coming late (EXT1), and any that was let in although it was late."""
    for entry in history.said(*either("command:refused"), *_REQUESTED):
        if entry.event.tag in _REQUESTED:
            asked = history.get("extension", entry.event.object_id)
            key, decided = str(asked["deadline"]), _decision(history, asked)
            due = _expired_at(history, key, entry)
            if due is None or entry.event.occurred_at <= moment(due):
                continue
            yield _late(history, entry, key, state=str(asked["state"]), decided=decided)
        elif entry.event.code == _LATE:
            params = entry.event.detail.get("params")
            key = str(params.get("id")) if isinstance(params, dict) else ""
            yield _late(history, entry, key, state="refused", decided=())


def _expired_at(history: History, key: str, entry: Entry) -> str | None:
    """Return the due moment by which a request had to come, as it stood before an entry.

    A breach stays one: a remedial date makes the expired date no later (EXT1).
    """
    first = history.before("deadline", key, "breached_at", entry)
    due = first or history.before("deadline", key, "due_at", entry)
    return moment(due).isoformat() if due else None


def _late(
    history: History, entry: Entry, key: str, *, state: str, decided: tuple[Entry, ...]
) -> Row:
    deadline = history.get("deadline", key)
    return Row(
        {
            **clock(deadline),
            "at": entry.at,
            "actor": entry.event.actor.id,
            "role": entry.event.actor.role.value,
            "due_at": _expired_at(history, key, entry),
            "code_refused": entry.event.code,
            "state": state,
            "valid": state == "approved",
        },
        (*history.first("deadline", key), entry, *decided),
        units=(str(deadline.get("holder")),),
        objects=named(deadline),
    )


AFTER_EXPIRY = Reply(
    (
        *CLOCK,
        AT,
        *WHO,
        Column("due_at", Shape.MOMENT),
        Column("code_refused"),
        Column("state", Shape.WORD, "extension_state"),
        Column("valid", Shape.YES_NO),
    ),
    _after_expiry,
)


def _approvers(history: History, _: Asked) -> Iterator[Row]:
    """4: per approver and unit what was granted, those who granted most first (SOD3)."""
    decided = sorted(
        history.said(*_APPROVED, *_REFUSED),
        key=lambda each: (each.event.actor.id, str(each.event.unit)),
    )
    rows = []
    for (actor, unit), group in groupby(
        decided, key=lambda each: (each.event.actor.id, str(each.event.unit))
    ):
        rows.append(_approver(history, actor, unit, tuple(group)))
    totals: dict[str, int] = {}
    for row in rows:
        actor = str(row.cells["actor"])
        totals[actor] = totals.get(actor, 0) + whole(row.cells["granted"])
    yield from sorted(rows, key=lambda row: -totals[str(row.cells["actor"])])


def _approver(history: History, actor: str, unit: str, decided: tuple[Entry, ...]) -> Row:
    granted = [each for each in decided if each.event.tag in _APPROVED]
    days = [history.get("extension", each.event.object_id)["working_days"] for each in granted]
    belonged, left_on, register = _belonging(history, actor, unit)
    return Row(
        {
            "actor": actor,
            "unit": unit,
            "granted": len(granted),
            "working_days": sum(whole(each) for each in days),
            "refused": len(decided) - len(granted),
            "belonged": belonged,
            "left_on": left_on,
        },
        (*decided, *register),
        units=(unit,),
        objects=tuple(each.event.object_id for each in decided),
    )


def _belonging(
    history: History, actor: str, unit: str
) -> tuple[str, str | None, tuple[Entry, ...]]:
    """Return `now`, `before` or `never`, the day a person left a unit, and where that stands."""
    found = {key: each for key, each in history.table("person").items() if each["id"] == actor}
    register = tuple(entry for key in found for entry in history.touched("person", key))
    if any(each.get("unit") == unit and not each.get("left") for each in found.values()):
        return "now", None, register
    left = [
        str(former["left_on"])
        for each in found.values()
        for former in parts(each.get("former_units"))
        if former["unit"] == unit
    ]
    return ("before" if left else "never"), max(left, default=None), register


APPROVERS = Reply(
    (
        Column("actor"),
        UNIT,
        Column("granted", Shape.NUMBER),
        Column("working_days", Shape.NUMBER),
        Column("refused", Shape.NUMBER),
        Column("belonged", Shape.WORD, "belonged"),
        Column("left_on", Shape.DAY),
    ),
    _approvers,
)
