"""Every command of a campaign with a scene in which the rules accept it, and who may give it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.roles import Person, Role
from tests.support import checks
from tests.support.builders import a_calendar
from tests.support.scenes import DISPOSED, ON_TASK, OUTCOME, SCENES, a_request, scene


@dataclass(frozen=True)
class Case:
    """A command that the rules accept in a scene, and the roles they accept it from."""

    command: type[c.Command]
    scene: str
    roles: str
    fields: dict[str, Any]

    @property
    def allowed(self) -> set[Role]:
        """The roles by the short names of the matrix."""
        return {SHORT[word] for word in self.roles.split()}


SHORT = {
    "LG": Role.LEADING_GROUP,
    "OF": Role.OFFICE,
    "CO": Role.COORDINATION_GROUP,
    "SU": Role.SUPERVISION_GROUP,
    "PU": Role.PUBLICITY_GROUP,
    "CG": Role.CAMPAIGN_GROUP,
    "PL": Role.PRINCIPAL_LEADER,
    "LI": Role.LIAISON,
    "IN": Role.INSPECTION_TEAM,
    "DX": Role.EXTERNAL_DECIDER,
    "SY": Role.SYSTEM,
}
SCENES["inspections_ordered"] = cache(lambda: checks.ordered(scene("working")))
SCENES["inspections_over"] = cache(lambda: checks.over(scene("working")))

_PAPER = {"reason": "会议决定", "doc_no": "纪要7号"}
_CHECK = {"value": Decimal(53), "evidence": OUTCOME, "on_site": True, "opinion": "属实"}
_SUCCESSOR = Person(id="U01-L9", name="新负责人", role=Role.PRINCIPAL_LEADER, unit="U01")

CASES: tuple[Case, ...] = (
    Case(c.Establish, "draft", "LG", {"doc_no": "纪要1号"}),
    Case(c.SubmitPlan, "plan", "CG", {"doc_no": "方案1号"}),
    Case(c.ReviewPlan, "submitted", "CO", {"passed": True, "doc_no": "1号", "opinion": "同意"}),
    Case(c.ApprovePlan, "passed", "LG", {"doc_no": "批复1号"}),
    Case(c.AcceptTask, "approved", "PL LI", ON_TASK),
    Case(
        c.RequestTaskReturn,
        "approved",
        "PL LI",
        {**ON_TASK, "grounds": "非本单位职责", "legal_basis": "三定方案"},
    ),
    Case(c.AdjudicateReturn, "returned", "LG OF", {**ON_TASK, "upheld": False, "reason": "应办"}),
    Case(c.SubmitItemPlan, "accepted", "PL LI", {**ON_TASK, "doc_no": "推进方案"}),
    Case(c.SubmitUnitPlan, "plan", "PL LI", {"unit": "U01", "doc_no": "单位方案"}),
    Case(c.ReviewUnitPlan, "unit_plan", "CO", {"unit": "U01", "passed": True, "opinion": "同意"}),
    Case(
        c.FileDocument,
        "working",
        "OF SU",
        {"kind": c.DocumentKind.INSPECTION_PLAN, "doc_no": "督查计划", "title": "计划"},
    ),
    Case(c.SignGate, "planned", "LG", {"gate": c.Gate.G1, "doc_no": "纪要2号"}),
    Case(c.CallReview, "all_achieved", "OF", {}),
    Case(c.OrderMakeup, "review", "LG", {**_PAPER, "until": date(2019, 7, 12)}),
    Case(c.RecordGoalValue, "working", "PL LI", {"goal": "T-01-P1", "value": Decimal(45)}),
    Case(
        c.ClaimGoal,
        "working",
        "PL LI",
        {"goal": "T-01-P1", "value": Decimal(53), "evidence": OUTCOME},
    ),
    Case(c.VerifyGoal, "goal_claimed", "OF SU CG", {"goal": "T-01-P1", **_CHECK}),
    Case(
        c.DecideGoal,
        "working",
        "LG",
        {"goal": "T-01-P1", "decision": "waived", "new_due_on": None, **_PAPER},
    ),
    Case(c.AssignItem, "working", "OF CG", {**ON_TASK, "matter": "窗口脱岗"}),
    Case(
        c.ConcludeItem,
        "item",
        "OF SU CG",
        {"deadline": "D0018", "result": "已整改", "evidence": OUTCOME},
    ),
    Case(c.ClaimTask, "working", "PL", {**ON_TASK, "result": "已上线", "evidence": OUTCOME}),
    Case(
        c.VerifyTask,
        "task_claimed",
        "OF SU CG",
        {**ON_TASK, "passed": True, "opinion": "属实", "evidence": OUTCOME},
    ),
    Case(c.CloseTask, "task_verified", "LG OF CG", {**ON_TASK, "opinion": "同意销号"}),
    Case(c.CancelTask, "working", "LG", {**ON_TASK, **_PAPER}),
    Case(c.RequestExtension, "working", "PL LI", a_request("D0013")),
    Case(
        c.DecideExtension, "asked", "CG", {"extension": "E0001", "approved": True, "reason": "可"}
    ),
    Case(
        c.SetRemedialDate,
        "overdue",
        "OF",
        {"deadline": "D0013", "on": date(2019, 10, 9), "reason": "限期补救"},
    ),
    Case(
        c.StopClock,
        "working",
        "OF",
        {"deadline": "D0013", "ground": "tender", "proof": "招标公告"},
    ),
    Case(c.ResumeClock, "stopped", "OF", {"deadline": "D0013", "reason": "招标结束"}),
    Case(c.Suspend, "working", "LG", _PAPER),
    Case(c.Resume, "suspended", "LG", _PAPER),
    Case(c.Terminate, "plan", "LG", DISPOSED),
    Case(c.AdoptCalendar, "working", "OF LG", {"calendar": a_calendar(2), "basis_doc": "国办3号"}),
    Case(
        c.ReplacePerson,
        "working",
        "OF LG",
        {
            "leaving": "U01-L1",
            "role": Role.PRINCIPAL_LEADER,
            "successor": _SUCCESSOR,
            "basis_doc": "任免通知",
        },
    ),
    Case(
        c.RecordDelegation,
        "working",
        "OF LG",
        {
            "deputy": "OF-2",
            "principal": "OF-1",
            "role": Role.OFFICE,
            "from_on": date(2019, 4, 1),
            "until_on": date(2019, 4, 30),
            "basis_doc": "授权书",
        },
    ),
    Case(
        c.ChangeLeadGroup,
        "working",
        "LG",
        {"lead_body": Role.SUPERVISION_GROUP, "title": "监督问责组", **_PAPER},
    ),
    Case(c.Archive, "watched", "OF CG", {"doc_no": "归档清单"}),
    Case(c.OpenLookBackDraw, "signed_off", "SU", {}),
    Case(c.PlanInspection, "working", "LG OF", checks.a_plan_line()),
    Case(
        c.OpenInspectionDraw,
        "inspections_ordered",
        "SU",
        {"inspection": checks.ONE, "package": "package-1", "digest": checks.DIGEST},
    ),
    Case(c.RevealDraw, "inspections_over", "SU", {"draw": checks.DRAW}),
    Case(c.WitnessDraw, "committed", "SU", {"draw": "2019-BE-001", "number": "7351"}),
    Case(c.AskToVoidDraw, "committed", "OF SU", {"draw": "2019-BE-001", "reason": "总体有误"}),
    Case(
        c.DecideVoidDraw,
        "void_asked",
        "OF SU",
        {"draw": "2019-BE-001", "approved": True, "reason": "属实"},
    ),
    Case(
        c.RegisterProblem,
        "working",
        "OF CO SU CG PL LI IN",
        {
            "registration": {
                "title": "窗口无人值守",
                "description": "离岗27分钟",
                "source": "inspection",
                "found_on": "2019-03-20",
                "unit": "U01",
            }
        },
    ),
    Case(
        c.ReportClue,
        "working",
        "CO SU PU CG PL LI IN",
        {
            "report": {
                "source": "inspection",
                "known_on": "2019-03-20",
                "known_to": "inspection_team",
            }
        },
    ),
)
"""Every command once, where it is in order. The roles are those of domain.md b.3."""
