"""(t) Two thousand problems of one campaign of sixty units, on one worker of their own.

They are registered and opened, handed to their units, and then all their clocks run out at one
moment: the units stayed silent and own their problems now (K62), while people go on deciding.
Goal: a campaign of that size runs on one worker. Nothing may fail, and the storm must be over
within the time that it takes to hand all of them out.
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
from bench.problems import CALLERS, assign, opened, reached, register, with_units
from duban.contracts import campaign_stream
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.limits import DeadlineCode, DeadlineRule
from duban.domain.spans import TimeUnit
from duban.gateway import CampaignGateway
from duban.store.pool import connected

PROBLEMS: Final = 2000
FEW: Final = 200
NO: Final = "BENCH-DOCKET"
QUEUE: Final = "bench-docket"
SECONDS_EACH: Final = 0.25
"""Of business time before the clocks run out, for each problem: to open it and hand it out."""
_SILENT: Final = "problem:problem:accepted_by_silence"
_PROBE_SECONDS: Final = 0.5


@dataclass
class _Place:
    ground: Ground
    gateway: CampaignGateway
    units: list[str]
    count: int
    failures: int = 0

    def unit(self, nth: int) -> str:
        """Return whose problem the nth is."""
        return self.units[nth % len(self.units)]

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
            return int(await connection.fetchval(question, NO, _SILENT))


async def docket(ground: Ground, rounds: int) -> list[Figure]:
    """Open, hand out, and let all clocks ring, once."""
    count = PROBLEMS if rounds > 2 else FEW
    due = datetime.now(UTC) + timedelta(seconds=60 + count * SECONDS_EACH)
    start = _falls_due(due)
    async with ground.product_worker(QUEUE) as child:
        gateway = CampaignGateway(ground.client, QUEUE)
        place = _Place(ground, gateway, [each.code for each in start.plan.units], count)
        await gateway.start(start)
        await establish(gateway, NO)
        opening = await _opening(place)
        assigning = await _assigning(place)
        assert datetime.now(UTC) < due, "the clocks ran out before all problems were handed out"
        ringing, waits = await _ringing(place, due)
        resident = psutil.Process(child.pid).memory_info().rss / 1e6
        return [
            _pace(f"{count} problems registered and opened", opening, count),
            _pace(f"{count} problems handed out", assigning, count),
            *_storm(count, ringing / assigning, {"took_s": ringing, "worker_MB": resident}, waits),
            Figure("errors in all of it", "errors", [place.failures], Goal("==", 0, "issue 4")),
            await _carried(place),
        ]


def _pace(text: str, seconds: float, count: int) -> Figure:
    return Figure(text, "s", [seconds], None, {"per_s": count / seconds})


def _storm(
    count: int, share: float, beside: dict[str, float], waits: list[float]
) -> tuple[Figure, Figure]:
    text = f"{count} clocks that run out at once, until all have rung / handing all out"
    meanwhile = {"p50_ms": percentile(waits, 0.5), "decisions": float(len(waits))}
    slow, text_of_slow = percentile(waits, 0.99), "decisions on the campaign meanwhile, p99"
    return (
        Figure(text, "x", [share], Goal("<=", 1, "issue 4"), beside),
        Figure(text_of_slow, "ms", [slow], None, meanwhile),
    )


def _falls_due(due: datetime) -> CampaignStart:
    """Return the start of a campaign whose first day closes at `due`.

    By its ruler a unit must take a problem over by the close of the day on which it gets it.
    """
    start = with_units(start_of(NO))
    rules = {each.code: each for each in start.policy.deadlines}
    rules[DeadlineCode.ACCEPT] = DeadlineRule(
        code=DeadlineCode.ACCEPT, unit=TimeUnit.IMMEDIATE, ladder=False
    )
    policy = start.policy.model_copy(update={"deadlines": tuple(rules.values())})
    closes = datetime.combine(start.plan.launch_on, policy.close_of_business, SHANGHAI)
    return start.model_copy(update={"policy": policy, "clock_offset": closes - due})


async def _opening(place: _Place) -> float:
    began = time.perf_counter()
    calls = [partial(register, place.gateway, NO, place.unit(nth)) for nth in range(place.count)]
    await shared([partial(place.tried, each) for each in calls], CALLERS)
    await reached(partial(opened, place.ground, NO), place.count)
    return time.perf_counter() - began


async def _assigning(place: _Place) -> float:
    began = time.perf_counter()
    calls = [
        partial(assign, place.gateway, f"{NO}-{nth + 1:04d}", place.unit(nth))
        for nth in range(place.count)
    ]
    await shared([partial(place.tried, each) for each in calls], CALLERS)
    return time.perf_counter() - began


async def _ringing(place: _Place, due: datetime) -> tuple[float, list[float]]:
    """Return how long the storm lasted, and how long people waited for decisions in it."""
    await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
    began, waits = time.perf_counter(), list[float]()
    ringing = asyncio.create_task(reached(place.silent, place.count))
    while not ringing.done():
        sent = time.perf_counter()
        await place.tried(partial(campaigns.decide, place.gateway, NO))
        waits.append((time.perf_counter() - sent) * 1000)
        await asyncio.wait([ringing], timeout=_PROBE_SECONDS)
    await ringing
    return time.perf_counter() - began, waits


async def _carried(place: _Place) -> Figure:
    """Return with how much the newest run of the campaign began."""
    handle = place.ground.client.get_workflow_handle(campaign_stream(NO))
    [begun, *_] = (await handle.fetch_history()).events
    payloads = begun.workflow_execution_started_event_attributes.input.payloads
    size = sum(len(each.data) for each in payloads) / 1024
    text = f"state of a campaign with {place.count} open problems, encoded"
    return Figure(text, "KiB", [size], Goal("<=", 512, "tests/domain/test_budget.py"))
