"""Gates G1-G4 (domain.md c.2): each condition judged by machine, then signed by a person."""

from collections.abc import Callable

from duban.domain.campaign import commands as c
from duban.domain.campaign.conditions import ConditionResult, evaluate, live_tasks
from duban.domain.campaign.goals import carry_over
from duban.domain.campaign.records import CampaignStage, Goal, GoalState, PhaseRecord, PhaseStatus
from duban.domain.campaign.stages import enter, open_phase
from duban.domain.campaign.work import Work
from duban.domain.entity.permits import authorise
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Right, Role

__all__ = ["ConditionResult", "evaluate", "gate_ahead", "sign_gate"]

_SIGNED_BY = {
    c.Gate.G1: Action.APPROVE_PLAN,
    c.Gate.G2: Action.PHASE_REVIEW,
    c.Gate.G3: Action.PHASE_REVIEW,
    c.Gate.G4: Action.CLOSE_CAMPAIGN,
}


def gate_ahead(work: Work) -> c.Gate | None:
    """Return the gate the campaign stands before, or None."""
    campaign = work.campaign
    last = campaign.current_phase == sum(1 for _ in work.all(PhaseRecord))
    return {
        CampaignStage.PLAN: c.Gate.G1,
        CampaignStage.REVIEW: c.Gate.G3 if last else c.Gate.G2,
        CampaignStage.ACCOUNT: c.Gate.G4,
    }.get(campaign.stage)


def sign_gate(work: Work, command: c.SignGate) -> None:
    """Sign the gate ahead, all its conditions holding; or override G2.1 by named resolution."""
    authorise(work, _SIGNED_BY[command.gate], Right.APPROVE)
    ahead = gate_ahead(work)
    if command.gate is not ahead:
        raise RuleViolation(
            Code.STAGE_ORDER, stage=work.campaign.stage.value, gate=ahead.value if ahead else "-"
        )
    if command.override and command.gate in (c.Gate.G2, c.Gate.G3):
        _override(work, command)
    unmet = [each for each in evaluate(work, command.gate) if each.blocks and not each.met]
    if unmet:
        raise RuleViolation(
            Code.GATE_UNMET,
            gate=command.gate.value,
            unmet=[f"{each.id}: {', '.join(each.missing)}" for each in unmet],
        )
    _PASS[command.gate](work, command)


def _override(work: Work, command: c.SignGate) -> None:
    """Carry every unmet goal so far over, each by name and with the resolution (c.2)."""
    if command.carry_to is None or not command.reason:
        raise RuleViolation(Code.REASON_MISSING, field="carry_to, reason")
    settled = {GoalState.ACHIEVED, GoalState.WAIVED, GoalState.CARRIED_OVER}
    for goal in list(work.all(Goal)):
        if goal.phase <= work.campaign.current_phase and goal.state not in settled:
            carry_over(work, goal, command.carry_to, command.reason, command.doc_no)


def _signed(work: Work, command: c.SignGate, on: tuple[str, str]) -> None:
    work.emit(
        "campaign:gate:signed",
        on,
        reason=command.reason,
        basis_doc=command.doc_no,
        gate=command.gate.value,
        override=command.override or None,
    )


def _pass_g1(work: Work, command: c.SignGate) -> None:
    campaign = work.campaign
    work.meet(("campaign", campaign.no), DeadlineCode.PLAN_STAGE_CAP)
    for task in live_tasks(work):
        work.open_deadline(
            DeadlineCode.TASK,
            ("task", task.no),
            task.lead_unit,
            span=work.fixed(task.due_on),
            matter=task.title,
        )
    _signed(work, command, ("campaign", campaign.no))
    open_phase(work, 1, basis_doc=command.doc_no)


def _end_review(work: Work) -> None:
    phase = work.phase
    on = ("phase", str(phase.no))
    work.meet(on, DeadlineCode.REVIEW_DECISION)
    work.meet(on, DeadlineCode.PHASE_REPORT)
    work.set(on[1], phase, status=PhaseStatus.PASSED)


def _pass_g2(work: Work, command: c.SignGate) -> None:
    _end_review(work)
    _signed(work, command, ("phase", str(work.campaign.current_phase)))
    open_phase(work, work.campaign.current_phase + 1, basis_doc=command.doc_no)


def _pass_g3(work: Work, command: c.SignGate) -> None:
    _end_review(work)
    on = ("campaign", work.campaign.no)
    _signed(work, command, ("phase", str(work.campaign.current_phase)))
    enter(work, CampaignStage.ACCOUNT)
    work.open_deadline(DeadlineCode.SETTLE_CAP, on, Role.OFFICE)
    work.emit("campaign:stage:entered", on, basis_doc=command.doc_no, stage="account")


def _pass_g4(work: Work, command: c.SignGate) -> None:
    """CLOSED, and at once WATCH with its six months (c.1)."""
    on = ("campaign", work.campaign.no)
    work.meet(on, DeadlineCode.SETTLE_CAP)
    _signed(work, command, on)
    enter(work, CampaignStage.CLOSED)
    for deadline in work.open_deadlines():
        work.cancel((deadline.object_type, deadline.object_id), deadline.code)
    work.emit("campaign:stage:entered", on, basis_doc=command.doc_no, stage="closed")
    enter(work, CampaignStage.WATCH)
    work.open_deadline(DeadlineCode.WATCH_END, on, Role.OFFICE)
    work.emit("campaign:stage:entered", on, stage="watch")


_PASS: dict[c.Gate, Callable[[Work, c.SignGate], None]] = {
    c.Gate.G1: _pass_g1,
    c.Gate.G2: _pass_g2,
    c.Gate.G3: _pass_g3,
    c.Gate.G4: _pass_g4,
}
