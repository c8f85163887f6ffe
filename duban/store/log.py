"""Reading the log: checkpoints, places of entries, tiles, and the proofs made of them.

What is returned is what the database says. Nothing here is verified: whoever must not trust the
database checks proofs against a checkpoint whose signatures are known from elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Self
from uuid import UUID

import asyncpg

from duban.proof.merkle import (
    HASH_SIZE,
    Frontier,
    HashAt,
    consistency_proof,
    inclusion_proof,
    parents,
)
from duban.proof.notes import Signature, SignedNote
from duban.proof.proofs import EntryProof
from duban.proof.tiles import HEIGHT
from duban.store.errors import LogIncomplete
from duban.store.pool import reachable
from duban.store.queries import SQL

PAGE: Final = 1000
"""Checkpoints of one answer; who needs more asks again."""

Node = tuple[int, int]
"""A perfect subtree: level, and its place in the level."""

_UNKNOWN: Final = bytes(HASH_SIZE)


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint as the database holds it. `note` is what was signed; all else is read beside it.

    `created_us` is the sequencer's clock; `first_key` (name+id) is the key that signed first.
    """

    size: int
    root: bytes
    frontier: Frontier
    created_us: int
    first_key: str
    note: str

    @classmethod
    def of(cls, row: asyncpg.Record) -> Self:
        """Read a row.

        Raises:
            LogIncomplete: its frontier is not one of a tree of its size.
        """
        size = row["tree_size"]
        try:
            frontier = Frontier.decode(size, row["frontier"])
        except ValueError as error:
            raise LogIncomplete(size=size, missing="frontier") from error
        read = (row["root"], frontier, row["created_us"], row["first_key"], row["note"])
        return cls(size, *read)


@dataclass(frozen=True, slots=True)
class Leaf:
    """An entry's place in the log, and the hash of its bytes."""

    index: int
    event_id: UUID
    leaf_hash: bytes


@dataclass(frozen=True, slots=True)
class Inclusion:
    """The way from an entry to a checkpoint's root; `note` is the checkpoint with cosignatures."""

    leaf: Leaf
    hashes: tuple[bytes, ...]
    checkpoint: StoredCheckpoint
    note: SignedNote

    def file(self, extra: bytes = b"") -> EntryProof:
        """Return the proof as a file that stands alone; `extra` travels along."""
        return EntryProof(self.leaf.index, self.hashes, self.note, extra)


class LogStore:
    """The log's reading doors, for every login that may read the log."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def latest(self) -> StoredCheckpoint | None:
        """Return the newest checkpoint; None while the log is empty.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return await self._one("log_latest")

    async def covering(self, size: int) -> StoredCheckpoint | None:
        """Return the first checkpoint of a tree of at least `size` entries.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return await self._one("log_covering", size)

    async def cosigned_size(self) -> int | None:
        """Return the size of the newest checkpoint that a witness cosigned; None without any.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with reachable():
            found: int | None = await self._pool.fetchval(SQL["log_cosigned_size"])
        return found

    async def checkpoints(self, since: int = 0, limit: int = PAGE) -> list[StoredCheckpoint]:
        """Return the checkpoints of trees larger than `since`, smallest first, at most `limit`.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with reachable():
            rows = await self._pool.fetch(SQL["log_checkpoints"], since, limit)
        return [StoredCheckpoint.of(row) for row in rows]

    async def cosignatures(self, size: int) -> list[Signature]:
        """Return what witnesses added to the checkpoint of a size, by their names.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            NoteError: a stored line is not a signature.
        """
        with reachable():
            rows = await self._pool.fetch(SQL["log_cosignatures"], size)
        return [Signature.parse(row["line"]) for row in rows]

    async def cosigned(self, checkpoint: StoredCheckpoint) -> SignedNote:
        """Return a checkpoint's note with the cosignatures it has by now.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            NoteError: the stored note or a stored line cannot be read.
        """
        added = await self.cosignatures(checkpoint.size)
        return SignedNote.parse(checkpoint.note).with_signatures(added)

    async def leaf(self, event_id: UUID) -> Leaf | None:
        """Return the place of an entry; None if it has none (yet).

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with reachable():
            row = await self._pool.fetchrow(SQL["log_leaf"], event_id)
        return Leaf(*row) if row else None

    async def leaves(self, first: int, count: int) -> list[Leaf]:
        """Return the places from an index on, at most `count`, in their order.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with reachable():
            rows = await self._pool.fetch(SQL["log_leaves"], first, count)
        return [Leaf(*row) for row in rows]

    async def hashes(self, nodes: Iterable[Node]) -> Mapping[Node, bytes]:
        """Return the roots of perfect subtrees, each of 2**level leaves, all with one question.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            LogIncomplete: the log does not reach so far, or has a hole there.
        """
        asked = list(dict.fromkeys(nodes))
        levels = [level // HEIGHT for level, _ in asked]
        below = [1 << level % HEIGHT for level, _ in asked]
        firsts = [index * count for (_, index), count in zip(asked, below, strict=True)]
        with reachable():
            rows = await self._pool.fetch(SQL["log_hashes"], levels, firsts, below)
        found = zip(asked, below, rows, strict=True)
        return {node: _folded(row["hashes"], count, node) for node, count, row in found}

    async def proof(self, event_id: UUID, size: int | None = None) -> Inclusion | None:
        """Prove that an entry is in the log; None if it has no place in it (yet).

        The proof leads to the newest checkpoint, or to the first that covers `size` entries.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            LogIncomplete: hashes are missing.
            NoteError: the stored checkpoint cannot be read.
        """
        leaf = await self.leaf(event_id)
        checkpoint = await (self.latest() if size is None else self.covering(size))
        if leaf is None or checkpoint is None or leaf.index >= checkpoint.size:
            return None
        wanted = _Wanted()
        inclusion_proof(leaf.index, checkpoint.size, wanted)
        known = await self.hashes(wanted.nodes)
        hashes = inclusion_proof(leaf.index, checkpoint.size, _given(known))
        return Inclusion(leaf, tuple(hashes), checkpoint, await self.cosigned(checkpoint))

    async def consistency(self, old: int, new: int) -> list[bytes]:
        """Prove that the tree of `old` entries begins that of `new`.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
            LogIncomplete: hashes are missing, or the log is not so large.
            ValueError: the old tree is not the smaller one.
        """
        wanted = _Wanted()
        consistency_proof(old, new, wanted)
        known = await self.hashes(wanted.nodes)
        return consistency_proof(old, new, _given(known))

    async def waiting(self) -> int:
        """Return how many entries no checkpoint covers yet; only the sequencer's login may ask.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        with reachable():
            return int(await self._pool.fetchval(SQL["log_waiting"]))

    async def _one(self, name: str, *values: object) -> StoredCheckpoint | None:
        with reachable():
            row = await self._pool.fetchrow(SQL[name], *values)
        return StoredCheckpoint.of(row) if row else None


class _Wanted:
    """Notes which hashes a proof asks for, so that they can be fetched together."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []

    def __call__(self, level: int, index: int) -> bytes:
        self.nodes.append((level, index))
        return _UNKNOWN


def _given(known: Mapping[Node, bytes]) -> HashAt:
    return lambda level, index: known[level, index]


def _folded(hashes: bytes, count: int, node: Node) -> bytes:
    if len(hashes) != count * HASH_SIZE:
        raise LogIncomplete(level=node[0], index=node[1])
    while len(hashes) > HASH_SIZE:
        hashes = parents(hashes)
    return hashes
