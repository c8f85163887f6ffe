"""Campaigns brought to the moments that tests are about; each is built once and forked."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from duban.domain.campaign import commands as c
from duban.domain.plan import Difficulty
from duban.domain.roles import Actor, Person, Role
from tests.support.builders import (
    Desk,
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
