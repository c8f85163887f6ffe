"""What each gate asks for (domain.md c.2), as data: every condition is judged by machine.

A condition whose entity comes with a later part of the engine (inspections, triggers) is
judged over what exists: none exist, so none is open.
"""

from collections.abc import Callable, Iterable
from typing import Final

from duban.domain.campaign import commands as c
from duban.domain.campaign.inspections import effect_unchecked
from duban.domain.campaign.look_backs import looked_back_enough
from duban.domain.campaign.records import (
    ClueLine,
    DocketEntry,
    FiledDocument,
    Goal,
    PhaseRecord,
    PlanState,
    Task,
    TaskState,
    UnitRecord,
)
from duban.domain.campaign.tables import GOAL_RESULTS
from duban.domain.campaign.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.model import Model
from duban.domain.plan import DetailPoint
from duban.domain.problem.words import ProblemState
from duban.domain.roles import Person

Kind = c.DocumentKind


class ConditionResult(Model):
    """One condition of a gate: its id, whether it holds, and what is missing when not.

    One that does not block is shown, and the gate may be signed without it.
    """

    id: str
    met: bool
    missing: tuple[str, ...] = ()
    blocks: bool = True


EFFECT: Final = "K46"
"""The condition that is shown and never blocks: a unit was not asked for its effect (f.1)."""

SURVEY: Final = "K33"
"""The condition that blocks only where the policy says so (ADR 0021)."""

Judge = Callable[[Work], Iterable[str]]
"""Names what a condition still lacks; nothing means that it holds."""


def _filed(kind: Kind) -> Judge:
    def judge(work: Work) -> Iterable[str]:
        if not any(each.kind == kind.value for each in work.all(FiledDocument)):
            yield kind.value

    return judge


def _phase_reported(work: Work) -> Iterable[str]:
    # A report from before a make-up period says nothing about what came of it (c.1).
    campaign = work.campaign
    if not any(
        each.kind == Kind.PHASE_REPORT.value
        and each.phase == campaign.current_phase
        and (campaign.stage_entered_on is None or each.filed_on >= campaign.stage_entered_on)
        for each in work.all(FiledDocument)
    ):
        yield Kind.PHASE_REPORT.value


def _plan_approved(work: Work) -> Iterable[str]:
    if work.campaign.plan_state is not PlanState.APPROVED:
        yield work.campaign.plan_state.value


def _coverage(work: Work) -> Iterable[str]:
    cited = {clause for task in live_tasks(work) for clause in task.clauses}
    yield from (clause.no for clause in work.campaign.clauses if clause.no not in cited)
    yield from (task.no for task in live_tasks(work) if not task.clauses)


def live_tasks(work: Work) -> list[Task]:
    """Return the tasks that are still part of the campaign."""
    return [each for each in work.all(Task) if each.state is not TaskState.CANCELLED]


def _tasks_complete(work: Work) -> Iterable[str]:
    owners = {(each.id, each.unit) for each in work.all(Person)}
    for task in live_tasks(work):
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
    yield from (task.no for task in live_tasks(work) if task.state in waiting)


def _surveyed(work: Work) -> Iterable[str]:
    """K33: problems from so many sources before G1, or a reason on file why there are fewer."""
    found, wanted = len(work.campaign.survey_sources), work.policy.survey_sources
    if found < wanted and any(_filed(Kind.SURVEY_REASON)(work)):
        yield f"{found}/{wanted}"


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


def _problems_answered(work: Work) -> Iterable[str]:
    """G2.2: whatever was due is closed, or its breach has an answer; items under tasks as well."""
    for each in work.open_deadlines(code=DeadlineCode.TASK_ITEM):
        if each.current_due_on <= work.today and each.breached_at is None:
            yield each.id
    for entry in work.all(DocketEntry):
        waits = not entry.is_settled and entry.due_on is not None and entry.due_on <= work.today
        if waits and not entry.is_answered:
            yield entry.no


def _problems_settled(work: Work) -> Iterable[str]:
    """G4.3: every problem is done with, or long-term with an owner beyond the campaign."""
    for entry in work.all(DocketEntry):
        if not entry.is_settled and entry.state is not ProblemState.LONG_TERM:
            yield entry.no


def _receipts_given(work: Work) -> Iterable[str]:
    """G4.2: every clue that was transferred has its receipt."""
    yield from (each.no for each in work.all(ClueLine) if each.awaits_receipt)


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
        (SURVEY, _surveyed),
    ),
    c.Gate.G2: (
        ("G2.1", _goals_have_results),
        ("G2.2", _problems_answered),
        ("G2.3", _none_exist),
        ("G2.4", looked_back_enough),
        ("G2.5", _phase_reported),
        (EFFECT, effect_unchecked),
    ),
    c.Gate.G3: (
        ("G2.1", _goals_have_results),
        ("G2.2", _problems_answered),
        ("G2.3", _none_exist),
        ("G2.4", looked_back_enough),
        ("G2.5", _phase_reported),
        ("G3.1", _filed(Kind.TRIGGER_LIST)),
        (EFFECT, effect_unchecked),
    ),
    c.Gate.G4: (
        ("G4.1", _none_exist),
        ("G4.2", _receipts_given),
        ("G4.3", _problems_settled),
        ("G4.4.report", _filed(Kind.CLOSING_REPORT)),
        ("G4.4.scoreboard", _filed(Kind.SCOREBOARD)),
        ("G4.4.lookback", _filed(Kind.LOOKBACK_PLAN)),
        ("G4.4.archive", _filed(Kind.ARCHIVE_PACKAGE)),
    ),
}
"""Every condition of domain.md c.2 by its number."""


def evaluate(work: Work, gate: c.Gate) -> list[ConditionResult]:
    """Judge every condition of a gate, in order."""
    results = []
    for name, judge in CONDITIONS[gate]:
        missing = tuple(judge(work))
        blocks = name != EFFECT and (name != SURVEY or work.policy.survey_required)
        results.append(ConditionResult(id=name, met=not missing, missing=missing, blocks=blocks))
    return results
