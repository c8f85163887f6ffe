"""What an export reads of the log: a protocol, and the database behind it."""

from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, Protocol

import asyncpg

from duban.proof.notes import Signature, SignedNote
from duban.store.log import LogStore, Node
from duban.store.pool import reachable
from duban.store.queries import parse

BUNDLE_SQL: Final = parse((files("duban.store.sql") / "bundle.sql").read_text(encoding="utf-8"))
"""Every statement an export runs."""

_FETCH: Final = 2000
"""Rows fetched at once."""


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry's place in the log, the hash the log holds of it, and its stored bytes."""

    index: int
    hash: bytes
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Body:
    """A text behind a commitment of the entry at `index`, with the salt that opens it."""

    index: int
    slot: str
    salt: bytes
    body: bytes


class Source(Protocol):
    """The log as an export needs it. Nothing it says is trusted: the bundle proves it or not."""

    async def newest(self, limit: int) -> list[SignedNote]:
        """Return the newest checkpoints with their cosignatures, newest first."""

    async def covering(self, size: int) -> SignedNote | None:
        """Return the first checkpoint of a tree of at least `size` entries."""

    def entries(self, size: int, campaign: str | None) -> AsyncGenerator[LoggedEntry]:
        """Yield the first `size` entries (those of a campaign's streams) by their index."""

    def bodies(self, size: int, campaign: str | None) -> AsyncGenerator[Body]:
        """Yield the texts that everybody may read, by index and slot."""

    async def hashes(self, nodes: Iterable[Node]) -> Mapping[Node, bytes]:
        """Return the roots of perfect subtrees."""


class DatabaseSource(Source):
    """Reads from PostgreSQL, with what rights the pool's login has; bodies through `texts`.

    All methods raise `DatabaseUnavailable` when PostgreSQL does not answer or refuses the login.
    """

    def __init__(self, pool: asyncpg.Pool, texts: asyncpg.Pool | None = None) -> None:
        self._pool = pool
        self._texts = texts or pool
        self._log = LogStore(pool)

    async def newest(self, limit: int) -> list[SignedNote]:
        """Return the newest checkpoints with their cosignatures, newest first."""
        with reachable():
            rows = await self._pool.fetch(BUNDLE_SQL["newest"], limit)
        return [_note(row["note"], row["lines"]) for row in rows]

    async def covering(self, size: int) -> SignedNote | None:
        """Return the first checkpoint of a tree of at least `size` entries."""
        found = await self._log.covering(size)
        return await self._log.cosigned(found) if found else None

    async def entries(self, size: int, campaign: str | None) -> AsyncGenerator[LoggedEntry]:
        """Yield the first `size` entries (those of a campaign's streams) by their index."""
        async with aclosing(self._rows(self._pool, "entries", size, campaign)) as rows:
            async for row in rows:
                yield LoggedEntry(row["leaf_index"], row["leaf_hash"], row["leaf"].encode())

    async def bodies(self, size: int, campaign: str | None) -> AsyncGenerator[Body]:
        """Yield the texts that everybody may read; none where the login may read no texts."""
        with reachable():
            if not await self._texts.fetchval(BUNDLE_SQL["may_read_bodies"]):
                return
        async with aclosing(self._rows(self._texts, "bodies", size, campaign)) as rows:
            async for row in rows:
                yield Body(*row)

    async def hashes(self, nodes: Iterable[Node]) -> Mapping[Node, bytes]:
        """Return the roots of perfect subtrees."""
        return await self._log.hashes(nodes)

    async def _rows(
        self, pool: asyncpg.Pool, what: str, size: int, campaign: str | None
    ) -> AsyncGenerator[asyncpg.Record]:
        sql = BUNDLE_SQL[what if campaign is None else f"campaign_{what}"]
        values = (size,) if campaign is None else (size, campaign)
        with reachable():
            async with (
                pool.acquire() as connection,
                connection.transaction(isolation="repeatable_read", readonly=True),
            ):
                async for row in connection.cursor(sql, *values, prefetch=_FETCH):
                    yield row


def _note(note: str, lines: Iterable[str]) -> SignedNote:
    return SignedNote.parse(note).with_signatures(Signature.parse(each) for each in lines)
