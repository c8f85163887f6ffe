"""What people ask of a problem. There is no command that makes an explanation count (EXP1)."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from duban.domain.entity.clock_commands import (
    DecideExtension,
    RequestExtension,
    ResumeClock,
    SetRemedialDate,
    StopClock,
)
from duban.domain.entity.command import Command
from duban.domain.model import Ident, Model, Text
from duban.domain.problem.close_commands import (
    CloseProblem,
    ObjectToClose,
    RecordLookBack,
    ReopenProblem,
    RequestClose,
    VerifyProblem,
)
from duban.domain.problem.door_commands import (
    DecideFinalAnswer,
    DecideObjection,
    ObjectToFact,
    RequestFinalAnswer,
    ReviewFinalAnswer,
)
from duban.domain.problem.person_commands import NamePerson, WithdrawPerson
from duban.domain.problem.records import PromisedOutcome
from duban.domain.problem.reply_commands import (
    AddEvidence,
    ClassifyReply,
    ContestClass,
    DecideCard,
    DecideContest,
    ReplyToProblem,
    VoidCard,
)
from duban.domain.problem.words import (
    AccessLevel,
    ProblemType,
    RectifyClass,
    Severity,
)

__all__ = [
    "AcceptProblem",
    "AddEvidence",
    "AdjudicateProblemReturn",
    "AnyProblemCommand",
    "AssignProblem",
    "Assist",
    "ClassifyReply",
    "CloseProblem",
    "ConcludeAssistance",
    "ContestClass",
    "DecideCard",
    "DecideContest",
    "DecideExtension",
    "DecideFinalAnswer",
    "DecideObjection",
    "DisproveProblem",
    "MakeLongTerm",
    "MergeProblem",
    "NamePerson",
    "ObjectToClose",
    "ObjectToFact",
    "RecordLookBack",
    "RecordMilestone",
    "ReopenProblem",
    "ReplyToProblem",
    "RequestClose",
    "RequestExtension",
    "RequestFinalAnswer",
    "RequestProblemReturn",
    "ResumeClock",
    "ReviewFinalAnswer",
    "ReviewRectificationPlan",
    "SetRemedialDate",
    "StopClock",
    "SubmitRectificationPlan",
    "TransferProblem",
    "TriageProblem",
    "VerifyProblem",
    "VoidCard",
    "WatchProblem",
    "WithdrawPerson",
]


class TriageProblem(Command):
    """研判定性: type, severity, class, difficulty and who may know (d.1, K02)."""

    type: Literal["triage_problem"] = "triage_problem"
    problem_type: ProblemType
    severity: Severity = Severity.ORDINARY
    rectify_class: RectifyClass
    hard_bone: bool = False
    access_level: AccessLevel = AccessLevel.OPEN
    target: Text
    opinion: str = ""


class Assist(Model):
    """A unit that must help, what with, and until when, such as `10wd` (K91)."""

    unit: Ident
    matter: Text
    limit: str = ""


class AssignProblem(Command):
    """交办: one lead unit with its people and a limit; assisting units with their own (d.2)."""

    type: Literal["assign_problem"] = "assign_problem"
    unit: Ident
    principal_leader: Ident
    leader_in_charge: Ident | None = None
    handler: Ident
    limit: str = ""
    assisting: tuple[Assist, ...] = ()
    basis_doc: Text


class AcceptProblem(Command):
    """签收: the unit takes the problem over."""

    type: Literal["accept_problem"] = "accept_problem"


class RequestProblemReturn(Command):
    """退单: the unit says that it is not the right owner, with grounds and legal basis."""

    type: Literal["request_problem_return"] = "request_problem_return"
    grounds: Text
    legal_basis: Text
    proposed_unit: Ident | None = None


class AdjudicateProblemReturn(Command):
    """Send the problem back to its unit, or free it for another assignment (DL05, K89)."""

    type: Literal["adjudicate_problem_return"] = "adjudicate_problem_return"
    upheld: bool
    reason: Text
    new_unit: Ident | None = None
    new_leader: Ident | None = None
    new_handler: Ident | None = None


class SubmitRectificationPlan(Command):
    """整改方案: measures and a measurable outcome, signed by the principal leader."""

    type: Literal["submit_rectification_plan"] = "submit_rectification_plan"
    measures: tuple[Text, ...] = Field(min_length=1, max_length=30)
    outcome: PromisedOutcome
    signed_by: Ident


class ReviewRectificationPlan(Command):
    """Pass a rectification plan, or return it (d.1)."""

    type: Literal["review_rectification_plan"] = "review_rectification_plan"
    passed: bool
    opinion: Text


class DisproveProblem(Command):
    """查否: found untrue before it was assigned, with the evidence for it (d.1)."""

    type: Literal["disprove_problem"] = "disprove_problem"
    reason: Text
    evidence: tuple[Ident, ...] = Field(min_length=1)


class MergeProblem(Command):
    """并案: a duplicate joins another problem of the same ledger (d.1)."""

    type: Literal["merge_problem"] = "merge_problem"
    into: Ident
    reason: Text


class TransferProblem(Command):
    """移交: the matter goes to a competent body outside, with a letter and a receipt (d.1)."""

    type: Literal["transfer_problem"] = "transfer_problem"
    to: Text
    letter: Text
    receipt: Text
    reason: Text


class MakeLongTerm(Command):
    """长期整改: a successor owner answers for it, with a milestone every quarter (DL11)."""

    type: Literal["make_long_term"] = "make_long_term"
    successor: Ident
    reason: Text
    doc_no: Text


class RecordMilestone(Command):
    """A milestone of a long-term problem is reached, on evidence (DL11)."""

    type: Literal["record_milestone"] = "record_milestone"
    reached: Text
    evidence: tuple[Ident, ...] = Field(min_length=1)


class ConcludeAssistance(Command):
    """The help of an assisting unit is confirmed, on evidence (K91)."""

    type: Literal["conclude_assistance"] = "conclude_assistance"
    unit: Ident
    evidence: tuple[Ident, ...] = Field(min_length=1)


class WatchProblem(Command):
    """Let another campaign watch the problem; it keeps its one owner (c.3)."""

    type: Literal["watch_problem"] = "watch_problem"
    campaign: Ident
    until: date | None = None


AnyProblemCommand = Annotated[
    TriageProblem
    | AssignProblem
    | AcceptProblem
    | RequestProblemReturn
    | AdjudicateProblemReturn
    | SubmitRectificationPlan
    | ReviewRectificationPlan
    | AddEvidence
    | ReplyToProblem
    | ClassifyReply
    | ContestClass
    | DecideContest
    | DecideCard
    | VoidCard
    | ObjectToFact
    | DecideObjection
    | RequestFinalAnswer
    | ReviewFinalAnswer
    | DecideFinalAnswer
    | RequestExtension
    | DecideExtension
    | SetRemedialDate
    | StopClock
    | ResumeClock
    | RequestClose
    | VerifyProblem
    | ObjectToClose
    | CloseProblem
    | RecordLookBack
    | ReopenProblem
    | DisproveProblem
    | MergeProblem
    | TransferProblem
    | MakeLongTerm
    | RecordMilestone
    | ConcludeAssistance
    | WatchProblem
    | NamePerson
    | WithdrawPerson,
    Field(discriminator="type"),
]
