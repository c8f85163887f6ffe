"""One update of a workflow, sent so that a refusal for the moment comes back at once."""

import asyncio
from datetime import timedelta
from typing import NamedTuple, TypeVar

from temporalio.api.common.v1 import Payloads, WorkflowExecution
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage as Stage
from temporalio.api.update.v1 import Input, Meta, Request, WaitPolicy
from temporalio.api.workflowservice.v1 import (
    UpdateWorkflowExecutionRequest,
    UpdateWorkflowExecutionResponse,
)
from temporalio.client import Client, WorkflowUpdateHandle, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.converter import WorkflowSerializationContext
from temporalio.service import RPCError, RPCStatusCode

T = TypeVar("T")

TIMED_OUT = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})

WITHOUT_DELAY = TIMED_OUT | {RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.NOT_FOUND}
"""What the caller hears at once; all other errors the SDK tries again as it always does."""


class Update(NamedTuple):
    """An update for a workflow. The server knows one that is sent again by its `id`."""

    workflow_id: str
    id: str
    name: str
    arguments: tuple[object, ...] = ()


async def send_update(
    client: Client, update: Update, result_type: type[T], *, within: timedelta
) -> T:
    """Send an update and return its result.

    The server turns an update away (RESOURCE_EXHAUSTED) that meets the end of a run, for the few
    milliseconds until the next run is there. `WorkflowHandle.execute_update` then pauses for a
    second or more, and no setting of the SDK shortens it; here the caller is told instead.

    Raises:
        WorkflowUpdateFailedError: the workflow refused it.
        WorkflowUpdateRPCTimeoutOrCancelledError: no answer `within` this time.
        RPCError: the server did not take it; RESOURCE_EXHAUSTED is worth another try soon.
    """
    request = await _request(client, update)
    response = await _accepted(client, request, within)
    handle: WorkflowUpdateHandle[T] = WorkflowUpdateHandle(
        client,
        update.id,
        update.workflow_id,
        workflow_run_id=response.update_ref.workflow_execution.run_id,
        result_type=result_type,
        known_outcome=response.outcome if response.HasField("outcome") else None,
    )
    return await handle.result(rpc_timeout=within)


async def _request(client: Client, update: Update) -> UpdateWorkflowExecutionRequest:
    context = WorkflowSerializationContext(client.namespace, update.workflow_id)
    payloads = await client.data_converter.with_context(context).encode(update.arguments)
    return UpdateWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=update.workflow_id),
        request=Request(
            meta=Meta(update_id=update.id, identity=client.identity),
            input=Input(name=update.name, args=Payloads(payloads=payloads) if payloads else None),
        ),
        wait_policy=WaitPolicy(
            lifecycle_stage=Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED
        ),
    )


async def _accepted(
    client: Client, request: UpdateWorkflowExecutionRequest, within: timedelta
) -> UpdateWorkflowExecutionResponse:
    """Return the server's answer, which holds the outcome unless the server grew tired waiting."""
    while True:
        try:
            response = await _sent(client, request, within)
        except RPCError as error:
            if error.status in TIMED_OUT:
                raise WorkflowUpdateRPCTimeoutOrCancelledError from error
            raise
        except asyncio.CancelledError as error:
            raise WorkflowUpdateRPCTimeoutOrCancelledError from error
        if response.stage >= Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_ACCEPTED:
            return response


async def _sent(
    client: Client, request: UpdateWorkflowExecutionRequest, within: timedelta
) -> UpdateWorkflowExecutionResponse:
    service = client.workflow_service
    try:
        return await service.update_workflow_execution(request, retry=False, timeout=within)
    except RPCError as error:
        if error.status in WITHOUT_DELAY:
            raise
        return await service.update_workflow_execution(request, retry=True, timeout=within)
