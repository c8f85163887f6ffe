"""The product's worker in a process of its own, put together as a rehearsal's is.

`worker.py` itself serves live databases only; a measurement shifts the clock, so it rehearses.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import asyncpg
import uvloop

from duban.connection import connect, connect_to
from duban.contracts import Record
from duban.settings import Settings
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.drafts import AppendResult
from duban.store.payloads import NONE, Payloads
from duban.store.pool import open_pool
from worker import build_worker


class _Counted(AuditStore):
    """A store that notes of each call how many records it had, and how many came again.

    Those are stored already; or, decided anew after a kill, they find their place taken.
    """

    def __init__(self, pool: asyncpg.Pool, key: bytes, counts: Path) -> None:
        super().__init__(pool, key)
        self._counts = counts

    async def append(
        self, records: Sequence[Record], payloads: Payloads = NONE
    ) -> list[AppendResult]:
        """Store records as ever."""
        results = await super().append(records, payloads)
        again = sum(each.known > 0 or each.error is not None for each in results)
        with self._counts.open("a") as file:
            file.write(f"{len(results)} {again}\n")
        return results


async def _serve(settings: Settings, counts: Path | None) -> None:
    assert settings.database_url is not None
    assert settings.trail_key is not None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    if settings.payload_keys is None:
        # What the codec costs is measured against a worker without it.
        client = await connect_to({"target_host": str(settings.temporal_address)}, None)
    else:
        client = await connect(settings)
    pool = await open_pool(settings.database_url.get_secret_value(), max_size=4)
    key = bytes.fromhex(settings.trail_key.get_secret_value())
    try:
        async with (
            Door(_Counted(pool, key, counts) if counts else AuditStore(pool, key)) as door,
            build_worker(client, door, settings.task_queue),
        ):
            await stop.wait()
    finally:
        await pool.close()


if __name__ == "__main__":
    uvloop.run(_serve(Settings.from_env(), Path(sys.argv[1]) if sys.argv[1:] else None))
    # The core's threads may call back while the interpreter goes away and abort it.
    os._exit(0)
