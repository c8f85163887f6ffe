"""The log grows without gaps, its tiles and roots are right, and its proofs hold."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import Frontier, leaf_hash, root_of, verify_consistency, verify_inclusion
from duban.proof.notes import ED25519, Signature, SignedNote, SignerKey
from duban.proof.tiles import full_tiles, tile_root
from duban.store.audit import AuditStore
from duban.store.errors import DatabaseUnavailable, LogContested, LogIncomplete
from duban.store.log import LogStore
from duban.store.sequencing import Step, step
from tests.support.entries import a_run

SIGNER = SignerKey("log.example/duban", ED25519, bytes(range(32)))
OTHER = SignerKey("log.example/duban", ED25519, bytes(range(1, 33)))
NOW = 1_795_395_600_000_000


async def fill(store: AuditStore, stream: str, count: int, first: int = 0) -> None:
    for at in range(first, first + count, 500):
        size = min(500, first + count - at)
        [result] = await store.append([a_run(stream, at, size)])
        assert result.new == size


async def grow(pool: asyncpg.Pool, limit: int = 20_000, now_us: int = NOW) -> Step | None:
    async with pool.acquire() as connection:
        return await step(connection, [SIGNER], now_us=now_us, limit=limit)


async def hashes_of(admin: asyncpg.Pool) -> list[bytes]:
    """The leaf hashes by the bytes of the entries; fails where the places are not gapless."""
    rows = await admin.fetch(
        "SELECT l.leaf_index, l.leaf_hash, e.leaf FROM audit.leaf l JOIN audit.event e "
        "USING (event_id) ORDER BY l.leaf_index"
    )
    assert [row["leaf_index"] for row in rows] == list(range(len(rows)))
    hashes = [leaf_hash(row["leaf"].encode()) for row in rows]
    assert hashes == [row["leaf_hash"] for row in rows]
    return hashes


async def assert_sound(admin: asyncpg.Pool) -> list[bytes]:
    """Every historic root, note and frontier, and every tile, is what the entries make."""
    hashes = await hashes_of(admin)
    assert await admin.fetchval("SELECT count(*) FROM audit.event") == len(hashes) + (
        await admin.fetchval("SELECT count(*) FROM audit.inbox")
    )
    tree = Frontier()
    for each in await LogStore(admin).checkpoints(limit=100_000):
        tree = tree.extend(hashes[tree.size : each.size])
        assert (each.size, each.root, each.frontier) == (tree.size, tree.root(), tree)
        note = SignedNote.parse(each.note)
        assert SIGNER.public.verifies(note.text, note.signatures[0])
        assert Checkpoint.parse(note.text) == Checkpoint(SIGNER.name, each.size, each.root)
    assert tree.size == len(hashes)
    tiles = await admin.fetch("SELECT level, tile_index, hashes, root FROM audit.tile")
    assert {(row["level"], row["tile_index"]) for row in tiles} == {
        (each.level, each.index) for each in full_tiles(0, len(hashes))
    }
    for row in tiles:
        span = 256 ** (row["level"] + 1)
        covered = hashes[row["tile_index"] * span : (row["tile_index"] + 1) * span]
        assert tile_root(row["hashes"]) == row["root"] == root_of(covered)
    return hashes


async def test_one_checkpoint_a_batch_and_none_without_entries(
    store: AuditStore, sequencer: asyncpg.Pool
) -> None:
    done = await grow(sequencer)
    assert done is not None
    assert (done.old_size, done.entries) == (0, 1)
    assert await grow(sequencer) is None
    assert await LogStore(sequencer).waiting() == 0


@pytest.mark.parametrize("limit", [1, 7, 255, 256, 257, 1000])
async def test_places_tiles_and_roots_by_batches_of_any_size(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool, limit: int
) -> None:
    await fill(store, "A", 600 if limit > 7 else 300)
    while await grow(sequencer, limit):
        pass
    await fill(store, "B", 300)
    while await grow(sequencer, limit):
        pass
    await assert_sound(admin)


async def test_a_third_level_of_tiles(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await fill(store, "A", 66_000)
    while await grow(sequencer, 9_999):
        pass
    await fill(store, "B", 500)
    await grow(sequencer)
    hashes = await assert_sound(admin)
    assert await admin.fetchval("SELECT max(level) FROM audit.tile") == 1
    log = LogStore(admin)
    nodes = [(level, len(hashes) // 2**level - 1) for level in range(17)]
    found = await log.hashes(nodes)
    assert all(
        found[level, at] == root_of(hashes[at << level : (at + 1) << level]) for level, at in nodes
    )


async def test_entries_of_a_batch_stand_in_the_order_of_the_database_clock(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    for seq in range(40):
        await store.append([a_run("A", seq, 1), a_run("B", seq, 1)])
    await grow(sequencer)
    places = await admin.fetch(
        "SELECT e.recorded_us, e.event_id FROM audit.leaf l JOIN audit.event e USING (event_id) "
        "ORDER BY l.leaf_index"
    )
    assert [tuple(row) for row in places] == sorted(tuple(row) for row in places)


async def test_every_inclusion_and_many_consistency_proofs_hold(
    store: AuditStore, sequencer: asyncpg.Pool, reader: asyncpg.Pool
) -> None:
    await fill(store, "A", 700)
    while await grow(sequencer, 123):
        pass
    log = LogStore(reader)
    latest = await log.latest()
    assert latest is not None
    for leaf in (await log.leaves(0, latest.size))[::13]:
        for size in (leaf.index + 1, latest.size):
            proof = await log.proof(leaf.event_id, size)
            assert proof is not None
            tree = proof.checkpoint
            held = (leaf.index, tree.size, leaf.leaf_hash, proof.hashes, tree.root)
            assert verify_inclusion(*held)
    [last] = await log.leaves(latest.size - 1, 1)
    assert await log.proof(last.event_id, 1) is None
    known = await log.checkpoints()
    for old in known:
        for new in (each for each in known if each.size >= old.size):
            way = await log.consistency(old.size, new.size)
            assert verify_consistency(old.size, new.size, way, old.root, new.root)


async def test_a_proof_as_a_file_with_the_cosignatures_known_by_then(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await fill(store, "A", 10)
    await grow(sequencer)
    log = LogStore(admin)
    latest = await log.latest()
    assert latest is not None
    line = Signature("witness", b"abcd", bytes(72)).line()
    await admin.execute("INSERT INTO audit.cosignature VALUES ($1, 'w', $2, 5)", latest.size, line)
    [leaf] = await log.leaves(4, 1)
    proof = await log.proof(leaf.event_id)
    assert proof is not None
    entry = await admin.fetchval("SELECT leaf FROM audit.event WHERE event_id = $1", leaf.event_id)
    assert proof.file().holds(entry.encode())
    assert proof.file(b"x").format().endswith(f"{line}\n")
    assert await log.proof(UUID(int=1)) is None
    assert await log.proof(leaf.event_id, latest.size + 1) is None


async def test_a_hole_is_said_and_not_papered_over(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await fill(store, "A", 300)
    await grow(sequencer)
    async with admin.acquire() as connection, connection.transaction():
        await connection.execute("ALTER TABLE audit.leaf DISABLE TRIGGER deny_row")
        await connection.execute("DELETE FROM audit.leaf WHERE leaf_index = 299")
        await connection.execute("ALTER TABLE audit.leaf ENABLE ALWAYS TRIGGER deny_row")
    with pytest.raises(LogIncomplete):
        await LogStore(admin).hashes([(2, 74)])
    await fill(store, "B", 300)
    with pytest.raises(LogIncomplete):
        await grow(sequencer)
    assert await LogStore(sequencer).waiting() == 300


async def test_an_error_in_the_queue_does_not_stop_the_log(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await fill(store, "A", 5)
    await grow(sequencer)
    await admin.execute("INSERT INTO audit.inbox SELECT event_id FROM audit.leaf")
    await fill(store, "A", 5, first=5)
    await admin.execute("INSERT INTO audit.inbox SELECT event_id FROM audit.inbox")
    done = await grow(sequencer)
    assert done is not None
    assert done.entries == 5
    await assert_sound(admin)


async def test_times_never_run_backwards(store: AuditStore, sequencer: asyncpg.Pool) -> None:
    await grow(sequencer)
    await fill(store, "A", 1)
    await grow(sequencer, now_us=NOW - 1_000_000)
    assert [each.created_us for each in await LogStore(sequencer).checkpoints()] == [NOW, NOW]


async def test_two_keys_sign_one_checkpoint(store: AuditStore, sequencer: asyncpg.Pool) -> None:
    async with sequencer.acquire() as connection:
        done = await step(connection, [OTHER, SIGNER], now_us=NOW)
    assert done is not None
    note = SignedNote.parse(done.checkpoint.note)
    for key, signature in zip((OTHER, SIGNER), note.signatures, strict=True):
        assert key.public.verifies(note.text, signature)
    assert done.checkpoint.first_key == f"{OTHER.name}+{OTHER.public.key_id.hex()}"


class Noting:
    """A signer that remembers what it signed."""

    name = SIGNER.name

    def __init__(self) -> None:
        self.signed: list[str] = []

    def sign(self, text: str) -> Signature:
        self.signed.append(text)
        return SIGNER.sign(text)


BREAKING = """
CREATE FUNCTION public.broken() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'the commit fails' USING ERRCODE = 'serialization_failure'; END $$;
CREATE CONSTRAINT TRIGGER broken AFTER INSERT ON audit.checkpoint DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION public.broken();
"""
MENDING = "DROP TRIGGER broken ON audit.checkpoint; DROP FUNCTION public.broken();"


async def test_what_is_signed_before_a_rollback_is_not_handed_out(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await fill(store, "A", 300)
    signer = Noting()
    await admin.execute(BREAKING)
    try:
        async with sequencer.acquire() as connection:
            with pytest.raises(DatabaseUnavailable, match="the commit fails"):
                await step(connection, [signer], now_us=NOW)
    finally:
        await admin.execute(MENDING)
    assert len(signer.signed) == 1
    assert await LogStore(sequencer).latest() is None
    assert await LogStore(sequencer).waiting() == 301
    await grow(sequencer)
    await assert_sound(admin)


async def test_two_sequencers_without_a_leader_leave_no_gap_and_no_double(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    async def drain() -> int:
        contested = 0
        while await LogStore(sequencer).waiting():
            try:
                await grow(sequencer, 37)
            except LogContested:
                contested += 1
        return contested

    for round_ in range(5):
        await fill(store, f"S{round_}", 300)
        await asyncio.gather(drain(), drain())
    await assert_sound(admin)


async def test_a_late_committer_is_sequenced_later(
    store: AuditStore, sequencer: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    async with admin.acquire() as connection:
        slow = connection.transaction()
        await slow.start()
        await connection.execute("SELECT pg_current_xact_id()")
        await fill(store, "A", 3)
        await grow(sequencer)
        row: Sequence[object] = await connection.fetchrow(
            "INSERT INTO audit.event SELECT gen_random_uuid(), 1, leaf, request_mac, occurred_us, "
            "'late', 0, tag, campaign, unit, actor, object_type, object_id, outcome, sealed "
            "FROM audit.event WHERE stream = 'A' AND seq = 0 RETURNING event_id"
        )
        await connection.execute("INSERT INTO audit.inbox VALUES ($1)", row[0])
        await fill(store, "A", 3, first=3)
        await grow(sequencer)
        await slow.commit()
    done = await grow(sequencer)
    assert done is not None
    assert (done.old_size, done.entries) == (7, 1)
    await assert_sound(admin)
