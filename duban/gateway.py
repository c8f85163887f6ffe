"""The only client of the workflows: commands go in, receipts and refusals come back."""

import asyncio
import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any, Self, TypeVar

from pydantic import JsonValue
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ActivityError, ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from duban.connection import connect
from duban.contracts import (
    CampaignInput,
    CampaignSummary,
    Mode,
    ProblemAsked,
    ProblemSummary,
    Receipt,
    campaign_stream,
    noun_of,
    number_of,
    problem_stream,
)
from duban.domain.campaign.commands import AnyCommand, Gate
from duban.domain.campaign.creation import CampaignStart, create
from duban.domain.campaign.gates import ConditionResult
from duban.domain.campaign.state import CampaignState
from duban.domain.counting import SHANGHAI
from duban.domain.entity.command import Command
from duban.domain.errors import Code, RuleViolation
from duban.errors import AlreadyExists, NotFound, Unavailable
from duban.settings import Settings
from duban.updates import Update, send_update
from workflows.campaign import CampaignWorkflow
from workflows.intake import ORDER_SPOT_CHECK
from workflows.problem import ProblemWorkflow

T = TypeVar("T")
CampaignHandle = WorkflowHandle[CampaignWorkflow, CampaignSummary]

IN_FLIGHT = 8
"""Updates at once per campaign; the server refuses more than ten (temporal.md 1.3)."""

ATTEMPTS = 9
"""How often a call is made when the server says that it is busy: ten seconds, as the SDK has it."""

FIRST_PAUSE = 0.05
"""Seconds before the second attempt: by then a run that continues as new takes updates again."""

LONGEST_PAUSE = 2.0

ANSWER_WITHIN = timedelta(seconds=60)
"""How long a caller waits for an answer; the decision itself goes on and keeps its id."""


class CampaignGateway:
    """Campaigns as a program sees them. One per process; safe for any number of tasks."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._queue = task_queue
        self._doors: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(IN_FLIGHT)
        )

    @classmethod
    async def connect(cls, settings: Settings) -> Self:
        """Connect as `connect` does and return the gateway."""
        return cls(await connect(settings), settings.task_queue)

    async def start(self, start: CampaignStart) -> Receipt:
        """Start a campaign and answer when its first events are on the trail.

        Raises:
            RuleViolation: what `duban.domain.campaign.creation.create` refuses.
            AlreadyExists: a campaign with this number was started before.
            Unavailable: Temporal does not answer.
        """
        # Only its server knows the time of a rehearsal; there the workflow judges the dates.
        opening = datetime.combine(start.plan.launch_on, time(9), SHANGHAI).astimezone(UTC)
        create(start, now=datetime.now(UTC) if start.mode == Mode.LIVE else opening)
        await self._begin(
            start.plan.no, CampaignInput(start=start, clock_offset=start.clock_offset)
        )
        next_seq = await self.settle(start.plan.no)
        return Receipt(
            stream=campaign_stream(start.plan.no),
            first_seq=0,
            last_seq=next_seq - 1,
            object_type="campaign",
            object_id=start.plan.no,
        )

    async def restore(self, state: CampaignState) -> None:
        """Go on with a campaign whose workflow is gone, from the state its trail leads to.

        Raises:
            AlreadyExists: the campaign's workflow is still there and needs no restoring.
        """
        await self._begin(next(iter(state.campaign)), CampaignInput(state=state))

    async def _begin(self, no: str, given: CampaignInput) -> None:
        try:
            await _answered(
                lambda: self._client.start_workflow(
                    CampaignWorkflow.run,
                    given,
                    id=campaign_stream(no),
                    task_queue=self._queue,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    static_summary=no,
                )
            )
        except WorkflowAlreadyStartedError as error:
            raise AlreadyExists("campaign.already_exists", no=no) from error

    async def execute(self, no: str, command: AnyCommand) -> Receipt:
        """Carry a person's command out; the answer comes when it is on the trail.

        Raises:
            RuleViolation: the rules refuse; that too is on the trail by then.
            NotFound: no such campaign runs.
            Unavailable: no answer yet; send the same request id again to learn it.
        """
        return await self._execute(campaign_stream(no), command, command)

    async def execute_problem(self, no: str, asked: ProblemAsked) -> Receipt:
        """Carry a person's command about a problem out, as `execute` does for a campaign.

        Raises what `execute` raises.
        """
        return await self._execute(problem_stream(no), asked.command, asked)

    async def _execute(self, stream: str, command: Command, message: object) -> Receipt:
        update = Update(stream, _update_id(command), "execute", (message,))
        send = partial(send_update, self._client, update, Receipt, within=ANSWER_WITHIN)
        async with self._doors[stream]:
            return await self._translated(stream, send, command.request_id)

    async def order_spot_check(self, no: str, order: JsonValue) -> None:
        """Send the spot-check signal; the trail says what became of it (f.2)."""
        handle = self._handle(no)
        stream = campaign_stream(no)
        await self._translated(stream, lambda: handle.signal(ORDER_SPOT_CHECK, order), "-")

    async def settle(self, no: str) -> int:
        """Return the next ordinal once everything a campaign has said is on the trail.

        Raises:
            RuleViolation: the campaign is over.
            NotFound: no such campaign runs.
            Unavailable: no answer yet, or the run has failed.
        """
        return await self._settle(campaign_stream(no))

    async def settle_problem(self, no: str) -> int:
        """Return the next ordinal once everything a problem has said is on the trail.

        Raises what `settle` raises.
        """
        return await self._settle(problem_stream(no))

    async def _settle(self, stream: str) -> int:
        update = Update(stream, str(uuid.uuid4()), "settle")
        ask = partial(send_update, self._client, update, int, within=ANSWER_WITHIN)
        return await self._translated(stream, ask, "-")

    async def gate(self, no: str, gate: str | None = None) -> list[ConditionResult]:
        """Return the conditions of a gate as they stand, of the one ahead by default."""
        handle, chosen = self._handle(no), Gate(gate) if gate else None
        ask = partial(handle.query, CampaignWorkflow.gate, chosen)
        return await self._translated(campaign_stream(no), ask, "-")

    async def summary(self, no: str) -> CampaignSummary:
        """Return where a campaign stands, from the workflow itself."""
        ask = partial(self._handle(no).query, CampaignWorkflow.summary)
        return await self._translated(campaign_stream(no), ask, "-")

    async def problem_summary(self, no: str) -> ProblemSummary:
        """Return where a problem stands, from the workflow itself."""
        stream = problem_stream(no)
        handle = self._client.get_workflow_handle_for(ProblemWorkflow.run, stream)
        return await self._translated(stream, partial(handle.query, ProblemWorkflow.summary), "-")

    async def health(self) -> dict[str, int | str]:
        """Return what the server says of itself: namespace, retention in days, live pollers."""
        service = self._client.workflow_service
        namespace = await _answered(
            lambda: service.describe_namespace(
                DescribeNamespaceRequest(namespace=self._client.namespace)
            )
        )
        queue = await _answered(
            lambda: service.describe_task_queue(
                DescribeTaskQueueRequest(
                    namespace=self._client.namespace,
                    task_queue=TaskQueue(name=self._queue),
                    task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
                )
            )
        )
        retention = namespace.config.workflow_execution_retention_ttl.ToTimedelta()
        return {
            "namespace": self._client.namespace,
            "retention_days": retention.days,
            "pollers": len(queue.pollers),
        }

    def _handle(self, no: str) -> CampaignHandle:
        return self._client.get_workflow_handle_for(CampaignWorkflow.run, campaign_stream(no))

    async def _translated(
        self, stream: str, call: Callable[[], Awaitable[T]], request_id: str
    ) -> T:
        try:
            return await _answered(call)
        except WorkflowUpdateFailedError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.type == _RUN_ENDED:
                raise await self._why_ended(stream, request_id) from error
            raise _refusal(error.cause) from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise Unavailable("temporal.pending", request_id=request_id) from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise Unavailable("temporal.failed", reason=error.message) from error
            raise await self._why_ended(stream, request_id) from error

    async def _why_ended(self, stream: str, request_id: str) -> Exception:
        """Return what to tell a caller whose entity took no message: gone, over or broken."""
        handle: WorkflowHandle[Any, Any] = self._client.get_workflow_handle(stream)
        try:
            described = await handle.describe()
            if described.status is WorkflowExecutionStatus.RUNNING:
                return Unavailable("temporal.pending", request_id=request_id)
            last = await handle.result()
        except RPCError:
            return NotFound(f"{noun_of(stream)}.not_found", no=number_of(stream))
        except WorkflowFailureError as error:
            return _refusal(error.cause)
        return RuleViolation(Code.STAGE_NOT_LIVE, stage=last.get("stage") or last["state"])


_RUN_ENDED = "AcceptedUpdateCompletedWorkflow"
"""What the server calls an update whose run ended before it was answered."""


def _update_id(command: Command) -> str:
    """Return the id by which the server knows a command that is sent again.

    The content is part of it: other words under a used request id must reach the campaign, which
    refuses them (l.9); the server would answer with the receipt of the first.
    """
    digest = hashlib.sha256(command.model_dump_json().encode()).hexdigest()
    return f"{command.request_id}/{digest[:16]}"


async def _answered(call: Callable[[], Awaitable[T]]) -> T:
    """Call, again with growing pauses while the server is busy; away is `Unavailable`."""
    for attempt in range(ATTEMPTS):
        try:
            return await call()
        except RPCError as error:
            if error.status is RPCStatusCode.UNAVAILABLE:
                raise Unavailable("temporal.unreachable", address="-") from error
            if error.status is not RPCStatusCode.RESOURCE_EXHAUSTED:
                raise
        # The pause is spread so that callers turned away together do not come back together.
        pause = min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE)
        await asyncio.sleep(pause * (0.5 + random.random()))  # noqa: S311
    raise Unavailable("temporal.busy")


def _refusal(cause: BaseException | None) -> Exception:
    while isinstance(cause, ActivityError) and cause.cause is not None:
        cause = cause.cause
    if not isinstance(cause, ApplicationError):
        return Unavailable("temporal.failed", reason=str(cause))
    if cause.type not in set(Code):
        return Unavailable("temporal.failed", reason=cause.type or str(cause))
    params = cause.details[0] if cause.details else {}
    return RuleViolation(Code(cause.type), **params)
