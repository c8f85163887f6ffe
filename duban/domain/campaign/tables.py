"""The state machines of domain.md c.1, c.4 and c.5 as tables, and who may use them when."""

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import CampaignStage as S
from duban.domain.campaign.records import GoalState as G
from duban.domain.campaign.records import TaskState as T
from duban.domain.errors import Code, RuleViolation

STAGE_MOVES: dict[S, frozenset[S]] = {
    S.DRAFT: frozenset({S.PLAN}),
    S.PLAN: frozenset({S.IMPLEMENT, S.SUSPENDED, S.TERMINATED}),
    S.IMPLEMENT: frozenset({S.REVIEW, S.SUSPENDED, S.TERMINATED}),
    S.REVIEW: frozenset({S.IMPLEMENT, S.ACCOUNT, S.SUSPENDED, S.TERMINATED}),
    S.ACCOUNT: frozenset({S.CLOSED, S.SUSPENDED, S.TERMINATED}),
    S.CLOSED: frozenset({S.WATCH}),
    S.WATCH: frozenset({S.ARCHIVED}),
    S.ARCHIVED: frozenset(),
    S.SUSPENDED: frozenset({S.PLAN, S.IMPLEMENT, S.REVIEW, S.ACCOUNT, S.TERMINATED}),
    S.TERMINATED: frozenset(),
}
"""domain.md c.1."""

TASK_MOVES: dict[T, frozenset[T]] = {
    T.DRAFTED: frozenset({T.PENDING_ACCEPT, T.CANCELLED}),
    T.PENDING_ACCEPT: frozenset({T.ACCEPTED, T.RETURN_PENDING, T.CANCELLED, T.SUSPENDED}),
    T.RETURN_PENDING: frozenset({T.PENDING_ACCEPT, T.CANCELLED, T.SUSPENDED}),
    T.ACCEPTED: frozenset({T.ITEM_PLAN_DUE, T.CANCELLED, T.SUSPENDED}),
    T.ITEM_PLAN_DUE: frozenset({T.IN_PROGRESS, T.CANCELLED, T.SUSPENDED}),
    T.IN_PROGRESS: frozenset({T.DONE_CLAIMED, T.CANCELLED, T.SUSPENDED}),
    T.DONE_CLAIMED: frozenset({T.VERIFIED, T.REJECTED_BACK, T.CANCELLED, T.SUSPENDED}),
    T.REJECTED_BACK: frozenset({T.IN_PROGRESS, T.DONE_CLAIMED, T.CANCELLED, T.SUSPENDED}),
    T.VERIFIED: frozenset({T.CLOSED, T.CANCELLED, T.SUSPENDED}),
    T.CLOSED: frozenset(),
    T.SUSPENDED: frozenset(set(T) - {T.SUSPENDED, T.CLOSED, T.DRAFTED}),
    T.CANCELLED: frozenset(),
}
"""domain.md c.4."""

GOAL_OPEN = frozenset({G.SET, G.ON_TRACK, G.AT_RISK, G.OVERDUE, G.CARRIED_OVER})
"""A goal that is being worked for."""

GOAL_RUNNING = GOAL_OPEN - {G.SET}
"""A goal whose phase has been opened and whose clock runs."""

GOAL_MOVES: dict[G, frozenset[G]] = {
    G.SET: frozenset({G.ON_TRACK, G.AT_RISK, G.WAIVED}),
    **{
        state: frozenset(
            GOAL_RUNNING | {G.CLAIMED, G.VERIFYING, G.ACHIEVED, G.NOT_ACHIEVED, G.WAIVED}
        )
        for state in sorted(GOAL_RUNNING)
    },
    G.CLAIMED: frozenset({G.VERIFYING, G.ACHIEVED, G.NOT_ACHIEVED, G.CARRIED_OVER, G.WAIVED}),
    G.VERIFYING: frozenset({G.ACHIEVED, G.NOT_ACHIEVED, G.CARRIED_OVER, G.WAIVED}),
    G.NOT_ACHIEVED: frozenset({G.CLAIMED, G.ACHIEVED, G.NOT_ACHIEVED, G.CARRIED_OVER, G.WAIVED}),
    G.ACHIEVED: frozenset(),
    G.WAIVED: frozenset(),
}
"""domain.md c.5."""

GOAL_RESULTS = frozenset({G.ACHIEVED, G.NOT_ACHIEVED, G.CARRIED_OVER, G.WAIVED})
"""What counts as a verified result at a gate (G2.1)."""

TASK_WORKING = frozenset({T.IN_PROGRESS, T.REJECTED_BACK})
TASK_OVER = frozenset({T.CLOSED, T.CANCELLED})

_LIVE = frozenset({S.PLAN, S.IMPLEMENT, S.REVIEW, S.ACCOUNT})
_WORK = frozenset({S.IMPLEMENT, S.REVIEW, S.ACCOUNT})
_DRAWN = _WORK | {S.WATCH}
_ANY = _LIVE | {S.DRAFT, S.CLOSED, S.WATCH, S.SUSPENDED}

STAGES_OF: dict[type[c.Command], frozenset[S]] = {
    c.Establish: frozenset({S.DRAFT}),
    c.SubmitPlan: frozenset({S.PLAN}),
    c.ReviewPlan: frozenset({S.PLAN}),
    c.ApprovePlan: frozenset({S.PLAN}),
    c.AcceptTask: _LIVE,
    c.RequestTaskReturn: _LIVE,
    c.AdjudicateReturn: _LIVE,
    c.SubmitItemPlan: _LIVE,
    c.SubmitUnitPlan: _LIVE,
    c.ReviewUnitPlan: _LIVE,
    c.FileDocument: _ANY,
    c.SignGate: frozenset({S.PLAN, S.REVIEW, S.ACCOUNT}),
    c.CallReview: frozenset({S.IMPLEMENT}),
    c.OrderMakeup: frozenset({S.REVIEW}),
    c.RecordGoalValue: _WORK,
    c.ClaimGoal: _WORK,
    c.VerifyGoal: _WORK,
    c.DecideGoal: _WORK,
    c.AssignItem: _LIVE,
    c.ConcludeItem: _LIVE,
    c.ClaimTask: _WORK,
    c.VerifyTask: _WORK,
    c.CloseTask: _WORK,
    c.CancelTask: _LIVE,
    c.RequestExtension: _LIVE,
    # The limit for deciding runs on while a campaign is suspended, so it can be kept (EXT5, c.3).
    c.DecideExtension: _LIVE | {S.SUSPENDED},
    c.SetRemedialDate: _LIVE,
    c.StopClock: _LIVE,
    c.ResumeClock: _LIVE,
    c.Suspend: _LIVE,
    c.Resume: frozenset({S.SUSPENDED}),
    c.Terminate: _LIVE | {S.SUSPENDED},
    c.AdoptCalendar: _ANY,
    c.ReplacePerson: _ANY,
    c.RecordDelegation: _ANY,
    c.ChangeLeadGroup: _LIVE | {S.DRAFT},
    c.Archive: frozenset({S.WATCH}),
    # What comes to light in the watch is put right as well (c.1, row WATCH).
    c.RegisterProblem: _LIVE | {S.WATCH},
    c.OpenLookBackDraw: _DRAWN,
    c.WitnessDraw: _DRAWN,
    c.AskToVoidDraw: _DRAWN,
    c.DecideVoidDraw: _DRAWN,
    # Clues do not wait for a campaign: their clocks run in every stage (c.3).
    c.ReportClue: _ANY,
    c.PlanInspection: _LIVE,
    c.OpenInspectionDraw: _DRAWN,
    c.RevealDraw: _DRAWN,
}
"""In which stages a command is heard at all; elsewhere it is out of order (c.1, c.3)."""


def require_stage(command: type[c.Command], stage: S) -> None:
    """Refuse a command out of its stages. Raises `RuleViolation` STAGE_ORDER."""
    heard = STAGES_OF[command]
    if stage not in heard:
        raise RuleViolation(
            Code.STAGE_ORDER, stage=stage.value, heard=sorted(each.value for each in heard)
        )
