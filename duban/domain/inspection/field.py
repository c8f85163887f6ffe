"""What a team writes down on site: arrival, facts item by item, tests, signatures (f.4, f.5)."""

from datetime import date, datetime
from typing import Final

from pydantic import AwareDatetime, Field

from duban.domain.inspection.words import LocationKind, Method, ServiceRule
from duban.domain.model import Ident, Model, Text

DIGEST: Final = r"^[0-9a-f]{64}$"


class Attendee(Model):
    """Somebody who was there before check-in: in what post, and of which unit if of one."""

    post: Text
    unit: Ident | None = None
    person: Ident | None = None


class Arrival(Model):
    """到达现场 (SEC4): when, where, a photo by its digest, who was there, where they went first.

    `notices` and `briefings` are what the team knows the unit was told, or told them, beforehand.
    """

    at: AwareDatetime
    place: Text
    photo: str = Field(pattern=DIGEST)
    first_location: LocationKind
    attendees: tuple[Attendee, ...] = Field(default=(), max_length=60)
    notices: tuple[Text, ...] = Field(default=(), max_length=20)
    briefings: tuple[Text, ...] = Field(default=(), max_length=20)
    by: Ident


class ItemEvidence(Model):
    """A proof of a fact: what it is, and the SHA-256 (hex) of its file."""

    title: Text
    digest: str = Field(pattern=DIGEST)


class ServiceTest(Model):
    """One test of one of the three service rules (K07)."""

    rule: ServiceRule
    passed: bool


class PledgeTest(Model):
    """Whether a public pledge was kept, and how that was tested (K03)."""

    pledge: Text
    kept: bool
    how: Text


class Withdrawal(Model):
    """An item that does not stand any more: it stays to be seen, with who took it back and why."""

    by: str
    reason: Text
    on: date


class Fact(Model):
    """What was found: when, where, in whose post, what, by what method, and with what proof.

    Of a person the post is named; who it is only where that matters, and then not shown to all
    (l.13). `unit` is named where it is not the inspected one.
    """

    at: AwareDatetime
    place: Text
    post: Text
    what: Text
    method: Method = Method.VISIT
    person: Ident | None = None
    unit: Ident | None = None
    evidence: tuple[ItemEvidence, ...] = Field(default=(), max_length=20)
    service: ServiceTest | None = None
    pledge: PledgeTest | None = None
    forms: int = Field(default=0, ge=0, le=1000)


class Item(Model):
    """One item of the field record. None is ever deleted or changed."""

    id: Ident
    fact: Fact
    by: str
    recorded_at: datetime
    withdrawn: Withdrawal | None = None


class Signature(Model):
    """An inspector's signature under the record as it stands."""

    person: str
    on: date


class UnitOpinion(Model):
    """被检查单位意见: what the unit says of the record, or that it refused to say so (f.5)."""

    refused: bool
    words: str = ""
    said_by: str = ""
    taken_by: str
    left_on: date
    on: date
