"""The outbox: the only caller of the recording activity; receipts wait on it."""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.trail import TrailActivities
    from duban.contracts import Mode, Record
    from duban.domain.events import Event
    from workflows import policies

BATCH = 100
"""Events per record: one payload, far below the server's limit."""


class Outbox:
    """Carries an entity's unrecorded events to the trail, in order."""

    def __init__(self, stream: str, campaign: str, mode: Mode, unrecorded: list[Event]) -> None:
        self._stream = stream
        self._campaign = campaign
        self._mode = mode
        self._unrecorded = unrecorded

    @property
    def is_empty(self) -> bool:
        """Whether everything that was said is on the trail."""
        return not self._unrecorded

    def has_recorded(self, seq: int) -> bool:
        """Whether the event with this ordinal is on the trail."""
        return not self._unrecorded or self._unrecorded[0].seq > seq

    async def flush(self) -> None:
        """Record everything that waits. Returns only when it is committed.

        A local activity answers in one workflow task. When the database stays away, an ordinary
        activity takes over: it waits for ever without holding a workflow task.
        """
        while self._unrecorded:
            batch = tuple(self._unrecorded[:BATCH])
            record = Record(
                stream=self._stream, campaign=self._campaign, mode=self._mode, events=batch
            )
            try:
                await workflow.execute_local_activity_method(
                    TrailActivities.record_events,
                    record,
                    start_to_close_timeout=policies.LOCAL_TIMEOUT,
                    retry_policy=policies.LOCAL_RETRY,
                )
            except FailureError as error:
                if _is_final(error):
                    raise
                await workflow.execute_activity_method(
                    TrailActivities.record_events,
                    record,
                    start_to_close_timeout=policies.STEADY_TIMEOUT,
                    retry_policy=policies.STEADY_RETRY,
                )
            # Handlers may have added events meanwhile; only what was recorded leaves.
            del self._unrecorded[: len(batch)]


def _is_final(error: FailureError) -> bool:
    """Say whether the trail refused for good. A local activity's error comes without wrapping."""
    cause = error.cause if isinstance(error, ActivityError) else error
    return isinstance(cause, ApplicationError) and cause.non_retryable
