"""Entries as the questions read them, and which of them were known at a past moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import takewhile

from duban.contracts import Mode
from duban.domain.events import Event


@dataclass(frozen=True, slots=True)
class Told:
    """What an entry says beside its event: when the database stored it, by which login."""

    recorded_at: datetime
    by: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a stream."""

    stream: str
    event: Event
    told: Told

    @property
    def key(self) -> str:
        """The entry's name, as `duban audit show` takes it."""
        return f"{self.stream}#{self.event.seq}"

    @property
    def at(self) -> str:
        """Its business time, ISO 8601 in UTC."""
        return self.event.occurred_at.astimezone(UTC).isoformat()

    def known_at(self, moment: datetime) -> bool:
        """Say whether it was on the trail at `moment`.

        A live entry must have happened and have been recorded by then, so that one which comes
        late changes no earlier answer. A rehearsal is recorded in another time than it plays in;
        there business time alone counts.
        """
        if self.event.occurred_at > moment:
            return False
        return self.told.mode is Mode.REHEARSAL or self.told.recorded_at <= moment


def known_by(entries: Iterable[Entry], moment: datetime) -> list[Entry]:
    """Return the beginning of a stream that was there at `moment` (domain.md l.10).

    `entries` are in the order of their ordinals. Only a whole beginning is ever returned: its
    fold is a state that the campaign once was in.
    """
    return list(takewhile(lambda each: each.known_at(moment), entries))
