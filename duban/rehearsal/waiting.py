"""The clock of a rehearsal: moved on to an instant once nobody is at work any more."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from temporalio.api.testservice.v1 import SleepRequest, UnlockTimeSkippingRequest
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

_LOOKS: Final = 1.0
"""Seconds between two looks at a clock that ought to move."""
_STILL: Final = 3
"""Looks in a row that find the clock in real time and nothing new on the trail."""
_REAL: Final = timedelta(seconds=10)
"""A clock that skips moves by more than this between two looks, as hours are skipped at once."""
_ANSWERS: Final = timedelta(seconds=5)
_ARRIVES: Final = timedelta(hours=1)
"""Real time within which a clock comes to its instant, whatever is to be done on the way."""


async def wait_until(
    environment: WorkflowEnvironment, moment: datetime, entries: Callable[[], Awaitable[int]]
) -> None:
    """Let the clock of a rehearsal move on to an instant of the server's time.

    The server skips time when nobody is at work. It never learns that an activity has ended whose
    run has ended before it (temporalio/sdk-java#1138), and would hold its clock for ever, once
    for each: it is told to let go when nothing has happened for seconds, `entries` of the trail
    being what happens. Not before: told so while somebody is at work, it counts wrongly, and the
    workflow at work takes no message any more.
    """
    last = await environment.get_current_time()
    if moment <= last:
        return
    moving = asyncio.create_task(_move(environment, moment - last))
    seen, still = -1, 0
    while not (await asyncio.wait([moving], timeout=_LOOKS))[0]:
        now, count = await environment.get_current_time(), await entries()
        stands = now < moment and now - last < _REAL and count == seen
        still = still + 1 if stands else 0
        last, seen = now, count
        if still >= _STILL:
            await _let_go(environment)
    await moving


async def _move(environment: WorkflowEnvironment, pause: timedelta) -> None:
    # As `environment.sleep`, but for the time it may take: that gives up after half a minute.
    request = SleepRequest()
    request.duration.FromTimedelta(pause)
    service = environment.client.test_service
    await service.unlock_time_skipping_with_sleep(request, timeout=_ARRIVES)


async def _let_go(environment: WorkflowEnvironment) -> None:
    service = environment.client.test_service
    # It may have let go by itself meanwhile; then there is nothing to unlock.
    with suppress(RPCError):
        await service.unlock_time_skipping(UnlockTimeSkippingRequest(), timeout=_ANSWERS)
