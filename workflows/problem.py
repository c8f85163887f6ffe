"""The problem workflow: one per problem, from registered to archived. No rule is in here."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from duban.contracts import (
        PROBLEM_NEWS,
        PROBLEM_WORKFLOW,
        ProblemAsked,
        ProblemInput,
        ProblemSummary,
        Receipt,
    )
    from duban.domain.events import Event
    from duban.domain.problem.creation import create
    from duban.domain.problem.news import CampaignNews
    from duban.domain.problem.problem import Problem
    from duban.domain.problem.standing import ProblemNews, is_news, standing
    from duban.domain.problem.weight import weighty
    from workflows.entity import Entity
    from workflows.teller import Teller


@workflow.defn(name=PROBLEM_WORKFLOW)
class ProblemWorkflow(Entity[Problem, CampaignNews]):
    """Feeds commands, news and time to the problem and its events to the trail."""

    @workflow.init
    def __init__(self, start: ProblemInput) -> None:
        self._offset = start.clock_offset
        problem = Problem(start.state or create(start.new(), now=self._now()))
        start.start = None
        campaign = problem.record.campaign
        self._begin(problem, start.clock_offset, start.unproven, campaign)
        self._teller = Teller(campaign, PROBLEM_NEWS, self._standing, told=start.told)

    @workflow.run
    async def run(self, _: ProblemInput) -> ProblemSummary:
        """Serve until the stream is closed; say where the problem stands then."""
        await self._serve()
        await self._teller.finish()
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
            self._teller.told = False

    @property
    def _owes(self) -> bool:
        # A new problem says how it stands once its first entry is on the trail.
        return not self._teller.told and self._outbox.is_empty

    async def _follow_up(self) -> None:
        self._teller.carry_out()

    def _standing(self) -> ProblemNews:
        return standing(self._machine.state)

    def _next_run(self) -> ProblemInput:
        return ProblemInput(
            state=self._machine.state,
            clock_offset=self._offset,
            unproven=self._receipts.unproven,
            told=self._teller.is_known,
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
