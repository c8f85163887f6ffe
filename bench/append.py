"""(g) Entries onto the trail: 64 callers through the batcher / single-row inserts, bare table.

Goals: issue 2 "Speed and size", audit.md 8. Records are those of a filed document, made beforehand.
Each side writes the record itself: the floor as JSON into a table of one column, a row an INSERT,
from as many connections as callers; the product as a canonical entry with its id and mac.
"""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from bench.campaigns import an_entry
from bench.figures import Figure, Goal, percentile, ratio
from bench.ground import Ground, unburdened
from duban.contracts import Record
from duban.store.audit import AuditStore
from duban.store.batcher import Batcher
from duban.store.pool import open_pool

CALLERS = 64
ENTRIES = 150
"""Entries of one caller in one round."""

BARE_TABLE = "CREATE TABLE IF NOT EXISTS bare (body text)"
BARE = "INSERT INTO bare VALUES ($1)"
"""What a single-row insert into the bare table is."""

Door = Callable[[Record], Awaitable[object]]
_runs = itertools.count(1)


@dataclass(frozen=True)
class Taken:
    """One round: entries per second and every caller's waits in milliseconds."""

    rate: float
    waits: list[float]

    def wait(self, share: float) -> float:
        """Return a percentile of the waits."""
        return percentile(self.waits, share)


async def append(ground: Ground, rounds: int) -> list[Figure]:
    """Plain entries, entries with two ledger changes, both once more, and the bare table."""
    taken: dict[str, list[Taken]] = {"bare": [], "plain": [], "again": [], "folded": []}
    pool = await open_pool(ground.worker_dsn, max_size=4)
    bare = await asyncpg.create_pool(
        ground.postgres.dsn("bench"), min_size=CALLERS, max_size=CALLERS
    )
    await bare.execute(BARE_TABLE)
    try:
        async with Batcher(AuditStore(pool, ground.key)) as batcher:
            for _ in range(rounds):
                plain, folded = streams(changes=False), streams(changes=True)
                taken["bare"].append(await bare_inserts(bare, plain))
                taken["plain"].append(await timed([(batcher.append, each) for each in plain]))
                taken["again"].append(await timed([(batcher.append, each) for each in plain]))
                taken["folded"].append(await timed([(batcher.append, each) for each in folded]))
    finally:
        await pool.close()
        await bare.close()
    return _figures(taken)


def streams(*, changes: bool) -> list[list[Record]]:
    """Return the records of one round, those of every caller in a stream of their own."""
    run = next(_runs)
    return [
        [an_entry(f"bench-{run}-{caller}", seq, changes=changes) for seq in range(ENTRIES)]
        for caller in range(CALLERS)
    ]


def a_stream(length: int) -> list[Record]:
    """Return records of a stream of their own."""
    name = f"bench-{next(_runs)}"
    return [an_entry(name, seq, changes=False) for seq in range(length)]


async def bare_inserts(
    pool: asyncpg.Pool, records: list[list[Record]], statement: str = BARE
) -> Taken:
    """Let every caller insert its records by itself, as JSON, on a connection of its own."""
    connections = [await pool.acquire() for _ in range(CALLERS)]
    try:
        doors = [await _insert(each, statement) for each in connections]
        return await timed(list(zip(doors, records, strict=True)))
    finally:
        for each in connections:
            await pool.release(each)


async def _insert(connection: asyncpg.Connection, statement: str) -> Door:
    prepared = await connection.prepare(statement)
    return lambda record: prepared.fetch(record.model_dump_json())


async def timed(work: list[tuple[Door, list[Record]]]) -> Taken:
    """Let every caller send its records through its door, one after the other."""
    waits: list[float] = []

    async def caller(door: Door, records: list[Record]) -> None:
        for record in records:
            began = time.perf_counter()
            await door(record)
            waits.append((time.perf_counter() - began) * 1000)

    with unburdened():
        began = time.perf_counter()
        await asyncio.gather(*(caller(door, records) for door, records in work))
        return Taken(len(waits) / (time.perf_counter() - began), waits)


def _figures(taken: dict[str, list[Taken]]) -> list[Figure]:
    rates = {name: [each.rate for each in rounds] for name, rounds in taken.items()}
    slow = {name: [each.wait(0.99) for each in rounds] for name, rounds in taken.items()}
    with_changes = "entries/s with two ledger changes, 64 callers / single-row inserts"
    return [
        ratio(
            "entries/s, 64 callers, batcher and indexes / single-row inserts, bare table",
            rates["plain"],
            rates["bare"],
            Goal(">=", 1.3, "issue 2"),
            unit="per_s",
        ),
        ratio(with_changes, rates["folded"], rates["bare"], None, unit="per_s"),
        ratio(
            "entries/s sent a second time / first time",
            rates["again"],
            rates["plain"],
            Goal(">=", 1, "audit.md 8"),
            unit="per_s",
        ),
        ratio(
            "p99 of an entry's commit / p99 of a single-row insert",
            slow["plain"],
            slow["bare"],
            Goal("<=", 1.5, "audit.md 8"),
            unit="ms",
        ),
    ]
