"""The inspection as a machine: what each command does, and what news or the clock does."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from duban.domain.entity.command import Command
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.member import Member
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
from duban.domain.inspection.creation import ORDERED
from duban.domain.inspection.news import InspectionNews, TargetUnsealed
from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.state import InspectionState
from duban.domain.inspection.work import Work
from duban.domain.roles import SYSTEM

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


class Inspection(Member[InspectionState, Work]):
    """One inspection. `state` is the whole of it; every change of its facts is an event."""

    WORK = Work
    HANDLERS = HANDLERS
    BEGINS = ORDERED

    @property
    def record(self) -> InspectionRecord:
        """The inspection's own record."""
        return next(iter(self.state.inspection.values()))

    def hear(self, told: InspectionNews, *, now: datetime) -> None:
        """Take news in, once."""
        calendar = None
        if told.campaign is not None:
            self.be_given(told.campaign.given)
            calendar = told.campaign.calendar
        self._learn(told.actor, calendar, now, lambda work: hearing.hear(work, told))

    def unseal(self, told: TargetUnsealed, *, now: datetime) -> None:
        """Take in what the sealed target was, after check-in and once (SEC4)."""
        self.tick(now=now)
        if not arriving.awaits_target(self.record):
            return
        work = self._work(SYSTEM, now)
        arriving.unseal(work, told)
        self._accept(work.events)

    def _alarms(self, work: Work) -> Iterable[Alarm]:
        return clock.alarms(work)

    def _ring(self, work: Work, alarm: Alarm) -> None:
        clock.ring(work, alarm)
