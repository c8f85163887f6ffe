"""An update as it is sent: what is told at once, and what the SDK tries again."""

from collections.abc import Sequence
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage as Stage
from temporalio.api.update.v1 import Outcome
from temporalio.api.workflowservice.v1 import (
    UpdateWorkflowExecutionRequest,
    UpdateWorkflowExecutionResponse,
)
from temporalio.client import Client, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.converter import DataConverter
from temporalio.service import RPCError, RPCStatusCode

from duban.codec import is_encrypted
from duban.connection import DATA_CONVERTER, data_converter
from duban.updates import Update, send_update
from tests.support.rings import RING

WITHIN = timedelta(seconds=9)
UPDATE = Update("campaign-1", "asking-1", "settle", ("a", 2))
WAITING = UpdateWorkflowExecutionResponse()


def answer(value: int) -> UpdateWorkflowExecutionResponse:
    outcome = Outcome()
    payloads = DATA_CONVERTER.payload_converter.to_payloads([value])
    outcome.success.payloads.extend(payloads)
    return UpdateWorkflowExecutionResponse(
        stage=Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED, outcome=outcome
    )


class Server:
    """Answers calls in turn with statuses and responses; `retries` says how it was asked."""

    def __init__(self, *answers: RPCStatusCode | UpdateWorkflowExecutionResponse) -> None:
        self.answers = list(answers)
        self.requests: list[UpdateWorkflowExecutionRequest] = []
        self.retries: list[bool] = []

    async def update_workflow_execution(
        self, request: UpdateWorkflowExecutionRequest, *, retry: bool, timeout: timedelta
    ) -> UpdateWorkflowExecutionResponse:
        assert timeout == WITHIN
        self.requests.append(request)
        self.retries.append(retry)
        given = self.answers.pop(0)
        if isinstance(given, UpdateWorkflowExecutionResponse):
            return given
        raise RPCError("refused", given, b"")

    async def ask(self, converter: DataConverter = DATA_CONVERTER) -> int:
        client: Any = SimpleNamespace(
            namespace="duban",
            identity="me",
            data_converter=converter,
            workflow_service=self,
        )
        return await send_update(cast(Client, client), UPDATE, int, within=WITHIN)


async def test_update_says_for_whom_it_is_and_what() -> None:
    server = Server(answer(7))
    assert await server.ask() == 7
    [sent] = server.requests
    assert (sent.namespace, sent.workflow_execution.workflow_id) == ("duban", "campaign-1")
    assert (sent.request.meta.update_id, sent.request.input.name) == ("asking-1", "settle")
    assert [each.data for each in sent.request.input.args.payloads] == [b'"a"', b"2"]


async def test_sec2_update_is_enciphered_for_the_workflow_it_is_for() -> None:
    server = Server(answer(7))
    assert await server.ask(data_converter(RING)) == 7
    sent = server.requests[0].request.input.args.payloads
    assert {each.metadata["of"] for each in sent} == {b"campaign-1"}
    assert all(is_encrypted(each) for each in sent)


async def test_server_that_grew_tired_is_asked_with_the_same_id() -> None:
    server = Server(WAITING, WAITING, answer(7))
    assert await server.ask() == 7
    assert {each.request.meta.update_id for each in server.requests} == {"asking-1"}


@pytest.mark.parametrize("status", [RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.NOT_FOUND])
async def test_refusal_for_the_moment_is_told_at_once(status: RPCStatusCode) -> None:
    server = Server(status)
    with pytest.raises(RPCError) as told:
        await server.ask()
    assert told.value.status is status
    assert server.retries == [False]


@pytest.mark.parametrize("status", [RPCStatusCode.UNAVAILABLE, RPCStatusCode.INTERNAL])
async def test_other_errors_are_left_to_the_sdk(status: RPCStatusCode) -> None:
    server = Server(status, answer(7))
    assert await server.ask() == 7
    assert server.retries == [False, True]


@pytest.mark.parametrize(
    "answers",
    [
        [RPCStatusCode.DEADLINE_EXCEEDED],
        [RPCStatusCode.CANCELLED],
        [RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED],
    ],
    ids=["late", "cancelled", "late-again"],
)
async def test_no_answer_in_time_is_no_refusal(answers: Sequence[RPCStatusCode]) -> None:
    with pytest.raises(WorkflowUpdateRPCTimeoutOrCancelledError):
        await Server(*answers).ask()
