"""From values to a plan, or to every problem with its sheet, row and column."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from duban.domain.calendars import Calendar
from duban.domain.model import Model
from duban.domain.plan import (
    CampaignPlan,
    Clause,
    DetailCheck,
    DetailPoint,
    Direction,
    Phase,
    PlannedGoal,
    PlannedTask,
    PlannedUnit,
)
from duban.domain.plan_faults import Kind, PlanProblem
from duban.domain.plan_rules import problems_of
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Person, Role
from duban.workbook.columns import SHEET_OF, Column, Shape, SheetSpec
from duban.workbook.errors import CellProblem
from duban.workbook.raw import RawFile
from duban.workbook.understand import WHOLE, Reading, Values, understand
from duban.workbook.words import word

_MODELS: dict[Kind, type[Model]] = {
    Kind.CLAUSE: Clause,
    Kind.PHASE: Phase,
    Kind.UNIT: PlannedUnit,
    Kind.PERSON: Person,
    Kind.TASK: PlannedTask,
    Kind.GOAL: PlannedGoal,
    Kind.DETAIL: DetailCheck,
}
# The parameters of `PlanProblem` that are values of a closed list.
_CLOSED: dict[str, type[StrEnum]] = {
    "role": Role,
    "lead": Role,
    "point": DetailPoint,
    "direction": Direction,
}


def plan_of(
    raw: RawFile, calendar: Calendar, policy: PolicyVersion
) -> tuple[CampaignPlan | None, list[CellProblem]]:
    """Return the plan that `raw` holds, or None and everything wrong with it in reading order."""
    reading = understand(raw)
    if raw.tables:
        reading.problems.extend(_judged(reading, calendar, policy))
    if reading.problems or not raw.tables:
        return None, _in_reading_order(reading)
    return CampaignPlan.model_validate(_document(reading)), []


def _judged(reading: Reading, calendar: Calendar, policy: PolicyVersion) -> list[CellProblem]:
    """Return what the rules find, without what only follows from cells that were unreadable."""
    found = problems_of(_provisional(reading), calendar, policy)
    return [_placed(reading, problem) for problem in found if not _follows(reading, problem)]


def _document(reading: Reading) -> dict[str, Any]:
    rows = {SHEET_OF[kind].section: reading.values[kind] for kind in _MODELS}
    return {**reading.values[Kind.CAMPAIGN][0], **rows}


def _provisional(reading: Reading) -> CampaignPlan:
    """Return a plan for the rules to look at, with stand-ins for what could not be read."""
    rows: Values = {
        SHEET_OF[kind].section: tuple(
            model.model_construct(**_complete(SHEET_OF[kind], values, index))
            for index, values in enumerate(reading.values[kind])
        )
        for kind, model in _MODELS.items()
    }
    campaign = next(iter(reading.values[Kind.CAMPAIGN]), {})
    spec = SHEET_OF[Kind.CAMPAIGN]
    return CampaignPlan.model_construct(**_complete(spec, campaign, 0), **rows)


def _complete(spec: SheetSpec, values: Values, index: int) -> Values:
    stand_ins = {
        column.field: _stand_in(column, index)
        for column in spec.columns
        if column.required or column.shape is Shape.CODES
    }
    return stand_ins | values


def _stand_in(column: Column, index: int) -> object:
    """Return what the rules see for a value that could not be read: a phase counts as next."""
    if column.choices is Role:
        return Role.OFFICE
    if column.choices is DetailPoint:
        return DetailPoint.FACTS
    plain: dict[Shape, object] = {
        Shape.DATE: date(1, 1, 1),
        Shape.NUMBER: Decimal(0),
        Shape.COUNT: index + 1,
        Shape.CODES: (),
    }
    return plain.get(column.shape, "")


def _follows(reading: Reading, problem: PlanProblem) -> bool:
    """Say whether a finding rests on a value that could not be read."""
    return any(_is_spoilt(reading, problem, used) for used in (problem.field, *problem.uses))


def _is_spoilt(reading: Reading, problem: PlanProblem, used: str) -> bool:
    kind_name, dot, field = used.rpartition(".")
    if not dot:
        own = ((problem.kind, problem.index, used), (problem.kind, WHOLE, used))
        return any(place in reading.spoilt for place in own)
    kind = Kind(kind_name)
    if (kind, WHOLE, field.rstrip("*")) in reading.spoilt:
        return True
    return field.endswith("*") and any(
        (kind, field[:-1]) == (spoilt_kind, spoilt_field)
        for spoilt_kind, _, spoilt_field in reading.spoilt
    )


def _placed(reading: Reading, problem: PlanProblem) -> CellProblem:
    """Return `problem` at the cell it is about, or at the head of the sheet it is about."""
    kind, field, index = problem.kind, problem.field, problem.index
    section = next((spec.kind for spec in SHEET_OF.values() if spec.section == field), None)
    if kind is Kind.CAMPAIGN and section is not None:
        table = reading.raw.tables[section]
        row, column = table.header_row, next(iter(table.labels.values()), "")
    else:
        table = reading.raw.tables[kind]
        column = table.labels.get(field, "")
        row = table.rows[index].cell(field, column).row
    return CellProblem(
        sheet=table.title,
        row=row,
        column=column,
        code=problem.code.value,
        params={"header": _header(table.spec, field), **_in_words(problem)},
    )


def _in_words(problem: PlanProblem) -> dict[str, str | int]:
    """Return the parameters with closed values in the words of the file."""
    return {
        name: word(_CLOSED[name](str(value))) if name in _CLOSED else value
        for name, value in problem.params.items()
    }


def _header(spec: SheetSpec, field: str) -> str:
    column = spec.column(field)
    return spec.title if column is None else column.header


def _in_reading_order(reading: Reading) -> list[CellProblem]:
    """Sort by sheet in the order of the file's form, then by row and column."""
    order = {table.title: place for place, table in enumerate(reading.raw.tables.values())}

    def key(problem: CellProblem) -> tuple[int, int, int, str]:
        place = order.get(problem.sheet, -1)
        return place, problem.row, len(problem.column), problem.column

    return sorted(reading.problems, key=key)
