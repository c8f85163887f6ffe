"""Campaigns brought to the moments that tests are about; each is built once and forked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.plan import Difficulty
from duban.domain.roles import Actor, Person, Role
from tests.support.builders import (
    Desk,
    a_calendar,
    a_goal,
    a_plan,
    a_task,
    people,
    proof,
)
from tests.support.draws import committed, with_signed_off

OTHERS = (
    Person(id="PU-1", name="宣传组1号", role=Role.PUBLICITY_GROUP),
    Person(id="IN-1", name="督查组1号", role=Role.INSPECTION_TEAM),
    Person(id="DX-1", name="纪委1号", role=Role.EXTERNAL_DECIDER),
)
ACTORS: dict[Role, Actor] = {
    Role.LEADING_GROUP: Actor(id="LG-1", role=Role.LEADING_GROUP),
    Role.OFFICE: Actor(id="OF-1", role=Role.OFFICE),
    Role.COORDINATION_GROUP: Actor(id="CO-1", role=Role.COORDINATION_GROUP),
    Role.SUPERVISION_GROUP: Actor(id="SU-1", role=Role.SUPERVISION_GROUP),
    Role.PUBLICITY_GROUP: Actor(id="PU-1", role=Role.PUBLICITY_GROUP),
    Role.CAMPAIGN_GROUP: Actor(id="CG-1", role=Role.CAMPAIGN_GROUP, unit="U15"),
    Role.PRINCIPAL_LEADER: Actor(id="U01-L1", role=Role.PRINCIPAL_LEADER, unit="U01"),
    Role.LIAISON: Actor(id="U01-H1", role=Role.LIAISON, unit="U01"),
    Role.INSPECTION_TEAM: Actor(id="IN-1", role=Role.INSPECTION_TEAM),
    Role.EXTERNAL_DECIDER: Actor(id="DX-1", role=Role.EXTERNAL_DECIDER),
    Role.SYSTEM: Actor(id="system", role=Role.SYSTEM),
}
"""One actor of every column of the permission matrix (domain.md b.3)."""

OUTCOME = proof()
ON_TASK = {"task": "T-01"}


def a_hard_bone(no: str = "T-03", unit: str = "U01") -> dict[str, Any]:
    """Return the tasks and goals of a plan with a hard bone of the same unit added."""
    hard = a_task(no, unit, difficulty=Difficulty.HARD_BONE, title="破解硬骨头")
    return {
        "tasks": (a_task(), a_task("T-02", "U02", clauses=("C2",), title="一窗受理"), hard),
        "goals": tuple(a_goal(task, k) for task in ("T-01", "T-02", no) for k in (1, 2)),
    }


@cache
def _draft() -> Desk:
    return Desk(a_plan(people=(*people(), *OTHERS)))


@cache
def _in_plan() -> Desk:
    desk = _draft().fork()
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    return desk


@cache
def _approved() -> Desk:
    desk = _in_plan().fork().at("2019-03-06")
    desk.do(c.SubmitPlan, "CG-1", doc_no="方案1号")
    desk.do(c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意")
    desk.at("2019-03-08").do(c.ApprovePlan, "LG-1", doc_no="批复1号")
    return desk


@cache
def _planned() -> Desk:
    return _draft().fork().planned()


@cache
def _working() -> Desk:
    return _draft().fork().implementing()


@cache
def _in_review() -> Desk:
    desk = _working().fork().at("2019-06-20")
    desk.achieve("T-01-P1", 53)
    desk.achieve("T-02-P1", 53)
    return desk.at("2019-07-01")


@cache
def _in_account() -> Desk:
    desk = _in_review().fork()
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G2, doc_no="纪要3号")
    desk.at("2019-09-20").achieve("T-01-P2", 73)
    desk.achieve("T-02-P2", 73)
    desk.at("2019-09-29").file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.file(c.DocumentKind.TRIGGER_LIST, "SU-1")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G3, doc_no="纪要4号")
    return desk


@cache
def _watching() -> Desk:
    desk = _in_account().fork().at("2019-10-31")
    for kind in ("closing_report", "scoreboard", "lookback_plan", "archive_package"):
        desk.file(c.DocumentKind(kind), "OF-1", digest="a" * 64)
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G4, doc_no="结项批复")
    return desk


@cache
def _watched() -> Desk:
    desk = _watching().fork().at("2020-05-06")
    desk.file(c.DocumentKind.LOOKBACK_RESULT, "OF-1")
    return desk


@cache
def _suspended() -> Desk:
    desk = _working().fork().at("2019-04-10")
    desk.do(c.Suspend, "LG-1", reason="机构改革", doc_no="纪要5号")
    return desk


@cache
def _early() -> Desk:
    desk = _working().fork().at("2019-06-03")
    desk.achieve("T-01-P1", 53)
    desk.achieve("T-02-P1", 53)
    return desk


def _after(scene: Callable[[], Desk], command: type[c.Command], by: str, **fields: Any) -> Desk:
    desk = scene().fork()
    desk.do(command, by, **fields)
    return desk


SCENES: dict[str, Callable[[], Desk]] = {
    "draft": _draft,
    "plan": _in_plan,
    "submitted": lambda: _after(_in_plan, c.SubmitPlan, "CG-1", doc_no="方案1号"),
    "passed": lambda: _after(
        SCENES["submitted"], c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意"
    ),
    "approved": _approved,
    "returned": lambda: _after(
        _approved,
        c.RequestTaskReturn,
        "U01-L1",
        grounds="非本单位职责",
        legal_basis="三定方案",
        **ON_TASK,
    ),
    "accepted": lambda: _after(_approved, c.AcceptTask, "U01-L1", **ON_TASK),
    "unit_plan": lambda: _after(
        _in_plan, c.SubmitUnitPlan, "U01-L1", unit="U01", doc_no="单位方案"
    ),
    "planned": _planned,
    "working": _working,
    "item": lambda: _after(_working, c.AssignItem, "OF-1", matter="窗口脱岗", **ON_TASK),
    "goal_claimed": lambda: _after(
        _working, c.ClaimGoal, "U01-L1", goal="T-01-P1", value=Decimal(53), evidence=OUTCOME
    ),
    "task_claimed": lambda: _after(
        _working, c.ClaimTask, "U01-L1", result="全部上线", evidence=OUTCOME, **ON_TASK
    ),
    "task_verified": lambda: _after(
        SCENES["task_claimed"],
        c.VerifyTask,
        "OF-1",
        passed=True,
        opinion="属实",
        evidence=OUTCOME,
        **ON_TASK,
    ),
    "asked": lambda: _after(_working, c.RequestExtension, "U01-L1", **a_request("D0013")),
    "stopped": lambda: _after(
        _working, c.StopClock, "OF-1", deadline="D0013", ground="tender", proof="招标公告"
    ),
    "overdue": lambda: _in_review().fork().at("2019-09-29"),
    "signed_off": lambda: with_signed_off(_working().fork()),
    "committed": lambda: committed(SCENES["signed_off"]()),
    "void_asked": lambda: _after(
        SCENES["committed"], c.AskToVoidDraw, "OF-2", draw="2019-BE-001", reason="总体有误"
    ),
    "suspended": _suspended,
    "review": _in_review,
    "all_achieved": _early,
    "account": _in_account,
    "watch": _watching,
    "watched": _watched,
    "archived": lambda: _after(_watched, c.Archive, "OF-1", doc_no="归档清单"),
    "terminated": lambda: _after(_in_plan, c.Terminate, "LG-1", **DISPOSED),
}


DISPOSED: dict[str, Any] = {
    "reason": "机构改革",
    "doc_no": "纪要6号",
    "dispositions": tuple(
        c.Disposition(task=task, owner="U15", disposition="转常态工作") for task in ("T-01", "T-02")
    ),
}


def scene(name: str) -> Desk:
    """Return a campaign at the moment `name`, to do with as one likes."""
    return SCENES[name]().fork()


def a_request(deadline: str, **changes: Any) -> dict[str, Any]:
    """Return the fields of a complete request for an extension to 2019-10-09."""
    return {
        "deadline": deadline,
        "reason_class": c.ReasonClass.SYSTEM_BUILDING,
        "reason": "省平台升级",
        "work_done": "已完成三分之二",
        "what_differs": "增派专班",
        "evidence": OUTCOME,
        "new_due_on": date(2019, 10, 9),
        "signed_by": "U01-L1",
        **changes,
    }


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
