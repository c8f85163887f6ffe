"""The worker's only way to the trail: record a run of events, exactly once."""

from typing import Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from duban.contracts import RECORD_ACTIVITY, Record
from duban.errors import DubanError


class TrailWriter(Protocol):
    """What this activity needs of a trail; the batcher of `duban.store` is one."""

    async def append(self, record: Record) -> None:
        """Commit the events, or raise; events that are there already are no error."""


PERMANENT = frozenset(
    {
        "audit.conflict",
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
    async def record_events(self, record: Record) -> int:
        """Commit `record` and return the ordinal up to which its stream is on the trail.

        Errors of the trail that no retry can mend are raised as non-retryable; all others fly,
        and Temporal tries again for as long as it takes.
        """
        try:
            await self._writer.append(record)
        except DubanError as error:
            if error.code in PERMANENT:
                raise ApplicationError(str(error), type=error.code, non_retryable=True) from error
            raise
        return record.events[-1].seq
