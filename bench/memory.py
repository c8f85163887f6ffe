"""(i, s) What a thousand sleeping campaigns, or problems, cost a worker's memory / bare entities.

Goal: temporal.md 7 G8. The floor keeps a payload as large as the entity's own.
"""

import asyncio
import itertools
from collections.abc import Callable
from functools import partial
from typing import Final

import psutil

from bench.campaigns import Call, a_campaign, a_twin, a_twin_of, shared
from bench.figures import Figure, Goal, ratio
from bench.ground import Ground
from bench.problems import asleep
from duban.contracts import PROBLEM_WORKFLOW, problem_stream
from duban.gateway import CampaignGateway
from duban.stack.child import Child

ENTITIES: Final = 1000
"""As many as a worker caches by default, so that none is evicted."""
_ROUNDS: Final = 3
_WARM_UP: Final = 30
_CALLERS: Final = 8

_numbers = itertools.count(1)
Starting = Callable[[str], Call]
"""What starts an entity on a queue."""


async def memory(ground: Ground, rounds: int) -> list[Figure]:
    """Start campaigns and bare entities on fresh workers, in turns; three rounds at most."""

    def campaign(queue: str) -> Call:
        return partial(a_campaign, CampaignGateway(ground.client, queue), established=False)

    return await _compared(ground, rounds, "campaign", (partial(_twin, ground), campaign))


async def problems_asleep(ground: Ground, rounds: int) -> list[Figure]:
    """Start problems that are with their unit, and bare entities, in the same way."""
    campaign = await a_campaign(ground.gateway)

    def problem(queue: str) -> Call:
        return partial(_problem, ground, campaign, queue)

    def bare(queue: str) -> Call:
        return partial(a_twin_of, ground, asleep(f"{campaign}-0001", campaign), queue)

    return await _compared(ground, rounds, "problem", (bare, problem))


async def _compared(
    ground: Ground, rounds: int, what: str, pair: tuple[Starting, Starting]
) -> list[Figure]:
    count = ENTITIES if rounds > 2 else ENTITIES // 5
    bare, entity = pair
    floor: list[float] = []
    product: list[float] = []
    for nth in range(min(rounds, _ROUNDS)):
        queue = f"bench-floor-{what}-{nth}"
        async with ground.floor_worker(queue) as child:
            floor.append(await _grown(child, bare(queue), count))
        queue = f"bench-product-{what}-{nth}"
        async with ground.product_worker(queue) as child:
            product.append(await _grown(child, entity(queue), count))
    text = f"worker memory per sleeping {what}, {count} / bare entity of the same payload"
    return [ratio(text, product, floor, Goal("<=", 1, "G8"), unit="kB")]


def _twin(ground: Ground, queue: str) -> Call:
    return partial(a_twin, ground, queue)


async def _problem(ground: Ground, campaign: str, queue: str) -> None:
    no = f"{campaign}-{next(_numbers):04d}"
    state, stream = asleep(no, campaign), problem_stream(no)
    await ground.client.start_workflow(PROBLEM_WORKFLOW, state, id=stream, task_queue=queue)


async def _grown(child: Child, start: Call, count: int) -> float:
    """Return the worker's growth in kB for each entity after the first few."""
    await shared([start] * _WARM_UP, _CALLERS)
    before = await _resident(child)
    await shared([start] * (count - _WARM_UP), _CALLERS)
    return (await _resident(child) - before) / (count - _WARM_UP) / 1000


async def _resident(child: Child) -> int:
    """Return the resident memory once the worker has nothing left to do."""
    process = psutil.Process(child.pid)
    process.cpu_percent()
    for _ in range(50):
        await asyncio.sleep(0.2)
        if process.cpu_percent() < 5:
            break
    return process.memory_info().rss
