"""What is written can be read back as the same plan, whatever is in it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from duban.domain.plan import CampaignPlan, Difficulty, Direction, UnitKind
from duban.domain.roles import FormerUnit, Person, Role
from duban.workbook import write_plan
from duban.workbook.yaml_plan import write_yaml
from tests.support.builders import a_plan
from tests.workbook.files import read

# Every kind of character people type, the troublesome ones often; no control characters, which
# no spreadsheet can hold.
LETTERS = st.one_of(
    st.characters(exclude_categories=["C"]),
    st.sampled_from("整改，、；：“”（）［］０１Ａ　 \n=+-@'\"#%&<>_x\\{}[]|:*!~"),
)
WORDS = st.text(LETTERS, max_size=30).map(lambda text: f"甲{text}乙")
DECIMALS = st.decimals(
    min_value=0, max_value=10**20, allow_nan=False, allow_infinity=False, places=6
).map(lambda number: number.normalize())
PERSON_CHANGES = st.lists(
    st.builds(FormerUnit, unit=st.sampled_from(["U02", "X-9"]), left_on=st.dates(date(1950, 1, 1))),
    max_size=3,
)


def rewritten(rows: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    return (rows[0].model_copy(update=changes), *rows[1:])


@st.composite
def plans(draw: st.DrawFn) -> CampaignPlan:
    """Draw a right plan with its words, numbers and choices at random."""
    base = a_plan()
    goal: dict[str, Any] = {
        "direction": Direction.DOWN,
        "baseline": draw(DECIMALS),
        "target": Decimal(0),
    }
    task: dict[str, Any] = {
        name: draw(WORDS) for name in ("focus", "title", "measures", "effect_measure")
    }
    task |= {"difficulty": draw(st.sampled_from(Difficulty)), "core_duty": draw(WORDS)}
    task |= {"assisting_units": draw(st.sampled_from([(), ("U02",), ("U15", "U03")]))}
    task |= {"keep_rest_day": draw(st.booleans()), "leader_in_charge": None}
    unit = {"name": draw(WORDS), "kind": draw(st.sampled_from(UnitKind))}
    person = {
        "name": draw(WORDS),
        "title": draw(WORDS),
        "former_units": tuple(draw(PERSON_CHANGES)),
    }
    return base.model_copy(
        update={
            "title": draw(WORDS),
            "tasks": rewritten(base.tasks, **task),
            "goals": rewritten(base.goals, measure=draw(WORDS), **goal),
            "units": rewritten(base.units, **unit),
            "people": (*base.people[1:], base.people[0].model_copy(update=person)),
        }
    )


RELAXED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@RELAXED
@given(plan=plans())
def test_a_written_workbook_reads_back_as_the_same_plan(plan: CampaignPlan, tmp_path: Path) -> None:
    write_plan(plan, tmp_path / "plan.xlsx")
    assert read(tmp_path / "plan.xlsx") == plan


@RELAXED
@given(plan=plans())
def test_written_yaml_reads_back_as_the_same_plan(plan: CampaignPlan, tmp_path: Path) -> None:
    write_yaml(plan, tmp_path / "plan.yaml")
    assert read(tmp_path / "plan.yaml") == plan


def test_both_forms_hold_the_same(tmp_path: Path) -> None:
    write_plan(a_plan(), tmp_path / "plan.xlsx")
    write_plan(a_plan(), tmp_path / "plan.yml")
    assert read(tmp_path / "plan.xlsx") == read(tmp_path / "plan.yml") == a_plan()


@pytest.mark.parametrize(
    "name", ["甲、乙联合办公室", "甲 乙 办公室", "U02", "（甲）局", "x" * 300, "甲；乙"]
)
def test_unit_names_do_not_confuse_references(tmp_path: Path, name: str) -> None:
    plan = a_plan()
    plan = plan.model_copy(update={"units": rewritten(plan.units, name=name, parent="U15")})
    plan = plan.model_copy(
        update={
            "tasks": (
                plan.tasks[0],
                plan.tasks[1].model_copy(update={"assisting_units": ("U01", "U15")}),
            )
        }
    )
    write_plan(plan, tmp_path / "plan.xlsx")
    assert read(tmp_path / "plan.xlsx") == plan


def test_a_number_longer_than_a_spreadsheet_keeps_is_not_rounded(tmp_path: Path) -> None:
    exact = Decimal("1234567890123456789.123456")
    plan = a_plan()
    plan = plan.model_copy(update={"goals": rewritten(plan.goals, target=exact)})
    write_plan(plan, tmp_path / "plan.xlsx")
    assert read(tmp_path / "plan.xlsx").goals[0].target == exact


def test_a_person_with_two_roles_is_written_twice(tmp_path: Path) -> None:
    second = Person(id="SU-1", name="SU1号", role=Role.CAMPAIGN_GROUP)
    plan = a_plan(people=(*a_plan().people, second))
    write_plan(plan, tmp_path / "plan.xlsx")
    assert read(tmp_path / "plan.xlsx") == plan


@pytest.mark.parametrize("name", ["plan.xlsx", "plan.yaml"])
def test_a_place_that_cannot_be_written_is_an_operating_system_error(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(OSError, match="plan"):
        write_plan(a_plan(), tmp_path / "nowhere" / name)
    assert list(tmp_path.iterdir()) == []


def test_equal_plans_are_equal_files(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_plan(a_plan(), tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.xlsx", "b.xlsx"]
