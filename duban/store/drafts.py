"""Records made ready for the door: their rows, and in which calls they go through it."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from duban.contracts import Record
from duban.store.canonical import entry, microseconds
from duban.store.errors import (
    ProfileViolation,
    StoreError,
    TrailClosed,
    TrailConflict,
    TrailGap,
)
from duban.store.identity import event_id, request_mac
from duban.store.payloads import NONE, PayloadRow, Payloads, committing

Statuses = dict[tuple[str, int], str]
"""What audit.append said of each entry that was not new, by (stream, seq)."""

# The gravest first: a record that has parted from the trail is nothing but that.
_REFUSALS: dict[str, type[StoreError]] = {
    "CONFLICT": TrailConflict,
    "CLOSED": TrailClosed,
    "GAP": TrailGap,
}


@dataclass(frozen=True, slots=True)
class AppendResult:
    """What became of one record: `new` entries stored now, `known` ones stored before.

    With an `error` none of its new entries were stored, those before a closing entry excepted.
    """

    stream: str
    first_seq: int
    last_seq: int
    new: int = 0
    known: int = 0
    error: StoreError | None = None


@dataclass(slots=True)
class Draft:
    """One record with the rows it becomes. `place` is its place among the records asked for."""

    place: int
    record: Record
    first_seq: int
    last_seq: int
    ids: list[UUID] = field(default_factory=list)
    entries: list[str] = field(default_factory=list)
    macs: list[bytes] = field(default_factory=list)
    payloads: list[PayloadRow] = field(default_factory=list)
    alone: bool = False

    @classmethod
    def of(cls, place: int, record: Record, key: bytes, payloads: Payloads = NONE) -> Self:
        """Encode a record, its entries committing to their texts.

        Raises:
            ProfileViolation: an event is outside the profile, or the ordinals are not dense.
        """
        stream, events = record.stream, record.events
        first = events[0].seq if events else -1
        if first < 0 or not stream:
            raise ProfileViolation(reason="no_place", stream=stream)
        draft = cls(place, record, first, events[-1].seq)
        for seq, event in enumerate(events, first):
            if event.seq != seq:
                raise ProfileViolation(reason="not_dense", stream=stream)
            encoded = entry(record, event)
            draft.ids.append(event_id(key, stream, seq, microseconds(event.occurred_at)))
            if texts := payloads.get((stream, seq)):
                encoded = committing(encoded, texts)
                draft.payloads += [each.row(draft.ids[-1]) for each in texts]
            draft.entries.append(encoded.decode())
            draft.macs.append(request_mac(key, encoded))
        return draft

    def failed(self, error: StoreError) -> AppendResult:
        """Return the result of a draft of which nothing was stored."""
        return AppendResult(self.record.stream, self.first_seq, self.last_seq, error=error)

    def result(self, statuses: Statuses) -> AppendResult:
        """Read the answer of the door for this draft."""
        return outcome((self.record.stream, self.first_seq, self.last_seq), statuses)


def order_of(record: Record) -> tuple[str, str, int]:
    """Return by what records go through the door in order: mode, stream and ordinal."""
    return record.mode, record.stream, record.events[0].seq if record.events else -1


def outcome(place: tuple[str, int, int], statuses: Statuses) -> AppendResult:
    """Read the answer of the door for the entries of a stream from one ordinal to another."""
    stream, first, last = place
    if not statuses:
        return AppendResult(stream, first, last, new=last - first + 1)
    own = {seq: statuses.get((stream, seq), "new") for seq in range(first, last + 1)}
    said = list(own.values())
    error = next(
        (
            refusal(stream=stream, seq=seq)
            for status, refusal in _REFUSALS.items()
            for seq, answer in own.items()
            if answer == status
        ),
        None,
    )
    return AppendResult(stream, first, last, said.count("new"), said.count("dup"), error)


def next_call(waiting: list[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Choose the drafts of the next call from `waiting` (in order); return them and the rest.

    One call has one mode and holds each (stream, seq) once; a draft marked `alone` goes alone.
    """
    first = waiting[0]
    if first.alone:
        return [first], waiting[1:]
    chosen: list[Draft] = []
    rest: list[Draft] = []
    reached: dict[str, int] = {}
    for draft in waiting:
        stream = draft.record.stream
        fits = (
            not draft.alone
            and draft.record.mode is first.record.mode
            and draft.first_seq > reached.get(stream, -1)
        )
        (chosen if fits else rest).append(draft)
        if fits:
            reached[stream] = draft.last_seq
    return chosen, rest
