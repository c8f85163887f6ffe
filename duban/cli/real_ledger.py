"""The problem list and the rectification ledger out of PostgreSQL."""

from collections.abc import AsyncGenerator

import asyncpg

from duban.store import problems
from duban.store.problems import Counts, ListedProblem, ProblemFilter


class LedgerReader:
    """Reads problems by pages."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def problems(self, wanted: ProblemFilter) -> list[ListedProblem]:
        """Return one page of problems, by campaign and number."""
        return await problems.page(self._pool, wanted)

    async def problem_counts(self, wanted: ProblemFilter) -> Counts:
        """Count problems by state and level of access."""
        return await problems.counts(self._pool, wanted)

    def ledger(self, wanted: ProblemFilter) -> AsyncGenerator[list[ListedProblem]]:
        """Yield the problems of a campaign by pages, with what a ledger shows beside them."""
        return problems.every(self._pool, wanted)
