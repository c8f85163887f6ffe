"""Every command about a problem once, where it is in order, and who it is then accepted from."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from duban.domain.entity.command import Command
from duban.domain.problem import commands as c
from duban.domain.problem.records import Card
from duban.domain.problem.state import Register
from tests.support.builders import a_calendar, people
from tests.support.problems import NO, ProblemDesk, an_outcome
from tests.support.scenes import OTHERS

Fields = Callable[[ProblemDesk], dict[str, Any]]

PROCESS = ({"kind": "process", "reference": "升级记录"},)


def a_desk() -> ProblemDesk:
    """A problem that was given somebody of every body, and of its units."""
    return ProblemDesk(given=Register(people=(*people(), *OTHERS)))


def asked_for(desk: ProblemDesk, new_due_on: date) -> str:
    """File a request for a later date of the rectification, and return its id."""
    return desk.do(
        c.RequestExtension, "U03-L1", **a_request(desk.clock("DL10").id, new_due_on)
    ).object_id


def a_request(deadline: str, new_due_on: date) -> dict[str, Any]:
    """The fields of a complete request for a later date."""
    return {
        "deadline": deadline,
        "reason_class": "system_building",
        "reason": "接口联调未完成",
        "work_done": "完成七成",
        "what_differs": "增派人员",
        "evidence": PROCESS,
        "new_due_on": new_due_on,
        "signed_by": "U03-L1",
    }


def _explained(times: int) -> ProblemDesk:
    desk = a_desk().rectifying()
    for _ in range(times):
        desk.classified()
    return desk


def _contested() -> ProblemDesk:
    desk = _explained(1)
    desk.do(c.ContestClass, "U03-H1", **_reply(desk), grounds="已有举措")
    return desk


def _returned() -> ProblemDesk:
    desk = a_desk().assigned()
    desk.do(c.RequestProblemReturn, "U03-L1", grounds="非本单位职责", legal_basis="三定方案")
    return desk


def _objected() -> ProblemDesk:
    desk = a_desk().rectifying()
    desk.do(c.ObjectToFact, "U03-L1", **_petition(desk))
    return desk


def _final_asked() -> ProblemDesk:
    desk = a_desk().rectifying()
    said = {**_petition(desk), "ground": "unlawful", "sealed": True}
    desk.do(c.RequestFinalAnswer, "U03-L1", **said)
    return desk


def _final_reviewed() -> ProblemDesk:
    desk = _final_asked()
    desk.do(
        c.ReviewFinalAnswer, "CG-1", petition=_last("petition")(desk), passed=True, opinion="可"
    )
    return desk


def _long_term() -> ProblemDesk:
    desk = a_desk().rectifying()
    desk.do(c.MakeLongTerm, "OF-1", successor="U01", reason="跨年度", doc_no="纪要")
    desk.evidence()
    return desk


def _helped() -> ProblemDesk:
    aid = {"unit": "U01", "matter": "共享数据"}
    desk = a_desk().assigned(assisting=(aid,))
    desk.evidence()
    return desk


def _noticed() -> ProblemDesk:
    desk = a_desk().verified()
    return desk.at(desk.due("DL13").isoformat(), "18:00")


def _asked(*, hard_bone: bool = False) -> ProblemDesk:
    desk = a_desk().triaged(hard_bone=hard_bone).rectifying()
    asked_for(desk, _SHORT)
    return desk


def _stopped() -> ProblemDesk:
    desk = a_desk().rectifying()
    desk.do(c.StopClock, "OF-1", **_clock(desk), ground="tender", proof="招标公告")
    return desk


def _last(kind: str) -> Callable[[ProblemDesk], str]:
    return lambda desk: list(getattr(desk.problem.state, kind))[-1]


def _clock(desk: ProblemDesk) -> dict[str, Any]:
    return {"deadline": desk.clock("DL10").id}


def _reply(desk: ProblemDesk) -> dict[str, Any]:
    return {"reply": _last("reply")(desk)}


def _petition(desk: ProblemDesk) -> dict[str, Any]:
    return {"reason": "事实不符", "evidence": (desk.evidence(),), "signed_by": "U03-L1"}


def _issued(desk: ProblemDesk) -> dict[str, Any]:
    cards = desk.problem.state.table("card").values()
    return {"card": next(each.id for each in cards if isinstance(each, Card))}


@dataclass(frozen=True)
class Case:
    """A command that is in order in a scene, and a person it is accepted from."""

    command: type[Command]
    scene: Callable[[], ProblemDesk]
    by: str
    fields: Fields

    def __str__(self) -> str:
        return self.command.__name__

    def desk(self) -> ProblemDesk:
        """Return the scene, to do with as one likes."""
        return _built(self.scene).fork()

    def asked(self, desk: ProblemDesk, by: str = "", **fields: Any) -> Command:
        """Return the command in its scene, by somebody else where `by` or an `actor` says so."""
        return desk.command(self.command, by or self.by, **{**self.fields(desk), **fields})


@cache
def _built(scene: Callable[[], ProblemDesk]) -> ProblemDesk:
    return scene()


def _given(**fields: Any) -> Fields:
    return lambda _: fields


def _unit(unit: str = "U03") -> dict[str, Any]:
    leader, handler = f"{unit}-L1", f"{unit}-H1"
    return {"unit": unit, "principal_leader": leader, "handler": handler, "basis_doc": "交办单"}


_TRIAGE = {"problem_type": "inaction", "rectify_class": "time_limited", "target": "有人值守"}
_FILE = {"kind": "outcome", "title": "日志", "source": "系统", "digest": "f" * 64, "size": 1}
_SCORES = {"standard": 5, "effect": 5, "speed": 5}
_VERIFIED = {"passed": True, "on_site": True, "opinion": "属实", "scores": _SCORES}
_DECIDED = {"approved": True, "reason": "理由属实"}
_MEASURES = {"measures": ("增设人员",), "outcome": an_outcome(), "signed_by": "U03-L1"}
_SHORT = date(2019, 5, 31)


def _named() -> ProblemDesk:
    desk = a_desk()
    desk.do(c.NamePerson, "SU-1", post="窗口负责人")
    return desk


def _triaged() -> ProblemDesk:
    desk = a_desk().triaged()
    desk.evidence()
    return desk


def _accepted() -> ProblemDesk:
    return a_desk().accepted()


def _planned() -> ProblemDesk:
    return a_desk().accepted().planned()


def _rectifying() -> ProblemDesk:
    return a_desk().rectifying()


def _replied() -> ProblemDesk:
    desk = a_desk().rectifying()
    desk.replies()
    return desk


def _once() -> ProblemDesk:
    return _explained(1)


def _twice() -> ProblemDesk:
    return _explained(2)


def _red() -> ProblemDesk:
    return _explained(3)


def _proven() -> ProblemDesk:
    return a_desk().rectifying().proven()


def _requested() -> ProblemDesk:
    return a_desk().requested()


def _in_notice() -> ProblemDesk:
    return a_desk().verified()


def _signed_off() -> ProblemDesk:
    return a_desk().signed_off()


def _overdue() -> ProblemDesk:
    return a_desk().rectifying().at("2019-06-03")


def _short() -> ProblemDesk:
    return _asked()


def _long() -> ProblemDesk:
    desk = a_desk().assigned(limit="40wd").rectifying()
    asked_for(desk, a_calendar().add_working_days(desk.due("DL10"), 12))
    return desk


def _hard() -> ProblemDesk:
    return _asked(hard_bone=True)


PROBLEM_CASES: tuple[Case, ...] = (
    Case(c.NamePerson, a_desk, "SU-1", _given(post="窗口负责人")),
    Case(c.WithdrawPerson, _named, "SU-1", _given(concerned=f"{NO}/H01", reason="不对")),
    Case(c.TriageProblem, a_desk, "CG-1", _given(**_TRIAGE)),
    Case(c.AssignProblem, _triaged, "OF-1", _given(**_unit())),
    Case(
        c.DisproveProblem,
        _triaged,
        "OF-1",
        lambda desk: {"reason": "查无此事", "evidence": (_last("evidence")(desk),)},
    ),
    Case(c.MergeProblem, _triaged, "OF-1", _given(into="BE-2019-0009", reason="重复")),
    Case(
        c.TransferProblem,
        _triaged,
        "OF-1",
        _given(to="纪委监委", letter="移交函", receipt="回执", reason="超出职权"),
    ),
    Case(c.WatchProblem, _triaged, "OF-1", _given(campaign="RL-2019")),
    Case(c.AcceptProblem, lambda: a_desk().assigned(), "U03-L1", _given()),
    Case(
        c.RequestProblemReturn,
        lambda: a_desk().assigned(),
        "U03-L1",
        _given(grounds="非本单位职责", legal_basis="三定方案"),
    ),
    Case(c.AdjudicateProblemReturn, _returned, "OF-1", _given(upheld=False, reason="应办")),
    Case(c.SubmitRectificationPlan, _accepted, "U03-H1", _given(**_MEASURES)),
    Case(c.ReviewRectificationPlan, _planned, "CG-1", _given(passed=True, opinion="同意")),
    Case(c.AddEvidence, _rectifying, "U03-H1", _given(**_FILE, media_type="text/plain")),
    Case(c.ReplyToProblem, _rectifying, "U03-H1", _given(explanation="系统升级")),
    Case(
        c.ClassifyReply,
        _replied,
        "CG-1",
        lambda desk: {**_reply(desk), "counts": "explanation_only"},
    ),
    Case(c.ContestClass, _once, "U03-H1", lambda desk: {**_reply(desk), "grounds": "已有举措"}),
    Case(
        c.DecideContest,
        _contested,
        "OF-1",
        lambda desk: {**_reply(desk), "upheld": False, "reason": "无新举措"},
    ),
    Case(
        c.DecideCard,
        _red,
        "LG-1",
        lambda desk: {"card": _last("card")(desk), **_DECIDED, "doc_no": "约谈通知书"},
    ),
    Case(c.VoidCard, _twice, "OF-1", lambda desk: {**_issued(desk), "reason": "认定有误"}),
    Case(c.ObjectToFact, _rectifying, "U03-L1", _petition),
    Case(
        c.DecideObjection,
        _objected,
        "OF-1",
        lambda desk: {"petition": _last("petition")(desk), "upheld": False, "reason": "属实"},
    ),
    Case(
        c.RequestFinalAnswer,
        _rectifying,
        "U03-L1",
        lambda desk: {**_petition(desk), "ground": "unlawful", "sealed": True},
    ),
    Case(
        c.ReviewFinalAnswer,
        _final_asked,
        "CG-1",
        lambda desk: {"petition": _last("petition")(desk), "passed": True, "opinion": "可"},
    ),
    Case(
        c.DecideFinalAnswer,
        _final_reviewed,
        "OF-1",
        lambda desk: {"petition": _last("petition")(desk), **_DECIDED},
    ),
    Case(
        c.RequestExtension,
        _rectifying,
        "U03-L1",
        lambda desk: a_request(desk.clock("DL10").id, _SHORT),
    ),
    *(
        Case(
            c.DecideExtension,
            scene,
            by,
            lambda desk: {"extension": _last("extension")(desk), **_DECIDED},
        )
        for scene, by in ((_short, "CG-1"), (_long, "OF-1"), (_hard, "LG-1"))
    ),
    Case(
        c.SetRemedialDate,
        _overdue,
        "OF-1",
        lambda desk: {**_clock(desk), "on": date(2019, 6, 14), "reason": "限期补课"},
    ),
    Case(
        c.StopClock,
        _rectifying,
        "OF-1",
        lambda desk: {**_clock(desk), "ground": "tender", "proof": "招标公告"},
    ),
    Case(c.ResumeClock, _stopped, "OF-1", lambda desk: {**_clock(desk), "reason": "招标结束"}),
    Case(c.RequestClose, _proven, "U03-L1", lambda desk: desk.close_fields(achieved=Decimal(0))),
    Case(c.VerifyProblem, _requested, "CG-1", _given(**_VERIFIED)),
    Case(c.ObjectToClose, _in_notice, "SU-1", _given(objector="群众", grounds="仍无人")),
    Case(c.CloseProblem, _noticed, "CG-1", _given(opinion="同意销号")),
    Case(
        c.RecordLookBack,
        _signed_off,
        "OF-1",
        _given(method="site_visit", passed=True, finding="未反弹"),
    ),
    Case(c.ReopenProblem, _signed_off, "OF-1", _given(reason="再次投诉", source_ref="工单9号")),
    Case(
        c.MakeLongTerm,
        _rectifying,
        "OF-1",
        _given(successor="U01", reason="跨年度", doc_no="纪要"),
    ),
    Case(
        c.RecordMilestone,
        _long_term,
        "OF-1",
        lambda desk: {"reached": "首季目标", "evidence": (_last("evidence")(desk),)},
    ),
    Case(
        c.ConcludeAssistance,
        _helped,
        "OF-1",
        lambda desk: {"unit": "U01", "evidence": (_last("evidence")(desk),)},
    ),
)
"""Every command about a problem; a decision on a later date for each of its deciders (EXT3)."""
