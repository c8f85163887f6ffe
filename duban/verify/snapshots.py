"""One moment of the database, seen by several connections and processes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from duban.store.pool import connected


@asynccontextmanager
async def in_snapshot(dsn: str, snapshot: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold a connection that sees what an exported snapshot saw.

    Raises:
        DatabaseUnavailable: no connection could be made.
    """
    async with (
        connected(dsn) as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        # A snapshot is named by the server itself: digits, hyphens and letters.
        await connection.execute(f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        yield connection
