"""Commands of the close and of what comes after it: requests, checks, signatures, look-backs."""

from decimal import Decimal
from typing import Literal

from pydantic import Field

from duban.domain.entity.command import Command
from duban.domain.model import Ident, Text
from duban.domain.problem.records import Scores
from duban.domain.problem.words import LookBackMethod


class RequestClose(Command):
    """申请销号: everything the validator of d.3 asks for, at once."""

    type: Literal["request_close"] = "request_close"
    signed_by: Ident
    achieved: Decimal
    data_source: Text
    sibling_scope: str = ""
    sibling_found: int = Field(default=0, ge=0)
    mechanism: Text | None = None
    no_mechanism_reason: Text | None = None
    contact_made: bool = False
    satisfied: bool | None = None
    no_contact_reason: Text | None = None
    answers: tuple[Text, ...] = ()


class VerifyProblem(Command):
    """复查核验: pass with three scores (K88), or reject back with itemised defects (d.2)."""

    type: Literal["verify_problem"] = "verify_problem"
    passed: bool
    on_site: bool
    opinion: Text
    scores: Scores | None = None
    defects: tuple[Text, ...] = ()


class ObjectToClose(Command):
    """An objection during the public notice sends the problem back to verification (d.1)."""

    type: Literal["object_to_close"] = "object_to_close"
    objector: Text
    grounds: Text


class CloseProblem(Command):
    """销号: one of the signatures that close a problem (b.3 row 16)."""

    type: Literal["close_problem"] = "close_problem"
    opinion: Text


class RecordLookBack(Command):
    """回头看: what a later check found, and what the people concerned said (d.7)."""

    type: Literal["record_look_back"] = "record_look_back"
    batch: Ident | None = None
    method: LookBackMethod
    passed: bool
    called: int = Field(default=0, ge=0)
    denied: int = Field(default=0, ge=0)
    deliberate: bool = False
    finding: Text


class ReopenProblem(Command):
    """反弹重启: a settled problem is back, on complaint, inspection or new evidence (d.1)."""

    type: Literal["reopen_problem"] = "reopen_problem"
    reason: Text
    source_ref: Text
