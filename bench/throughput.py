"""(b) Decisions per second over many campaigns, and (c) many callers on one campaign.

Goals: issue 2 "Speed and size", temporal.md 7 G2 and G16.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from bench.campaigns import Call, a_campaign, a_twin, bare_update, decide, rate
from bench.figures import Figure, Goal, ratio
from bench.floor import Bare
from bench.ground import Ground

ENTITIES = 50
CALLERS = 8
CROWD = 32


async def throughput(ground: Ground, rounds: int) -> list[Figure]:
    """50 campaigns and 50 bare entities, 8 callers each, in turns."""
    numbers = await asyncio.gather(*(a_campaign(ground.gateway) for _ in range(ENTITIES)))
    calls = [partial(decide, ground.gateway, no) for no in numbers] * 6
    return await rates_beside_bare(ground, rounds, f"{ENTITIES} campaigns", calls)


async def rates_beside_bare(
    ground: Ground, rounds: int, where: str, decisions: Sequence[Call]
) -> list[Figure]:
    """Let 8 callers share decisions, in turns with updates of 50 bare entities."""
    twins = await asyncio.gather(*(a_twin(ground) for _ in range(ENTITIES)))
    calls: dict[str, Sequence[Call]] = {
        "plain": [partial(bare_update, twin, Bare.plain) for twin in twins] * 6,
        "active": [partial(bare_update, twin, Bare.with_activity) for twin in twins] * 4,
        "product": decisions,
    }
    rates: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, planned in calls.items():
            rates[name].append(await rate(planned, CALLERS))
    text = f"decisions/s over {where}, {CALLERS} callers / bare updates"
    product = rates["product"]
    most, least = Goal(">=", 1.3, "issue 2"), Goal(">=", 0.35, "G2")
    return [
        ratio(f"{text} + no-op activity", product, rates["active"], most, unit="per_s"),
        ratio(text, product, rates["plain"], least, unit="per_s"),
    ]


async def crowd(ground: Ground, rounds: int) -> list[Figure]:
    """32 callers on one campaign; the floor has as many in flight as the server bears."""
    gateway = ground.gateway
    no = await a_campaign(gateway)
    twin = await a_twin(ground)
    errors = [0.0] * rounds
    product, floor = [], []

    async def counted(place: int) -> None:
        try:
            await decide(gateway, no)
        except Exception:  # noqa: BLE001 - whatever goes wrong is what is counted here
            errors[place] += 1

    for place in range(rounds):
        floor.append(await rate([partial(bare_update, twin, Bare.plain)] * 160, CALLERS))
        product.append(await rate([partial(counted, place)] * 160, CROWD))
    return [
        Figure(f"errors, {CROWD} callers on one campaign", "errors", errors, Goal("==", 0, "G16")),
        ratio(
            f"decisions/s, {CROWD} callers on one campaign / {CALLERS} bare updates in flight",
            product,
            floor,
            None,
            unit="per_s",
        ),
    ]
