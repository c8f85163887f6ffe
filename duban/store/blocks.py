"""Which stretches of time a long term may stand in at all: a coarse index of words (ADR 0026).

A block is some hundred entries in the order of every list, and which triples of characters stand in
them. It can be made again from the entries at any time; it is not evidence, and a search finds the
same without it. It is made when there is nothing more urgent, a block at a time.
"""

from collections.abc import Iterable
from typing import Final

import asyncpg
import structlog

from duban.store import grams
from duban.store.canonical import parse
from duban.store.errors import TrailUnreadable
from duban.store.pool import reachable
from duban.store.queries import SQL

ENTRIES: Final = 128
"""Entries of a block; as many of the newest at least are in none, so that few come too late."""
TOLD: Final = 100_000
"""Entries after which it says how far it is."""

log = structlog.get_logger(__name__)


async def step(pool: asyncpg.Pool, entries: int = ENTRIES) -> int:
    """Make the next block of so many entries; return of how many, 0 when none is to be made.

    Needs the sequencer's login.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    while True:
        with reachable():
            mark, low, end = await pool.fetchrow(SQL["block_next"])
            times = await pool.fetchval(SQL["block_times"], low, end, 2 * entries) or []
            if len(times) == 2 * entries:
                # Entries of one microsecond stay together.
                end = max(times[entries], times[0] + 1)
            if end is None:
                return 0
            leaves = await pool.fetch(SQL["block_leaves"], low, end)
            words = _triples(row["leaf"] for row in leaves)
            if await pool.fetchval(SQL["store_block"], mark, low, end, words):
                return max(1, len(leaves))


async def catch_up(pool: asyncpg.Pool) -> int:
    """Make all blocks that are to be made by now; return of how many entries.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    progress = Progress()
    while progress.add(await step(pool)):
        pass
    return progress.entries


class Progress:
    """How many entries came into blocks; it is said once in a while."""

    def __init__(self) -> None:
        self.entries = 0

    def add(self, count: int) -> int:
        """Count the entries of one step, and return them."""
        told, self.entries = self.entries // TOLD, self.entries + count
        if self.entries // TOLD > told:
            log.info("search_blocks_made", entries=self.entries)
        return count


def _triples(leaves: Iterable[str]) -> list[int]:
    texts: set[str] = set()
    for leaf in leaves:
        try:
            texts.update(grams.texts_of(parse(leaf)))
        except TrailUnreadable:
            # The projector gave it no words either; the checks find it.
            continue
    return sorted(grams.triples(texts))
