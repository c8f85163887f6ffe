"""The trail's monthly partitions: which months have one, and what lies astray (audit.md 3.6)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from uuid import UUID

import asyncpg

from duban.store.identity import TAIL_BITS
from duban.store.queries import SQL

AHEAD: Final = timedelta(days=31)
"""For how long ahead there must be partitions; `duban migrate` makes those of a year."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Partitions:
    """The months (`YYYYMM`, UTC) with a partition of their own.

    `strays` counts entries of this month and later ones in the default partition, where nothing is
    lost; 0 where the login may not look.
    """

    months: frozenset[str]
    strays: int

    def missing(self, today: date) -> list[str]:
        """Return the months without a partition among those that the next `AHEAD` touches."""
        days = (today + timedelta(days=each) for each in range(AHEAD.days + 1))
        return sorted({each.strftime("%Y%m") for each in days} - self.months)


async def read(connection: asyncpg.Connection, now: datetime) -> Partitions:
    """Look at a migrated database; any login may ask.

    Raises:
        asyncpg.PostgresError: PostgreSQL cannot answer.
    """
    months = await connection.fetchval(SQL["partitioned_months"])
    strays = 0
    if await connection.fetchval(SQL["may_see_default"]):
        begun = datetime(now.year, now.month, 1, tzinfo=UTC)
        milliseconds = (begun - _EPOCH) // timedelta(milliseconds=1)
        floor = UUID(int=milliseconds << TAIL_BITS)
        strays = await connection.fetchval(SQL["in_default_since"], floor)
    return Partitions(frozenset(months or ()), strays)
