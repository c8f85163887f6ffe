"""The clock of a rehearsal: moved on to an instant once nobody is at work any more."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from temporalio.api.testservice.v1 import UnlockTimeSkippingRequest
from temporalio.service import RPCError

from duban.rehearsal.theatre import Theatre
from duban.store.queries import SQL

_LOOKS: Final = 1.0
"""Seconds between two looks at a clock that ought to move."""
_STILL: Final = 3
"""Looks in a row that find the clock in real time and nothing new on the trail."""
_REAL: Final = timedelta(seconds=10)
"""A clock that skips moves by more than this between two looks, as hours are skipped at once."""
_ANSWERS: Final = timedelta(seconds=5)


async def wait_until(stage: Theatre, moment: datetime) -> None:
    """Let the clock of a rehearsal move on to an instant of the server's time.

    The server skips time when nobody is at work. It never learns that an activity has ended whose
    run has continued as new (temporalio/sdk-java#1138), and would hold its clock for ever, once
    for each: it is told to let go when nothing has happened for seconds. Not before: told so while
    somebody is at work, it counts wrongly, and the workflow at work takes no message any more.
    """
    environment = stage.environment
    last = await environment.get_current_time()
    if moment <= last:
        return
    moving = asyncio.create_task(environment.sleep(moment - last))
    seen, still = -1, 0
    while not (await asyncio.wait([moving], timeout=_LOOKS))[0]:
        now, entries = (
            await environment.get_current_time(),
            await stage.reader.fetchval(SQL["entry_count"]),
        )
        stands = now < moment and now - last < _REAL and entries == seen
        still = still + 1 if stands else 0
        last, seen = now, entries
        if still >= _STILL:
            await _let_go(stage)
    await moving


async def _let_go(stage: Theatre) -> None:
    service = stage.environment.client.test_service
    # It may have let go by itself meanwhile; then there is nothing to unlock.
    with suppress(RPCError):
        await service.unlock_time_skipping(UnlockTimeSkippingRequest(), timeout=_ANSWERS)
