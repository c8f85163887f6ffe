"""A worker's way to other workflows of its server: what is below a campaign."""

from collections.abc import Iterable

from pydantic import BaseModel
from temporalio.client import Client
from temporalio.common import WorkflowIDReusePolicy
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
    MemberInput,
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
        await self._open(INSPECTION_WORKFLOW, given, inspection_stream(start.no), start.no)

    async def resume(self, given: MemberInput, missed: Iterable[CampaignNews]) -> bool:
        """Start a member's workflow from where it stands, and tell it what it has not heard.

        False where it is there, or was and is over: it is left alone.
        """
        workflow, stream, no = _place(given)
        if not await self._open(workflow, given, stream, no):
            return False
        for each in missed:
            told = InspectionNews(actor=each.actor, campaign=each)
            await self._tell(stream, told if workflow == INSPECTION_WORKFLOW else each)
        return True

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

    async def _open(self, workflow: str, given: BaseModel, stream: str, no: str) -> bool:
        """Say whether there was none."""
        try:
            await self._client.start_workflow(
                workflow,
                given,
                id=stream,
                task_queue=self._queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
                static_summary=no,
            )
        except WorkflowAlreadyStartedError:
            # A number is not used again, also when what had it has come to its end.
            return False
        return True

    async def _tell(self, stream: str, news: BaseModel) -> None:
        try:
            await self._client.get_workflow_handle(stream).signal(NEWS, news)
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise


def _place(given: MemberInput) -> tuple[str, str, str]:
    """Return a member's workflow, stream and number."""
    assert given.state is not None
    [no] = given.state.table(next(iter(given.state.MODELS)))
    if isinstance(given, ProblemInput):
        return PROBLEM_WORKFLOW, problem_stream(no), no
    if isinstance(given, ClueInput):
        return CLUE_WORKFLOW, clue_stream(no), no
    return INSPECTION_WORKFLOW, inspection_stream(no), no
