"""A reference log, and the tools of somebody who owns the database: edit, rebuild, sign anew."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import asyncpg

from duban.contracts import Mode, Record
from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import Frontier
from duban.proof.notes import COSIGNATURE, ED25519, SignedNote, SignerKey
from duban.proof.policy import Group, Log, Policy, Witness
from duban.proof.tiles import WIDTH, full_tiles, tile_root
from duban.store.audit import AuditStore
from duban.store.log import LogStore
from duban.store.pool import ERASER, SEQUENCER, VERIFIER, WORKER, dsn_for, open_pool
from duban.store.projector import catch_up
from duban.store.sequencing import step
from duban.verify.outside import Known, Outside, Receipt
from duban.verify.report import Report
from duban.verify.run import Rules, verify
from tests.support.entries import KEY, OFFICER, a_closing, a_record, an_event
from tests.support.keeping import COUNT, keep

ORIGIN = "duban.test/log"
LOG_KEY = SignerKey(ORIGIN, ED25519, b"L" * 32)
NEXT_KEY = SignerKey(ORIGIN, ED25519, b"N" * 32)
THIEF_KEY = SignerKey(ORIGIN, ED25519, b"T" * 32)
WITNESSES = tuple(SignerKey(f"witness.test/{n}", COSIGNATURE, bytes([n]) * 32) for n in (1, 2))
STREAMS, RUN, ROUNDS = 24, 3, 5
"""Every stream gets `RUN` entries in each of `ROUNDS` rounds; a checkpoint follows each round."""
FIRST = 1 + COUNT
"""Entries before the first round: the opening one, and those that keep something back."""
SIZES = tuple(FIRST + STREAMS * RUN * (nth + 1) for nth in range(ROUNDS))
"""The sizes of its checkpoints."""
GUARDED = ("event", "leaf", "tile", "checkpoint", "cosignature", "payload")
MICRO = 1_000_000


@dataclass(frozen=True)
class Reference:
    """The log's address, and what those outside hold of it."""

    dsn: str
    policy: Policy
    outside: Outside

    def rules(self, **changed: object) -> Rules:
        """What the verifier goes by, some of it changed."""
        # Late enough that whatever is not yet in a cosigned checkpoint waits too long.
        now_us = time.time_ns() // 1000 + 2 * self.policy.mmd * MICRO
        given = {"policy": self.policy, "now_us": now_us, "outside": self.outside, "key": KEY}
        return Rules(**{**given, "processes": 1, "span": WIDTH, **changed})  # type: ignore[arg-type]

    def without(self, *names: str) -> Rules:
        """Rules of a verifier who was given none of these things from outside."""
        lacking = {name: getattr(Outside(), name) for name in names if name != "key"}
        rules = self.rules(outside=replace(self.outside, **lacking))
        return replace(rules, key=None) if "key" in names else rules


def a_policy() -> Policy:
    """One log, two witnesses, both needed; only Duban's own logins write."""
    witnesses = tuple(Witness(f"w{n}", key.public) for n, key in enumerate(WITNESSES, 1))
    both = Group("both", 2, ("w1", "w2"))
    return Policy(
        logs=(Log(LOG_KEY.public),),
        witnesses=witnesses,
        groups=(both,),
        quorum="both",
        origin=ORIGIN,
        writers=(WORKER, SEQUENCER, ERASER),
        stale=3600,
    )


async def build_reference(dsn: str) -> Reference:
    """Fill an empty database with a log; return it with what was handed out meanwhile."""
    worker = await open_pool(dsn, role_login=WORKER)
    verifier = await open_pool(dsn, role_login=VERIFIER)
    store, log = AuditStore(worker, KEY), LogStore(verifier)
    await store.open_trail(Mode.REHEARSAL, ORIGIN, at=datetime.now(UTC), actor=OFFICER)
    await keep(dsn)
    notes: list[SignedNote] = []
    for nth in range(ROUNDS):
        for result in await store.append([_run(n, nth) for n in range(STREAMS)]):
            assert result.error is None, result
        notes.append(await sequence(dsn, [LOG_KEY]))
    sequencer = await open_pool(dsn, role_login=SEQUENCER)
    await catch_up(sequencer)
    await sequencer.close()
    receipts = [await _receipt(verifier, log, n * 60 + 5) for n in range(4)]
    manifest = {stream_of(n): Known(RUN * ROUNDS - 1, over=n % 2 == 0) for n in range(STREAMS)}
    await worker.close()
    await verifier.close()
    outside = Outside((notes[1], notes[-1]), receipts=tuple(receipts), manifest=manifest)
    return Reference(dsn, a_policy(), outside)


def stream_of(number: int) -> str:
    """The name of a stream of the reference log."""
    return f"campaign-{number:02}"


def _run(number: int, nth: int) -> Record:
    events = [
        an_event(seq, occurred_at=datetime.now(UTC), detail={"words": f"第{seq}项整改已经核实"})
        for seq in range(nth * RUN, (nth + 1) * RUN)
    ]
    # Every other stream is closed at its end.
    if nth == ROUNDS - 1 and number % 2 == 0:
        events[-1] = a_closing(events[-1].seq).model_copy(update={"occurred_at": datetime.now(UTC)})
    return a_record(stream_of(number), *events)


async def sequence(dsn: str, signers: Sequence[SignerKey]) -> SignedNote:
    """Take what waits into the log, sign for it, and have both witnesses cosign."""
    connection = await asyncpg.connect(dsn_for(dsn, SEQUENCER))
    now_us = time.time_ns() // 1000
    done = await step(connection, signers, now_us=now_us)
    assert done is not None
    await connection.close()
    admin = await asyncpg.connect(dsn)
    note = SignedNote.parse(done.checkpoint.note)
    cosigned = await cosign(admin, note, done.checkpoint.size, now_us)
    await admin.close()
    return cosigned


async def cosign(admin: asyncpg.Connection, note: SignedNote, size: int, now_us: int) -> SignedNote:
    """Add the cosignatures of both witnesses."""
    lines = [key.cosign(note.text, now_us // MICRO) for key in WITNESSES]
    for key, line in zip(WITNESSES, lines, strict=True):
        await admin.execute(
            "INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4)",
            size,
            key.name,
            line.line(),
            now_us // MICRO * MICRO,
        )
    return note.with_signatures(lines)


async def _receipt(pool: asyncpg.Pool, log: LogStore, index: int) -> Receipt:
    event_id, hashed = await pool.fetchrow(
        "SELECT event_id, leaf_hash FROM audit.leaf WHERE leaf_index = $1", index
    )
    proof = await log.proof(event_id)
    assert proof is not None
    return Receipt(hashed, proof.file())


async def verified(dsn: str, rules: Rules) -> Report:
    """Verify as the verifier's login."""
    return await verify(dsn_for(dsn, VERIFIER), rules)


async def fingerprint(admin: asyncpg.Connection) -> str:
    """Return what tells one state of the database from another, triggers and rights included."""
    tables = [f"audit.{each}" for each in (*GUARDED, "inbox", "stream", "search")]
    tables.append("ledger.object")
    ordered = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} AS t"
    parts = [await admin.fetchval(ordered.format(table)) for table in tables]
    catalogue = await admin.fetchval(
        "SELECT md5(string_agg(x, '|' ORDER BY x)) FROM ("
        " SELECT tgrelid::text || tgname || tgenabled::text AS x FROM pg_trigger"
        " UNION ALL SELECT oid::text || coalesce(relacl::text, '') FROM pg_class"
        " UNION ALL SELECT inhrelid::text FROM pg_inherits) AS c"
    )
    return "|".join([*parts, catalogue])


class Owner:
    """Somebody with superuser's rights and perhaps stolen keys."""

    def __init__(self, admin: asyncpg.Connection, dsn: str) -> None:
        self.admin = admin
        self.dsn = dsn
        self.shown: list[SignedNote] = []
        self.manifest: dict[str, Known] = {}
        self.later_us = 0

    async def do(self, statement: str, *values: object) -> None:
        """Change evidence with the guarding triggers switched off, and cover the traces of that."""
        await self._guards("DISABLE TRIGGER")
        try:
            await self.admin.execute(statement, *values)
        finally:
            await self._guards("ENABLE ALWAYS TRIGGER")

    async def _guards(self, verb: str) -> None:
        rows = await self.admin.fetch(
            "SELECT tgrelid::regclass::text AS t, tgname FROM pg_trigger"
            " WHERE tgname LIKE 'deny\\_%' AND tgparentid = 0"
        )
        for row in rows:
            await self.admin.execute(f"ALTER TABLE {row['t']} {verb} {row['tgname']}")

    async def edit(self, index: int, old: str, new: str) -> None:
        """Replace words in the bytes of the entry at an index."""
        await self.do(
            "UPDATE audit.event SET leaf = replace(leaf, $2, $3)"
            " WHERE event_id = (SELECT event_id FROM audit.leaf WHERE leaf_index = $1)",
            index,
            old,
            new,
        )

    async def rehash(self) -> None:
        """Make the stored leaf hashes those of the bytes."""
        await self.do(
            "UPDATE audit.leaf AS l"
            " SET leaf_hash = sha256('\\x00'::bytea || convert_to(e.leaf, 'UTF8'))"
            " FROM audit.event AS e WHERE e.event_id = l.event_id"
        )

    async def move(self, first: int, by: int) -> None:
        """Give the leaves from an index on other places."""
        await self.admin.execute("ALTER TABLE audit.leaf DROP CONSTRAINT leaf_leaf_index_check")
        shift = "UPDATE audit.leaf SET leaf_index = -1 - leaf_index - $2 WHERE leaf_index >= $1"
        await self.do(shift, first, by)
        await self.do("UPDATE audit.leaf SET leaf_index = -1 - leaf_index WHERE leaf_index < 0")
        await self.admin.execute(
            "ALTER TABLE audit.leaf ADD CONSTRAINT leaf_leaf_index_check CHECK (leaf_index >= 0)"
        )

    async def hashes(self) -> list[bytes]:
        """Return the leaf hashes as they are stored."""
        rows = await self.admin.fetch("SELECT leaf_hash FROM audit.leaf ORDER BY leaf_index")
        return [row["leaf_hash"] for row in rows]

    async def rebuild(self, key: SignerKey | None = None) -> None:
        """Recompute hashes, tiles, roots and frontiers; sign the checkpoints anew with a key."""
        await self.rehash()
        hashes = await self.hashes()
        await self.do("DELETE FROM audit.tile")
        for tile in full_tiles(0, len(hashes)):
            assert tile.level == 0, "the reference log is small"
            part = b"".join(hashes[tile.index * WIDTH : (tile.index + 1) * WIDTH])
            row = (tile.index, part, tile_root(part))
            await self.do("INSERT INTO audit.tile VALUES (0, $1, $2, $3)", *row)
        for row in await self.admin.fetch("SELECT tree_size, note FROM audit.checkpoint"):
            tree = Frontier().extend(hashes[: row["tree_size"]])
            text = Checkpoint(ORIGIN, tree.size, tree.root()).text()
            kept = SignedNote.parse(row["note"]).signatures
            note = SignedNote(text, (key.sign(text),) if key else kept)
            await self.write(row["tree_size"], tree, note)

    async def note(self, size: int, note: str) -> None:
        """Replace the note of a checkpoint, and nothing beside it."""
        await self.do("UPDATE audit.checkpoint SET note = $2 WHERE tree_size = $1", size, note)

    async def write(self, size: int, tree: Frontier, note: SignedNote) -> None:
        """Make the checkpoint of a size say something else."""
        await self.do(
            "UPDATE audit.checkpoint SET tree_size = $2, root = $3, frontier = $4, note = $5"
            " WHERE tree_size = $1",
            size,
            tree.size,
            tree.root(),
            tree.encode(),
            note.format(),
        )
