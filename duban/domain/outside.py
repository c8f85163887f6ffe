"""Taking over what others have kept so far: who may, and what such an act says on the trail.

Tickets and circulars belong to the whole programme, so each kind has one stream of its own for all
campaigns (ADR 0021). Whoever acts is a person of a campaign's register.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from pydantic import Field

from duban.domain.entity.command import RequestId
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event, Outcome
from duban.domain.model import Document, Ident, Model
from duban.domain.roles import Action, Actor, Person, Right, require

Place = tuple[int, datetime]
"""Where an entry stands: its ordinal in the stream, and the time."""


class Import(Model):
    """One file being taken over: by whom, from which bytes; `campaign` where it is for one.

    `file` is the SHA-256 (hex) of the file, None for what was typed. Its name stays outside: people
    put anything into names.
    """

    actor: Actor
    file: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    request_id: RequestId
    campaign: Ident | None = None


def refused(asked: Import, action: Action, people: Sequence[Person]) -> RuleViolation | None:
    """Return why the actor may not take a file over (b.3), or None: he may."""
    actor = asked.actor
    person = actor.on_behalf_of or actor.id
    if not any(each.id == person and each.role is actor.role and not each.left for each in people):
        return RuleViolation(Code.ACTOR_UNKNOWN, actor=person)
    try:
        require(actor, action, Right.CREATE)
    except RuleViolation as why:
        return why
    return None


def said(
    asked: Import,
    tag: str,
    at: Place,
    *,
    changes: tuple[Change, ...] = (),
    refusal: RuleViolation | None = None,
) -> Event:
    """Return the entry of an act with a file, or of the refused attempt."""
    seq, now = at
    told: Document = {"file": asked.file}
    if refusal is None:
        told["count"] = len(changes)
    else:
        told["params"] = cast(Document, refusal.params)
    return Event(
        seq=seq,
        tag=tag,
        occurred_at=now,
        actor=asked.actor,
        object_type="campaign" if asked.campaign else "trail",
        object_id=asked.campaign or "all",
        outcome=Outcome.REJECTED if refusal else Outcome.ACCEPTED,
        code=refusal.code.value if refusal else None,
        request_id=asked.request_id,
        policy_version="none",
        calendar_version=0,
        detail=told,
        changes=changes,
    )
