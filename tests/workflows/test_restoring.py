"""A campaign and all below it whose workflows are lost go on from the trail alone (l.1)."""

from collections.abc import Sequence

import pytest
import pytest_asyncio
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment

from duban.contracts import clue_stream, inspection_stream, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.events import Event
from duban.domain.problem import commands as p
from duban.errors import NotFound
from duban.restoring import Restored, restore
from tests.support import clue_course, inspection_course, problem_course
from tests.support.builders import a_calendar
from tests.support.checks import ONE, TWO
from tests.support.clock import CACHED, NO, STREAM, Stage, note, skipping_stage, the_worker, until
from tests.support.inspection_course import said
from tests.support.trail import WatchedTrail

NOTHING = Restored(campaign=False, problems=0, clues=0, inspections=0)
PROBLEM, CLUE = problem_course.FIRST, clue_course.FIRST
BELOW = [problem_stream(PROBLEM), clue_stream(CLUE), *map(inspection_stream, (ONE, TWO))]
ACCEPTED = ["problem:problem:accepted", "problem:deadline:reminded"]


@pytest_asyncio.fixture
async def stage(env: WorkflowEnvironment, trail: WatchedTrail):  # type: ignore[no-untyped-def]
    """A campaign in phase 1 with a problem, a clue and two inspections that it knows of."""
    ready = await skipping_stage(env, trail)
    async with the_worker(env.client, trail, **CACHED):
        await inspection_course.launched(ready)
        await problem_course.registered(ready)
        await problem_course.assigned(ready)
        await clue_course.reported(ready)
        await clue_course.written(ready)
        await inspection_course.ordered(ready)
        await said(ready, "campaign:inspection:noted", times=2)
        yield ready


async def lost(stage: Stage, *streams: str) -> None:
    for stream in streams:
        handle = stage.client.get_workflow_handle(stream)
        await handle.terminate("its server is lost")
        assert (await handle.describe()).status is WorkflowExecutionStatus.TERMINATED


async def gone_on(stage: Stage) -> Restored:
    async def events(stream: str) -> Sequence[Event]:
        return stage.trail.events(stream)

    return await restore(NO, events, stage.gateway, clock_offset=stage.offset)


async def test_l1_all_that_was_lost_goes_on_and_nothing_is_said_twice(stage: Stage) -> None:
    await lost(stage, STREAM, *BELOW)
    before = {each: len(stage.trail.events(each)) for each in BELOW}

    assert await gone_on(stage) == Restored(campaign=True, problems=1, clues=1, inspections=2)

    assert await gone_on(stage) == NOTHING
    await stage.do(c.FileDocument, "OF-1", **note(1))
    await problem_course.ask(stage, p.AcceptProblem, "U01-L1")
    assert (await stage.gateway.clue_summary(CLUE)).open_deadlines == 1
    assert (await stage.gateway.inspection_summary(TWO)).state == "authorised"
    for stream in BELOW:
        later = [each.tag for each in stage.trail.events(stream)[before[stream] :]]
        assert later == (ACCEPTED if stream == problem_stream(PROBLEM) else []), later


async def test_l1_the_clocks_of_what_was_restored_run_on(stage: Stage) -> None:
    await lost(stage, STREAM, *BELOW)
    await gone_on(stage)

    streams = (STREAM, problem_stream(PROBLEM), clue_stream(CLUE))
    before = {each: len(stage.trail.events(each)) for each in streams}

    await stage.at("2019-04-20")

    for each in streams:
        await until(lambda s=each: len(stage.trail.events(s)) > before[s])  # type: ignore[misc]


async def test_l1_a_lost_problem_hears_what_its_campaign_said_meanwhile(stage: Stage) -> None:
    await lost(stage, problem_stream(PROBLEM))
    newer = a_calendar(2)
    await stage.do(c.AdoptCalendar, "OF-1", calendar=newer, basis_doc="国办3号")
    await stage.gateway.settle(NO)

    assert await gone_on(stage) == Restored(campaign=False, problems=1, clues=0, inspections=0)

    await problem_course.ask(stage, p.AcceptProblem, "U01-L1")
    assert "problem:calendar:adopted" in problem_course.tags(stage)


async def test_l1_a_campaign_hears_from_what_was_lost_with_it_how_it_stands(stage: Stage) -> None:
    noted = stage.tags.count("campaign:problem:noted")
    await lost(stage, STREAM)
    await problem_course.ask(stage, p.AcceptProblem, "U01-L1")
    await lost(stage, problem_stream(PROBLEM))

    await gone_on(stage)

    await said(stage, "campaign:problem:noted", times=noted + 1)


async def test_what_is_on_no_trail_cannot_be_restored(stage: Stage) -> None:
    async def nothing(_: str) -> Sequence[Event]:
        return []

    with pytest.raises(NotFound):
        await restore(NO, nothing, stage.gateway)
