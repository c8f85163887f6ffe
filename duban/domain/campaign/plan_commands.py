"""Commands of planning, of gates and of phases."""

from datetime import date
from typing import Literal

from pydantic import Field

from duban.domain.campaign.words import DocumentKind, Gate
from duban.domain.clue.records import ClueReport
from duban.domain.entity.command import Command
from duban.domain.model import Ident, Text
from duban.domain.plan import DetailCheck
from duban.domain.problem.registration import Registration


class Establish(Command):
    """立项: the leading group approves the draft; DRAFT becomes PLAN."""

    type: Literal["establish"] = "establish"
    doc_no: Text


class SubmitPlan(Command):
    """The campaign group submits the campaign plan for review."""

    type: Literal["submit_plan"] = "submit_plan"
    doc_no: Text


class ReviewPlan(Command):
    """The coordination group passes or returns the campaign plan, five details answered."""

    type: Literal["review_plan"] = "review_plan"
    passed: bool
    doc_no: Text
    opinion: Text
    details: tuple[DetailCheck, ...] = ()


class ApprovePlan(Command):
    """The leading group approves the reviewed plan; tasks go out to their units."""

    type: Literal["approve_plan"] = "approve_plan"
    doc_no: Text


class AcceptTask(Command):
    """The lead unit takes the task over (签收)."""

    type: Literal["accept_task"] = "accept_task"
    task: Ident


class RequestTaskReturn(Command):
    """The lead unit says that it is not the right owner (退单)."""

    type: Literal["request_task_return"] = "request_task_return"
    task: Ident
    grounds: Text
    legal_basis: Text
    proposed_unit: Ident | None = None


class AdjudicateReturn(Command):
    """The office (second time: the leading group) decides who owns the task."""

    type: Literal["adjudicate_return"] = "adjudicate_return"
    task: Ident
    upheld: bool
    reason: Text
    new_unit: Ident | None = None
    new_leader: Ident | None = None
    new_handler: Ident | None = None


class SubmitItemPlan(Command):
    """The lead unit hands in its item plan (单项工作推进方案); work starts."""

    type: Literal["submit_item_plan"] = "submit_item_plan"
    task: Ident
    doc_no: Text


class SubmitUnitPlan(Command):
    """A unit hands in its own plan (单位作风整顿方案)."""

    type: Literal["submit_unit_plan"] = "submit_unit_plan"
    unit: Ident
    doc_no: Text


class ReviewUnitPlan(Command):
    """The coordination group passes or returns a unit plan."""

    type: Literal["review_unit_plan"] = "review_unit_plan"
    unit: Ident
    passed: bool
    opinion: Text


class FileDocument(Command):
    """Put a document on file by number and digest."""

    type: Literal["file_document"] = "file_document"
    kind: DocumentKind
    doc_no: Text
    title: Text
    digest: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")


class SignGate(Command):
    """The leading group signs a gate; `override` opens a phase over unmet goals by resolution."""

    type: Literal["sign_gate"] = "sign_gate"
    gate: Gate
    doc_no: Text
    override: bool = False
    carry_to: date | None = None
    reason: Text | None = None


class CallReview(Command):
    """The office calls the phase review early, all goals being verified."""

    type: Literal["call_review"] = "call_review"


class OrderMakeup(Command):
    """The leading group sends a failed phase back for a make-up period (补课)."""

    type: Literal["order_makeup"] = "order_makeup"
    until: date
    doc_no: Text
    reason: Text


class RegisterProblem(Command):
    """发现登记: put a problem into the ledger; it gets its number (b.3 row 10)."""

    type: Literal["register_problem"] = "register_problem"
    registration: Registration


class ReportClue(Command):
    """线索报告: a clue gets its number (b.3 row 31); what it is about is told to the clue alone.

    `court_case` names the case of a court that somebody asks about: that is refused (g.7).
    """

    type: Literal["report_clue"] = "report_clue"
    report: ClueReport
    court_case: str = Field(default="", max_length=200)
