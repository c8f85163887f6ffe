"""Clues as workflows of their own: opened by their campaign, told its news, outliving it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from duban.contracts import clue_stream
from duban.domain.campaign import commands as c
from duban.domain.clue import commands as k
from duban.domain.errors import Code, RuleViolation
from duban.errors import NotFound
from duban.rehearsal.searching import readable
from tests.support.builders import a_calendar
from tests.support.clock import CACHED, NO, PLANNING, Stage, skipping_stage, the_worker, until
from tests.support.clue_course import FIRST, ask, opened, reported, tags, transferred, written
from tests.support.clues import a_result
from tests.support.trail import WatchedTrail
from worker import WORKFLOWS, workflow_runner

STREAM = clue_stream(FIRST)


@pytest_asyncio.fixture
async def stage(env: WorkflowEnvironment, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A stage whose worker keeps its workflows; what they did is replayed afterwards."""
    ready = await skipping_stage(env, trail)
    async with the_worker(env.client, trail, **CACHED):
        yield ready
        runner, converter = workflow_runner(), env.client.data_converter
        replayer = Replayer(workflows=WORKFLOWS, workflow_runner=runner, data_converter=converter)
        for stream in sorted(trail.streams):
            history = await env.client.get_workflow_handle(stream).fetch_history()
            await replayer.replay_workflow(history)


async def test_a_reported_clue_is_opened_once_and_its_account_waits_for_it(stage: Stage) -> None:
    await stage.start()

    receipt = await reported(stage)
    await written(stage)

    assert receipt.object_id == FIRST
    assert tags(stage)[:2] == ["clue:clue:reported", "clue:clue:written"]
    summary = await stage.gateway.clue_summary(FIRST)
    assert (summary.no, summary.state, summary.open_deadlines) == (FIRST, "reported", 1)
    assert await stage.gateway.settle_clue(FIRST) == len(tags(stage))


async def test_its_content_stands_on_its_own_stream_which_is_no_campaign_s(stage: Stage) -> None:
    await stage.start()
    await reported(stage)
    await written(stage)

    mine = "".join(each.model_dump_json() for each in stage.trail.events(STREAM))
    campaigns = "".join(each.model_dump_json() for each in stage.events)

    assert "收受购物卡" in mine
    assert "收受购物卡" not in campaigns
    history = await stage.handle.fetch_history()
    said = await readable(stage.client, history)
    assert FIRST in said
    assert "收受购物卡" not in said
    assert stage.trail.campaigns[STREAM] is None


async def test_the_campaign_hears_that_a_receipt_is_owed_and_that_it_came(stage: Stage) -> None:
    await stage.start()
    await reported(stage)
    await written(stage)
    await transferred(stage)

    assert await _owed(stage, (FIRST,))
    await ask(stage, k.RecordReceipt, "OF-2", accepted=True, signed_by="DX-1", receipt="回执")
    assert await _owed(stage, ())


async def _owed(stage: Stage, wanted: tuple[str, ...]) -> bool:
    """Wait until G4.2 lacks just the receipts of these clues."""
    async with asyncio.timeout(20):
        while True:
            found = {each.id: each.missing for each in await stage.gateway.gate(NO, "G4")}
            if found["G4.2"] == wanted:
                return True


async def test_an_urgent_clue_nobody_hears_escalates_by_the_workflow_s_own_timer(
    stage: Stage,
) -> None:
    await stage.start()
    await reported(stage, urgent=True)
    await opened(stage)

    await stage.at("2019-03-04", "10:30")

    await until(lambda: "clue:urgent:escalated" in tags(stage))


async def test_c3_a_suspension_stops_no_clue_and_a_calendar_reaches_it(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await reported(stage, known_on="2019-03-08")
    await opened(stage)
    await stage.do(c.Suspend, "LG-1", reason="机构改革", doc_no="决定1号")
    adopt = {"calendar": a_calendar(2), "basis_doc": "国办发明电〔2019〕3号"}
    await stage.do(c.AdoptCalendar, "OF-1", **adopt)

    await until(lambda: "clue:calendar:adopted" in tags(stage))
    await stage.at("2019-03-14")

    await until(lambda: "clue:deadline:breached" in tags(stage))


async def test_a_clue_outlives_its_campaign_and_ends_by_its_own_answer(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await reported(stage)
    await written(stage)
    await transferred(stage)
    await stage.end()
    assert (await stage.handle.result()).stage == "terminated"

    await ask(stage, k.RecordReceipt, "OF-2", accepted=True, signed_by="DX-1", receipt="回执")
    await ask(stage, k.RecordResult, "SU-1", **a_result())
    await ask(stage, k.TellReporter, "OF-1", words="已处理", channel="电话")
    await ask(stage, k.CloseClue, "OF-1", opinion="办结")

    handle = stage.client.get_workflow_handle(STREAM)
    await handle.result()
    assert (await handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    assert tags(stage)[-1] == "clue:stream:closed"
    with pytest.raises(RuleViolation) as late:
        await ask(stage, k.FlagRetaliation, "SU-1", fact="调岗")
    assert late.value.code is Code.STAGE_NOT_LIVE


async def test_a_refusal_stands_on_the_clue_s_own_stream(stage: Stage) -> None:
    await stage.start()
    await reported(stage)
    case = {"case": "（2019）黑01刑初12号", "asked_by": "某领导", "request": "从轻"}

    with pytest.raises(RuleViolation) as why:
        await ask(stage, k.RequestOnCase, "SU-1", **case)

    assert why.value.code is Code.CASE_UNTOUCHABLE
    assert tags(stage)[-1] == "clue:command:refused"


async def test_there_is_no_clue_that_was_never_reported(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duban.gateway.OPENS_WITHIN", (0.01,))
    await stage.start()

    with pytest.raises(NotFound) as why:
        await ask(stage, k.AcknowledgeClue, "OF-1", no=f"{NO}-C0042")

    assert (why.value.code, why.value.params["no"]) == ("clue.not_found", f"{NO}-C0042")
