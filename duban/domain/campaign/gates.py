"""Gates G1-G4 as data (domain.md c.2): each condition judged by machine, then signed by a person.

A condition whose entity comes with a later part of the engine (problems, inspections, clues,
triggers) is judged over what exists: none exist, so none is open.
"""

from collections.abc import Callable, Iterable

from duban.domain.campaign import commands as c
from duban.domain.campaign.goals import carry_over
from duban.domain.campaign.permits import authorise
from duban.domain.campaign.stages import enter, open_phase
from duban.domain.campaign.state import (
    CampaignStage,
    FiledDocument,
    Goal,
    GoalState,
    PhaseRecord,
    PhaseStatus,
    PlanState,
    Task,
    TaskState,
    UnitRecord,
)
from duban.domain.campaign.tables import GOAL_RESULTS
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline
from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Model
from duban.domain.plan import DetailPoint
from duban.domain.policy import DeadlineCode
from duban.domain.roles import Action, Person, Right, Role

Kind = c.DocumentKind


class ConditionResult(Model):
    """One condition of a gate: its id, whether it holds, and what is missing when not."""

    id: str
    met: bool
    missing: tuple[str, ...] = ()


Judge = Callable[[Work], Iterable[str]]
"""Names what a condition still lacks; nothing means that it holds."""


def _filed(kind: Kind, *, this_phase: bool = False) -> Judge:
    def judge(work: Work) -> Iterable[str]:
        phase = work.campaign.current_phase
        if not any(
            each.kind == kind.value and (not this_phase or each.phase == phase)
            for each in work.all(FiledDocument)
        ):
            yield kind.value

    return judge


def _plan_approved(work: Work) -> Iterable[str]:
    if work.campaign.plan_state is not PlanState.APPROVED:
        yield work.campaign.plan_state.value


def _coverage(work: Work) -> Iterable[str]:
    cited = {clause for task in _tasks(work) for clause in task.clauses}
    yield from (clause.no for clause in work.campaign.clauses if clause.no not in cited)
    yield from (task.no for task in _tasks(work) if not task.clauses)


def _tasks(work: Work) -> list[Task]:
    return [each for each in work.all(Task) if each.state is not TaskState.CANCELLED]


def _tasks_complete(work: Work) -> Iterable[str]:
    owners = {(each.id, each.unit) for each in work.all(Person)}
    for task in _tasks(work):
        fields = (task.problem, task.measures, task.effect_measure, task.evidence_definition)
        people = {(task.principal_leader, task.lead_unit), (task.handler, task.lead_unit)}
        if not all(fields) or not people <= owners:
            yield task.no


def _details(work: Work) -> Iterable[str]:
    given = {each.point for each in work.campaign.details}
    yield from (point.value for point in DetailPoint if point not in given)


def _phases_have_goals(work: Work) -> Iterable[str]:
    with_goals = {goal.phase for goal in work.all(Goal)}
    yield from (str(each.no) for each in work.all(PhaseRecord) if each.no not in with_goals)


def _accepted(work: Work) -> Iterable[str]:
    waiting = {TaskState.DRAFTED, TaskState.PENDING_ACCEPT, TaskState.RETURN_PENDING}
    yield from (task.no for task in _tasks(work) if task.state in waiting)


def _unit_plans(work: Work) -> Iterable[str]:
    units = [each for each in work.all(UnitRecord) if each.must_plan]
    yield from (each.code for each in units if each.plan_state is PlanState.DUE)
    passed = [each for each in units if each.plan_state is PlanState.PASSED]
    if len(passed) * 100 < len(units) * work.policy.unit_plans_passed_percent:
        yield from (each.code for each in units if each.plan_state is PlanState.SUBMITTED)
        yield f"{len(passed)}/{len(units)}"


def _ruler_frozen(work: Work) -> Iterable[str]:
    campaign, calendar = work.campaign, work.calendar
    if campaign.policy_digest != work.policy.digest:
        yield "policy_digest"
    if not calendar.first_on <= campaign.launch_on <= campaign.close_on <= calendar.last_on:
        yield "calendar"


def _goals_have_results(work: Work) -> Iterable[str]:
    number = work.campaign.current_phase
    for goal in work.all(Goal):
        if goal.phase <= number and goal.state not in GOAL_RESULTS:
            yield goal.id


def _items_answered(work: Work) -> Iterable[str]:
    # Problems will stand here; until then the items assigned under tasks do.
    for each in work.open_deadlines(code=DeadlineCode.TASK_ITEM):
        if each.current_due_on <= work.today and each.breached_at is None:
            yield each.id


def _none_exist(_: Work) -> Iterable[str]:
    return ()


CONDITIONS: dict[c.Gate, tuple[tuple[str, Judge], ...]] = {
    c.Gate.G1: (
        ("G1.1", _plan_approved),
        ("G1.2", _coverage),
        ("G1.3", _tasks_complete),
        ("G1.4", _details),
        ("G1.5", _phases_have_goals),
        ("G1.6", _accepted),
        ("G1.7", _unit_plans),
        ("G1.8", _ruler_frozen),
        ("G1.9", _filed(Kind.INSPECTION_PLAN)),
    ),
    c.Gate.G2: (
        ("G2.1", _goals_have_results),
        ("G2.2", _items_answered),
        ("G2.3", _none_exist),
        ("G2.4", _none_exist),
        ("G2.5", _filed(Kind.PHASE_REPORT, this_phase=True)),
    ),
    c.Gate.G3: (
        ("G2.1", _goals_have_results),
        ("G2.2", _items_answered),
        ("G2.3", _none_exist),
        ("G2.4", _none_exist),
        ("G2.5", _filed(Kind.PHASE_REPORT, this_phase=True)),
        ("G3.1", _filed(Kind.TRIGGER_LIST)),
    ),
    c.Gate.G4: (
        ("G4.1", _none_exist),
        ("G4.2", _none_exist),
        ("G4.3", _none_exist),
        ("G4.4.report", _filed(Kind.CLOSING_REPORT)),
        ("G4.4.scoreboard", _filed(Kind.SCOREBOARD)),
        ("G4.4.lookback", _filed(Kind.LOOKBACK_PLAN)),
        ("G4.4.archive", _filed(Kind.ARCHIVE_PACKAGE)),
    ),
}
"""Every condition of domain.md c.2 by its number."""

_SIGNED_BY = {
    c.Gate.G1: Action.APPROVE_PLAN,
    c.Gate.G2: Action.PHASE_REVIEW,
    c.Gate.G3: Action.PHASE_REVIEW,
    c.Gate.G4: Action.CLOSE_CAMPAIGN,
}


def evaluate(work: Work, gate: c.Gate) -> list[ConditionResult]:
    """Judge every condition of a gate, in order."""
    results = []
    for name, judge in CONDITIONS[gate]:
        missing = tuple(judge(work))
        results.append(ConditionResult(id=name, met=not missing, missing=missing))
    return results


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
    unmet = [each for each in evaluate(work, command.gate) if not each.met]
    if unmet:
        raise RuleViolation(
            Code.GATE_UNMET,
            gate=command.gate.value,
            unmet=[f"{each.id}: {', '.join(each.missing)}" for each in unmet],
        )
    _PASS[command.gate](work, command)


def _override(work: Work, command: c.SignGate) -> None:
    """Carry every unmet goal of the phase over, each by name and with the resolution (c.2)."""
    if command.carry_to is None or not command.reason:
        raise RuleViolation(Code.REASON_MISSING, field="carry_to, reason")
    settled = {GoalState.ACHIEVED, GoalState.WAIVED, GoalState.CARRIED_OVER}
    for goal in list(work.all(Goal)):
        if goal.phase == work.campaign.current_phase and goal.state not in settled:
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
    for task in _tasks(work):
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
    for deadline in list(work.all(Deadline)):
        if deadline.is_open:
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
