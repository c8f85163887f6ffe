"""What a plan promises: clauses carried, details answered, tasks aimed, goals beyond baselines."""

from duban.domain.plan import CampaignPlan, DetailPoint, Direction, Phase, PlannedGoal
from duban.domain.plan_faults import Findings, Kind, Place, PlanFault
from duban.domain.plan_lint import case_number, is_vague

_WORDING = ("focus", "title", "target_object", "problem", "measures")


def coverage_problems(plan: CampaignPlan) -> Findings:
    """Every clause is carried by a task and every task carries one (G1.2, K18, K20, K23)."""
    known = {clause.no for clause in plan.clauses}
    cited = {no for task in plan.tasks for no in task.clauses}
    for index, task in enumerate(plan.tasks):
        place = Place(Kind.TASK, task.no, index)
        if not task.clauses:
            yield place.fault("clauses", PlanFault.TASK_WITHOUT_CLAUSE, task=task.no)
        for no in task.clauses:
            if no not in known:
                yield place.fault("clauses", PlanFault.UNKNOWN_CLAUSE, "clause.no", clause=no)
    for index, clause in enumerate(plan.clauses):
        if clause.no not in cited:
            yield Place(Kind.CLAUSE, clause.no, index).fault(
                "no", PlanFault.CLAUSE_NOT_COVERED, "task.clauses*", clause=clause.no
            )


def content_problems(plan: CampaignPlan) -> Findings:
    """Five details answered (G1.4, K21); each task aims at something (K34) that is ours (K73)."""
    campaign = Place(Kind.CAMPAIGN, plan.no)
    answered = {detail.point for detail in plan.details}
    for point in DetailPoint:
        if point not in answered:
            yield campaign.fault(
                "details", PlanFault.DETAIL_MISSING, "detail.point*", point=point.value
            )
    if not plan.tasks:
        yield campaign.fault("tasks", PlanFault.NO_TASKS, "task.no")
    for index, task in enumerate(plan.tasks):
        place = Place(Kind.TASK, task.no, index)
        if is_vague(task.target_object):
            yield place.fault("target_object", PlanFault.VAGUE_TARGET, text=task.target_object)
        for field in _WORDING:
            case = case_number(getattr(task, field))
            if case is not None:
                yield place.fault(field, PlanFault.COURT_CASE, case=case)


def goal_problems(plan: CampaignPlan) -> Findings:
    """No phase and no task without goals, each goal real and inside its phase (G1.3, G1.5, K36)."""
    phases = {phase.no: phase for phase in plan.phases}
    tasks = {task.no for task in plan.tasks}
    seen: set[tuple[str, int, str]] = set()
    for index, goal in enumerate(plan.goals):
        place = Place(Kind.GOAL, goal.id, index)
        if goal.task not in tasks:
            yield place.fault("task", PlanFault.UNKNOWN_TASK, "task.no", task=goal.task)
        yield from _in_phase(goal, place, phases)
        if not _is_beyond(goal):
            yield place.fault(
                "target", PlanFault.TARGET_NOT_BEYOND_BASELINE, "baseline", "direction",
                baseline=str(goal.baseline), target=str(goal.target),
                direction=goal.direction.value,
            )  # fmt: skip
        key = (goal.task, goal.phase, goal.measure)
        if key in seen:
            yield place.fault(
                "measure", PlanFault.DUPLICATE_GOAL, "task", "phase",
                task=goal.task, phase=goal.phase, measure=goal.measure,
            )  # fmt: skip
        seen.add(key)
    yield from _without_goals(plan)


def _in_phase(goal: PlannedGoal, place: Place, phases: dict[int, Phase]) -> Findings:
    phase = phases.get(goal.phase)
    if phase is None:
        yield place.fault("phase", PlanFault.UNKNOWN_PHASE, "phase.no", phase=goal.phase)
    elif not phase.starts_on <= goal.due_on <= phase.ends_on:
        yield place.fault(
            "due_on", PlanFault.GOAL_OUTSIDE_PHASE, "phase", "phase.starts_on*", "phase.ends_on*",
            on=goal.due_on.isoformat(), phase=goal.phase,
            starts_on=phase.starts_on.isoformat(), ends_on=phase.ends_on.isoformat(),
        )  # fmt: skip


def _is_beyond(goal: PlannedGoal) -> bool:
    """A goal must move; equal numbers are allowed as a floor to hold, such as 0 stays 0."""
    if goal.direction is Direction.UP:
        return goal.target >= goal.baseline
    return goal.target <= goal.baseline


def _without_goals(plan: CampaignPlan) -> Findings:
    with_goals = {goal.phase for goal in plan.goals}
    for index, phase in enumerate(plan.phases):
        if phase.no not in with_goals:
            yield Place(Kind.PHASE, str(phase.no), index).fault(
                "no", PlanFault.PHASE_WITHOUT_GOAL, "goal.phase*", phase=phase.no
            )
    aimed = {goal.task for goal in plan.goals}
    for index, task in enumerate(plan.tasks):
        if task.no not in aimed:
            yield Place(Kind.TASK, task.no, index).fault(
                "no", PlanFault.TASK_WITHOUT_GOAL, "goal.task*", task=task.no
            )
