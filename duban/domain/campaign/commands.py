"""What people ask of a campaign. Every command carries who asks, in which role, and an id.

`request_id` makes a second delivery harmless: it returns the first answer (domain.md l.9).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from duban.domain.calendars import Calendar
from duban.domain.campaign.state import Evidence
from duban.domain.counting import ClockStopGround
from duban.domain.model import Ident, Model, Text
from duban.domain.plan import DetailCheck
from duban.domain.roles import Actor, Person, Role

RequestId = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]{8,128}$")]
"""Whatever the caller makes up, as long as it can be written down."""

MAX_EVIDENCE = 20
MAX_SCOPE = 300


class Command(Model):
    """What every command carries."""

    request_id: RequestId
    actor: Actor


class Gate(StrEnum):
    """The gates of domain.md c.2."""

    G1 = "G1"
    G2 = "G2"
    G3 = "G3"
    G4 = "G4"


class DocumentKind(StrEnum):
    """Documents that gate conditions ask for."""

    INSPECTION_PLAN = "inspection_plan"
    PHASE_REPORT = "phase_report"
    TRIGGER_LIST = "trigger_list"
    CLOSING_REPORT = "closing_report"
    SCOREBOARD = "scoreboard"
    LOOKBACK_PLAN = "lookback_plan"
    LOOKBACK_RESULT = "lookback_result"
    ARCHIVE_PACKAGE = "archive_package"
    OTHER = "other"


class ReasonClass(StrEnum):
    """Classes of reason for an extension; equal classes are compared with each other (EXT6)."""

    DEPENDS_ON_OTHERS = "depends_on_others"
    SYSTEM_BUILDING = "system_building"
    FUNDING = "funding"
    LEGAL_PROCEDURE = "legal_procedure"
    FORCE_MAJEURE = "force_majeure"
    OTHER = "other"


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


class RecordGoalValue(Command):
    """A unit reports the present value of a phase goal."""

    type: Literal["record_goal_value"] = "record_goal_value"
    goal: Ident
    value: Decimal
    evidence: tuple[Evidence, ...] = ()
    note: str = ""


class ClaimGoal(Command):
    """A unit claims that the goal is reached, with proof."""

    type: Literal["claim_goal"] = "claim_goal"
    goal: Ident
    value: Decimal
    evidence: tuple[Evidence, ...]


class VerifyGoal(Command):
    """Somebody else measures the goal; the verified value stands beside the claimed one."""

    type: Literal["verify_goal"] = "verify_goal"
    goal: Ident
    value: Decimal
    evidence: tuple[Evidence, ...]
    on_site: bool
    opinion: Text


class GoalDecision(StrEnum):
    """What the leading group may decide about a goal that was not achieved (G2.1)."""

    CARRIED_OVER = "carried_over"
    WAIVED = "waived"


class DecideGoal(Command):
    """The leading group carries a goal over to a new date, or waives it."""

    type: Literal["decide_goal"] = "decide_goal"
    goal: Ident
    decision: GoalDecision
    reason: Text
    doc_no: Text
    new_due_on: date | None = None


class AssignItem(Command):
    """Hand the lead (or an assisting) unit an item with its own limit, such as `29wd` (DL10)."""

    type: Literal["assign_item"] = "assign_item"
    task: Ident
    unit: Ident | None = None
    matter: Text
    limit: str = ""


class ConcludeItem(Command):
    """Confirm with outcome evidence that an assigned item is done."""

    type: Literal["conclude_item"] = "conclude_item"
    deadline: Ident
    result: Text
    evidence: tuple[Evidence, ...]


class ClaimTask(Command):
    """The lead unit claims that the task is done, with proof; the principal leader signs."""

    type: Literal["claim_task"] = "claim_task"
    task: Ident
    result: Text
    evidence: tuple[Evidence, ...]


class VerifyTask(Command):
    """Verify a claimed task, or reject it back with itemised defects."""

    type: Literal["verify_task"] = "verify_task"
    task: Ident
    passed: bool
    opinion: Text
    evidence: tuple[Evidence, ...] = ()
    defects: tuple[Text, ...] = ()


class CloseTask(Command):
    """Sign a verified task off (SOD1, SOD4)."""

    type: Literal["close_task"] = "close_task"
    task: Ident
    opinion: Text


class CancelTask(Command):
    """The leading group cancels a task (K23)."""

    type: Literal["cancel_task"] = "cancel_task"
    task: Ident
    reason: Text
    doc_no: Text


class RequestExtension(Command):
    """Ask for a later date, in time and in full (EXT1, EXT2)."""

    type: Literal["request_extension"] = "request_extension"
    deadline: Ident
    reason_class: ReasonClass
    reason: Text
    work_done: Text
    what_differs: Text
    evidence: tuple[Evidence, ...]
    new_due_on: date
    signed_by: Ident


class DecideExtension(Command):
    """Approve or refuse a request; `distinction` says why a like case was decided otherwise."""

    type: Literal["decide_extension"] = "decide_extension"
    extension: Ident
    approved: bool
    reason: Text
    distinction: Text | None = None


class SetRemedialDate(Command):
    """Set a date by which a breach must be mended; the breach stays (EXT1)."""

    type: Literal["set_remedial_date"] = "set_remedial_date"
    deadline: Ident
    on: date
    reason: Text


class StopClock(Command):
    """Stop a clock on a listed ground with proof (CNT6)."""

    type: Literal["stop_clock"] = "stop_clock"
    deadline: Ident
    ground: ClockStopGround
    proof: Text


class ResumeClock(Command):
    """Let a stopped clock run again; the stopped days are not counted (CNT6)."""

    type: Literal["resume_clock"] = "resume_clock"
    deadline: Ident
    reason: Text


class Suspend(Command):
    """The leading group suspends the campaign."""

    type: Literal["suspend"] = "suspend"
    reason: Text
    doc_no: Text


class Resume(Command):
    """The leading group lets a suspended campaign go on."""

    type: Literal["resume"] = "resume"
    reason: Text
    doc_no: Text


class Disposition(Model):
    """What becomes of an open task when a campaign is terminated: a successor and a word."""

    task: Ident
    owner: Ident
    disposition: Text


class Terminate(Command):
    """The leading group ends a campaign early; every open task needs an owner (c.3)."""

    type: Literal["terminate"] = "terminate"
    reason: Text
    doc_no: Text
    dispositions: tuple[Disposition, ...] = ()


class AdoptCalendar(Command):
    """A new calendar version was published: recompute open clocks (e.4)."""

    type: Literal["adopt_calendar"] = "adopt_calendar"
    calendar: Calendar
    basis_doc: Text


class ReplacePerson(Command):
    """A person leaves a post; the successor takes over, old acts stay attributed (c.3)."""

    type: Literal["replace_person"] = "replace_person"
    leaving: Ident
    role: Role
    successor: Person
    basis_doc: Text


class RecordDelegation(Command):
    """Record who deputises for whom, for what, from when to when (SOD10)."""

    type: Literal["record_delegation"] = "record_delegation"
    deputy: Ident
    principal: Ident
    role: Role
    scope: tuple[str, ...] = ()
    from_on: date
    until_on: date
    basis_doc: Text


class ChangeLeadGroup(Command):
    """The leading group gives the campaign to another lead body (c.3)."""

    type: Literal["change_lead_group"] = "change_lead_group"
    lead_body: Role
    title: Text
    doc_no: Text
    reason: Text


class Archive(Command):
    """The office archives a watched campaign after its look-backs; the stream is closed."""

    type: Literal["archive"] = "archive"
    doc_no: Text


AnyCommand = Annotated[
    Establish
    | SubmitPlan
    | ReviewPlan
    | ApprovePlan
    | AcceptTask
    | RequestTaskReturn
    | AdjudicateReturn
    | SubmitItemPlan
    | SubmitUnitPlan
    | ReviewUnitPlan
    | FileDocument
    | SignGate
    | CallReview
    | OrderMakeup
    | RecordGoalValue
    | ClaimGoal
    | VerifyGoal
    | DecideGoal
    | AssignItem
    | ConcludeItem
    | ClaimTask
    | VerifyTask
    | CloseTask
    | CancelTask
    | RequestExtension
    | DecideExtension
    | SetRemedialDate
    | StopClock
    | ResumeClock
    | Suspend
    | Resume
    | Terminate
    | AdoptCalendar
    | ReplacePerson
    | RecordDelegation
    | ChangeLeadGroup
    | Archive,
    Field(discriminator="type"),
]


class SpotCheckOrder(Command):
    """The signal `order_spot_check` (f.1, f.2): who orders, what theme, where, by what paper."""

    theme: Text
    scope: tuple[Ident, ...] = Field(min_length=1, max_length=MAX_SCOPE)
    authorising_doc: Text
    ordering_body: Ident
    designation_doc: Text | None = None
    repeat_reason: Text | None = None
