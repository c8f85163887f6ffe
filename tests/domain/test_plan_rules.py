"""Every fault a plan can have, one at a time, on a plan that is otherwise right."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from duban.domain.plan import CampaignPlan, DetailPoint, Direction, Phase
from duban.domain.plan_faults import Kind, PlanFault, PlanProblem
from duban.domain.plan_lint import case_number, is_vague
from duban.domain.plan_rules import problems_of
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Person, Role
from tests.support.builders import a_calendar, a_plan, a_task, people

Change = Callable[[CampaignPlan], dict[str, Any]]


def found(plan: CampaignPlan, policy: PolicyVersion | None = None) -> list[PlanProblem]:
    return problems_of(plan, a_calendar(), policy or PolicyVersion())


def only(plan: CampaignPlan) -> PlanProblem:
    """Return the one problem of `plan`; more or fewer fail the test."""
    problems = found(plan)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def with_task(**changes: Any) -> CampaignPlan:
    """Return the plan with its second task (index 1) changed."""
    plan = a_plan()
    fields = {"clauses": ("C2",), "title": "一窗受理", **changes}
    return a_plan(tasks=(plan.tasks[0], a_task("T-02", "U02", **fields)))


def with_goal(**changes: Any) -> CampaignPlan:
    """Return the plan with its last goal (index 3) changed."""
    *others, last = a_plan().goals
    return a_plan(goals=(*others, last.model_copy(update=changes)))


def with_phase(index: int, **changes: Any) -> CampaignPlan:
    phases = list(a_plan().phases)
    phases[index] = phases[index].model_copy(update=changes)
    return a_plan(phases=tuple(phases))


def with_unit(index: int, **changes: Any) -> CampaignPlan:
    units = list(a_plan().units)
    units[index] = units[index].model_copy(update=changes)
    return a_plan(units=tuple(units))


def joined(*more: Person) -> CampaignPlan:
    return a_plan(people=(*people(), *more))


def at(problem: PlanProblem) -> tuple[Kind, int, str, PlanFault]:
    return problem.kind, problem.index, problem.field, problem.code


def test_a_right_plan_has_no_problems() -> None:
    assert found(a_plan()) == []


TASK_FAULTS: list[tuple[dict[str, Any], str, PlanFault]] = [
    ({"clauses": ("C2", "C9")}, "clauses", PlanFault.UNKNOWN_CLAUSE),
    ({"assisting_units": ("U99",)}, "assisting_units", PlanFault.UNKNOWN_UNIT),
    ({"assisting_units": ("U02",)}, "assisting_units", PlanFault.LEAD_ALSO_ASSISTS),
    ({"assisting_units": ("U03", "U03")}, "assisting_units", PlanFault.DUPLICATE_CODE),
    ({"principal_leader": "U99-L1"}, "principal_leader", PlanFault.UNKNOWN_PERSON),
    ({"principal_leader": "U02-D1"}, "principal_leader", PlanFault.LEADER_WRONG_ROLE),
    ({"principal_leader": "U01-L1"}, "principal_leader", PlanFault.LEADER_OF_OTHER_UNIT),
    ({"leader_in_charge": "U99-D1"}, "leader_in_charge", PlanFault.UNKNOWN_PERSON),
    ({"leader_in_charge": "U01-D1"}, "leader_in_charge", PlanFault.MEMBER_OF_OTHER_UNIT),
    ({"handler": "U99-H1"}, "handler", PlanFault.UNKNOWN_PERSON),
    ({"handler": "OF-1"}, "handler", PlanFault.MEMBER_OF_OTHER_UNIT),
    ({"due_on": date(2019, 3, 4)}, "due_on", PlanFault.TASK_DUE_OUTSIDE),
    ({"due_on": date(2019, 11, 1)}, "due_on", PlanFault.TASK_DUE_OUTSIDE),
    ({"due_on": date(2019, 6, 30)}, "due_on", PlanFault.ON_REST_DAY),
]


@pytest.mark.parametrize(("changes", "field", "code"), TASK_FAULTS)
def test_a_fault_of_a_task_is_named_at_its_field(
    changes: dict[str, Any], field: str, code: PlanFault
) -> None:
    assert at(only(with_task(**changes))) == (Kind.TASK, 1, field, code)


def test_an_unknown_lead_unit_is_named_beside_its_people() -> None:
    codes = {problem.code for problem in found(with_task(lead_unit="U99"))}
    assert codes == {
        PlanFault.UNKNOWN_UNIT,
        PlanFault.LEADER_OF_OTHER_UNIT,
        PlanFault.MEMBER_OF_OTHER_UNIT,
    }


def test_a_task_may_be_without_a_leader_in_charge() -> None:
    assert found(with_task(leader_in_charge=None)) == []


GOAL_FAULTS: list[tuple[dict[str, Any], str, PlanFault]] = [
    ({"task": "T-99"}, "task", PlanFault.UNKNOWN_TASK),
    ({"due_on": date(2019, 6, 28)}, "due_on", PlanFault.GOAL_OUTSIDE_PHASE),
    ({"due_on": date(2019, 9, 30)}, "due_on", PlanFault.GOAL_OUTSIDE_PHASE),
    ({"due_on": date(2019, 9, 15)}, "due_on", PlanFault.ON_REST_DAY),
    ({"target": Decimal(40)}, "target", PlanFault.TARGET_NOT_BEYOND_BASELINE),
    ({"direction": Direction.DOWN}, "target", PlanFault.TARGET_NOT_BEYOND_BASELINE),
    ({"id": "T-01-P1"}, "id", PlanFault.DUPLICATE_CODE),
    ({"phase": 1, "due_on": date(2019, 6, 28)}, "measure", PlanFault.DUPLICATE_GOAL),
]


@pytest.mark.parametrize(("changes", "field", "code"), GOAL_FAULTS)
def test_a_fault_of_a_goal_is_named_at_its_field(
    changes: dict[str, Any], field: str, code: PlanFault
) -> None:
    assert at(only(with_goal(**changes))) == (Kind.GOAL, 3, field, code)


def test_a_goal_of_no_phase_is_named() -> None:
    assert at(only(with_goal(phase=7))) == (Kind.GOAL, 3, "phase", PlanFault.UNKNOWN_PHASE)


@pytest.mark.parametrize("direction", list(Direction))
def test_a_floor_that_must_hold_is_a_goal(direction: Direction) -> None:
    assert found(with_goal(baseline=Decimal(0), target=Decimal(0), direction=direction)) == []


def test_k42_a_phase_without_goals_is_refused() -> None:
    plan = a_plan(goals=tuple(goal for goal in a_plan().goals if goal.phase == 1))
    problem = only(plan)
    assert at(problem) == (Kind.PHASE, 1, "no", PlanFault.PHASE_WITHOUT_GOAL)
    assert problem.params == {"phase": 2}


def test_g1_3_a_task_without_a_measurable_target_is_refused() -> None:
    plan = a_plan(goals=tuple(goal for goal in a_plan().goals if goal.task == "T-01"))
    assert at(only(plan)) == (Kind.TASK, 1, "no", PlanFault.TASK_WITHOUT_GOAL)


def test_g1_2_a_clause_no_task_carries_is_refused() -> None:
    plan = with_task(clauses=("C1",))
    assert at(only(plan)) == (Kind.CLAUSE, 1, "no", PlanFault.CLAUSE_NOT_COVERED)


def test_k18_a_task_that_cites_no_clause_is_refused() -> None:
    codes = {at(problem) for problem in found(with_task(clauses=()))}
    assert (Kind.TASK, 1, "clauses", PlanFault.TASK_WITHOUT_CLAUSE) in codes


def test_k21_each_of_the_five_details_must_be_answered() -> None:
    problems = found(a_plan(details=()))
    assert [problem.params["point"] for problem in problems] == list(DetailPoint)
    assert {at(problem) for problem in problems} == {
        (Kind.CAMPAIGN, 0, "details", PlanFault.DETAIL_MISSING)
    }


def test_g1_4_a_detail_is_answered_once() -> None:
    details = a_plan().details
    problem = only(a_plan(details=(*details, details[0])))
    assert at(problem) == (Kind.DETAIL, 5, "point", PlanFault.DUPLICATE_CODE)


@pytest.mark.parametrize(
    "wording",
    ["全市各单位", "全市各单位进一步提高", "各地各单位，加强作风建设！", "全面提升 服务水平"],
)
def test_k34_a_target_that_aims_at_nothing_is_refused(wording: str) -> None:
    problem = only(with_task(target_object=wording))
    assert at(problem) == (Kind.TASK, 1, "target_object", PlanFault.VAGUE_TARGET)


@pytest.mark.parametrize("wording", ["企业开办全流程", "全市各单位的公文", "U03窗口"])
def test_k34_a_target_with_a_matter_is_good(wording: str) -> None:
    assert not is_vague(wording)


@pytest.mark.parametrize(
    "wording",
    ["（2019）黑01民初123号", "督办(2019)最高法民再7号案", "关于〔2018〕京0105刑初 22 号的处理"],
)
def test_k73_a_task_about_one_court_case_is_refused(wording: str) -> None:
    problem = only(with_task(problem=wording))
    assert at(problem) == (Kind.TASK, 1, "problem", PlanFault.COURT_CASE)
    assert str(problem.params["case"]).endswith("号")


@pytest.mark.parametrize("wording", ["国办发〔2019〕3号", "黑政发（2019）12号", "超期案件57件"])
def test_k73_a_document_number_is_no_court_case(wording: str) -> None:
    assert case_number(wording) is None


def test_cnt4_a_rest_day_is_refused_with_both_neighbours() -> None:
    problem = only(with_task(due_on=date(2019, 5, 4)))
    assert problem.code is PlanFault.ON_REST_DAY
    assert problem.params == {"on": "2019-05-04", "previous": "2019-04-30", "next": "2019-05-05"}


def test_cnt4_at_the_edge_of_the_calendar_only_one_neighbour_is_offered() -> None:
    calendar = a_calendar().window(date(2019, 1, 1), date(2019, 11, 3))
    plan = a_plan(close_on=date(2019, 11, 3))
    (problem,) = problems_of(plan, calendar, PolicyVersion())
    assert problem.params == {"on": "2019-11-03", "previous": "2019-11-01", "next": "—"}


def test_cnt4_a_rest_day_kept_on_purpose_is_accepted() -> None:
    assert found(with_task(due_on=date(2019, 6, 30), keep_rest_day=True)) == []
    assert found(with_goal(due_on=date(2019, 9, 14), keep_rest_day=True)) == []


def test_a_date_outside_the_calendar_is_named_with_its_range() -> None:
    problem = only(a_plan(close_on=date(2022, 1, 4)))
    assert at(problem) == (Kind.CAMPAIGN, 0, "close_on", PlanFault.OUT_OF_CALENDAR)
    assert problem.params["last_on"] == "2021-12-31"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"launch_on": date(2019, 4, 1)}, "plan_until"),
        ({"account_from": date(2019, 9, 27)}, "account_from"),
        ({"account_until": date(2019, 9, 29)}, "account_until"),
        ({"close_on": date(2019, 10, 24)}, "close_on"),
    ],
)
def test_stages_out_of_order_are_named_at_the_later_date(
    changes: dict[str, Any], field: str
) -> None:
    assert at(only(a_plan(**changes))) == (Kind.CAMPAIGN, 0, field, PlanFault.DATE_ORDER)


def test_the_first_phase_starts_after_the_plan_stage() -> None:
    problem = only(with_phase(0, starts_on=date(2019, 3, 29)))
    assert at(problem) == (Kind.PHASE, 0, "starts_on", PlanFault.DATE_ORDER)


def test_phases_are_numbered_from_one_in_order() -> None:
    plan = a_plan(phases=tuple(reversed(a_plan().phases)))
    codes = {at(problem) for problem in found(plan)}
    assert (Kind.PHASE, 0, "no", PlanFault.PHASE_NUMBER) in codes
    assert (Kind.PHASE, 1, "starts_on", PlanFault.PHASE_OVERLAP) in codes


def test_phases_do_not_share_a_day() -> None:
    problem = only(with_phase(1, starts_on=date(2019, 6, 28)))
    assert at(problem) == (Kind.PHASE, 1, "starts_on", PlanFault.PHASE_OVERLAP)


def test_a_phase_does_not_end_before_it_starts() -> None:
    plan = with_phase(1, ends_on=date(2019, 6, 27))
    codes = {at(problem) for problem in found(plan)}
    assert (Kind.PHASE, 1, "ends_on", PlanFault.PHASE_REVERSED) in codes


def test_a_plan_without_phases_is_refused() -> None:
    plan = a_plan(phases=(), goals=())
    codes = {at(problem) for problem in found(plan)}
    assert (Kind.CAMPAIGN, 0, "phases", PlanFault.NO_PHASES) in codes


def test_an_empty_task_list_is_refused() -> None:
    codes = {at(problem) for problem in found(a_plan(tasks=(), goals=()))}
    assert (Kind.CAMPAIGN, 0, "tasks", PlanFault.NO_TASKS) in codes


def test_one_code_is_one_object() -> None:
    plan = a_plan()
    doubled = a_plan(units=(*plan.units, plan.units[0]), clauses=(*plan.clauses, plan.clauses[1]))
    assert [at(problem) for problem in found(doubled)] == [
        (Kind.CLAUSE, 2, "no", PlanFault.DUPLICATE_CODE),
        (Kind.UNIT, 5, "code", PlanFault.DUPLICATE_CODE),
    ]


def test_a_task_number_is_used_once() -> None:
    plan = a_plan()
    problem = only(a_plan(tasks=(*plan.tasks, plan.tasks[0])))
    assert at(problem) == (Kind.TASK, 2, "no", PlanFault.DUPLICATE_CODE)


def test_a_person_may_hold_two_roles_but_each_once() -> None:
    second = Person(id="SU-1", name="SU1号", role=Role.CAMPAIGN_GROUP)
    assert found(joined(second)) == []
    problem = only(joined(second, second))
    assert at(problem) == (Kind.PERSON, 23, "id", PlanFault.DUPLICATE_CODE)


PERSON_FAULTS: list[tuple[dict[str, Any], str, PlanFault]] = [
    ({"role": Role.LIAISON}, "unit", PlanFault.UNIT_MISSING_FOR_ROLE),
    ({"role": Role.OFFICE, "unit": "U99"}, "unit", PlanFault.UNKNOWN_UNIT),
    ({"role": Role.SYSTEM}, "role", PlanFault.ROLE_NOT_FOR_PEOPLE),
    ({"id": "OF-1", "role": Role.PUBLICITY_GROUP}, "name", PlanFault.NAME_DIFFERS),
]


@pytest.mark.parametrize(("fields", "field", "code"), PERSON_FAULTS)
def test_a_fault_of_a_person_is_named_at_its_field(
    fields: dict[str, Any], field: str, code: PlanFault
) -> None:
    person = Person(**{"id": "X-1", "name": "某人", **fields})
    assert at(only(joined(person))) == (Kind.PERSON, 22, field, code)


def test_a_parent_must_exist() -> None:
    problem = only(with_unit(2, parent="U77"))
    assert at(problem) == (Kind.UNIT, 2, "parent", PlanFault.UNKNOWN_UNIT)


def test_nobody_is_their_own_ancestor() -> None:
    units = [unit.model_copy(update={"parent": "U01"}) for unit in a_plan().units]
    units[0] = units[0].model_copy(update={"parent": "U02"})
    problems = found(a_plan(units=tuple(units)))
    assert [at(problem) for problem in problems] == [
        (Kind.UNIT, 0, "parent", PlanFault.PARENT_CYCLE),
        (Kind.UNIT, 1, "parent", PlanFault.PARENT_CYCLE),
    ]
    assert found(with_unit(2, parent="U01")) == []


def test_dl02_a_unit_that_owes_a_plan_has_somebody_to_sign_it() -> None:
    problem = only(with_unit(4, must_plan=True))
    assert at(problem) == (Kind.UNIT, 4, "must_plan", PlanFault.UNIT_WITHOUT_LEADER)


@pytest.mark.parametrize(
    "role",
    [Role.LEADING_GROUP, Role.OFFICE, Role.COORDINATION_GROUP, Role.CAMPAIGN_GROUP],
)
def test_a_body_that_must_decide_has_somebody(role: Role) -> None:
    problem = only(a_plan(people=tuple(p for p in people() if p.role is not role)))
    assert at(problem) == (Kind.CAMPAIGN, 0, "people", PlanFault.BODY_WITHOUT_PERSON)
    assert problem.params == {"role": role.value}


def test_k27_any_group_may_lead_and_no_unit() -> None:
    assert found(a_plan(lead_body=Role.SUPERVISION_GROUP)) == []
    problem = only(a_plan(lead_body=Role.LIAISON))
    assert at(problem) == (Kind.CAMPAIGN, 0, "lead_body", PlanFault.LEAD_BODY_UNFIT)


@pytest.mark.parametrize(
    ("lead", "signer"),
    [
        (Role.SUPERVISION_GROUP, Role.SUPERVISION_GROUP),
        (Role.SUPERVISION_GROUP, Role.CAMPAIGN_GROUP),
        (Role.CAMPAIGN_GROUP, Role.SUPERVISION_GROUP),
    ],
)
def test_sod4_who_leads_the_supervision_does_not_sign_off(lead: Role, signer: Role) -> None:
    problem = only(a_plan(lead_body=lead, sign_off_body=signer))
    assert at(problem) == (
        Kind.CAMPAIGN, 0, "sign_off_body", PlanFault.SIGN_OFF_NOT_SEPARATE
    )  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "field", "count"),
    [("max_units", "units", 5), ("max_tasks", "tasks", 2), ("max_goals", "goals", 4)],
)
def test_a_plan_over_the_size_of_the_policy_is_refused(limit: str, field: str, count: int) -> None:
    policy = PolicyVersion().model_copy(update={limit: 1})
    problems = found(a_plan(), policy)
    assert [at(problem) for problem in problems] == [(Kind.CAMPAIGN, 0, field, PlanFault.TOO_MANY)]
    assert problems[0].params == {"count": count, "limit": 1}


def test_many_faults_are_found_at_once() -> None:
    broken = a_plan(
        details=(),
        tasks=(a_task(clauses=("C9",)),),
        phases=(Phase(no=1, title="查摆", starts_on=date(2019, 4, 1), ends_on=date(2019, 6, 30)),),
    )
    codes = {problem.code for problem in found(broken)}
    assert codes >= {
        PlanFault.DETAIL_MISSING, PlanFault.UNKNOWN_CLAUSE, PlanFault.CLAUSE_NOT_COVERED,
        PlanFault.UNKNOWN_TASK, PlanFault.UNKNOWN_PHASE, PlanFault.ON_REST_DAY,
    }  # fmt: skip
