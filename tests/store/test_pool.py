"""Pools of connections keep no more than their connections."""

import asyncio
import gc
import weakref
from contextvars import ContextVar

from duban.store.pool import open_pool


class Asker:
    """Whoever asks; large things hang on it."""


async def test_a_pool_does_not_keep_alive_who_asked(dsn: str) -> None:
    asking: ContextVar[Asker | None] = ContextVar("asking", default=None)

    async def ask() -> "weakref.ref[Asker]":
        who = Asker()
        asking.set(who)
        assert await pool.fetchval("SELECT 1 + $1::int", 1) == 2
        return weakref.ref(who)

    pool = await open_pool(dsn, max_size=1)
    try:
        left = await asyncio.create_task(ask())
        await asyncio.sleep(0.1)  # answers that are on their way are done with
        gc.collect()
        assert left() is None
    finally:
        await pool.close()


async def test_a_pool_opens_as_many_at_once_as_it_is_told(dsn: str) -> None:
    pool = await open_pool(dsn, max_size=3, min_size=2)
    try:
        assert (pool.get_size(), pool.get_max_size()) == (2, 3)
    finally:
        await pool.close()
