"""The worker's only way to the trail: record a run of events, exactly once."""

from collections.abc import Sequence
from typing import Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from duban.contracts import RECORD_ACTIVITY, Record, Recorded
from duban.domain.events import Event
from duban.errors import DubanError


class TrailWriter(Protocol):
    """What this activity needs of a trail; the batcher of `duban.store` is one."""

    async def append(self, record: Record) -> None:
        """Commit the events, or raise; events that are there already are no error."""

    async def tail(self, stream: str, seq: int) -> Sequence[Event]:
        """Return what a stream holds from an ordinal on, at least the first of it."""


CONFLICT = "audit.conflict"
"""The trail holds another entry at this place; the trail wins."""

PERMANENT = frozenset(
    {
        "audit.gap",
        "audit.closed",
        "audit.mode",
        "audit.owner",
        "audit.profile",
    }
)
"""Refusals of the trail that no retry can mend: a person must look."""


class TrailActivities:
    """Record events through a writer made once per worker."""

    def __init__(self, writer: TrailWriter) -> None:
        self._writer = writer

    @activity.defn(name=RECORD_ACTIVITY)
    async def record_events(self, record: Record) -> Recorded:
        """Commit `record`, or return what the trail holds in its place: nothing is overwritten.

        Errors of the trail that no retry can mend are raised as non-retryable; all others fly,
        and Temporal tries again for as long as it takes.
        """
        try:
            await self._writer.append(record)
        except DubanError as error:
            if error.code == CONFLICT:
                ahead = await self._writer.tail(record.stream, record.events[0].seq)
                return Recorded(ahead=tuple(ahead))
            if error.code in PERMANENT:
                raise ApplicationError(str(error), type=error.code, non_retryable=True) from error
            raise
        return Recorded()
