"""Receipts of decisions of weight: kept in the history, never waited for, never lost on the way."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle

from duban.connection import data_converter
from duban.contracts import PROVE_ACTIVITY, Proofs, receipts_workflow
from duban.domain.campaign import commands as c
from duban.domain.campaign.weight import weighty
from duban.stack.temporal import DevServer, TemporalPlan, connect
from tests.support.clock import NO, STREAM, Stage, note, real_stage, until
from tests.support.rings import RING, belongs_to
from tests.support.trail import WatchedTrail

SOON = timedelta(minutes=30)


@pytest_asyncio.fixture
async def short_runs(
    dev_server: DevServer, tmp_path: Path, trail: WatchedTrail
) -> AsyncIterator[Stage]:
    """A stage in real time on a server that asks for a new run every forty events."""
    often = {"limit.historyCount.suggestContinueAsNew": "40"}
    plan = TemporalPlan(log=tmp_path / "temporal.log", dynamic_config=often)
    async with DevServer(plan) as server:
        client = await connect(server.address, "default", RING)
        async with real_stage(client, trail) as ready:
            yield ready


async def _kept(handle: WorkflowHandle[Any, Any]) -> list[int]:
    """Return the ordinals whose receipt stands in a history."""
    kept = []
    async for event in handle.fetch_history_events():
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            result = event.activity_task_completed_event_attributes.result
            [proofs] = await data_converter(RING).decode(result.payloads, [Proofs])
            kept += [each.seq for each in proofs.receipts]
    return kept


async def _over(handle: WorkflowHandle[Any, Any]) -> None:
    """Wait for the end without letting time pass: an attempt that a run left behind stops it."""
    async with asyncio.timeout(20):
        while (await handle.describe()).status is WorkflowExecutionStatus.RUNNING:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def _asked(stage: Stage) -> int:
    """Return how often the history orders proofs."""
    history = await stage.handle.fetch_history()
    scheduled = [each.activity_task_scheduled_event_attributes for each in history.events]
    return sum(each.activity_type.name == PROVE_ACTIVITY for each in scheduled)


async def _paused(stage: Stage) -> None:
    await stage.do(c.Suspend, "LG-1", reason="机构改革", doc_no="纪要3号")
    await stage.do(c.Resume, "LG-1", reason="改革完成", doc_no="纪要4号")


async def test_decisions_of_weight_are_kept_with_their_proofs(stage: Stage) -> None:
    await stage.start_live()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await _paused(stage)
    await stage.do(c.FileDocument, "OF-1", **note(1))
    await until(lambda: stage.trail.asked)
    stage.trail.logged = True
    await stage.env.sleep(SOON)

    kept = await _kept(stage.handle)
    assert kept == weighty(stage.events) != []
    assert len(kept) < len(stage.events)
    assert await _asked(stage) <= 2


async def test_a_log_that_stands_still_holds_nothing_up(stage: Stage) -> None:
    await stage.start_live()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await _paused(stage)
    await stage.env.sleep(timedelta(days=2))
    assert len(stage.trail.asked) > 20
    assert await _asked(stage) == 1
    await stage.end()

    await _over(stage.handle)
    assert (await stage.handle.result()).stage == "terminated"
    assert await _kept(stage.handle) == []


async def test_what_a_campaign_ends_without_is_fetched_by_another(stage: Stage) -> None:
    await stage.start_live()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await until(lambda: stage.trail.asked)
    # The campaign itself would ask once more in two minutes, but it ends before.
    stage.trail.logged = True
    await stage.end()
    await _over(stage.handle)
    assert await _kept(stage.handle) == []
    heir = stage.client.get_workflow_handle(receipts_workflow(STREAM))
    await _over(heir)

    begun = EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED
    assert belongs_to(await stage.handle.fetch_history(), begun) == {heir.id}
    assert await heir.result() == len(weighty(stage.events))
    assert await _kept(heir) == weighty(stage.events)
    assert stage.events[-1].seq in weighty(stage.events)


async def test_what_the_log_passed_over_is_asked_for_beside_what_is_new(stage: Stage) -> None:
    await stage.start_live()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    [entered] = weighty(stage.events)
    stage.trail.passed_over, stage.trail.logged = frozenset({entered}), True
    await stage.env.sleep(SOON)
    assert (await _asked(stage), await _kept(stage.handle)) == (1, [])
    stage.trail.passed_over = frozenset()
    await _paused(stage)
    await stage.env.sleep(SOON)

    assert sorted(await _kept(stage.handle)) == weighty(stage.events)


async def test_a_rehearsal_asks_for_nothing(stage: Stage) -> None:
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await stage.end()

    assert weighty(stage.events)
    assert stage.trail.asked == []


async def test_new_runs_go_on_asking(short_runs: Stage) -> None:
    await short_runs.start_live()
    await short_runs.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await _paused(short_runs)
    first = (await short_runs.handle.describe()).run_id
    for number in range(20):
        await short_runs.do(c.FileDocument, "OF-1", **note(number))
    assert (await short_runs.handle.describe()).run_id != first
    short_runs.trail.logged = True
    wanted = weighty(short_runs.events)
    asked = len(short_runs.trail.asked)
    # The next run asks at once, and now the log has them.
    for number in range(20, 50):
        await short_runs.do(c.FileDocument, "OF-1", **note(number))
    await until(lambda: len(short_runs.trail.asked) > asked)

    assert set(short_runs.trail.asked[-1]) == set(wanted)
    kept: list[int] = []
    async for each in short_runs.client.list_workflows(f"WorkflowId = '{STREAM}'"):
        kept += await _kept(short_runs.client.get_workflow_handle(each.id, run_id=each.run_id))
    assert sorted(kept) == wanted
    assert (await short_runs.gateway.summary(NO)).recorded == len(short_runs.events)


async def test_many_decisions_at_once_are_asked_for_in_parts(stage: Stage) -> None:
    await stage.start_live()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    for _ in range(7):
        await _paused(stage)
    await until(lambda: stage.trail.asked)
    stage.trail.logged = True
    await stage.env.sleep(SOON)

    assert sorted(await _kept(stage.handle)) == weighty(stage.events)
    assert max(map(len, stage.trail.asked)) == 10
