"""The only client of the workflows: commands go in, receipts and refusals come back."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Self, TypeVar

from pydantic import JsonValue
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import (
    Client,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from duban.contracts import CampaignInput, CampaignSummary, Receipt, campaign_stream
from duban.domain.campaign.commands import AnyCommand, Gate
from duban.domain.campaign.creation import CampaignStart, create
from duban.domain.campaign.gates import ConditionResult
from duban.domain.errors import Code, RuleViolation
from duban.errors import AlreadyExists, NotFound, Unavailable
from duban.settings import Settings
from workflows.campaign import CampaignWorkflow

T = TypeVar("T")
CampaignHandle = WorkflowHandle[CampaignWorkflow, CampaignSummary]

IN_FLIGHT = 8
"""Updates at once per campaign; the server refuses more than ten (temporal.md 1.3)."""

ATTEMPTS = 6
"""How often a call is tried again when the server says that it is busy."""

ANSWER_WITHIN = timedelta(seconds=60)
"""How long a caller waits for an answer; the decision itself goes on and keeps its id."""


async def connect(settings: Settings) -> Client:
    """Connect to the Temporal server the environment (TEMPORAL_*) and the settings name.

    Raises:
        Unavailable: `temporal.unreachable`, with the address tried.
    """
    told = ClientConfig.load_client_connect_config()
    if settings.temporal_address is not None:
        told["target_host"] = settings.temporal_address
    address = told.setdefault("target_host", "localhost:7233")
    try:
        return await Client.connect(**told, data_converter=pydantic_data_converter)
    except (RPCError, RuntimeError) as error:
        raise Unavailable("temporal.unreachable", address=address) from error


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
        create(start, now=datetime.now(UTC) + start.clock_offset)
        stream = campaign_stream(start.plan.no)
        try:
            handle = await _answered(
                lambda: self._client.start_workflow(
                    CampaignWorkflow.run,
                    CampaignInput(start=start, clock_offset=start.clock_offset),
                    id=stream,
                    task_queue=self._queue,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    static_summary=start.plan.no,
                )
            )
        except WorkflowAlreadyStartedError as error:
            raise AlreadyExists("campaign.already_exists", no=start.plan.no) from error
        next_seq = await self._settled(start.plan.no, handle)
        return Receipt(
            stream=stream,
            first_seq=0,
            last_seq=next_seq - 1,
            object_type="campaign",
            object_id=start.plan.no,
        )

    async def execute(self, no: str, command: AnyCommand) -> Receipt:
        """Carry a person's command out; the answer comes when it is on the trail.

        Raises:
            RuleViolation: the rules refuse; that too is on the trail by then.
            NotFound: no such campaign runs.
            Unavailable: no answer yet; send the same request id again to learn it.
        """
        handle = self._handle(no)

        async def send() -> Receipt:
            return await handle.execute_update(
                "execute",
                command,
                id=command.request_id,
                result_type=Receipt,
                rpc_timeout=ANSWER_WITHIN,
            )

        async with self._doors[no]:
            return await self._translated(no, send, command.request_id)

    async def order_spot_check(self, no: str, order: JsonValue) -> None:
        """Send the spot-check signal; the trail says what became of it (f.2)."""
        handle = self._handle(no)
        await self._translated(
            no, lambda: handle.signal(CampaignWorkflow.order_spot_check, order), "-"
        )

    async def gate(self, no: str, gate: str | None = None) -> list[ConditionResult]:
        """Return the conditions of a gate as they stand, of the one ahead by default."""
        handle, chosen = self._handle(no), Gate(gate) if gate else None
        return await self._translated(no, lambda: handle.query(CampaignWorkflow.gate, chosen), "-")

    async def summary(self, no: str) -> CampaignSummary:
        """Return where a campaign stands, from the workflow itself."""
        handle = self._handle(no)
        return await self._translated(no, lambda: handle.query(CampaignWorkflow.summary), "-")

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

    async def _settled(self, no: str, handle: CampaignHandle) -> int:
        try:
            return await self._translated(
                no, lambda: handle.execute_update("settle", result_type=int), "-"
            )
        except NotFound:
            # The workflow refused to begin; its own failure says why.
            try:
                await handle.result()
            except WorkflowFailureError as error:
                raise _refusal(error.cause) from error
            raise

    async def _translated(self, no: str, call: Callable[[], Awaitable[T]], request_id: str) -> T:
        try:
            return await _answered(call)
        except WorkflowUpdateFailedError as error:
            raise _refusal(error.cause) from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise Unavailable("temporal.pending", request_id=request_id) from error
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            await self._refuse_if_over(no)
            raise NotFound("campaign.not_found", no=no) from error

    async def _refuse_if_over(self, no: str) -> None:
        try:
            described = await self._handle(no).describe()
        except RPCError:
            return
        if described.close_time is not None:
            raise RuleViolation(Code.STAGE_NOT_LIVE, stage="archived")


async def _answered(call: Callable[[], Awaitable[T]]) -> T:
    """Call, again with growing pauses while the server is busy; away is `Unavailable`."""
    for attempt in range(ATTEMPTS):
        try:
            return await call()
        except RPCError as error:
            if error.status is RPCStatusCode.UNAVAILABLE:
                raise Unavailable("temporal.unreachable", address="-") from error
            if error.status is not RPCStatusCode.RESOURCE_EXHAUSTED or attempt == ATTEMPTS - 1:
                raise
        # The pause is spread so that callers turned away together do not come back together.
        await asyncio.sleep(0.05 * 2**attempt * (0.5 + random.random()))  # noqa: S311
    raise Unavailable("temporal.busy")


def _refusal(cause: BaseException | None) -> Exception:
    if not isinstance(cause, ApplicationError) or cause.type not in set(Code):
        return Unavailable("temporal.failed", reason=str(cause))
    params = cause.details[0] if cause.details else {}
    return RuleViolation(Code(cause.type), **params)
