"""An inspection with a clock that a test moves, and short words for what is done with it."""

from datetime import date, timedelta
from typing import Any, Self

from duban.domain.draw.drawing import commitment
from duban.domain.entity.given import LinkedProblem, LinkedRegister
from duban.domain.inspection import commands as c
from duban.domain.inspection.creation import InspectionStart, create
from duban.domain.inspection.field import Attendee, Fact
from duban.domain.inspection.inspection import Inspection
from duban.domain.inspection.news import DrawnNews, InspectionNews, TargetUnsealed, VoidedNews
from duban.domain.inspection.outcome import Upheld
from duban.domain.inspection.records import Order
from duban.domain.inspection.words import Choice, FindingKind, InspectionKind, LocationKind
from duban.domain.policy import PolicyVersion
from duban.domain.problem.news import CampaignNews
from duban.domain.roles import UNIT_ROLES, Actor, Person, Role
from tests.support.builders import a_calendar, people, shanghai
from tests.support.members import MemberDesk
from tests.support.scenes import OTHERS

NO = "BE-2019-I0001"
DRAW = "2019-BE-001"
KEY = "d" * 64
PHOTO = "e" * 64
PROBLEM = "BE-2019-0042"
INSPECTORS = tuple(
    Person(id=f"IN-{n}", name=f"督查组{n}号", role=Role.INSPECTION_TEAM) for n in range(2, 6)
)
EVERYBODY = (*people(), *OTHERS, *INSPECTORS)
BEFORE = tuple(each for each in EVERYBODY if each.role not in UNIT_ROLES)
"""Who is on the register of an inspection from its order on: nobody of a unit."""
TARGET = TargetUnsealed(
    inspection=NO,
    site="SITE-77",
    name="城东便民服务大厅",
    unit="U03",
    address="滨河路8号",
    inspectors=("IN-2", "IN-3"),
    salt="5" * 64,
)


def an_order(**changes: Any) -> Order:
    """A spot check of the windows of two units, led by IN-1 and signed by SU-2."""
    fields: dict[str, Any] = {
        "kind": InspectionKind.SPOT_CHECK,
        "choice": Choice.DRAWN,
        "theme": "窗口首问负责",
        "matter": "窗口服务制度落实",
        "scope": ("U01", "U03"),
        "object_class": "服务窗口",
        "authorising_doc": "督查令1号",
        "ordering_body": "OF",
        "leader": "IN-1",
        "signer": "SU-2",
        "starts_on": date(2019, 4, 25),
        "ends_on": date(2019, 4, 26),
    }
    return Order(**{**fields, **changes})


def a_named_order(**changes: Any) -> Order:
    """A periodic check of U03 in the first phase, planned by the office."""
    fields: dict[str, Any] = {
        "kind": InspectionKind.PERIODIC_EFFECT_CHECK,
        "choice": Choice.NAMED,
        "unit": "U03",
        "scope": ("U03",),
        "plan_ref": "督查计划3",
        "phase": 1,
        "authorising_doc": "",
        "signer": "OF-1",
    }
    return an_order(**{**fields, **changes})


def actor_of(person: str) -> Actor:
    """Return a person of the register as an actor."""
    known = next(each for each in EVERYBODY if each.id == person)
    return Actor(id=person, role=known.role, unit=known.unit)


def a_fact(**changes: Any) -> dict[str, Any]:
    """Away from the post for 27 minutes while people waited."""
    fields: dict[str, Any] = {
        "at": shanghai("2019-04-25", "10:30"),
        "place": "3号窗口",
        "post": "窗口工作人员",
        "what": "离岗27分钟，群众排队等候",
        "evidence": ({"title": "现场照片", "digest": "a" * 64},),
    }
    return Fact(**{**fields, **changes}).model_dump()


class InspectionDesk(MemberDesk[Inspection]):
    """A spot check of the builders' campaign, ordered on 24 April 2019, a Wednesday, by SU-2."""

    NOUN = "inspection"

    def __init__(
        self, day: str = "2019-04-24", clock: str = "10:00", *, by: str = "SU-2", **order: Any
    ) -> None:
        now = shanghai(day, clock)
        named = order.get("choice") == Choice.NAMED
        start = InspectionStart(
            no=NO,
            campaign="BE-2019",
            order=a_named_order(**order) if named else an_order(**order),
            policy=PolicyVersion(),
            calendar=a_calendar(),
            given=LinkedRegister(people=BEFORE),
            mode="rehearsal",
            clock_offset=timedelta(0),
            actor=actor_of(by),
            request_id="order-0001",
        )
        super().__init__(Inspection(create(start, now=now)), now)

    @property
    def inspection(self) -> Inspection:
        """The inspection itself."""
        return self.machine

    def actor(self, person: str) -> Actor:
        """Return a person of the register as an actor."""
        return actor_of(person)

    def hear(self, kind: str, seq: int = 100, **fields: Any) -> None:
        """Let the inspection hear news of its campaign."""
        told = CampaignNews(kind=kind, seq=seq, actor=actor_of("LG-1"), **fields)  # type: ignore[arg-type]
        self.inspection.hear(InspectionNews(actor=told.actor, campaign=told), now=self.now)

    def given(self, *, problem: LinkedProblem | None = None) -> None:
        """Give the inspection the whole register, as it is given once a team is on site."""
        self.inspection.be_given(LinkedRegister(people=EVERYBODY, problem=problem))

    # The way of an inspection, a step each -----------------------------------------------------

    def authorised(self, by: str = "OF-1", **changes: Any) -> Self:
        """Have a planned one authorised, with the team of a named target."""
        fields = {"authorising_doc": "授权书1号", "team": ("IN-2", "IN-3"), **changes}
        if self.state == "planned":
            self.do(c.AuthoriseInspection, by, **fields)
        return self

    def drawn(self, draw: str = DRAW, **changes: Any) -> Self:
        """Let it hear that its target was drawn."""
        news = DrawnNews(**{"draw": draw, "commitment": commitment(TARGET), **changes})
        self.inspection.hear(InspectionNews(actor=actor_of("SU-1"), drawn=news), now=self.now)
        return self

    def voided(self, draw: str = DRAW) -> Self:
        """Let it hear that its draw was made void."""
        news = VoidedNews(draw=draw, reason="名单有误")
        self.inspection.hear(InspectionNews(actor=actor_of("SU-1"), voided=news), now=self.now)
        return self

    def released(self, by: str = "IN-1") -> Self:
        """Have the leader read the target on the morning of 25 April."""
        if self.state == "authorised":
            self.drawn()
        self.at("2019-04-25", "08:00").do(c.ReleaseTarget, by, key=KEY)
        return self

    def arrived(self, by: str = "IN-1", **changes: Any) -> Self:
        """Have the team check in at ten o'clock."""
        if self.record.is_drawn and self.state != "released":
            self.released()
        if not self.record.is_drawn:
            self.authorised()
        self.at("2019-04-25", "10:10").do(c.CheckIn, by, **an_arrival(**changes))
        return self

    def on_site(self, target: TargetUnsealed = TARGET, **changes: Any) -> Self:
        """Have the target unsealed after check-in."""
        if self.record.arrival is None:
            self.arrived(**changes)
        if self.record.is_drawn:
            self.inspection.unseal(target, now=self.now)
        self.given()
        return self

    def noted(self, by: str = "IN-2", **changes: Any) -> Self:
        """Have a fact recorded."""
        if self.state != "on_site":
            self.on_site()
        if self.now < shanghai("2019-04-25", "11:00"):
            self.at("2019-04-25", "11:00")
        self.do(c.RecordItem, by, fact=a_fact(**changes))
        return self

    def signed(self) -> Self:
        """Have both inspectors sign."""
        if not self.inspection.state.inspection_item:
            self.noted()
        for each in self.record.target.inspectors:
            self.do(c.SignRecord, each)
        return self

    def recorded(self, **changes: Any) -> Self:
        """Have the unit heard."""
        if not self.record.signatures:
            self.signed()
        said = {"words": "情况属实，立即整改", "said_by": "窗口负责人", "left_on": "2019-04-25"}
        self.do(c.TakeOpinion, "IN-1", **{**said, **changes})
        return self

    def drafted(self, by: str = "IN-1", **changes: Any) -> Self:
        """Have the conclusion drafted: every item that stands is a problem of its own."""
        if self.state not in ("recorded", "conclusion_draft"):
            self.recorded()
        self.do(c.DraftConclusion, by, **{**self.a_draft(), **changes})
        return self

    def a_draft(self) -> dict[str, Any]:
        """Return a conclusion that upholds all of the record."""
        items = self.inspection.state.inspection_item.values()
        upheld = tuple(
            Upheld(kind=FindingKind.PROBLEM, title=each.fact.what, items=(each.id,))
            for each in items
            if each.withdrawn is None
        )
        return {"summary": "首问负责落实不到位", "upheld": upheld, "left_out": ()}

    def issued(self, by: str = "SU-1", **draft: Any) -> Self:
        """Have the conclusion issued."""
        if self.state != "conclusion_draft":
            self.drafted(**draft)
        self.do(c.IssueConclusion, by, doc_no="督查结论1号")
        return self

    def linked(self, finding: str = f"{NO}/F01", by: str = "SU-1") -> Self:
        """Have a finding become a problem of the ledger."""
        if not self.inspection.state.finding:
            self.issued()
        self.given(problem=LinkedProblem(no=PROBLEM, source="inspection", source_ref=finding))
        self.do(c.LinkFinding, by, finding=finding, problem=PROBLEM)
        return self

    def fed_back(self, **changes: Any) -> Self:
        """Have the unit told."""
        if self.record.conclusion is None or self.record.conclusion.issued_on is None:
            self.issued()
        on = self.record.conclusion.issued_on
        self.do(c.FeedBack, "SU-1", **{"on": on, "told": "局长", **changes})
        return self

    def review_asked(self, by: str = "U03-L1") -> Self:
        """Have the unit ask for a review."""
        if self.record.conclusion is None or self.record.conclusion.fed_back_on is None:
            self.fed_back()
        self.do(c.RequestReview, by, grounds="当时在办理急件", doc_no="复核申请1号")
        return self

    def reviewed(self, outcome: str = "upheld", **changes: Any) -> Self:
        """Have the leading group decide."""
        if self.state != "review_requested":
            self.review_asked()
        said = {"outcome": outcome, "reason": "事实清楚", "doc_no": "复核决定1号"}
        self.do(c.DecideReview, "LG-1", **{**said, **changes})
        return self

    def closed(self) -> Self:
        """Have it closed after the unit's thirty days."""
        if not self.record.conclusion:
            self.linked().fed_back()
        if self.clock("DL26"):
            self.at("2019-06-20")
        self.do(c.CloseInspection, "SU-2", opinion="办结")
        return self


def an_arrival(**changes: Any) -> dict[str, Any]:
    """Ten o'clock at the window, with nobody of the unit."""
    fields: dict[str, Any] = {
        "at": shanghai("2019-04-25", "10:00"),
        "place": "城东便民服务大厅3号窗口",
        "photo": PHOTO,
        "first_location": LocationKind.WINDOW,
        "attendees": (Attendee(post="检查人员", person="IN-2"),),
    }
    return {**fields, **changes}
