"""The real door to the sealed lists of draws: with the worker's login and the keys of payloads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from duban.settings import Settings
from duban.stack import keys
from duban.stack.addresses import address_for
from duban.store.pool import WORKER, open_pool
from duban.store.sealed_draws import SealedDraws


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[SealedDraws]:
    """Open the door; the ring is the one that the workers have.

    Raises what `duban.stack.keys.payload_ring` raises, before anything is asked of the database.
    """
    ring = keys.payload_ring(settings)
    pool = await open_pool(address_for(settings, WORKER), max_size=1)
    try:
        yield SealedDraws(pool, ring)
    finally:
        await pool.close()
