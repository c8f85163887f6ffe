"""Values that campaigns and problems both keep: proofs, requests for later dates, answers given."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from duban.domain.model import Ident, Model, Text
from duban.domain.roles import Role


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


class MemberRecord(Model):
    """What every member's record tells; each names the fields itself, in an order of its own."""

    if TYPE_CHECKING:
        no: Ident
        campaign: Ident
        calendar_version: int
        state: StrEnum
        deadlines_opened: int
        heard: int
        is_over: bool
