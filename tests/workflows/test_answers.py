"""What a caller may rely on: an answer means that it is on record, once, whatever was asked."""

import asyncio
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from duban.domain.campaign import commands as c
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Outcome
from tests.support.builders import proof
from tests.support.clock import NO, PLANNING, STREAM, Stage, note, until
from workflows.campaign import CampaignWorkflow
from workflows.intake import MESSAGE_MAX


async def test_start_answers_when_its_events_are_on_the_trail(stage: Stage) -> None:
    receipt = await stage.start()
    assert (receipt.stream, receipt.first_seq) == (STREAM, 0)
    assert receipt.last_seq == stage.events[-1].seq
    assert stage.tags[0] == "campaign:campaign:created"


async def test_answer_waits_for_the_trail(stage: Stage) -> None:
    await stage.start()
    before, calls = len(stage.events), len(stage.trail.calls)
    stage.trail.gate.clear()
    asked = asyncio.create_task(stage.do(c.Establish, "LG-1", doc_no="会议纪要1号"))
    await until(lambda: len(stage.trail.calls) > calls)
    done, _ = await asyncio.wait({asked}, timeout=0.3)
    assert not done
    assert len(stage.events) == before
    stage.trail.gate.set()
    receipt = await asked
    assert stage.events[receipt.first_seq].request_id == "asking-00001"
    assert len(stage.events) > receipt.last_seq


async def test_receipt_names_the_events_of_the_decision(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    receipt = await stage.do(c.AcceptTask, "U01-L1", task="T-01")
    said = stage.events[receipt.first_seq : receipt.last_seq + 1]
    assert {each.request_id for each in said} == {"asking-00005"}
    assert (receipt.object_type, receipt.object_id) == ("task", "T-01")


async def test_refusal_reaches_the_caller_and_the_trail_and_changes_nothing(stage: Stage) -> None:
    await stage.start()
    summary = await stage.gateway.summary(NO)
    with pytest.raises(RuleViolation) as refused:
        await stage.do(c.Establish, "OF-1", doc_no="会议纪要1号")
    last = stage.events[-1]
    assert refused.value.code is Code.ROLE_NOT_PERMITTED
    assert refused.value.params["role"] == "office"
    assert (last.tag, last.outcome) == ("campaign:command:refused", Outcome.REJECTED)
    assert (last.code, last.request_id) == ("role.not_permitted", "asking-00001")
    assert last.changes == ()
    one_more = {"next_seq": summary.next_seq + 1, "recorded": summary.next_seq + 1}
    assert await stage.gateway.summary(NO) == summary.model_copy(update=one_more)


async def test_refusal_waits_for_the_trail_too(stage: Stage) -> None:
    await stage.start()
    calls = len(stage.trail.calls)
    stage.trail.gate.clear()
    asked = asyncio.create_task(stage.do(c.CallReview, "OF-1"))
    await until(lambda: len(stage.trail.calls) > calls)
    done, _ = await asyncio.wait({asked}, timeout=0.3)
    assert not done
    stage.trail.gate.set()
    with pytest.raises(RuleViolation, match="stage.order"):
        await asked
    assert stage.events[-1].code == "stage.order"


async def test_same_request_again_gets_the_same_receipt_and_one_event(stage: Stage) -> None:
    await stage.start()
    command = stage.command(c.Establish, "LG-1", doc_no="会议纪要1号")
    first = await stage.gateway.execute(NO, command)
    again = await asyncio.gather(*(stage.gateway.execute(NO, command) for _ in range(5)))
    assert set(again) == {first}
    assert stage.trail.stored_per_request(STREAM)[command.request_id] == 1


async def test_other_words_under_a_used_request_id_are_refused(stage: Stage) -> None:
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    with pytest.raises(RuleViolation, match="request.reused"):
        await stage.do(c.SubmitPlan, "CG-1", request_id="asking-00001", doc_no="方案1号")
    assert stage.events[-1].code == "request.reused"


NUL = {"result": "字\0号", "evidence": proof()}
TOO_LONG = {"result": "完成", "evidence": proof() * (MESSAGE_MAX // 50)}


@pytest.mark.parametrize("words", [NUL, TOO_LONG], ids=["nul", "too_long"])
async def test_words_the_trail_cannot_hold_are_turned_away(
    stage: Stage, words: dict[str, Any]
) -> None:
    await stage.start()
    before = await stage.settled()
    with pytest.raises(RuleViolation, match="command.malformed"):
        await stage.do(c.ClaimTask, "U01-L1", task="T-01", **words)
    assert await stage.settled() == before
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")


@pytest.mark.parametrize(
    "arguments",
    [[], [{}], [None], ["establish"], [{"type": "unheard_of"}], [{"type": "archive"}], [{}, {}]],
)
async def test_update_of_another_shape_is_turned_away(
    stage: Stage, arguments: list[object]
) -> None:
    await stage.start()
    before = await stage.settled()
    with pytest.raises(WorkflowUpdateFailedError):
        await stage.handle.execute_update("execute", args=arguments)
    assert await stage.settled() == before
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")


async def test_many_callers_at_once_get_dense_receipts(stage: Stage) -> None:
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    asked = (stage.do(c.FileDocument, "OF-1", **note(n)) for n in range(32))
    receipts = await asyncio.gather(*asked)
    ordinals = sorted(each.last_seq for each in receipts)
    assert ordinals == list(range(ordinals[0], ordinals[0] + 32))
    assert [each.seq for each in stage.events] == list(range(len(stage.events)))


async def test_queries_answer_without_leaving_a_trace(stage: Stage) -> None:
    await stage.start()
    before = len((await stage.handle.fetch_history()).events)
    results = await stage.gateway.gate(NO, "G1")
    assert results
    assert not all(each.met for each in results)
    assert (await stage.gateway.summary(NO)).stage == "draft"
    assert len((await stage.handle.fetch_history()).events) == before


def test_every_update_has_a_validator() -> None:
    updates = CampaignWorkflow.__temporal_workflow_definition.updates  # type: ignore[attr-defined]
    assert sorted(updates) == ["execute", "settle"]
    assert all(each.validator is not None for each in updates.values())
