"""Question 33: orders to inspect without their document, or of a body that may not give them."""

from collections.abc import Iterator

from duban.domain.campaign.proof import is_paper
from duban.domain.errors import Code
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, WHO, items
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

_UNFIT = frozenset({Code.SPOT_CHECK_NOT_AUTHORISED, Code.SPOT_CHECK_BODY_NOT_DESIGNATED})
_REFUSED, _ORDERED = "campaign:command:refused", "campaign:spot_check:ordered"


def _unauthorised(history: History, _: Asked) -> Iterator[Row]:
    """33: spot checks refused for want of authority, and any ordered without a document (f.2)."""
    for entry in history.said(_REFUSED, _ORDERED):
        if entry.event.tag == _REFUSED and entry.event.code in _UNFIT:
            told = entry.event.detail.get("params")
            yield _order(entry, told if isinstance(told, dict) else {})
        elif entry.event.tag == _ORDERED and not is_paper(entry.event.basis_doc):
            yield _order(entry, history.get("spot_check", entry.event.object_id))


def _order(entry: Entry, told: Document) -> Row:
    units = tuple(str(each) for each in items(told.get("scope")))
    cells: Document = {
        "at": entry.at,
        "actor": entry.event.actor.id,
        "role": entry.event.actor.role.value,
        "theme": told.get("theme"),
        "ordering_body": told.get("ordering_body", told.get("body")),
        "basis": entry.event.basis_doc,
        "outcome": entry.event.outcome.value,
        "code_refused": entry.event.code,
    }
    return Row(cells, (entry,), units=units, objects=(entry.event.object_id,))


UNAUTHORISED = Reply(
    (
        AT,
        *WHO,
        Column("theme"),
        Column("ordering_body"),
        BASIS,
        Column("outcome", Shape.WORD, "outcome"),
        Column("code_refused"),
    ),
    _unauthorised,
)
