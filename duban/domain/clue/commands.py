"""What people ask of a clue. No command carries who the reporter is (g.7)."""

from typing import Annotated, Literal

from pydantic import Field

from duban.domain.clue.records import DIGEST, SEALED_ENTRY, Material
from duban.domain.clue.words import (
    ClueAccess,
    ClueNature,
    ClueOutcome,
    Handling,
    Receiver,
    ReporterClass,
)
from duban.domain.entity.command import Command
from duban.domain.model import Ident, Text


class WriteUpClue(Command):
    """书面报告: what the clue is about; a sealed one names its sealed entry and no more."""

    type: Literal["write_up_clue"] = "write_up_clue"
    reporter_class: ReporterClass
    access_level: ClueAccess = ClueAccess.RESTRICTED
    matter: str = Field(default="", max_length=4000)
    object_unit: Ident | None = None
    object_person: str = Field(default="", max_length=64)
    sealed: str | None = Field(default=None, pattern=SEALED_ENTRY)
    custodian: Ident | None = None
    lookup: str = Field(pattern=DIGEST)


class AcknowledgeClue(Command):
    """收悉: the office (or who it escalated to) has heard it (K83)."""

    type: Literal["acknowledge_clue"] = "acknowledge_clue"


class TriageClue(Command):
    """研判: the opinion of the first or the second level (DL17)."""

    type: Literal["triage_clue"] = "triage_clue"
    nature: ClueNature
    handling: Handling
    major: bool = False
    opinion: Text


class DecideClue(Command):
    """审批: the third level decides the handling; of a major clue the leading group (row 32)."""

    type: Literal["decide_clue"] = "decide_clue"
    nature: ClueNature
    handling: Handling
    reason: Text
    doc_no: Text


class TransferClue(Command):
    """移交: the package goes to who is competent (g.7); the system says by when to answer."""

    type: Literal["transfer_clue"] = "transfer_clue"
    receiver: Receiver
    addressee: Text
    letter: Text
    materials: tuple[Material, ...] = Field(min_length=1, max_length=60)


class LinkProblem(Command):
    """转入问题台账: the problem that was registered from this clue (g.7)."""

    type: Literal["link_problem"] = "link_problem"
    problem: Ident


class RecordReceipt(Command):
    """签收: the receiver signs for the package, or sends it back as not competent (DL19)."""

    type: Literal["record_receipt"] = "record_receipt"
    accepted: bool
    signed_by: Ident
    receipt: Text


class RecordResult(Command):
    """反馈: what the receiver, or our own check, found (DL19)."""

    type: Literal["record_result"] = "record_result"
    outcome: ClueOutcome
    finding: Text
    doc_no: Text


class TellReporter(Command):
    """向报告人反馈: in words without secrets of the case (DL20, K80)."""

    type: Literal["tell_reporter"] = "tell_reporter"
    words: Text
    channel: Text


class CloseClue(Command):
    """办结: the reporter has been answered; the file is closed."""

    type: Literal["close_clue"] = "close_clue"
    opinion: Text


class FlagRetaliation(Command):
    """打击报复: somebody takes it out on the reporter (g.1)."""

    type: Literal["flag_retaliation"] = "flag_retaliation"
    fact: Text


class DesignateCustodian(Command):
    """Another custodian keeps the reporter's identity; the leading group decides (row 44)."""

    type: Literal["designate_custodian"] = "designate_custodian"
    person: Ident
    doc_no: Text


class RequestOnCase(Command):
    """三个规定: a request about a specific case; refused always, and on the trail."""

    type: Literal["request_on_case"] = "request_on_case"
    case: Text
    asked_by: Text
    request: Text


AnyClueCommand = Annotated[
    WriteUpClue
    | AcknowledgeClue
    | TriageClue
    | DecideClue
    | TransferClue
    | LinkProblem
    | RecordReceipt
    | RecordResult
    | TellReporter
    | CloseClue
    | FlagRetaliation
    | DesignateCustodian
    | RequestOnCase,
    Field(discriminator="type"),
]
