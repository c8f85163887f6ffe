"""(n) The answerable questions of the 52, about sample campaigns and problems on a large trail.

Goal: issue 3 "Speed and size". From reading the campaign's entries to the encoded answer, with the
reader's login; not timed are the entry that says who reads, and the start of a command.
"""

import statistics
import time
from datetime import UTC, timedelta
from typing import Final

import asyncpg

from bench.courses import samples
from bench.figures import Figure, Goal, percentile
from bench.ground import Ground, unburdened
from duban.cli.question_commands import entry_of
from duban.contracts import Record
from duban.questions import QUESTIONS, Asked, Fact, LogReport, Question, answer
from duban.store import trail
from duban.store.checks import TrailRules
from duban.store.pool import READER

LIMIT_MS: Final = 200.0
REPEATS: Final = 2


def answerable() -> list[Question]:
    """Return the questions whose facts are on the trail, in whole or in part."""
    return [each for each in QUESTIONS if each.reply is not None]


async def questions(ground: Ground, rounds: int) -> list[Figure]:
    """Ask each question of each sample campaign and its problems, as of the day after its end."""
    large, asked = await ground.large(), samples()
    taken: dict[str, list[float]] = {each.slug: [] for each in answerable()}
    async with large.pool(READER) as pool:
        for _ in range(rounds):
            for each in answerable():
                with unburdened():
                    waits = [await _waited(pool, each, record) for record in asked * REPEATS]
                taken[each.slug].append(percentile(waits, 0.5))
    slowest = max(taken, key=lambda slug: statistics.median(taken[slug]))
    return [
        Figure(
            f"the slowest of {len(taken)} answerable questions: {slowest}",
            "ms",
            taken[slowest],
            Goal("<", LIMIT_MS, "issue 3"),
            {"all_ms": statistics.median([each for waits in taken.values() for each in waits])},
        )
    ]


async def _waited(pool: asyncpg.Pool, question: Question, record: Record) -> float:
    moment = record.events[-1].occurred_at.astimezone(UTC) + timedelta(days=1)
    log = LogReport("HOLDS", 0, 0, "") if Fact.LOG_REPORT in question.facts else None
    asked = Asked(moment, writers=TrailRules().writers, log=log)
    began = time.perf_counter()
    stored = await trail.campaign_entries(pool, str(record.campaign))
    answer(question, [entry_of(each) for each in stored], asked).encoded()
    return (time.perf_counter() - began) * 1000
