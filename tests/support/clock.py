"""A campaign on a Temporal server with the business clock in the hands of a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, cast

from temporalio import workflow
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from duban.contracts import (
    CampaignInput,
    CampaignSummary,
    Mode,
    Receipt,
    Record,
    campaign_stream,
)
from duban.domain.campaign import commands as c
from duban.domain.campaign.creation import CampaignStart
from duban.domain.events import Event
from duban.gateway import CampaignGateway
from duban.rehearsal.waiting import wait_until
from tests.support.ahead import plan_ahead
from tests.support.builders import Desk, a_calendar, a_plan, an_actor, shanghai
from tests.support.trail import WatchedTrail
from worker import WorkerDoor, build_worker
from workflows.campaign import CampaignWorkflow

NO = "BE-2019"
STREAM = campaign_stream(NO)
QUEUE = "duban-test"
OPENS_AT = shanghai("2019-03-04", "09:00")


CACHED: dict[str, Any] = {
    "max_cached_workflows": 100,
    "max_concurrent_workflow_task_polls": 5,
    "nonsticky_to_sticky_poll_ratio": 0.2,
}
"""What a worker needs that serves several workflows at a time: with none kept, the SDK lets their
tasks wait for each other's local activities, until one runs into its timeout of ten seconds."""


def the_worker(client: Client, door: WorkerDoor, **options: Any) -> Worker:
    """The shipped worker, made to replay at every task and to fail where a replay differs."""
    strict: dict[str, Any] = {
        "max_cached_workflows": 0,
        "max_concurrent_workflow_task_polls": 1,
        "nonsticky_to_sticky_poll_ratio": 1.0,
        "workflow_failure_exception_types": [workflow.NondeterminismError],
        "graceful_shutdown_timeout": timedelta(seconds=2),
    }
    return build_worker(client, door, QUEUE, **{**strict, **options})


async def until(holds: Callable[[], object], within: float = 20.0) -> None:
    """Poll until something holds; `TimeoutError` when it does not in time."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for sets no event of ours
            await asyncio.sleep(0.01)


class Stage:
    """A campaign of 2019 behind a gateway; `trail` is what it records to."""

    def __init__(
        self,
        client: Client,
        trail: WatchedTrail,
        offset: timedelta,
        env: WorkflowEnvironment | None = None,
    ) -> None:
        self.client = client
        self.trail = trail
        self.offset = offset
        self._env = env
        self.gateway = CampaignGateway(client, QUEUE)
        self._count = 0

    @property
    def env(self) -> WorkflowEnvironment:
        """The server whose time can be skipped."""
        assert self._env is not None
        return self._env

    @property
    def handle(self) -> WorkflowHandle[CampaignWorkflow, CampaignSummary]:
        """The campaign's workflow, for what only a test may ask of it."""
        return self.client.get_workflow_handle_for(CampaignWorkflow.run, STREAM)

    @property
    def events(self) -> list[Event]:
        """What the campaign has on the trail."""
        return self.trail.events(STREAM)

    @property
    def tags(self) -> list[str]:
        """The tags of what the campaign has on the trail."""
        return [each.tag for each in self.events]

    def beginning(self, **fields: Any) -> CampaignStart:
        """What a campaign on this stage starts from."""
        usual: dict[str, Any] = {
            "plan": a_plan(),
            "calendar": a_calendar(),
            "mode": "rehearsal",
            "clock_offset": self.offset,
            "actor": an_actor("OF-1"),
            "request_id": "start-0001",
        }
        return CampaignStart(**{**usual, **fields})

    async def start(self, **fields: Any) -> Receipt:
        """Start the campaign."""
        return await self.gateway.start(self.beginning(**fields))

    async def start_live(self) -> Receipt:
        """Start the campaign on a live record, in the weeks to come."""
        plan, calendar = plan_ahead(NO)
        self.offset = timedelta(0)
        return await self.start(mode="live", plan=plan, calendar=calendar)

    async def end(self) -> Receipt:
        """Have the campaign ended early; every open task gets its owner."""
        owner = {"owner": "U15", "disposition": "移交"}
        tasks = tuple({"task": each, **owner} for each in ("T-01", "T-02"))
        given: dict[str, Any] = {"reason": "撤销", "doc_no": "纪要9号", "dispositions": tasks}
        return await self.do(c.Terminate, "LG-1", **given)

    async def go_on(self, desk: Desk, day: str, clock: str) -> None:
        """Start the campaign from the state of a desk, as if its servers had stood still since."""
        now = await self.env.get_current_time() if self._env else datetime.now(UTC)
        self.offset = timedelta(seconds=int((shanghai(day, clock) - now).total_seconds()))
        await self.client.start_workflow(
            CampaignWorkflow.run,
            CampaignInput(state=desk.campaign.state, clock_offset=self.offset),
            id=STREAM,
            task_queue=QUEUE,
        )

    async def begin_with(self, desk: Desk) -> None:
        """Go on from the state of a desk as a run does that continues another: all is recorded."""
        events = tuple(desk.events)
        record = Record(stream=STREAM, campaign=NO, mode=Mode.REHEARSAL, events=events)
        await self.trail.append(record)
        desk.campaign.recorded(len(events))
        await self.go_on(desk, "2019-03-04", "09:30")

    def command(self, command: type[c.Command], by: str, **fields: Any) -> c.AnyCommand:
        """Return a command of a person of the register, by default with a fresh request id."""
        self._count += 1
        actor = fields.pop("actor", None) or an_actor(by)
        usual = {"actor": actor, "request_id": f"asking-{self._count:05}"}
        return cast(c.AnyCommand, command(**{**usual, **fields}))

    async def do(self, command: type[c.Command], by: str, **fields: Any) -> Receipt:
        """Have a command carried out by a person of the register, now."""
        return await self.gateway.execute(NO, self.command(command, by, **fields))

    async def at(self, day: str, clock: str = "10:00") -> "Stage":
        """Let time pass to a Shanghai wall-clock moment; one that is past already is now."""
        await wait_until(self.env, shanghai(day, clock) - self.offset, self._entries)
        return self

    async def _entries(self) -> int:
        return sum(len(self.trail.events(each)) for each in self.trail.streams)

    async def play(self, story: tuple["Step", ...]) -> None:
        """Have the steps of a story carried out, each at its moment."""
        for step in story:
            await self.at(step.day, step.clock)
            await self.do(step.command, step.by, **step.fields)

    async def settled(self) -> int:
        """Return the next ordinal once everything said so far is on the trail."""
        next_seq: int = await self.handle.execute_update("settle", result_type=int)
        return next_seq


async def skipping_stage(env: WorkflowEnvironment, trail: WatchedTrail) -> Stage:
    """Return a stage without a worker whose clock says launch day, nine o'clock."""
    now = await env.get_current_time()
    offset = timedelta(seconds=int((OPENS_AT - now).total_seconds()))
    return Stage(env.client, trail, offset, env)


@asynccontextmanager
async def real_stage(client: Client, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A stage in real time, whose clock begins on launch day at nine; no workflow is left over."""
    stage = Stage(client, trail, OPENS_AT - datetime.now(UTC))
    try:
        async with the_worker(client, trail):
            yield stage
    finally:
        with suppress(RPCError):
            await stage.handle.terminate()


class Step(NamedTuple):
    """One deed of a person at a moment (Shanghai wall clock)."""

    day: str
    clock: str
    command: type[c.Command]
    by: str
    fields: dict[str, Any]


def step(day: str, command: type[c.Command], by: str, clock: str = "10:00", **fields: Any) -> Step:
    """Return a step at ten o'clock, or at another time of that day."""
    return Step(day, clock, command, by, fields)


PLANNING: tuple[Step, ...] = (
    step("2019-03-04", c.Establish, "LG-1", doc_no="会议纪要1号"),
    step("2019-03-06", c.SubmitPlan, "CG-1", doc_no="方案1号"),
    step("2019-03-06", c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意"),
    step("2019-03-08", c.ApprovePlan, "LG-1", doc_no="批复1号"),
)
"""From the draft to the approved plan: the tasks are out with their units."""


def _of_the_unit(unit: str, task: str) -> tuple[Step, ...]:
    leader = f"{unit}-L1"
    passed: dict[str, Any] = {"unit": unit, "passed": True, "opinion": "同意"}
    return (
        step("2019-03-11", c.AcceptTask, leader, task=task),
        step("2019-03-12", c.SubmitItemPlan, leader, task=task, doc_no="推进方案"),
        step("2019-03-13", c.SubmitUnitPlan, leader, unit=unit, doc_no="单位方案"),
        step("2019-03-14", c.ReviewUnitPlan, "CO-1", **passed),
    )


_BOTH_UNITS = sorted(
    _of_the_unit("U01", "T-01") + _of_the_unit("U02", "T-02"), key=lambda each: each.day
)

LAUNCHED: tuple[Step, ...] = (
    *PLANNING,
    *_BOTH_UNITS,
    step(
        "2019-03-15",
        c.FileDocument,
        "SU-1",
        kind=c.DocumentKind.INSPECTION_PLAN,
        doc_no="督查1号",
        title="督查计划",
    ),
    step("2019-03-29", c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要2号"),
)
"""From the draft into phase 1."""


def note(number: int) -> dict[str, Any]:
    """The fields of a document like any other, which may be filed in every live stage."""
    return {"kind": c.DocumentKind.OTHER, "doc_no": f"文{number}号", "title": "工作简报"}
