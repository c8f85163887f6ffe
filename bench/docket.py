"""(t) Two thousand problems of one campaign of sixty units, on one worker of their own.

First they are registered and opened. Then there are as many that are with their units, and all
their clocks run out at one moment: the units stayed silent and own their problems now (K62), while
people go on deciding. Goals: nothing may fail, and the campaign's state must still travel.
"""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import psutil

from bench import campaigns
from bench.campaigns import establish, shared, start_of
from bench.figures import Figure, Goal, percentile
from bench.ground import Ground
from bench.problems import CALLERS, handed_out, opened, reached, register, with_units
from duban.contracts import (
    PROBLEM_WORKFLOW,
    Mode,
    ProblemInput,
    Record,
    campaign_stream,
    problem_stream,
)
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.limits import DeadlineCode, DeadlineRule
from duban.domain.problem.problem import Problem
from duban.domain.spans import TimeUnit
from duban.gateway import CampaignGateway
from duban.store.audit import AuditStore
from duban.store.pool import connected, open_pool

PROBLEMS: Final = 2000
FEW: Final = 200
QUEUE: Final = "bench-docket"
OPENED: Final = "BENCH-OPENED"
STORM: Final = "BENCH-STORM"
AHEAD: Final = timedelta(seconds=20)
AHEAD_EACH: Final = timedelta(seconds=0.05)
"""When the clocks run out, from the moment at which the problems are made."""
_SILENT: Final = "problem:problem:accepted_by_silence"
_TOGETHER: Final = 200
_PROBE_SECONDS: Final = 0.5


@dataclass
class _Place:
    ground: Ground
    gateway: CampaignGateway
    count: int
    failures: int = 0

    async def tried(self, call: campaigns.Call) -> None:
        """Make a call; one that fails is counted."""
        try:
            await call()
        except Exception:  # noqa: BLE001 - whatever goes wrong is what is counted here
            self.failures += 1

    async def silent(self) -> int:
        """Return how many units have become owners by their silence."""
        question = "SELECT count(*) FROM audit.event WHERE campaign = $1 AND tag = $2"
        async with connected(self.ground.postgres.dsn("bench")) as connection:
            return int(await connection.fetchval(question, STORM, _SILENT))


async def docket(ground: Ground, rounds: int) -> list[Figure]:
    """Open problems, and let the clocks of others ring, once."""
    count = PROBLEMS if rounds > 2 else FEW
    async with ground.product_worker(QUEUE) as child:
        place = _Place(ground, CampaignGateway(ground.client, QUEUE), count)
        opening = await _opening(place)
        size = await _carried(place)
        due = datetime.now(UTC) + AHEAD + count * AHEAD_EACH
        await _sleeping(place, due)
        ringing, waits = await _ringing(place, due)
        resident = psutil.Process(child.pid).memory_info().rss / 1e6
    return [
        _pace(f"{count} problems registered and opened", opening, count),
        size,
        _pace(f"{count} clocks that run out at once, until all have rung", ringing, count),
        Figure(
            "decisions on the campaign meanwhile, p99",
            "ms",
            [percentile(waits, 0.99)],
            None,
            {"p50_ms": percentile(waits, 0.5), "decisions": float(len(waits))},
        ),
        Figure("memory of the worker then", "MB", [resident]),
        Figure("errors in all of it", "errors", [place.failures], Goal("==", 0, "issue 4")),
    ]


def _pace(text: str, seconds: float, count: int) -> Figure:
    return Figure(text, "s", [seconds], None, {"per_s": count / seconds})


async def _opening(place: _Place) -> float:
    start = with_units(start_of(OPENED))
    await place.gateway.start(start)
    await establish(place.gateway, OPENED)
    units = [each.code for each in start.plan.units]
    calls = [
        partial(register, place.gateway, OPENED, units[nth % len(units)])
        for nth in range(place.count)
    ]
    began = time.perf_counter()
    await shared([partial(place.tried, each) for each in calls], CALLERS)
    await reached(partial(opened, place.ground, OPENED), place.count - place.failures)
    return time.perf_counter() - began


async def _carried(place: _Place) -> Figure:
    """Return with how much the newest run of the campaign began."""
    handle = place.ground.client.get_workflow_handle(campaign_stream(OPENED))
    [begun, *_] = (await handle.fetch_history()).events
    payloads = begun.workflow_execution_started_event_attributes.input.payloads
    size = sum(len(each.data) for each in payloads) / 1024
    text = f"state of a campaign with {place.count} open problems, encoded"
    return Figure(text, "KiB", [size], Goal("<=", 512, "tests/domain/test_budget.py"))


async def _sleeping(place: _Place, due: datetime) -> None:
    """Start a campaign and problems that are with their units, each from its recorded state."""
    start = _falls_due(due)
    await place.gateway.start(start)
    await establish(place.gateway, STORM)
    units = [each.code for each in start.plan.units]
    problems = [
        handed_out(f"{STORM}-{nth + 1:04d}", start, units[nth % len(units)])
        for nth in range(place.count)
    ]
    await _recorded(place.ground, problems)
    calls = [partial(_start, place, each, start.clock_offset) for each in problems]
    await shared([partial(place.tried, each) for each in calls], CALLERS)


async def _recorded(ground: Ground, problems: list[Problem]) -> None:
    """Put what the problems said onto the trail, as their workflows would have."""
    pool = await open_pool(ground.worker_dsn, max_size=1)
    try:
        store = AuditStore(pool, ground.key)
        for first in range(0, len(problems), _TOGETHER):
            some = problems[first : first + _TOGETHER]
            results = await store.append([_record(each) for each in some])
            assert all(each.error is None for each in results)
    finally:
        await pool.close()
    for each in problems:
        each.recorded(len(each.state.unrecorded))


def _record(problem: Problem) -> Record:
    return Record(
        stream=problem_stream(problem.record.no),
        campaign=problem.record.campaign,
        mode=Mode.REHEARSAL,
        events=tuple(problem.state.unrecorded),
    )


async def _start(place: _Place, problem: Problem, offset: timedelta) -> None:
    stream = problem_stream(problem.record.no)
    given = ProblemInput(state=problem.state, clock_offset=offset)
    await place.ground.client.start_workflow(PROBLEM_WORKFLOW, given, id=stream, task_queue=QUEUE)


def _falls_due(due: datetime) -> CampaignStart:
    """Return the start of a campaign whose first day closes at `due`.

    By its ruler a unit must take a problem over by the close of the day on which it gets it.
    """
    start = with_units(start_of(STORM))
    rules = {each.code: each for each in start.policy.deadlines}
    rules[DeadlineCode.ACCEPT] = DeadlineRule(
        code=DeadlineCode.ACCEPT, unit=TimeUnit.IMMEDIATE, ladder=False
    )
    policy = start.policy.model_copy(update={"deadlines": tuple(rules.values())})
    closes = datetime.combine(start.plan.launch_on, policy.close_of_business, SHANGHAI)
    return start.model_copy(update={"policy": policy, "clock_offset": closes - due})


async def _ringing(place: _Place, due: datetime) -> tuple[float, list[float]]:
    """Return how long the storm lasted, and how long people waited for decisions in it."""
    await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
    began, waits = time.perf_counter(), list[float]()
    ringing = asyncio.create_task(reached(place.silent, place.count))
    while not ringing.done():
        sent = time.perf_counter()
        await place.tried(partial(campaigns.decide, place.gateway, STORM))
        waits.append((time.perf_counter() - sent) * 1000)
        await asyncio.wait([ringing], timeout=_PROBE_SECONDS)
    await ringing
    return time.perf_counter() - began, waits
