"""12345 tickets: one number is one problem, in the whole programme (O11, c.3 `hotline_import`).

Of a ticket only this is kept: its number, the campaign it went to, and its problem. A number is
taken before its problem is registered, in one stream for all campaigns: of two who take the same
number at one time, one finds it taken. Nothing of the caller stands here or in the problem (l.13).
"""

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final

from pydantic import StringConstraints

from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event
from duban.domain.model import Document, Ident, Model, Text
from duban.domain.outside import Import, Place, said
from duban.domain.problem.registration import Registration, TicketTerms
from duban.domain.problem.words import ProblemSource, TicketKind
from duban.domain.roles import UNIT_ROLES, Actor

TICKET_STREAM: Final = "hotline"
"""The stream of tickets; its ordinals are batches taken over, and refused attempts."""

TicketNo = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]{1,64}$")]
"""A ticket's number as the hotline writes it, Chinese characters and brackets included."""


class Ticket(Model):
    """A row of the hotline's list, without anything about who called."""

    no: TicketNo
    title: Text
    description: Text
    received_on: date
    kind: TicketKind = TicketKind.OTHER
    unit: Ident | None = None
    due_on: date | None = None

    @property
    def registration(self) -> Registration:
        """The problem that the ticket becomes; it comes from a person (d.3.7, K10)."""
        return Registration(
            title=self.title,
            description=self.description,
            source=ProblemSource.HOTLINE,
            source_ref=self.no,
            found_on=self.received_on.isoformat(),
            unit=self.unit,
            from_person=True,
            ticket=TicketTerms(kind=self.kind, due_on=self.due_on),
        )


class Taken(Model):
    """A ticket's number that has been taken: by which campaign, and as which problem."""

    no: TicketNo
    campaign: Ident
    problem: Ident | None = None


def request_of(no: str) -> str:
    """Return the request id under which a ticket is registered, whoever does it, whenever."""
    return f"ticket/{hashlib.sha256(no.encode()).hexdigest()[:32]}"


def misfit(ticket: Ticket, actor: Actor, today: date) -> RuleViolation | None:
    """Return why its campaign would refuse a ticket, before its number is taken (b.3 row 10)."""
    if ticket.received_on > today:
        return RuleViolation(Code.DATE_AHEAD, on=ticket.received_on.isoformat())
    if actor.role in UNIT_ROLES and ticket.unit != actor.unit:
        return RuleViolation(Code.ROLE_OUT_OF_SCOPE, actor=actor.id, unit=ticket.unit or "-")
    return None


def taking(
    asked: Import, numbers: tuple[str, ...], known: Mapping[str, Taken], at: Place
) -> Event | None:
    """Return the entry that takes the numbers nobody has taken yet; None when all are taken."""
    assert asked.campaign is not None
    new = [Taken(no=no, campaign=asked.campaign) for no in numbers if no not in known]
    if not new:
        return None
    changes = tuple(_change(each.no, each.plain()) for each in new)
    return said(asked, "hotline:tickets:taken", at, changes=changes)


def registered(asked: Import, problems: Mapping[str, str], at: Place) -> Event:
    """Return the entry that says as which problems taken tickets were registered."""
    changes = tuple(
        _change(no, {"problem": problem}, before={"problem": None})
        for no, problem in sorted(problems.items())
    )
    tag = "hotline:tickets:registered"
    return said(asked, tag, at, changes=changes)


def refusal(asked: Import, why: RuleViolation, at: Place) -> Event:
    """Return the entry of a refused attempt to take tickets over."""
    return said(asked, "hotline:tickets:taken", at, refusal=why)


def _change(no: str, after: Document, before: Document | None = None) -> Change:
    return Change(kind="ticket", id=no, before=before or {}, after=after)
