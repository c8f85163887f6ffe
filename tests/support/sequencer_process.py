"""A sequencer as a process of its own that a test may kill: quick to start, as many as wanted."""

import asyncio
import multiprocessing
import signal
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Event

from duban.sequencer import leading
from duban.sequencer.keys import Keys
from duban.sequencer.service import Plan, run
from duban.store.sequencing import BATCH
from tests.support.entries import KEY
from tests.support.sequencing import SIGNER

_READY_WITHIN_SECONDS = 30
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload([__name__])


def main(ready: Event, dsn: str, every: float, limit: int, standstill_ms: int) -> None:
    """Be a sequencer until SIGTERM; `ready` is set when that would be heard."""
    leading.STANDSTILL_MS = standstill_ms  # type: ignore[misc]
    asyncio.run(_run(ready, dsn, every, limit))


async def _run(ready: Event, dsn: str, every: float, limit: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    ready.set()
    plan = Plan(dsn=dsn, keys=Keys(SIGNER), trail_key=KEY, every=every, limit=limit)
    await run(plan, lambda: datetime.now(UTC), stop)


def start(
    dsn: str, every: float = 0.0, *, limit: int = BATCH, standstill_ms: int = leading.STANDSTILL_MS
) -> BaseProcess:
    """Start one; `every` 0 makes it sign without a pause."""
    ready = _CONTEXT.Event()
    told = (ready, dsn, every, limit, standstill_ms)
    process = _CONTEXT.Process(target=main, args=told, daemon=True)
    process.start()
    ready.wait(_READY_WITHIN_SECONDS)
    return process
