"""What an entity says on the trail: events that carry the whole change they stand for.

State is the fold of the events' changes and of nothing else, so a state can be rebuilt from the
trail alone, for now or for any past moment.
"""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from duban.domain.model import Document, Model
from duban.domain.roles import Actor


class Outcome(StrEnum):
    """Whether the trail records a deed or a refused attempt (domain.md i.1)."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Change(Model):
    """New values of one object's fields. `before` is empty for a field (or object) that is new."""

    kind: str
    id: str
    before: Document = Field(default_factory=dict)
    after: Document


class Event(Model):
    """One entry of a stream. `seq` is dense from 0 over the entity's whole life (audit.md 3.2).

    `occurred_at` is the entity's business time, decided once inside the workflow; `detail` holds
    what the changes do not say; `code` is the refusal code when `outcome` is REJECTED.
    """

    seq: int
    tag: str
    occurred_at: datetime
    actor: Actor
    object_type: str
    object_id: str
    unit: str | None = None
    reason: str | None = None
    basis_doc: str | None = None
    outcome: Outcome = Outcome.ACCEPTED
    code: str | None = None
    request_id: str | None = None
    policy_version: str
    calendar_version: int
    detail: Document = Field(default_factory=dict)
    changes: tuple[Change, ...] = ()
