"""The inspection as a machine: what each command does, and what news or the clock does."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from duban.domain.entity.command import Command
from duban.domain.entity.machine import Machine
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.inspection import (
    arriving,
    clock,
    concluding,
    ending,
    hearing,
    ordering,
    recording,
    reviewing,
    sealed,
)
from duban.domain.inspection import commands as c
from duban.domain.inspection.creation import restored
from duban.domain.inspection.news import InspectionNews, TargetUnsealed
from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.state import InspectionRegister, InspectionState
from duban.domain.inspection.work import Work
from duban.domain.roles import SYSTEM, Actor

HANDLERS: dict[type[Command], Callable[[Work, Any], None]] = {
    c.AuthoriseInspection: ordering.authorise_order,
    c.AmendScope: ordering.amend_scope,
    c.GiveNotice: ordering.give_notice,
    c.ReleaseTarget: sealed.release_target,
    c.CheckIn: arriving.check_in,
    c.ReportLeak: ending.report_leak,
    c.AbortInspection: ending.abort,
    c.RecordItem: recording.record_item,
    c.WithdrawItem: recording.withdraw_item,
    c.SignRecord: recording.sign_record,
    c.TakeOpinion: recording.take_opinion,
    c.DraftConclusion: concluding.draft_conclusion,
    c.IssueConclusion: concluding.issue_conclusion,
    c.FeedBack: concluding.feed_back,
    c.RequestReview: reviewing.request_review,
    c.DecideReview: reviewing.decide_review,
    c.LinkFinding: concluding.link_finding,
    c.NameExemplar: concluding.name_exemplar,
    c.CloseInspection: concluding.close,
}


class Inspection(Machine[InspectionState, Work]):
    """One inspection. `state` is the whole of it; every change of its facts is an event."""

    @property
    def record(self) -> InspectionRecord:
        """The inspection's own record."""
        return next(iter(self.state.inspection.values()))

    @property
    def is_over(self) -> bool:
        """Whether the stream is closed and nothing more can happen."""
        return self.record.is_over

    def over(self) -> RuleViolation:
        """Return the refusal for whatever comes after the end."""
        return RuleViolation(Code.STAGE_NOT_LIVE, stage=self.record.state.value)

    def be_given(self, register: InspectionRegister) -> None:
        """Take in what the register says now; no fact of the inspection changes by it."""
        self.state.be_given(register)

    def hear(self, told: InspectionNews, *, now: datetime) -> None:
        """Take news in, once."""
        if told.campaign is not None:
            given = told.campaign.given
            self.be_given(InspectionRegister(people=given.people, delegations=given.delegations))
        self.tick(now=now)
        if self.is_over:
            return
        if told.campaign is not None and told.campaign.calendar is not None:
            calendar = told.campaign.calendar
            self.state.calendar.setdefault(str(calendar.version), calendar)
        work = self._work(told.actor, now)
        hearing.hear(work, told)
        self._accept(work.events)

    def unseal(self, told: TargetUnsealed, *, now: datetime) -> None:
        """Take in what the sealed target was, after check-in and once (SEC4)."""
        self.tick(now=now)
        if not arriving.awaits_target(self.record):
            return
        work = self._work(SYSTEM, now)
        arriving.unseal(work, told)
        self._accept(work.events)

    def _work(self, actor: Actor, now: datetime, request_id: str | None = None) -> Work:
        return Work(self.state, actor, now, request_id)

    def _carry_out(self, command: Command, now: datetime) -> Work:
        if self.is_over:
            raise self.over()
        work = self._work(command.actor, now, command.request_id)
        HANDLERS[type(command)](work, command)
        return work

    def _restored(self, events: Iterable[Event]) -> InspectionState:
        return restored(events, self.state)

    def _next_alarm(self, work: Work) -> datetime | None:
        return clock.next_alarm(work)

    def _ring(self, work: Work) -> None:
        clock.ring(work)
