"""What a campaign keeps: its stages and states as words, its objects as frozen values."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from pydantic import Field, JsonValue

from duban.domain.clue.records import ClueReport
from duban.domain.entity.records import Evidence
from duban.domain.model import Ident, Model, Text
from duban.domain.plan import Clause, DetailCheck, Phase, PlannedGoal, PlannedTask, PlannedUnit
from duban.domain.problem.registration import Registration, is_nothing
from duban.domain.problem.standing import LookedBack
from duban.domain.problem.words import DrawMark, ProblemSource, ProblemState
from duban.domain.roles import Actor, Role


class CampaignStage(StrEnum):
    """Stages of domain.md c.1."""

    DRAFT = "draft"
    PLAN = "plan"
    IMPLEMENT = "implement"
    REVIEW = "review"
    ACCOUNT = "account"
    CLOSED = "closed"
    WATCH = "watch"
    ARCHIVED = "archived"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"


class PlanState(StrEnum):
    """How far a campaign plan or a unit plan has come (c.1, row PLAN)."""

    DUE = "due"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    PASSED = "passed"
    APPROVED = "approved"


class PhaseStatus(StrEnum):
    """Where a phase stands."""

    PLANNED = "planned"
    RUNNING = "running"
    UNDER_REVIEW = "under_review"
    PASSED = "passed"


class TaskState(StrEnum):
    """States of domain.md c.4; breach, cards and stagnation are flags beside them."""

    DRAFTED = "drafted"
    PENDING_ACCEPT = "pending_accept"
    RETURN_PENDING = "return_pending"
    ACCEPTED = "accepted"
    ITEM_PLAN_DUE = "item_plan_due"
    IN_PROGRESS = "in_progress"
    DONE_CLAIMED = "done_claimed"
    REJECTED_BACK = "rejected_back"
    VERIFIED = "verified"
    CLOSED = "closed"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class GoalState(StrEnum):
    """States of domain.md c.5."""

    SET = "set"
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OVERDUE = "overdue"
    CLAIMED = "claimed"
    VERIFYING = "verifying"
    ACHIEVED = "achieved"
    NOT_ACHIEVED = "not_achieved"
    CARRIED_OVER = "carried_over"
    WAIVED = "waived"


class CampaignRecord(Model):
    """The campaign itself. `closed_on` starts the watch; `paused` is the stage suspended.

    `survey_sources` are the sources of the problems registered before G1, each once (K33).
    """

    no: Ident
    title: Text
    programme: Text
    basis_doc: Text
    mode: str
    lead_body: Role
    lead_group_title: Text
    sign_off_body: Role
    launch_on: date
    plan_until: date
    account_from: date
    account_until: date
    close_on: date
    clauses: tuple[Clause, ...]
    details: tuple[DetailCheck, ...]
    policy_version: str
    policy_digest: str
    calendar_version: int
    stage: CampaignStage = CampaignStage.DRAFT
    current_phase: int = 0
    paused: CampaignStage | None = None
    paused_on: date | None = None
    plan_state: PlanState = PlanState.DUE
    plan_returns: int = 0
    plan_summons_due: bool = False
    watch_over: bool = False
    deadlines_opened: int = 0
    extensions_requested: int = 0
    documents_filed: int = 0
    spot_checks_ordered: int = 0
    problems_registered: int = 0
    survey_sources: tuple[ProblemSource, ...] = Field(default=(), exclude_if=is_nothing)
    clues_reported: int = 0
    inspections_ordered: int = Field(default=0, exclude_if=is_nothing)
    stage_entered_on: date | None = None

    @property
    def is_live(self) -> bool:
        """Whether work goes on: PLAN, IMPLEMENT, REVIEW or ACCOUNT (c.1)."""
        return self.stage in LIVE_STAGES

    @property
    def is_over(self) -> bool:
        """Whether nothing more can happen."""
        return self.stage in (CampaignStage.ARCHIVED, CampaignStage.TERMINATED)


LIVE_STAGES = frozenset(
    {CampaignStage.PLAN, CampaignStage.IMPLEMENT, CampaignStage.REVIEW, CampaignStage.ACCOUNT}
)


class PhaseRecord(Phase):
    """A phase with its course; `original_ends_on` never changes."""

    original_ends_on: date
    status: PhaseStatus = PhaseStatus.PLANNED
    makeups: int = 0


class UnitRecord(PlannedUnit):
    """A unit with the state of its own plan (DL02)."""

    plan_state: PlanState = PlanState.DUE
    plan_returns: int = 0
    plan_doc: str | None = None


class Task(PlannedTask):
    """A task with its state (c.4) and, beside it, its flags.

    `cards_score` sums the ladder's score effects.
    """

    state: TaskState = TaskState.DRAFTED
    state_before: TaskState | None = None
    breach_level: int = 0
    yellow_count: int = 0
    red_count: int = 0
    cards_score: Decimal = Decimal(0)
    stagnant: bool = False
    explanation_streak: int = 0
    returns: int = 0
    return_grounds: str | None = None
    proposed_unit: str | None = None
    accepted_by: str | None = None
    item_plan_doc: str | None = None
    claimed_by: str | None = None
    claimed_by_unit: str | None = None
    verified_by: str | None = None
    defects: tuple[str, ...] = ()
    rejections: int = 0
    disposition: str | None = None
    last_action_on: date | None = None


class Goal(PlannedGoal):
    """A phase goal; claimed and verified values are stored apart (c.5)."""

    state: GoalState = GoalState.SET
    current_value: Decimal | None = None
    claimed_value: Decimal | None = None
    claimed_by: str | None = None
    claimed_by_unit: str | None = None
    evidence: tuple[Evidence, ...] = ()
    verified_value: Decimal | None = None
    verified_by: str | None = None
    carried_from_phase: int | None = None
    decision_doc: str | None = None
    decision_reason: str | None = None


class FiledDocument(Model):
    """A document on file: reference and digest, never the bytes."""

    id: str
    kind: str
    doc_no: Text
    title: Text
    digest: str | None = None
    phase: int | None = None
    filed_by: str
    filed_on: date


class ClueLine(Model):
    """A line of the clues: that one was reported, and whether its receipt is owed (G4.2).

    What it is about is told to the clue alone (ADR 0020).
    """

    no: Ident
    report: ClueReport
    reported_by: Actor
    request_id: str
    awaits_receipt: bool = False
    is_over: bool = False
    heard: int = -1


class DocketEntry(Model):
    """A line of the docket: one problem, as far as the campaign has to know it.

    `registration` is there until the problem has been opened from it; `heard` is the ordinal of the
    problem's entry that was heard of last. From `signed_off_on` on it says what draws must know.
    """

    no: Ident
    unit: Ident | None = None
    state: ProblemState = ProblemState.REGISTERED
    due_on: date | None = None
    is_answered: bool = False
    is_opened: bool = False
    is_settled: bool = False
    heard: int = -1
    signed_off_on: date | None = None
    red_on: date | None = None
    marks: tuple[DrawMark, ...] = ()
    look_back: LookedBack | None = None
    registration: Registration | None = None
    registered_by: Actor | None = None
    request_id: str | None = None

    def brief(self) -> JsonValue:
        """Return the line without its number, in few bytes: two thousand of them must travel.

        Of an open problem there is nearly always unit, state, date and entry alone to tell. What an
        opened one was asked for with is on the trail and needed no more.
        """
        done = set() if self.registration else {"request_id"}
        said = self.model_dump(mode="json", exclude_defaults=True, exclude={"no", *done})
        if self.is_opened and said.keys() <= {"is_opened", *_USUAL}:
            return [said.get(name) for name in _USUAL]
        return said


_USUAL: Final = ("unit", "state", "due_on", "heard")


def whole(no: str, said: object) -> object:
    """Return a line of the docket as its fields, from `brief` or as it was written before that."""
    if isinstance(said, list):
        fields = dict(zip(_USUAL, said, strict=True))
        told = {name: value for name, value in fields.items() if value is not None}
        return {"no": no, "is_opened": True, **told}
    return {"no": no, **said} if isinstance(said, dict) else said
