"""Sequencers as processes: killed at any point, two at once, one standing by, after an outage."""

import asyncio
import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess

import asyncpg
import pytest
import pytest_asyncio

from duban.sequencer.leading import leading
from duban.store.audit import AuditStore
from duban.store.log import LogStore
from duban.store.sequencing import step
from tests.support import sequencer_process
from tests.support.sequencing import SIGNER, assert_sound, fill

KILLS = 60
BUSY = """
SELECT count(*) FROM pg_stat_activity AS a JOIN pg_locks AS l ON l.pid = a.pid
WHERE l.locktype = 'advisory' AND a.xact_start IS NOT NULL AND a.datname = current_database()
"""
LEADERS = """
SELECT pid FROM pg_locks
WHERE locktype = 'advisory' AND granted AND database = (
  SELECT oid FROM pg_database WHERE datname = current_database())
"""


async def until(holds: Callable[[], Awaitable[object]], within: float = 60.0) -> None:
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.01)


async def ended(process: BaseProcess) -> bool:
    return process.exitcode is not None


async def kill(process: BaseProcess, how: signal.Signals = signal.SIGKILL) -> None:
    assert process.pid is not None
    os.kill(process.pid, how)
    await until(lambda: ended(process))


async def drained(pool: asyncpg.Pool) -> bool:
    return await LogStore(pool).waiting() == 0


def freeze(process: BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGSTOP)


@pytest_asyncio.fixture
async def superuser(database: str) -> AsyncIterator[asyncpg.Connection]:
    """Who sees what other sessions do."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


@asynccontextmanager
async def loaded(store: AuditStore) -> AsyncIterator[None]:
    """Append without an end for the length of the block."""
    enough = asyncio.Event()

    async def load() -> None:
        for at in range(1_000_000):
            await fill(store, "A", 100, first=100 * at)
            if enough.is_set():
                return
            # What is appended must not take all the time there is from what is tested.
            await asyncio.sleep(0.01)

    loading = asyncio.create_task(load())
    try:
        yield
    finally:
        enough.set()
        await loading


@pytest.mark.slow
async def test_killed_at_random_points_it_leaves_no_gap_no_double_and_no_wrong_root(
    store: AuditStore, pool: asyncpg.Pool, superuser: asyncpg.Connection, dsn: str
) -> None:
    chance = random.Random(20261122)  # noqa: S311 - chance for a test
    sizes, busy = set[int](), 0
    async with loaded(store):
        for _ in range(KILLS):
            process = sequencer_process.start(dsn, limit=60)
            await until(lambda: superuser.fetchval(LEADERS))
            await asyncio.sleep(chance.uniform(0.0, 0.4))
            freeze(process)
            busy += await superuser.fetchval(BUSY)
            await kill(process)
            latest = await LogStore(pool).latest()
            sizes.add(latest.size if latest else 0)
    last = sequencer_process.start(dsn)
    await until(lambda: drained(pool))
    await kill(last, signal.SIGTERM)
    hashes = await assert_sound(superuser)
    assert len(hashes) == await superuser.fetchval("SELECT count(*) FROM audit.event")
    # Some were killed in the middle of a step, and the log grew between the kills.
    assert busy > KILLS // 6, busy
    assert len(sizes) > KILLS // 3, sizes


async def test_one_leads_and_the_other_takes_over_when_it_is_gone(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, dsn: str
) -> None:
    first = sequencer_process.start(dsn, 0.02)
    await until(lambda: verifier.fetchval(LEADERS))
    leader = await verifier.fetchval(LEADERS)
    second = sequencer_process.start(dsn, 0.02)
    await fill(store, "A", 100)
    await until(lambda: drained(pool))
    assert [row["pid"] for row in await verifier.fetch(LEADERS)] == [leader]
    await kill(first)
    await fill(store, "B", 100)
    await until(lambda: drained(pool))
    assert await verifier.fetchval(LEADERS) != leader
    await kill(second, signal.SIGTERM)
    assert second.exitcode == 0
    await assert_sound(verifier)


async def test_a_leader_whose_session_ends_stands_by_and_leads_again(
    store: AuditStore, pool: asyncpg.Pool, superuser: asyncpg.Connection, dsn: str
) -> None:
    process = sequencer_process.start(dsn, 0.02)
    await until(lambda: superuser.fetchval(LEADERS))
    leader = await superuser.fetchval(LEADERS)
    await superuser.execute("SELECT pg_terminate_backend($1)", leader)
    await fill(store, "A", 100)
    await until(lambda: drained(pool))
    assert await superuser.fetchval(LEADERS) not in (None, leader)
    await kill(process, signal.SIGTERM)
    await assert_sound(superuser)


async def test_told_to_stop_while_it_stands_by(dsn: str, verifier: asyncpg.Pool) -> None:
    first, second = sequencer_process.start(dsn, 0.02), sequencer_process.start(dsn, 0.02)
    await until(lambda: verifier.fetchval(LEADERS))
    await kill(second, signal.SIGTERM)
    await kill(first, signal.SIGTERM)
    assert (first.exitcode, second.exitcode) == (0, 0)


async def test_a_leader_that_stands_still_loses_the_lead_and_does_no_harm_when_it_moves_again(
    store: AuditStore, pool: asyncpg.Pool, superuser: asyncpg.Connection, dsn: str
) -> None:
    first = sequencer_process.start(dsn, 0.02, standstill_ms=1000)
    await until(lambda: superuser.fetchval(LEADERS))
    leader = await superuser.fetchval(LEADERS)
    second = sequencer_process.start(dsn, 0.02)
    freeze(first)
    await fill(store, "A", 100)
    await until(lambda: drained(pool))
    assert await superuser.fetchval(LEADERS) != leader
    assert first.pid is not None
    os.kill(first.pid, signal.SIGCONT)
    await fill(store, "B", 100)
    await until(lambda: drained(pool))
    for each in (first, second):
        await kill(each, signal.SIGTERM)
    assert (first.exitcode, second.exitcode) == (0, 0)
    await assert_sound(superuser)


@pytest.mark.slow
async def test_the_queue_does_not_swell(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool
) -> None:
    async with pool.acquire() as connection:
        for at in range(60):
            await fill(store, "A", 500, first=500 * at)
            done = await step(connection, [SIGNER], now_us=at)
            assert done is not None
            assert done.entries == 500 + (at == 0)
    # 30,000 rows went through; what vacuum leaves of them fits in a few hundred pages.
    assert await verifier.fetchval("SELECT pg_relation_size('audit.inbox')") < 4_000_000


@pytest.mark.parametrize(("every", "milliseconds"), [(0.5, 30_000), (60, 120_000)])
async def test_a_leader_that_waits_for_its_turn_does_not_stand_still(
    dsn: str, every: float, milliseconds: int
) -> None:
    async with leading(dsn, asyncio.Event(), every) as connection:
        assert connection is not None
        for name in ("idle_session_timeout", "idle_in_transaction_session_timeout"):
            asked = "SELECT setting::int FROM pg_settings WHERE name = $1"
            assert await connection.fetchval(asked, name) == milliseconds
