"""The trail away, slow or hostile, the worker gone: nothing is lost, doubled or hidden."""

import asyncio

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from duban.domain.campaign import commands as c
from duban.domain.errors import RuleViolation
from duban.errors import DubanError, Unavailable
from duban.store.errors import ProfileViolation, TrailGap, TrailOwner
from tests.support.clock import STREAM, Stage, note, skipping_stage, the_worker, until
from tests.support.trail import WatchedTrail

STEADY_BEGINS = 4
"""Three tries inside the workflow task, then the ordinary activity's first."""


async def _types(stage: Stage) -> list[int]:
    return [each.event_type for each in (await stage.handle.fetch_history()).events]


def _assert_whole(stage: Stage) -> None:
    assert [each.seq for each in stage.events] == list(range(len(stage.events)))
    stored = stage.trail.stored_per_request(STREAM)
    assert {stored[each] for each in stored if each.startswith("asking-")} == {1}


async def test_trail_away_is_waited_for_and_nothing_is_lost_or_doubled(stage: Stage) -> None:
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    stage.trail.away = True
    asked = [asyncio.create_task(stage.do(c.FileDocument, "OF-1", **note(n))) for n in range(5)]
    await until(lambda: stage.trail.failures >= STEADY_BEGINS)
    assert not any(each.done() for each in asked)
    stage.trail.away = False
    receipts = await asyncio.gather(*asked)
    assert len({each.last_seq for each in receipts}) == 5
    _assert_whole(stage)
    types = await _types(stage)
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED in types
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in types
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT not in types


async def test_short_absence_is_waited_out_inside_the_workflow_task(stage: Stage) -> None:
    await stage.start()
    stage.trail.outages = 2
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    assert EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED not in await _types(stage)
    _assert_whole(stage)


async def test_decisions_during_an_outage_keep_their_order(stage: Stage) -> None:
    await stage.start()
    stage.trail.away = True
    first = asyncio.create_task(stage.do(c.Establish, "LG-1", doc_no="会议纪要1号"))
    await until(lambda: stage.trail.failures >= STEADY_BEGINS)
    second = asyncio.create_task(stage.do(c.SubmitPlan, "CG-1", doc_no="方案1号"))
    refused = asyncio.create_task(stage.do(c.CallReview, "OF-1"))
    stage.trail.away = False
    assert (await first).last_seq < (await second).first_seq
    with pytest.raises(RuleViolation, match="stage.order"):
        await refused
    _assert_whole(stage)


async def test_lost_answer_of_the_trail_doubles_nothing(stage: Stage) -> None:
    await stage.start()
    stage.trail.lost_answers = 2
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    assert len(stage.trail.calls[1:]) == 3
    assert len(set(stage.trail.calls[1:])) == 1
    _assert_whole(stage)


BROKEN_OFF = pytest.mark.filterwarnings(
    # A run that ends in failure leaves its callers to the server, and says so.
    "ignore::temporalio.workflow.UnfinishedUpdateHandlersWarning"
)


@BROKEN_OFF
@pytest.mark.parametrize(
    "refusal",
    [
        TrailGap(stream=STREAM, seq=3),
        TrailOwner(object="task T-01"),
        ProfileViolation(reason="too_long"),
    ],
    ids=lambda each: str(each.code),
)
async def test_refusal_no_retry_can_mend_ends_the_run_visibly(
    real: Stage, refusal: DubanError
) -> None:
    await real.start()
    before = len(real.events)
    real.trail.refusal = refusal
    with pytest.raises(Unavailable) as told:
        await real.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    assert (told.value.code, told.value.params["reason"]) == ("temporal.failed", refusal.code)
    assert (await real.handle.describe()).status is WorkflowExecutionStatus.FAILED
    with pytest.raises(Unavailable, match=refusal.code):
        await real.do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    assert len(real.events) == before


@BROKEN_OFF
async def test_refusal_met_after_an_outage_ends_the_run_visibly(real: Stage) -> None:
    await real.start()
    real.trail.away = True
    asked = asyncio.create_task(real.do(c.Establish, "LG-1", doc_no="会议纪要1号"))
    await until(lambda: real.trail.failures >= STEADY_BEGINS)
    real.trail.refusal = TrailOwner(object="task T-01")
    real.trail.away = False
    with pytest.raises(Unavailable, match=r"audit.owner"):
        await asked


async def test_workers_come_and_go(env: WorkflowEnvironment, trail: WatchedTrail) -> None:
    stage = await skipping_stage(env, trail)
    async with the_worker(env.client, trail):
        await stage.start()
        first = await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    asked = asyncio.create_task(stage.do(c.SubmitPlan, "CG-1", doc_no="方案1号"))
    async with the_worker(env.client, trail):
        assert (await asked).first_seq > first.last_seq
    async with the_worker(env.client, trail):
        receipts = await asyncio.gather(
            *(stage.do(c.FileDocument, "OF-1", **note(n)) for n in range(8))
        )
    assert len({each.last_seq for each in receipts}) == 8
    _assert_whole(stage)


async def test_worker_stopped_while_the_trail_keeps_it_waiting(
    env: WorkflowEnvironment, trail: WatchedTrail
) -> None:
    stage = await skipping_stage(env, trail)
    async with the_worker(env.client, trail):
        await stage.start()
        trail.away = True
        asked = asyncio.create_task(stage.do(c.Establish, "LG-1", doc_no="会议纪要1号"))
        await until(lambda: trail.failures > STEADY_BEGINS)
    trail.away = False
    async with the_worker(env.client, trail):
        receipt = await asked
    assert stage.events[receipt.last_seq].request_id == "asking-00001"
    _assert_whole(stage)
