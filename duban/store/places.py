"""Taking the next place of a stream in which several may speak at one time."""

from collections.abc import Awaitable, Callable
from typing import Final

import asyncpg

from duban.store import trail
from duban.store.drafts import AppendResult
from duban.store.errors import DatabaseUnavailable, TrailConflict

ATTEMPTS: Final = 50
"""How often a place is asked for; others speak at the same time."""


async def at_the_end(
    pool: asyncpg.Pool, stream: str, attempt: Callable[[int], Awaitable[AppendResult]]
) -> int:
    """Store something at the end of a stream, as `attempt` does at an ordinal; return the ordinal.

    Raises:
        DatabaseUnavailable: it is not stored.
        StoreError: the trail refused it.
    """
    for _ in range(ATTEMPTS):
        seq = await trail.head(pool, stream)
        result = await attempt(seq)
        if result.error is None:
            return seq
        if not isinstance(result.error, TrailConflict):
            raise result.error
    raise DatabaseUnavailable(reason=f"{stream}: {ATTEMPTS} places were taken by others")
