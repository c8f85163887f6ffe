"""The problem as a machine: what each command does, and what news or the clock does."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from duban.domain.entity import moving
from duban.domain.entity.command import Command
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.member import Member
from duban.domain.errors import Code, RuleViolation
from duban.domain.problem import (
    cards,
    clock,
    closing,
    doors,
    explaining,
    extensions,
    filing,
    opening,
    persons,
    rectifying,
    watching,
)
from duban.domain.problem import commands as c
from duban.domain.problem.creation import REGISTERED
from duban.domain.problem.news import CampaignNews, file_if_settled, hear
from duban.domain.problem.records import ProblemRecord
from duban.domain.problem.state import ProblemState
from duban.domain.problem.work import Work

HANDLERS: dict[type[Command], Callable[[Work, Any], None]] = {
    c.TriageProblem: opening.triage,
    c.AssignProblem: opening.assign,
    c.AcceptProblem: opening.accept,
    c.RequestProblemReturn: opening.request_return,
    c.AdjudicateProblemReturn: opening.adjudicate,
    c.DisproveProblem: opening.disprove,
    c.MergeProblem: opening.merge,
    c.TransferProblem: opening.transfer,
    c.WatchProblem: opening.watch,
    c.SubmitRectificationPlan: rectifying.submit_plan,
    c.ReviewRectificationPlan: rectifying.review_plan,
    c.MakeLongTerm: rectifying.make_long_term,
    c.RecordMilestone: rectifying.record_milestone,
    c.ConcludeAssistance: rectifying.conclude_assistance,
    c.AddEvidence: filing.add_evidence,
    c.ReplyToProblem: explaining.reply,
    c.ClassifyReply: explaining.classify,
    c.ContestClass: explaining.contest,
    c.DecideContest: explaining.decide_contest,
    c.DecideCard: cards.decide_card,
    c.VoidCard: cards.void_card,
    c.ObjectToFact: doors.object_to_fact,
    c.DecideObjection: doors.decide_objection,
    c.RequestFinalAnswer: doors.request_final_answer,
    c.ReviewFinalAnswer: doors.review_final_answer,
    c.DecideFinalAnswer: doors.decide_final_answer,
    c.RequestExtension: extensions.request_extension,
    c.DecideExtension: extensions.decide_extension,
    c.SetRemedialDate: moving.set_remedial_date,
    c.StopClock: moving.stop_clock,
    c.ResumeClock: moving.resume_clock,
    c.RequestClose: closing.request_close,
    c.VerifyProblem: closing.verify,
    c.ObjectToClose: closing.object_to_close,
    c.CloseProblem: closing.sign,
    c.RecordLookBack: watching.record_look_back,
    c.ReopenProblem: watching.reopen,
    c.NamePerson: persons.name_person,
    c.WithdrawPerson: persons.withdraw_person,
}


class Problem(Member[ProblemState, Work]):
    """One problem. `state` is the whole of it; every change of its facts is an event."""

    WORK = Work
    HANDLERS = HANDLERS
    BEGINS = REGISTERED

    @property
    def record(self) -> ProblemRecord:
        """The problem's own record."""
        return next(iter(self.state.problem.values()))

    def hear(self, news: CampaignNews, *, now: datetime) -> None:
        """Take news of the campaign in, once, in the order in which the campaign said it."""
        self.be_given(news.given)
        if news.seq > self.record.heard and news.kind != "register":
            self._learn(news.actor, news.calendar, now, lambda work: hear(work, news))

    def _carry_out(self, command: Command, now: datetime) -> Work:
        waits = self.record.is_paused and type(command) not in HEARD_WHILE_PAUSED
        if waits and not self.is_over:
            raise RuleViolation(Code.STAGE_ORDER, stage="suspended", heard=[])
        work = super()._carry_out(command, now)
        file_if_settled(work)
        return work

    def _alarms(self, work: Work) -> Iterable[Alarm]:
        return clock.alarms(work)

    def _ring(self, work: Work, alarm: Alarm) -> None:
        clock.ring(work, alarm)


HEARD_WHILE_PAUSED = frozenset({c.DecideExtension, c.DecideContest, c.DecideCard, c.VoidCard})
"""Review and appeal go on while a campaign is suspended (c.3)."""
