"""A problem with a clock that a test moves, and short words for what is done with it."""

from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from duban.domain.entity.command import Command
from duban.domain.entity.records import EvidenceKind, SavedReceipt
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.policy import PolicyVersion
from duban.domain.problem import commands as c
from duban.domain.problem.creation import ProblemStart, create
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.problem import Problem
from duban.domain.problem.records import PromisedOutcome, ReplyClass, Scores
from duban.domain.problem.registration import Registration
from duban.domain.problem.state import Register
from duban.domain.problem.words import ProblemSource, ProblemType, RectifyClass
from duban.domain.roles import Person, Role
from tests.support.builders import a_calendar, an_actor, people, shanghai

NO = "BE-2019-0001"
EXPLAINED = ReplyClass.EXPLANATION_ONLY
DONE = ReplyClass.SUBSTANTIVE

INSPECTOR = Person(id="IN-1", name="督查组长", role=Role.INSPECTION_TEAM)


def a_registration(**changes: Any) -> Registration:
    """Staff away from a window for 27 minutes, seen on a visit."""
    fields: dict[str, Any] = {
        "title": "窗口无人值守",
        "description": "不动产登记3号窗口工作人员离岗27分钟",
        "source": ProblemSource.INSPECTION,
        "source_ref": "暗访记录17号",
        "found_on": "2019-04-17",
        "unit": "U03",
    }
    return Registration(**{**fields, **changes})


def an_outcome(**changes: Any) -> PromisedOutcome:
    """From 27 minutes away to none."""
    fields: dict[str, Any] = {
        "name": "窗口离岗时长",
        "unit": "分钟",
        "baseline": Decimal(27),
        "target": Decimal(0),
        "data_source": "叫号系统",
    }
    return PromisedOutcome(**{**fields, **changes})


class ProblemDesk:
    """A problem of the builders' campaign; it begins on 24 April 2019, a Wednesday."""

    def __init__(self, registration: Registration | None = None, **start: Any) -> None:
        self.now = shanghai("2019-04-24", "10:00")
        self._count = 0
        fields: dict[str, Any] = {
            "no": NO,
            "campaign": "BE-2019",
            "registration": registration or a_registration(),
            "lead_body": Role.CAMPAIGN_GROUP,
            "policy": PolicyVersion(),
            "calendar": a_calendar(),
            "given": Register(people=(*people(), INSPECTOR)),
            "mode": "rehearsal",
            "actor": an_actor("SU-1"),
            "request_id": "register-0001",
        }
        self.problem = Problem(create(ProblemStart(**{**fields, **start}), now=self.now))

    def do(self, command: type[Command], by: str, **fields: Any) -> SavedReceipt:
        """Carry a command out by a person of the register, now."""
        return self.problem.handle(self.command(command, by, **fields), now=self.now)

    def command(self, command: type[Command], by: str, **fields: Any) -> Command:
        """Return a command with a fresh request id."""
        self._count += 1
        actor = INSPECTOR if by == INSPECTOR.id else None
        who = an_actor(by) if actor is None else {"id": by, "role": actor.role}
        fields = {"actor": who, "request_id": f"request-{self._count:05}", **fields}
        return command(**fields)

    def refused(self, command: type[Command], by: str = "OF-1", **fields: Any) -> RuleViolation:
        """Ask for what must be refused, and return the refusal; nothing may have changed by it."""
        self.problem.tick(now=self.now)
        before, said = self.problem.state.snapshot(), len(self.events)
        try:
            receipt = self.do(command, by, **fields)
        except RuleViolation as why:
            assert self.problem.state.snapshot() == before
            assert len(self.events) == said
            return why
        raise AssertionError(receipt)

    def fork(self) -> "ProblemDesk":
        """Return a desk that goes on from here without changing this one."""
        other = copy(self)
        other.problem = Problem(self.problem.state.snapshot())
        other.problem.state.unrecorded.extend(self.events)
        return other

    def at(self, day: str, clock: str = "10:00") -> "ProblemDesk":
        """Let time pass to a Shanghai wall-clock moment, waking the problem as asked for."""
        target = shanghai(day, clock)
        while True:
            alarm = self.problem.next_alarm(now=self.now)
            if alarm is None or alarm > target:
                break
            self.now = max(alarm, self.now)
            self.problem.tick(now=self.now)
        self.now = target
        return self

    def hear(self, kind: str, seq: int = 100, **fields: Any) -> None:
        """Let the problem hear news of its campaign."""
        news = CampaignNews(kind=kind, seq=seq, actor=an_actor("LG-1"), **fields)  # type: ignore[arg-type]
        self.problem.hear(news, now=self.now)

    @property
    def record(self) -> Any:
        """The problem's record."""
        return self.problem.record

    @property
    def events(self) -> list[Event]:
        """Everything said so far."""
        return self.problem.state.unrecorded

    @property
    def tags(self) -> list[str]:
        """The tags of everything said so far, without the noun."""
        return [event.tag.partition(":")[2] for event in self.events]

    def said(self, tag: str) -> list[Event]:
        """Return the events of one tag."""
        return [event for event in self.events if event.tag == f"problem:{tag}"]

    def notices(self, **wanted: Any) -> list[dict[str, Any]]:
        """Return the notices put into the outbox, those with the `wanted` fields only."""
        found = (
            change.after
            for event in self.events
            for change in event.changes
            if change.kind == "notice"
        )
        return [each for each in found if all(each.get(name) == wanted[name] for name in wanted)]

    def clock(self, code: str, holder: str | None = None) -> Any:
        """Return the open clock of a kind, or None."""
        return next(
            (
                each
                for each in self.problem.state.deadline.values()
                if each.code.value == code and holder in (None, each.holder)
            ),
            None,
        )

    def due(self, code: str) -> date:
        """Return the day to which the open clock of a kind runs."""
        due: date = self.clock(code).current_due_on
        return due

    # The way of a problem, a step each ---------------------------------------------------------

    def triaged(self, **changes: Any) -> "ProblemDesk":
        """Bring the problem to TRIAGED."""
        fields: dict[str, Any] = {
            "problem_type": ProblemType.SERVICE_RULE,
            "rectify_class": RectifyClass.TIME_LIMITED,
            "target": "窗口全时段有人值守",
        }
        self.do(c.TriageProblem, "CG-1", **{**fields, **changes})
        return self

    def assigned(self, unit: str = "U03", **changes: Any) -> "ProblemDesk":
        """Bring the problem to ASSIGNED."""
        fields: dict[str, Any] = {
            "unit": unit,
            "principal_leader": f"{unit}-L1",
            "leader_in_charge": f"{unit}-D1",
            "handler": f"{unit}-H1",
            "basis_doc": "交办单3号",
        }
        if self.record.state == "registered":
            self.triaged()
        self.do(c.AssignProblem, "OF-1", **{**fields, **changes})
        return self

    def accepted(self, **changes: Any) -> "ProblemDesk":
        """Bring the problem to ACCEPTED (immediate class: RECTIFYING)."""
        if self.record.state != "assigned":
            self.assigned(**changes)
        self.do(c.AcceptProblem, f"{self.record.unit}-L1")
        return self

    def planned(self) -> "ProblemDesk":
        """Hand a plan of two measures in."""
        unit = self.record.unit
        self.do(
            c.SubmitRectificationPlan,
            f"{unit}-H1",
            measures=("增设顶岗人员", "叫号系统离岗告警"),
            outcome=an_outcome(),
            signed_by=f"{unit}-L1",
        )
        return self

    def rectifying(self, by: str = "CG-1") -> "ProblemDesk":
        """Bring the problem to RECTIFYING with a passed plan."""
        self.accepted().planned()
        self.do(c.ReviewRectificationPlan, by, passed=True, opinion="同意")
        return self

    def evidence(self, kind: EvidenceKind = EvidenceKind.OUTCOME, **changes: Any) -> str:
        """Put a piece of evidence on the problem, and return its id."""
        number = len(self.problem.state.evidence) + 1
        fields: dict[str, Any] = {
            "kind": kind,
            "title": "叫号系统日志",
            "digest": f"{number:064x}",
            "size": 1024,
            "media_type": "text/plain",
            "source": "叫号系统导出",
        }
        by = f"{self.record.unit}-H1" if self.record.assigned_at else "SU-1"
        return self.do(c.AddEvidence, by, **{**fields, **changes}).object_id

    def proven(self) -> "ProblemDesk":
        """Report every measure as done, on new outcome and process evidence."""
        keys = (self.evidence(), self.evidence(EvidenceKind.PROCESS))
        measures = tuple({"no": each.no, "result": "已完成"} for each in self.record.plan)
        self.do(c.ReplyToProblem, self.speaker, measures=measures, evidence=keys, actions=("整改",))
        return self

    @property
    def speaker(self) -> str:
        """Who speaks for the unit."""
        return f"{self.record.unit}-H1"

    def close_fields(self, **changes: Any) -> dict[str, Any]:
        """Return a close request that lacks nothing."""
        fields: dict[str, Any] = {
            "signed_by": f"{self.record.unit}-L1",
            "achieved": Decimal(0),
            "data_source": "叫号系统",
            "sibling_scope": "全部12个窗口",
            "mechanism": "离岗告警写入考勤办法",
        }
        return {**fields, **changes}

    def requested(self, **changes: Any) -> "ProblemDesk":
        """Bring the problem to CLOSE_REQUESTED."""
        if self.record.state != "rectifying":
            self.rectifying()
        if not all(each.done_on for each in self.record.plan) or not self.record.plan:
            self.proven()
        self.do(c.RequestClose, self.speaker, **self.close_fields(**changes))
        return self

    def verified(self, by: str = "CG-1", **changes: Any) -> "ProblemDesk":
        """Let the request pass its verification."""
        if self.record.state not in ("close_requested", "verifying"):
            self.requested()
        scores = Scores(standard=5, effect=4, speed=5)
        fields: dict[str, Any] = {
            "passed": True,
            "on_site": True,
            "opinion": "属实",
            "scores": scores,
        }
        self.do(c.VerifyProblem, by, **{**fields, **changes})
        return self

    def rejected(self, *defects: str) -> "ProblemDesk":
        """Let the request fail its verification."""
        self.do(
            c.VerifyProblem,
            "CG-1",
            passed=False,
            on_site=True,
            opinion="未达标准",
            defects=defects or ("夜间窗口仍无人",),
        )
        return self

    def signed_off(self) -> "ProblemDesk":
        """Bring the problem to WATCHED."""
        self.verified()
        self.at((self.due("DL13")).isoformat(), "18:00")
        for by in ("CG-2", "OF-1"):
            self.do(c.CloseProblem, by, opinion="同意销号")
        return self

    def replies(self, *, explanation: str = "系统升级所致", **fields: Any) -> str:
        """Let the unit reply, by default with words alone; return the reply's id."""
        said = {"explanation": explanation, **fields}
        return self.do(c.ReplyToProblem, self.speaker, **said).object_id

    def classified(self, counts: ReplyClass = EXPLAINED, by: str = "CG-1", **fields: Any) -> str:
        """Let the unit reply and a person say what the reply is; return the reply's id."""
        key = self.replies(**fields)
        self.do(c.ClassifyReply, by, reply=key, counts=counts)
        return key
