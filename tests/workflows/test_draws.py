"""Draws through the shell: committed to and revealed by activities, once, whatever dies."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from duban.contracts import ProblemInput, ToDraw, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_proof import faults, of_draw
from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Model
from duban.domain.problem import commands as p
from duban.rehearsal.searching import readable
from tests.support.checks import a_desk, a_record, second_draw, shown
from tests.support.clock import CACHED, NO, QUEUE, STREAM, Stage, skipping_stage, the_worker, until
from tests.support.draws import DRAW, problem, with_signed_off
from tests.support.inspection_draws import NO as SECOND
from tests.support.problem_course import ask
from tests.support.problems import ProblemDesk
from tests.support.scenes import scene
from tests.support.trail import WatchedTrail
from worker import WORKFLOWS, workflow_runner
from workflows.draws import Draws
from workflows.problem import ProblemWorkflow

ASKED = ToDraw(stream=STREAM, draw=DRAW)


@pytest_asyncio.fixture
async def stage(env: WorkflowEnvironment, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A campaign with problems signed off; what it did is replayed afterwards."""
    ready = await skipping_stage(env, trail)
    async with the_worker(env.client, trail, **CACHED):
        await ready.go_on(scene("signed_off"), "2019-04-08", "10:00")
        yield ready
        await replayed(ready)


async def replayed(stage: Stage) -> None:
    """Replay what the campaign did."""
    runner, converter = workflow_runner(), stage.client.data_converter
    replayer = Replayer(workflows=WORKFLOWS, workflow_runner=runner, data_converter=converter)
    await replayer.replay_workflow(await stage.handle.fetch_history())


def steps(stage: Stage) -> list[str]:
    """Return the steps of the draw that are on the trail."""
    return [each.tag for each in of_draw(stage.events, DRAW)]


async def committed(stage: Stage) -> None:
    """Open the draw and wait for its commitment."""
    receipt = await stage.do(c.OpenLookBackDraw, "SU-2")
    assert receipt.object_id == DRAW
    await until(lambda: "campaign:draw:committed" in steps(stage))


async def drawn(stage: Stage) -> None:
    """Say the number and wait for what is drawn."""
    await stage.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")
    await until(lambda: "campaign:draw:drawn" in steps(stage))


async def test_f3_opened_committed_witnessed_drawn_and_anyone_computes_it_again(
    stage: Stage,
) -> None:
    await committed(stage)
    secret = stage.trail.secrets[ASKED].hex()
    said = await readable(stage.client, await stage.handle.fetch_history())
    assert ASKED.draw in said
    assert secret not in said

    await drawn(stage)

    assert steps(stage) == [
        f"campaign:draw:{step}" for step in ("frozen", "committed", "witnessed", "drawn")
    ]
    assert faults(stage.events, DRAW) == []
    assert secret in str(stage.events[-1].changes)


async def test_a_number_without_a_commitment_is_refused_through_the_shell(stage: Stage) -> None:
    with pytest.raises(RuleViolation) as why:
        await stage.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")

    assert why.value.code is Code.OBJECT_NOT_FOUND


async def test_a_worker_killed_between_secret_and_commitment_leaves_one_draw_and_no_gap(
    stage: Stage,
) -> None:
    stage.trail.deaths = 2
    await committed(stage)
    await drawn(stage)

    assert steps(stage).count("campaign:draw:committed") == 1
    assert list(stage.trail.secrets) == [ASKED]
    assert faults(stage.events, DRAW) == []
    second = await stage.do(c.OpenLookBackDraw, "SU-2")
    assert (second.object_id, second.notes) == ("2019-BE-002", (f"drawn_before:{DRAW}",))


async def test_the_same_request_twice_is_one_draw(stage: Stage) -> None:
    same: dict[str, Any] = {"request_id": "same-00001"}
    first = await stage.do(c.OpenLookBackDraw, "SU-2", **same)
    again = await stage.do(c.OpenLookBackDraw, "SU-2", **same)

    assert first == again
    assert stage.tags.count("campaign:draw:frozen") == 1


async def test_a_void_draw_takes_no_number_and_the_next_has_its_own(stage: Stage) -> None:
    await committed(stage)
    await stage.do(c.AskToVoidDraw, "OF-2", draw=DRAW, reason="总体有误")
    await stage.do(c.DecideVoidDraw, "OF-1", draw=DRAW, approved=True, reason="属实")

    with pytest.raises(RuleViolation) as why:
        await stage.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")
    assert why.value.code is Code.STATE_ORDER
    assert (await stage.do(c.OpenLookBackDraw, "SU-2")).object_id == "2019-BE-002"


async def test_st3_what_a_look_back_found_comes_back_to_its_draw_and_to_the_gate(
    env: WorkflowEnvironment, trail: WatchedTrail
) -> None:
    stage = await skipping_stage(env, trail)
    async with the_worker(env.client, trail, **CACHED):
        await stage.go_on(with_signed_off(scene("working"), U03=1), "2019-05-06", "10:00")
        await closed(stage)
        await committed(stage)
        await drawn(stage)
        assert "G2.4" in await lacking(stage)

        said: dict[str, Any] = {"method": "calls", "called": 7, "denied": 4, "finding": "4人不知情"}
        await ask(stage, p.RecordLookBack, "OF-2", batch=DRAW, passed=False, **said)

        await until(lambda: "results" in str(stage.events[-1].changes))
        assert "G2.4" not in await lacking(stage)
        await replayed(stage)


async def test_f3_8_a_draw_that_was_revealed_meanwhile_is_left_alone() -> None:
    desk, heard = a_desk(), list[Model]()
    draws = Draws(desk.campaign, heard.append)
    shown(second_draw(desk, a_record()))
    draws.note([each for each in desk.events if each.object_id == SECOND])
    draws.carry_out()

    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    assert len(tasks) == 3, "asked for, witnessed, to be revealed"
    await asyncio.gather(*tasks)

    assert heard == []


async def closed(stage: Stage) -> None:
    """Have the first problem's workflow go on from where it is signed off."""
    desk = ProblemDesk().signed_off()
    await stage.client.start_workflow(
        ProblemWorkflow.run,
        ProblemInput(state=desk.problem.state, clock_offset=stage.offset, told=True),
        id=problem_stream(problem(1)),
        task_queue=QUEUE,
    )


async def lacking(stage: Stage) -> set[str]:
    """Return the conditions of G2 that do not hold."""
    return {each.id for each in await stage.gateway.gate(NO, "G2") if not each.met}
