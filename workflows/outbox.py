"""The outbox: the only caller of the recording activity; receipts wait on it."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.trail import TrailActivities
    from duban.contracts import Mode, Record, Recorded
    from duban.domain.entity.machine import Machine
    from duban.domain.events import Event
    from workflows import policies

BATCH = 100
"""Events per record: one payload, far below the server's limit."""


class Outbox:
    """Carries an entity's unrecorded events to the trail, in order, and tells what is there."""

    def __init__(
        self,
        machine: Machine[Any, Any],
        campaign: str | None,
        now: Callable[[], datetime],
        on_trail: Callable[[Sequence[Event]], None],
    ) -> None:
        self._stream = workflow.info().workflow_id
        self._on_trail = on_trail
        self._machine, self._campaign = machine, campaign
        self._now = now
        self._turned_at: list[int] = []

    @property
    def is_empty(self) -> bool:
        """Whether everything that was said is on the trail."""
        return not self._machine.state.unrecorded

    @property
    def turns(self) -> int:
        """How often the trail went another way than this run."""
        return len(self._turned_at)

    async def recorded(self, seq: int) -> bool:
        """Wait for an event to be on the trail; False when the trail went another way there."""
        turns = self.turns
        await workflow.wait_condition(lambda: self.turns != turns or self._is_recorded(seq))
        return self.turns == turns or seq < self._turned_at[turns]

    def lost(self, seq: int, *, since: int) -> bool:
        """Say whether an event was given up in a turn after the first `since` ones."""
        return any(seq >= at for at in self._turned_at[since:])

    async def flush(self) -> None:
        """Record everything that waits. Returns only when it is committed.

        Where the trail holds other events in that place, the entity follows them: they were
        committed by a worker that did not live to tell (ADR 0009).
        """
        while not self.is_empty:
            state = self._machine.state
            batch = tuple(state.unrecorded[:BATCH])
            recorded = await _record(
                Record(
                    stream=self._stream,
                    campaign=self._campaign,
                    mode=Mode(state.mode),
                    events=batch,
                )
            )
            if recorded.ahead:
                workflow.logger.warning("trail_followed", extra={"seq": batch[0].seq})
                self._turned_at.append(batch[0].seq)
                self._machine.follow(recorded.ahead, now=self._now())
                self._on_trail(recorded.ahead)
            else:
                # Handlers may have added events meanwhile; only what was recorded leaves.
                self._machine.recorded(len(batch))
                self._on_trail(batch)

    def _is_recorded(self, seq: int) -> bool:
        unrecorded = self._machine.state.unrecorded
        return not unrecorded or unrecorded[0].seq > seq


async def _record(record: Record) -> Recorded:
    """Commit in a local activity, which answers in one workflow task.

    When the database stays away, an ordinary activity takes over: it waits for ever without
    holding a workflow task.
    """
    try:
        return await workflow.execute_local_activity_method(
            TrailActivities.record_events,
            record,
            start_to_close_timeout=policies.LOCAL_TIMEOUT,
            retry_policy=policies.LOCAL_RETRY,
        )
    except FailureError as error:
        if _is_final(error):
            raise
        return await workflow.execute_activity_method(
            TrailActivities.record_events,
            record,
            **policies.STEADY,
        )


def _is_final(error: FailureError) -> bool:
    """Say whether the trail refused for good. A local activity's error comes without wrapping."""
    cause = error.cause if isinstance(error, ActivityError) else error
    return isinstance(cause, ApplicationError) and cause.non_retryable
