"""The campaign workflow: one per campaign, from draft to archive. No rule is in here."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from pydantic import JsonValue

    from duban.contracts import CAMPAIGN_WORKFLOW, CampaignInput, CampaignSummary, Mode, Receipt
    from duban.domain.campaign.campaign import Campaign
    from duban.domain.campaign.commands import AnyCommand, Gate
    from duban.domain.campaign.creation import create
    from duban.domain.campaign.gates import ConditionResult
    from duban.domain.campaign.weight import weighty
    from duban.domain.entity.records import SavedReceipt
    from duban.domain.errors import Code, RuleViolation
    from duban.domain.events import Event
    from workflows.intake import is_recordable, order_in
    from workflows.outbox import Outbox
    from workflows.receipts import Receipts
    from workflows.refusals import refusal


AT_ONCE = 100
"""Alarms that act in one go. After months of standstill there may be a thousand, and a workflow
may not compute for two seconds without a pause."""

LONGEST_RUN = 800
"""Events after which a run continues as new, long before the server asks for it (at 4,096): a
worker that takes a campaign over replays its run, which must stay well below a second."""


class _Answer(NamedTuple):
    """A decision: the ordinal of its last event, and the receipt or the refusal."""

    seq: int
    outcome: SavedReceipt | RuleViolation


@workflow.defn(name=CAMPAIGN_WORKFLOW)
class CampaignWorkflow:
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
        self._campaign = Campaign(state)
        self._timer: asyncio.Task[None] | None = None
        self._armed_for: datetime | None = None
        self._rang = False
        self._orders: list[tuple[int, JsonValue]] = []
        self._unread: list[JsonValue] = []
        stream, live = workflow.info().workflow_id, state.mode == Mode.LIVE
        self._receipts = Receipts(stream, start.unproven, live=live)
        self._outbox = Outbox(self._campaign, self._now, self._take_note)

    @workflow.run
    async def run(self, _: CampaignInput) -> CampaignSummary:
        """Wait for news or the next alarm, let time act, record; until the stream is closed."""
        self._receipts.ask()
        while not (self._campaign.is_over and self._is_settled()):
            await self._wait_for_news()
            self._campaign.tick(now=self._now(), at_most=AT_ONCE)
            self._take_unread_orders()
            turns = self._outbox.turns
            await self._outbox.flush()
            self._take_orders_again(since=turns)
            self._receipts.ask()
            # Handlers wait for this loop, so it may only leave when none is left (ADR 0002).
            if self._should_renew() and self._is_settled():
                workflow.continue_as_new(
                    self._next_run(),
                    initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
                )
        await self._receipts.hand_over()
        return self._summary()

    def _next_run(self) -> CampaignInput:
        return CampaignInput(
            state=self._campaign.state,
            clock_offset=self._offset,
            unproven=self._receipts.unproven,
        )

    def _take_note(self, events: Sequence[Event]) -> None:
        self._receipts.note(weighty(events))

    @workflow.update(name="execute")
    async def execute(self, command: AnyCommand) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        answer = await self._answer(command)
        if isinstance(answer.outcome, RuleViolation):
            raise refusal(answer.outcome) from answer.outcome
        return Receipt.of(workflow.info().workflow_id, answer.outcome)

    async def _answer(self, command: AnyCommand) -> "_Answer":
        """Decide; again, where the trail went another way than the first decision."""
        while True:
            if self._is_behind():
                await workflow.wait_condition(lambda: not self._is_behind())
            answer = self._decide(command)
            if await self._outbox.recorded(answer.seq):
                return answer

    def _decide(self, command: AnyCommand) -> "_Answer":
        try:
            saved = self._campaign.handle(command, now=self._now())
        except RuleViolation as why:
            self._campaign.refuse(command, why, now=self._now())
            return _Answer(self._campaign.state.next_seq - 1, why)
        return _Answer(saved.last_seq, saved)

    @execute.validator
    def _check_execute(self, command: AnyCommand) -> None:
        # Refusals belong on the trail, so only what nobody could be told about is turned away.
        if self._campaign.is_over and command.request_id not in self._campaign.state.receipts:
            raise refusal(self._campaign.over())
        if not is_recordable(command.plain()):
            raise refusal(RuleViolation(Code.COMMAND_MALFORMED, missing=[command.type]))

    @workflow.update(name="settle")
    async def settle(self) -> int:
        """Answer with the next ordinal once everything said so far is on the trail."""
        while not await self._outbox.recorded(self._campaign.state.next_seq - 1):
            pass
        return self._campaign.state.next_seq

    @settle.validator
    def _check_settle(self) -> None:
        """Nothing can be wrong with asking."""

    @workflow.signal(dynamic=True)
    def order_spot_check(self, name: str, payloads: Sequence[RawValue]) -> None:
        """Take an order in; it is recorded or refused on record, whatever it holds.

        Dynamic, because a signal that the converter cannot read would be dropped before a named
        handler, one with the wrong number of arguments would stop the campaign for good, and one
        with another name would be kept for ever.
        """
        self._take_order(order_in(name, payloads))

    def _take_order(self, order: JsonValue) -> None:
        if self._is_behind():
            self._unread.append(order)
        elif not self._campaign.is_over:
            self._campaign.order_spot_check(order, now=self._now())
            self._orders.append((self._campaign.state.next_seq - 1, order))

    def _take_unread_orders(self) -> None:
        """Take in what came while the campaign was catching up with the time."""
        unread, self._unread = self._unread, []
        for order in unread:
            self._take_order(order)

    def _take_orders_again(self, *, since: int) -> None:
        """Take in once more what the trail left behind when it went another way."""
        orders, self._orders = self._orders, []
        lost = [order for seq, order in orders if self._outbox.lost(seq, since=since)]
        for order in lost:
            self._take_order(order)

    @workflow.query(name="gate")
    def gate(self, gate: Gate | None) -> list[ConditionResult]:
        """Judge the conditions of a gate, of the one ahead when none is named."""
        return self._campaign.gate(gate, now=self._now())

    @workflow.query(name="summary")
    def summary(self) -> CampaignSummary:
        """Say in a few words where the campaign stands."""
        return self._summary()

    def _summary(self) -> CampaignSummary:
        record, state = self._campaign.record, self._campaign.state
        return CampaignSummary(
            no=record.no,
            stage=record.stage.value,
            phase=record.current_phase,
            next_seq=state.next_seq,
            open_deadlines=len(state.deadline),
            next_alarm=self._campaign.next_alarm(now=self._now()),
            recorded=state.next_seq - len(state.unrecorded),
        )

    async def _wait_for_news(self) -> None:
        now = self._now()
        alarm = self._campaign.next_alarm(now=now)
        if alarm is None or alarm > now:
            self._arm(alarm, now)
            await workflow.wait_condition(self._has_news)
        self._rang = False

    def _arm(self, alarm: datetime | None, now: datetime) -> None:
        # A timer that would ring too early is left alone: a needless wake-up costs less history
        # than cancelling and starting a timer at every decision.
        if alarm is None or (self._armed_for is not None and self._armed_for <= alarm):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._armed_for = alarm
        self._timer = asyncio.create_task(self._ring_after(alarm - now))

    async def _ring_after(self, pause: timedelta) -> None:
        await workflow.sleep(pause, summary="next alarm")
        self._rang, self._armed_for, self._timer = True, None, None

    def _has_news(self) -> bool:
        if self._rang or not self._outbox.is_empty or self._is_behind():
            return True
        return self._is_leaving() and workflow.all_handlers_finished()

    def _is_behind(self) -> bool:
        return self._campaign.is_behind(now=self._now())

    def _is_leaving(self) -> bool:
        return self._campaign.is_over or self._should_renew()

    def _should_renew(self) -> bool:
        """Whether this run is long enough, or a newer release waits for the campaign."""
        info = workflow.info()
        long = info.get_current_history_length() >= LONGEST_RUN
        return (
            long
            or info.is_continue_as_new_suggested()
            or info.is_target_worker_deployment_version_changed()
        )

    def _is_settled(self) -> bool:
        silent = self._outbox.is_empty and not self._unread
        return silent and workflow.all_handlers_finished()

    def _now(self) -> datetime:
        return workflow.now() + self._offset
