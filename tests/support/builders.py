"""Builders of small, valid domain objects; tests change what they are about."""

from abc import ABC, abstractmethod
from copy import copy
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, ClassVar, Generic, Self, TypeVar

from duban.domain.calendars import Calendar
from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.creation import CampaignStart, create
from duban.domain.counting import SHANGHAI
from duban.domain.entity.command import Command
from duban.domain.entity.machine import Machine
from duban.domain.entity.records import Evidence, EvidenceKind, SavedReceipt
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.plan import (
    CampaignPlan,
    Clause,
    DetailCheck,
    DetailPoint,
    Phase,
    PlannedGoal,
    PlannedTask,
    PlannedUnit,
    UnitKind,
)
from duban.domain.roles import Actor, Person, Role

M = TypeVar("M", bound=Machine[Any, Any])

_OFF = {
    "元旦": ["2019-01-01", "2020-01-01"],
    "春节": [f"2019-02-{day:02}" for day in range(4, 11)],
    "清明节": ["2019-04-05", "2019-04-06", "2019-04-07", "2020-04-04", "2020-04-05", "2020-04-06"],
    "劳动节": ["2019-05-01", "2019-05-02", "2019-05-03", "2019-05-04"],
    "端午节": ["2019-06-07", "2019-06-08", "2019-06-09"],
    "中秋节": ["2019-09-13", "2019-09-14", "2019-09-15"],
    "国庆节": [f"2019-10-{day:02}" for day in range(1, 8)],
}
_WORKED = ["2019-02-02", "2019-02-03", "2019-04-28", "2019-05-05", "2019-09-29", "2019-10-12"]


def a_calendar(version: int = 1, **changes: Any) -> Calendar:
    """2019 as amended on 22 March, and enough of what follows."""
    fields: dict[str, Any] = {
        "version": version,
        "title": "2019",
        "source_doc": "国办发明电〔2019〕3号",
        "first_on": date(2019, 1, 1),
        "published_through": date(2020, 12, 31),
        "last_on": date(2021, 12, 31),
        "holidays": {date.fromisoformat(d): name for name, days in _OFF.items() for d in days},
        "makeup_workdays": {date.fromisoformat(d): "调休上班" for d in _WORKED},
    }
    return Calendar(**{**fields, **changes})


def the_calendar_before_the_notice(version: int = 1) -> Calendar:
    """2019 as first published: of May only the 1st is off, 28 April and 5 May are Sundays."""
    amended = a_calendar(version)
    gone = {date(2019, 5, day) for day in (2, 3, 4)}
    holidays = {on: name for on, name in amended.holidays.items() if on not in gone}
    moved = {date(2019, 4, 28), date(2019, 5, 5)}
    worked = {on: name for on, name in amended.makeup_workdays.items() if on not in moved}
    return amended.model_copy(update={"holidays": holidays, "makeup_workdays": worked})


def units() -> tuple[PlannedUnit, ...]:
    """Two units that plan, two that need not, and the office."""
    return (
        PlannedUnit(code="U01", name="市政务服务中心"),
        PlannedUnit(code="U02", name="市市场监督管理局"),
        PlannedUnit(code="U03", name="市自然资源局", must_plan=False),
        PlannedUnit(code="U15", name="市营商环境局", must_plan=False),
        PlannedUnit(code="OF", name="市作风办", kind=UnitKind.BODY, must_plan=False),
    )


def people() -> tuple[Person, ...]:
    """Two of each body, three of each unit."""
    bodies = {
        "LG": Role.LEADING_GROUP,
        "OF": Role.OFFICE,
        "CO": Role.COORDINATION_GROUP,
        "SU": Role.SUPERVISION_GROUP,
    }
    held = [
        Person(id=f"{code}-{n}", name=f"{code}{n}号", role=role)
        for code, role in bodies.items()
        for n in (1, 2)
    ]
    held += [
        Person(id=f"CG-{n}", name=f"专项组{n}号", role=Role.CAMPAIGN_GROUP, unit="U15")
        for n in (1, 2)
    ]
    for unit in ("U01", "U02", "U03", "U15"):
        held += [
            Person(id=f"{unit}-L1", name="主要负责人", role=Role.PRINCIPAL_LEADER, unit=unit),
            Person(
                id=f"{unit}-D1", name="分管领导", role=Role.LIAISON, unit=unit, title="分管领导"
            ),
            Person(id=f"{unit}-H1", name="联络员", role=Role.LIAISON, unit=unit, title="联络员"),
        ]
    return tuple(held)


def a_task(no: str = "T-01", unit: str = "U01", **changes: Any) -> PlannedTask:
    """A task of the list, complete."""
    fields: dict[str, Any] = {
        "no": no,
        "focus": "政务服务",
        "title": "事项网上可办",
        "target_object": "市县两级政务服务事项",
        "problem": "网上可办率低",
        "measures": "逐项梳理上线",
        "effect_measure": "网上可办率",
        "evidence_definition": "平台数据与抽样办件",
        "lead_unit": unit,
        "principal_leader": f"{unit}-L1",
        "leader_in_charge": f"{unit}-D1",
        "handler": f"{unit}-H1",
        "due_on": date(2019, 9, 27),
        "clauses": ("C1",),
    }
    return PlannedTask(**{**fields, **changes})


def a_goal(task: str = "T-01", phase: int = 1, **changes: Any) -> PlannedGoal:
    """A phase goal with numbers."""
    fields: dict[str, Any] = {
        "id": f"{task}-P{phase}",
        "task": task,
        "phase": phase,
        "measure": "网上可办率",
        "unit_of_measure": "%",
        "baseline": Decimal(41),
        "target": Decimal(52 if phase == 1 else 70),
        "data_source": "政务平台",
        "due_on": date(2019, 6, 28) if phase == 1 else date(2019, 9, 27),
    }
    return PlannedGoal(**{**fields, **changes})


def a_plan(**changes: Any) -> CampaignPlan:
    """A campaign of 2019 with two phases, two tasks and four units."""
    fields: dict[str, Any] = {
        "no": "BE-2019",
        "title": "营商环境专项整治",
        "programme": "2019年深化机关作风整顿",
        "basis_doc": "实施方案第二条",
        "lead_body": Role.CAMPAIGN_GROUP,
        "lead_group_title": "营商环境专项组",
        "launch_on": date(2019, 3, 4),
        "plan_until": date(2019, 3, 29),
        "account_from": date(2019, 9, 30),
        "account_until": date(2019, 10, 25),
        "close_on": date(2019, 10, 31),
        "phases": (
            Phase(no=1, title="查摆整改", starts_on=date(2019, 4, 1), ends_on=date(2019, 6, 28)),
            Phase(no=2, title="集中攻坚", starts_on=date(2019, 7, 1), ends_on=date(2019, 9, 27)),
        ),
        "clauses": (Clause(no="C1", text="提升网上可办率"), Clause(no="C2", text="一窗受理")),
        "details": tuple(DetailCheck(point=p, reference="方案第一章") for p in DetailPoint),
        "units": units(),
        "people": people(),
        "tasks": (a_task(), a_task("T-02", "U02", clauses=("C2",), title="一窗受理")),
        "goals": tuple(a_goal(task, k) for task in ("T-01", "T-02") for k in (1, 2)),
    }
    return CampaignPlan(**{**fields, **changes})


def shanghai(day: str, clock: str = "10:00") -> datetime:
    """Return the UTC instant of a Shanghai wall-clock time."""
    moment = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), SHANGHAI)
    return moment.astimezone(UTC)


def proof(kind: EvidenceKind = EvidenceKind.OUTCOME) -> tuple[Evidence, ...]:
    """One piece of evidence."""
    return (Evidence(kind=kind, reference="平台导出数据"),)


def an_actor(person_id: str, role: Role | None = None) -> Actor:
    """Return a person of `people` as an actor, in the only (or the given) role held."""
    person = next(p for p in people() if p.id == person_id and role in (None, p.role))
    return Actor(id=person.id, role=person.role, unit=person.unit)


class MachineDesk(ABC, Generic[M]):
    """A machine with a clock that a test moves, and short words for commands."""

    NOUN: ClassVar[str]
    """How the tags of its events begin."""

    def __init__(self, machine: M, now: datetime) -> None:
        self.machine, self.now = machine, now
        self._count = 0

    @abstractmethod
    def actor(self, person: str) -> Actor:
        """Return a person of the register as an actor."""

    def do(self, command: type[Command], by: str, **fields: Any) -> SavedReceipt:
        """Carry a command out by a person of the register, now."""
        return self.machine.handle(self.command(command, by, **fields), now=self.now)

    def command(self, command: type[Command], by: str, **fields: Any) -> Command:
        """Return a command with a fresh request id."""
        self._count += 1
        who = {} if "actor" in fields else {"actor": self.actor(by)}
        return command(**{"request_id": f"request-{self._count:05}", **who, **fields})

    def refused(self, command: type[Command], by: str = "OF-1", **fields: Any) -> RuleViolation:
        """Ask for what must be refused, and return the refusal; nothing may have changed by it."""
        self.machine.tick(now=self.now)
        before, said = self.machine.state.snapshot(), len(self.events)
        try:
            receipt = self.do(command, by, **fields)
        except RuleViolation as why:
            assert self.machine.state.snapshot() == before
            assert len(self.events) == said
            return why
        raise AssertionError(receipt)

    def fork(self) -> Self:
        """Return a desk that goes on from here without changing this one."""
        other = copy(self)
        other.machine = type(self.machine)(self.machine.state.snapshot())
        other.machine.state.unrecorded.extend(self.events)
        return other

    def at(self, day: str, clock: str = "10:00") -> Self:
        """Let time pass to a Shanghai wall-clock moment, waking the machine as asked for."""
        target = shanghai(day, clock)
        while True:
            alarm = self.machine.next_alarm(now=self.now)
            if alarm is None or alarm > target:
                break
            self.now = max(alarm, self.now)
            self.machine.tick(now=self.now)
        self.now = target
        return self

    @property
    def events(self) -> list[Event]:
        """Return everything said so far."""
        said: list[Event] = self.machine.state.unrecorded
        return said

    def said(self, tag: str) -> list[Event]:
        """Return the events of one tag."""
        return [event for event in self.events if event.tag == f"{self.NOUN}:{tag}"]

    def notices(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the notices put into the outbox, those with the `wanted` fields only."""
        found = (
            change.after
            for event in self.events
            for change in event.changes
            if change.kind == "notice"
        )
        return [each for each in found if all(each.get(name) == wanted[name] for name in wanted)]


class Desk(MachineDesk[Campaign]):
    """A campaign, from its first day on."""

    NOUN = "campaign"

    def __init__(self, plan: CampaignPlan | None = None, **start: Any) -> None:
        now = shanghai("2019-03-04", "09:00")
        fields: dict[str, Any] = {
            "plan": plan or a_plan(),
            "calendar": a_calendar(),
            "mode": "rehearsal",
            "actor": an_actor("OF-1"),
            "request_id": "start-0001",
        }
        state = create(CampaignStart(**{**fields, **start}), now=now)
        super().__init__(Campaign(state), now)

    @property
    def campaign(self) -> Campaign:
        """The campaign itself."""
        return self.machine

    def actor(self, person: str) -> Actor:
        """Return a person of the register as an actor."""
        return an_actor(person)

    @property
    def stage(self) -> str:
        """Return the campaign's stage."""
        return self.campaign.record.stage.value

    @property
    def tags(self) -> list[str]:
        """Return the tags of everything said so far."""
        return [event.tag for event in self.events]

    def deadline(self, object_id: str, code: str) -> Any:
        """Return the open clock of an object by its code."""
        return next(
            d
            for d in self.campaign.state.deadline.values()
            if d.object_id == object_id and d.code.value == code
        )

    def planned(self) -> Self:
        """Bring the campaign to the eve of G1: everything asked for is there."""
        self.do(c.Establish, "LG-1", doc_no="会议纪要1号")
        self.at("2019-03-06").do(c.SubmitPlan, "CG-1", doc_no="方案1号")
        self.do(c.ReviewPlan, "CO-1", passed=True, doc_no="审核1号", opinion="同意")
        self.at("2019-03-08").do(c.ApprovePlan, "LG-1", doc_no="批复1号")
        for task, unit in (("T-01", "U01"), ("T-02", "U02")):
            self.do(c.AcceptTask, f"{unit}-L1", task=task)
            self.do(c.SubmitItemPlan, f"{unit}-L1", task=task, doc_no="推进方案")
            self.do(c.SubmitUnitPlan, f"{unit}-L1", unit=unit, doc_no="单位方案")
            self.do(c.ReviewUnitPlan, "CO-1", unit=unit, passed=True, opinion="同意")
        self.file(c.DocumentKind.INSPECTION_PLAN, "SU-1")
        return self

    def file(self, kind: c.DocumentKind, by: str, **fields: Any) -> SavedReceipt:
        """File a document of a kind."""
        return self.do(
            c.FileDocument, by, kind=kind, doc_no=f"文{kind.value}", title=kind.value, **fields
        )

    def implementing(self) -> Self:
        """Bring the campaign into phase 1."""
        self.planned().at("2019-03-29")
        self.do(c.SignGate, "LG-1", gate=c.Gate.G1, doc_no="纪要2号")
        return self.at("2019-04-01")

    def achieve(self, goal: str, value: int) -> None:
        """Claim a goal by its unit and verify it by the office."""
        unit = "U01" if goal.startswith("T-01") else "U02"
        self.do(c.ClaimGoal, f"{unit}-L1", goal=goal, value=Decimal(value), evidence=proof())
        self.do(
            c.VerifyGoal,
            "OF-1",
            goal=goal,
            value=Decimal(value),
            evidence=proof(),
            on_site=True,
            opinion="属实",
        )
