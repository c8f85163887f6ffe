"""f.3, steps 1 and 2: who may be drawn, with what weight, who not and why, and what is hashed."""

from datetime import date, timedelta
from typing import Any

import pytest

from duban.domain import sampling
from duban.domain.draw.basis import Rules, UnitFacts
from duban.domain.draw.freezing import ExclusionCode, Frozen, eligible, freeze
from duban.domain.draw.places import Candidate, Lists, TieKind
from duban.domain.errors import Code, RuleViolation
from duban.domain.policy import PolicyVersion
from duban.domain.sampling import Exclusion
from duban.domain.thresholds import DrawRule, InspectionRule
from tests.support.inspection_draws import (
    DAY,
    FACTS,
    LISTS,
    POLICY,
    frozen,
    person,
    place,
    terms,
    tie,
)

NAMES = (*(f"U0{n}" for n in range(1, 6)),)
POOL = tuple(person(n) for n in range(1, 6))


def of_units(*facts: UnitFacts, policy: PolicyVersion = POLICY, **fields: Any) -> Frozen:
    """Freeze one site of each of five units, with facts of some."""
    lists = Lists(places=tuple(place(unit) for unit in NAMES), pool=POOL)
    return freeze(lists, terms(**fields), {each.unit: each for each in facts}, policy)


def codes(made: Frozen) -> dict[str, str]:
    """Return why each site is left out."""
    return {each.site: each.code.value for each in made.excluded}


def weight(unit: str, made: Frozen) -> int:
    """Return the tickets of a unit's first site."""
    return next(each.tickets for each in made.population if each.unit == unit)


def refused(code: Code, **params: Any) -> Any:
    """Expect a refusal with a code and params."""

    def is_it(error: BaseException) -> bool:
        return isinstance(error, RuleViolation) and (error.code, error.params) == (code, params)

    return pytest.raises(RuleViolation, check=is_it)


def test_f3_1_headquarters_are_no_front_line() -> None:
    lists = LISTS.model_copy(update={"places": (*LISTS.places, place("U01", 9, front_line=False))})

    assert codes(frozen(lists))["U01-S9"] == ExclusionCode.NOT_FRONT_LINE


def test_f2_what_is_out_of_scope_is_left_out() -> None:
    assert codes(of_units(scope=("U01", "U02", "U03", "U04"))) == {"U05-S1": "out_of_scope"}


def test_k51_a_unit_that_has_used_up_its_month_needs_the_leading_groups_approval() -> None:
    busy, free = UnitFacts(unit="U01", contacts=4), UnitFacts(unit="U02", contacts=3)

    assert codes(of_units(busy, free)) == {"U01-S1": "over_budget"}
    assert codes(of_units(busy, budget_doc="领批〔2019〕3号")) == {}


@pytest.mark.parametrize(("days", "left_out"), [(0, True), (30, True), (31, False)])
def test_f2_the_same_theme_within_30_days_needs_a_reason(days: int, *, left_out: bool) -> None:
    seen = UnitFacts(unit="U01", same_theme_on=DAY - timedelta(days=days))

    assert codes(of_units(seen)) == ({"U01-S1": "same_theme"} if left_out else {})
    assert codes(of_units(seen, repeat_reason="群众再次反映")) == {}


@pytest.mark.parametrize("kind", TieKind)
def test_sod6_units_that_a_leader_is_tied_to_are_left_out(kind: TieKind) -> None:
    pool = (person(1, tie("U03", kind)), *POOL[1:])
    lists = Lists(places=tuple(map(place, NAMES)), pool=pool)

    assert codes(freeze(lists, terms(), {}, POLICY)) == {"U03-S1": "leader_tied"}


@pytest.mark.parametrize(
    ("left_on", "tied"),
    [(None, True), (date(2016, 6, 3), True), (date(2016, 6, 2), False), (DAY, True)],
)
def test_sod6_a_former_unit_binds_for_three_years(left_on: date | None, *, tied: bool) -> None:
    pool = (POOL[0], person(2, tie("U03", TieKind.FORMER_UNIT, left_on)), *POOL[2:])
    lists = Lists(places=tuple(map(place, NAMES)), pool=pool)
    made = freeze(lists, terms(), {}, POLICY)

    assert ("IN-2" not in {each.person for each in eligible(made, "U03")}) is tied
    assert "IN-2" in {each.person for each in eligible(made, "U01")}


def test_sod6_who_leads_does_not_inspect_besides() -> None:
    assert [each.person for each in eligible(of_units(), "U01")] == ["IN-2", "IN-3", "IN-4", "IN-5"]


def test_question_29_what_the_operator_leaves_out_stands_beside_his_reason() -> None:
    [named] = [each for each in frozen().excluded if each.code is ExclusionCode.NAMED]

    assert (named.site, named.reason) == ("U02-S2", "停业装修")


def test_question_29_a_rule_comes_before_the_operators_own_reason() -> None:
    lists = LISTS.model_copy(update={"excluded": (Exclusion(site="U03-S1", reason="忙"),)})

    assert codes(frozen(lists))["U03-S1"] == ExclusionCode.OVER_BUDGET


@pytest.mark.parametrize(
    ("facts", "tickets"),
    [
        ({}, 2),
        ({"drawn_this_cycle": True}, 1),
        ({"drawn_this_cycle": True, "red_on": DAY - timedelta(days=90)}, 2),
        ({"drawn_this_cycle": True, "red_on": DAY - timedelta(days=91)}, 1),
        ({"drawn_this_cycle": True, "complaints": 1}, 2),
        ({"drawn_this_cycle": True, "false_rectification": True}, 2),
        ({"red_on": DAY, "complaints": 1, "false_rectification": True}, 5),
    ],
)
def test_f3_a_ticket_more_for_each_reason_to_doubt(facts: dict[str, Any], tickets: int) -> None:
    assert weight("U01", of_units(UnitFacts(unit="U01", **facts))) == tickets


def test_f3_the_cap_and_the_weights_are_policy() -> None:
    facts = UnitFacts(unit="U01", red_on=DAY, complaints=1, false_rectification=True)

    capped = PolicyVersion(drawing=DrawRule(ticket_cap=3))
    heavy = PolicyVersion(drawing=DrawRule(red_card=4, ticket_cap=9, unseen=0))

    assert weight("U01", of_units(facts, policy=capped)) == 3
    assert weight("U01", of_units(facts, policy=heavy)) == 7


@pytest.mark.parametrize(
    ("complaints", "most"),
    [
        ((9, 5, 1, 0, 0), {"U01", "U02"}),
        ((9, 9, 9, 1, 0), {"U01", "U02", "U03"}),
        ((2, 2, 2, 2, 2), set(NAMES)),
        ((0, 0, 0, 0, 0), set()),
    ],
)
def test_f3_the_quarter_of_units_that_most_is_complained_of(
    complaints: tuple[int, ...], most: set[str]
) -> None:
    told = zip(NAMES, complaints, strict=True)
    made = of_units(*(UnitFacts(unit=u, complaints=n, drawn_this_cycle=True) for u, n in told))

    assert {each.unit for each in made.population if each.tickets == 2} == most


def test_f3_whom_most_is_complained_of_is_asked_among_those_that_may_be_drawn() -> None:
    loud = UnitFacts(unit="U01", complaints=99, contacts=4)
    quiet = [UnitFacts(unit=u, complaints=n) for n, u in enumerate(NAMES[1:], start=1)]

    assert weight("U05", of_units(loud, *quiet)) == 3


def test_f3_2_the_parameters_are_those_of_the_contract() -> None:
    made = frozen()

    assert made.params == {
        "k": 2,
        "policy": "2019-1",
        "coverage": 70,
        "inspectors": 2,
        "inspections": ["BE-2019-I0001", "BE-2019-I0002"],
        "pool": made.params["pool"],
        "excluded": made.params["excluded"],
        "basis": made.params["basis"],
    }
    assert made.params_hash == sampling.params_hash(made.params)
    assert made.pop_hash == sampling.pop_hash(made.population)


def test_f3_2_quotas_stand_in_the_parameters() -> None:
    lists = Lists(places=tuple(place(u, stratum=u) for u in NAMES), pool=POOL)
    made = freeze(lists, terms(quotas={"U01": 1, "U03": 1}), {}, POLICY)

    assert made.params["quotas"] == {"U01": 1, "U03": 1}


@pytest.mark.parametrize(
    "changed",
    [
        {"leaders": ("IN-2",)},
        {"theme": "作风"},
        {"on": DAY + timedelta(days=1)},
        {"budget_doc": "x"},
        {"inspectors": 3},
    ],
)
def test_f3_2_everything_a_draw_goes_by_is_hashed(changed: dict[str, Any]) -> None:
    assert of_units(**changed).params_hash != of_units().params_hash


def test_l13_the_pool_is_kept_without_names_and_in_one_order() -> None:
    made = frozen(LISTS.model_copy(update={"pool": LISTS.pool[::-1], "places": LISTS.places[::-1]}))

    assert made == frozen()
    assert {each.name for each in made.pool} == {""}


def test_an_inspection_has_as_many_inspectors_as_asked_and_never_fewer_than_the_policy() -> None:
    three = PolicyVersion(inspection=InspectionRule(fewest_inspectors=3))

    assert of_units(inspectors=1).team_size == 2
    assert of_units(inspectors=1, policy=three).params["inspectors"] == 3
    assert of_units(inspectors=4).team_size == 4


def test_the_numbers_of_a_policy_are_taken_as_they_are() -> None:
    told = Rules.of(PolicyVersion(version="2019-2", repeat_theme_days=7))

    assert (told.policy, told.repeat_theme_days, told.coverage_percent) == ("2019-2", 7, 70)
    assert (told.fewest_inspectors, told.former_unit_years, told.ticket_cap) == (2, 3, 5)


def test_a_site_listed_twice_is_refused() -> None:
    lists = LISTS.model_copy(update={"places": (*LISTS.places, LISTS.places[0])})
    with refused(Code.DRAW_POPULATION, twice=["U01-S1"]):
        frozen(lists)


def test_nobody_eligible_is_refused() -> None:
    with refused(Code.DRAW_POPULATION, twice=[]):
        of_units(scope=("U09",))


def test_a_person_listed_twice_would_have_two_tickets() -> None:
    lists = LISTS.model_copy(update={"pool": (*LISTS.pool, Candidate(person="IN-3"))})
    with refused(Code.DRAW_POOL, twice=["IN-3"]):
        frozen(lists)


def test_sod6_a_leader_whose_ties_nobody_told_is_refused() -> None:
    with refused(Code.DRAW_LEADER, leaders=["SU-9"]):
        of_units(leaders=("IN-1", "SU-9"))


def test_what_is_not_listed_cannot_be_left_out() -> None:
    lists = LISTS.model_copy(update={"excluded": (Exclusion(site="U99-S1", reason="x"),)})
    with refused(Code.DRAW_EXCLUSION, sites=["U99-S1"]):
        frozen(lists)


def test_quotas_add_up_to_the_inspections() -> None:
    with refused(Code.DRAW_QUOTAS, wanted=2, said=3):
        of_units(quotas={"A": 3})


def test_a_stratum_with_fewer_sites_than_its_quota_is_refused() -> None:
    with refused(Code.DRAW_TOO_FEW, wanted=2, there=0):
        of_units(quotas={"A": 2})
    with refused(Code.DRAW_TOO_FEW, wanted=6, there=5):
        of_units(inspections=tuple(f"I{n}" for n in range(6)))


def test_sod6_fewer_than_two_after_recusals_is_refused_before_anything_is_committed() -> None:
    pool = (person(1), person(2), person(3, tie("U03")))
    with refused(Code.DRAW_TOO_FEW, wanted=2, there=1):
        freeze(Lists(places=tuple(map(place, NAMES)), pool=pool), terms(), {}, POLICY)


def test_a_population_larger_than_the_policy_lets_be_kept_is_refused() -> None:
    with refused(Code.DRAW_TOO_LARGE, size=5, max=4):
        of_units(policy=PolicyVersion(drawing=DrawRule(max_population=4)))


def test_facts_of_units_without_a_site_are_not_kept() -> None:
    facts = {**FACTS, "U77": UnitFacts(unit="U77")}

    assert freeze(LISTS, terms(), facts, POLICY) == frozen()
