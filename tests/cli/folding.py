"""What entities said, folded into rows of a ledger and stored as entries of a trail."""

from collections.abc import Iterable, Sequence
from typing import Any

from duban.contracts import Mode, Record
from duban.domain.events import Event
from duban.store.canonical import StoredEntry, encode, entry, parse
from duban.store.identity import event_id
from tests.support.builders import Desk
from tests.support.clues import ClueDesk
from tests.support.inspections import InspectionDesk
from tests.support.problems import ProblemDesk

NO = "BE-2019"
_KEY = bytes(32)


def said_by(*desks: Desk | ProblemDesk | ClueDesk | InspectionDesk | None) -> list[Event]:
    """Return what some entities said, one after the other."""
    return [event for desk in desks if desk for event in desk.events]


def folded(kind: str, scope: str, events: Iterable[Event]) -> list[dict[str, Any]]:
    """Return the objects of a kind, folded from events."""
    found: dict[str, dict[str, Any]] = {}
    for event in events:
        for change in event.changes:
            if change.kind == kind:
                found.setdefault(change.id, {"campaign": scope}).update(change.after)
    return list(found.values())


def stored(stream: str, events: Sequence[Event]) -> list[StoredEntry]:
    """Return events as the trail keeps them."""
    found = []
    for event in events:
        record = Record(stream=stream, campaign=NO, mode=Mode.LIVE, events=(event,))
        fields = encode({"at": 0, "by": "duban_worker", "e": 0})[:-2] + entry(record, event)
        occurred = int(event.occurred_at.timestamp() * 1_000_000)
        found.append(parse(fields + b"}", event_id(_KEY, stream, event.seq, occurred)))
    return found
