"""A running campaign as the plan it came from, read back from the ledger."""

from collections.abc import Mapping, Sequence
from typing import Any

from duban.cli.picture import number
from duban.cli.services import Row
from duban.cli.session import Session
from duban.domain.model import Model
from duban.domain.plan import CampaignPlan, Phase, PlannedGoal, PlannedTask, PlannedUnit
from duban.domain.roles import Person

_PARTS: tuple[tuple[str, str, type[Model]], ...] = (
    ("phases", "phase", Phase),
    ("units", "unit", PlannedUnit),
    ("people", "person", Person),
    ("tasks", "task", PlannedTask),
    ("goals", "goal", PlannedGoal),
)


def exported(found: Mapping[str, Sequence[Row]]) -> CampaignPlan:
    """Return the plan of the campaign whose objects are given by kind, as it stands now.

    Dates are the present ones, and people who left are left out: a plan says what is to be done.
    """
    fields = _known(found["campaign"][0], CampaignPlan)
    parts = {
        name: [_known(row, model) for row in found[kind] if not row.get("left")]
        for name, kind, model in _PARTS
    }
    parts["phases"].sort(key=lambda phase: int(phase["no"]))
    return CampaignPlan.model_validate({**fields, **parts})


def _known(row: Row, model: type[Model]) -> dict[str, Any]:
    return {name: row[name] for name in model.model_fields if name in row}


def progress_of(
    session: Session, found: Mapping[str, Sequence[Row]]
) -> dict[str, tuple[str, str, str, str]]:
    """Return per task its current values, progress, state and cards, in words."""
    return {
        str(task["no"]): (
            "\n".join(_values(found["goal"], str(task["no"]))),
            str(task.get("disposition") or ""),
            session.term("task_state", task["state"]),
            _cards(session, task),
        )
        for task in found["task"]
    }


def _values(goals: Sequence[Row], task: str) -> list[str]:
    return [
        f"{goal['measure']} {number(goal['current_value'])}{goal['unit_of_measure']}"
        for goal in goals
        if goal["task"] == task and goal.get("current_value") is not None
    ]


def _cards(session: Session, task: Row) -> str:
    yellow, red = task.get("yellow_count") or 0, task.get("red_count") or 0
    return session.say("cards", yellow=yellow, red=red) if yellow or red else ""
