"""How much there is on the trail: counts from the rollup, sizes from the server."""

from dataclasses import dataclass
from enum import StrEnum

import asyncpg

from duban.store.pool import reachable
from duban.store.queries import SQL


class By(StrEnum):
    """What entries are counted by."""

    CAMPAIGN = "campaign"
    TAG = "tag"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class TableSize:
    """Bytes of a table of the trail (its partitions together) and of its indexes."""

    name: str
    table_bytes: int
    index_bytes: int


@dataclass(frozen=True, slots=True)
class Stats:
    """Entries counted by something, and what all of them take.

    `counts` holds what the projector has taken in, without sealed entries; `entries` is all there
    is. `entry_bytes` is the mean of the newest leaves; `stored_bytes` is all tables and indexes.
    """

    counts: dict[str, int]
    entries: int
    entry_bytes: float
    sizes: tuple[TableSize, ...]

    @property
    def stored_bytes(self) -> int:
        """Bytes of all tables and indexes of the trail."""
        return sum(each.table_bytes + each.index_bytes for each in self.sizes)

    @property
    def bytes_per_entry(self) -> float:
        """What one entry takes, indexes and log included."""
        return self.stored_bytes / self.entries if self.entries else 0.0


async def stats(pool: asyncpg.Pool, by: By, campaign: str | None = None) -> Stats:
    """Count entries by campaign, tag or business day, of one campaign or of all.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        counted = await pool.fetch(SQL["rollup"], by.value, campaign)
        sizes = await pool.fetch(SQL["table_sizes"])
        entries = await pool.fetchval(SQL["entry_count"])
        entry_bytes = await pool.fetchval(SQL["entry_bytes"])
    return Stats(
        counts={row["name"]: row["n"] for row in counted},
        entries=entries,
        entry_bytes=entry_bytes,
        sizes=tuple(TableSize(*row) for row in sizes),
    )
