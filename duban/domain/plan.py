"""A campaign as its office plans it: the content of a plan file, checked as one whole.

`problems_of` finds everything wrong at once; where a cell came from is the reader's business
(`duban.workbook`), so a problem names the object and the field, never a row.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from duban.domain.model import Ident, Model, Text
from duban.domain.roles import Person, Role


class UnitKind(StrEnum):
    """Kinds of unit (各地各单位)."""

    LOCALITY = "locality"
    DEPARTMENT = "department"
    INSTITUTION = "institution"
    WINDOW_SITE = "window_site"
    BODY = "body"


class Difficulty(StrEnum):
    """难度; a hard bone needs the leading group for extensions and sign-off (K06)."""

    NORMAL = "normal"
    HARD_BONE = "hard_bone"


class Direction(StrEnum):
    """Whether a goal's value must rise or fall to its target."""

    UP = "up"
    DOWN = "down"


class PlannedUnit(Model):
    """A unit of the campaign. `must_plan` says that it owes its own plan (DL02)."""

    code: Ident
    name: Text
    kind: UnitKind = UnitKind.DEPARTMENT
    parent: Ident | None = None
    must_plan: bool = True


class Clause(Model):
    """A clause of the implementation plan that this campaign must carry out (对照梳理, K20)."""

    no: Ident
    text: Text


class Phase(Model):
    """A numbered implementation period with its own goals."""

    no: int = Field(ge=1)
    title: Text
    starts_on: date
    ends_on: date


class PlannedTask(Model):
    """One row of the task list (任务清单, domain.md d.6).

    `principal_leader`, `leader_in_charge` and `handler` are person ids of the register.
    `keep_rest_day` keeps a fixed date on a rest day (CNT4).
    """

    no: Ident
    focus: Text
    title: Text
    target_object: Text
    problem: Text
    measures: Text
    effect_measure: Text
    evidence_definition: Text
    lead_unit: Ident
    assisting_units: tuple[Ident, ...] = ()
    principal_leader: Ident
    leader_in_charge: Ident | None = None
    handler: Ident
    due_on: date
    keep_rest_day: bool = False
    difficulty: Difficulty = Difficulty.NORMAL
    clauses: tuple[Ident, ...]
    core_duty: str = ""


class PlannedGoal(Model):
    """A phase goal (阶段目标): measure, number, date, data source (G1.5)."""

    id: Ident
    task: Ident
    phase: int
    measure: Text
    unit_of_measure: Text
    direction: Direction = Direction.UP
    baseline: Decimal
    target: Decimal
    data_source: Text
    due_on: date
    keep_rest_day: bool = False


class DetailPoint(StrEnum):
    """The five details (五个要细, K21)."""

    FACTS = "facts"
    ANALYSIS = "analysis"
    PLAN = "plan"
    SUPPORTING = "supporting"
    IMPLEMENTATION = "implementation"


class DetailCheck(Model):
    """One of the five details answered with a reference, not a tick (G1.4)."""

    point: DetailPoint
    reference: Text


class CampaignPlan(Model):
    """Everything an office writes down before a campaign starts.

    Dates: `launch_on` opens PLAN, `plan_until` is its planned end; the phases follow; then
    ACCOUNT (`account_from`-`account_until`), closing on `close_on`.
    """

    no: Ident
    title: Text
    programme: Text
    basis_doc: Text
    lead_body: Role
    lead_group_title: Text
    sign_off_body: Role = Role.OFFICE
    launch_on: date
    plan_until: date
    account_from: date
    account_until: date
    close_on: date
    phases: tuple[Phase, ...]
    clauses: tuple[Clause, ...]
    details: tuple[DetailCheck, ...] = ()
    units: tuple[PlannedUnit, ...]
    people: tuple[Person, ...]
    tasks: tuple[PlannedTask, ...]
    goals: tuple[PlannedGoal, ...]
