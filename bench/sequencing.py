"""(p) Entries onto a large trail while its log is signed: 64 callers, the sequencer beside them.

Goals: issue 3 "Speed and size", audit.md 8. Floors, in the same rounds: single-row inserts into a
bare table, a chain of hashes in which every insert reads the one before under a lock, and inserts
of 1000 rows at once. The sequencer is a process of its own, at its usual interval.
"""

import asyncio
import os
import sys
import time
from bisect import bisect_right
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import asyncpg

from bench.append import BARE_TABLE, CALLERS, Taken, a_stream, bare_inserts, streams, timed
from bench.figures import Figure, Goal, percentile, ratio
from bench.ground import ROOT, Ground, unburdened
from bench.large import Large
from duban.contracts import Record
from duban.settings import Settings
from duban.stack.child import Child, Recipe
from duban.store.audit import AuditStore
from duban.store.batcher import Batcher
from duban.store.canonical import microseconds
from duban.store.pool import SEQUENCER, WORKER, dsn_for
from duban.store.sequencing import step
from duban.store.trail import unindexed

_CHAIN_TABLES: Final = """
    CREATE TABLE IF NOT EXISTS chain (body text, hash bytea);
    CREATE TABLE IF NOT EXISTS chain_head (hash bytea);
    TRUNCATE chain_head;
    INSERT INTO chain_head VALUES (sha256(''));
"""
_CHAIN: Final = """
    WITH head AS (SELECT hash FROM chain_head FOR UPDATE),
         made AS (INSERT INTO chain SELECT $1, sha256(hash || convert_to($1, 'UTF8')) FROM head
                  RETURNING hash)
    UPDATE chain_head SET hash = (SELECT hash FROM made)
"""
"""An insert into a chain of hashes, in one round trip; the lock is held until the commit."""
_TOGETHER: Final = 1000
_TIMES: Final = 10
_LOOK_SECONDS: Final = 0.02
_SIZE: Final = "SELECT max(tree_size) FROM audit.checkpoint"
_READY_WITHIN_SECONDS: Final = 60.0
_PLACES: Final = """
    SELECT l.leaf_index, e.recorded_us FROM audit.event AS e JOIN audit.leaf AS l USING (event_id)
    WHERE e.stream = ANY ($1)
"""
_CHAINED: Final = 10
"""Entries of each caller into the chain; it is slow."""
INTERVAL_MS: Final = Settings().checkpoint_interval_ms
"""The interval of checkpoints that nobody has set otherwise."""


_LIVE: Final = f"entries/s, {CALLERS} callers, live sequencer"
_SOURCE: Final = "issue 3, audit.md 8"
_COMPARED: Final = (
    (f"{_LIVE} / single-row inserts", "plain", "bare", Goal(">=", 1.3, _SOURCE)),
    (f"{_LIVE} / chain of hashes", "plain", "chain", Goal(">=", 8, _SOURCE)),
    (
        "p99 of a commit, live sequencer / p99 of a single-row insert",
        "plain_ms",
        "bare_ms",
        Goal("<=", 1.5, _SOURCE),
    ),
    ("entries/s by the thousand / multi-row inserts", "bulk", "rows", Goal(">=", 0.4, _SOURCE)),
    (
        "entries/s of a sequencer catching up / appended",
        "drained",
        "plain",
        Goal(">=", 2.5, _SOURCE),
    ),
    (
        "p99 from commit to signed checkpoint / interval",
        "signed_ms",
        "interval_ms",
        Goal("<=", 2, _SOURCE),
    ),
    (f"{_LIVE}, sent a second time / first time", "again", "plain", Goal(">=", 1, _SOURCE)),
)
"""Each figure: what it says, and the names of what is compared."""


@dataclass
class _Taken:
    """What was measured, round by round; rates are entries per second."""

    bare: list[Taken] = field(default_factory=list)
    chain: list[float] = field(default_factory=list)
    rows: list[float] = field(default_factory=list)
    plain: list[Taken] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    bulk: list[float] = field(default_factory=list)
    signed_ms: list[float] = field(default_factory=list)
    drained: list[float] = field(default_factory=list)


async def sequenced(ground: Ground, rounds: int) -> list[Figure]:
    """Floors, the product with a live sequencer, and a sequencer that catches up, in turns."""
    large, taken = await ground.large(), _Taken()
    async with AsyncExitStack() as stack:
        bare = await asyncpg.create_pool(
            ground.postgres.dsn("bench"), min_size=CALLERS, max_size=CALLERS
        )
        stack.push_async_callback(bare.close)
        await bare.execute(BARE_TABLE + ";" + _CHAIN_TABLES)
        pool = await stack.enter_async_context(large.pool(WORKER, 4))
        store = AuditStore(pool, large.key)
        for _ in range(rounds):
            await _floors(bare, taken)
            await _drained(large, store, taken)
            async with _sequencer(ground, large), Batcher(store) as batcher:
                await _live(large, batcher, taken)
    return _figures(taken)


async def _floors(bare: asyncpg.Pool, taken: _Taken) -> None:
    records = streams(changes=False)
    taken.bare.append(await bare_inserts(bare, records))
    few = [each[:_CHAINED] for each in streams(changes=False)]
    taken.chain.append((await bare_inserts(bare, few, _CHAIN)).rate)
    bodies = [a_stream(_TOGETHER) for _ in range(_TIMES)]
    with unburdened():
        began = time.perf_counter()
        for each in bodies:
            rows = [record.model_dump_json() for record in each]
            await bare.execute("INSERT INTO bare SELECT unnest($1::text[])", rows)
        taken.rows.append(_TIMES * _TOGETHER / (time.perf_counter() - began))


async def _live(large: Large, batcher: Batcher, taken: _Taken) -> None:
    """Append, and send the same again; watch the checkpoints meanwhile."""
    plain = streams(changes=False)
    async with _watching(large) as seen:
        taken.plain.append(await timed([(batcher.append, each) for each in plain]))
        await asyncio.sleep(4 * INTERVAL_MS / 1000)
        await _quiet(large)
    taken.signed_ms.append(await _until_signed(large, plain, seen))
    taken.again.append((await timed([(batcher.append, each) for each in plain])).rate)


async def _drained(large: Large, store: AuditStore, taken: _Taken) -> None:
    """Append while no sequencer runs, by the thousand too; then let one catch up."""
    async with Batcher(store) as batcher:
        await timed([(batcher.append, each) for each in streams(changes=False)])
    bulks = [a_stream(_TOGETHER) for _ in range(_TIMES)]
    with unburdened():
        began = time.perf_counter()
        for each in bulks:
            for result in await store.append(each):
                assert result.error is None
        taken.bulk.append(_TIMES * _TOGETHER / (time.perf_counter() - began))
    async with large.pool(SEQUENCER) as pool, pool.acquire() as connection:
        count, began = 0, time.perf_counter()
        now_us = microseconds(datetime.now(UTC))
        while done := await step(connection, [large.signer], now_us=now_us):
            count += done.entries
        taken.drained.append(count / (time.perf_counter() - began))


@asynccontextmanager
async def _sequencer(ground: Ground, large: Large) -> AsyncIterator[None]:
    """Run the sequencer as a process of its own, from when it and its projector have caught up."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": dsn_for(large.dsn, SEQUENCER),
        "DUBAN_LOG_KEY": large.signer.format(),
        "DUBAN_TRAIL_KEY": large.key.hex(),
        "DUBAN_HOME": str(ground.home),
    }
    argv = [sys.executable, "-m", "duban.stack.sequencer"]
    log = ground.home / "sequencer.log"
    async with large.pool() as pool:
        before = await pool.fetchval(_SIZE)
        child = await Child.start(Recipe("sequencer", argv, log, env))
        try:
            deadline = time.monotonic() + _READY_WITHIN_SECONDS
            while await pool.fetchval(_SIZE) == before:
                child.require_running()
                assert time.monotonic() < deadline, log.read_text(errors="replace")[-2000:]
                await asyncio.sleep(_LOOK_SECONDS)
            await _quiet(large)
            yield
        finally:
            await child.stop()


async def _quiet(large: Large) -> None:
    """Wait until the projector has taken everything in: it stands back in a rush, not before."""
    async with large.pool() as pool:
        while await unindexed(pool):  # noqa: ASYNC110 - the projector sets no event
            await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def _watching(large: Large) -> AsyncIterator[list[tuple[int, int]]]:
    """Note when (microseconds) which size was first seen signed, while the block runs."""
    seen: list[tuple[int, int]] = []

    async def look(pool: asyncpg.Pool) -> None:
        while True:
            size = await pool.fetchval(_SIZE)
            if not seen or size > seen[-1][0]:
                seen.append((size, time.time_ns() // 1000))
            await asyncio.sleep(_LOOK_SECONDS)

    async with large.pool() as pool:
        looking = asyncio.create_task(look(pool))
        try:
            yield seen
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)


async def _until_signed(
    large: Large, sent: list[list[Record]], seen: list[tuple[int, int]]
) -> float:
    """Return the 99th percentile of the time from an entry's storing to its signed checkpoint."""
    names = [each[0].stream for each in sent]
    async with large.pool() as pool:
        rows = await pool.fetch(_PLACES, names)
    assert len(rows) == sum(map(len, sent))
    sizes = [size for size, _ in seen]
    waits = [
        (seen[bisect_right(sizes, row["leaf_index"])][1] - row["recorded_us"]) / 1000
        for row in rows
    ]
    return percentile(waits, 0.99)


def _figures(taken: _Taken) -> list[Figure]:
    values = {
        "bare": [each.rate for each in taken.bare],
        "plain": [each.rate for each in taken.plain],
        "bare_ms": [each.wait(0.99) for each in taken.bare],
        "plain_ms": [each.wait(0.99) for each in taken.plain],
        "interval_ms": [float(INTERVAL_MS)] * len(taken.signed_ms),
        "chain": taken.chain,
        "rows": taken.rows,
        "again": taken.again,
        "bulk": taken.bulk,
        "drained": taken.drained,
        "signed_ms": taken.signed_ms,
    }
    return [
        ratio(text, values[ours], values[floor], goal, unit=_unit(ours))
        for text, ours, floor, goal in _COMPARED
    ]


def _unit(name: str) -> str:
    return "ms" if name.endswith("_ms") else "per_s"
