"""A worker's way to other workflows of its server: what is below a campaign."""

from pydantic import BaseModel
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from duban.contracts import (
    CLUE_WORKFLOW,
    PROBLEM_WORKFLOW,
    ClueInput,
    ProblemInput,
    clue_stream,
    inspection_stream,
    problem_stream,
)
from duban.domain.clue.creation import ClueStart
from duban.domain.inspection.creation import InspectionStart
from duban.domain.inspection.news import InspectionNews
from duban.domain.problem.creation import ProblemStart
from duban.domain.problem.news import CampaignNews
from duban.inspection_contracts import (
    INSPECTION_WORKFLOW,
    InspectionInput,
)

NEWS = "news"


class Opener:
    """Starts what a campaign has numbered on the campaign's queue, and signals to what there is."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._queue = task_queue

    async def open_problem(self, start: ProblemStart) -> None:
        """Start a problem's workflow; one that is there, or was and is over, is left alone."""
        given = ProblemInput(start=start, clock_offset=start.clock_offset)
        await self._open(PROBLEM_WORKFLOW, given, problem_stream(start.no), start.no)

    async def open_clue(self, start: ClueStart) -> None:
        """Start a clue's workflow; one that is there, or was and is over, is left alone."""
        given = ClueInput(start=start, clock_offset=start.clock_offset)
        await self._open(CLUE_WORKFLOW, given, clue_stream(start.no), start.no)

    async def open_inspection(self, start: InspectionStart) -> None:
        """Start an inspection's workflow; one that is there, or is over, is left alone."""
        given = InspectionInput(start=start, clock_offset=start.clock_offset)
        await self.resume_inspection(start.no, given)

    async def resume_inspection(self, no: str, given: InspectionInput) -> None:
        """Start an inspection's workflow from where it stands; one that is there is left alone."""
        await self._open(INSPECTION_WORKFLOW, given, inspection_stream(no), no)

    async def tell_problem(self, no: str, news: CampaignNews) -> None:
        """Signal news to a problem; one that is over, or not yet open, need not know.

        What opens later is made from what holds then.
        """
        await self._tell(problem_stream(no), news)

    async def tell_clue(self, no: str, news: CampaignNews) -> None:
        """Signal news to a clue, as `tell_problem` does to a problem."""
        await self._tell(clue_stream(no), news)

    async def tell_inspection(self, no: str, news: InspectionNews) -> None:
        """Signal news to an inspection, as `tell_problem` does to a problem."""
        await self._tell(inspection_stream(no), news)

    async def _open(self, workflow: str, given: BaseModel, stream: str, no: str) -> None:
        try:
            await self._client.start_workflow(
                workflow,
                given,
                id=stream,
                task_queue=self._queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                static_summary=no,
            )
        except WorkflowAlreadyStartedError:
            # It has come to its end already; its number is not used again.
            return

    async def _tell(self, stream: str, news: BaseModel) -> None:
        try:
            await self._client.get_workflow_handle(stream).signal(NEWS, news)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
