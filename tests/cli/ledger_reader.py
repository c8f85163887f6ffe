"""The reader of the command line's world: the ledger folded from what its desks have said."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import TYPE_CHECKING

from pydantic import JsonValue

from duban.cli.services import Reader, Row
from duban.contracts import (
    campaign_stream,
    clue_stream,
    inspection_stream,
    problem_stream,
)
from duban.domain.calendars import Calendar
from duban.domain.events import Event
from duban.domain.reading import Asked, Post, reading
from duban.domain.roles import Person
from duban.store.canonical import StoredEntry
from duban.store.feed import Placed
from duban.store.ledger import DeadlineFilter, NoticeFilter
from duban.store.problems import MOST, Counts, ListedProblem, ProblemFilter
from duban.store.stats import By, Stats, TableSize
from duban.store.trail import TrailFilter
from tests.cli.folding import NO, folded, said_by, stored
from tests.support import ledgers
from tests.support.clues import NO as CLUE
from tests.support.inspections import NO as INSPECTION
from tests.support.problems import NO as PROBLEM

if TYPE_CHECKING:
    from tests.cli.world import World


class FakeReader(Reader):
    """The ledger folded from what a campaign said."""

    def __init__(self, world: "World") -> None:
        self._world = world

    async def objects(
        self, kind: str, scope: str | None = None, where: dict[str, JsonValue] | None = None
    ) -> list[Row]:
        """Fold the events' changes of a kind."""
        wanted = (where or {}).items()
        said = {
            NO: [*said_by(self._world.desk, *self._world.problems), *self._world.outside],
            clue_stream(CLUE): said_by(self._world.clue),
            inspection_stream(INSPECTION): said_by(self._world.inspection),
        }
        found = (folded(kind, of, own) for of, own in said.items() if scope in (None, of))
        return [row for row in chain(*found) if all(row.get(k) == v for k, v in wanted)]

    async def problems(self, wanted: ProblemFilter) -> list[ListedProblem]:
        """Return a page of the world's problems."""
        found = ledgers.chosen(self._world.problems, wanted)[: wanted.limit]
        return [replace(each, beside={}) for each in found]

    async def problem_counts(self, wanted: ProblemFilter, *, most: int | None = MOST) -> Counts:
        """Count the world's problems, all of them or as many as the world counts."""
        bound = None if most is None else min(most, self._world.counts_at_most)
        return ledgers.counted(self._world.problems, wanted, bound)

    async def ledger(self, wanted: ProblemFilter) -> AsyncGenerator[list[ListedProblem]]:
        """Yield the world's problems, two to a page."""
        found = ledgers.chosen(self._world.problems, wanted)
        for at in range(0, len(found), 2):
            yield found[at : at + 2]

    async def deadlines(self, wanted: DeadlineFilter) -> list[Row]:
        """Filter as the store's query does."""
        rows = await self.objects("deadline", wanted.campaign)
        return [
            row
            for row in rows
            if wanted.status in (None, row["status"])
            and wanted.holder in (None, row["holder"])
            and wanted.code in (None, row["code"])
            and (not wanted.due_until or row["current_due_on"] <= str(wanted.due_until))
        ]

    async def notices(self, wanted: NoticeFilter) -> list[Row]:
        """Filter as the store's query does."""
        rows = await self.objects("notice", wanted.campaign)
        return [
            row
            for row in rows
            if wanted.recipient in (None, row["recipient"])
            and wanted.unit in (None, row["recipient_unit"])
            and wanted.rung in (None, row["rung"])
            and (not wanted.since or datetime.fromisoformat(row["sent_at"]) >= wanted.since)
            and (not wanted.until or datetime.fromisoformat(row["sent_at"]) < wanted.until)
        ]

    async def search(self, wanted: TrailFilter) -> list[StoredEntry]:
        """Return the newest entries of a tag, at most as many as wanted."""
        found = [
            each
            for each in reversed(self._world.entries())
            if str(each.fields["tag"]).startswith(wanted.tag or "")
            and wanted.outcome in (None, each.fields["outcome"])
            and (not wanted.after or each.occurred_us < wanted.after.occurred_us)
        ]
        return found[: wanted.limit]

    async def asks(self, asked: Asked, person: str, now: datetime) -> Event:
        """Judge a reading by the campaign's register, and keep its entry."""
        rows = await self.objects("person", NO, {"id": person})
        known = set(Person.model_fields)
        people = [
            Person.model_validate({k: v for k, v in row.items() if k in known}) for row in rows
        ]
        held = [Post(campaign=NO, person=each) for each in people]
        event = reading(asked, person, held, seq=len(self._world.readings), now=now)
        self._world.readings.append(event)
        return event

    async def entry(self, reference: str) -> StoredEntry | None:
        """Return an entry by `stream#seq`."""
        named = {f"{each.stream}#{each.seq}": each for each in self._world.entries()}
        return named.get(reference)

    async def every(self, wanted: TrailFilter) -> AsyncGenerator[StoredEntry]:
        """Yield what a page of any size would hold."""
        for each in await self.search(replace(wanted, limit=1_000_000)):
            yield each

    async def feed(self, after: int, limit: int) -> list[Placed]:
        """Return what the campaign said, in its order, and what the world adds."""
        if self._world.interrupts and after >= await self.feed_end():
            raise self._world.interrupts
        placed = [Placed(index, each) for index, each in enumerate(self._world.entries())]
        return placed[after + 1 :][:limit]

    async def feed_end(self) -> int:
        """Return the last place."""
        return len(self._world.entries()) - 1

    async def unindexed(self) -> int:
        """Return a number of entries."""
        return self._world.unindexed

    async def stats(self, by: By, campaign: str | None) -> Stats:
        """Count by the names of what is counted by."""
        return Stats({by.value: 3, str(campaign): 4}, 7, 500.4, (TableSize("event", 7000, 700),))

    async def origin(self) -> str:
        """Return a name."""
        return "test"

    async def campaign_entries(self, no: str) -> list[StoredEntry]:
        """Return what campaign and problem said."""
        if no != NO:
            return []
        return [*self._world.entries(), *self._world.problem_entries()]

    async def entries(self, stream: str) -> list[StoredEntry]:
        """Return what the clue, the inspection or the problem said, as the trail keeps it."""
        return stored(stream, self._said(stream))

    async def events(self, stream: str) -> list[Event]:
        """Return what the campaign or one of its members said."""
        known = stream == campaign_stream(NO)
        return said_by(self._world.desk) if known else self._said(stream)

    def _said(self, stream: str) -> list[Event]:
        spoken = {
            clue_stream(CLUE): self._world.clue,
            problem_stream(PROBLEM): self._world.problem,
            inspection_stream(INSPECTION): self._world.inspection,
        }
        return said_by(spoken.get(stream))

    async def calendars(self) -> list[Calendar]:
        """Return what was published."""
        return self._world.calendars
