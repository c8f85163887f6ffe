"""(r) Decisions on problems: latency, per second, and what each costs in history.

Floors and goals are those of decisions on campaigns (a, b, d).
"""

import itertools
from functools import partial

from bench.campaigns import Call
from bench.figures import Figure
from bench.ground import Ground
from bench.latency import beside_bare, grown
from bench.problems import assigned, decide
from bench.throughput import ENTITIES, rates_beside_bare
from duban.contracts import Receipt, problem_stream

_WHAT = "decision on a problem"


async def deciding(ground: Ground, rounds: int) -> list[Figure]:
    """Decide on 50 problems of one campaign in turns, then with 8 callers, then on new ones."""
    gateway = ground.gateway
    numbers = await assigned(ground, ENTITIES)
    turns = itertools.cycle(numbers)

    async def one() -> Receipt:
        return await decide(gateway, next(turns))

    async def anew() -> tuple[str, Call]:
        [no] = await assigned(ground, 1)
        return problem_stream(no), partial(decide, gateway, no)

    # A problem takes sixty pieces of evidence: fifteen one after the other, the rest at once.
    calls = [partial(decide, gateway, no) for no in numbers] * 4
    return [
        *await beside_bare(ground, rounds, _WHAT, one),
        *await rates_beside_bare(ground, rounds, f"{ENTITIES} problems", calls),
        *await grown(ground, rounds, _WHAT, anew),
    ]
