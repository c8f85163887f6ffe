"""The campaign as a machine: check, handle, tick, next_alarm. Commands in, events out.

Nothing here knows Temporal, PostgreSQL or the time: the shell passes commands and instants in and
carries the events out.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from duban.domain.campaign import (
    clock,
    clocks,
    extensions,
    gates,
    goals,
    planning,
    register,
    spot_checks,
    stages,
    tasks,
)
from duban.domain.campaign import commands as c
from duban.domain.campaign.records import CampaignRecord, SavedReceipt
from duban.domain.campaign.restore import UNKNOWN_FINGERPRINT, continued, restored
from duban.domain.campaign.state import CampaignState, apply
from duban.domain.campaign.tables import STAGES_OF
from duban.domain.campaign.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.roles import SYSTEM, Actor, Role

HANDLERS: dict[type[c.Command], Callable[[Work, Any], None]] = {
    c.Establish: planning.establish,
    c.SubmitPlan: planning.submit_plan,
    c.ReviewPlan: planning.review_plan,
    c.ApprovePlan: planning.approve_plan,
    c.SubmitUnitPlan: planning.submit_unit_plan,
    c.ReviewUnitPlan: planning.review_unit_plan,
    c.FileDocument: planning.file_document,
    c.AcceptTask: tasks.accept_task,
    c.RequestTaskReturn: tasks.request_task_return,
    c.AdjudicateReturn: tasks.adjudicate_return,
    c.SubmitItemPlan: tasks.submit_item_plan,
    c.AssignItem: tasks.assign_item,
    c.ConcludeItem: tasks.conclude_item,
    c.ClaimTask: tasks.claim_task,
    c.VerifyTask: tasks.verify_task,
    c.CloseTask: tasks.close_task,
    c.CancelTask: tasks.cancel_task,
    c.RecordGoalValue: goals.record_goal_value,
    c.ClaimGoal: goals.claim_goal,
    c.VerifyGoal: goals.verify_goal,
    c.DecideGoal: goals.decide_goal,
    c.RequestExtension: extensions.request_extension,
    c.DecideExtension: extensions.decide_extension,
    c.SetRemedialDate: clocks.set_remedial_date,
    c.StopClock: clocks.stop_clock,
    c.ResumeClock: clocks.resume_clock,
    c.Suspend: clocks.suspend,
    c.Resume: clocks.resume,
    c.AdoptCalendar: clocks.adopt_calendar,
    c.SignGate: gates.sign_gate,
    c.CallReview: stages.call_review,
    c.OrderMakeup: stages.order_makeup,
    c.Terminate: stages.terminate,
    c.Archive: stages.archive,
    c.ChangeLeadGroup: stages.change_lead_group,
    c.ReplacePerson: register.replace_person,
    c.RecordDelegation: register.record_delegation,
}


UNKNOWN = Actor(id="unknown", role=Role.SYSTEM)
"""Who sent a signal that cannot be read: nobody knows."""


class Campaign:
    """One campaign. `state` is the whole of it; every change of it is an event."""

    def __init__(self, state: CampaignState) -> None:
        self.state = state
        # What the trail alone would lead to, kept only while the state is ahead of the trail.
        self._base: CampaignState | None = None
        self._refused: frozenset[str | None] = frozenset()
        self._alarm: tuple[int, datetime | None] = (-1, None)

    @property
    def record(self) -> CampaignRecord:
        """The campaign's own record."""
        return next(iter(self.state.campaign.values()))

    @property
    def is_over(self) -> bool:
        """Whether the stream is closed and nothing more can happen."""
        return self.record.is_over

    def over(self) -> RuleViolation:
        """Return the refusal for whatever comes after the end."""
        return RuleViolation(Code.STAGE_NOT_LIVE, stage=self.record.stage.value)

    def check(self, command: c.Command, *, now: datetime) -> None:
        """Raise the `RuleViolation` that `handle` would raise; change nothing."""
        Campaign(self.state.snapshot()).handle(command, now=now)

    def handle(self, command: c.Command, *, now: datetime) -> SavedReceipt:
        """Carry a command out, or raise `RuleViolation` and change nothing.

        A request id that was answered before gets the same answer again (domain.md l.9).
        """
        fingerprint = _fingerprint(command)
        known = self.state.receipts.get(command.request_id)
        if known is not None:
            if known.fingerprint not in (fingerprint, UNKNOWN_FINGERPRINT):
                raise RuleViolation(Code.REQUEST_REUSED, request_id=command.request_id)
            return known
        self.tick(now=now)
        work = self._decide(command, now)
        self._accept(work.events)
        receipt = SavedReceipt(
            fingerprint=fingerprint,
            first_seq=work.events[0].seq,
            last_seq=work.events[-1].seq,
            object_type=work.events[-1].object_type,
            object_id=work.events[-1].object_id,
            notes=tuple(work.notes),
        )
        self._remember(command.request_id, receipt)
        return receipt

    def refuse(self, command: c.Command, why: RuleViolation, *, now: datetime) -> None:
        """Put a refused command on the trail with its code, once (domain.md i.1)."""
        if self.is_over or command.request_id in self._refused:
            return
        self._refuse(command.actor, why, now, command.request_id, type(command).__name__)

    def recorded(self, count: int) -> None:
        """Take note that the first `count` unrecorded events are on the trail."""
        done = self.state.unrecorded[:count]
        del self.state.unrecorded[:count]
        if not self.state.unrecorded:
            self._base = None
        elif self._base is None:
            self._base = restored(done)
        else:
            continued(self._base, done)

    def follow(self, events: Sequence[Event], *, now: datetime) -> None:
        """Give up what is unrecorded and follow the trail, which went on without us.

        So it does when a commit outlived its worker: what was decided then stands. The turn
        itself is an event, so that nobody overlooks it.
        """
        dropped = len(self.state.unrecorded)
        base = self._base if self.state.unrecorded else self.state
        self.state = continued(base, events) if base else restored(events)
        self._base = None
        rejected = (each for each in events if each.outcome is Outcome.REJECTED)
        self._refused = frozenset(each.request_id for each in rejected)
        if self.is_over:
            return
        work = Work(self.state, SYSTEM, now)
        work.emit(
            "campaign:trail:followed",
            ("campaign", self.record.no),
            first_seq=events[0].seq,
            last_seq=events[-1].seq,
            dropped=dropped,
        )
        self._accept(work.events)

    def order_spot_check(self, payload: JsonValue, *, now: datetime) -> None:
        """Take the spot-check signal in: recorded or refused, never raised (f.2, l.9)."""
        self.tick(now=now)
        actor, request_id = UNKNOWN, None
        try:
            order = spot_checks.read_order(payload)
            actor, request_id = order.actor, order.request_id
            if request_id in self.state.receipts or request_id in self._refused:
                return
            work = Work(self.state, actor, now, request_id)
            spot_checks.order_spot_check(work, order)
            self._accept(work.events)
        except RuleViolation as why:
            self._refuse(actor, why, now, request_id, "OrderSpotCheck")
        if request_id is not None:
            self._remember(request_id, self._signal_receipt())

    def _signal_receipt(self) -> SavedReceipt:
        seq = self.state.next_seq - 1
        return SavedReceipt(
            fingerprint="signal",
            first_seq=seq,
            last_seq=seq,
            object_type="spot_check",
            object_id=str(self.record.spot_checks_ordered),
        )

    def is_behind(self, *, now: datetime) -> bool:
        """Whether an alarm's moment has come that has not acted yet."""
        wakes_at = self.next_alarm(now=now)
        return wakes_at is not None and wakes_at <= now

    def tick(self, *, now: datetime, at_most: int = 1_000_000) -> None:
        """Let every alarm whose moment has come act, in order, each once; `at_most` so many."""
        for _ in range(at_most):
            if not self.is_behind(now=now):
                return
            work = Work(self.state, SYSTEM, now)
            alarm = clock.due_alarm(work)
            assert alarm is not None
            clock.ring(work, alarm)
            self._accept(work.events)

    def next_alarm(self, *, now: datetime) -> datetime | None:
        """Return the instant at which `tick` next has something to do, or None.

        Every decision asks several times. The answer holds until that instant is there or
        something is said, so all clocks are looked at once per decision.
        """
        said, wakes_at = self._alarm
        if said != self.state.next_seq or (wakes_at is not None and wakes_at <= now):
            wakes_at = clock.next_alarm(Work(self.state, SYSTEM, now))
            self._alarm = (self.state.next_seq, wakes_at)
        return wakes_at

    def gate(self, gate: c.Gate | None, *, now: datetime) -> list[gates.ConditionResult]:
        """Judge the conditions of a gate (of the one ahead when none is named)."""
        work = Work(self.state, SYSTEM, now)
        chosen = gate or gates.gate_ahead(work)
        return gates.evaluate(work, chosen) if chosen else []

    def _decide(self, command: c.Command, now: datetime) -> Work:
        stage = self.record.stage
        heard = STAGES_OF[type(command)]
        if stage not in heard:
            raise RuleViolation(
                Code.STAGE_ORDER, stage=stage.value, heard=sorted(each.value for each in heard)
            )
        work = Work(self.state, command.actor, now, command.request_id)
        HANDLERS[type(command)](work, command)
        return work

    def _refuse(
        self,
        actor: Actor,
        why: RuleViolation,
        now: datetime,
        request_id: str | None,
        command: str,
    ) -> None:
        if self.is_over:
            # The last entry of the stream has said how many there are.
            return
        work = Work(self.state, actor, now, request_id)
        work.emit_refusal(
            why.code.value, ("campaign", self.record.no), command=command, params=why.params
        )
        self._accept(work.events)

    def _accept(self, events: list[Event]) -> None:
        if not self.state.unrecorded:
            self._base = self.state.snapshot()
        for event in events:
            apply(self.state, event)
        self.state.unrecorded.extend(events)

    def _remember(self, request_id: str, receipt: SavedReceipt) -> None:
        receipts = self.state.receipts
        receipts[request_id] = receipt
        while len(receipts) > self.state.policy.receipts_kept:
            receipts.pop(next(iter(receipts)))


def _fingerprint(command: c.Command) -> str:
    return hashlib.sha256(command.model_dump_json().encode()).hexdigest()[:32]
