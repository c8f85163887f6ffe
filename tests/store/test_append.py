"""The door in: every entry once, in its order, whole records, nothing overwritten."""

import asyncio
import random
from datetime import timedelta
from typing import cast

import asyncpg
import pytest

from duban.contracts import Mode, Record
from duban.store.audit import AuditStore
from duban.store.drafts import Draft
from duban.store.errors import (
    DatabaseUnavailable,
    ProfileViolation,
    TrailClosed,
    TrailConflict,
    TrailGap,
    TrailNotOpened,
    TrailOwner,
    WrongMode,
)
from duban.store.payloads import Payloads
from duban.store.pool import WORKER, open_pool
from tests.support.entries import (
    KEY,
    OFFICER,
    START,
    a_change,
    a_closing,
    a_record,
    a_run,
    an_event,
)

A, B = "campaign-A", "campaign-B"


def shuffled(records: list[Record], seed: int) -> list[Record]:
    chance = random.Random(seed)  # noqa: S311 - an order is no secret
    return chance.sample(records, len(records))


async def stored(admin: asyncpg.Pool, stream: str) -> list[int]:
    rows = await admin.fetch("SELECT seq FROM audit.event WHERE stream = $1 ORDER BY seq", stream)
    return [row["seq"] for row in rows]


async def test_new_entries_are_stored_and_queued(store: AuditStore, admin: asyncpg.Pool) -> None:
    [result] = await store.append([a_run(A, 0, 3)])
    assert (result.new, result.known, result.error) == (3, 0, None)
    assert await stored(admin, A) == [0, 1, 2]
    unqueued = "SELECT count(*) FROM audit.event e LEFT JOIN audit.inbox i USING (event_id)"
    assert await admin.fetchval(f"{unqueued} WHERE i.event_id IS NULL") == 0


async def test_sending_again_stores_nothing(store: AuditStore, admin: asyncpg.Pool) -> None:
    await store.append([a_run(A, 0, 3)])
    [again] = await store.append([a_run(A, 0, 3)])
    assert (again.new, again.known, again.error) == (0, 3, None)
    assert await stored(admin, A) == [0, 1, 2]
    assert await admin.fetchval("SELECT count(*) FROM audit.inbox") == 4


async def test_a_longer_retry_stores_what_is_missing(store: AuditStore) -> None:
    await store.append([a_run(A, 0, 2)])
    [result] = await store.append([a_run(A, 0, 4)])
    assert (result.new, result.known, result.error) == (2, 2, None)


async def test_the_leaf_names_the_writer_and_the_time_of_the_database(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    await store.append([a_run(A, 0, 1)])
    row = await admin.fetchrow(
        "SELECT leaf::jsonb ->> 'by' AS by, (leaf::jsonb ->> 'at')::bigint AS at, recorded_us"
        " FROM audit.event WHERE stream = $1",
        A,
    )
    assert row["by"] == WORKER
    assert row["at"] == row["recorded_us"]


async def test_other_content_at_the_same_place_is_a_conflict(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    await store.append([a_run(A, 0, 2)])
    before = await admin.fetch("SELECT * FROM audit.event ORDER BY event_id")
    reset = a_record(A, an_event(1, reason="another history"), an_event(2))
    [result] = await store.append([reset])
    assert isinstance(result.error, TrailConflict)
    assert result.error.params == {"stream": A, "seq": 1}
    assert await admin.fetch("SELECT * FROM audit.event ORDER BY event_id") == before


async def test_a_gap_is_refused_and_other_streams_go_on(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    gap, fine = await store.append([a_run(A, 1, 2), a_run(B, 0, 2)])
    assert isinstance(gap.error, TrailGap)
    assert (fine.new, fine.error) == (2, None)
    assert await stored(admin, A) == []


async def test_a_closed_stream_takes_nothing_more(store: AuditStore, admin: asyncpg.Pool) -> None:
    await store.append([a_record(A, an_event(0), a_closing(1))])
    after, again = await store.append([a_run(A, 2, 1), a_record(A, an_event(0), a_closing(1))])
    assert isinstance(after.error, TrailClosed)
    assert (again.known, again.error) == (2, None)
    assert await stored(admin, A) == [0, 1]


async def test_nothing_follows_a_closing_entry_in_the_same_record(store: AuditStore) -> None:
    [result] = await store.append([a_record(A, an_event(0), a_closing(1), an_event(2))])
    assert isinstance(result.error, TrailClosed)
    assert result.new == 2


async def test_a_batch_with_one_conflict_stores_the_others(store: AuditStore) -> None:
    await store.append([a_run(A, 0, 1)])
    records = [
        a_run(B, 0, 2),
        a_record(A, an_event(0, reason="changed")),
        a_run("campaign-C", 0, 1),
    ]
    results = await store.append(records)
    assert [type(each.error) for each in results] == [type(None), TrailConflict, type(None)]
    assert [each.new for each in results] == [2, 0, 1]


async def test_a_conflict_does_not_spoil_its_stream_for_others_in_the_batch(
    store: AuditStore,
) -> None:
    await store.append([a_run(A, 0, 2)])
    parted, true = await store.append([a_record(A, an_event(1, reason="changed")), a_run(A, 2, 1)])
    assert isinstance(parted.error, TrailConflict)
    assert (true.new, true.error) == (1, None)


async def test_one_batch_may_hold_the_same_record_twice(store: AuditStore) -> None:
    first, second = await store.append([a_run(A, 0, 2), a_run(A, 0, 2)])
    assert {first.new + second.new, first.known + second.known} == {2}
    assert not first.error
    assert not second.error


async def test_records_of_one_stream_find_their_order(store: AuditStore) -> None:
    later, earlier = await store.append([a_run(A, 2, 2), a_run(A, 0, 2)])
    assert (later.new, earlier.new) == (2, 2)


async def test_a_long_call_stores_all_and_answers_each_in_its_place(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    """It goes through the door in slices; what is faulty in one of them harms no other."""
    many = shuffled([a_run(each, seq, 1) for seq in range(400) for each in (A, B)], seed=4)
    many.insert(10, a_record("campaign-C", an_event(0, detail={"x": 1.5})))
    many.insert(700, a_run("campaign-D", 1, 1))

    results = await store.append(many)

    places = [(each.stream, each.events[0].seq) for each in many]
    assert [(each.stream, each.first_seq) for each in results] == places
    assert [type(e.error) for e in results if e.error] == [ProfileViolation, TrailGap]
    assert sum(each.new for each in results) == 800
    assert await stored(admin, A) == await stored(admin, B) == list(range(400))


async def test_eight_workers_in_any_order_store_everything_once(
    store: AuditStore, dsn: str, admin: asyncpg.Pool
) -> None:
    records = [a_run(f"campaign-{n}", 0, 4) for n in range(100)]
    pool = await open_pool(dsn, role_login=WORKER, max_size=8)

    async def send(seed: int) -> tuple[int, int]:
        mine = shuffled(records, seed)
        batches = [mine[at : at + 10] for at in range(0, len(mine), 10)]
        results = [r for batch in batches for r in await AuditStore(pool, KEY).append(batch)]
        assert not any(each.error for each in results)
        return sum(r.new for r in results), sum(r.known for r in results)

    counts = await asyncio.gather(*(send(seed) for seed in range(8)))
    await pool.close()
    assert sum(new for new, _ in counts) == 400
    assert sum(known for _, known in counts) == 7 * 400
    assert await admin.fetchval("SELECT count(*) FROM audit.event WHERE stream <> 'trail'") == 400


async def test_who_waited_for_a_stream_is_judged_by_what_was_committed_meanwhile(
    store: AuditStore, dsn: str, admin: asyncpg.Pool
) -> None:
    await store.append([a_run(A, 0, 1)])
    pool = await open_pool(dsn, role_login=WORKER, max_size=3)
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    other = a_record(A, an_event(1, reason="另一份"))
    async with pool.acquire() as connection, connection.transaction():
        first = AuditStore(cast(asyncpg.Pool, connection), KEY)
        assert (await first.append([a_run(A, 1, 2)]))[0].new == 2
        late = [
            asyncio.create_task(AuditStore(pool, KEY).append([each]))
            for each in (a_run(A, 1, 3), other)
        ]
        while await admin.fetchval(waiting) < 2:  # noqa: ASYNC110 - a lock sets no event
            await asyncio.sleep(0.01)
    [longer], [parted] = await asyncio.gather(*late)
    await pool.close()
    assert (longer.known, longer.new, longer.error) == (2, 1, None)
    assert isinstance(parted.error, TrailConflict)
    assert await stored(admin, A) == [0, 1, 2, 3]


async def test_an_answer_lost_after_the_commit_is_asked_for_again(
    store: AuditStore, worker: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    record = a_record(A, an_event(0, a_change("task", "B-04", state="accepted")))
    await store.append([record])
    [again] = await AuditStore(worker, KEY).append([record])
    assert (again.new, again.known, again.error) == (0, 1, None)
    assert await admin.fetchval("SELECT count(*) FROM audit.event WHERE stream = $1", A) == 1


async def test_a_database_has_one_mode_for_ever(unopened: AuditStore) -> None:
    async def opened(mode: Mode, *, later: int = 0) -> bool:
        at = START + timedelta(days=later)
        return await unopened.open_trail(mode, "duban.test", at=at, actor=OFFICER)

    assert await opened(Mode.REHEARSAL)
    assert not await opened(Mode.REHEARSAL)
    assert not await opened(Mode.REHEARSAL, later=1)
    with pytest.raises(WrongMode) as refused:
        await opened(Mode.LIVE)
    assert refused.value.params == {"database": "rehearsal", "wanted": "live"}


async def test_a_login_that_may_not_append_gets_one_clear_refusal(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    with pytest.raises(DatabaseUnavailable, match="permission denied"):
        await AuditStore(reader, KEY).append([a_run(A, 0, 1)])


@pytest.mark.parametrize(("own", "other"), [(Mode.LIVE, Mode.REHEARSAL), tuple(reversed(Mode))])
async def test_records_of_the_other_mode_are_refused(
    unopened: AuditStore, admin: asyncpg.Pool, own: Mode, other: Mode
) -> None:
    await unopened.open_trail(own, "duban.test", at=START, actor=OFFICER)
    strange, fitting = await unopened.append([a_run(A, 0, 1, mode=other), a_run(B, 0, 1, mode=own)])
    assert isinstance(strange.error, WrongMode)
    assert (fitting.new, fitting.error) == (1, None)
    assert await stored(admin, A) == []


async def test_an_entry_of_another_mode_than_its_call_is_refused(
    unopened: AuditStore, worker: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await unopened.open_trail(Mode.LIVE, "duban.test", at=START, actor=OFFICER)
    draft = Draft.of(0, a_run(A, 0, 1, mode=Mode.REHEARSAL), KEY)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await worker.fetch(
            "SELECT * FROM audit.append('live', $1, $2, $3)", draft.ids, draft.entries, draft.macs
        )
    assert refused.value.sqlstate == "DU003"
    assert await stored(admin, A) == []


async def test_an_entry_twice_in_one_call_is_refused(
    store: AuditStore, worker: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await store.append([a_run(B, 0, 1)])
    draft = Draft.of(0, a_run(A, 0, 2), KEY)
    with pytest.raises(asyncpg.PostgresError, match="twice") as refused:
        await worker.fetch(
            "SELECT * FROM audit.append($1, $2, $3, $4)",
            draft.record.mode.value,
            [*draft.ids, draft.ids[1]],
            [*draft.entries, draft.entries[1]],
            [*draft.macs, draft.macs[1]],
        )
    assert refused.value.sqlstate == "DU003"
    assert await stored(admin, A) == []


async def test_nothing_comes_before_the_opening_entry(
    unopened: AuditStore, admin: asyncpg.Pool
) -> None:
    [result] = await unopened.append([a_run(A, 0, 1)])
    assert isinstance(result.error, TrailNotOpened)
    assert await admin.fetchval("SELECT count(*) FROM audit.event") == 0


async def test_two_openers_at_once_leave_one_opening(dsn: str, admin: asyncpg.Pool) -> None:
    pool = await open_pool(dsn, role_login=WORKER, max_size=2)

    async def opened(mode: Mode) -> bool | type[BaseException]:
        try:
            return await AuditStore(pool, KEY).open_trail(mode, "x", at=START, actor=OFFICER)
        except WrongMode as error:
            return type(error)

    answers = await asyncio.gather(opened(Mode.LIVE), opened(Mode.REHEARSAL))
    await pool.close()
    assert sorted(map(str, answers)) == sorted(map(str, [True, WrongMode]))
    assert await admin.fetchval("SELECT count(*) FROM audit.origin") == 1


async def test_an_object_is_written_by_one_stream_only(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    change = a_change("task", "B-04", state="accepted")
    await store.append([a_record(A, an_event(0, change))])
    fine, strange = await store.append(
        [a_run("campaign-C", 0, 1), a_record(B, an_event(0, change))]
    )
    assert (fine.new, fine.error) == (1, None)
    assert isinstance(strange.error, TrailOwner)
    assert await stored(admin, B) == []


async def test_two_streams_cannot_claim_one_object_in_one_call(store: AuditStore) -> None:
    change = a_change("task", "B-04", state="accepted")
    results = await store.append([a_record(s, an_event(0, change)) for s in (A, B)])
    assert [each.new for each in results].count(1) == 1
    assert [type(each.error) for each in results].count(TrailOwner) == 1


async def test_a_faulty_record_is_refused_and_harms_no_other(store: AuditStore) -> None:
    gone = Record(stream=A, campaign=None, mode=Mode.REHEARSAL, events=())
    holes = a_record(A, an_event(0), an_event(2))
    results = await store.append([gone, holes, a_run(B, 0, 1)])
    assert [type(each.error) for each in results[:2]] == [ProfileViolation] * 2
    assert results[2].new == 1


@pytest.mark.parametrize(
    ("said", "forged"), [('"mode":"rehearsal"', '"mode":"live"'), ('"seq":0', '"seq":"x"')]
)
async def test_the_database_judges_entries_itself(
    store: AuditStore, monkeypatch: pytest.MonkeyPatch, said: str, forged: str
) -> None:
    honest = Draft.of

    def forging(place: int, record: Record, key: bytes, payloads: Payloads) -> Draft:
        draft = honest(place, record, key, payloads)
        if record.stream == A:
            draft.entries = [each.replace(said, forged) for each in draft.entries]
        return draft

    monkeypatch.setattr(Draft, "of", forging)
    forged_result, fine = await store.append([a_run(A, 0, 1), a_run(B, 0, 1)])
    assert isinstance(forged_result.error, ProfileViolation)
    assert (fine.new, fine.error) == (1, None)
