"""The batcher: callers share calls, and only the callers of a failed call hear of it."""

import asyncio
import itertools
from collections.abc import Sequence

import asyncpg
import pytest

from duban.contracts import Mode, Record
from duban.store.audit import AuditStore
from duban.store.batcher import Batcher
from duban.store.drafts import AppendResult
from duban.store.errors import (
    BatcherClosed,
    DatabaseUnavailable,
    TrailConflict,
    TrailGap,
)
from tests.support.entries import a_record, a_run, an_event
from tests.support.fakes import FakeStore, FakeTrail


class Gate:
    """A store whose calls wait until the test lets them go on."""

    def __init__(self, store: FakeStore) -> None:
        self.store = store
        self.open = asyncio.Event()
        self.on_their_way = 0

    async def append(self, records: Sequence[Record]) -> list[AppendResult]:
        self.on_their_way += 1
        await self.open.wait()
        return await self.store.append(records)


async def turns(count: int = 5) -> None:
    """Let everything that is ready run."""
    for _ in range(count):
        await asyncio.sleep(0)


def runs(count: int) -> list[Record]:
    return [a_run(f"campaign-{n}", 0, 1) for n in range(count)]


@pytest.mark.parametrize(
    ("callers", "connections", "expected"),
    [(64, 1, [64]), (64, 2, [32, 32]), (10, 2, [10]), (65, 3, [32, 32, 1]), (99, 3, [33, 33, 33])],
)
async def test_callers_that_come_together_share_a_call_per_free_connection(
    callers: int, connections: int, expected: list[int]
) -> None:
    store = FakeStore(FakeTrail())
    async with Batcher(store, connections=connections) as batcher:
        await asyncio.gather(*(batcher.append(each) for each in runs(callers)))
    assert store.calls == expected


async def test_callers_gather_while_calls_are_on_their_way() -> None:
    store = FakeStore(FakeTrail())
    gate = Gate(store)
    async with Batcher(gate, connections=2) as batcher:
        callers = []
        for each in runs(10):
            callers.append(asyncio.create_task(batcher.append(each)))
            await turns()
        assert gate.on_their_way == 2
        gate.open.set()
        await asyncio.gather(*callers)
    assert store.calls == [1, 1, 8]


async def test_a_batch_has_at_most_so_many_entries() -> None:
    store = FakeStore(FakeTrail())
    async with Batcher(store, connections=1, max_batch=4) as batcher:
        records = [a_run(f"campaign-{n}", 0, size) for n, size in enumerate((2, 2, 1, 9, 3))]
        await asyncio.gather(*(batcher.append(each) for each in records))
    assert store.calls == [2, 1, 1, 1]


async def test_a_failed_call_fails_its_own_callers_only() -> None:
    trail = FakeTrail()
    store = FakeStore(trail, failing=frozenset({1, 3}))
    async with Batcher(store, max_batch=8) as batcher:
        answers = await asyncio.gather(
            *(batcher.append(each) for each in runs(64)), return_exceptions=True
        )
    failed = [each for each in answers if each is not None]
    assert len(failed) == 16
    assert all(isinstance(each, DatabaseUnavailable) for each in failed)
    assert len(trail.streams) == 48


async def test_a_refused_record_fails_its_own_caller_only() -> None:
    async with Batcher(FakeStore(FakeTrail())) as batcher:
        answers = await asyncio.gather(
            *(batcher.append(each) for each in [*runs(3), a_run("campaign-X", 5, 1)]),
            return_exceptions=True,
        )
    assert [type(each) for each in answers] == [type(None)] * 3 + [TrailGap]


async def test_an_unforeseen_failure_reaches_the_callers() -> None:
    class Broken:
        async def append(self, records: Sequence[Record]) -> list[AppendResult]:
            raise ZeroDivisionError

    async with Batcher(Broken()) as batcher:
        answers = await asyncio.gather(
            *(batcher.append(each) for each in runs(3)), return_exceptions=True
        )
    assert [type(each) for each in answers] == [ZeroDivisionError] * 3


async def test_a_cancelled_call_cancels_its_callers() -> None:
    class Interrupted:
        async def append(self, records: Sequence[Record]) -> list[AppendResult]:
            raise asyncio.CancelledError

    batcher = Batcher(Interrupted())
    with pytest.raises(asyncio.CancelledError):
        await batcher.append(runs(1)[0])


async def test_a_caller_who_left_is_not_answered_and_harms_nobody() -> None:
    store = FakeStore(FakeTrail())
    gate = Gate(store)
    async with Batcher(gate, connections=1) as batcher:
        callers = []
        for each in runs(4):
            callers.append(asyncio.create_task(batcher.append(each)))
            await turns()
        callers[0].cancel()
        callers[2].cancel()
        await turns()
        gate.open.set()
        answers = await asyncio.gather(*callers, return_exceptions=True)
    # The first was on its way already; the third had not left and is not sent at all.
    assert [type(each) for each in answers][1::2] == [type(None)] * 2
    assert sorted(store.trail.streams) == ["campaign-0", "campaign-1", "campaign-3"]


async def test_nothing_is_sent_when_every_caller_has_left() -> None:
    store = FakeStore(FakeTrail())
    async with Batcher(store) as batcher:
        caller = asyncio.create_task(batcher.append(runs(1)[0]))
        asyncio.get_running_loop().call_soon(caller.cancel)
        with pytest.raises(asyncio.CancelledError):
            await caller
    assert store.calls == []


async def test_closing_answers_everybody_and_takes_nobody_more() -> None:
    trail = FakeTrail()
    batcher = Batcher(FakeStore(trail), connections=1, max_batch=2)
    callers = [asyncio.create_task(batcher.append(each)) for each in runs(7)]
    await asyncio.sleep(0)
    await batcher.close()
    await asyncio.gather(*callers)
    assert len(trail.streams) == 7
    with pytest.raises(BatcherClosed):
        await batcher.append(a_run("campaign-late", 0, 1))


async def test_64_callers_on_postgresql(store: AuditStore, admin: asyncpg.Pool) -> None:
    async def live(batcher: Batcher, stream: str) -> None:
        for seq in range(20):
            await batcher.append(a_record(stream, an_event(seq)))

    async with Batcher(store) as batcher:
        await asyncio.gather(*(live(batcher, f"campaign-{n}") for n in range(64)))
    rows = await admin.fetch("SELECT stream, count(*), max(seq) FROM audit.event GROUP BY stream")
    streams = {row["stream"]: (row["count"], row["max"]) for row in rows}
    assert streams.pop("trail") == (1, 0)
    assert set(streams.values()) == {(20, 19)}
    assert len(streams) == 64


KILL_WORKERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE usename = 'duban_worker' AND datname = current_database()"
)


async def sent_until_stored(batcher: Batcher, record: Record) -> int:
    """Append as an activity does, again after every outage; return how many there were."""
    for outages in itertools.count():
        try:
            await batcher.append(record)
        except DatabaseUnavailable:
            continue
        return outages
    raise AssertionError


async def test_connections_killed_under_64_callers_lose_and_double_nothing(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    async def live(batcher: Batcher, stream: str) -> int:
        records = (a_record(stream, an_event(seq)) for seq in range(10))
        return sum([await sent_until_stored(batcher, record) for record in records])

    async def sabotage() -> int:
        for _ in range(20):
            await admin.execute(KILL_WORKERS)
        return 0

    async with Batcher(store) as batcher, asyncio.timeout(60):
        lives = (live(batcher, f"campaign-{n}") for n in range(64))
        outages = await asyncio.gather(sabotage(), *lives)
    assert sum(outages) > 0
    rows = await admin.fetch("SELECT stream, count(*), max(seq) FROM audit.event GROUP BY stream")
    found = [(row["count"], row["max"]) for row in rows if row["stream"] != "trail"]
    assert found == [(10, 9)] * 64


async def test_a_batch_with_a_conflict_on_postgresql(store: AuditStore) -> None:
    async with Batcher(store) as batcher:
        await batcher.append(a_run("campaign-A", 0, 1))
        parted = a_record("campaign-A", an_event(0, reason="changed"), mode=Mode.REHEARSAL)
        answers = await asyncio.gather(
            *(batcher.append(each) for each in [*runs(5), parted]), return_exceptions=True
        )
    assert [type(each) for each in answers] == [type(None)] * 5 + [TrailConflict]
