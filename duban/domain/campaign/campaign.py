"""The campaign as a machine: what each command does, and what a signal or the clock does."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from pydantic import JsonValue

from duban.domain.campaign import (
    clock,
    clocks,
    clues,
    docket,
    drawing,
    extensions,
    gates,
    goals,
    inspection_draws,
    inspections,
    look_backs,
    planning,
    register,
    spot_checks,
    stages,
    tasks,
)
from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_answers import DrawAnswer, DrawDone, DrawFrozen, DrawRevealed
from duban.domain.campaign.draw_records import DrawSecret
from duban.domain.campaign.records import CampaignRecord
from duban.domain.campaign.restore import restored
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.tables import require_stage
from duban.domain.campaign.work import Work
from duban.domain.clue.standing import ClueNews
from duban.domain.entity import moving
from duban.domain.entity.answers import SIGNAL
from duban.domain.entity.command import Command
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.machine import Machine
from duban.domain.entity.records import SavedReceipt
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.inspection.standing import InspectionStanding
from duban.domain.model import Model
from duban.domain.problem.standing import ProblemNews
from duban.domain.roles import SYSTEM, Actor, Role

HANDLERS: dict[type[Command], Callable[[Work, Any], None]] = {
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
    c.SetRemedialDate: moving.set_remedial_date,
    c.StopClock: moving.stop_clock,
    c.ResumeClock: moving.resume_clock,
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
    c.RegisterProblem: docket.register_problem,
    c.OpenLookBackDraw: look_backs.open_look_back_draw,
    c.WitnessDraw: drawing.witness_draw,
    c.AskToVoidDraw: drawing.ask_to_void,
    c.DecideVoidDraw: drawing.decide_void,
    c.ReportClue: clues.report_clue,
    c.PlanInspection: inspections.plan_inspection,
    c.OpenInspectionDraw: inspection_draws.open_inspection_draw,
    c.RevealDraw: inspection_draws.reveal_draw,
}


News = ProblemNews | ClueNews | InspectionStanding | DrawSecret | DrawAnswer

_TAKES: dict[type[Model], Callable[[Work, Any], bool]] = {
    ProblemNews: docket.take_note,
    ClueNews: clues.take_note,
    InspectionStanding: inspections.take_note,
    DrawSecret: drawing.take_secret,
    DrawFrozen: inspection_draws.take_answer,
    DrawDone: inspection_draws.take_answer,
    DrawRevealed: inspection_draws.take_answer,
}
"""Who takes in what is heard; each says whether it was news."""


UNKNOWN = Actor(id="unknown", role=Role.SYSTEM)
"""Who sent a signal that cannot be read: nobody knows."""


class Campaign(Machine[CampaignState, Work]):
    """One campaign. `state` is the whole of it; every change of it is an event."""

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

    def order_spot_check(self, payload: JsonValue, *, now: datetime) -> None:
        """Take the spot-check signal in: recorded or refused, never raised (f.2, l.9)."""
        self.tick(now=now)
        actor, request_id = UNKNOWN, None
        try:
            order = spot_checks.read_order(payload)
            actor, request_id = order.actor, order.request_id
            if request_id in self.state.receipts or request_id in self._refused:
                return
            work = self._work(actor, now, request_id)
            spot_checks.order_spot_check(work, order)
            self._accept(work.events)
        except RuleViolation as why:
            self._refuse(actor, why, now, request_id, SIGNAL)
        if request_id is not None:
            self.state.remember(request_id, self._signal_receipt())

    def _signal_receipt(self) -> SavedReceipt:
        seq = self.state.next_seq - 1
        return SavedReceipt(
            fingerprint="signal",
            first_seq=seq,
            last_seq=seq,
            object_type="spot_check",
            object_id=str(self.record.spot_checks_ordered),
        )

    def hear(self, news: News, *, now: datetime) -> None:
        """Take note of how an entity of its own stands, or of what came of a draw (f.3).

        Old news changes nothing.
        """
        if self.is_over:
            return
        self.tick(now=now)
        work = self._work(SYSTEM, now)
        if _TAKES[type(news)](work, news):
            self._accept(work.events)

    def gate(self, gate: c.Gate | None, *, now: datetime) -> list[gates.ConditionResult]:
        """Judge the conditions of a gate (of the one ahead when none is named)."""
        work = self._work(SYSTEM, now)
        chosen = gate or gates.gate_ahead(work)
        return gates.evaluate(work, chosen) if chosen else []

    def _work(self, actor: Actor, now: datetime, request_id: str | None = None) -> Work:
        return Work(self.state, actor, now, request_id)

    def _carry_out(self, command: Command, now: datetime) -> Work:
        require_stage(type(command), self.record.stage)
        work = self._work(command.actor, now, command.request_id)
        HANDLERS[type(command)](work, command)
        return work

    def restored(self, events: Iterable[Event]) -> CampaignState:
        """Return the state that the events of the campaign lead to from its beginning."""
        return restored(events)

    def _alarms(self, work: Work) -> Iterable[Alarm]:
        return clock.alarms(work)

    def _ring(self, work: Work, alarm: Alarm) -> None:
        clock.ring(work, alarm)
