"""What people ask of a campaign. Every command carries who asks, in which role, and an id.

`request_id` makes a second delivery harmless: it returns the first answer (domain.md l.9).
"""

from typing import Annotated

from pydantic import Field

from duban.domain.campaign.course_commands import (
    AdoptCalendar,
    Archive,
    ChangeLeadGroup,
    Disposition,
    RecordDelegation,
    ReplacePerson,
    Resume,
    Suspend,
    Terminate,
)
from duban.domain.campaign.draw_commands import (
    AskToVoidDraw,
    DecideVoidDraw,
    OpenLookBackDraw,
    WitnessDraw,
)
from duban.domain.campaign.inspection_commands import (
    OpenInspectionDraw,
    PlanInspection,
    RevealDraw,
    SpotCheckOrder,
)
from duban.domain.campaign.plan_commands import (
    AcceptTask,
    AdjudicateReturn,
    ApprovePlan,
    CallReview,
    Establish,
    FileDocument,
    OrderMakeup,
    RegisterProblem,
    ReportClue,
    RequestTaskReturn,
    ReviewPlan,
    ReviewUnitPlan,
    SignGate,
    SubmitItemPlan,
    SubmitPlan,
    SubmitUnitPlan,
)
from duban.domain.campaign.words import DocumentKind, Gate, GoalDecision
from duban.domain.campaign.work_commands import (
    AssignItem,
    CancelTask,
    ClaimGoal,
    ClaimTask,
    CloseTask,
    ConcludeItem,
    DecideGoal,
    RecordGoalValue,
    VerifyGoal,
    VerifyTask,
)
from duban.domain.entity.clock_commands import (
    DecideExtension,
    RequestExtension,
    ResumeClock,
    SetRemedialDate,
    StopClock,
)
from duban.domain.entity.command import MAX_SCOPE, Command, ReasonClass, RequestId

__all__ = [
    "MAX_SCOPE",
    "AcceptTask",
    "AdjudicateReturn",
    "AdoptCalendar",
    "AnyCommand",
    "ApprovePlan",
    "Archive",
    "AskToVoidDraw",
    "AssignItem",
    "CallReview",
    "CancelTask",
    "ChangeLeadGroup",
    "ClaimGoal",
    "ClaimTask",
    "CloseTask",
    "Command",
    "ConcludeItem",
    "DecideExtension",
    "DecideGoal",
    "DecideVoidDraw",
    "Disposition",
    "DocumentKind",
    "Establish",
    "FileDocument",
    "Gate",
    "GoalDecision",
    "OpenInspectionDraw",
    "OpenLookBackDraw",
    "OrderMakeup",
    "PlanInspection",
    "ReasonClass",
    "RecordDelegation",
    "RecordGoalValue",
    "RegisterProblem",
    "ReplacePerson",
    "ReportClue",
    "RequestExtension",
    "RequestId",
    "RequestTaskReturn",
    "Resume",
    "ResumeClock",
    "RevealDraw",
    "ReviewPlan",
    "ReviewUnitPlan",
    "SetRemedialDate",
    "SignGate",
    "SpotCheckOrder",
    "StopClock",
    "SubmitItemPlan",
    "SubmitPlan",
    "SubmitUnitPlan",
    "Suspend",
    "Terminate",
    "VerifyGoal",
    "VerifyTask",
    "WitnessDraw",
]

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
    | RegisterProblem
    | OpenLookBackDraw
    | WitnessDraw
    | AskToVoidDraw
    | DecideVoidDraw
    | ReportClue
    | PlanInspection
    | OpenInspectionDraw
    | RevealDraw
    | Archive,
    Field(discriminator="type"),
]
