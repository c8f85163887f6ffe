"""The real door to what people take out of the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from duban.bundle import Archive
from duban.cli.reality import database_of, reading_address
from duban.proof.policy import Policy
from duban.settings import Settings
from duban.stack import keys
from duban.store.pool import VERIFIER, dsn_for, open_pool
from duban.verify.standing import Standing, standing, ways


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Archive]:
    """Open the log for reading; where the database is our own, each part with its own login."""
    everything = verifying_address(settings)
    pool = await open_pool(reading_address(settings), max_size=2)
    try:
        whole = await open_pool(everything, max_size=1)
        try:
            yield Archive(pool, whole)
        finally:
            await whole.close()
    finally:
        await pool.close()


async def standing_of(settings: Settings, policy: Policy) -> Standing:
    """Ask the witnesses of a policy how they stand to the log of the database.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    pool = await open_pool(reading_address(settings), max_size=1)
    try:
        async with ways(policy) as witnesses:
            return await standing(pool, policy, witnesses)
    finally:
        await pool.close()


def verifying_address(settings: Settings) -> str:
    """Return the address with the login that may read all, where the database is our own."""
    address = database_of(settings)
    if settings.database_url is not None:
        return address
    return dsn_for(address, VERIFIER, keys.postgres_secret(settings.home))
