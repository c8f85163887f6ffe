"""The real door to what is sealed and to what can be erased."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from duban.settings import Settings
from duban.stack import keys
from duban.stack.addresses import address_for
from duban.store.audit import AuditStore
from duban.store.custody import Custody
from duban.store.pool import ERASER, READER, SUPERVISOR, WORKER, open_pool


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Custody]:
    """Open each door with its own login."""
    key = keys.trail_key(settings)
    async with AsyncExitStack() as stack:
        pools = []
        for login in (READER, WORKER, SUPERVISOR, ERASER):
            pools.append(await open_pool(address_for(settings, login), max_size=1))
            stack.push_async_callback(pools[-1].close)
        reader, worker, supervisor, eraser = pools
        yield Custody(reader, AuditStore(worker, key), supervisor, AuditStore(eraser, key))
