"""The real door to what people take out of the log."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from duban.bundle import Archive
from duban.proof.policy import Policy
from duban.settings import Settings
from duban.stack.addresses import address_for
from duban.store.pool import READER, VERIFIER, open_pool
from duban.verify.standing import Standing, standing, ways


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Archive]:
    """Open the log for reading, each part with its own login."""
    pool = await open_pool(address_for(settings, READER), max_size=2)
    try:
        whole = await open_pool(address_for(settings, VERIFIER), max_size=1)
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
    pool = await open_pool(address_for(settings, READER), max_size=1)
    try:
        async with ways(policy) as witnesses:
            return await standing(pool, policy, witnesses)
    finally:
        await pool.close()
