"""The inspection workflow: one per check, from its order to its findings. No rule is in here.

It never holds a target before check-in: what it asks for meanwhile is sealed to somebody's key.
"""

from collections.abc import Sequence

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from duban.contracts import MemberSummary, Receipt
    from duban.domain.errors import RuleViolation
    from duban.domain.events import Event
    from duban.domain.inspection.creation import create
    from duban.domain.inspection.inspection import Inspection
    from duban.domain.inspection.news import InspectionNews, TargetUnsealed
    from duban.domain.inspection.sealed import require_released
    from duban.domain.inspection.standing import is_news, standing
    from duban.domain.inspection.weight import weighty
    from duban.inspection_contracts import (
        INSPECTION_NEWS,
        INSPECTION_WORKFLOW,
        Handed,
        InspectionAsked,
        InspectionInput,
    )
    from workflows.member import Member, Voice
    from workflows.refusals import refusal
    from workflows.targets import Targets


@workflow.defn(name=INSPECTION_WORKFLOW)
class InspectionWorkflow(Member[Inspection, InspectionNews | TargetUnsealed]):
    """Feeds commands, news and time to the inspection and its events to the trail."""

    VOICE = Voice(INSPECTION_NEWS, standing, is_news, weighty)

    @workflow.init
    def __init__(self, start: InspectionInput) -> None:
        self._offset = start.clock_offset
        inspection = Inspection(start.state or create(start.new(), now=self._now()))
        start.start = None
        # Its entries belong to no campaign: who may read those of one finds no inspection.
        self._join(inspection, start, campaign=None)
        self._targets = Targets(inspection, self._hear)

    @workflow.run
    async def run(self, _: InspectionInput) -> MemberSummary:
        """Serve until the stream is closed; say where the inspection stands then."""
        summary = await self._served()
        await self._targets.finish()
        return summary

    @workflow.update(name="execute")
    async def execute(self, asked: InspectionAsked) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        self._machine.be_given(asked.given)
        return await self._answered(asked.command)

    @execute.validator
    def _check_execute(self, asked: InspectionAsked) -> None:
        self._check(asked.command)

    @workflow.update(name="hand")
    async def hand(self, key: str) -> Handed:
        """Answer with the target, sealed to a key to which it was released on the trail."""
        await self._settled()
        return await self._targets.hand(key)

    @hand.validator
    def _check_hand(self, key: str) -> None:
        # Nothing is decided here: the release was, and stands on the trail (SEC3).
        try:
            require_released(self._machine.record, key)
        except RuleViolation as why:
            raise refusal(why) from why

    @workflow.signal(name="news")
    def news(self, news: InspectionNews) -> None:
        """Take news of the campaign in."""
        self._hear(news)

    def _take(self, news: InspectionNews | TargetUnsealed) -> None:
        if isinstance(news, TargetUnsealed):
            self._machine.unseal(news, now=self._now())
        else:
            self._machine.hear(news, now=self._now())

    def _on_trail(self, events: Sequence[Event]) -> None:
        super()._on_trail(events)
        self._targets.note(events)

    @property
    def _owes(self) -> bool:
        return super()._owes or self._targets.owes

    async def _follow_up(self) -> None:
        await super()._follow_up()
        self._targets.carry_out()
