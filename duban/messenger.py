"""Messages to workflows: sent, tried again while the server is busy, and the answer translated."""

import asyncio
import hashlib
import random
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.exceptions import ActivityError, ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from duban.contracts import Receipt, noun_of, number_of
from duban.domain.entity.command import Command
from duban.domain.errors import Code, RuleViolation
from duban.errors import NotFound, Unavailable
from duban.updates import Update, send_update

T = TypeVar("T")

IN_FLIGHT = 8
"""Updates at once per campaign; the server refuses more than ten (temporal.md 1.3)."""

ATTEMPTS = 9
"""How often a call is made when the server says that it is busy: ten seconds, as the SDK has it."""

FIRST_PAUSE = 0.05
"""Seconds before the second attempt: by then a run that continues as new takes updates again."""

LONGEST_PAUSE = 2.0

BETWEEN_RUNS = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
"""Seconds between attempts to reach an entity that goes on as new and is not there just now."""

ANSWER_WITHIN = timedelta(seconds=60)
"""How long a caller waits for an answer; the decision itself goes on and keeps its id."""


class _BetweenRunsError(Unavailable):
    """The run took no message any more, but the entity is there: its next run takes it."""


class Messenger:
    """The way to the workflows of a server; safe for any number of tasks."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._doors: defaultdict[str, asyncio.Semaphore] = defaultdict(
            lambda: asyncio.Semaphore(IN_FLIGHT)
        )

    async def execute(self, stream: str, command: Command, message: object) -> Receipt:
        """Have a command carried out; `message` is the form in which the workflow takes it.

        Raises:
            RuleViolation: the rules refuse; that too is on the trail by then.
            NotFound: no such entity runs.
            Unavailable: no answer yet; send the same request id again to learn it.
        """
        update = Update(stream, _update_id(command), "execute", (message,))
        send = partial(send_update, self._client, update, Receipt, within=ANSWER_WITHIN)
        async with self._doors[stream]:
            return await self.translated(stream, send, command.request_id)

    async def settle(self, stream: str) -> int:
        """Return the next ordinal once everything an entity has said is on the trail.

        Raises:
            RuleViolation: the entity is over.
            NotFound: no such entity runs.
            Unavailable: no answer yet, or the run has failed.
        """
        return await self.ask(Update(stream, str(uuid.uuid4()), "settle"), int)

    async def ask(self, update: Update, answer: type[T]) -> T:
        """Send an update that decides nothing and return its answer; raises what `settle` does."""
        ask = partial(send_update, self._client, update, answer, within=ANSWER_WITHIN)
        return await self.translated(update.workflow_id, ask)

    async def translated(
        self, stream: str, call: Callable[[], Awaitable[T]], request_id: str = "-"
    ) -> T:
        """Call, and return the answer or raise what it means to a caller, as `execute` does.

        What met the end of a run is sent to the next one; an id makes that safe.
        """
        for pause in BETWEEN_RUNS:
            try:
                return await self._once(stream, call, request_id)
            except _BetweenRunsError:
                await asyncio.sleep(pause)
        return await self._once(stream, call, request_id)

    async def _once(self, stream: str, call: Callable[[], Awaitable[T]], request_id: str) -> T:
        try:
            return await answered(call)
        except WorkflowUpdateFailedError as error:
            if isinstance(error.cause, ApplicationError) and error.cause.type == _RUN_ENDED:
                raise await self._why_ended(stream, request_id) from error
            raise refusal_of(error.cause) from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise Unavailable("temporal.pending", request_id=request_id) from error
        except WorkflowQueryFailedError as error:
            raise Unavailable("temporal.failed", reason=error.message) from error
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
                return _BetweenRunsError("temporal.pending", request_id=request_id)
            last = await handle.result()
        except RPCError:
            return NotFound(f"{noun_of(stream)}.not_found", no=number_of(stream))
        except WorkflowFailureError as error:
            return refusal_of(error.cause)
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


async def answered(call: Callable[[], Awaitable[T]]) -> T:
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


def refusal_of(cause: BaseException | None) -> Exception:
    """Return what a failure from a workflow means: a refusal by its code, or `Unavailable`."""
    while isinstance(cause, ActivityError) and cause.cause is not None:
        cause = cause.cause
    if not isinstance(cause, ApplicationError):
        return Unavailable("temporal.failed", reason=str(cause))
    if cause.type not in set(Code):
        return Unavailable("temporal.failed", reason=cause.type or str(cause))
    params = cause.details[0] if cause.details else {}
    return RuleViolation(Code(cause.type), **params)
