"""(e) Replay of a recorded campaign / of a bare history, and (j) sandbox and converter.

Goals: issue 2 "Speed and size", temporal.md 7 G7, G9 and G10.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from temporalio.client import WorkflowExecutionStatus, WorkflowHistory
from temporalio.contrib.pydantic import PydanticPayloadConverter
from temporalio.converter import DataConverter
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from bench.campaigns import a_campaign, a_twin, bare_update, decide, shared, start_of
from bench.figures import Figure, Goal, ratio
from bench.floor import Bare
from bench.ground import Ground
from duban.connection import DATA_CONVERTER, data_converter
from duban.contracts import CampaignInput, campaign_stream
from duban.domain.campaign.creation import create
from duban.proof.rings import KeyRing
from worker import WORKFLOWS, workflow_runner

DECISIONS = 165
_REPEATS = 20


async def replay(ground: Ground, rounds: int) -> list[Figure]:
    """Record a campaign and a bare entity live, up to the same length, and replay them in turns."""
    ours, bare = await _campaign_history(ground), await _bare_history(ground)
    whole, floor, free = [], [], []
    for _ in range(rounds):
        floor.append(await _replayed(bare, [Bare], SandboxedWorkflowRunner()))
        whole.append(await replayed_campaign(ours, ground.ring))
        free.append(await replayed_campaign(ours, ground.ring, UnsandboxedWorkflowRunner()))
    return [
        ratio(
            "replay, events/s / bare update + no-op local activity, sandboxed",
            [len(ours.events) / each.wall for each in whole],
            [len(bare.events) / each.wall for each in floor],
            Goal(">=", 0.7, "issue 2, G7"),
            unit="per_s",
        ),
        Figure(
            f"replay of a run of {len(ours.events)} events",
            "s",
            [each.wall for each in whole],
            Goal("<", 1, "issue 2, G7"),
        ),
        ratio(
            "sandbox: CPU of a replay / unsandboxed",
            [each.cpu for each in whole],
            [each.cpu for each in free],
            Goal("<=", 1.5, "G10"),
            unit="s",
        ),
    ]


async def _campaign_history(ground: Ground) -> WorkflowHistory:
    """Return a whole run, from the start to the first continue-as-new."""
    gateway = ground.gateway
    no = await a_campaign(gateway)
    first = ground.client.get_workflow_handle(campaign_stream(no))
    run_id = (await first.describe()).run_id
    run = ground.client.get_workflow_handle(campaign_stream(no), run_id=run_id)
    while (await run.describe()).status is WorkflowExecutionStatus.RUNNING:
        await shared([partial(decide, gateway, no)] * 10, 1)
    return await run.fetch_history()


async def _bare_history(ground: Ground) -> WorkflowHistory:
    """Return a history of the same kinds of events and about the same length."""
    twin = await a_twin(ground)
    await shared([partial(bare_update, twin, Bare.with_local_activity)] * DECISIONS, 1)
    return await twin.fetch_history()


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock and of the processor."""

    wall: float
    cpu: float


async def replayed_campaign(
    history: WorkflowHistory, ring: KeyRing, runner: WorkflowRunner | None = None
) -> Spent:
    """Replay a campaign's history as the worker would, in its own sandbox or another one."""
    return await _replayed(history, WORKFLOWS, runner or workflow_runner(), data_converter(ring))


async def _replayed(
    history: WorkflowHistory,
    workflows: Sequence[type],
    runner: WorkflowRunner,
    converter: DataConverter = DATA_CONVERTER,
) -> Spent:
    replayer = Replayer(workflows=workflows, workflow_runner=runner, data_converter=converter)
    began, used = time.perf_counter(), time.process_time()
    await replayer.replay_workflow(history)
    return Spent(time.perf_counter() - began, time.process_time() - used)


async def encoding(ground: Ground, rounds: int) -> list[Figure]:
    """The state as it crosses a continue-as-new: the client's converter / pydantic's alone."""
    start = start_of("BENCH-STATE")
    state = create(start, now=datetime.now(UTC) + start.clock_offset)
    state.unrecorded.clear()
    carried = CampaignInput(state=state, clock_offset=start.clock_offset)
    whole, alone = [], []
    for _ in range(rounds):
        whole.append(await through_converter(carried, ground.client.data_converter))
        alone.append(through_pydantic(carried))
    size = len(PydanticPayloadConverter().to_payloads([carried])[0].data) / 1024
    return [
        ratio(
            "state encoded and decoded / pydantic converter alone",
            whole,
            alone,
            Goal("<=", 1.3, "G9"),
            unit="ms",
        ),
        Figure("state of a new campaign, encoded", "KiB", [size]),
    ]


async def through_converter(carried: CampaignInput, converter: DataConverter) -> float:
    """Encode and decode a state as a client does; return how long it took, in milliseconds."""
    began = time.perf_counter()
    for _ in range(_REPEATS):
        payloads = await converter.encode([carried])
        await converter.decode(payloads, [CampaignInput])
    return (time.perf_counter() - began) / _REPEATS * 1000


def through_pydantic(carried: CampaignInput) -> float:
    """Encode and decode a state with pydantic alone; return how long it took, in milliseconds."""
    converter = PydanticPayloadConverter()
    began = time.perf_counter()
    for _ in range(_REPEATS):
        converter.from_payloads(converter.to_payloads([carried]), [CampaignInput])
    return (time.perf_counter() - began) / _REPEATS * 1000
