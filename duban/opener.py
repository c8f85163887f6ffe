"""A worker's way to other workflows of the same server: problems are opened and told news."""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from duban.contracts import PROBLEM_WORKFLOW, ProblemInput, problem_stream
from duban.domain.problem.creation import ProblemStart
from duban.domain.problem.news import CampaignNews

NEWS = "news"


class Opener:
    """Starts problems on the queue of their campaign, and signals to those that are there."""

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._queue = task_queue

    async def open_problem(self, start: ProblemStart) -> None:
        """Start a problem's workflow; one that is there, or was and is over, is left alone."""
        try:
            await self._client.start_workflow(
                PROBLEM_WORKFLOW,
                ProblemInput(start=start, clock_offset=start.clock_offset),
                id=problem_stream(start.no),
                task_queue=self._queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                static_summary=start.no,
            )
        except WorkflowAlreadyStartedError:
            # It has come to its end already; its number is not used again.
            return

    async def tell_problem(self, no: str, news: CampaignNews) -> None:
        """Signal news to a problem; one that is over, or not yet open, need not know.

        What opens later is made from what holds then.
        """
        try:
            await self._client.get_workflow_handle(problem_stream(no)).signal(NEWS, news)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
