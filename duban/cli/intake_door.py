"""The real door to what is taken over from outside: tickets and circulars."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from duban.settings import Settings
from duban.stack import keys
from duban.stack.addresses import address_for
from duban.store.audit import AuditStore
from duban.store.intake import Intake
from duban.store.pool import READER, SUPERVISOR, WORKER, open_pool


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Intake]:
    """Open each door with its own login."""
    key = keys.trail_key(settings)
    async with AsyncExitStack() as stack:
        pools = []
        for login in (READER, WORKER, SUPERVISOR):
            pools.append(await open_pool(address_for(settings, login), max_size=1))
            stack.push_async_callback(pools[-1].close)
        reader, worker, supervisor = pools
        yield Intake(reader, AuditStore(worker, key), supervisor)
