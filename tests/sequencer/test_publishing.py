"""Witnesses: told after the commit, never waited for, believed only with the log's signature."""

import asyncio
from collections.abc import Callable

import asyncpg
import pytest
from structlog.testing import capture_logs

from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import Signature, SignerKey
from duban.sequencer import publishing
from duban.sequencer.errors import LogError
from duban.sequencer.turns import Turns
from duban.store.audit import AuditStore
from duban.store.errors import DatabaseUnavailable
from duban.store.log import LogStore
from duban.store.pool import open_pool
from duban.store.sequencing import step
from duban.witness.client import Answer, Outcome
from tests.sequencer.conftest import Clock
from tests.support.sequencing import AWAY, ORIGIN, SIGNER, FakeWitness, a_leader, fill


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "RETRY_SECONDS", 0.01)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - the witness sets no event
            await asyncio.sleep(0.005)


async def forever(leader: Turns) -> None:
    async with asyncio.timeout(20):
        while True:
            await leader.turn()
            await asyncio.sleep(0.005)


async def cosigned(verifier: asyncpg.Pool) -> list[int]:
    rows = await verifier.fetch("SELECT tree_size FROM audit.cosignature ORDER BY 1")
    return [row["tree_size"] for row in rows]


async def test_checkpoints_go_to_the_witness_and_its_cosignatures_are_kept(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    witness = FakeWitness()
    async with a_leader(pool, clock, witness) as leader:
        for at in range(3):
            await fill(store, "A", 10, first=10 * at)
            await leader.turn()
            await until(lambda: len(witness.seen) > at)  # noqa: B023 - awaited at once
        await until(lambda: witness.held.size == 32)
    assert await cosigned(verifier) == witness.seen == [12, 22, 32]
    latest = await LogStore(verifier).latest()
    assert latest is not None
    [line] = await LogStore(verifier).cosignatures(32)
    assert latest.note in (await LogStore(verifier).cosigned(latest)).format()
    assert line.name == "witness.example/w1"


async def test_a_witness_that_is_away_holds_nothing_up_and_gets_the_newest_later(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    away, there = FakeWitness("w2", says=AWAY), FakeWitness()
    async with a_leader(pool, clock, away, there) as leader:
        for at in range(3):
            await fill(store, "A", 5, first=5 * at)
            await leader.turn()
        await until(lambda: there.held.size == 17)
        assert away.seen == []
        away.says = None
        await until(lambda: away.held.size == 17)
    assert away.seen == [17]


async def test_a_witness_that_stood_elsewhere_is_led_on_from_there(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    witness = FakeWitness()
    async with a_leader(pool, clock, witness) as leader:
        await leader.turn()
        await until(lambda: witness.held.size == 2)
        early = witness.held
        await fill(store, "A", 5)
        await leader.turn()
        await until(lambda: witness.held.size == 7)
        witness.held = early
        await fill(store, "A", 5, first=5)
        await leader.turn()
        await until(lambda: witness.held.size == 12)


async def test_that_no_witness_answers_at_the_start_is_told_and_holds_nothing_up(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    """Publication fails open (audit.md 3.4): what is signed unseen binds nobody yet."""
    nobody = [FakeWitness(name, says=AWAY) for name in ("w1", "w2")]
    with capture_logs() as told:
        async with a_leader(pool, clock, *nobody) as leader:
            await leader.turn()
    assert [each["asked"] for each in told if each["event"] == "no_witness_answered"] == [2]
    assert len(await LogStore(pool).checkpoints()) == 1
    with capture_logs() as told:
        async with a_leader(pool, clock, nobody[0], FakeWitness("w2")):
            pass
        async with a_leader(pool, clock):
            pass
    assert "no_witness_answered" not in {each["event"] for each in told}


async def test_what_was_signed_before_a_standstill_is_not_cosigned_after_it(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    """A cosignature tells when its tree was there; one of today on yesterday's would not."""
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    clock.pass_(3600)
    witness = FakeWitness()
    async with a_leader(pool, clock, witness) as leader:
        await asyncio.sleep(0.05)
        await leader.turn()
        await until(lambda: witness.seen)
    assert witness.seen == [3]


async def test_a_cosignature_that_could_not_be_kept_is_asked_for_again(
    store: AuditStore, pool: asyncpg.Pool, database: str, clock: Clock
) -> None:
    witness = FakeWitness()
    admin = await open_pool(database)
    broken = BREAKING.replace("audit.checkpoint", "audit.cosignature")
    await admin.execute(broken.replace(" USING ERRCODE = 'serialization_failure'", ""))
    async with a_leader(pool, clock, witness) as leader:
        await leader.turn()
        await until(lambda: len(witness.seen) > 1)
        assert await cosigned(admin) == []
        await admin.execute("DROP TRIGGER broken ON audit.cosignature")
        async with asyncio.timeout(20):
            while await cosigned(admin) != [2]:  # noqa: ASYNC110 - a trigger sets no event
                await asyncio.sleep(0.01)
    await admin.close()
    assert set(witness.seen) == {2}


async def test_a_restored_old_backup_is_not_signed(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    await fill(store, "A", 3)
    ahead = FakeWitness(held=Checkpoint(ORIGIN, 9, bytes(32)))
    with pytest.raises(LogError) as refused:
        async with a_leader(pool, clock, FakeWitness("w2", says=AWAY), ahead):
            pass
    assert refused.value.code == "log.rolled_back"
    assert refused.value.params == {"witness": "w1", "seen": 9, "size": 2}
    assert len(await LogStore(pool).checkpoints()) == 1


async def test_an_old_backup_that_grew_again_is_not_signed(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    await fill(store, "A", 3)
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    for held in (Checkpoint(ORIGIN, 5, bytes(32)), Checkpoint(ORIGIN, 4, bytes(32))):
        with pytest.raises(LogError) as refused:
            async with a_leader(pool, clock, FakeWitness(held=held)):
                pass
        assert refused.value.code == "log.forked"


async def test_a_witness_that_fails_is_left_in_peace_for_a_while(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "RETRY_SECONDS", 1000)
    witness = FakeWitness(says=AWAY)
    async with a_leader(pool, clock, witness) as leader:
        for at in range(4):
            await fill(store, "A", 1, first=at)
            await leader.turn()
            await until(lambda: witness.asked > 1)
    assert witness.asked == 2


async def test_a_witness_is_not_handed_less_than_it_holds(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    """It may have the newest from a leader before us, of which we have not been told yet."""
    async with a_leader(pool, clock) as leader:
        await leader.turn()
        await fill(store, "A", 5)
        await leader.turn()
    log_store = LogStore(pool)
    first, last = await log_store.checkpoints()
    witness = FakeWitness(held=Checkpoint(ORIGIN, last.size, last.root))
    async with publishing.Publication(ORIGIN, [witness], log_store, pool) as publication:
        await publication.announce(first)
        await until(lambda: witness.asked)
        await publication.announce(last)
        await until(lambda: witness.seen)
    assert witness.seen == [last.size]


async def test_a_witness_that_was_shown_more_by_another_stops_the_signing(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    witness = FakeWitness()
    async with a_leader(pool, clock, witness) as leader:
        await leader.turn()
        await until(lambda: witness.held.size == 2)
        witness.held = Checkpoint(ORIGIN, 99, bytes(32))
        await fill(store, "A", 1)
        with pytest.raises(LogError, match="log.rolled_back"):
            await forever(leader)


async def test_a_witness_that_comes_back_with_more_stops_the_signing(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    witness = FakeWitness(held=Checkpoint(ORIGIN, 99, bytes(32)), says=AWAY)
    async with a_leader(pool, clock, witness) as leader:
        await leader.turn()
        witness.says = None
        with pytest.raises(LogError, match="log.rolled_back"):
            await forever(leader)


@pytest.mark.parametrize(
    "lie",
    [
        Answer("w1", Outcome.AHEAD, size=10**9),
        Answer("w1", Outcome.FORKED, size=2),
        Answer("w1", Outcome.UNTRUSTED, detail="rubbish"),
        Answer("w1", Outcome.REFUSED, detail="403"),
    ],
)
async def test_a_witness_that_lies_stops_nothing(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock, lie: Answer
) -> None:
    witness = FakeWitness()
    async with a_leader(pool, clock, witness) as leader:
        witness.says = lie
        for at in range(3):
            await fill(store, "A", 1, first=at)
            await leader.turn()
            await asyncio.sleep(0.03)
        witness.says = None
        await until(lambda: witness.held.size == 5)
    assert len(await LogStore(pool).checkpoints()) == 3


BREAKING = """
CREATE FUNCTION public.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the commit fails' USING ERRCODE = 'serialization_failure'; END $$;
CREATE CONSTRAINT TRIGGER broken AFTER INSERT ON audit.checkpoint DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION public.broken();
"""


@pytest.fixture
def signed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the log's key has signed."""
    texts: list[str] = []
    sign = SignerKey.sign

    def noting(key: SignerKey, text: str) -> Signature:
        texts.append(text)
        return sign(key, text)

    monkeypatch.setattr(SignerKey, "sign", noting)
    return texts


async def test_no_witness_sees_what_was_signed_and_rolled_back(
    store: AuditStore, pool: asyncpg.Pool, database: str, clock: Clock, signed: list[str]
) -> None:
    witness = FakeWitness()
    admin = await asyncpg.connect(database)
    async with a_leader(pool, clock, witness) as leader:
        await admin.execute(BREAKING)
        with pytest.raises(DatabaseUnavailable):
            await leader.turn()
        await asyncio.sleep(0.05)
        assert (len(signed), witness.seen) == (1, [])
        await admin.execute("DROP TRIGGER broken ON audit.checkpoint")
        await fill(store, "A", 3)
        await leader.turn()
        await until(lambda: witness.seen)
    await admin.close()
    assert witness.seen == [5]


async def test_an_append_never_waits_for_the_sequencer(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool
) -> None:
    await fill(store, "A", 300)
    async with pool.acquire() as connection:
        unfinished = connection.transaction()
        await unfinished.start()
        done = await step(connection, [SIGNER], now_us=1)
        assert done is not None
        async with asyncio.timeout(5):
            await fill(store, "A", 300, first=300)
        await unfinished.commit()
        done = await step(connection, [SIGNER], now_us=2)
    assert done is not None
    assert (done.old_size, done.entries) == (301, 300)
