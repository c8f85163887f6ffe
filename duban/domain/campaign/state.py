"""What a campaign remembers: tables of frozen values, changed by events and by nothing else."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field

from duban.domain.calendars import Calendar
from duban.domain.deadlines import Deadline
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event
from duban.domain.model import Ident, Model, Text
from duban.domain.plan import Clause, DetailCheck, Phase, PlannedGoal, PlannedTask, PlannedUnit
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Delegation, Person, Role


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


class ExtensionState(StrEnum):
    """A request is open until a person decides; silence is not consent (EXT5)."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


class EvidenceKind(StrEnum):
    """domain.md d.5: only outcome evidence proves; supporting evidence never suffices."""

    OUTCOME = "outcome"
    PROCESS = "process"
    SUPPORTING = "supporting"


class Evidence(Model):
    """A reference to a proof; `digest` is the SHA-256 (hex) of its file where there is one."""

    kind: EvidenceKind
    reference: Text
    digest: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class CampaignRecord(Model):
    """The campaign itself. `closed_on` starts the watch; `paused` is the stage suspended."""

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


class Extension(Model):
    """A request for a later date (EXT1-EXT8)."""

    id: str
    deadline: str
    object_type: str
    object_id: Ident
    unit: Ident
    reason_class: str
    reason: Text
    work_done: Text
    what_differs: Text
    signed_by: Ident
    evidence: tuple[Evidence, ...]
    old_due_on: date
    new_due_on: date
    working_days: int
    nth: int
    decider: Role
    hard_bone: bool = False
    repeated_reason: bool = False
    easy_first: bool = False
    state: ExtensionState = ExtensionState.REQUESTED
    requested_by: str
    requested_on: date
    decided_by: str | None = None
    decided_reason: str | None = None
    distinction: str | None = None
    similar: tuple[str, ...] = ()


class SavedReceipt(Model):
    """The answer once given to a request id, so that a second delivery gets the same one."""

    fingerprint: str
    first_seq: int
    last_seq: int
    object_type: str
    object_id: str
    notes: tuple[str, ...] = ()


Kind = Literal[
    "campaign",
    "phase",
    "unit",
    "person",
    "task",
    "goal",
    "deadline",
    "extension",
    "document",
    "delegation",
    "calendar",
]

MODELS: dict[str, type[Model]] = {
    "campaign": CampaignRecord,
    "phase": PhaseRecord,
    "unit": UnitRecord,
    "person": Person,
    "task": Task,
    "goal": Goal,
    "deadline": Deadline,
    "extension": Extension,
    "document": FiledDocument,
    "delegation": Delegation,
    "calendar": Calendar,
}
"""Kinds of objects the state keeps. Other kinds (notices, orders) live on the trail alone."""


class CampaignState(BaseModel):
    """The tables, the next ordinal of the stream, and the events not yet known to be recorded."""

    model_config = ConfigDict(extra="forbid")

    mode: str
    policy: PolicyVersion
    campaign: dict[str, CampaignRecord] = Field(default_factory=dict)
    phase: dict[str, PhaseRecord] = Field(default_factory=dict)
    unit: dict[str, UnitRecord] = Field(default_factory=dict)
    person: dict[str, Person] = Field(default_factory=dict)
    task: dict[str, Task] = Field(default_factory=dict)
    goal: dict[str, Goal] = Field(default_factory=dict)
    deadline: dict[str, Deadline] = Field(default_factory=dict)
    extension: dict[str, Extension] = Field(default_factory=dict)
    document: dict[str, FiledDocument] = Field(default_factory=dict)
    delegation: dict[str, Delegation] = Field(default_factory=dict)
    calendar: dict[str, Calendar] = Field(default_factory=dict)
    next_seq: int = 0
    receipts: dict[str, SavedReceipt] = Field(default_factory=dict)
    unrecorded: list[Event] = Field(default_factory=list)
    last_event_at: datetime | None = None

    def table(self, kind: str) -> dict[str, Model]:
        """Return the table of one kind."""
        return cast(dict[str, Model], getattr(self, kind))

    def scratch(self) -> "CampaignState":
        """Return a copy to try something on; the frozen values in it are shared."""
        tables = {kind: dict(self.table(kind)) for kind in MODELS}
        return self.model_copy(update={**tables, "receipts": dict(self.receipts), "unrecorded": []})

    def keep(self, kind: str, key: str, value: Model) -> None:
        """Store a value; clocks that no longer run and superseded calendars are let go."""
        table = self.table(kind)
        if isinstance(value, Deadline) and not value.is_open:
            table.pop(key, None)
            return
        if isinstance(value, Calendar):
            table.clear()
        table[key] = value


def apply(state: CampaignState, event: Event) -> None:
    """Fold one event into the state. A kind that the state does not keep is passed over."""
    for change in event.changes:
        if change.kind in MODELS:
            state.keep(change.kind, change.id, _merged(state.table(change.kind), change))
    state.next_seq = event.seq + 1
    state.last_event_at = event.occurred_at


def _merged(table: Mapping[str, Model], change: Change) -> Model:
    known = table.get(change.id)
    document: dict[str, Any] = known.plain() if known else {}
    return MODELS[change.kind].model_validate({**document, **change.after})


def found(state: CampaignState, kind: str, key: str) -> Model:
    """Return an object of the state. Raises `RuleViolation` OBJECT_NOT_FOUND."""
    value = state.table(kind).get(key)
    if value is None:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind=kind, id=key)
    return value
