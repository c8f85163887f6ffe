"""What a clue keeps: itself and what was done with it. No field is for a reporter's name."""

from datetime import date, datetime

from pydantic import AwareDatetime, Field

from duban.domain.clue.words import (
    ClueAccess,
    ClueNature,
    ClueOutcome,
    ClueSource,
    ClueState,
    Handling,
    Receiver,
    ReporterClass,
)
from duban.domain.entity.records import MemberRecord
from duban.domain.model import Ident, Model, Text
from duban.domain.roles import Role

DIGEST = r"^[0-9a-f]{64}$"
SEALED_ENTRY = r"^sealed#\d+$"


class ClueReport(Model):
    """What is said with the first word: where it comes from, since when it is known, and to whom.

    `known_to` is the body or unit that knew of it first; `phoned_at` is when an urgent one was told
    by telephone (DL15). What the clue is about is told to the clue alone (ADR 0020).
    """

    source: ClueSource
    known_on: date
    known_to: Text
    urgent: bool = False
    phoned_at: AwareDatetime | None = None


class Opinion(Model):
    """What one of the three levels thought (DL17)."""

    level: int
    person: str
    nature: ClueNature
    handling: Handling
    opinion: Text
    on: date


class Material(Model):
    """A piece of what is handed over: its name and the SHA-256 (hex) of its bytes."""

    title: Text
    digest: str = Field(pattern=DIGEST)


class Package(Model):
    """移送: letter, list of materials, addressee and feedback date (g.7)."""

    receiver: Receiver
    addressee: Text
    letter: Text
    materials: tuple[Material, ...]
    feedback_on: date
    sent_by: str
    sent_at: datetime


class Handover(Model):
    """The receiver's signature under a package."""

    signed_by: Ident
    receipt: Text
    entered_by: str
    on: date


class Result(Model):
    """What the receiver, or our own check, found."""

    outcome: ClueOutcome
    finding: Text
    doc_no: Text
    entered_by: str
    on: date


class Told(Model):
    """What the reporter was told, in words without secrets of the case (g.7)."""

    words: Text
    channel: Text
    by: str
    on: date


class ClueRecord(MemberRecord):
    """A clue. `sealed` names the entry in which the reporter's identity is kept for `custodian`.

    `lookup` is the SHA-256 of the number by which the reporter asks how it stands.
    """

    no: Ident
    campaign: Ident
    report: ClueReport
    reported_by: str
    reported_role: Role
    reported_unit: Ident | None = None
    reported_at: datetime
    policy_version: str
    policy_digest: str
    calendar_version: int
    state: ClueState = ClueState.REPORTED
    written_at: datetime | None = None
    reporter_class: ReporterClass | None = None
    access_level: ClueAccess = ClueAccess.RESTRICTED
    matter: str = ""
    object_unit: Ident | None = None
    object_person: str = ""
    sealed: str | None = None
    custodian: Ident | None = None
    lookup: str | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    escalated: bool = False
    nature: ClueNature | None = None
    major: bool = False
    opinions: tuple[Opinion, ...] = ()
    handling: Handling | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    package: Package | None = None
    handover: Handover | None = None
    returns: int = 0
    problem: Ident | None = None
    result: Result | None = None
    told: Told | None = None
    retaliation: bool = False
    withheld: tuple[str, ...] = ()
    chased: int = 0
    chase_at: datetime | None = None
    breach_level: int = 0
    deadlines_opened: int = 0
    heard: int = -1
    is_over: bool = False

    @property
    def openers(self) -> tuple[str, ...]:
        """Who may open the reporter's identity: custodian, and receiver in the case (row 44)."""
        case = self.handover.signed_by if self.handover else None
        return tuple(each for each in (self.custodian, case) if each is not None)
