"""Who may seal, reveal and erase, and what is said of it in the clear (audit.md 3.5).

domain.md b.3: who may order a spot check (row 26) may seal what it will be about. The draw (row 27)
ends with its revealing (f.3, step 8), so who may run it may reveal. Who reports a clue (row 31)
seals its reporter's identity; a custodian opens it (row 44), for himself and not for everybody. Who
reads the whole trail (row 43) may ask for the erasure of a personal text, and grant what another
person has asked for: two people, ERASE2. The entries themselves nobody may erase (row 45). A sealed
entry is no event: it says nothing that could be one.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, cast

from pydantic import Field

from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.model import Document, Model
from duban.domain.reading import Post, chosen
from duban.domain.roles import MATRIX, Action, Actor, Right, Role, may, not_permitted

SEALED_STREAM: Final = "sealed"
"""The stream of sealed entries; each is alike to all others but for its commitments."""
CUSTODY_STREAM: Final = "custody"
"""The stream of what was revealed, and of refused attempts to seal and to reveal."""
ERASURE_STREAM: Final = "erasure"
"""The stream of erasures: asked for, carried out, refused."""
SLOT: Final = timedelta(hours=1)
"""How coarse the time of a sealed entry is; its id tells no more than that."""


class Deed(StrEnum):
    """What is done; the value is the tag of its entry, and of a refused attempt."""

    SEAL = "audit:entry:sealed"
    REVEAL = "audit:seal:revealed"
    REQUEST = "audit:erasure:requested"
    ERASE = "audit:payload:erased"
    SEAL_IDENTITY = "audit:identity:sealed"
    OPEN_IDENTITY = "audit:identity:opened"


_ROWS: Final[Mapping[Deed, tuple[Action, tuple[Right, ...]]]] = {
    Deed.SEAL: (Action.ORDER_SPOT_CHECK, (Right.APPROVE, Right.CREATE)),
    Deed.REVEAL: (Action.RUN_DRAW, (Right.EXECUTE,)),
    Deed.REQUEST: (Action.QUERY_AUDIT, (Right.READ_ALL,)),
    Deed.ERASE: (Action.QUERY_AUDIT, (Right.READ_ALL,)),
    Deed.SEAL_IDENTITY: (Action.REPORT_CLUE, (Right.CREATE,)),
    Deed.OPEN_IDENTITY: (Action.READ_WHISTLE_BLOWER, (Right.READ_ALL,)),
}
"""Which right in which row of the matrix a deed needs; the system holds none of them."""

CUSTODIANS: Final = (Role.OFFICE, Role.SUPERVISION_GROUP)
"""Row 44: whose people may be custodians of reporters' identities; it takes a designation."""

_SEALINGS: Final = frozenset({Deed.SEAL, Deed.SEAL_IDENTITY})
_ERASURES: Final = frozenset({Deed.REQUEST, Deed.ERASE})
_BASED: Final = _ERASURES | {Deed.OPEN_IDENTITY}
"""Deeds that need a stated ground."""


class Wish(Model):
    """What somebody wants to do to `subject`, the `stream#seq` of an entry; "new" to seal one.

    `openers` are who may open the identity of a clue's reporter: its custodian, and the receiver in
    the case (row 44). `found` is whether it is there and is what the deed needs. `requester` is who
    asked for the erasure that is to be carried out; `detail` is what the entry of the deed tells
    beside it.
    """

    deed: Deed
    subject: str = "new"
    role: Role | None = None
    found: bool = True
    basis: str | None = None
    requester: str | None = None
    openers: tuple[str, ...] = ()
    request_id: str | None = None
    detail: Document = Field(default_factory=dict)


class Judgement(Model):
    """Who does it, in which post, and the refusal if it is not to be."""

    actor: Actor
    person: str
    refusal: Code | None = None
    params: dict[str, str | int | list[str]] = Field(default_factory=dict)

    def error(self) -> RuleViolation | None:
        """Return the refusal as what is raised."""
        return RuleViolation(self.refusal, **self.params) if self.refusal else None


def judged(wish: Wish, person: str, posts: Sequence[Post]) -> Judgement:
    """Judge a wish by the person's posts in the registers, then by what it is about."""
    action, rights = _ROWS[wish.deed]
    holders = [each for each in MATRIX[action] if _holds(each, action, rights)]
    if wish.deed is Deed.OPEN_IDENTITY:
        holders += CUSTODIANS
    actor, refusal = chosen(
        (person, wish.role),
        posts,
        lambda post: post.person.role in holders,
        lambda wanted: not_permitted(Actor(id=person, role=wanted[0].person.role), action, holders),
    )
    refusal = refusal or _refused(wish, person)
    if refusal is None:
        return Judgement(actor=actor, person=person)
    return Judgement(actor=actor, person=person, refusal=refusal.code, params=refusal.params)


def entry_of(wish: Wish, judgement: Judgement, *, seq: int, now: datetime) -> Event:
    """Return the entry of a deed, or of the refused attempt. An accepted sealing has none."""
    assert judgement.refusal or wish.deed not in _SEALINGS
    detail: Document = {"target": wish.subject, **wish.detail}
    if wish.requester is not None:
        detail["requester"] = wish.requester
    if judgement.refusal:
        detail["params"] = cast(Document, judgement.params)
    if judgement.actor.id != judgement.person:
        detail["asked_by"] = judgement.person
    return Event(
        seq=seq,
        tag=wish.deed.value,
        occurred_at=now,
        actor=judgement.actor,
        object_type="trail",
        object_id=wish.subject,
        basis_doc=wish.basis,
        outcome=Outcome.REJECTED if judgement.refusal else Outcome.ACCEPTED,
        code=judgement.refusal,
        request_id=wish.request_id,
        policy_version="none",
        calendar_version=0,
        detail=detail,
    )


def stream_of(deed: Deed) -> str:
    """Return the stream in which a deed, or its refusal, is told."""
    return ERASURE_STREAM if deed in _ERASURES else CUSTODY_STREAM


def slot_of(now: datetime) -> datetime:
    """Return the beginning of the hour in which something is sealed (UTC)."""
    return now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % SLOT


def _holds(role: Role, action: Action, rights: tuple[Right, ...]) -> bool:
    return role is not Role.SYSTEM and may(role, action, *rights)


def _refused(wish: Wish, person: str) -> RuleViolation | None:
    if not wish.found:
        return RuleViolation(Code.OBJECT_NOT_FOUND, kind="payload", id=wish.subject)
    if wish.deed is Deed.OPEN_IDENTITY and person not in wish.openers:
        return RuleViolation(Code.NOT_CUSTODIAN, person=person)
    if wish.deed in _BASED and not (wish.basis or "").strip():
        return RuleViolation(Code.REASON_MISSING, field="basis")
    if wish.deed is Deed.ERASE and person == wish.requester:
        return RuleViolation(Code.DUTY_NOT_SEPARATED, rule="ERASE2", actor=person)
    return None
