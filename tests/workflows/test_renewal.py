"""Continue-as-new under load and the end of a campaign: nothing lost, no clock forgotten."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import CampaignStage, FiledDocument
from duban.domain.errors import RuleViolation
from duban.stack.temporal import DevServer, TemporalPlan, connect
from tests.support.builders import Desk, shanghai
from tests.support.clock import NO, Stage, note, real_stage, until
from tests.support.rings import RING
from tests.support.trail import WatchedTrail

CALLS = 120
CALLERS = 32


@pytest_asyncio.fixture
async def short_runs(
    dev_server: DevServer, tmp_path: Path, trail: WatchedTrail
) -> AsyncIterator[Stage]:
    """A stage on a server that asks for a new run every sixty events."""
    often = {"limit.historyCount.suggestContinueAsNew": "60"}
    plan = TemporalPlan(log=tmp_path / "temporal.log", dynamic_config=often)
    async with DevServer(plan) as server:
        client = await connect(server.address, "default", RING)
        async with real_stage(client, trail) as ready:
            yield ready


async def _runs(stage: Stage) -> int:
    service, seen = stage.client, set()
    async for each in service.list_workflows(f"WorkflowId = '{stage.handle.id}'"):
        seen.add(each.run_id)
    return len(seen)


async def _load(stage: Stage) -> list[int]:
    """File documents from many callers at once; return the ordinals answered."""
    callers = asyncio.Semaphore(CALLERS)

    async def file(number: int) -> int:
        async with callers:
            return (await stage.do(c.FileDocument, "OF-1", **note(number))).last_seq

    return await asyncio.gather(*(file(number) for number in range(CALLS)))


async def test_new_runs_under_load_lose_nothing(short_runs: Stage) -> None:
    await short_runs.start()
    await short_runs.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    answered = await _load(short_runs)
    assert len(set(answered)) == CALLS
    assert [each.seq for each in short_runs.events] == list(range(len(short_runs.events)))
    filed = [each for each in short_runs.events if each.tag == "campaign:document:filed"]
    assert sorted(answered) == [each.seq for each in filed]
    assert (await short_runs.gateway.summary(NO)).next_seq == len(short_runs.events)
    assert await _runs(short_runs) > 2


async def test_same_request_in_a_later_run_gets_the_first_answer(short_runs: Stage) -> None:
    await short_runs.start()
    command = short_runs.command(c.Establish, "LG-1", doc_no="会议纪要1号")
    first = await short_runs.gateway.execute(NO, command)
    await _load(short_runs)
    assert await _runs(short_runs) > 1
    assert await short_runs.gateway.execute(NO, command) == first
    with pytest.raises(RuleViolation, match="request.reused"):
        await short_runs.do(c.SubmitPlan, "CG-1", request_id=command.request_id, doc_no="1")


async def test_alarms_survive_new_runs_and_still_ring(short_runs: Stage) -> None:
    """The business clock stands twenty seconds before nine; by then many runs have passed."""
    desk = Desk().at("2019-03-04", "09:30")
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    desk.at("2019-03-11", "08:59")
    alarm = desk.campaign.next_alarm(now=desk.now)
    assert alarm == shanghai("2019-03-11", "09:00")
    before = len(desk.campaign.state.unrecorded)
    await short_runs.go_on(desk, "2019-03-11", "08:59:40")
    await _load(short_runs)
    runs, waiting = await _runs(short_runs), await short_runs.gateway.summary(NO)
    assert (runs > 2, waiting.next_alarm) == (True, alarm)
    await until(lambda: any("rung" in e.detail for e in short_runs.events[before:]), within=40)
    rung = next(e for e in short_runs.events[before:] if "rung" in e.detail)
    assert rung.detail["scheduled_at"] == alarm.isoformat()
    assert 0 <= (rung.occurred_at - alarm).total_seconds() < 5


def _watched() -> Desk:
    """A campaign whose watch is over, with its look-back on file."""
    desk = Desk()
    state = desk.campaign.state
    watched = {"stage": CampaignStage.WATCH, "watch_over": True}
    state.campaign[NO] = desk.campaign.record.model_copy(update=watched)
    state.document["W1"] = FiledDocument(
        id="W1",
        kind=c.DocumentKind.LOOKBACK_RESULT.value,
        doc_no="回头看1号",
        title="回头看",
        filed_by="OF-1",
        filed_on=desk.now.date(),
    )
    return desk


async def test_archived_campaign_answers_its_archivist_and_refuses_others(
    short_runs: Stage,
) -> None:
    await short_runs.go_on(_watched(), "2019-03-04", "09:00")
    command = short_runs.command(c.Archive, "OF-1", doc_no="归档1号")
    receipt = await short_runs.gateway.execute(NO, command)
    closing = short_runs.events[-1]
    assert closing.tag == "campaign:stream:closed"
    assert closing.detail["count"] == len(short_runs.events)
    assert receipt.last_seq == closing.seq
    assert (await short_runs.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    for ask in (
        lambda: short_runs.do(c.Establish, "LG-1", doc_no="1"),
        lambda: short_runs.gateway.order_spot_check(NO, {}),
    ):
        with pytest.raises(RuleViolation, match="stage.not_live") as refused:
            await ask()
        assert refused.value.params == {"stage": "archived"}
    assert short_runs.events[-1] == closing


async def test_terminated_campaign_says_so(short_runs: Stage) -> None:
    await short_runs.start()
    owner = {"owner": "U15", "disposition": "移交"}
    tasks = tuple({"task": task, **owner} for task in ("T-01", "T-02"))
    await short_runs.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await short_runs.do(c.Terminate, "LG-1", reason="撤销", doc_no="2号", dispositions=tasks)
    with pytest.raises(RuleViolation, match="stage.not_live") as refused:
        await short_runs.do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    assert refused.value.params == {"stage": "terminated"}
