"""Letting the log grow: one step takes entries off the queue and signs for them (audit.md 3.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import asyncpg

from duban.proof.checkpoints import Checkpoint
from duban.proof.merkle import HASH_SIZE, Frontier, leaf_hash
from duban.proof.notes import Signature, SignedNote
from duban.proof.tiles import WIDTH, tile_root
from duban.store.errors import LogContested, LogIncomplete
from duban.store.log import StoredCheckpoint
from duban.store.pool import reachable
from duban.store.queries import SQL

BATCH: Final = 20_000
"""Entries of one step: enough to catch up quickly, few enough to be done within a second."""

_TILE_BYTES: Final = WIDTH * HASH_SIZE


class Signer(Protocol):
    """What signs for the log, such as a `duban.proof.notes.SignerKey`. Its name is the origin."""

    @property
    def name(self) -> str:
        """The name of its key."""

    def sign(self, text: str) -> Signature:
        """Return its signature of a checkpoint's text."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did, once it is committed."""

    old_size: int
    checkpoint: StoredCheckpoint

    @property
    def entries(self) -> int:
        """How many entries got their places."""
        return self.checkpoint.size - self.old_size


async def step(
    connection: asyncpg.Connection,
    signers: Sequence[Signer],
    *,
    now_us: int,
    limit: int = BATCH,
) -> Step | None:
    """Put waiting entries into the log, at most `limit`; None when none waits.

    Places, tiles and the signed checkpoint are stored in one transaction, and the signature is
    handed out only after its commit: a note that left before a rollback would bind the log to a
    tree that does not exist. All `signers` sign; the first names the log and its key.

    Raises:
        LogContested: another sequencer was quicker; nothing was stored.
        LogIncomplete: the log cannot grow because a part of it is missing.
        DatabaseUnavailable: PostgreSQL does not answer. Whether the step is stored is not known,
            and its signature is not handed out.
    """
    with reachable():
        try:
            async with connection.transaction():
                done = await _grow(connection, signers, now_us, limit)
        except asyncpg.UniqueViolationError as error:
            raise LogContested(reason=str(error.detail or error)) from error
    return done


async def _grow(
    connection: asyncpg.Connection, signers: Sequence[Signer], now_us: int, limit: int
) -> Step | None:
    rows = await connection.fetch(SQL["log_batch"], limit)
    if not rows:
        return None
    # Read after the queue: whoever took entries before us has committed by now.
    last = await connection.fetchrow(SQL["log_latest"])
    before = StoredCheckpoint.of(last).frontier if last else Frontier()
    hashes = [leaf_hash(row["leaf"].encode()) for row in rows]
    places = range(before.size, before.size + len(rows))
    leaves = zip(places, [row["event_id"] for row in rows], hashes, strict=True)
    await _copy(connection, "leaf", ("leaf_index", "event_id", "leaf_hash"), leaves)
    await _store_tiles(connection, before.size, b"".join(hashes))
    # A clock set back, or that of another machine, must not let times run backwards.
    created_us = max(now_us, last["created_us"]) if last else now_us
    checkpoint = _signed(before.extend(hashes), signers, created_us)
    await _store_checkpoint(connection, checkpoint)
    return Step(before.size, checkpoint)


async def _store_tiles(connection: asyncpg.Connection, size: int, added: bytes) -> None:
    """Store every tile that becomes full, level by level; `added` are the new hashes of a level."""
    level, tiles = 0, list[tuple[int, int, bytes, bytes]]()
    while size % WIDTH + len(added) // HASH_SIZE >= WIDTH:
        whole = await _begun(connection, level, size) + added
        ends = range(0, len(whole) - _TILE_BYTES + 1, _TILE_BYTES)
        full = [whole[at : at + _TILE_BYTES] for at in ends]
        roots = [tile_root(each) for each in full]
        first = size // WIDTH
        tiles += [
            (level, first + nth, *each) for nth, each in enumerate(zip(full, roots, strict=True))
        ]
        level, size, added = level + 1, first, b"".join(roots)
    if tiles:
        await _copy(connection, "tile", ("level", "tile_index", "hashes", "root"), tiles)


async def _begun(connection: asyncpg.Connection, level: int, size: int) -> bytes:
    """Return the hashes that a level's last, not yet full tile has of before."""
    count = size % WIDTH
    if count == 0:
        return b""
    found: bytes = await connection.fetchval(SQL["log_hashes"], [level], [size - count], [count])
    if len(found) != count * HASH_SIZE:
        raise LogIncomplete(level=level, index=size)
    return found


def _signed(tree: Frontier, signers: Sequence[Signer], created_us: int) -> StoredCheckpoint:
    root = tree.root()
    text = Checkpoint(signers[0].name, tree.size, root).text()
    signatures = tuple(each.sign(text) for each in signers)
    first = f"{signatures[0].name}+{signatures[0].key_id.hex()}"
    note = SignedNote(text, signatures).format()
    return StoredCheckpoint(tree.size, root, tree, created_us, first, note)


async def _store_checkpoint(connection: asyncpg.Connection, made: StoredCheckpoint) -> None:
    tree = (made.size, made.root, made.frontier.encode())
    said = (made.created_us, made.first_key, made.note)
    await connection.execute(SQL["log_checkpoint"], *tree, *said)


async def _copy(
    connection: asyncpg.Connection, table: str, columns: Sequence[str], records: object
) -> None:
    await connection.copy_records_to_table(
        table, schema_name="audit", columns=columns, records=records
    )
