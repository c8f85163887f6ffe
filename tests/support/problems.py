"""A problem with a clock that a test moves, and short words for what is done with it."""

from decimal import Decimal
from typing import Any, Self

from duban.domain.entity.records import EvidenceKind
from duban.domain.policy import PolicyVersion
from duban.domain.problem import commands as c
from duban.domain.problem.creation import ProblemStart, create
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.problem import Problem
from duban.domain.problem.records import PromisedOutcome, ReplyClass, Scores
from duban.domain.problem.registration import Registration
from duban.domain.problem.state import Register
from duban.domain.problem.words import ProblemSource, ProblemType, RectifyClass
from duban.domain.roles import Actor, Person, Role
from tests.support.builders import a_calendar, an_actor, people, shanghai
from tests.support.members import MemberDesk

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


class ProblemDesk(MemberDesk[Problem]):
    """A problem of the builders' campaign; it begins on 24 April 2019, a Wednesday."""

    NOUN = "problem"

    def __init__(self, registration: Registration | None = None, **start: Any) -> None:
        now = shanghai("2019-04-24", "10:00")
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
        state = create(ProblemStart(**{**fields, **start}), now=now)
        super().__init__(Problem(state), now)

    @property
    def problem(self) -> Problem:
        """The problem itself."""
        return self.machine

    def actor(self, person: str) -> Actor:
        """Return a person of the register as an actor."""
        if person == INSPECTOR.id:
            return Actor(id=person, role=INSPECTOR.role)
        return an_actor(person)

    def hear(self, kind: str, seq: int = 100, **fields: Any) -> None:
        """Let the problem hear news of its campaign."""
        news = CampaignNews(kind=kind, seq=seq, actor=an_actor("LG-1"), **fields)  # type: ignore[arg-type]
        self.problem.hear(news, now=self.now)

    # The way of a problem, a step each ---------------------------------------------------------

    def triaged(self, **changes: Any) -> Self:
        """Bring the problem to TRIAGED."""
        fields: dict[str, Any] = {
            "problem_type": ProblemType.SERVICE_RULE,
            "rectify_class": RectifyClass.TIME_LIMITED,
            "target": "窗口全时段有人值守",
        }
        self.do(c.TriageProblem, "CG-1", **{**fields, **changes})
        return self

    def assigned(self, unit: str = "U03", **changes: Any) -> Self:
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

    def accepted(self, **changes: Any) -> Self:
        """Bring the problem to ACCEPTED (immediate class: RECTIFYING)."""
        if self.record.state != "assigned":
            self.assigned(**changes)
        self.do(c.AcceptProblem, f"{self.record.unit}-L1")
        return self

    def planned(self) -> Self:
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

    def rectifying(self, by: str = "CG-1") -> Self:
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

    def proven(self) -> Self:
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

    def requested(self, **changes: Any) -> Self:
        """Bring the problem to CLOSE_REQUESTED."""
        if self.record.state != "rectifying":
            self.rectifying()
        if not all(each.done_on for each in self.record.plan) or not self.record.plan:
            self.proven()
        self.do(c.RequestClose, self.speaker, **self.close_fields(**changes))
        return self

    def verified(self, by: str = "CG-1", **changes: Any) -> Self:
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

    def rejected(self, *defects: str) -> Self:
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

    def signed_off(self) -> Self:
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
