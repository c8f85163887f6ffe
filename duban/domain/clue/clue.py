"""The clue as a machine: what each command does, and what news or the clock does."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from duban.domain.clue import answering, clock, handing, judging, news, reporting
from duban.domain.clue import commands as c
from duban.domain.clue.creation import restored
from duban.domain.clue.records import ClueRecord
from duban.domain.clue.state import ClueRegister, ClueState
from duban.domain.clue.work import Work
from duban.domain.entity.command import Command
from duban.domain.entity.machine import Machine
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.problem.news import CampaignNews
from duban.domain.roles import Actor

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


class Clue(Machine[ClueState, Work]):
    """One clue. `state` is the whole of it; every change of its facts is an event."""

    @property
    def record(self) -> ClueRecord:
        """The clue's own record."""
        return next(iter(self.state.clue.values()))

    @property
    def is_over(self) -> bool:
        """Whether the stream is closed and nothing more can happen."""
        return self.record.is_over

    def over(self) -> RuleViolation:
        """Return the refusal for whatever comes after the end."""
        return RuleViolation(Code.STAGE_NOT_LIVE, stage=self.record.state.value)

    def be_given(self, register: ClueRegister) -> None:
        """Take in what the register says now; no fact of the clue changes by it."""
        self.state.be_given(register)

    def hear(self, told: CampaignNews, *, now: datetime) -> None:
        """Take news of the campaign in, once; what stops a campaign stops no clue (c.3)."""
        given = told.given
        self.be_given(ClueRegister(people=given.people, delegations=given.delegations))
        if self.is_over or told.seq <= self.record.heard or told.calendar is None:
            return
        self.tick(now=now)
        self.state.calendar.setdefault(str(told.calendar.version), told.calendar)
        work = self._work(told.actor, now)
        work.note(heard=told.seq)
        news.adopt(work, told.calendar, told.basis_doc)
        self._accept(work.events)

    def _work(self, actor: Actor, now: datetime, request_id: str | None = None) -> Work:
        return Work(self.state, actor, now, request_id)

    def _carry_out(self, command: Command, now: datetime) -> Work:
        if self.is_over:
            raise self.over()
        work = self._work(command.actor, now, command.request_id)
        HANDLERS[type(command)](work, command)
        return work

    def _restored(self, events: Iterable[Event]) -> ClueState:
        return restored(events, self.state)

    def _next_alarm(self, work: Work) -> datetime | None:
        return clock.next_alarm(work)

    def _ring(self, work: Work) -> None:
        clock.ring(work)
