"""The composition root: builds the worker from its parts and runs it until it is told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
import uvloop
from temporalio import workflow
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import Worker, WorkerDeploymentConfig
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.clues import ClueActivities
from activities.draws import DrawActivities, SecretKeeper
from activities.inspections import InspectionActivities
from activities.problems import ProblemActivities
from activities.proofs import ProofActivities, ProofReader
from activities.targets import TargetActivities, TargetKeeper
from activities.trail import TrailActivities, TrailWriter
from duban import logs
from duban.connection import connect
from duban.errors import DubanError
from duban.opener import Opener
from duban.settings import Settings
from duban.stack.addresses import address_for
from duban.stack.home import fill_in
from duban.stack.keys import payload_ring, trail_key
from duban.stack.opening import open_live
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.pool import WORKER, open_pool
from workflows.campaign import CampaignWorkflow
from workflows.clue import ClueWorkflow
from workflows.inspection import InspectionWorkflow
from workflows.problem import ProblemWorkflow
from workflows.receipts import ReceiptsWorkflow
from workflows.sandbox import RESTRICTIONS, Sandbox

WORKFLOWS: Sequence[type] = (
    CampaignWorkflow,
    ProblemWorkflow,
    ClueWorkflow,
    InspectionWorkflow,
    ReceiptsWorkflow,
)

AT_ONCE = 20
"""Workflow tasks taken at a time. What is taken waits for one of two threads: two seconds at most,
then the SDK sees a deadlock, and ten until the server gives it to another. With the SDK's
hundred, tasks of hundreds of clocks that ran out at once were done again and again."""

log = structlog.get_logger(__name__)


class WorkerDoor(TrailWriter, ProofReader, SecretKeeper, Protocol):
    """What a worker needs of a trail, of the log over it, and of the secrets beside it."""

    @property
    def sealed(self) -> TargetKeeper:
        """Where the lists, secrets and targets of draws of inspections are kept."""


def workflow_runner() -> SandboxedWorkflowRunner:
    """Return the sandbox that workflows run in, also where histories are replayed."""
    return Sandbox(restrictions=RESTRICTIONS)


def build_worker(client: Client, door: WorkerDoor, task_queue: str, **options: Any) -> Worker:
    """Return the worker that is shipped and tested: all workflows, all activities.

    `options` are those of Temporal's `Worker`, for tests and benchmarks.
    """
    options.setdefault("graceful_shutdown_timeout", timedelta(seconds=10))
    # Python runs one thread at a time, so more than two only change places. The second lets others
    # go on beside a campaign that follows a long history.
    options.setdefault("workflow_task_executor", ThreadPoolExecutor(2, "campaign"))
    options.setdefault("max_concurrent_workflow_tasks", AT_ONCE)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=WORKFLOWS,
        activities=_activities(Opener(client, task_queue), door),
        workflow_runner=workflow_runner(),
        **options,
    )


def _activities(opener: Opener, door: WorkerDoor) -> list[Callable[..., Any]]:
    problems, clues = ProblemActivities(opener), ClueActivities(opener)
    draws, inspections = DrawActivities(door), InspectionActivities(opener)
    targets = TargetActivities(door.sealed)
    return [
        TrailActivities(door).record_events,
        ProofActivities(door).prove,
        problems.open_problem,
        problems.tell_problems,
        draws.seal_secret,
        draws.open_secret,
        clues.open_clue,
        clues.tell_clues,
        inspections.open_inspection,
        inspections.tell_inspections,
        targets.freeze_draw,
        targets.draw_targets,
        targets.hand_target,
        targets.unseal_target,
        targets.burn_target,
        targets.reveal_draw,
    ]


def deployment(settings: Settings) -> WorkerDeploymentConfig | None:
    """Return the release that the worker stands for, or None where releases are not told apart.

    A campaign keeps to the release its run began with and moves when it continues as new.
    """
    if settings.build_id is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(settings.deployment, settings.build_id),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.PINNED,
    )


async def run(settings: Settings) -> None:
    """Run one worker until SIGINT or SIGTERM; what it has begun it finishes first."""
    address, settings = address_for(settings, WORKER), fill_in(settings)
    key, ring = trail_key(settings), payload_ring(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    client = await connect(settings)
    pool = await open_pool(address, max_size=4)
    store = AuditStore(pool, key)
    try:
        await open_live(store, now=datetime.now(UTC))
        async with (
            Door(store, ring) as door,
            build_worker(client, door, settings.task_queue, deployment_config=deployment(settings)),
        ):
            log.info("worker_started", task_queue=settings.task_queue)
            await stop.wait()
            log.info("worker_stopping", task_queue=settings.task_queue)
    finally:
        await pool.close()


def main() -> None:
    """Run a worker from the environment; exit status 1 with one line when it cannot start."""
    settings = Settings.from_env()
    logs.configure(settings)
    # The ids stand in fields of their own; repeating them in each message helps nobody.
    workflow.logger.workflow_info_on_message = False
    try:
        uvloop.run(run(settings))
    except DubanError as error:
        log.error("worker_cannot_start", code=error.code, **error.params)
        status = 1
    else:
        status = 0
    sys.stdout.flush()
    sys.stderr.flush()
    # Temporal's core threads may call back while the interpreter goes away and abort it.
    os._exit(status)


if __name__ == "__main__":
    main()
