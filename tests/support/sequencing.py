"""A sequencer to drive by hand, a witness that can be away or lie, and what a log must be."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

import asyncpg

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import EMPTY_ROOT, Frontier, leaf_hash, verify_consistency
from duban.proof.notes import COSIGNATURE, ED25519, SignedNote, SignerKey
from duban.sequencer.keys import Keys
from duban.sequencer.publishing import Publication, Publisher
from duban.sequencer.rotation import Rotation
from duban.sequencer.turns import Turns
from duban.sequencer.voice import Voice
from duban.store.audit import AuditStore
from duban.store.log import LogStore
from duban.witness.client import Answer, Cosignature, Outcome
from tests.support.entries import KEY, a_run

ORIGIN = "log.example/duban"
SIGNER = SignerKey(ORIGIN, ED25519, bytes(range(32)))
NEXT = SignerKey(ORIGIN, ED25519, bytes(range(1, 33)))
WITNESS = SignerKey("witness.example/w1", COSIGNATURE, bytes(range(2, 34)))
AWAY = Answer("w1", Outcome.AWAY, detail="nobody there")


@dataclass
class FakeWitness:
    """A witness in memory that checks what it is handed. `says`, if set, is its answer to all.

    `seen` are the sizes it cosigned, `asked` is how often it was asked what it holds.
    """

    name: str = "w1"
    held: Checkpoint = field(default_factory=lambda: Checkpoint(ORIGIN, 0, EMPTY_ROOT))
    says: Answer | None = None
    seen: list[int] = field(default_factory=list)
    asked: int = 0

    async def size(self, origin: str) -> Answer:
        """Tell what it holds."""
        self.asked += 1
        held = Answer(self.name, Outcome.HELD, size=self.held.size, checkpoint=self.held)
        return self.says or held

    async def add(self, old: int, proof: Sequence[bytes], note: SignedNote) -> Answer:
        """Cosign what continues what it holds."""
        if self.says is not None:
            return self.says
        tree, held = Checkpoint.parse(note.text), self.held
        if old != held.size:
            outcome = Outcome.AHEAD if held.size > tree.size else Outcome.CONFLICT
            return Answer(self.name, outcome, size=held.size)
        if not verify_consistency(old, tree.size, proof, held.root, tree.root):
            return Answer(self.name, Outcome.REFUSED, detail="422")
        self.held = tree
        self.seen.append(tree.size)
        line = Cosignature(self.name, WITNESS.cosign(note.text, 1_795_395_600), 1_795_395_600)
        return Answer(self.name, Outcome.COSIGNED, cosignatures=(line,))


@asynccontextmanager
async def a_leader(
    pool: asyncpg.Pool,
    clock: Callable[[], datetime],
    *publishers: Publisher,
    keys: Keys | None = None,
) -> AsyncIterator[Turns]:
    """A leader that has begun; what it may not sign is raised here."""
    used = keys or Keys(SIGNER)
    voice = Voice(AuditStore(pool, KEY), pool, used.origin)
    publication = Publication(used.origin, publishers, LogStore(pool), pool)
    rotation = Rotation(used, pool, voice)
    async with pool.acquire() as connection:
        turns = Turns(connection, voice, rotation, publication=publication, clock=clock)
        await turns.begin(LogStore(pool))
        async with publication:
            yield turns


async def fill(store: AuditStore, stream: str, count: int, first: int = 0) -> None:
    """Append plain entries to a stream."""
    for at in range(first, first + count, 500):
        size = min(500, first + count - at)
        [result] = await store.append([a_run(stream, at, size)])
        assert result.error is None
        assert result.new == size


async def assert_sound(pool: asyncpg.Pool, *keys: SignerKey) -> list[bytes]:
    """Places are gapless, and every historic root, frontier and note is what the entries make."""
    signers = keys or (SIGNER,)
    rows = await pool.fetch(
        "SELECT l.leaf_index, l.leaf_hash, e.leaf FROM audit.leaf l JOIN audit.event e "
        "USING (event_id) ORDER BY l.leaf_index"
    )
    assert [row["leaf_index"] for row in rows] == list(range(len(rows)))
    hashes = [leaf_hash(row["leaf"].encode()) for row in rows]
    assert hashes == [row["leaf_hash"] for row in rows]
    tree = Frontier()
    for each in await LogStore(pool).checkpoints(limit=1_000_000):
        tree = tree.extend(hashes[tree.size : each.size])
        assert (each.size, each.root, each.frontier) == (tree.size, tree.root(), tree)
        note = SignedNote.parse(each.note)
        assert any(key.public.verifies(note.text, note.signatures[0]) for key in signers)
        assert Checkpoint.parse(note.text) == Checkpoint(ORIGIN, each.size, each.root)
    assert tree.size == len(hashes)
    return hashes
