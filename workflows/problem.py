"""The problem workflow: one per problem, from registered to archived. No rule is in here."""

from datetime import timedelta
from zlib import crc32

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from duban.contracts import (
        PROBLEM_NEWS,
        PROBLEM_WORKFLOW,
        MemberSummary,
        Mode,
        ProblemAsked,
        ProblemInput,
        Receipt,
    )
    from duban.domain.problem.creation import create
    from duban.domain.problem.news import CampaignNews
    from duban.domain.problem.problem import Problem
    from duban.domain.problem.standing import is_news, standing
    from duban.domain.problem.weight import weighty
    from workflows.member import Member, Voice

SPREAD = 180
"""Seconds over which the alarms of problems that are due at one moment are spread.

The clocks of two thousand run out at the close of the same day. Rung together they would keep all
who decide something waiting until the last has rung. Whatever reaches a problem meanwhile lets time
act first, so nothing is decided as if it were not yet due.
"""


@workflow.defn(name=PROBLEM_WORKFLOW)
class ProblemWorkflow(Member[Problem, CampaignNews]):
    """Feeds commands, news and time to the problem and its events to the trail."""

    VOICE = Voice(PROBLEM_NEWS, standing, is_news, weighty)

    @workflow.init
    def __init__(self, start: ProblemInput) -> None:
        self._offset = start.clock_offset
        problem = Problem(start.state or create(start.new(), now=self._now()))
        start.start = None
        self._join(problem, start, campaign=problem.record.campaign)

    @workflow.run
    async def run(self, _: ProblemInput) -> MemberSummary:
        """Serve until the stream is closed; say where the problem stands then."""
        return await self._served()

    @workflow.update(name="execute")
    async def execute(self, asked: ProblemAsked) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        self._machine.be_given(asked.given)
        return await self._answered(asked.command)

    @execute.validator
    def _check_execute(self, asked: ProblemAsked) -> None:
        self._check(asked.command)

    @workflow.signal(name="news")
    def news(self, news: CampaignNews) -> None:
        """Take news of the campaign in."""
        self._hear(news)

    def _take(self, news: CampaignNews) -> None:
        self._machine.hear(news, now=self._now())

    @property
    def _rings_later_by(self) -> timedelta:
        live = self._machine.state.mode == Mode.LIVE
        return timedelta(
            seconds=crc32(workflow.info().workflow_id.encode()) % SPREAD if live else 0
        )
