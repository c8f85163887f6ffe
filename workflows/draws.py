"""What a campaign has done outside for its draws: secrets are made, and opened when it is time.

Nothing waits for it. Each draw goes its own way, so that one whose key is lost holds up no other.
"""

import asyncio
from collections.abc import Callable, Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.draws import DrawActivities
    from activities.targets import TargetActivities
    from duban.contracts import ToDraw
    from duban.domain.campaign.campaign import Campaign
    from duban.domain.campaign.draw_answers import DrawAnswer
    from duban.domain.campaign.draw_records import Draw, DrawSecret, DrawState
    from duban.domain.campaign.drawing import AWAITED
    from duban.domain.campaign.inspection_calls import coming, goes_on
    from duban.domain.campaign.inspection_draws import siblings
    from duban.domain.events import Event
    from duban.inspection_contracts import (
        ToDrawTargets,
        ToFreeze,
        ToReveal,
    )
    from workflows import policies


class Draws:
    """The draws of which something is to be done outside; `hear` takes what is known of it then."""

    def __init__(self, campaign: Campaign, hear: Callable[[DrawSecret | DrawAnswer], None]) -> None:
        self._campaign = campaign
        self._hear = hear
        self._due = list(campaign.state.draw)
        self._working: set[asyncio.Task[None]] = set()

    @property
    def owes(self) -> bool:
        """Whether a run begins with a draw of which something is to be done outside."""
        return any(each.is_awaited for each in self._campaign.state.draw.values())

    @property
    def is_at_work(self) -> bool:
        """Whether an activity is under way."""
        return bool(self._working)

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
        draw = self._campaign.state.draw.get(no)
        if draw is None:  # Revealed meanwhile: nothing is left to do.
            return
        stream = workflow.info().workflow_id
        if draw.purpose == "inspection":
            await self._of_inspections(draw, stream)
        elif draw.state is DrawState.FROZEN:
            self._hear(
                await workflow.execute_activity_method(
                    DrawActivities.seal_secret, ToDraw(stream=stream, draw=no), **policies.STEADY
                )
            )
        elif draw.state is DrawState.WITNESSED:
            self._hear(
                await workflow.execute_activity_method(
                    DrawActivities.open_secret, ToDraw(stream=stream, draw=no), **policies.STEADY
                )
            )

    async def _of_inspections(self, draw: Draw, stream: str) -> None:
        if draw.state is DrawState.ASKED:
            self._hear(
                await workflow.execute_activity_method(
                    TargetActivities.freeze_draw, self._to_freeze(draw, stream), **policies.STEADY
                )
            )
        elif draw.state is DrawState.WITNESSED:
            asked = ToDrawTargets(stream=stream, draw=draw.no, number=str(draw.number))
            self._hear(
                await workflow.execute_activity_method(
                    TargetActivities.draw_targets, asked, **policies.STEADY
                )
            )
        elif draw.is_revealing and draw.state is DrawState.DRAWN:
            self._hear(
                await workflow.execute_activity_method(
                    TargetActivities.reveal_draw, self._to_reveal(draw, stream), **policies.STEADY
                )
            )

    def _to_freeze(self, draw: Draw, stream: str) -> ToFreeze:
        state = self._campaign.state
        assert draw.terms is not None
        assert draw.lists is not None
        return ToFreeze(
            stream=stream,
            campaign=self._campaign.record.no,
            terms=draw.terms,
            lists=draw.lists,
            policy=state.policy,
            since=state.phase[str(draw.phase)].starts_on,
            goes_on=goes_on(state, draw),
            coming=coming(state),
        )

    def _to_reveal(self, draw: Draw, stream: str) -> ToReveal:
        around = siblings(self._campaign.state, draw.no.partition("-")[0])
        campaign = self._campaign.record.no
        return ToReveal(stream=stream, campaign=campaign, draw=draw, siblings=around)
