"""What can be wrong with a campaign plan: the closed list of faults and one found problem."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from duban.domain.model import Model


class PlanFault(StrEnum):
    """Every reason for which a plan is not fit to start. Stable; translated in `duban.texts`."""

    # One object twice, or not there at all.
    DUPLICATE_CODE = "fault.duplicate_code"
    DUPLICATE_GOAL = "fault.duplicate_goal"
    UNKNOWN_UNIT = "fault.unknown_unit"
    UNKNOWN_PERSON = "fault.unknown_person"
    UNKNOWN_TASK = "fault.unknown_task"
    UNKNOWN_PHASE = "fault.unknown_phase"
    UNKNOWN_CLAUSE = "fault.unknown_clause"
    PARENT_CYCLE = "fault.parent_cycle"
    # Who answers for what.
    UNIT_MISSING_FOR_ROLE = "fault.unit_missing_for_role"
    ROLE_NOT_FOR_PEOPLE = "fault.role_not_for_people"
    NAME_DIFFERS = "fault.name_differs"
    LEADER_WRONG_ROLE = "fault.leader_wrong_role"
    LEADER_OF_OTHER_UNIT = "fault.leader_of_other_unit"
    MEMBER_OF_OTHER_UNIT = "fault.member_of_other_unit"
    LEAD_ALSO_ASSISTS = "fault.lead_also_assists"
    UNIT_WITHOUT_LEADER = "fault.unit_without_leader"
    BODY_WITHOUT_PERSON = "fault.body_without_person"
    LEAD_BODY_UNFIT = "fault.lead_body_unfit"
    SIGN_OFF_NOT_SEPARATE = "fault.sign_off_not_separate"
    # Phases and dates.
    NO_PHASES = "fault.no_phases"
    PHASE_NUMBER = "fault.phase_number"
    PHASE_REVERSED = "fault.phase_reversed"
    PHASE_OVERLAP = "fault.phase_overlap"
    DATE_ORDER = "fault.date_order"
    ON_REST_DAY = "fault.on_rest_day"
    OUT_OF_CALENDAR = "fault.out_of_calendar"
    TASK_DUE_OUTSIDE = "fault.task_due_outside"
    # Tasks and goals.
    NO_TASKS = "fault.no_tasks"
    TASK_WITHOUT_GOAL = "fault.task_without_goal"
    TASK_WITHOUT_CLAUSE = "fault.task_without_clause"
    CLAUSE_NOT_COVERED = "fault.clause_not_covered"
    PHASE_WITHOUT_GOAL = "fault.phase_without_goal"
    GOAL_OUTSIDE_PHASE = "fault.goal_outside_phase"
    TARGET_NOT_BEYOND_BASELINE = "fault.target_not_beyond_baseline"
    DETAIL_MISSING = "fault.detail_missing"
    VAGUE_TARGET = "fault.vague_target"
    COURT_CASE = "fault.court_case"
    # Size.
    TOO_MANY = "fault.too_many"


class Kind(StrEnum):
    """The kinds of rows a plan consists of."""

    CAMPAIGN = "campaign"
    CLAUSE = "clause"
    PHASE = "phase"
    UNIT = "unit"
    PERSON = "person"
    TASK = "task"
    GOAL = "goal"
    DETAIL = "detail"


class PlanProblem(Model):
    """One thing wrong: `field` of object `id`, the `index`-th (from 0) of its kind.

    `uses` names what else the finding rests on, so that a reader can leave out findings that only
    follow from a cell it could not read: `field` of the same object, `kind.field` for that field
    of the kind as a whole, `kind.field*` for that field of any object of the kind.
    """

    kind: Kind
    id: str
    field: str
    code: PlanFault
    params: dict[str, str | int] = Field(default_factory=dict)
    index: int = 0
    uses: tuple[str, ...] = ()


class Place(NamedTuple):
    """The object a rule is looking at: the `nth` of its kind, numbered `id`."""

    kind: Kind
    id: str
    nth: int = 0

    def fault(
        self, field: str, fault: PlanFault, /, *uses: str, **params: str | int
    ) -> PlanProblem:
        """Return the problem `fault` of `field` here; `uses` as in `PlanProblem`."""
        return PlanProblem(
            kind=self.kind,
            id=self.id,
            field=field,
            code=fault,
            params=params,
            index=self.nth,
            uses=uses,
        )


Findings = Iterator[PlanProblem]
"""What every rule yields."""
