"""Filling a trail with a million entries or ten, fast, as the product would have made it.

Entries are copied into the tables as `audit.append` would store them (bytes, columns, ids, macs,
heads, ledger, queue). Places, tiles and signed checkpoints are then made by the product's own
sequencer step, words and counts by its own projection; all indexes are there from the beginning.
Only clocks are made up: entries lie evenly over the last year, each recorded as it happened.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Any, Final

import asyncpg

from bench.courses import ONCE, PLACE, RARE, Course, Folded, Part, courses, single
from duban.contracts import campaign_stream
from duban.proof.notes import SignerKey
from duban.store.canonical import microseconds
from duban.store.identity import event_id, request_mac
from duban.store.pool import WORKER
from duban.store.queries import SQL
from duban.store.sequencing import step

SPAN: Final = timedelta(days=365)
"""Over how long the entries lie, up to a day ago."""
TOGETHER: Final = 200
"""Campaigns that run at the same time."""
RARE_ENTRIES: Final = 5
"""Entries with the rare words, from the first day on."""

_BATCH: Final = 4000
_AHEAD: Final = 3
_RECORDED_AFTER_US: Final = 50_000
_SIGNED_AFTER_US: Final = 200_000
_SAID_EVERY_SECONDS: Final = 20.0
_OBJECT: Final = ["kind", "scope", "id", "doc", "stream", "first_seq", "last_seq", "updated_us"]
EVENT: Final = [
    "event_id",
    "recorded_us",
    "leaf",
    "request_mac",
    "occurred_us",
    "stream",
    "seq",
    "tag",
    "campaign",
    "unit",
    "actor",
    "object_type",
    "object_id",
    "outcome",
    "sealed",
]
"""The columns of an entry."""


@dataclass(frozen=True, slots=True)
class Made:
    """A part of a course as it comes in a campaign; `last` is the campaign's last."""

    part: Part
    number: str
    seq: int
    last: bool

    def named(self, text: str | None) -> str | None:
        """Return a text with the campaign's number in its place."""
        return text and text.replace(PLACE, self.number)


@dataclass(slots=True)
class Batch:
    """Entries that are stored, signed and projected together, as the rows of their tables."""

    key: bytes
    events: list[tuple[Any, ...]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    objects: list[tuple[Any, ...]] = field(default_factory=list)
    heads: list[tuple[str, int, bool]] = field(default_factory=list)

    @property
    def signed_us(self) -> int:
        """When its checkpoint is made: soon after its last entry."""
        return int(self.events[-1][1]) + _SIGNED_AFTER_US

    def add(self, made: Made, at_us: int) -> None:
        """Add the rows of one entry."""
        part, stream = made.part, campaign_stream(made.number)
        tag, unit, actor, kind, name, outcome = part.columns
        entry, recorded_us = part.entry(made.number, at_us), at_us + _RECORDED_AFTER_US
        leaf = f'{{"at":{recorded_us},"by":"{WORKER}","e":{entry}}}'
        ids = event_id(self.key, stream, made.seq, at_us), request_mac(self.key, entry.encode())
        head = (ids[0], recorded_us, leaf, ids[1], at_us, stream, made.seq)
        self.events.append(
            (*head, tag, made.number, unit, actor, kind, made.named(name), outcome, False)
        )
        self.words.append(part.words.replace(PLACE.lower(), made.number.lower()))
        for each in part.objects:
            self.objects.append(self._object(each, made, at_us))
        if made.last:
            self.heads.append((stream, made.seq + 1, part.closing))

    def _object(self, each: Folded, made: Made, at_us: int) -> tuple[Any, ...]:
        seqs = (each.first_seq, each.last_seq)
        stream = campaign_stream(made.number)
        named = (made.named(each.id), made.named(each.doc))
        return (each.kind, made.number, *named, stream, *seqs, at_us)


def planned(least: int) -> list[Course]:
    """Return the course of every campaign of a trail of at least so many entries."""
    chosen: list[Course] = []
    total, turns = RARE_ENTRIES + 1, cycle(courses())
    while total < least:
        chosen.append(next(turns))
        total += len(chosen[-1])
    for nth in range(RARE_ENTRIES):
        chosen.insert(nth * len(chosen) // RARE_ENTRIES, single(RARE))
    return [single(ONCE), *chosen]


def arrivals(chosen: Iterable[Course]) -> Iterator[Made]:
    """Yield the entries of all campaigns in the order in which they come."""
    coming = enumerate(chosen)
    running = [_entries(*each) for each in islice(coming, TOGETHER)]
    while running:
        still = []
        for each in running:
            made = next(each)
            yield made
            if not made.last:
                still.append(each)
            elif following := next(coming, None):
                still.append(_entries(*following))
        running = still


def _entries(nth: int, course: Course) -> Iterator[Made]:
    number, end = f"QZ{nth:08}", len(course) - 1
    assert len(number) == len(PLACE)
    for seq, part in enumerate(course):
        yield Made(part, number, seq, seq == end)


async def fill(dsn: str, least: int, key: bytes, signer: SignerKey) -> int:
    """Fill a migrated, empty database (`dsn` names the superuser); return how many entries it has.

    It is not opened yet: who opens it writes the first entry of today.
    """
    chosen = planned(least)
    total = sum(map(len, chosen))
    until = datetime.now(UTC) - timedelta(days=1)
    filler = _Filler(total, key, signer)
    async with _connections(dsn) as (admin, sequencer, projector):
        await admin.execute(SQL["ensure_partitions"], (until - SPAN).date(), until.date())
        batches = _batches(arrivals(chosen), filler, microseconds(until - SPAN))
        await filler.run(batches, admin, sequencer, projector)
        # What an automatic vacuum would have done in the course of a year.
        await admin.execute("VACUUM ANALYZE")
    return total


def _batches(entries: Iterator[Made], filler: "_Filler", since_us: int) -> Iterator[Batch]:
    pace_us = SPAN // timedelta(microseconds=1) / filler.total
    nth = 0
    while part := list(islice(entries, _BATCH)):
        batch = Batch(filler.key)
        for made in part:
            batch.add(made, since_us + int(nth * pace_us))
            nth += 1
        yield batch


class _Filler:
    """Three workers in a row: one stores batches, one signs for them, one projects them."""

    def __init__(self, total: int, key: bytes, signer: SignerKey) -> None:
        self.total = total
        self.key = key
        self._signer = signer
        self._stored: asyncio.Queue[Batch | None] = asyncio.Queue(_AHEAD)
        self._signed: asyncio.Queue[Batch | None] = asyncio.Queue(_AHEAD)

    async def run(
        self,
        batches: Iterator[Batch],
        admin: asyncpg.Connection,
        sequencer: asyncpg.Connection,
        projector: asyncpg.Connection,
    ) -> None:
        """Take every batch through all three."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._store(batches, admin))
            group.create_task(self._sign(sequencer))
            group.create_task(self._project(projector))

    async def _store(self, batches: Iterator[Batch], admin: asyncpg.Connection) -> None:
        for batch in batches:
            async with admin.transaction():
                await _copy(admin, "audit.event", EVENT, batch.events)
                await _copy(admin, "audit.stream", ["stream", "next_seq", "closed"], batch.heads)
                await _copy(admin, "ledger.object", _OBJECT, batch.objects)
            await self._stored.put(batch)
        await self._stored.put(None)

    async def _sign(self, connection: asyncpg.Connection) -> None:
        while batch := await self._stored.get():
            # Queued only now: the next batch is stored already, and has a checkpoint of its own.
            ids = [(row[0],) for row in batch.events]
            await _copy(connection, "audit.inbox", ["event_id"], ids)
            done = await step(
                connection, [self._signer], now_us=batch.signed_us, limit=len(batch.events)
            )
            assert done is not None
            assert done.entries == len(batch.events)
            await self._signed.put(batch)
        await self._signed.put(None)

    async def _project(self, connection: asyncpg.Connection) -> None:
        mark, said = 0, time.monotonic()
        while batch := await self._signed.get():
            after = mark + len(batch.events)
            us, ids = ([row[place] for row in batch.events] for place in (4, 0))
            assert await connection.fetchval(SQL["project"], mark, after, us, ids, batch.words)
            mark = after
            if time.monotonic() - said > _SAID_EVERY_SECONDS:
                said = time.monotonic()
                print(f"    filled {mark:,} of {self.total:,}", flush=True)


async def _copy(
    connection: asyncpg.Connection, table: str, columns: list[str], rows: list[Any]
) -> None:
    schema, _, name = table.partition(".")
    await connection.copy_records_to_table(name, schema_name=schema, columns=columns, records=rows)


@asynccontextmanager
async def _connections(
    dsn: str,
) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection, asyncpg.Connection]]:
    async with binary_json(dsn) as admin:
        sequencer, projector = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
        try:
            yield admin, sequencer, projector
        finally:
            await sequencer.close()
            await projector.close()


@asynccontextmanager
async def binary_json(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold a connection that copies documents, each given as its text."""
    connection = await asyncpg.connect(dsn)
    # A copy is binary, and the form of jsonb in it is one byte and the text.
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        format="binary",
        encoder=lambda text: b"\x01" + text.encode(),
        decoder=lambda data: data[1:].decode(),
    )
    try:
        yield connection
    finally:
        await connection.close()
