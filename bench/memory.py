"""(i) What a thousand sleeping campaigns cost a worker's memory / bare sandboxed entities.

Goal: temporal.md 7 G8. The floor keeps a payload as large as a campaign's start.
"""

import asyncio
from functools import partial

import psutil

from bench.campaigns import Call, a_campaign, a_twin, shared
from bench.figures import Figure, Goal, ratio
from bench.ground import Ground
from duban.gateway import CampaignGateway
from duban.stack.child import Child

CAMPAIGNS = 1000
"""As many as a worker caches by default, so that none is evicted."""
_ROUNDS = 3
_WARM_UP = 30
_CALLERS = 8


async def memory(ground: Ground, rounds: int) -> list[Figure]:
    """Start the entities on fresh workers, in turns; three rounds at most."""
    count = CAMPAIGNS if rounds > 2 else CAMPAIGNS // 5
    floor: list[float] = []
    product: list[float] = []
    for nth in range(min(rounds, _ROUNDS)):
        queue = f"bench-floor-memory-{nth}"
        async with ground.floor_worker(queue) as child:
            floor.append(await _grown(child, partial(a_twin, ground, queue), count))
        queue = f"bench-product-memory-{nth}"
        async with ground.product_worker(queue) as child:
            start = partial(a_campaign, CampaignGateway(ground.client, queue), established=False)
            product.append(await _grown(child, start, count))
    return [
        ratio(
            f"worker memory per sleeping campaign, {count} / bare entity of the same payload",
            product,
            floor,
            Goal("<=", 1, "G8"),
            unit="kB",
        )
    ]


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
