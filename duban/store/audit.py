"""The trail's only door in: the one place that calls the SQL function `audit.append`."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import asyncpg

from duban.contracts import Mode, Record
from duban.domain.custody import SEALED_STREAM
from duban.domain.events import Event
from duban.domain.roles import Actor
from duban.store.canonical import StoredEntry, event_of, microseconds, parse
from duban.store.drafts import AppendResult, Draft, Statuses, next_call, order_of, outcome
from duban.store.draws import DrawSecrets
from duban.store.errors import (
    DatabaseUnavailable,
    NotAnErasure,
    NothingToErase,
    ProfileViolation,
    StoreError,
    TrailConflict,
    TrailNotOpened,
    TrailOwner,
    WrongMode,
)
from duban.store.identity import event_id, request_mac
from duban.store.payloads import NONE, Payload, PayloadRow, Payloads, sealed_entry
from duban.store.pool import reachable
from duban.store.queries import SQL

TRAIL_STREAM = "trail"
"""The stream in which the database itself speaks."""
LOG_STREAM = "log"
"""The stream in which the log speaks; the sequencer writes there and nowhere else."""
OPENED_TAG = "trail:database:opened"
"""The tag of the very first entry; it marks the database live or rehearsal for ever."""


_Entries = tuple[list[UUID], list[str], list[bytes]]

_SLICE = 100
"""Records of a long call that are stored while the next are encoded: so many at first, since until
then the database waits, and so many more each time, since each is a transaction."""
TAIL = 100
"""Events of one answer about a stream's end; who needs more asks again."""


class AuditStore:
    """Appends records to the trail. `key` (secret, at least 32 bytes) makes ids and macs."""

    def __init__(self, pool: asyncpg.Pool, key: bytes) -> None:
        self.pool = pool
        self._key = key

    def draw_secrets(self) -> DrawSecrets:
        """Return the secrets of draws beside the trail, sealed under a key derived from its own."""
        return DrawSecrets(self.pool, self._key)

    async def open_trail(self, mode: Mode, origin: str, *, at: datetime, actor: Actor) -> bool:
        """Write the first entry; return False if the trail was opened in this mode before.

        Raises:
            WrongMode: the database is marked otherwise.
            DatabaseUnavailable: nothing is known to be stored; try again.
        """
        opened = Event(
            seq=0,
            tag=OPENED_TAG,
            occurred_at=at,
            actor=actor,
            object_type="database",
            object_id=origin,
            policy_version="none",
            calendar_version=0,
            detail={"origin": origin},
        )
        record = Record(stream=TRAIL_STREAM, campaign=None, mode=mode, events=(opened,))
        [result] = await self.append([record])
        if isinstance(result.error, TrailConflict):
            return False
        if result.error:
            raise result.error
        return result.new == 1

    async def append(
        self, records: Sequence[Record], payloads: Payloads = NONE
    ) -> list[AppendResult]:
        """Store records, each whole or not at all; return one result per record, in their order.

        A record that the trail refuses has its error in its result and harms no other record. A
        record that is stored already is a success. `payloads` are texts that entries commit to;
        they are stored in the same transaction, out of reach of who reads the entries alone.

        Raises:
            DatabaseUnavailable: nothing is known to be stored; sending all again is safe.
        """
        results: dict[int, AppendResult] = {}
        places = sorted(range(len(records)), key=lambda place: order_of(records[place]))
        slices = list(_slices(places))
        drafts = self._drafted(slices[0] if slices else [], records, payloads, results)
        for following in slices[1:]:
            sending = asyncio.create_task(self._store(drafts, results))
            try:
                # It leaves now: while it is stored the next slice is encoded.
                await asyncio.sleep(0)
                drafts = self._drafted(following, records, payloads, results)
                await sending
            finally:
                sending.cancel()
        await self._store(drafts, results)
        return [results[place] for place in range(len(records))]

    async def seal(
        self, mode: Mode, seq: int, at: datetime, committed: bytes, box: Payload
    ) -> AppendResult:
        """Store a sealed entry at an ordinal of the stream of sealed entries.

        `at` is as coarse as its time may be told; `box` is kept for a second delivery.

        Raises:
            DatabaseUnavailable: nothing is known to be stored; try again.
        """
        occurred_us = microseconds(at)
        encoded = sealed_entry(mode, seq, occurred_us, committed, box)
        event = event_id(self._key, SEALED_STREAM, seq, occurred_us)
        entries = [event], [encoded.decode()], [request_mac(self._key, encoded)]
        statuses = await self._send(mode, entries, [box.row(event)])
        return outcome((SEALED_STREAM, seq, seq), statuses)

    async def erase(self, record: Record) -> AppendResult:
        """Store the entry of an erasure, and delete what it erases; needs the eraser's login.

        Raises:
            NotAnErasure: nobody else asked for it, or the entry does not describe it.
            NothingToErase: there is no such text.
            DatabaseUnavailable: nothing is known to be stored; try again.
        """
        draft = Draft.of(0, record, self._key)
        [event], [entry], [mac] = draft.ids, draft.entries, draft.macs
        with _refusing(record.mode):
            values = (record.mode.value, event, entry, mac)
            rows = await self.pool.fetch(SQL["erase"], *values)
        return draft.result(_statuses(rows))

    async def entry(self, stream: str, seq: int) -> StoredEntry | None:
        """Return an entry as it is stored, with its id; None if the trail does not hold it.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            TrailUnreadable: a stored leaf is not an entry.
        """
        with reachable():
            leaf = await self.pool.fetchval(SQL["tail"], stream, seq, 1)
        found = parse(leaf) if leaf is not None else None
        if found is None or found.seq != seq:
            return None
        return replace(found, event_id=event_id(self._key, stream, seq, found.occurred_us))

    async def tail(self, stream: str, seq: int, limit: int = TAIL) -> list[Event]:
        """Return the events of a stream from an ordinal on, at most `limit`, in their order.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            TrailUnreadable: a stored leaf is not an entry.
        """
        with reachable():
            rows = await self.pool.fetch(SQL["tail"], stream, seq, limit)
        return [event_of(parse(row["leaf"])) for row in rows]

    def _drafted(
        self,
        places: Sequence[int],
        records: Sequence[Record],
        payloads: Payloads,
        results: dict[int, AppendResult],
    ) -> list[Draft]:
        drafts: list[Draft] = []
        for place in places:
            record = records[place]
            try:
                drafts.append(Draft.of(place, record, self._key, payloads))
            except ProfileViolation as error:
                numbers = [each.seq for each in record.events] or [0]
                results[place] = AppendResult(record.stream, numbers[0], numbers[-1], error=error)
        return drafts

    async def _store(self, waiting: list[Draft], results: dict[int, AppendResult]) -> None:
        while waiting:
            chosen, waiting = next_call(waiting)
            again = await self._through(chosen, results)
            waiting = sorted([*again, *waiting], key=lambda draft: order_of(draft.record))

    async def _through(self, drafts: list[Draft], results: dict[int, AppendResult]) -> list[Draft]:
        """Send drafts in one call, note what became of them, return those to be sent alone."""
        try:
            statuses = await self._call(drafts)
        except (WrongMode, TrailNotOpened) as error:
            results.update({each.place: each.failed(error) for each in drafts})
            return []
        except (ProfileViolation, TrailOwner) as error:
            # One of them spoils the whole call; alone, each gets what it deserves.
            if len(drafts) > 1:
                return _alone(drafts)
            results[drafts[0].place] = drafts[0].failed(error)
            return []
        streams = Counter(each.record.stream for each in drafts)
        again: list[Draft] = []
        for draft in drafts:
            result = draft.result(statuses)
            # A conflict holds up every record of its stream in the call; only one may have it.
            if isinstance(result.error, TrailConflict) and streams[draft.record.stream] > 1:
                again.append(draft)
            else:
                results[draft.place] = result
        return _alone(again)

    async def _call(self, drafts: list[Draft]) -> Statuses:
        entries = (
            [each for draft in drafts for each in draft.ids],
            [each for draft in drafts for each in draft.entries],
            [each for draft in drafts for each in draft.macs],
        )
        texts = [each for draft in drafts for each in draft.payloads]
        return await self._send(drafts[0].record.mode, entries, texts)

    async def _send(self, mode: Mode, entries: _Entries, texts: list[PayloadRow]) -> Statuses:
        with _refusing(mode):
            if texts:
                columns = [list(column) for column in zip(*texts, strict=True)]
                rows = await self.pool.fetch(SQL["append_with"], mode.value, *entries, *columns)
            else:
                rows = await self.pool.fetch(SQL["append"], mode.value, *entries)
        return _statuses(rows)


def _slices(places: list[int]) -> Iterator[list[int]]:
    start = size = 0
    while start < len(places):
        size += _SLICE
        yield places[start : start + size]
        start += size


def _statuses(rows: list[asyncpg.Record]) -> Statuses:
    return {(row["stream"], row["seq"]): row["status"] for row in rows}


@contextmanager
def _refusing(mode: Mode) -> Iterator[None]:
    """Raise what the database refused as what it means."""
    with reachable():
        try:
            yield
        except asyncpg.PostgresError as error:
            refusal = _refusal(error, mode)
            if refusal is None:
                raise
            raise refusal from error


def _alone(drafts: list[Draft]) -> list[Draft]:
    for draft in drafts:
        draft.alone = True
    return drafts


def _refusal(error: asyncpg.PostgresError, mode: Mode) -> StoreError | None:
    """Return what an SQLSTATE of audit.append means, if it is about what was sent."""
    state, detail = str(error.sqlstate), str(error.detail or error)
    said = {
        "DU001": WrongMode(database=detail, wanted=mode.value),
        "DU002": TrailNotOpened(),
        "DU004": TrailOwner(object=detail),
        "DU005": NotAnErasure(target=detail),
        "DU006": NothingToErase(target=detail),
    }
    if state in said:
        return said[state]
    if state == "23514" and not error.constraint_name:
        # No partition takes the row: the database is to be mended, the entry is not at fault.
        return DatabaseUnavailable(reason=str(error))
    if state == "DU003" or state[:2] in ("22", "23"):
        return ProfileViolation(reason=detail)
    return None
