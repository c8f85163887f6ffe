"""What a problem keeps: its states as words, itself and what is said of it as frozen values."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from pydantic import Field

from duban.domain.entity.records import EvidenceKind, MemberRecord
from duban.domain.model import Ident, Model, Text
from duban.domain.problem.registration import TicketTerms, is_nothing
from duban.domain.problem.words import (
    AccessLevel,
    LookBackMethod,
    ProblemSource,
    ProblemState,
    ProblemType,
    RectifyClass,
    Severity,
)
from duban.domain.roles import Role


class Measure(Model):
    """One measure of a rectification plan; `result`, `done_on` and `done_by` once it is done."""

    no: int = Field(ge=1)
    text: Text
    result: str | None = None
    done_on: date | None = None
    done_by: str | None = None


class PromisedOutcome(Model):
    """The measurable result that a plan promises (d.3.2)."""

    name: Text
    unit: Text
    baseline: Decimal
    target: Decimal
    data_source: Text


class CloseRequest(Model):
    """A request to close (申请销号) with everything the validator of d.3 asks for."""

    requested_by: str
    requested_unit: str
    requested_at: datetime
    signed_by: str
    achieved: Decimal
    data_source: Text
    sibling_scope: Text
    sibling_found: int = Field(ge=0)
    mechanism: Text | None = None
    no_mechanism_reason: Text | None = None
    contact_made: bool = False
    satisfied: bool | None = None
    no_contact_reason: Text | None = None
    answers: tuple[Text, ...] = ()


class Scores(Model):
    """K88: standard met (严改), effect real (实改), in time (快改), each from 1 to 5."""

    standard: int = Field(ge=1, le=5)
    effect: int = Field(ge=1, le=5)
    speed: int = Field(ge=1, le=5)


class Verification(Model):
    """A check of a close request: by whom, where, with what result (谁验收、谁负责)."""

    verifier: str
    verified_at: datetime
    passed: bool
    on_site: bool
    opinion: Text
    scores: Scores | None = None


class Signature(Model):
    """A signature under the close of a problem."""

    role: Role
    person: str
    signed_on: date


class Assistance(Model):
    """A unit that must help, with its own clock; late help is charged to it alone (K91)."""

    unit: Ident
    matter: Text
    done_on: date | None = None


class LookBack(Model):
    """A look-back that was done (d.7): what was found, and on whose word the problem was closed."""

    batch: Ident | None = None
    on: date
    by: Ident
    method: LookBackMethod
    passed: bool
    called: int = 0
    denied: int = 0
    signers: tuple[str, ...] = ()
    verifier: str | None = None


class ProblemRecord(MemberRecord):
    """A problem. Its flags stand beside its state and move neither it nor any date.

    `unit` is the unit that must rectify; before the assignment it is who the problem was found at.
    """

    no: Ident
    campaign: Ident
    title: Text
    description: Text
    source: ProblemSource
    source_ref: str = ""
    found_on: date
    from_person: bool = False
    ticket: TicketTerms | None = Field(default=None, exclude_if=is_nothing)
    registered_by: str
    registered_role: Role
    lead_body: Role
    policy_version: str
    policy_digest: str
    calendar_version: int
    state: ProblemState = ProblemState.REGISTERED
    unit: Ident | None = None
    problem_type: ProblemType | None = None
    severity: Severity = Severity.ORDINARY
    rectify_class: RectifyClass | None = None
    hard_bone: bool = False
    access_level: AccessLevel = AccessLevel.OPEN
    target: str = ""
    triaged_by: str | None = None
    assisting: tuple[Assistance, ...] = ()
    principal_leader: Ident | None = None
    leader_in_charge: Ident | None = None
    handler: Ident | None = None
    assigned_at: datetime | None = None
    accepted_by: str | None = None
    returns: int = 0
    proposed_unit: str | None = None
    plan: tuple[Measure, ...] = ()
    outcome: PromisedOutcome | None = None
    plan_returns: int = 0
    close_request: CloseRequest | None = None
    close_requests: int = 0
    verification: Verification | None = None
    defects: tuple[str, ...] = ()
    rejections: int = 0
    notice_over: bool = False
    signatures: tuple[Signature, ...] = ()
    signed_off_on: date | None = None
    lookback_passed: bool = False
    look_backs: tuple[LookBack, ...] = ()
    recurrence_no: int = 0
    earlier_signers: tuple[str, ...] = ()
    earlier_verifiers: tuple[str, ...] = ()
    recurs: tuple[str, ...] = ()
    false_rectification: bool = False
    successor: Ident | None = None
    merged_into: Ident | None = None
    watchers: tuple[Ident, ...] = ()
    breach_level: int = 0
    yellow_count: int = 0
    red_count: int = 0
    cards_score: Decimal = Decimal(0)
    stagnant: bool = False
    last_action_on: date | None = None
    replies: int = 0
    explanations: int = 0
    explanation_streak: int = 0
    is_paused: bool = False
    deadlines_opened: int = 0
    extensions_requested: int = 0
    heard: int = -1
    outlives: bool = False
    is_over: bool = False

    @property
    def needs_leading_group(self) -> bool:
        """Whether the leading group signs as well: hard bones, major matters (b.3 row 16)."""
        return self.hard_bone or self.severity is Severity.MAJOR


class Concerned(Model):
    """A person the matter is about (具体人, d.2): post, register's number if known, his part in it.

    No name stands here: who may know it finds it in the register by the number.
    """

    id: str
    post: Text
    person: Ident | None = None
    duty: str = ""
    named_by: str
    named_on: date
    is_withdrawn: bool = False


class EvidenceItem(Model):
    """One file (or record) that proves something (d.5); the bytes are elsewhere, under `digest`.

    `older` says that it tells of itself that it is older than the assignment; `elsewhere` names
    other problems that were given the same file. Both are flags, seen at closing.
    """

    id: str
    kind: EvidenceKind
    title: Text
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1)
    media_type: str
    source: Text
    captured_at: datetime | None = None
    captured_place: str = ""
    added_by: str
    added_at: datetime
    older: bool = False
    elsewhere: tuple[str, ...] = ()
    superseded_by: str | None = None


class ReplyClass(StrEnum):
    """What a reply is, by its structure and evidence alone (EXP2)."""

    SUBSTANTIVE = "substantive"
    EXPLANATION_ONLY = "explanation_only"


class Reply(Model):
    """A structured reply (EXP2). `counts` is its class as it stands; None until a person says."""

    id: str
    by: str
    unit: str
    at: datetime
    actions: tuple[Text, ...] = ()
    measures: tuple[int, ...] = ()
    evidence: tuple[str, ...] = ()
    explanation: str = ""
    requests: tuple[Text, ...] = ()
    proposed: ReplyClass
    counts: ReplyClass | None = None
    classified_by: str | None = None
    contested_by: str | None = None
    contest_grounds: str | None = None
    contest_decided_by: str | None = None


class CardState(StrEnum):
    """A yellow card is issued at once; a red one is proposed and becomes one by a signature."""

    PROPOSED = "proposed"
    ISSUED = "issued"
    REFUSED = "refused"
    VOIDED = "voided"


class Card(Model):
    """A yellow or red card on the problem (e.5), with the ground it was given on."""

    id: str
    colour: str
    ground: str
    unit: str
    state: CardState
    proposed_by: str
    on: date
    decided_by: str | None = None
    reason: str | None = None


class Petition(Model):
    """A unit at one of the formal doors (EXP5): an objection to fact, or a final answer."""

    id: str
    door: str
    ground: str
    reason: Text
    evidence: tuple[str, ...]
    signed_by: str
    asked_on: date
    reviewed_by: str | None = None
    upheld: bool | None = None
    decided_by: str | None = None
    decided_reason: str | None = None
