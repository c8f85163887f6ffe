"""Everything that is wrong with a plan, at once (gate G1 before the first signature)."""

from collections.abc import Callable, Iterable

from duban.domain.calendars import Calendar
from duban.domain.plan import CampaignPlan
from duban.domain.plan_bodies import body_problems, people_problems, task_people_problems
from duban.domain.plan_content import content_problems, coverage_problems, goal_problems
from duban.domain.plan_dates import calendar_problems, order_problems, phase_problems
from duban.domain.plan_faults import Findings, Kind, Place, PlanFault, PlanProblem
from duban.domain.plan_units import unit_problems
from duban.domain.policy import PolicyVersion

_RULES: tuple[Callable[[CampaignPlan], Findings], ...] = (
    unit_problems,
    people_problems,
    body_problems,
    task_people_problems,
    phase_problems,
    order_problems,
    coverage_problems,
    content_problems,
    goal_problems,
)


def problems_of(plan: CampaignPlan, calendar: Calendar, policy: PolicyVersion) -> list[PlanProblem]:
    """Return everything wrong with `plan` under `calendar` and `policy`; empty when it may start.

    Sources: gate conditions G1.2-G1.5 and CNT4 of domain.md; K18-K23, K34-K36, K73; SOD4.
    """
    return [
        *_duplicates(plan),
        *(problem for rule in _RULES for problem in rule(plan)),
        *calendar_problems(plan, calendar),
        *_sizes(plan, policy),
    ]


def _duplicates(plan: CampaignPlan) -> Findings:
    """One number, one object; a person may hold several roles, but each once."""
    series: tuple[tuple[Kind, str, Iterable[str]], ...] = (
        (Kind.CLAUSE, "no", (clause.no for clause in plan.clauses)),
        (Kind.UNIT, "code", (unit.code for unit in plan.units)),
        (Kind.PERSON, "id", (person.key for person in plan.people)),
        (Kind.TASK, "no", (task.no for task in plan.tasks)),
        (Kind.GOAL, "id", (goal.id for goal in plan.goals)),
        (Kind.DETAIL, "point", (detail.point.value for detail in plan.details)),
    )
    for kind, field, ids in series:
        seen: set[str] = set()
        for index, id_ in enumerate(ids):
            if id_ in seen:
                yield Place(kind, id_, index).fault(
                    field, PlanFault.DUPLICATE_CODE, "role", code=id_
                )
            seen.add(id_)


def _sizes(plan: CampaignPlan, policy: PolicyVersion) -> Findings:
    """A plan larger than the policy allows is two plans."""
    limits = (
        ("units", len(plan.units), policy.max_units),
        ("tasks", len(plan.tasks), policy.max_tasks),
        ("goals", len(plan.goals), policy.max_goals),
    )
    for field, count, limit in limits:
        if count > limit:
            yield Place(Kind.CAMPAIGN, plan.no).fault(
                field, PlanFault.TOO_MANY, count=count, limit=limit
            )
