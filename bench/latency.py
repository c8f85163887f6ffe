"""(a) One decision, from the call to the answer after the commit, and (d) what it costs in history.

Goals: issue 2 "Speed and size", temporal.md 7 G4 and G5.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from temporalio.client import WorkflowHandle

from bench.campaigns import Call, a_campaign, a_twin, bare_update, decide, latencies
from bench.figures import Figure, Goal, percentile, ratio
from bench.floor import Bare
from bench.ground import Ground
from duban.contracts import campaign_stream

CALLS = 80
_BARE = "bare update"
_NO_OP = "bare update + no-op activity"


async def latency(ground: Ground, rounds: int) -> list[Figure]:
    """Sequential calls on one campaign and on two bare entities, in turns."""
    no = await a_campaign(ground.gateway)
    return await beside_bare(ground, rounds, "decision", partial(decide, ground.gateway, no))


async def beside_bare(ground: Ground, rounds: int, what: str, decision: Call) -> list[Figure]:
    """Make calls one after the other, in turns with those on two bare entities."""
    plain, active = await a_twin(ground), await a_twin(ground)
    calls: dict[str, Call] = {
        _BARE: partial(bare_update, plain, Bare.plain),
        _NO_OP: partial(bare_update, active, Bare.with_activity),
        what: decision,
    }
    for call in calls.values():
        await latencies(call, 10)
    measured: dict[str, list[list[float]]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            measured[name].append(await latencies(call, CALLS))
    return [
        _compared(measured, what, (0.50, _NO_OP, 0.6)),
        _compared(measured, what, (0.50, _BARE, 2)),
        _compared(measured, what, (0.99, _NO_OP, 1)),
        _compared(measured, what, (0.99, _BARE, 3)),
    ]


def _compared(
    measured: dict[str, list[list[float]]], what: str, goal: tuple[float, str, float]
) -> Figure:
    share, floor, limit = goal
    at = {name: [percentile(each, share) for each in taken] for name, taken in measured.items()}
    text = f"{what} latency p{share * 100:.0f} / {floor}"
    return ratio(text, at[what], at[floor], Goal("<=", limit, "issue 2"), unit="ms")


async def history(ground: Ground, rounds: int) -> list[Figure]:
    """What one decision adds to a campaign's history, beside the floor's update with activity."""

    async def anew() -> tuple[str, Call]:
        no = await a_campaign(ground.gateway)
        return campaign_stream(no), partial(decide, ground.gateway, no)

    return await grown(ground, rounds, "decision", anew)


async def grown(
    ground: Ground, rounds: int, what: str, anew: Callable[[], Awaitable[tuple[str, Call]]]
) -> list[Figure]:
    """Return what a call adds to a workflow's history; `anew` makes workflow and call.

    Each round has an entity of its own, so that none continues as new meanwhile.
    """
    events, size, bare_size = [], [], []
    for _ in range(rounds):
        (stream, call), twin = await anew(), await a_twin(ground)
        entity = ground.client.get_workflow_handle(stream)
        count, bytes_grown = await _grown(entity, call)
        _, bare = await _grown(twin, partial(bare_update, twin, Bare.with_activity))
        events.append(count)
        size.append(bytes_grown)
        bare_size.append(bare)
    return [
        Figure(f"history events per {what}", "events", events, Goal("<=", 7.5, "issue 2, G4")),
        ratio(
            f"history bytes per {what} / {_NO_OP}", size, bare_size, Goal("<=", 1.6, "G5"), unit="B"
        ),
    ]


async def _grown(handle: WorkflowHandle[Any, Any], call: Call) -> tuple[float, float]:
    """Return by how many events and bytes the history grows with one call."""
    calls = 40
    before = await _extent(handle)
    await latencies(call, calls)
    after = await _extent(handle)
    return (after[0] - before[0]) / calls, (after[1] - before[1]) / calls


async def _extent(handle: WorkflowHandle[Any, Any]) -> tuple[int, int]:
    info = (await handle.describe()).raw_description.workflow_execution_info
    return info.history_length, info.history_size_bytes
