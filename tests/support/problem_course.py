"""The course of one problem on a stage, from registration to rectification, a step each."""

import asyncio
from typing import Any

from temporalio.api.enums.v1 import EventType

from duban.contracts import ProblemAsked, ProblemInput, Receipt, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.problem import commands as p
from duban.domain.problem.state import Register
from tests.support.builders import Desk, people
from tests.support.clock import NO, PLANNING, QUEUE, Stage, until
from tests.support.problems import ProblemDesk, a_registration, an_outcome
from workflows.problem import ProblemWorkflow

FIRST = f"{NO}-0001"
PEOPLE = Register(people=people())


async def ask(stage: Stage, command: type[Any], by: str, no: str = FIRST, **fields: Any) -> Receipt:
    """Have a command about a problem carried out by a person of the register."""
    asked = stage.command(command, by, **fields)
    message = ProblemAsked(command=asked, given=PEOPLE)  # type: ignore[arg-type]
    return await stage.gateway.execute_problem(no, message)


async def registered(stage: Stage, count: int = 1) -> None:
    """Register problems found at U01, and wait until they are opened."""
    said = a_registration(unit="U01", found_on="2019-03-01")
    for _ in range(count):
        await stage.do(c.RegisterProblem, "SU-1", registration=said)
    for serial in range(1, count + 1):
        stream = problem_stream(f"{NO}-{serial:04d}")
        await until(lambda s=stream: stage.trail.events(s))  # type: ignore[misc]


def unopened(count: int) -> Desk:
    """Return a campaign that has registered problems at U01 and opened none of them."""
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    said = a_registration(unit="U01", found_on="2019-03-01")
    for _ in range(count):
        desk.do(c.RegisterProblem, "SU-1", registration=said)
    return desk


async def left_untold(stage: Stage) -> None:
    """Start a problem that has not told its campaign how it stands."""
    desk = ProblemDesk(campaign=NO, no=FIRST)
    desk.problem.recorded(len(desk.events))
    left = ProblemInput(state=desk.problem.state, clock_offset=stage.offset)
    name, stream = ProblemWorkflow.run, problem_stream(FIRST)
    await stage.client.start_workflow(name, left, id=stream, task_queue=QUEUE)


async def in_vain(stage: Stage) -> int:
    """Return how often a problem tried to tell a campaign that was not there."""
    failed = EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED
    history = await stage.client.get_workflow_handle(problem_stream(FIRST)).fetch_history()
    return sum(each.event_type == failed for each in history.events)


async def tried_in_vain(stage: Stage, tries: int) -> None:
    """Wait until a problem has tried so often; `TimeoutError` when it does not."""
    async with asyncio.timeout(20):
        while await in_vain(stage) < tries:  # noqa: ASYNC110 - the server sets no event of ours
            await asyncio.sleep(0.01)


async def told_again(stage: Stage) -> None:
    """Have a problem tell its campaign in vain, and again once it is there."""
    await left_untold(stage)
    await tried_in_vain(stage, 1)
    await stage.start()
    await stage.play(PLANNING)
    await until(lambda: "campaign:problem:noted" in stage.tags)


async def assigned(stage: Stage, no: str = FIRST) -> None:
    """Triage a problem and hand it to U01."""
    judged = {"problem_type": "slow_action", "rectify_class": "time_limited"}
    await ask(stage, p.TriageProblem, "OF-1", no, **judged, target="全时段值守")
    named = {"unit": "U01", "principal_leader": "U01-L1", "handler": "U01-H1"}
    await ask(stage, p.AssignProblem, "OF-1", no, **named, basis_doc="交办单1号")


async def planned(stage: Stage, no: str = FIRST) -> Receipt:
    """Have U01 take the problem over and hand its plan in."""
    await ask(stage, p.AcceptProblem, "U01-L1", no)
    plan: dict[str, Any] = {"measures": ("增设人员",), "outcome": an_outcome()}
    return await ask(stage, p.SubmitRectificationPlan, "U01-L1", no, **plan, signed_by="U01-L1")


def tags(stage: Stage, no: str = FIRST) -> list[str]:
    """The tags of what a problem has on the trail."""
    return [each.tag for each in stage.trail.events(problem_stream(no))]
