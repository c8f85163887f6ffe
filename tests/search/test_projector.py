"""The projector takes in each place of the log once, and can begin again."""

import asyncio
from typing import Any

import asyncpg
import pytest
from structlog.testing import capture_logs

from duban.store import projector, stats
from duban.store import trail as reading
from duban.store.audit import AuditStore
from duban.store.errors import DatabaseUnavailable
from duban.store.pool import dsn_for
from duban.store.stats import By
from duban.store.trail import TrailFilter
from tests.search.conftest import Trail
from tests.support.entries import a_record, an_event


async def projected(trail: Trail) -> tuple[Any, ...]:
    """Everything the projector wrote."""
    found = []
    for name, order in (("search", "1, 2"), ("rollup", "1, 2"), ("tag", "1"), ("projection", "1")):
        rows = await trail.admin.fetch(f"TABLE audit.{name} ORDER BY {order}")
        found.append([tuple(row) for row in rows])
    return tuple(found)


async def test_entries_are_known_once_they_have_places(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n, reason="整改") for n in range(5)))
    wanted = TrailFilter(text="整改")
    assert await projector.step(trail.sequencer) == 0
    assert await reading.unindexed(trail.reader) == 6
    assert await reading.search(trail.reader, wanted) == []
    assert await trail.settle() == 6
    assert await reading.unindexed(trail.reader) == 0
    assert len(await reading.search(trail.reader, wanted)) == 5
    assert await projector.step(trail.sequencer) == 0


async def test_an_entry_committed_late_is_not_passed_over(trail: Trail) -> None:
    """The case of audit.md 1: an earlier clock, a later commit."""
    async with trail.admin.acquire() as connection:
        late = connection.transaction()
        await late.start()
        held = a_record("late", an_event(0, reason="整改"))
        [result] = await AuditStore(connection, bytes(32)).append([held])
        assert result.new == 1
        await trail.tell("early", an_event(0, reason="整改"))
        assert await trail.settle() == 2
        await late.commit()
    assert await trail.settle() == 1
    found = await reading.search(trail.reader, TrailFilter(text="整改"))
    assert {each.stream for each in found} == {"early", "late"}


async def test_many_projectors_at_once_take_each_place_in_once(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n, reason="整改") for n in range(300)))
    await trail.grow()

    async def work() -> int:
        total = 0
        while count := await projector.step(trail.sequencer, 7):
            total += count
        return total

    totals = await asyncio.gather(*(work() for _ in range(4)))
    assert sum(totals) == 301
    counted = await stats.stats(trail.reader, By.TAG)
    assert counted.counts == {"campaign:note:made": 300, "trail:database:opened": 1}
    assert await trail.admin.fetchval("SELECT count(*) FROM audit.search") == 301


async def test_rebuilt_equals_live(trail: Trail) -> None:
    for part in range(3):
        await trail.tell(f"S{part}", *(an_event(n, reason=f"整改{n}") for n in range(20)))
        await trail.settle()
    live = await projected(trail)
    await trail.admin.execute("DELETE FROM audit.search; UPDATE audit.rollup SET n = n + 1")
    assert await projector.rebuild(trail.admin) == 61
    assert await projected(trail) == live


async def test_what_cannot_be_read_or_is_gone_does_not_hold_the_others_up(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n, reason="整改") for n in range(4)))
    await trail.grow()
    await trail.admin.execute(
        "ALTER TABLE audit.event DISABLE TRIGGER deny_row;"
        "UPDATE audit.event SET leaf = 'x' WHERE stream = 'A' AND seq = 1;"
        "DELETE FROM audit.event WHERE stream = 'A' AND seq = 2;"
        "ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_row;"
    )
    assert await trail.settle() == 5
    found = await reading.search(trail.reader, TrailFilter(text="整改"))
    assert [each.seq for each in found] == [3, 0]


async def test_counts_by_campaign_tag_and_business_day(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n) for n in range(16)))
    await trail.tell("B", an_event(0, tag="goal:value:recorded"), campaign="X-1")
    await trail.settle()
    by = {each: (await stats.stats(trail.reader, each)).counts for each in By}
    assert by[By.CAMPAIGN] == {"": 1, "BE-2019": 16, "X-1": 1}
    assert by[By.TAG]["goal:value:recorded"] == 1
    # The first is at 09:00 in Shanghai, so the sixteenth is at midnight of the next day.
    assert by[By.DAY] == {"2026-11-23": 17, "2026-11-24": 1}
    one = await stats.stats(trail.reader, By.DAY, "X-1")
    assert one.counts == {"2026-11-23": 1}
    assert one.entries == 18
    assert 300 < one.entry_bytes < one.bytes_per_entry
    assert {"event", "leaf", "search"} <= {each.name for each in one.sizes}


async def test_following_goes_on_after_an_outage(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    await trail.tell("A", *(an_event(n) for n in range(5)))
    await trail.grow()
    done, real, calls = asyncio.Event(), projector.step, list[int]()

    async def step(pool: asyncpg.Pool, limit: int = 1) -> int:
        calls.append(limit)
        if len(calls) == 1:
            raise DatabaseUnavailable(reason="away")
        count = await real(pool, 2)
        if count == 0:
            done.set()
        return count

    monkeypatch.setattr(projector, "step", step)
    async with projector.following(trail.sequencer, interval=0):
        await asyncio.wait_for(done.wait(), 30)
    assert await reading.unindexed(trail.reader) == 0


BREAKING = """
CREATE FUNCTION public.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'no room for words'; END $$;
CREATE TRIGGER broken BEFORE INSERT ON audit.search EXECUTE FUNCTION public.broken();
"""


async def test_following_tells_once_what_hinders_it_and_goes_on(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n) for n in range(5)))
    await trail.grow()
    await trail.admin.execute(BREAKING)
    with capture_logs() as told:
        async with asyncio.timeout(30), projector.following(trail.sequencer, interval=0.001):
            while not told:  # noqa: ASYNC110 - the log sets no event
                await asyncio.sleep(0.001)
            await asyncio.sleep(0.05)
            await trail.admin.execute("DROP TRIGGER broken ON audit.search")
            while await reading.unindexed(trail.reader):  # noqa: ASYNC110 - nor does the search
                await asyncio.sleep(0.001)
    [waited] = told
    assert waited["event"] == "projector_waits"
    assert "no room for words" in waited["reason"]


@pytest.mark.parametrize("login", ["duban_worker", "duban_reader", "duban_verifier"])
async def test_only_the_sequencer_may_project(shared: Trail, login: str) -> None:
    connection = await asyncpg.connect(dsn_for(shared.dsn, login))
    for statement in (
        "SELECT audit.project(0, 1, '{}', '{}', '{}')",
        "SELECT audit.forget_projection()",
        "SELECT audit.store_block(0, 0, 1, '{}')",
        "DELETE FROM audit.search_block",
        "INSERT INTO audit.search DEFAULT VALUES",
        "DELETE FROM audit.rollup",
        "UPDATE audit.projection SET next_index = 0",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
    await connection.close()


async def test_a_reader_reads_no_words_but_through_the_function(shared: Trail) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await shared.reader.fetch("SELECT * FROM audit.search")
