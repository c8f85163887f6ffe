"""`duban inspection coverage` and `effect`: shares without who is next, effect without a score."""

import json
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.inspection.commands import ReportLeak
from duban.domain.policy import PolicyVersion
from duban.domain.thresholds import InspectionRule
from tests.cli.test_inspections import done
from tests.cli.world import NO, World
from tests.support import checks
from tests.support.builders import Desk, a_plan
from tests.support.inspections import EVERYBODY, PROBLEM, InspectionDesk
from tests.support.problems import ProblemDesk, a_registration

TIGHT = PolicyVersion(inspection=InspectionRule(contacts_per_month=0))


@pytest.fixture
def world() -> World:
    """Two sites of one unit were seen in the first phase, one unit is planned and was not."""
    made = World(checks.a_desk())
    assert made.desk is not None
    checks.order(made.desk, scope=["U02", "U03"])
    made.desk.do(c.PlanInspection, "OF-1", **checks.a_plan_line())
    for no in (checks.ONE, checks.TWO):
        checks.visited(made.desk, no, "U03")
    made.inspection = InspectionDesk().on_site()
    return made


def told(world: World, verb: str, *words: str) -> dict[str, Any]:
    """Return a report as the supervision group reads it."""
    answer = world.call("inspection", verb, NO, "-o", "json", "--as", "SU-1", *words)
    found: dict[str, Any] = json.loads(done(answer))
    return found


def test_k46_coverage_is_told_in_shares_and_counts(world: World) -> None:
    found = told(world, "coverage")

    assert found == {
        "phase": 1,
        "units": 4,
        "seen": 1,
        "seen_percent": 25,
        "density": 1,
        "least": 0,
        "below": 3,
        "effect_checked": 0,
        "effect_percent": 0,
        "kinds": [{"inspection_kind": "spot_check", "checks": 2}],
        "over": [],
    }
    assert told(world, "coverage", "--phase", "2")["seen"] == 0


@pytest.mark.parametrize("form", ["table", "json", "csv"])
def test_k52_coverage_names_no_unit_whether_seen_or_not(world: World, form: str) -> None:
    out = done(world.call("inspection", "coverage", NO, "--as", "SU-1", "-o", form))

    assert [unit for unit in ("U01", "U02", "U03", "U15") if unit in out] == []


def test_k51_a_unit_over_the_budget_is_told_with_the_approval() -> None:
    world = World(Desk(a_plan(people=EVERYBODY), policy=TIGHT).implementing())
    world.inspection = InspectionDesk(budget_doc="批准1号").on_site()

    found = told(world, "coverage")
    table = done(world.call("inspection", "coverage", NO, "--as", "SU-1", DUBAN_LANG="zh"))

    assert found["over"] == [
        {"unit": "U03", "month": "2019-04", "contacts": 1, "approved": ["批准1号"]}
    ]
    assert "批准1号" in table


def test_k53_effect_is_what_was_found_and_held(world: World) -> None:
    world.inspection = InspectionDesk().on_site(first_location="leadership").linked()
    world.problem = ProblemDesk(a_registration(source="inspection"), no=PROBLEM)

    kind = told(world, "effect")["kinds"]["spot_check"]

    assert (kind["findings"], kind["per_check"]) == (1, "1.00")
    assert (kind["held"], kind["held_percent"]) == (0, 0)
    assert kind["broken"] == {"first_location": 1}


def test_k53_leaks_and_void_draws_are_told_beside_it() -> None:
    desk = checks.a_desk()
    checks.order(desk, sites=1)
    checks.asked(desk)
    checks.frozen(desk, fault="draw.population")
    world = World(desk)
    world.inspection = InspectionDesk()
    world.inspection.do(ReportLeak, "SU-1", fact="清场")

    found = told(world, "effect")
    table = done(world.call("inspection", "effect", NO, "--as", "SU-1", DUBAN_LANG="zh"))

    assert (found["kinds"]["spot_check"]["leaked"], found["voided_percent"]) == (1, 100)
    assert "抽取作废 100%" in table


def test_k94_no_figure_of_effect_is_the_number_of_checks(world: World) -> None:
    world.inspection = InspectionDesk().linked()
    found = told(world, "effect")["kinds"]["spot_check"]

    assert set(found) == {
        *("findings", "per_check", "held", "held_percent", "broken"),
        *("forms_asked", "leaked", "expired"),
    }


@pytest.mark.parametrize("verb", ["coverage", "effect"])
def test_who_reads_a_report_is_on_the_trail_and_a_unit_reads_none(world: World, verb: str) -> None:
    told(world, verb)
    refused = world.call("inspection", verb, NO, "--as", "U01-L1")

    assert refused.status == 3
    assert [each.detail["surface"] for each in world.readings] == [f"inspection {verb}"] * 2
    assert [each.actor.id for each in world.readings] == ["SU-1", "U01-L1"]
    assert world.call("inspection", verb, "XX-2019", "--as", "SU-1").status == 4
