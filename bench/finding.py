"""(m) Chinese words in a large trail: common, rare, absent, and beside a search without an index.

Goals: issue 3 "Speed and size", audit.md 8. The newest 50, in the product's own way, with the
reader's login. A LIKE over the same leaves is what there is without an index of words.
"""

import time
from collections.abc import Sequence
from typing import Final

import asyncpg

from bench.courses import ONCE, RARE
from bench.figures import Figure, Goal, percentile, ratio
from bench.ground import Ground
from duban.store import trail
from duban.store.pool import READER
from duban.store.trail import TrailFilter

CALLS: Final = 20
"""Searches for each term in one round; fewer, where they take longer than this together."""
MOST_MS: Final = 5000.0
TERMS: Final = {
    "of every fifth entry": "进展",
    "of three characters": "不动产",
    "of one character": "账",
    "of a few entries of each campaign": "信访",
    "and another": "系统 账款",
    "of five entries of the year": RARE,
    "of no entry": "鲸落",
    "of no entry, though its pairs are common": "服务服",
    "of the oldest entry alone, though its pairs are common": ONCE,
}
GOAL: Final = Goal("<", 100, "issue 3")


async def terms(ground: Ground, rounds: int) -> list[Figure]:
    """Look for each term in turns, and once a round for the rare one by LIKE."""
    taken: dict[str, list[list[float]]] = {each: [] for each in TERMS.values()}
    scans: list[float] = []
    large = await ground.large()
    async with large.pool(READER) as pool:
        for _ in range(rounds):
            for term, values in taken.items():
                values.append(await _found(pool, term))
            scans.append(await _scanned(pool, RARE))
    rare = [percentile(each, 0.5) for each in taken[RARE]]
    return [
        *(_figure(kind, taken[term], GOAL) for kind, term in TERMS.items()),
        ratio(
            "a rare Chinese term / LIKE over the leaves",
            rare,
            scans,
            Goal("<=", 0.01, "audit.md 8"),
            unit="ms",
        ),
    ]


def _figure(kind: str, rounds: Sequence[Sequence[float]], goal: Goal) -> Figure:
    median = [percentile(each, 0.5) for each in rounds]
    slow = percentile([each for waits in rounds for each in waits], 0.99)
    text = f"newest 50 with a Chinese term {kind}"
    return Figure(text, "ms", median, goal, {"p99_ms": slow})


async def _found(pool: asyncpg.Pool, term: str) -> list[float]:
    waits: list[float] = []
    while len(waits) < CALLS and sum(waits) < MOST_MS:
        began = time.perf_counter()
        await trail.search(pool, TrailFilter(text=term))
        waits.append((time.perf_counter() - began) * 1000)
    return waits


async def _scanned(pool: asyncpg.Pool, term: str) -> float:
    statement = (
        "SELECT event_id, leaf FROM audit.event_ops WHERE leaf LIKE '%' || $1 || '%'"
        " ORDER BY occurred_us DESC LIMIT 50"
    )
    began = time.perf_counter()
    await pool.fetch(statement, term)
    return (time.perf_counter() - began) * 1000
