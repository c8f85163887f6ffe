"""What a campaign has done outside for its draws: secrets are made, and opened when it is time.

Nothing waits for it. Each draw goes its own way, so that one whose key is lost holds up no other.
"""

import asyncio
from collections.abc import Callable, Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.draws import DrawActivities
    from duban.contracts import ToDraw
    from duban.domain.campaign.campaign import Campaign
    from duban.domain.campaign.draw_records import DrawSecret, DrawState
    from duban.domain.campaign.drawing import AWAITED
    from duban.domain.events import Event
    from workflows import policies


class Draws:
    """The draws whose secret is to be made or opened; `hear` takes what is known of it then."""

    def __init__(self, campaign: Campaign, hear: Callable[[DrawSecret], None]) -> None:
        self._campaign = campaign
        self._hear = hear
        self._due = list(campaign.state.draw)
        self._working: set[asyncio.Task[None]] = set()

    def note(self, events: Sequence[Event]) -> None:
        """Take note of what is on the trail now: a draw was frozen, or its number said."""
        self._due += [each.object_id for each in events if each.tag in AWAITED]

    def carry_out(self) -> None:
        """Have it done what is to be done; wait for nothing."""
        due, self._due = self._due, []
        for no in due:
            task = asyncio.create_task(self._work(no))
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def _work(self, no: str) -> None:
        draw = self._campaign.state.draw[no]
        asked = ToDraw(stream=workflow.info().workflow_id, draw=no)
        if draw.state is DrawState.FROZEN:
            self._hear(await _sealed(asked))
        elif draw.state is DrawState.WITNESSED:
            self._hear(await _opened(asked))


async def _sealed(asked: ToDraw) -> DrawSecret:
    return await workflow.execute_activity_method(
        DrawActivities.seal_secret,
        asked,
        start_to_close_timeout=policies.STEADY_TIMEOUT,
        retry_policy=policies.STEADY_RETRY,
    )


async def _opened(asked: ToDraw) -> DrawSecret:
    return await workflow.execute_activity_method(
        DrawActivities.open_secret,
        asked,
        start_to_close_timeout=policies.STEADY_TIMEOUT,
        retry_policy=policies.STEADY_RETRY,
    )
