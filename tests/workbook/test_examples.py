"""The three sample campaigns of domain.md (j): complete, right, and one in both forms."""

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from zipfile import ZipFile

import pytest

from duban.domain.plan import CampaignPlan, Difficulty, PlannedGoal
from duban.domain.plan_rules import problems_of
from duban.domain.plan_shift import shift_plan
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Role
from duban.seeds import amended_2019_calendar, published_calendar
from duban.workbook import read_plan, write_plan
from duban.workbook.yaml_plan import write_yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("formalism", "business", "rule-of-law")


def plan(name: str, suffix: str = "yaml") -> CampaignPlan:
    path = EXAMPLES / f"{name}.{suffix}"
    return read_plan(path, calendar=amended_2019_calendar(), policy=PolicyVersion())


def builder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_examples", EXAMPLES / "build_examples.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", NAMES)
def test_the_workbook_and_its_source_are_one_plan(name: str) -> None:
    assert plan(name, "xlsx") == plan(name)


@pytest.mark.parametrize("name", NAMES)
def test_k32_the_samples_have_no_problems(name: str) -> None:
    calendar = published_calendar(2019, 2020)
    assert problems_of(plan(name), calendar, PolicyVersion()) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_samples_can_be_moved_to_2027(name: str, tmp_path: Path) -> None:
    old, new = amended_2019_calendar(), published_calendar(2027, 2028)
    moved = shift_plan(plan(name), date(2027, 3, 1), old, new)
    assert moved.no.endswith("-2027")
    assert moved.phases[0].starts_on == new.add_working_days(date(2027, 3, 1), 20)
    write_plan(moved, tmp_path / "moved.xlsx")
    assert read_plan(tmp_path / "moved.xlsx", calendar=new, policy=PolicyVersion()) == moved


def parts(path: Path) -> dict[str, bytes]:
    """Return the parts of a workbook unpacked; how they are packed depends on the machine."""
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_workbooks_are_built_from_the_sources(tmp_path: Path) -> None:
    assert builder().main(tmp_path) == 0
    for name in NAMES:
        assert parts(tmp_path / f"{name}.xlsx") == parts(EXAMPLES / f"{name}.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_the_source_is_in_the_form_that_is_written(name: str, tmp_path: Path) -> None:
    write_yaml(plan(name), tmp_path / "again.yaml")
    assert (tmp_path / "again.yaml").read_text("utf-8") == (EXAMPLES / f"{name}.yaml").read_text(
        "utf-8"
    )


@pytest.mark.parametrize(
    ("name", "units", "letter"),
    [("formalism", 20, "F"), ("business", 19, "B"), ("rule-of-law", 19, "R")],
)
def test_each_sample_is_complete(name: str, units: int, letter: str) -> None:
    sample = plan(name)
    assert len(sample.units) == units
    assert [task.no for task in sample.tasks] == [f"{letter}-0{n}" for n in range(1, 7)]
    assert len(sample.phases) == 3
    assert {(goal.task, goal.phase) for goal in sample.goals} == {
        (task.no, phase.no) for task in sample.tasks for phase in sample.phases
    }
    assert all(task.due_on == date(2019, 11, 29) for task in sample.tasks)
    ends = {phase.no: phase.ends_on for phase in sample.phases}
    assert all(goal.due_on == ends[goal.phase] for goal in sample.goals)


@pytest.mark.parametrize("name", NAMES)
def test_every_field_of_every_task_is_filled(name: str) -> None:
    for task in plan(name).tasks:
        assert all(value for field, value in task if field != "keep_rest_day"), task.no


@pytest.mark.parametrize("name", NAMES)
def test_every_unit_has_its_three_people(name: str) -> None:
    sample = plan(name)
    held = {person.id: person for person in sample.people}
    for unit in sample.units:
        assert held[f"{unit.code}-L1"].role is Role.PRINCIPAL_LEADER
        assert held[f"{unit.code}-D1"].title == "分管领导"
        assert held[f"{unit.code}-H1"].title == "联络员"


def test_people_shared_by_the_samples_are_the_same_people() -> None:
    names: dict[str, str] = {}
    for name in NAMES:
        for person in plan(name).people:
            if not person.id.startswith("CG-"):
                assert names.setdefault(person.id, person.name) == person.name


def goal(name: str, id_: str) -> PlannedGoal:
    return next(goal for goal in plan(name).goals if goal.id == id_)


@pytest.mark.parametrize(
    ("name", "id_", "baseline", "target"),
    [
        ("formalism", "F-01/P3", "612", "489"),
        ("formalism", "F-06/P1", "0", "8"),
        ("business", "B-04/P1", "8", "7"),
        ("business", "B-04/P3-2", "15", "10"),
        ("rule-of-law", "R-04/P2", "57", "10"),
    ],
)
def test_the_numbers_are_those_of_the_tables(
    name: str, id_: str, baseline: str, target: str
) -> None:
    found = goal(name, id_)
    assert (found.baseline, found.target) == (Decimal(baseline), Decimal(target))


def test_hard_bones_are_marked() -> None:
    hard = {
        task.no
        for name in NAMES
        for task in plan(name).tasks
        if task.difficulty is Difficulty.HARD_BONE
    }
    assert hard == {"F-06", "B-05"}


def test_sod4_the_supervision_group_leads_formalism_and_the_office_signs_off() -> None:
    sample = plan("formalism")
    assert (sample.lead_body, sample.sign_off_body) == (Role.SUPERVISION_GROUP, Role.OFFICE)
    both = [person.id for person in sample.people if person.role is Role.CAMPAIGN_GROUP]
    assert both == ["SU-1", "SU-2", "SU-3"]
