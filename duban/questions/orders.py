"""Question 33: inspections without authority, or with a wider scope than theirs (f.2)."""

from collections.abc import Iterator

from duban.domain.campaign.proof import is_paper
from duban.domain.errors import Code
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, REASON, WHO, items
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.inspections import INSPECTION, Seen, inspections
from duban.questions.question import Asked, Reply

_LACKS = {
    Code.SPOT_CHECK_NOT_AUTHORISED: "document",
    Code.SPOT_CHECK_BODY_NOT_DESIGNATED: "designation",
}
_REFUSED, _ORDERED = "campaign:command:refused", "campaign:spot_check:ordered"
_AUTHORITY = ("inspection:inspection:ordered", "inspection:inspection:authorised")
_AMENDED, _TRIED = "inspection:scope:amended", "inspection:command:refused"


def _unauthorised(history: History, asked: Asked) -> Iterator[Row]:
    """33: what was ordered, or was to be, without authority; what was widened, or was to be.

    A planned kind waits for its document; that it still has none is no fault before anybody goes.
    """
    for entry in history.said(_REFUSED, _ORDERED):
        lacks = _LACKS.get(Code(entry.event.code)) if entry.event.code else None
        if entry.event.tag == _REFUSED and lacks is not None:
            told = entry.event.detail.get("params")
            yield _order(entry, told if isinstance(told, dict) else {}, lacks)
        elif entry.event.tag == _ORDERED and not is_paper(entry.event.basis_doc):
            told = history.get("spot_check", entry.event.object_id)
            yield _order(entry, told, "document")
    for seen in inspections(asked):
        yield from _of_inspection(seen)


def _order(entry: Entry, told: Document, lacks: str) -> Row:
    units = tuple(str(each) for each in items(told.get("scope")))
    cells: Document = {
        **_cells(entry, lacks),
        "inspection": None,
        "theme": told.get("theme"),
        "ordering_body": told.get("ordering_body", told.get("body")),
    }
    return Row(cells, (entry,), units=units, objects=(entry.event.object_id,))


def _cells(entry: Entry, lacks: str) -> Document:
    return {
        "at": entry.at,
        "actor": entry.event.actor.id,
        "role": entry.event.actor.role.value,
        "authority": lacks,
        "added": items(entry.event.detail.get("added")),
        "basis": entry.event.basis_doc,
        "reason": entry.event.reason,
        "outcome": entry.event.outcome.value,
        "code_refused": entry.event.code,
    }


def _of_inspection(seen: Seen) -> Iterator[Row]:
    for entry in seen.history.said(*_AUTHORITY, _AMENDED, _TRIED):
        lacks = _lacks(entry)
        if lacks is not None:
            order = seen.record.order
            cells = {"theme": order.theme, "ordering_body": order.ordering_body}
            yield Row(
                {**_cells(entry, lacks), "inspection": seen.record.no, **cells},
                (entry,),
                units=seen.units,
                objects=(seen.record.no, entry.event.actor.id),
            )


def _lacks(entry: Entry) -> str | None:
    """Return what an entry of an inspection shows of its authority: nothing wrong, or what."""
    event = entry.event
    if event.tag == _AMENDED:
        return "widened"
    if event.tag == _TRIED:
        outside = "widened" if event.code == Code.INSPECTION_OUT_OF_SCOPE else None
        return outside or _LACKS.get(Code(str(event.code)))
    planned = any(each.after.get("state") == "planned" for each in event.changes)
    return None if planned or is_paper(event.basis_doc) else "document"


UNAUTHORISED = Reply(
    (
        AT,
        *WHO,
        INSPECTION,
        Column("theme"),
        Column("ordering_body"),
        Column("authority", Shape.WORD, "authority"),
        Column("added", Shape.LIST),
        BASIS,
        REASON,
        Column("outcome", Shape.WORD, "outcome"),
        Column("code_refused"),
    ),
    _unauthorised,
)
