"""Fakes that keep the promises of the real parts; the same contract tests run against both."""

from collections import defaultdict
from collections.abc import Sequence

from duban.contracts import EntryReceipt, Mode, Proofs, Record, ToDraw, ToProve
from duban.domain.events import Event
from duban.store.drafts import AppendResult, Draft
from duban.store.errors import (
    DatabaseUnavailable,
    StoreError,
    TrailClosed,
    TrailConflict,
    TrailGap,
    TrailOwner,
    WrongMode,
)
from tests.support.targets import FakeTargets

_KEY = bytes(32)


class FakeTrail:
    """The trail in memory. Without `mode` the first record decides it, as an opening would.

    `outages` is the number of coming calls that fail as an unreachable database does;
    `lost_answers` of them fail after the record was stored. The log over it has an entry only once
    `logged` is set, and never one of `passed_over`; `asked` lists what it was asked to prove.
    """

    def __init__(self, mode: Mode | None = None) -> None:
        self.outages = 0
        self.lost_answers = 0
        self.logged = False
        self.passed_over: frozenset[int] = frozenset()
        self.asked: list[tuple[int, ...]] = []
        self.secrets: dict[ToDraw, bytes] = {}
        self.deaths = 0
        self.sealed = FakeTargets()
        self._mode = mode
        self._events: dict[str, list[Event]] = defaultdict(list)
        self._entries: dict[str, list[str]] = defaultdict(list)
        self._owners: dict[tuple[str, str, str], str] = {}
        self._closed: set[str] = set()

    async def keep_secret(self, asked: ToDraw) -> bytes:
        """Return the secret of a draw, the same for ever; a worker dies `deaths` times over it."""
        kept = self.secrets.setdefault(asked, bytes([len(self.secrets) + 1] * 32))
        if self.deaths:
            self.deaths -= 1
            raise DatabaseUnavailable(reason="killed before it could tell")
        return kept

    async def secret(self, asked: ToDraw) -> bytes:
        """Return the secret that is kept for a draw."""
        return self.secrets[asked]

    @property
    def streams(self) -> list[str]:
        """The streams that have entries."""
        return [stream for stream, events in self._events.items() if events]

    def events(self, stream: str) -> list[Event]:
        """Return the events of a stream in their order."""
        return list(self._events[stream])

    async def tail(self, stream: str, seq: int) -> list[Event]:
        """Return the events of a stream from an ordinal on."""
        return self._events[stream][seq:]

    async def append(self, record: Record) -> None:
        """Store one record, or raise what `duban.store.batcher.Batcher.append` would."""
        if self.outages:
            self.outages -= 1
            raise DatabaseUnavailable(reason="outage")
        self._store(record)
        if self.lost_answers:
            self.lost_answers -= 1
            raise DatabaseUnavailable(reason="answer lost")

    async def proofs(self, asked: ToProve) -> Proofs | None:
        """Return something for every entry of the log; nothing proves anything here."""
        self.asked.append(asked.seqs)
        if not self.logged:
            return None
        held = [seq for seq in asked.seqs if seq not in self.passed_over]
        receipts = [EntryReceipt(seq=seq, proof=f"{asked.stream}#{seq}") for seq in held]
        return Proofs(receipts=tuple(receipts), missing=tuple(self.passed_over & {*asked.seqs}))

    def _store(self, record: Record) -> None:
        draft = Draft.of(0, record, _KEY)
        self._mode = self._mode or record.mode
        if record.mode is not self._mode:
            raise WrongMode(database=self._mode.value, wanted=record.mode.value)
        known = self._entries[record.stream]
        overlap = [seq for seq in range(draft.first_seq, draft.last_seq + 1) if seq < len(known)]
        for seq in overlap:
            if known[seq] != draft.entries[seq - draft.first_seq]:
                raise TrailConflict(stream=record.stream, seq=seq)
        fresh = list(record.events[len(overlap) :])
        if fresh and record.stream in self._closed:
            raise TrailClosed(stream=record.stream, seq=fresh[0].seq)
        if fresh and fresh[0].seq > len(known):
            raise TrailGap(stream=record.stream, seq=fresh[0].seq)
        self._own(record, fresh)
        for event in fresh:
            self._add(record.stream, event, draft.entries[event.seq - draft.first_seq])

    def _own(self, record: Record, fresh: Sequence[Event]) -> None:
        scope = record.campaign or record.stream
        keys = [(each.kind, scope, each.id) for event in fresh for each in event.changes]
        for key in keys:
            if self._owners.get(key, record.stream) != record.stream:
                raise TrailOwner(object=" ".join(key))
        self._owners.update(dict.fromkeys(keys, record.stream))

    def _add(self, stream: str, event: Event, entry: str) -> None:
        if stream in self._closed:
            raise TrailClosed(stream=stream, seq=event.seq)
        self._events[stream].append(event)
        self._entries[stream].append(entry)
        if event.tag.endswith(":stream:closed") and "count" in event.detail:
            self._closed.add(stream)


class FakeStore:
    """What the batcher needs of a store, over a fake trail: one call stores many records.

    `calls` lists the sizes of the calls; a call whose place is in `failing` fails as a whole.
    """

    def __init__(self, trail: FakeTrail, failing: frozenset[int] = frozenset()) -> None:
        self.trail = trail
        self.calls: list[int] = []
        self._failing = failing

    async def append(self, records: Sequence[Record]) -> list[AppendResult]:
        """Store records; one result per record, in their order."""
        self.calls.append(len(records))
        if len(self.calls) - 1 in self._failing:
            raise DatabaseUnavailable(reason="outage")
        return [await self._one(record) for record in records]

    async def tail(self, stream: str, seq: int) -> list[Event]:
        """Return the events of a stream from an ordinal on."""
        return await self.trail.tail(stream, seq)

    async def _one(self, record: Record) -> AppendResult:
        first, last = record.events[0].seq, record.events[-1].seq
        try:
            await self.trail.append(record)
        except StoreError as error:
            return AppendResult(record.stream, first, last, error=error)
        return AppendResult(record.stream, first, last, new=len(record.events))
