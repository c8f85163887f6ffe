"""Commands of the talk between unit and groups: evidence, replies, their class, cards."""

from datetime import datetime
from typing import ClassVar, Literal

from pydantic import Field

from duban.domain.entity.command import Command
from duban.domain.entity.records import EvidenceKind
from duban.domain.model import Ident, Model, Text
from duban.domain.problem.records import ReplyClass


class AddEvidence(Command):
    """Put a stored file on the problem (d.5); `replaces` is an earlier version of it.

    `elsewhere` is where the ledger knows the same file from, by the one who reads it in.
    """

    LOOKED_UP: ClassVar[tuple[str, ...]] = ("elsewhere",)

    type: Literal["add_evidence"] = "add_evidence"
    kind: EvidenceKind
    title: Text
    digest: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=1)
    media_type: Text
    source: Text
    captured_at: datetime | None = None
    captured_place: str = ""
    elsewhere: tuple[Ident, ...] = ()
    replaces: Ident | None = None


class MeasureDone(Model):
    """A measure of the plan that a reply reports as done, and with what result."""

    no: int = Field(ge=1)
    result: Text


class ReplyToProblem(Command):
    """A structured reply (EXP2): what was done, what proves it, and, apart from it, words."""

    type: Literal["reply_to_problem"] = "reply_to_problem"
    actions: tuple[Text, ...] = Field(default=(), max_length=20)
    measures: tuple[MeasureDone, ...] = Field(default=(), max_length=30)
    evidence: tuple[Ident, ...] = Field(default=(), max_length=30)
    explanation: str = Field(default="", max_length=4000)
    requests: tuple[Text, ...] = Field(default=(), max_length=10)


class ClassifyReply(Command):
    """Say what a reply is (EXP3); the machine has proposed, a person answers for it."""

    type: Literal["classify_reply"] = "classify_reply"
    reply: Ident
    counts: ReplyClass
    opinion: str = ""


class ContestClass(Command):
    """The unit contests that its reply was only an explanation, once (EXP3)."""

    type: Literal["contest_class"] = "contest_class"
    reply: Ident
    grounds: Text


class DecideContest(Command):
    """Decide a contest: by somebody else than who classified (EXP3)."""

    type: Literal["decide_contest"] = "decide_contest"
    reply: Ident
    upheld: bool
    reason: Text


class DecideCard(Command):
    """Sign or refuse a proposed red card (b.3 row 24, SOD8, SOD11)."""

    type: Literal["decide_card"] = "decide_card"
    card: Ident
    approved: bool
    reason: Text
    doc_no: Text


class VoidCard(Command):
    """Void an issued card, with a reason, by another than who imposed it (SOD9)."""

    type: Literal["void_card"] = "void_card"
    card: Ident
    reason: Text
