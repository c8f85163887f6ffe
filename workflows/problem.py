"""The problem workflow: one per problem, from registered to archived. No rule is in here."""

import asyncio
from collections.abc import Sequence

from temporalio import workflow
from temporalio.exceptions import FailureError

with workflow.unsafe.imports_passed_through():
    from duban.contracts import (
        PROBLEM_NEWS,
        PROBLEM_WORKFLOW,
        ProblemAsked,
        ProblemInput,
        ProblemSummary,
        Receipt,
        campaign_stream,
    )
    from duban.domain.events import Event
    from duban.domain.problem.creation import create
    from duban.domain.problem.news import CampaignNews
    from duban.domain.problem.problem import Problem
    from duban.domain.problem.standing import ProblemNews, is_news, standing
    from duban.domain.problem.weight import weighty
    from workflows.entity import Entity


@workflow.defn(name=PROBLEM_WORKFLOW)
class ProblemWorkflow(Entity[Problem, CampaignNews]):
    """Feeds commands, news and time to the problem and its events to the trail."""

    @workflow.init
    def __init__(self, start: ProblemInput) -> None:
        self._offset = start.clock_offset
        problem = Problem(start.state or create(start.new(), now=self._now()))
        start.start = None
        self._begin(problem, start.clock_offset, start.unproven, problem.record.campaign)
        self._told = start.told
        self._telling: asyncio.Task[None] | None = None

    @workflow.run
    async def run(self, _: ProblemInput) -> ProblemSummary:
        """Serve until the stream is closed; say where the problem stands then."""
        await self._serve()
        await workflow.wait_condition(lambda: self._telling is None)
        return self._summary()

    @workflow.update(name="execute")
    async def execute(self, asked: ProblemAsked) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        self._machine.be_given(asked.given)
        return await self._answered(asked.command)

    @execute.validator
    def _check_execute(self, asked: ProblemAsked) -> None:
        self._check(asked.command)

    @workflow.update(name="settle")
    async def settle(self) -> int:
        """Answer with the next ordinal once everything said so far is on the trail."""
        return await self._settled()

    @settle.validator
    def _check_settle(self) -> None:
        """Nothing can be wrong with asking."""

    @workflow.signal(name="news")
    def news(self, news: CampaignNews) -> None:
        """Take news of the campaign in."""
        self._hear(news)

    @workflow.query(name="summary")
    def summary(self) -> ProblemSummary:
        """Say in a few words where the problem stands."""
        return self._summary()

    def _take(self, news: CampaignNews) -> None:
        self._machine.hear(news, now=self._now())

    def _on_trail(self, events: Sequence[Event]) -> None:
        self._receipts.note(weighty(events))
        if any(is_news(each) for each in events):
            self._told = False

    @property
    def _owes(self) -> bool:
        # A new problem says how it stands once its first entry is on the trail.
        return not self._told and self._outbox.is_empty

    async def _follow_up(self) -> None:
        """Let the campaign know how the problem stands; no decision waits for it."""
        if not self._told and self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def _tell(self) -> None:
        campaign = campaign_stream(self._machine.record.campaign)
        while not self._told:
            self._told = True
            news: ProblemNews = standing(self._machine.state)
            try:
                await workflow.get_external_workflow_handle(campaign).signal(PROBLEM_NEWS, news)
            except FailureError:
                # A campaign that is gone need not know.
                workflow.logger.info("campaign_gone", extra={"campaign": campaign})
        self._telling = None

    def _next_run(self) -> ProblemInput:
        return ProblemInput(
            state=self._machine.state,
            clock_offset=self._offset,
            unproven=self._receipts.unproven,
            # A signal that is on its way may end with the run, so it is sent again by the next.
            told=self._told and self._telling is None,
        )

    def _summary(self) -> ProblemSummary:
        record, state = self._machine.record, self._machine.state
        return ProblemSummary(
            no=record.no,
            state=record.state.value,
            next_seq=state.next_seq,
            open_deadlines=len(state.deadline),
            next_alarm=self._machine.next_alarm(now=self._now()),
            recorded=state.next_seq - len(state.unrecorded),
        )
