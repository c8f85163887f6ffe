"""Codes cross the wire whole, and whatever else goes wrong gets a code of its own."""

from collections.abc import Sequence
from typing import Self

import pytest
from temporalio.api.failure.v1 import Failure
from temporalio.client import WorkflowExecutionStatus
from temporalio.converter import DefaultFailureConverter
from temporalio.exceptions import ActivityError, ApplicationError, RetryState, TerminatedError
from temporalio.service import RPCError, RPCStatusCode

from duban import messenger
from duban.connection import DATA_CONVERTER
from duban.domain.errors import Code, RuleViolation
from duban.errors import Unavailable
from workflows.refusals import refusal


def _across(error: BaseException) -> BaseException:
    """Send an error as a server does: as a failure, and back."""
    converter, payloads = DefaultFailureConverter(), DATA_CONVERTER.payload_converter
    failure = Failure()
    converter.to_failure(error, payloads, failure)
    sent = Failure.FromString(failure.SerializeToString())
    return converter.from_failure(sent, payloads)


@pytest.mark.parametrize("code", Code)
def test_every_code_survives_the_round_trip(code: Code) -> None:
    params: dict[str, str | int | list[str]] = {"no": "BE-2019", "wd": 7, "missing": ["甲", "乙"]}
    told = messenger.refusal_of(_across(refusal(RuleViolation(code, **params))))
    assert isinstance(told, RuleViolation)
    assert (told.code, told.params) == (code, params)


def test_code_without_params_survives_too() -> None:
    told = messenger.refusal_of(_across(refusal(RuleViolation(Code.PLAN_INVALID))))
    assert isinstance(told, RuleViolation)
    assert told.params == {}


def _activity_failed(cause: BaseException) -> ActivityError:
    error = ActivityError(
        "Activity task failed",
        scheduled_event_id=1,
        started_event_id=2,
        identity="",
        activity_type="record_events",
        activity_id="1",
        retry_state=RetryState.NON_RETRYABLE_FAILURE,
    )
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (ApplicationError("x", type="audit.conflict", non_retryable=True), "audit.conflict"),
        (_activity_failed(ApplicationError("x", type="audit.gap")), "audit.gap"),
        (ApplicationError("no type"), "no type"),
        (TerminatedError("Workflow terminated"), "Workflow terminated"),
    ],
    ids=["application", "activity", "untyped", "terminated"],
)
def test_other_failures_are_unavailable_with_their_reason(
    cause: BaseException, reason: str
) -> None:
    told = messenger.refusal_of(_across(cause))
    assert isinstance(told, Unavailable)
    assert (told.code, told.params) == ("temporal.failed", {"reason": reason})


class Server:
    """Answers calls with the given statuses in turn, then with seven."""

    def __init__(self, statuses: Sequence[RPCStatusCode]) -> None:
        self.statuses = list(statuses)
        self.calls = 0

    async def call(self) -> int:
        self.calls += 1
        if self.statuses:
            raise RPCError("refused", self.statuses.pop(0), b"")
        return 7


async def test_busy_server_is_asked_again() -> None:
    server = Server([RPCStatusCode.RESOURCE_EXHAUSTED] * 3)
    assert await messenger.answered(server.call) == 7
    assert server.calls == 4


async def test_server_that_stays_busy_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messenger, "ATTEMPTS", 2)
    server = Server([RPCStatusCode.RESOURCE_EXHAUSTED] * 9)
    with pytest.raises(Unavailable, match=r"temporal.busy"):
        await messenger.answered(server.call)
    assert server.calls == 2


async def test_server_that_is_away_is_unavailable_at_once() -> None:
    server = Server([RPCStatusCode.UNAVAILABLE])
    with pytest.raises(Unavailable, match=r"temporal.unreachable"):
        await messenger.answered(server.call)
    assert server.calls == 1


async def test_other_errors_of_the_server_are_not_asked_again() -> None:
    server = Server([RPCStatusCode.INVALID_ARGUMENT])
    with pytest.raises(RPCError):
        await messenger.answered(server.call)
    assert server.calls == 1


class Running:
    """A server on which an entity runs, whatever its messages met."""

    status = WorkflowExecutionStatus.RUNNING

    def get_workflow_handle(self, _: str) -> Self:
        return self

    async def describe(self) -> Self:
        return self


async def test_what_meets_the_end_of_a_run_is_sent_to_the_next() -> None:
    server = Server([RPCStatusCode.NOT_FOUND] * 2)
    sender = messenger.Messenger(Running())  # type: ignore[arg-type]
    assert await sender.translated("campaign-BE-2019", server.call) == 7
    assert server.calls == 3


async def test_an_entity_that_takes_nothing_though_it_runs_is_pending(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messenger, "BETWEEN_RUNS", (0.0, 0.0))
    server = Server([RPCStatusCode.NOT_FOUND] * 9)
    sender = messenger.Messenger(Running())  # type: ignore[arg-type]
    with pytest.raises(Unavailable, match=r"temporal.pending .*'R-1'"):
        await sender.translated("campaign-BE-2019", server.call, "R-1")
    assert server.calls == 3
