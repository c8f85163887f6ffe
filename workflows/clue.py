"""The clue workflow: one per clue, from its report to its answer. No rule is in here."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from duban.contracts import (
        CLUE_NEWS,
        CLUE_WORKFLOW,
        ClueAsked,
        ClueInput,
        MemberSummary,
        Receipt,
    )
    from duban.domain.clue.clue import Clue
    from duban.domain.clue.creation import create
    from duban.domain.clue.standing import is_news, standing
    from duban.domain.clue.weight import weighty
    from duban.domain.problem.news import CampaignNews
    from workflows.member import Member, Voice


@workflow.defn(name=CLUE_WORKFLOW)
class ClueWorkflow(Member[Clue, CampaignNews]):
    """Feeds commands, news and time to the clue and its events to the trail."""

    VOICE = Voice(CLUE_NEWS, standing, is_news, weighty)

    @workflow.init
    def __init__(self, start: ClueInput) -> None:
        self._offset = start.clock_offset
        clue = Clue(start.state or create(start.new(), now=self._now()))
        start.start = None
        # Its entries belong to no campaign: who may read those of one finds no clue (ADR 0020).
        self._join(clue, start, campaign=None)

    @workflow.run
    async def run(self, _: ClueInput) -> MemberSummary:
        """Serve until the stream is closed; say where the clue stands then."""
        return await self._served()

    @workflow.update(name="execute")
    async def execute(self, asked: ClueAsked) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        self._machine.be_given(asked.given)
        return await self._answered(asked.command)

    @execute.validator
    def _check_execute(self, asked: ClueAsked) -> None:
        self._check(asked.command)

    @workflow.signal(name="news")
    def news(self, news: CampaignNews) -> None:
        """Take news of the campaign in."""
        self._hear(news)

    def _take(self, news: CampaignNews) -> None:
        self._machine.hear(news, now=self._now())
