"""Goes on with another Temporal server: whatever runs is restored from the trail alone (l.1).

The server that skips time keeps a list of all it ever did and searches it at every step: each day
takes it longer than the one before. A year therefore has seasons, and shows by the way that nothing
is lost with Temporal.
"""

import asyncio
from typing import Final

from duban.contracts import campaign_stream, inspection_stream
from duban.domain.campaign.inspection_calls import restored
from duban.domain.campaign.restore import restored as restored_campaign
from duban.rehearsal.theatre import Theatre
from duban.store import trail
from tests.rehearsal.year.desk import Desk

_AT_ONCE: Final = 16
_OPEN: Final = """
SELECT id FROM ledger.object
WHERE kind = 'inspection' AND (doc ->> 'is_over')::boolean IS NOT TRUE ORDER BY id
"""


async def new_season(stage: Theatre, desk: Desk) -> None:
    """Restore the campaign and its open inspections on another server, whose clock begins anew."""
    business = await desk.now()
    await stage.renew()
    desk.offset = offset = business - await stage.environment.get_current_time()
    campaign = restored_campaign(await trail.stream_events(stage.reader, campaign_stream(desk.no)))
    numbers = [row["id"] for row in await stage.reader.fetch(_OPEN)]
    door = asyncio.Semaphore(_AT_ONCE)

    async def gone_on(no: str) -> None:
        async with door:
            events = await trail.stream_events(stage.reader, inspection_stream(no))
            state = restored(campaign, events)
            await stage.gateway.restore_inspection(state, clock_offset=offset)

    await stage.gateway.restore(campaign, clock_offset=offset)
    await asyncio.gather(*(gone_on(no) for no in numbers))
    await desk.heard(numbers)
    await desk.rest()
