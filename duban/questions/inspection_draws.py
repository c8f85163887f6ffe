"""Draws of inspections as the trail reveals them (f.3, step 8), judged by that alone.

Until it is revealed the trail holds hashes of a draw and nothing else: nothing can be told of it.
"""

from collections.abc import Iterator
from typing import Final

from duban.domain.campaign.draw_proof import DrawFault
from duban.domain.draw.record import DrawRecord, doubts, faults
from duban.domain.draw.trail import STEPS, record_of, trail_faults
from duban.questions.entries import Entry
from duban.questions.history import History

REVEALED: Final = STEPS[-1]


def records(history: History) -> Iterator[tuple[Entry, DrawRecord]]:
    """Yield the records of revealed draws, each with the entry that says so."""
    for entry in history.said(REVEALED):
        record = revealed(history, entry.event.object_id)
        if record is not None:
            yield entry, record


def revealed(history: History, no: str) -> DrawRecord | None:
    """Return the record of a draw; None while it is not revealed, or cannot be read."""
    return record_of((each.event for each in history.own), no)


def judged(history: History, no: str) -> tuple[bool | None, list[str]]:
    """Return whether a draw holds, and what is wrong with it or keeps one from saying so."""
    record = revealed(history, no)
    if record is None:
        wrong = [DrawFault.UNREADABLE.value] if history.about(REVEALED, no) else []
        return (False if wrong else None), wrong
    events = [each.event for each in history.own]
    found = [each.value for each in (*faults(record), *trail_faults(events, record))]
    doubted = [each.value for each in doubts(record)]
    return (False if found else None if doubted else True), [*found, *doubted]
