"""Keeping the search and the counts up to date with the log (audit.md 3, 4.3, 4.5).

What is projected can be made again from the entries at any time; it is not evidence. Any number of
projectors may run: the mark in the database lets one of them go on and the others look again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

import asyncpg
import structlog

from duban.store import blocks
from duban.store.canonical import parse
from duban.store.errors import StoreError, TrailUnreadable
from duban.store.grams import entry_grams
from duban.store.pool import reachable
from duban.store.queries import SQL

BATCH: Final = 1000
"""Entries of one step: their words are made in about fifty milliseconds."""
INTERVAL: Final = 0.5
"""Seconds between two looks when there was nothing to do."""

RUSH: Final = 1000
"""Entries a second from which on appends and checkpoints go before."""
QUEUE: Final = RUSH // 2
"""Entries without a place yet that tell of a rush before the log has grown by them."""
PATIENCE: Final = 50_000
"""Entries that wait at most: a search by columns reads those one by one."""

_BREATH: Final = 0.02
"""Seconds for whoever shares the process: a search may be late, a checkpoint may not."""
_LEISURE: Final = 3.0
"""How many times as long as the making of a block the pause behind it is."""

log = structlog.get_logger(__name__)


async def step(pool: asyncpg.Pool, limit: int = BATCH) -> int:
    """Take in the next places of the log; return how many, 0 when all are taken in.

    Needs the sequencer's login.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    while True:
        with reachable():
            mark = await pool.fetchval(SQL["projection_mark"])
            rows = await pool.fetch(SQL["projection_batch"], mark, limit)
        if not rows:
            return 0
        after = int(rows[-1]["leaf_index"]) + 1
        with reachable():
            done = await pool.fetchval(SQL["project"], mark, after, *_columns(rows))
        if done:
            return after - int(mark)


async def catch_up(pool: asyncpg.Pool) -> int:
    """Take in all places that the log has by now; return how many.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    total = 0
    while count := await step(pool):
        total += count
    return total


async def follow(pool: asyncpg.Pool, interval: float = INTERVAL) -> None:
    """Take in what comes, until cancelled; whatever hinders it is told once and tried again.

    While more than `RUSH` entries a second come, or `QUEUE` have no place in the log yet, it stands
    back, until `PATIENCE` of them wait.
    Blocks are made when nothing waits and nobody is in a hurry, a quarter of the time.
    """
    hindrance, pace, progress = "", Pace(interval), blocks.Progress()
    while True:
        count, before, pause = 0, hindrance, interval
        try:
            with reachable():
                mark, extent, waiting = await pool.fetchrow(SQL["projection_ends"], QUEUE)
            rushing = pace.rushing(extent, time.monotonic()) or waiting == QUEUE
            if not rushing or extent - mark >= PATIENCE:
                count = await step(pool)
            if count:
                pause = _BREATH
            elif not rushing:
                began = time.monotonic()
                if progress.add(await blocks.step(pool)):
                    pause = _LEISURE * (time.monotonic() - began)
            hindrance = ""
        except (StoreError, asyncpg.PostgresError) as error:
            hindrance = f"{type(error).__name__}: {error}"
            if hindrance != before:
                log.warning("projector_waits", reason=hindrance)
        await asyncio.sleep(pause)


class Pace:
    """How fast the log grows, looked at once an interval (seconds)."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._extent: int | None = None
        self._at = 0.0
        self._rushing = False

    def rushing(self, extent: int, now: float) -> bool:
        """Say whether entries come in a rush, given the log's extent and a clock (seconds)."""
        passed = now - self._at
        if self._extent is None or passed >= self._interval:
            grown = extent - (extent if self._extent is None else self._extent)
            self._rushing = grown > RUSH * passed
            self._extent, self._at = extent, now
        return self._rushing


@asynccontextmanager
async def following(pool: asyncpg.Pool, interval: float = INTERVAL) -> AsyncIterator[None]:
    """Take in what comes while the block runs, beside whatever it does."""
    task = asyncio.create_task(follow(pool, interval))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def rebuild(admin: asyncpg.Pool) -> int:
    """Throw away what was projected and make it again; return the number of places.

    Needs the superuser or the owner. Meanwhile a search finds what is there so far.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        await admin.execute(SQL["forget_projection"])
    places = await catch_up(admin)
    await blocks.catch_up(admin)
    return places


def _columns(rows: Sequence[asyncpg.Record]) -> tuple[list[Any], ...]:
    """Return the times, ids and words of the entries that are taken in."""
    shown = [row for row in rows if row["leaf"] is not None]
    us, ids = ([row[name] for row in shown] for name in ("occurred_us", "event_id"))
    return us, ids, [_words(row["leaf"]) for row in shown]


def _words(leaf: str) -> str:
    try:
        return " ".join(sorted(entry_grams(parse(leaf))))
    except TrailUnreadable:
        # The checks find it; a search must not stand still because of it.
        return ""
