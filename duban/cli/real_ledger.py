"""Problem list, rectification ledger and whole streams out of PostgreSQL."""

from collections.abc import AsyncGenerator

import asyncpg

from duban.domain.events import Event
from duban.store import problems, trail
from duban.store.canonical import StoredEntry
from duban.store.problems import MOST, Counts, ListedProblem, ProblemFilter


class LedgerReader:
    """Reads problems by pages, and what streams say from their beginning."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def problems(self, wanted: ProblemFilter) -> list[ListedProblem]:
        """Return one page of problems, by campaign and number."""
        return await problems.page(self._pool, wanted)

    async def problem_counts(self, wanted: ProblemFilter, *, most: int | None = MOST) -> Counts:
        """Count problems by state and level of access, at most so many that hold a text."""
        return await problems.counts(self._pool, wanted, most=most)

    def ledger(self, wanted: ProblemFilter) -> AsyncGenerator[list[ListedProblem]]:
        """Yield the problems of a campaign by pages, with what a ledger shows beside them."""
        return problems.every(self._pool, wanted)

    async def campaign_entries(self, no: str) -> list[StoredEntry]:
        """Return the entries of a campaign and of its problems, stream by stream."""
        return await trail.campaign_entries(self._pool, no)

    async def entries(self, stream: str) -> list[StoredEntry]:
        """Return the entries of a stream in their order."""
        return await trail.stream_entries(self._pool, stream)

    async def events(self, stream: str) -> list[Event]:
        """Return the events of a stream in their order."""
        return await trail.stream_events(self._pool, stream)
