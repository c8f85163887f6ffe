"""The clue workflow: one per clue, from its report to its answer. No rule is in here."""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from duban.contracts import (
        CLUE_NEWS,
        CLUE_WORKFLOW,
        ClueAsked,
        ClueInput,
        ClueSummary,
        Receipt,
    )
    from duban.domain.clue.clue import Clue
    from duban.domain.clue.creation import create
    from duban.domain.clue.standing import ClueNews, is_news, standing
    from duban.domain.clue.weight import weighty
    from duban.domain.events import Event
    from duban.domain.problem.news import CampaignNews
    from workflows.entity import Entity
    from workflows.teller import Teller


@workflow.defn(name=CLUE_WORKFLOW)
class ClueWorkflow(Entity[Clue, CampaignNews]):
    """Feeds commands, news and time to the clue and its events to the trail."""

    @workflow.init
    def __init__(self, start: ClueInput) -> None:
        self._offset = start.clock_offset
        clue = Clue(start.state or create(start.new(), now=self._now()))
        start.start = None
        campaign = clue.record.campaign
        # Its entries belong to no campaign: who may read those of one finds no clue (ADR 0020).
        self._begin(clue, start.clock_offset, start.unproven, None)
        self._teller = Teller(campaign, CLUE_NEWS, self._standing, told=start.told)

    @workflow.run
    async def run(self, _: ClueInput) -> ClueSummary:
        """Serve until the stream is closed; say where the clue stands then."""
        await self._serve()
        await self._teller.finish()
        return self._summary()

    @workflow.update(name="execute")
    async def execute(self, asked: ClueAsked) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        self._machine.be_given(asked.given)
        return await self._answered(asked.command)

    @execute.validator
    def _check_execute(self, asked: ClueAsked) -> None:
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
    def summary(self) -> ClueSummary:
        """Say in a few words where the clue stands."""
        return self._summary()

    def _take(self, news: CampaignNews) -> None:
        self._machine.hear(news, now=self._now())

    def _on_trail(self, events: Sequence[Event]) -> None:
        self._receipts.note(weighty(events))
        if any(is_news(each) for each in events):
            self._teller.told = False

    @property
    def _owes(self) -> bool:
        # A new clue says how it stands once its first entry is on the trail.
        return not self._teller.told and self._outbox.is_empty

    async def _follow_up(self) -> None:
        self._teller.carry_out()

    def _standing(self) -> ClueNews:
        return standing(self._machine.state)

    def _next_run(self) -> ClueInput:
        return ClueInput(
            state=self._machine.state,
            clock_offset=self._offset,
            unproven=self._receipts.unproven,
            told=self._teller.is_known,
        )

    def _summary(self) -> ClueSummary:
        record, state = self._machine.record, self._machine.state
        return ClueSummary(
            no=record.no,
            state=record.state.value,
            next_seq=state.next_seq,
            open_deadlines=len(state.deadline),
            next_alarm=self._machine.next_alarm(now=self._now()),
            recorded=state.next_seq - len(state.unrecorded),
        )
