"""The only client of the workflows: commands go in, receipts and refusals come back."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Self

from pydantic import JsonValue
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowHandle
from temporalio.common import Priority, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from duban.connection import connect
from duban.contracts import (
    CampaignInput,
    CampaignSummary,
    ClueAsked,
    MemberSummary,
    Mode,
    ProblemAsked,
    Receipt,
    campaign_stream,
    clue_stream,
    inspection_stream,
    problem_stream,
)
from duban.domain.campaign.commands import AnyCommand, Gate
from duban.domain.campaign.creation import CampaignStart, create
from duban.domain.campaign.gates import ConditionResult
from duban.domain.campaign.state import CampaignState
from duban.domain.counting import SHANGHAI
from duban.domain.problem.news import CampaignNews
from duban.errors import AlreadyExists, NotFound, Unavailable
from duban.inspection_contracts import (
    Handed,
    InspectionAsked,
    MemberInput,
)
from duban.messenger import Messenger, answered
from duban.opener import Opener
from duban.settings import Settings
from duban.updates import Update
from workflows.campaign import CampaignWorkflow
from workflows.clue import ClueWorkflow
from workflows.inspection import InspectionWorkflow
from workflows.intake import ORDER_SPOT_CHECK
from workflows.problem import ProblemWorkflow

CampaignHandle = WorkflowHandle[CampaignWorkflow, CampaignSummary]

CAMPAIGNS_FIRST = Priority(priority_key=1)
"""A campaign's tasks go before those of its problems: when the clocks of two thousand run out at
the close of a day, a decision on the campaign would otherwise wait until all have rung."""

OPENS_WITHIN = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""Seconds between attempts to reach what was numbered a moment ago and is being opened."""


class CampaignGateway:
    """Campaigns as a program sees them. One per process; safe for any number of tasks."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._queue = task_queue
        self._messenger = Messenger(client)

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

    async def restore(self, state: CampaignState, *, clock_offset: timedelta) -> None:
        """Go on with a campaign whose workflow is gone, from the state its trail leads to.

        Raises:
            AlreadyExists: the campaign's workflow is still there and needs no restoring.
        """
        given = CampaignInput(state=state, clock_offset=clock_offset)
        await self._begin(next(iter(state.campaign)), given)

    async def resume(self, given: MemberInput, missed: Sequence[CampaignNews]) -> bool:
        """Go on with a member of a campaign whose workflow is gone; False where it is there.

        `missed` is what its campaign said that it has not heard. Raises `Unavailable`.
        """
        return await answered(lambda: Opener(self._client, self._queue).resume(given, missed))

    async def _begin(self, no: str, given: CampaignInput) -> None:
        try:
            await answered(
                lambda: self._client.start_workflow(
                    CampaignWorkflow.run,
                    given,
                    id=campaign_stream(no),
                    task_queue=self._queue,
                    id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                    static_summary=no,
                    priority=CAMPAIGNS_FIRST,
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
        return await self._messenger.execute(campaign_stream(no), command, command)

    async def execute_problem(self, no: str, asked: ProblemAsked) -> Receipt:
        """Carry a person's command about a problem out, as `execute` does for a campaign.

        Raises what `execute` raises.
        """
        return await self._messenger.execute(problem_stream(no), asked.command, asked)

    async def execute_clue(
        self, no: str, asked: ClueAsked, *, just_reported: bool = False
    ) -> Receipt:
        """Carry a person's command about a clue out, as `execute` does for a campaign.

        One that was `just_reported` may not be open yet, and is waited for.
        Raises what `execute` raises.
        """
        return await self._executed(clue_stream(no), asked, opens=just_reported)

    async def execute_inspection(
        self, no: str, asked: InspectionAsked, *, just_ordered: bool = False
    ) -> Receipt:
        """Carry a person's command about an inspection out, as `execute` does for a campaign.

        One that was `just_ordered` may not be open yet, and is waited for.
        Raises what `execute` raises.
        """
        return await self._executed(inspection_stream(no), asked, opens=just_ordered)

    async def _executed(
        self, stream: str, asked: ClueAsked | InspectionAsked, *, opens: bool
    ) -> Receipt:
        for pause in OPENS_WITHIN if opens else ():
            try:
                return await self._messenger.execute(stream, asked.command, asked)
            except (NotFound, Unavailable):
                # Not there, or there and not yet heard; the request id makes another try safe.
                await asyncio.sleep(pause)
        return await self._messenger.execute(stream, asked.command, asked)

    async def hand(self, no: str, key: str) -> Handed:
        """Return the target of an inspection, sealed to a key to which its leader released it.

        `key` is the public key (X25519, hex) of a `ReleaseTarget` that was answered; who holds the
        private one opens the box with `duban.proof.sealing.OpeningKey`, and nobody else.

        Raises what `execute` raises; TARGET_NOT_YOURS for a key that nobody released to.
        """
        update = Update(inspection_stream(no), str(uuid.uuid4()), "hand", (key,))
        return await self._messenger.ask(update, Handed)

    async def order_spot_check(self, no: str, order: JsonValue) -> None:
        """Send the spot-check signal; the trail says what became of it (f.2)."""
        handle = self._handle(no)
        stream = campaign_stream(no)
        await self._messenger.translated(stream, lambda: handle.signal(ORDER_SPOT_CHECK, order))

    async def settle(self, no: str) -> int:
        """Return the next ordinal once everything a campaign has said is on the trail.

        Raises:
            RuleViolation: the campaign is over.
            NotFound: no such campaign runs.
            Unavailable: no answer yet, or the run has failed.
        """
        return await self._messenger.settle(campaign_stream(no))

    async def settle_problem(self, no: str) -> int:
        """Return the next ordinal once everything a problem has said is on the trail.

        Raises what `settle` raises.
        """
        return await self._messenger.settle(problem_stream(no))

    async def settle_clue(self, no: str) -> int:
        """Return the next ordinal once everything a clue has said is on the trail.

        Raises what `settle` raises.
        """
        return await self._messenger.settle(clue_stream(no))

    async def settle_inspection(self, no: str) -> int:
        """Return the next ordinal once everything an inspection has said is on the trail.

        Raises what `settle` raises.
        """
        return await self._messenger.settle(inspection_stream(no))

    async def gate(self, no: str, gate: str | None = None) -> list[ConditionResult]:
        """Return the conditions of a gate as they stand, of the one ahead by default."""
        handle, chosen = self._handle(no), Gate(gate) if gate else None
        ask = partial(handle.query, CampaignWorkflow.gate, chosen)
        return await self._messenger.translated(campaign_stream(no), ask)

    async def summary(self, no: str) -> CampaignSummary:
        """Return where a campaign stands, from the workflow itself."""
        ask = partial(self._handle(no).query, CampaignWorkflow.summary)
        return await self._messenger.translated(campaign_stream(no), ask)

    async def problem_summary(self, no: str) -> MemberSummary:
        """Return where a problem stands, from the workflow itself."""
        stream = problem_stream(no)
        handle = self._client.get_workflow_handle_for(ProblemWorkflow.run, stream)
        return await self._messenger.translated(
            stream, partial(handle.query, ProblemWorkflow.summary)
        )

    async def clue_summary(self, no: str) -> MemberSummary:
        """Return where a clue stands, from the workflow itself."""
        stream = clue_stream(no)
        handle = self._client.get_workflow_handle_for(ClueWorkflow.run, stream)
        return await self._messenger.translated(stream, partial(handle.query, ClueWorkflow.summary))

    async def inspection_summary(self, no: str) -> MemberSummary:
        """Return where an inspection stands, from the workflow itself."""
        stream = inspection_stream(no)
        handle = self._client.get_workflow_handle_for(InspectionWorkflow.run, stream)
        return await self._messenger.translated(
            stream, partial(handle.query, InspectionWorkflow.summary)
        )

    async def newest_encoding(self) -> str | None:
        """Return how the server keeps what the newest workflow began with; None without any."""
        async for run in self._client.list_workflows(limit=1):
            handle = self._client.get_workflow_handle(run.id, run_id=run.run_id)
            async for event in handle.fetch_history_events(page_size=1):
                begun = event.workflow_execution_started_event_attributes
                payload = next(iter(begun.input.payloads), Payload())
                return payload.metadata.get("encoding", b"").decode()
        return None

    async def health(self) -> dict[str, int | str]:
        """Return what the server says of itself: namespace, retention in days, live pollers."""
        service = self._client.workflow_service
        namespace = await answered(
            lambda: service.describe_namespace(
                DescribeNamespaceRequest(namespace=self._client.namespace)
            )
        )
        queue = await answered(
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
