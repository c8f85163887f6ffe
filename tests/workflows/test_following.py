"""A commit that outlived its worker: the trail is ahead, and the campaign follows it (ADR 0009)."""

import asyncio
from datetime import timedelta

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.creation import create
from duban.domain.errors import RuleViolation
from tests.support.clock import NO, STREAM, Stage, note
from tests.support.outliving import LATER, commit, outlive

FOLLOWED = "campaign:trail:followed"


def _assert_dense(stage: Stage) -> None:
    assert [each.seq for each in stage.events] == list(range(len(stage.events)))


async def test_same_command_gets_the_answer_that_is_on_the_trail(stage: Stage) -> None:
    await stage.start()
    command = stage.command(c.Establish, "LG-1", doc_no="会议纪要1号")
    committed = await outlive(stage, command)
    receipt = await stage.gateway.execute(NO, command)
    assert (receipt.first_seq, receipt.last_seq) == (committed[0].seq, committed[-1].seq)
    assert await stage.gateway.execute(NO, command) == receipt
    await stage.settled()
    assert stage.trail.stored_per_request(STREAM)[command.request_id] == len(committed)
    assert stage.tags.count(FOLLOWED) == 1
    _assert_dense(stage)


async def test_other_command_is_decided_again_behind_what_is_on_the_trail(stage: Stage) -> None:
    await stage.start()
    [establish] = [stage.command(c.Establish, "LG-1", doc_no="会议纪要1号")]
    committed = await outlive(stage, establish)
    receipt = await stage.do(c.FileDocument, "OF-1", **note(1))
    assert receipt.first_seq > committed[-1].seq
    assert (await stage.gateway.summary(NO)).stage == "plan"
    _assert_dense(stage)


async def test_command_the_trail_made_impossible_is_refused_once(stage: Stage) -> None:
    await stage.start()
    await outlive(stage, stage.command(c.Establish, "LG-1", doc_no="会议纪要1号"))
    late = stage.command(c.Establish, "LG-2", doc_no="会议纪要1号")
    with pytest.raises(RuleViolation, match="stage.order"):
        await stage.gateway.execute(NO, late)
    assert stage.trail.stored_per_request(STREAM)[late.request_id] == 1
    _assert_dense(stage)


async def test_refusal_that_outlived_its_worker_is_not_recorded_twice(stage: Stage) -> None:
    await stage.start()
    early = stage.command(c.CallReview, "OF-1")
    await outlive(stage, early)
    with pytest.raises(RuleViolation, match="stage.order"):
        await stage.gateway.execute(NO, early)
    await stage.settled()
    assert stage.trail.stored_per_request(STREAM)[early.request_id] == 1
    assert stage.tags.count(FOLLOWED) == 1


async def test_spot_check_order_is_not_lost_when_the_trail_turns(stage: Stage) -> None:
    await stage.start()
    await outlive(stage, stage.command(c.Establish, "LG-1", doc_no="会议纪要1号"))
    await stage.gateway.order_spot_check(NO, {"theme": "窗口作风"})
    await stage.settled()
    assert [each.code for each in stage.events if each.code] == ["signal.malformed"]
    _assert_dense(stage)


async def test_trail_far_ahead_is_followed_page_by_page(stage: Stage) -> None:
    await stage.start()
    notes = [stage.command(c.FileDocument, "OF-1", **note(n)) for n in range(250)]
    committed = await outlive(stage, *notes)
    receipts = await asyncio.gather(*(stage.gateway.execute(NO, each) for each in notes[-3:]))
    assert [each.last_seq for each in receipts] == [each.seq for each in committed[-3:]]
    _assert_dense(stage)


async def test_start_that_outlived_its_worker_is_followed(stage: Stage) -> None:
    beginning = stage.beginning()
    born = create(beginning, now=LATER - timedelta(minutes=5))
    await commit(stage, born.unrecorded)
    receipt = await stage.gateway.start(beginning)
    assert receipt.first_seq == 0
    assert stage.tags.count("campaign:campaign:created") == 1
    assert stage.tags.count(FOLLOWED) == 1
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    _assert_dense(stage)
