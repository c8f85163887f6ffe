"""What Temporal remembers of the trail: how far each entity got, and the receipts it kept.

Its histories are in another database, so they show what is missing from ours (audit.md 3.3, 3.4).
Whoever may read the namespace may ask; asking changes nothing.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final, NamedTuple, Self

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError

from duban.connection import connect
from duban.contracts import (
    CAMPAIGN_WORKFLOW,
    CLUE_WORKFLOW,
    PROBLEM_WORKFLOW,
    PROVE_ACTIVITY,
    RECEIPTS_WORKFLOW,
    CampaignInput,
    CampaignSummary,
    ClueInput,
    MemberSummary,
    ProblemInput,
    Proofs,
    Receipt,
    ToProve,
)
from duban.errors import DubanError, Unavailable
from duban.inspection_contracts import (
    INSPECTION_WORKFLOW,
    InspectionInput,
)
from duban.settings import Settings

AT_ONCE: Final = 8
"""Workflows that are asked at once."""

ANSWER_WITHIN: Final = timedelta(seconds=5)
"""How long a running workflow is waited for; without a worker it never answers."""

_OVER: Final = frozenset(
    {
        WorkflowExecutionStatus.COMPLETED,
        WorkflowExecutionStatus.TERMINATED,
        WorkflowExecutionStatus.CANCELED,
        WorkflowExecutionStatus.FAILED,
        WorkflowExecutionStatus.TIMED_OUT,
    }
)
"""Ended, also by force: then its stream has no closing entry, and somebody has to say why."""

_ENTITIES: Final[dict[str, tuple[type, type]]] = {
    CAMPAIGN_WORKFLOW: (CampaignInput, CampaignSummary),
    PROBLEM_WORKFLOW: (ProblemInput, MemberSummary),
    CLUE_WORKFLOW: (ClueInput, MemberSummary),
    INSPECTION_WORKFLOW: (InspectionInput, MemberSummary),
}
"""What the workflows that write a stream begin with, and what they say of themselves."""

_EXECUTE: Final = "execute"
_BEGUN = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
_ACCEPTED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED
_ANSWERED = EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_COMPLETED
_ORDERED = EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
_DONE = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED


class Source(StrEnum):
    """Who said how many entries an entity made."""

    WORKFLOW = "workflow"
    """The workflow itself, exactly."""
    HISTORY = "history"
    """Its history, without a worker: what people were answered, so not less than that."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """An entity as Temporal knows it: its entries at least, and whether it is over."""

    entries: int
    over: bool
    source: Source


class KeptReceipt(NamedTuple):
    """A receipt out of a history: of which entry, and the file (C2SP tlog-proof)."""

    stream: str
    seq: int
    proof: str


class Memory:
    """Reads a Temporal namespace.

    All methods raise `Unavailable` when Temporal does not answer, and `DubanError`
    `temporal.unreadable` where a history is not what Duban writes.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._turns = asyncio.Semaphore(AT_ONCE)

    @classmethod
    async def connect(cls, settings: Settings) -> Self:
        """Connect as `duban.connection.connect` does."""
        return cls(await connect(settings))

    async def manifest(self) -> dict[str, Remembered]:
        """Return what is known of every entity, by its stream; of several runs the last."""
        newest: dict[str, WorkflowExecution] = {}
        async for each in self._runs(*_ENTITIES):
            known = newest.get(each.id)
            if known is None or each.start_time > known.start_time:
                newest[each.id] = each
        streams = sorted(newest)
        told = await asyncio.gather(*(self._known(newest[stream]) for stream in streams))
        return dict(zip(streams, told, strict=True))

    async def receipts(self) -> AsyncGenerator[KeptReceipt]:
        """Yield every receipt of every history that is still kept, once."""
        seen = set()
        async for run in self._runs(*_ENTITIES, RECEIPTS_WORKFLOW):
            async for each in self._kept(run):
                if each not in seen:
                    seen.add(each)
                    yield each

    async def _runs(self, *types: str) -> AsyncIterator[WorkflowExecution]:
        names = ", ".join(f"'{each}'" for each in types)
        with _answering():
            async for each in self._client.list_workflows(f"WorkflowType IN ({names})"):
                yield each

    def _handle(self, run: WorkflowExecution) -> WorkflowHandle[Any, Any]:
        _, told = _ENTITIES.get(run.workflow_type, (None, None))
        return self._client.get_workflow_handle(run.id, run_id=run.run_id, result_type=told)

    async def _known(self, run: WorkflowExecution) -> Remembered:
        over = run.status in _OVER
        async with self._turns:
            with _answering():
                said = await self._said(run)
                if said is not None:
                    return Remembered(said, over, Source.WORKFLOW)
                return Remembered(await self._answered(run), over, Source.HISTORY)

    async def _said(self, run: WorkflowExecution) -> int | None:
        """Return how many entries a workflow says are on the trail; None if it says nothing."""
        if run.status is WorkflowExecutionStatus.COMPLETED:
            # It leaves only when all it said is recorded.
            end: CampaignSummary | MemberSummary = await self._handle(run).result(follow_runs=False)
            return end.next_seq
        if run.status is not WorkflowExecutionStatus.RUNNING:
            return None
        try:
            now: CampaignSummary | MemberSummary = await self._handle(run).query(
                "summary", result_type=_ENTITIES[run.workflow_type][1], rpc_timeout=ANSWER_WITHIN
            )
        except (WorkflowQueryFailedError, WorkflowQueryRejectedError, RPCError):
            return None
        return now.recorded

    async def _answered(self, run: WorkflowExecution) -> int:
        """Return behind which ordinal people were last given an answer, from a history alone."""
        count, asked = 0, set[int]()
        async for event in self._handle(run).fetch_history_events():
            if event.event_type == _BEGUN:
                count = await self._inherited(run, event)
            elif event.event_type == _ACCEPTED:
                request = event.workflow_execution_update_accepted_event_attributes
                if request.accepted_request.input.name == _EXECUTE:
                    asked.add(event.event_id)
            elif event.event_type == _ANSWERED:
                answer = event.workflow_execution_update_completed_event_attributes
                if answer.accepted_event_id in asked and answer.outcome.HasField("success"):
                    [receipt] = await self._read(run, answer.outcome.success.payloads, Receipt)
                    count = max(count, receipt.last_seq + 1)
        return count

    async def _inherited(self, run: WorkflowExecution, event: HistoryEvent) -> int:
        begun = event.workflow_execution_started_event_attributes
        [given] = await self._read(run, begun.input.payloads, _ENTITIES[run.workflow_type][0])
        state = given.state
        return state.next_seq - len(state.unrecorded) if state else 0

    async def _kept(self, run: WorkflowExecution) -> AsyncIterator[KeptReceipt]:
        ordered: dict[int, str] = {}
        with _answering():
            async for event in self._handle(run).fetch_history_events():
                if event.event_type == _ORDERED:
                    order = event.activity_task_scheduled_event_attributes
                    if order.activity_type.name == PROVE_ACTIVITY:
                        [asked] = await self._read(run, order.input.payloads, ToProve)
                        ordered[event.event_id] = asked.stream
                elif event.event_type == _DONE:
                    done = event.activity_task_completed_event_attributes
                    stream = ordered.get(done.scheduled_event_id)
                    if stream is not None:
                        [found] = await self._read(run, done.result.payloads, Proofs)
                        for each in found.receipts:
                            yield KeptReceipt(stream, each.seq, each.proof)

    async def _read(self, run: WorkflowExecution, payloads: Any, kind: type) -> list[Any]:
        try:
            return await run.data_converter.decode(payloads, [kind])
        except (ValueError, TypeError, RuntimeError) as error:
            raise DubanError("temporal.unreadable", workflow=run.id, reason=str(error)) from error


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except RPCError as error:
        raise Unavailable("temporal.failed", reason=error.message) from error
