"""Draws of inspections as the trail reveals them (f.3, step 8): judged by their records alone."""

from collections.abc import Iterator

from duban.domain.campaign.draw_proof import DrawFault, of_draw
from duban.domain.draw.record import DrawRecord, doubts, faults
from duban.domain.draw.sheets import Sheet, joined
from duban.domain.model import Document
from duban.questions.entries import Entry
from duban.questions.history import History

_REVEALED = "campaign:draw:revealed"
_BOUND = ("commit", "pop_hash", "params_hash")


def records(history: History) -> Iterator[tuple[Entry, DrawRecord]]:
    """Yield the records of revealed draws, each with the entry that says so."""
    for entry in history.said(_REVEALED):
        record = record_of(history, entry.event.object_id)
        if record is not None:
            yield entry, record


def record_of(history: History, no: str) -> DrawRecord | None:
    """Return the record of a draw; None while it is not revealed, or cannot be read."""
    told = history.table("draw_record").values()
    sheets = (Sheet.model_validate(each) for each in told if each.get("draw") == no)
    return joined(sheets)
