"""Who leads: whoever holds a lock of the database; the lock goes with its session."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from duban.store.pool import connected, reachable
from duban.store.queries import SQL

STANDSTILL_MS: Final = 30_000
"""After how long the server ends the session of a leader that does nothing, at the earliest."""


@asynccontextmanager
async def leading(
    dsn: str, stop: asyncio.Event, every: float
) -> AsyncIterator[asyncpg.Connection | None]:
    """Wait until this process leads, asking every so many seconds; None when told to stop before.

    The block runs on the session that holds the lock: if the session is lost, so is the right to
    sign, and the next call of the connection fails. The server ends a session that does nothing
    for `STANDSTILL_MS` and for twice as long as one turn takes.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    async with connected(dsn) as connection:
        with reachable():
            standstill = max(STANDSTILL_MS, int(2000 * every))
            await connection.execute(SQL["log_session"], str(standstill))
            # Asked again and again, because a statement that waits would hold up the vacuum.
            while not await connection.fetchval(SQL["log_lead"]):
                if await told(stop, every):
                    yield None
                    return
        yield connection


async def told(stop: asyncio.Event, within: float) -> bool:
    """Wait so many seconds, or until told to stop; say which."""
    try:
        await asyncio.wait_for(stop.wait(), within)
    except TimeoutError:
        return False
    return True
