"""What an inspection has done with its sealed target: handed over, unsealed on site, burned.

Nothing waits for it but who asked: a key that is lost holds up no clock and no other inspection.
"""

import asyncio
from collections.abc import Callable, Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.targets import TargetActivities
    from duban.contracts import campaign_stream
    from duban.domain.events import Event
    from duban.domain.inspection.arriving import awaits_target
    from duban.domain.inspection.inspection import Inspection
    from duban.domain.inspection.news import TargetUnsealed
    from duban.inspection_contracts import (
        Handed,
        SealedTarget,
        ToHand,
    )
    from workflows import policies

BURNED = "inspection:target:burned"


class Targets:
    """The sealed target of one inspection; `hear` takes what it turns out to be on site."""

    def __init__(self, inspection: Inspection, hear: Callable[[TargetUnsealed], None]) -> None:
        self._inspection = inspection
        self._hear = hear
        self._arrived = True
        self._burns = False
        self._working: asyncio.Task[None] | None = None

    @property
    def owes(self) -> bool:
        """Whether a target is to be unsealed or burned."""
        return self._burns or (self._arrived and awaits_target(self._inspection.record))

    def note(self, events: Sequence[Event]) -> None:
        """Take note of what is on the trail now: a team arrived, or a target is to be burned."""
        tags = {each.tag for each in events}
        self._arrived |= "inspection:site:arrived" in tags
        self._burns |= BURNED in tags

    def carry_out(self) -> None:
        """Have it done what is to be done, unless that is under way; wait for nothing."""
        if self._working is None and self.owes:
            self._working = asyncio.create_task(self._work())

    async def finish(self) -> None:
        """Wait until nothing is to be done any more: the inspection ends."""
        await workflow.wait_condition(lambda: self._working is None)

    async def hand(self, key: str) -> Handed:
        """Return the target sealed to a key of its leader."""
        return await workflow.execute_activity_method(
            TargetActivities.hand_target,
            ToHand(target=self._target(), key=key),
            start_to_close_timeout=policies.STEADY_TIMEOUT,
            retry_policy=policies.HAND_RETRY,
        )

    async def _work(self) -> None:
        if self._burns:
            await workflow.execute_activity_method(
                TargetActivities.burn_target,
                self._target(),
                **policies.STEADY,
            )
            self._burns = False
        else:
            self._arrived = False
            told = await workflow.execute_activity_method(
                TargetActivities.unseal_target,
                self._target(),
                **policies.STEADY,
            )
            self._hear(told)
        self._working = None

    def _target(self) -> SealedTarget:
        record = self._inspection.record
        assert record.draw is not None
        return SealedTarget(
            stream=campaign_stream(record.campaign), draw=record.draw.no, inspection=record.no
        )
