"""The campaign workflow: one per campaign, from draft to archive. No rule is in here."""

from collections.abc import Sequence

from temporalio import workflow
from temporalio.common import RawValue

with workflow.unsafe.imports_passed_through():
    from duban.contracts import CAMPAIGN_WORKFLOW, CampaignInput, CampaignSummary, Receipt
    from duban.domain.campaign.campaign import Campaign
    from duban.domain.campaign.commands import AnyCommand, Gate
    from duban.domain.campaign.creation import create
    from duban.domain.campaign.draw_answers import DrawAnswer
    from duban.domain.campaign.draw_records import DrawSecret
    from duban.domain.campaign.gates import ConditionResult
    from duban.domain.campaign.weight import weighty
    from duban.domain.errors import RuleViolation
    from duban.domain.events import Event
    from workflows.docket import Docket
    from workflows.draws import Draws
    from workflows.entity import LONGEST_RUN, Entity
    from workflows.intake import News, Order, message_in
    from workflows.refusals import refusal

STAYS_PATCH = "stays-2026-11"
"""Runs begun before continue as new whatever is under way outside."""

LONGEST_STAY = LONGEST_RUN * 3 // 2
"""Events after which a run waits no longer for what it has under way outside."""


@workflow.defn(name=CAMPAIGN_WORKFLOW)
class CampaignWorkflow(Entity[Campaign, Order | News | DrawSecret | DrawAnswer]):
    """Feeds commands, signals and time to the campaign and its events to the trail."""

    @workflow.init
    def __init__(self, start: CampaignInput) -> None:
        self._offset = start.clock_offset
        try:
            state = start.state or create(start.new(), now=self._now())
        except RuleViolation as why:
            raise refusal(why) from why
        # Temporal keeps the argument as long as the run; the plan it was made from need not stay.
        start.start = None
        campaign = Campaign(state)
        self._begin(campaign, start.clock_offset, start.unproven, campaign.record.no)
        self._docket = Docket(campaign, start.clock_offset, start.untold, self._leaves_it)
        self._draws = Draws(campaign, self._hear)
        self._stays = False

    @workflow.run
    async def run(self, _: CampaignInput) -> CampaignSummary:
        """Serve until the stream is closed; say where the campaign stands then."""
        self._stays = workflow.patched(STAYS_PATCH)
        await self._serve()
        await self._docket.finish()
        return self._summary()

    @workflow.update(name="execute")
    async def execute(self, command: AnyCommand) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        return await self._answered(command)

    @execute.validator
    def _check_execute(self, command: AnyCommand) -> None:
        self._check(command)

    @workflow.update(name="settle")
    async def settle(self) -> int:
        """Answer with the next ordinal once everything said so far is on the trail."""
        return await self._settled()

    @settle.validator
    def _check_settle(self) -> None:
        """Nothing can be wrong with asking."""

    @workflow.signal(dynamic=True)
    def hear(self, name: str, payloads: Sequence[RawValue]) -> None:
        """Take in an order or a problem's news; an order is recorded or refused on record.

        Dynamic, because a signal that the converter cannot read would be dropped before a named
        handler, one with the wrong number of arguments would stop the campaign for good, and one
        with another name would be kept for ever.
        """
        self._hear(message_in(name, payloads))

    @workflow.query(name="gate")
    def gate(self, gate: Gate | None) -> list[ConditionResult]:
        """Judge the conditions of a gate, of the one ahead when none is named."""
        return self._machine.gate(gate, now=self._now())

    @workflow.query(name="summary")
    def summary(self) -> CampaignSummary:
        """Say in a few words where the campaign stands."""
        return self._summary()

    def _take(self, news: Order | News | DrawSecret | DrawAnswer) -> None:
        if isinstance(news, Order):
            self._machine.order_spot_check(news.payload, now=self._now())
        else:
            self._machine.hear(news, now=self._now())

    def _on_trail(self, events: Sequence[Event]) -> None:
        self._receipts.note(weighty(events))
        self._docket.note(events)
        self._draws.note(events)

    @property
    def _owes(self) -> bool:
        return self._docket.owes or self._draws.owes

    async def _follow_up(self) -> None:
        self._docket.carry_out()
        self._draws.carry_out()

    def _may_renew(self) -> bool:
        # What is under way outside ends with the run, and the next one would do it again.
        is_at_work = self._stays and (self._docket.is_at_work or self._draws.is_at_work)
        longest = workflow.info().get_current_history_length() >= LONGEST_STAY
        return self._should_renew() and (longest or not is_at_work)

    def _leaves_it(self) -> bool:
        """Whether what is not under way yet is left to the next run."""
        return self._stays and self._should_renew() and not self._machine.is_over

    def _next_run(self) -> CampaignInput:
        return CampaignInput(
            state=self._machine.state,
            clock_offset=self._offset,
            unproven=self._receipts.unproven,
            untold=self._docket.untold,
        )

    def _summary(self) -> CampaignSummary:
        record, state = self._machine.record, self._machine.state
        return CampaignSummary(
            no=record.no,
            stage=record.stage.value,
            phase=record.current_phase,
            next_seq=state.next_seq,
            open_deadlines=len(state.deadline),
            next_alarm=self._machine.next_alarm(now=self._now()),
            recorded=state.next_seq - len(state.unrecorded),
        )
