"""What an inspection keeps. Before check-in nothing in it is a target (SEC1)."""

from datetime import date, datetime

from pydantic import Field

from duban.domain.entity.records import MemberRecord
from duban.domain.inspection.field import DIGEST, Arrival, Signature, UnitOpinion
from duban.domain.inspection.outcome import Conclusion, Review
from duban.domain.inspection.words import (
    Choice,
    InspectionEnd,
    InspectionKind,
    InspectionState,
    Invariant,
)
from duban.domain.model import Ident, Model, Text
from duban.domain.plan import UnitKind
from duban.domain.roles import Role


class Order(Model):
    """What is to be inspected, by what authority (f.2); of a drawn target it tells nothing.

    `scope` holds the units among which is drawn, or that may be looked at; `unit` the one that is
    named. `signer` is the person who ordered, and the only one besides the leader who may read a
    sealed target (O7). `body_kind` says what the ordering body is, as the plan has it.
    """

    kind: InspectionKind
    choice: Choice
    theme: Text
    matter: str = Field(default="", max_length=4000)
    scope: tuple[Ident, ...] = Field(min_length=1, max_length=300)
    object_class: str = Field(default="", max_length=400)
    plan_ref: str = Field(default="", max_length=400)
    criteria: str = Field(default="", max_length=4000)
    phase: int | None = None
    unit: Ident | None = None
    authorising_doc: str = Field(default="", max_length=400)
    ordering_body: Ident
    body_kind: UnitKind = UnitKind.BODY
    designation_doc: Text | None = None
    leader: Ident
    signer: Ident
    starts_on: date
    ends_on: date
    repeat_reason: Text | None = None
    budget_doc: Text | None = None


class SealedDraw(Model):
    """The draw that an inspection goes by: its number and the commitment to its own target.

    `hands` are who ran and witnessed it (SOD5); `voided` is why it does not stand any more.
    """

    no: Ident
    commitment: str = Field(pattern=DIGEST)
    release_at: datetime
    hands: tuple[Ident, ...] = ()
    voided: str | None = None


class Reader(Model):
    """Who was handed the sealed target, to which key of theirs (X25519, hex), and how often."""

    person: Ident
    key: str = Field(pattern=DIGEST)
    first_at: datetime
    times: int = 1


class Target(Model):
    """Where the inspection went and who inspects, known once the team is on site."""

    site: Ident | None = None
    name: Text
    unit: Ident
    address: str = ""
    inspectors: tuple[Ident, ...]


class Notice(Model):
    """What the unit was told beforehand, where its kind allows that."""

    doc_no: Text
    given_by: str
    on: date


class Amendment(Model):
    """A change of what was authorised, by who authorised it; `added` are units that joined."""

    doc_no: Text
    reason: Text
    changed: tuple[str, ...]
    added: tuple[Ident, ...] = ()
    by: str
    on: date


class Leak(Model):
    """A suspicion that the unit knew (SEC6)."""

    fact: Text
    reported_by: str
    at: datetime


class InspectionRecord(MemberRecord):
    """An inspection. `draw` is the one that stands, `old_draws` those that were voided.

    `mismatch` is the commitment of what was unsealed where it is not that of the draw; `broken`
    are the invariants that did not hold (SEC7); `burned` says that the sealed target is gone.
    `items_said` counts the items of the record, withdrawn ones included.
    """

    no: Ident
    campaign: Ident
    order: Order
    ordered_by: str
    ordered_role: Role
    ordered_at: datetime
    policy_version: str
    policy_digest: str
    calendar_version: int
    state: InspectionState
    authorised_by: str | None = None
    authorised_role: Role | None = None
    team: tuple[Ident, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    draw: SealedDraw | None = None
    old_draws: tuple[SealedDraw, ...] = ()
    readers: tuple[Reader, ...] = ()
    notice: Notice | None = None
    arrival: Arrival | None = None
    mismatch: str | None = None
    target: Target | None = None
    broken: tuple[Invariant, ...] = ()
    tied: tuple[Ident, ...] = ()
    items_said: int = 0
    forms_asked: int = 0
    signatures: tuple[Signature, ...] = ()
    opinion: UnitOpinion | None = None
    conclusion: Conclusion | None = None
    review: Review | None = None
    findings_late: bool = False
    leak: Leak | None = None
    abort_asked_by: tuple[str, ...] = ()
    ended: InspectionEnd | None = None
    burned: bool = False
    breach_level: int = 0
    deadlines_opened: int = 0
    heard: int = -1
    is_over: bool = False

    @property
    def people(self) -> frozenset[str]:
        """Who is of the team, as far as that is known: its leader, and who inspects."""
        inspectors = self.target.inspectors if self.target else ()
        return frozenset({self.order.leader, *inspectors})

    @property
    def is_drawn(self) -> bool:
        """Whether its target comes from a draw and is sealed until check-in."""
        return self.order.choice is Choice.DRAWN
