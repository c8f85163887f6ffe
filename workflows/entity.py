"""The shell that all entities share: one loop, one timer, one outbox. No rule is in here."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from temporalio import workflow
from temporalio.workflow import ContinueAsNewVersioningBehavior

with workflow.unsafe.imports_passed_through():
    from duban.contracts import Mode, Receipt
    from duban.domain.entity.command import Command
    from duban.domain.entity.machine import Machine
    from duban.domain.entity.records import SavedReceipt
    from duban.domain.errors import Code, RuleViolation
    from duban.domain.events import Event
    from workflows.intake import is_recordable
    from workflows.outbox import Outbox
    from workflows.receipts import Receipts
    from workflows.refusals import refusal

PATCH = "owed-2026-11"
"""Runs begun before take up what the last one left undone at their next decision or alarm."""

M = TypeVar("M", bound=Machine[Any, Any])
N = TypeVar("N")

AT_ONCE = 100
"""Alarms that act in one go. After months of standstill there may be a thousand, and a workflow
may not compute for two seconds without a pause."""

LONGEST_RUN = 800
"""Events after which a run continues as new, long before the server asks for it (at 4,096): a
worker that takes an entity over replays its run, which must stay well below a second."""


class Answer(NamedTuple):
    """A decision: the ordinal of its last event, and the receipt or the refusal."""

    seq: int
    outcome: SavedReceipt | RuleViolation


class Entity(ABC, Generic[M, N]):
    """Feeds commands, signals and time to a machine and its events to the trail.

    `N` is what signals bring. A workflow is one of these with its own messages.
    """

    def _begin(
        self, machine: M, offset: timedelta, unproven: Sequence[int], campaign: str | None
    ) -> None:
        self._machine = machine
        self._offset = offset
        self._timer: asyncio.Task[None] | None = None
        self._armed_for: datetime | None = None
        self._rang = False
        self._heard: list[tuple[int, N]] = []
        self._unread: list[N] = []
        stream, live = workflow.info().workflow_id, machine.state.mode == Mode.LIVE
        self._receipts = Receipts(stream, unproven, live=live)
        self._outbox = Outbox(machine, campaign, self._now, self._on_trail)

    @abstractmethod
    def _take(self, news: N) -> None:
        """Let the machine hear what a signal brought."""

    @abstractmethod
    def _on_trail(self, events: Sequence[Event]) -> None:
        """Take note of events that are on the trail now."""

    @property
    @abstractmethod
    def _owes(self) -> bool:
        """Whether something is undone outside that the trail asks for."""

    @abstractmethod
    async def _follow_up(self) -> None:
        """Do outside what the events ask for; nothing that was done is done again."""

    @abstractmethod
    def _next_run(self) -> object:
        """Return what the next run begins with."""

    async def _serve(self) -> None:
        """Wait for news or the next alarm, let time act, record; until the stream is closed."""
        self._receipts.ask()
        if self._owes and workflow.patched(PATCH):
            await self._follow_up()
        while not (self._machine.is_over and self._is_settled()):
            await self._wait_for_news()
            self._machine.tick(now=self._now(), at_most=AT_ONCE)
            self._take_unread()
            turns = self._outbox.turns
            await self._outbox.flush()
            self._take_again(since=turns)
            await self._follow_up()
            self._receipts.ask()
            # Handlers wait for this loop, so it may only leave when none is left (ADR 0002).
            if self._may_renew() and self._is_settled():
                workflow.continue_as_new(
                    self._next_run(),
                    initial_versioning_behavior=ContinueAsNewVersioningBehavior.AUTO_UPGRADE,
                )
        await self._receipts.hand_over()

    async def _answered(self, command: Command) -> Receipt:
        """Answer a person's command: with a receipt, or with the refusal, once it is on record."""
        answer = await self._answer(command)
        if isinstance(answer.outcome, RuleViolation):
            raise refusal(answer.outcome) from answer.outcome
        return Receipt.of(workflow.info().workflow_id, answer.outcome)

    async def _answer(self, command: Command) -> Answer:
        """Decide; again, where the trail went another way than the first decision."""
        while True:
            if self._is_behind():
                await workflow.wait_condition(lambda: not self._is_behind())
            answer = self._decide(command)
            if await self._outbox.recorded(answer.seq):
                return answer

    def _decide(self, command: Command) -> Answer:
        try:
            saved = self._machine.handle(command, now=self._now())
        except RuleViolation as why:
            self._machine.refuse(command, why, now=self._now())
            return Answer(self._machine.state.next_seq - 1, why)
        return Answer(saved.last_seq, saved)

    def _check(self, command: Command) -> None:
        # Refusals belong on the trail, so only what nobody could be told about is turned away.
        if self._machine.is_over and command.request_id not in self._machine.state.receipts:
            raise refusal(self._machine.over())
        if not is_recordable(command.plain()):
            kind = command.plain()["type"]
            raise refusal(RuleViolation(Code.COMMAND_MALFORMED, missing=[str(kind)]))

    async def _settled(self) -> int:
        """Return the next ordinal once everything said so far is on the trail."""
        while not await self._outbox.recorded(self._machine.state.next_seq - 1):
            pass
        next_seq: int = self._machine.state.next_seq
        return next_seq

    def _hear(self, news: N) -> None:
        if self._is_behind():
            self._unread.append(news)
        elif not self._machine.is_over:
            self._take(news)
            self._heard.append((self._machine.state.next_seq - 1, news))

    def _take_unread(self) -> None:
        """Take in what came while the entity was catching up with the time."""
        unread, self._unread = self._unread, []
        for news in unread:
            self._hear(news)

    def _take_again(self, *, since: int) -> None:
        """Take in once more what the trail left behind when it went another way."""
        heard, self._heard = self._heard, []
        lost = [news for seq, news in heard if self._outbox.lost(seq, since=since)]
        for news in lost:
            self._hear(news)

    async def _wait_for_news(self) -> None:
        now = self._now()
        alarm = self._machine.next_alarm(now=now)
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
        self._timer = asyncio.create_task(self._ring_after(alarm - now + self._rings_later_by))

    @property
    def _rings_later_by(self) -> timedelta:
        """How long after its alarm a timer rings, where nothing else wakes the entity."""
        return timedelta(0)

    async def _ring_after(self, pause: timedelta) -> None:
        await workflow.sleep(pause, summary="next alarm")
        self._rang, self._armed_for, self._timer = True, None, None

    def _has_news(self) -> bool:
        if self._rang or not self._outbox.is_empty or self._is_behind():
            return True
        return self._is_leaving() and workflow.all_handlers_finished()

    def _is_behind(self) -> bool:
        return self._machine.is_behind(now=self._now())

    def _is_leaving(self) -> bool:
        return self._machine.is_over or self._may_renew()

    def _may_renew(self) -> bool:
        """Whether this run ought to go on as new, and may."""
        return self._should_renew()

    def _should_renew(self) -> bool:
        """Whether this run is long enough, or a newer release waits for the entity."""
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
