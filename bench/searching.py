"""(l) Pages of search over a large trail, and what they cost when it is ten times as large.

Goals: issue 3 "Speed and size", audit.md 8. Every page is asked for in the product's own way, with
the reader's login, each time at another place or of another name; 50 entries, newest first.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import asyncpg

from bench.courses import PRINCIPAL
from bench.figures import Figure, Goal, percentile, ratio
from bench.filling import SPAN
from bench.ground import Ground
from duban.domain.events import Outcome
from duban.store import trail
from duban.store.pool import READER
from duban.store.trail import Key, TrailFilter

PAGES: Final = 100
"""Pages of each kind in one round."""
WEEK: Final = timedelta(days=7)

COMPARED: Final = 10_000_000
"""Entries from which on a trail is compared with one a tenth as large."""
TENTH: Final = 10

_Waits = dict[str, list[list[float]]]
Ask = Callable[[random.Random], TrailFilter]


def _moment(chance: random.Random) -> datetime:
    """Return a moment within the trail, a week from its beginning and its end."""
    return datetime.now(UTC) - WEEK - chance.random() * (SPAN - 2 * WEEK)


def _deep(chance: random.Random) -> TrailFilter:
    us = int(_moment(chance).timestamp()) * 1_000_000
    return TrailFilter(after=Key(us, 0, UUID(int=0)))


def _week(chance: random.Random) -> dict[str, Any]:
    until = _moment(chance)
    return {"since": until - WEEK, "until": until}


def _unit(chance: random.Random) -> str:
    return f"U{chance.randint(1, 19):02}"


KINDS: Final[Mapping[str, Ask]] = {
    "newest first": lambda _: TrailFilter(),
    "deep in the trail": _deep,
    "by campaign": lambda c: TrailFilter(campaign=f"QZ{c.randint(10, 1000):08}"),
    "by unit": lambda c: TrailFilter(unit=_unit(c)),
    "by actor": lambda c: TrailFilter(actor=f"{_unit(c)}-H1"),
    "on behalf of a person": lambda _: TrailFilter(on_behalf_of=PRINCIPAL),
    "by action": lambda _: TrailFilter(tag="campaign:goal:achieved"),
    "by the beginning of an action": lambda _: TrailFilter(tag="campaign:deadline:"),
    "by object": lambda c: TrailFilter(object_type="task", object_id=f"B-{c.randint(1, 6):02}"),
    "by type of object": lambda _: TrailFilter(object_type="document"),
    "by outcome": lambda _: TrailFilter(outcome=Outcome.REJECTED),
    "of a day": lambda c: TrailFilter(until=(at := _moment(c)), since=at - timedelta(days=1)),
    "of a week": lambda c: TrailFilter(**_week(c)),
    "of a week by unit": lambda c: TrailFilter(**_week(c), unit=_unit(c)),
    "of a week by outcome": lambda c: TrailFilter(**_week(c), outcome=Outcome.REJECTED),
    "of a week by the beginning of an action": lambda c: TrailFilter(**_week(c), tag="campaign:t"),
}


async def searching(ground: Ground, rounds: int) -> list[Figure]:
    """Turn pages of the large trail; of a very large one beside those of one a tenth of it."""
    sizes = [ground.entries]
    if ground.entries >= COMPARED:
        sizes.insert(0, ground.entries // TENTH)
    trails = [await ground.large(each) for each in sizes]
    taken = [{name: list[list[float]]() for name in KINDS} for _ in trails]
    for nth in range(rounds):
        for large, waits in zip(trails, taken, strict=True):
            async with large.pool(READER) as pool:
                for name, ask in KINDS.items():
                    waits[name].append(await _round(pool, ask, nth))
    compared = _compared(taken[0], taken[-1]) if len(trails) > 1 else []
    return [*(_figure(name, waits) for name, waits in taken[-1].items()), *compared]


def _figure(name: str, rounds: Sequence[Sequence[float]]) -> Figure:
    """Return the 99th percentile of every round."""
    slow = [percentile(each, 0.99) for each in rounds]
    median = percentile([each for waits in rounds for each in waits], 0.5)
    goal = Goal("<", 50, "issue 3")
    return Figure(f"page of entries {name}, p99", "ms", slow, goal, {"p50_ms": median})


def _compared(small: _Waits, large: _Waits) -> list[Figure]:
    return [
        ratio(
            f"page of entries {name}, p50 / in a trail a tenth as large",
            [percentile(each, 0.5) for each in large[name]],
            [percentile(each, 0.5) for each in small[name]],
            Goal("<=", 5, "issue 3"),
            unit="ms",
        )
        for name in KINDS
    ]


async def _round(pool: asyncpg.Pool, ask: Ask, nth: int) -> list[float]:
    chance = random.Random(nth)  # noqa: S311 - the same places every time
    waits: list[float] = []
    for _ in range(PAGES):
        wanted = ask(chance)
        began = time.perf_counter()
        await trail.search(pool, wanted)
        waits.append((time.perf_counter() - began) * 1000)
    return waits
