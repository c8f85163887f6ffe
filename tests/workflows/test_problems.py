"""Problems as workflows of their own: opened by their campaign, told its news, heard by it."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from duban.contracts import ProblemInput, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem import commands as p
from duban.errors import NotFound
from tests.support.clock import (
    CACHED,
    LAUNCHED,
    NO,
    PLANNING,
    QUEUE,
    Stage,
    skipping_stage,
    the_worker,
    until,
)
from tests.support.problem_course import (
    FIRST,
    ask,
    assigned,
    in_vain,
    left_untold,
    planned,
    registered,
    tags,
    told_again,
    tried_in_vain,
    unopened,
)
from tests.support.problems import ProblemDesk
from tests.support.trail import WatchedTrail
from worker import WORKFLOWS, workflow_runner
from workflows.docket import AT_ONCE
from workflows.problem import SPREAD, ProblemWorkflow
from workflows.teller import PAUSES

MANY = 200
"""Problems that take longer to open than a run lasts."""


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


async def test_a_registered_problem_is_opened_once_and_the_campaign_hears_of_it(
    stage: Stage,
) -> None:
    await stage.start()
    await stage.play(PLANNING)

    await registered(stage)
    await until(lambda: "campaign:problem:noted" in stage.tags)

    assert tags(stage) == ["problem:problem:registered"]
    summary = await stage.gateway.problem_summary(FIRST)
    assert (summary.no, summary.state, summary.recorded) == (FIRST, "registered", 1)


async def test_a_run_opens_what_the_one_before_left_unopened_and_several_at_a_time(
    stage: Stage,
) -> None:
    count = AT_ONCE + 2
    await stage.begin_with(unopened(count))
    every = [f"{NO}-{serial:04d}" for serial in range(1, count + 1)]
    await until(lambda: all(tags(stage, no) for no in every))
    await until(lambda: stage.tags.count("campaign:problem:noted") == count)

    found = [await stage.gateway.problem_summary(no) for no in every]
    assert {(each.state, each.recorded) for each in found} == {("registered", 1)}
    assert await _most_on_their_way(stage) == AT_ONCE


async def test_no_run_ends_while_it_opens_problems(stage: Stage) -> None:
    """What a run has under way ends with it, and would be done again by the next one."""
    await stage.begin_with(unopened(MANY))
    await until(lambda: stage.tags.count("campaign:problem:noted") == MANY, within=60)

    begun = (
        (await stage.handle.fetch_history()).events[0].workflow_execution_started_event_attributes
    )
    before = begun.continued_execution_run_id
    assert before, "all was done in one run"
    run = stage.client.get_workflow_handle(stage.handle.id, run_id=before)
    kinds = Counter(each.event_type for each in (await run.fetch_history()).events)
    scheduled = kinds[EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED]
    assert 0 < scheduled == kinds[EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED]


async def _most_on_their_way(stage: Stage) -> int:
    """How many activities were on their way at once."""
    going = most = 0
    for event in (await stage.handle.fetch_history()).events:
        going += event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        going -= event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED
        most = max(most, going)
    return most


async def test_a_run_tells_what_the_one_before_did_not_come_to_tell(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await left_untold(stage)

    await until(lambda: _last_noted(stage).get("state") == "registered")
    assert (await stage.gateway.problem_summary(FIRST)).recorded == 1


async def test_a_campaign_that_is_away_for_a_moment_is_told_again(stage: Stage) -> None:
    await told_again(stage)

    assert _last_noted(stage).get("state") == "registered"
    assert 1 <= await in_vain(stage) <= len(PAUSES)


async def test_a_campaign_that_is_gone_is_told_no_more_and_the_problem_goes_on(
    env: WorkflowEnvironment, stage: Stage
) -> None:
    await left_untold(stage)
    for tries, pause in enumerate(PAUSES, start=1):
        await tried_in_vain(stage, tries)
        await env.sleep(pause + timedelta(seconds=1))
    await tried_in_vain(stage, len(PAUSES) + 1)
    await env.sleep(timedelta(hours=1))

    assert await in_vain(stage) == len(PAUSES) + 1
    assert (await stage.gateway.problem_summary(FIRST)).state == "registered"


async def test_a_problem_goes_its_way_by_commands_and_its_campaign_keeps_up(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await registered(stage)
    await assigned(stage)
    receipt = await planned(stage)

    assert receipt.stream == problem_stream(FIRST)
    assert "problem:plan:submitted" in tags(stage)
    await until(lambda: _last_noted(stage).get("state") == "plan_review")


def _last_noted(stage: Stage) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for event in stage.events:
        for change in event.changes:
            if change.kind == "docket":
                said.update(change.after)
    return said


async def test_a_problem_s_clock_wakes_it_silence_makes_the_unit_the_owner(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await registered(stage)
    await assigned(stage)

    await stage.at("2019-03-13")
    await until(lambda: "problem:problem:accepted_by_silence" in tags(stage))


async def test_a_refusal_stands_on_the_problem_s_own_stream(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await registered(stage)

    with pytest.raises(RuleViolation) as why:
        await ask(stage, p.AcceptProblem, "U01-L1")

    assert why.value.code is Code.ROLE_OUT_OF_SCOPE or why.value.code is Code.STATE_ORDER
    assert tags(stage)[-1] == "problem:command:refused"


async def test_the_same_request_twice_is_one_decision(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await registered(stage)
    fields = {"problem_type": "inaction", "rectify_class": "immediate", "target": "-"}
    same: dict[str, Any] = {**fields, "request_id": "same-00001"}

    first = await ask(stage, p.TriageProblem, "OF-1", **same)
    again = await ask(stage, p.TriageProblem, "OF-1", **same)

    assert first == again
    assert tags(stage).count("problem:problem:triaged") == 1


async def test_news_of_the_campaign_reaches_every_problem(stage: Stage) -> None:
    await stage.start()
    await stage.play(LAUNCHED)
    await registered(stage, 3)
    word = {"reason": "机构改革", "doc_no": "决定1号"}
    await stage.do(c.Suspend, "LG-1", **word)
    every = [f"{NO}-{serial:04d}" for serial in (1, 2, 3)]
    await until(lambda: all("problem:stage:suspended" in tags(stage, no) for no in every))

    await stage.do(c.Resume, "LG-1", **word)
    await until(lambda: all("problem:stage:resumed" in tags(stage, no) for no in every))


async def test_a_campaign_that_ends_closes_the_streams_of_its_problems(stage: Stage) -> None:
    await stage.start()
    await stage.play(PLANNING)
    await registered(stage)
    owner = {"owner": "U15", "disposition": "移交"}
    tasks = tuple({"task": each, **owner} for each in ("T-01", "T-02"))
    given: dict[str, Any] = {"reason": "撤销", "doc_no": "纪要9号"}
    with pytest.raises(RuleViolation) as why:
        await stage.do(c.Terminate, "LG-1", **given, dispositions=tasks)
    assert why.value.params["missing"] == [FIRST]

    every = (*tasks, {"task": FIRST, **owner})
    await stage.do(c.Terminate, "LG-1", **given, dispositions=every)

    assert (await stage.handle.result()).stage == "terminated"
    handle = stage.client.get_workflow_handle(problem_stream(FIRST))
    await handle.result()
    assert tags(stage)[-1] == "problem:stream:closed"
    described = await handle.describe()
    assert described.status is WorkflowExecutionStatus.COMPLETED
    with pytest.raises(RuleViolation) as late:
        await ask(stage, p.AcceptProblem, "U01-L1")
    assert late.value.code is Code.STAGE_NOT_LIVE


async def test_there_is_no_problem_that_was_never_registered(stage: Stage) -> None:
    await stage.start()

    with pytest.raises(NotFound) as why:
        await ask(stage, p.AcceptProblem, "U01-L1", no=f"{NO}-0042")

    assert why.value.params["no"] == f"{NO}-0042"


@pytest.mark.parametrize("mode", ["live", "rehearsal"])
async def test_alarms_of_live_problems_are_spread_and_rehearsed_ones_ring_on_time(
    stage: Stage, mode: str
) -> None:
    await stage.start()
    waits = []
    for serial in (1, 2, 3):
        desk = ProblemDesk(campaign=NO, no=f"{NO}-{serial:04d}", mode=mode).assigned()
        desk.problem.recorded(len(desk.events))
        waits.append(await _waits(stage, desk))

    assert (len(set(waits)) > 1) is (mode == "live")
    assert all(0 <= each < SPREAD for each in waits)
    assert mode == "live" or set(waits) == {0}


async def _waits(stage: Stage, desk: ProblemDesk) -> int:
    """Start a problem where it stands; return how many seconds after its alarm its timer rings."""
    left = ProblemInput(state=desk.problem.state, clock_offset=stage.offset)
    stream = problem_stream(desk.record.no)
    name = ProblemWorkflow.run
    handle = await stage.client.start_workflow(name, left, id=stream, task_queue=QUEUE)
    summary = await stage.gateway.problem_summary(desk.record.no)
    assert summary.next_alarm is not None
    for event in (await handle.fetch_history()).events:
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            pause = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            rings: datetime = event.event_time.ToDatetime(UTC) + stage.offset + pause
            return round((rings - summary.next_alarm).total_seconds())
    raise AssertionError(stream)
