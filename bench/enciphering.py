"""(v) What the codec costs: decisions with it and without it, and a large state through it.

Goals: issue 5, temporal.md 7 G9.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

from temporalio.converter import WorkflowSerializationContext

from bench.campaigns import a_campaign, decide, latencies, rate, start_of
from bench.figures import Figure, Goal, percentile, ratio
from bench.ground import Ground
from bench.replay import through_converter, through_pydantic
from duban.contracts import CampaignInput, campaign_stream
from duban.domain.campaign.creation import create
from duban.gateway import CampaignGateway

QUEUE = "bench-clear"
ENTITIES = 20
CALLERS = 8
CALLS = 60
PEOPLE = 2000
_LARGE = "BENCH-LARGE"


async def enciphering(ground: Ground, rounds: int) -> list[Figure]:
    """Decisions of two workers that differ in the codec alone, in turns; then a state alone."""
    async with ground.product_worker(QUEUE, enciphered=False):
        clear = CampaignGateway(ground.bare, QUEUE)
        figures = await _decisions(ground.gateway, clear, rounds)
    return [*figures, *await _state(ground, rounds)]


async def _decisions(coded: CampaignGateway, clear: CampaignGateway, rounds: int) -> list[Figure]:
    each = [(gateway, await _campaigns(gateway)) for gateway in (coded, clear)]
    rates: list[list[float]] = [[], []]
    halves: list[list[float]] = [[], []]
    for nth in range(rounds):
        # Who goes first changes, so that neither has the better half of every round.
        for place in (nth % 2, 1 - nth % 2):
            gateway, numbers = each[place]
            calls = [partial(decide, gateway, no) for no in numbers] * 20
            rates[place].append(await rate(calls, CALLERS))
        # One decision here and one there: what else the machine does falls on both.
        taken: list[list[float]] = [[], []]
        for _ in range(CALLS):
            for place, (gateway, numbers) in enumerate(each):
                taken[place] += await latencies(partial(decide, gateway, numbers[0]), 1)
        for place in (0, 1):
            halves[place].append(percentile(taken[place], 0.5))
    text = "with the codec / without"
    rated, held = f"decisions/s over {ENTITIES} campaigns, {text}", f"decision latency p50, {text}"
    most, least = Goal(">=", 0.9, "issue 5"), Goal("<=", 1 / 0.9, "issue 5")
    return [
        ratio(rated, rates[0], rates[1], most, unit="per_s"),
        ratio(held, halves[0], halves[1], least, unit="ms"),
    ]


async def _campaigns(gateway: CampaignGateway) -> Sequence[str]:
    numbers = [await a_campaign(gateway) for _ in range(ENTITIES)]
    for no in numbers:
        await decide(gateway, no)
    return numbers


async def _state(ground: Ground, rounds: int) -> list[Figure]:
    """Encode and decode a state as it crosses a continue-as-new, beside pydantic alone."""
    carried = _large()
    context = WorkflowSerializationContext(ground.client.namespace, campaign_stream(_LARGE))
    converter = ground.client.data_converter.with_context(context)
    coded, alone = [], []
    for _ in range(rounds):
        coded.append(await through_converter(carried, converter))
        alone.append(through_pydantic(carried))
    [closed] = await converter.encode([carried])
    text = "large state encoded and decoded with the codec / pydantic converter alone"
    return [
        ratio(text, coded, alone, Goal("<=", 1.3, "G9"), unit="ms"),
        Figure("large state, enciphered", "KiB", [closed.ByteSize() / 1024]),
    ]


def _large() -> CampaignInput:
    """Return the state of a campaign with very many people."""
    start = start_of(_LARGE)
    state = create(start, now=datetime.now(UTC) + start.clock_offset)
    state.unrecorded.clear()
    some = list(state.person.values())
    for nth in range(PEOPLE):
        person = some[nth % len(some)]
        state.person[f"X-{nth}"] = person.model_copy(update={"id": f"X-{nth}"})
    return CampaignInput(state=state, clock_offset=start.clock_offset)
