"""The product's worker in a process of its own, put together as a rehearsal's is.

`worker.py` itself serves live databases only; a measurement shifts the clock, so it rehearses.
"""

import asyncio
import os
import signal

import uvloop

from duban.connection import connect
from duban.settings import Settings
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.pool import open_pool
from worker import build_worker


async def _serve(settings: Settings) -> None:
    assert settings.database_url is not None
    assert settings.trail_key is not None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    client = await connect(settings)
    pool = await open_pool(settings.database_url.get_secret_value(), max_size=4)
    key = bytes.fromhex(settings.trail_key.get_secret_value())
    try:
        async with (
            Door(AuditStore(pool, key)) as door,
            build_worker(client, door, settings.task_queue),
        ):
            await stop.wait()
    finally:
        await pool.close()


if __name__ == "__main__":
    uvloop.run(_serve(Settings.from_env()))
    # The core's threads may call back while the interpreter goes away and abort it.
    os._exit(0)
