"""A clue with a clock that a test moves, and short words for what is done with it."""

from datetime import timedelta
from typing import Any, Self

from duban.domain.clue import commands as c
from duban.domain.clue.clue import Clue
from duban.domain.clue.creation import ClueStart, create
from duban.domain.clue.records import ClueReport, Material
from duban.domain.clue.words import ClueNature, ClueOutcome, ClueSource, Handling, Receiver
from duban.domain.entity.given import LinkedRegister
from duban.domain.policy import PolicyVersion
from duban.domain.problem.news import CampaignNews
from duban.domain.roles import Actor
from tests.support.builders import a_calendar, an_actor, people, shanghai
from tests.support.members import MemberDesk
from tests.support.scenes import ACTORS, OTHERS

NO = "BE-2019-C0001"
LOOKUP = "c" * 64
MATTER = "窗口人员收受中介红包"
PEOPLE = (*people(), *OTHERS)


def a_report(**changes: Any) -> ClueReport:
    """A clue from an inspection, known to its team since that morning."""
    fields: dict[str, Any] = {
        "source": ClueSource.INSPECTION,
        "known_on": "2019-04-24",
        "known_to": "inspection_team",
    }
    return ClueReport(**{**fields, **changes})


def actor_of(person: str) -> Actor:
    """Return a person of the register as an actor."""
    other = next((each for each in ACTORS.values() if each.id == person), None)
    return other or an_actor(person)


class ClueDesk(MemberDesk[Clue]):
    """A clue of the builders' campaign, reported on 24 April 2019, a Wednesday, by IN-1."""

    NOUN = "clue"

    def __init__(
        self, day: str = "2019-04-24", clock: str = "10:00", by: str = "IN-1", **report: Any
    ) -> None:
        now = shanghai(day, clock)
        said = a_report(**{"known_on": day, **report})
        start = ClueStart(
            no=NO,
            campaign="BE-2019",
            report=said,
            policy=PolicyVersion(),
            calendar=a_calendar(),
            given=LinkedRegister(people=PEOPLE),
            mode="rehearsal",
            clock_offset=timedelta(0),
            actor=actor_of(by),
            request_id="report-0001",
        )
        super().__init__(Clue(create(start, now=now)), now)

    @property
    def clue(self) -> Clue:
        """The clue itself."""
        return self.machine

    def actor(self, person: str) -> Actor:
        """Return a person of the register as an actor."""
        return actor_of(person)

    def hear(self, kind: str, seq: int = 100, **fields: Any) -> None:
        """Let the clue hear news of its campaign."""
        news = CampaignNews(kind=kind, seq=seq, actor=an_actor("LG-1"), **fields)  # type: ignore[arg-type]
        self.clue.hear(news, now=self.now)

    # The way of a clue, a step each ------------------------------------------------------------

    def written(self, by: str = "IN-1", **changes: Any) -> Self:
        """Have the written account given, the reporter's identity sealed for SU-2."""
        fields: dict[str, Any] = {
            "reporter_class": "citizen",
            "matter": MATTER,
            "object_unit": "U02",
            "sealed": "sealed#3",
            "custodian": "SU-2",
            "lookup": LOOKUP,
        }
        self.do(c.WriteUpClue, by, **{**fields, **changes})
        return self

    def screened(self, by: str = "SU-1", **changes: Any) -> Self:
        """Have the first level propose."""
        if self.record.written_at is None:
            self.written()
        self.do(c.TriageClue, by, **judgement(**changes))
        return self

    def reviewed(self, by: str = "SU-2", **changes: Any) -> Self:
        """Have the second level look at it."""
        if self.state != "screened":
            self.screened(**changes)
        self.do(c.TriageClue, by, **judgement(**changes))
        return self

    def decided(self, by: str = "OF-1", **changes: Any) -> Self:
        """Have the third level decide."""
        if self.state != "reviewed":
            self.reviewed(**changes)
        judged = judgement(**changes)
        fields = {name: judged[name] for name in ("nature", "handling")}
        self.do(c.DecideClue, by, **fields, reason="同意", doc_no="审批单1号")
        return self

    def transferred(self, by: str = "OF-1", **changes: Any) -> Self:
        """Have the package sent."""
        if self.state != "transfer_due":
            self.decided()
        self.do(c.TransferClue, by, **a_package(**changes))
        return self

    def received(self, by: str = "DX-1", **changes: Any) -> Self:
        """Have the receiver sign."""
        if self.state != "transferred":
            self.transferred()
        fields: dict[str, Any] = {"accepted": True, "signed_by": "DX-1", "receipt": "回执1号"}
        self.do(c.RecordReceipt, by, **{**fields, **changes})
        return self

    def resulted(self, by: str = "DX-1", **changes: Any) -> Self:
        """Have the result entered."""
        if self.state not in ("received", "self_check"):
            self.received()
        self.do(c.RecordResult, by, **{**a_result(), **changes})
        return self

    def answered(self, by: str = "SU-2") -> Self:
        """Have the reporter told."""
        if self.state not in ("result_known", "ledgered", "concluded"):
            self.resulted()
        self.do(c.TellReporter, by, words="您反映的问题已查实处理", channel="电话")
        return self

    def closed(self) -> Self:
        """Have the file closed."""
        if self.state != "answered":
            self.answered()
        self.do(c.CloseClue, "OF-1", opinion="办结")
        return self


def judgement(**changes: Any) -> dict[str, Any]:
    """What a level thinks: a duty crime, to be transferred."""
    fields: dict[str, Any] = {
        "nature": ClueNature.DUTY_CRIME,
        "handling": Handling.TRANSFER,
        "opinion": "涉嫌职务违法",
    }
    return {**fields, **changes}


def a_package(**changes: Any) -> dict[str, Any]:
    """The package for the supervision commission."""
    fields: dict[str, Any] = {
        "receiver": Receiver.SUPERVISION_COMMISSION,
        "addressee": "市监察委员会",
        "letter": "移送函1号",
        "materials": (Material(title="谈话记录", digest="a" * 64),),
    }
    return {**fields, **changes}


def a_result(**changes: Any) -> dict[str, Any]:
    """What the receiver found."""
    fields: dict[str, Any] = {
        "outcome": ClueOutcome.FOUNDED,
        "finding": "查证属实，已立案",
        "doc_no": "反馈函1号",
    }
    return {**fields, **changes}
