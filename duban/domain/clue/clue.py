"""The clue as a machine: what each command does, and what news or the clock does."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from duban.domain.clue import answering, clock, handing, judging, news, reporting
from duban.domain.clue import commands as c
from duban.domain.clue.creation import REPORTED
from duban.domain.clue.records import ClueRecord
from duban.domain.clue.state import ClueState
from duban.domain.clue.work import Work
from duban.domain.entity.command import Command
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.member import Member
from duban.domain.problem.news import CampaignNews

HANDLERS: dict[type[Command], Callable[[Work, Any], None]] = {
    c.WriteUpClue: reporting.write_up,
    c.AcknowledgeClue: reporting.acknowledge,
    c.TriageClue: judging.triage,
    c.DecideClue: judging.decide,
    c.TransferClue: handing.transfer,
    c.LinkProblem: handing.link_problem,
    c.RecordReceipt: handing.record_receipt,
    c.RecordResult: handing.record_result,
    c.TellReporter: answering.tell_reporter,
    c.CloseClue: answering.close,
    c.FlagRetaliation: answering.flag_retaliation,
    c.DesignateCustodian: answering.designate_custodian,
    c.RequestOnCase: answering.request_on_case,
}


class Clue(Member[ClueState, Work]):
    """One clue. `state` is the whole of it; every change of its facts is an event."""

    WORK = Work
    HANDLERS = HANDLERS
    BEGINS = REPORTED

    @property
    def record(self) -> ClueRecord:
        """The clue's own record."""
        return next(iter(self.state.clue.values()))

    def hear(self, told: CampaignNews, *, now: datetime) -> None:
        """Take news of the campaign in, once; what stops a campaign stops no clue (c.3)."""
        self.be_given(told.given)
        if told.seq > self.record.heard and told.calendar is not None:
            self._learn(told.actor, told.calendar, now, lambda work: news.hear(work, told))

    def _alarms(self, work: Work) -> Iterable[Alarm]:
        return clock.alarms(work)

    def _ring(self, work: Work, alarm: Alarm) -> None:
        clock.ring(work, alarm)
