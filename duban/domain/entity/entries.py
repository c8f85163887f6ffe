"""Entries that fit the trail: how large one may be, and how a large act becomes several."""

from collections.abc import Iterable, Iterator

from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event

EVENT_BYTES = 60_000
"""Bytes of one event as JSON; the trail takes 65,535 with its envelope (audit.md 3.1)."""

PARCEL_BYTES = 30_000
"""Bytes of changes in one of several entries; reasons and evidence need the rest."""

_TEXT_SHOWN = 200
_ITEMS_SHOWN = 50
_NUL = "\\u0000"


def fits(event: Event) -> bool:
    """Say whether the trail takes the event as it is: not too long, no NUL character in it."""
    text = event.model_dump_json()
    return _NUL not in text and len(text.encode()) <= EVENT_BYTES


def require_fit(event: Event) -> Event:
    """Return the event. Raises `RuleViolation` COMMAND_MALFORMED when the trail cannot take it.

    An entry that the trail refuses would stop its whole stream, so it must never be made.
    """
    if not fits(event):
        raise RuleViolation(Code.COMMAND_MALFORMED, missing=["text.length", "text.nul"])
    return event


def parcels(changes: Iterable[Change]) -> Iterator[tuple[Change, ...]]:
    """Yield the changes in order, in runs that each fit one entry; at least one run."""
    run: list[Change] = []
    size = 0
    for change in changes:
        length = len(change.model_dump_json().encode())
        if run and size + length > PARCEL_BYTES:
            yield tuple(run)
            run, size = [], 0
        run.append(change)
        size += length
    yield tuple(run)


def brief(value: object) -> object:
    """Return a refusal's parameter short enough for its entry, without NUL characters."""
    if isinstance(value, str):
        return value.replace("\0", "")[:_TEXT_SHOWN]
    if isinstance(value, list):
        return [brief(each) for each in value[:_ITEMS_SHOWN]]
    if isinstance(value, dict):
        return {name: brief(each) for name, each in value.items()}
    return value
