"""(q) Kills and an outage: how much is done twice, and how long it takes to catch up.

Goals: temporal.md 7 G11 and G12. The Temporal server keeps its data on disk and is killed too; the
workers are killed every few seconds, in the middle of what they do.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

import asyncpg

from bench.campaigns import a_campaign, a_decision, shared, start_of
from bench.figures import Figure, Goal
from bench.ground import Ground
from duban.contracts import Receipt
from duban.domain.campaign.commands import FileDocument
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.limits import DeadlineCode, DeadlineRule
from duban.domain.spans import TimeUnit
from duban.errors import Unavailable
from duban.gateway import CampaignGateway
from duban.stack.child import Child, kill_group
from duban.stack.ports import free_port
from duban.stack.temporal import DevServer, TemporalPlan, connect
from duban.store.canonical import microseconds
from duban.store.pool import connected

QUEUE: Final = "bench-outage"
CALLERS: Final = 8
DECISIONS: Final = 12
"""Decisions of each campaign while workers are killed."""
LIFE_SECONDS: Final = 4.0
"""How long a worker works before it is killed."""
AHEAD: Final = timedelta(seconds=45)
"""When the alarms ring, from the moment at which the first campaign that waits is started."""
OUTAGE_SECONDS: Final = 30.0
GRACE_SECONDS: Final = 60.0
"""What catching up may take beside the length of the outage."""
_PAUSE: Final = 0.2


@dataclass(frozen=True)
class _Place:
    """A Temporal server with its data on disk and workers that may be killed."""

    ground: Ground
    server: DevServer

    @property
    def gateway(self) -> CampaignGateway:
        """The door to the campaigns of whatever worker there is."""
        return CampaignGateway(self.ground.client, QUEUE)

    @property
    def counts(self) -> Path:
        """Where workers note how many records they sent to the trail, and how many again."""
        return self.ground.home / "appends"

    async def entries(self, numbers: Sequence[str]) -> list[asyncpg.Record]:
        """Return the entries of campaigns, in the order of each."""
        async with connected(self.ground.postgres.dsn("bench")) as connection:
            rows: list[asyncpg.Record] = await connection.fetch(
                "SELECT stream, seq, tag, occurred_us, leaf::json -> 'e' ->> 'req' AS req"
                " FROM audit.event WHERE campaign = ANY($1) ORDER BY stream, seq",
                list(numbers),
            )
        return rows

    async def kill(self, child: Child) -> None:
        """Kill a process and wait for its end."""
        kill_group(child.pid)
        await child.wait()


async def outage(ground: Ground, rounds: int) -> list[Figure]:
    """Kill workers and server under load, then keep everything down while alarms fall due."""
    plan = TemporalPlan(ground.home / "outage.log", free_port(), database=ground.home / "outage.db")
    async with DevServer(plan) as server:
        client = await connect(server.address, plan.namespace, ground.ring)
        place = _Place(replace(ground, client=client, address=server.address), server)
        few = rounds <= 2
        killed = await _killed(place, campaigns=20 if few else 100, kills=3 if few else 6)
        return [*killed, *await _overslept(place, 60 if few else 300)]


async def _killed(place: _Place, campaigns: int, kills: int) -> list[Figure]:
    """Let people decide while workers, and the server once, are killed."""
    async with place.ground.product_worker(QUEUE):
        numbers = [await a_campaign(place.gateway) for _ in range(campaigns)]
    asked = [(no, a_decision()) for _ in range(DECISIONS) for no in numbers]
    calls = [partial(_insist, place.gateway, no, command) for no, command in asked]
    deciding = asyncio.create_task(shared(calls, CALLERS))
    for nth in range(kills):
        async with place.ground.product_worker(QUEUE, place.counts) as child:
            await asyncio.sleep(LIFE_SECONDS)
            if nth == kills // 2:
                await place.kill(place.server.child)
                await place.server.start()
            await place.kill(child)
    assert not deciding.done(), "everything was decided before the last kill"
    async with place.ground.product_worker(QUEUE, place.counts):
        await deciding
    return await _judged(place, numbers, [command.request_id for _, command in asked])


async def _judged(place: _Place, numbers: Sequence[str], asked: Sequence[str]) -> list[Figure]:
    rows = await place.entries(numbers)
    filed = Counter(row["req"] for row in rows if row["tag"] == "campaign:document:filed")
    last = {row["stream"]: row["seq"] for row in rows}
    counts = [line.split() for line in place.counts.read_text().splitlines()]
    records, again = (sum(int(each[at]) for each in counts) for at in (0, 1))
    return [
        Figure(
            "decisions lost or doubled while workers and server are killed",
            "count",
            [sum(filed[each] != 1 for each in asked)],
            Goal("==", 0, "G11"),
            {"decisions": float(len(asked))},
        ),
        Figure(
            "ordinals missing then",
            "count",
            [sum(each + 1 for each in last.values()) - len(rows)],
            Goal("==", 0, "G11"),
        ),
        Figure(
            "of all records sent to the trail then, those sent again",
            "x",
            [again / records],
            Goal("<=", 0.05, "G11"),
            {"records": float(records), "again": float(again)},
        ),
    ]


async def _insist(gateway: CampaignGateway, no: str, command: FileDocument) -> Receipt:
    """Ask with one request id until there is an answer."""
    while True:
        try:
            return await gateway.execute(no, command)
        except Unavailable:
            await asyncio.sleep(_PAUSE)


async def _overslept(place: _Place, campaigns: int) -> list[Figure]:
    """Kill everything, let the alarms of all campaigns fall due, and start it again."""
    due = datetime.now(UTC) + AHEAD
    starts = [_starts_today(f"OUTAGE-{nth:03}", due) for nth in range(campaigns)]
    numbers, rings_at = [each.plan.no for each in starts], due + starts[0].clock_offset
    async with place.ground.product_worker(QUEUE) as child:
        await shared([partial(place.gateway.start, each) for each in starts], CALLERS)
        await place.kill(child)
        await place.kill(place.server.child)
    down = time.monotonic()
    assert datetime.now(UTC) < due, "the alarms rang before everything was down"
    assert not await _rung(place, numbers, rings_at)
    await asyncio.sleep(max(OUTAGE_SECONDS, (due - datetime.now(UTC)).total_seconds() + 1))
    lasted = time.monotonic() - down
    rung, took = await _caught_up(place, numbers, rings_at, 2 * (lasted + GRACE_SECONDS))
    return [
        Figure(
            f"of {campaigns} campaigns whose alarm fell due in an outage, those it rang in",
            "x",
            [rung / campaigns],
            Goal("==", 1, "G12"),
        ),
        Figure(
            "the last of them, from the start of the servers / the outage and a minute",
            "x",
            [took / (lasted + GRACE_SECONDS)],
            Goal("<=", 1, "G12"),
            {"outage_s": lasted, "took_s": took},
        ),
    ]


async def _caught_up(
    place: _Place, numbers: Sequence[str], rings_at: datetime, within: float
) -> tuple[int, float]:
    """Start the servers; return in how many campaigns the alarm rang, and the seconds it took."""
    began = time.monotonic()
    await place.server.start()
    async with place.ground.product_worker(QUEUE):
        while len(rung := await _rung(place, numbers, rings_at)) < len(numbers):
            if time.monotonic() - began > within:
                break
            await asyncio.sleep(_PAUSE)
        return len(rung), time.monotonic() - began


def _starts_today(no: str, due: datetime) -> CampaignStart:
    """Return the start of a campaign whose first alarm rings at `due`.

    By its ruler a draft is old at the close of the day on which it was begun.
    """
    start = start_of(no)
    rules = {each.code: each for each in start.policy.deadlines}
    rules[DeadlineCode.DRAFT_AGE] = DeadlineRule(
        code=DeadlineCode.DRAFT_AGE, unit=TimeUnit.IMMEDIATE, ladder=False
    )
    policy = start.policy.model_copy(update={"deadlines": tuple(rules.values())})
    closes = datetime.combine(start.plan.launch_on, policy.close_of_business, SHANGHAI)
    return start.model_copy(update={"policy": policy, "clock_offset": closes - due})


async def _rung(place: _Place, numbers: Sequence[str], rings_at: datetime) -> set[str]:
    """Return the campaigns in which the alarm of that moment has rung."""
    moment = microseconds(rings_at)
    rows = await place.entries(numbers)
    return {row["stream"] for row in rows if row["occurred_us"] >= moment}
