"""Receipts from the real log: with the witnesses' word where it can be had, never held up by it."""

import asyncio

import asyncpg

from duban.contracts import Proofs, ToProve
from duban.proof.merkle import leaf_hash
from duban.proof.notes import SignedNote
from duban.proof.proofs import EntryProof
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.log import LogStore
from duban.store.pool import open_pool
from tests.sequencer.conftest import Clock
from tests.support.sequencing import AWAY, SIGNER, WITNESS, FakeWitness, a_leader, fill

STREAM = "campaign-A"
MINUTE, HOUR = 60, 3600


async def proved(store: AuditStore, *seqs: int) -> Proofs | None:
    async with Door(store) as door:
        return await door.proofs(ToProve(stream=STREAM, seqs=seqs))


def cosigned(note: SignedNote) -> bool:
    key = WITNESS.public
    return any(key.cosigned_at(note.text, each) is not None for each in note.signatures)


async def until_cosigned(verifier: asyncpg.Pool) -> None:
    async with asyncio.timeout(20):
        while await LogStore(verifier).cosigned_size() is None:  # noqa: ASYNC110 - no event is set
            await asyncio.sleep(0.01)


async def now_of(pool: asyncpg.Pool, clock: Clock) -> None:
    """Set the sequencer's clock to the database's, which says when entries were recorded."""
    clock.now = await pool.fetchval("SELECT now()")


async def test_there_is_nothing_to_hand_out_before_the_log_covers_it(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    await fill(store, STREAM, 3)
    assert await proved(store, 0) is None
    await now_of(pool, clock)
    async with a_leader(pool, clock) as leader:
        await leader.turn()
        await fill(store, STREAM, 1, first=3)
        assert await proved(store, 0, 3) is None
    assert await proved(store, 0, 2) is not None


async def test_a_receipt_holds_by_itself_and_brings_its_entry(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    await fill(store, STREAM, 3)
    await now_of(pool, clock)
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    found = await proved(store, 0, 2)

    assert found is not None
    assert [each.seq for each in found.receipts] == [0, 2]
    proof = EntryProof.parse(found.receipts[1].proof)
    stored = await store.entry(STREAM, 2)
    assert stored is not None
    assert proof.extra == stored.leaf
    assert proof.holds(proof.extra)
    place = await LogStore(verifier).leaf(stored.event_id)  # type: ignore[arg-type]
    assert place is not None
    assert (place.index, place.leaf_hash) == (proof.index, leaf_hash(proof.extra))
    assert SIGNER.public.verifies(proof.checkpoint.text, proof.checkpoint.signatures[0])


async def test_the_witnesses_are_given_time(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    witness = FakeWitness()
    await fill(store, STREAM, 1)
    await now_of(pool, clock)
    async with a_leader(pool, clock, witness) as leader:
        await leader.turn()
        await until_cosigned(verifier)
        witness.says = AWAY
        await fill(store, STREAM, 1, first=1)
        await leader.turn()
        first = await proved(store, 0)
        assert first is not None
        assert cosigned(EntryProof.parse(first.receipts[0].proof).checkpoint)
        assert await proved(store, 1) is None
        clock.pass_(11 * MINUTE)
        await leader.turn()
    second = await proved(store, 1)

    assert second is not None
    assert not cosigned(EntryProof.parse(second.receipts[0].proof).checkpoint)


async def test_what_the_log_goes_on_without_is_told_as_missing(
    store: AuditStore, pool: asyncpg.Pool, database: str, clock: Clock
) -> None:
    await fill(store, STREAM, 2)
    admin = await open_pool(database, max_size=1)
    await admin.execute(
        "DELETE FROM audit.inbox USING audit.event AS e"
        " WHERE e.event_id = inbox.event_id AND e.stream = $1 AND e.seq = 1",
        STREAM,
    )
    await admin.close()
    await now_of(pool, clock)
    async with a_leader(pool, clock) as leader:
        await leader.turn()
        assert await proved(store, 0, 1) is None
        clock.pass_(2 * HOUR)
        await leader.turn()
    found = await proved(store, 0, 1, 7)

    assert found is not None
    # An ordinal that the trail does not hold is never waited for.
    assert ([each.seq for each in found.receipts], found.missing) == ([0], (1, 7))
