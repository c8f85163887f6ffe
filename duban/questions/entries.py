"""Entries as the questions read them, and which of them were known at a past moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import takewhile

from duban.contracts import Mode, noun_of, number_of
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
    def noun(self) -> str:
        """What kind of entity speaks: campaign or problem."""
        return noun_of(self.stream)

    @property
    def no(self) -> str:
        """The number of the campaign or problem that speaks."""
        return number_of(self.stream)

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
    """Return the beginnings of all streams that were there at `moment` (domain.md l.10).

    `entries` are those of a campaign and of its problems, each stream in the order of its
    ordinals. Only whole beginnings are ever returned: the fold of one is a state that its entity
    once was in. They come in the order of business time, entries of one moment in that of their
    streams, the campaign's first; so what comes later never changes the order of what was there.
    """
    streams: dict[str, list[Entry]] = {}
    for each in entries:
        streams.setdefault(each.stream, []).append(each)
    known = (takewhile(lambda e: e.known_at(moment), streams[name]) for name in sorted(streams))
    return list(merge(*known, key=lambda each: each.event.occurred_at))
