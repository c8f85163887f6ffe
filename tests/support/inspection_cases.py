"""Every command about an inspection once, where it is in order, and who it is accepted from."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from duban.domain.entity.command import Command
from duban.domain.entity.given import LinkedProblem
from duban.domain.inspection import commands as c
from duban.domain.inspection.outcome import Upheld
from duban.domain.inspection.words import Choice, FindingKind
from duban.domain.roles import Role
from tests.support.inspections import KEY, NO, PROBLEM, InspectionDesk, a_fact, an_arrival

R = Role


@dataclass(frozen=True)
class InspectionCase:
    """A command in its scene, and by whom it is then accepted, of those with the first numbers."""

    command: type[Command]
    scene: Callable[[], InspectionDesk]
    by: str
    allowed: frozenset[Role]
    fields: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.command.__name__

    def asked(self, desk: InspectionDesk, **changes: Any) -> Command:
        """Return the command, from who may give it unless `changes` say otherwise."""
        return desk.command(self.command, self.by, **{**self.fields, **changes})


def _with_problem() -> InspectionDesk:
    desk = InspectionDesk().issued()
    problem = LinkedProblem(no=PROBLEM, source="inspection", source_ref=f"{NO}/F01")
    desk.given(problem=problem)
    return desk


def _exemplary() -> InspectionDesk:
    upheld = Upheld(kind=FindingKind.EXEMPLAR, title="延时服务", items=(f"{NO}/R01",))
    return InspectionDesk().issued(upheld=(upheld,))


def _whole(desk: InspectionDesk) -> InspectionDesk:
    desk.given()
    return desk


def _planned(**order: Any) -> InspectionDesk:
    return _whole(InspectionDesk(by="OF-1", choice=Choice.NAMED, **order))


def _closable() -> InspectionDesk:
    return InspectionDesk().linked().fed_back().at("2019-06-20")


_ORDER = frozenset({R.LEADING_GROUP, R.OFFICE})
_BODIES = _ORDER | {R.SUPERVISION_GROUP}
_IN, _SU = frozenset({R.INSPECTION_TEAM}), frozenset({R.SUPERVISION_GROUP})
_TRIGGER = _IN | _SU | {R.OFFICE, R.CAMPAIGN_GROUP}
_TEAM = {"authorising_doc": "授权书1号", "team": ("IN-2", "IN-3")}
_HEARD = {"words": "属实", "left_on": "2019-04-25"}
_DECIDED = {"outcome": "upheld", "reason": "-", "doc_no": "-"}
_DRAFT = {"summary": "-", "upheld": (Upheld(kind="problem", title="-", items=(f"{NO}/R01",)),)}  # type: ignore[arg-type]
_SCOPE = {"scope": ("U01", "U02", "U03"), "doc_no": "-", "reason": "-"}


def _desk(step: str) -> Callable[[], InspectionDesk]:
    """Return what brings a spot check so far, with everybody on its register."""
    return lambda: _whole(getattr(InspectionDesk(), step)())


INSPECTION_CASES = (
    InspectionCase(c.AuthoriseInspection, _planned, "OF-1", _ORDER, _TEAM),
    InspectionCase(c.AmendScope, _desk("drawn"), "SU-1", _SU, _SCOPE),
    InspectionCase(
        c.GiveNotice, lambda: _planned().authorised(), "OF-1", _ORDER, {"doc_no": "通知1号"}
    ),
    InspectionCase(
        c.ReleaseTarget,
        lambda: _whole(InspectionDesk().drawn().at("2019-04-25", "08:00")),
        "IN-1",
        _IN,
        {"key": KEY},
    ),
    InspectionCase(
        c.CheckIn,
        lambda: _whole(InspectionDesk().released().at("2019-04-25", "10:10")),
        "IN-1",
        _IN,
        an_arrival(),
    ),
    InspectionCase(c.ReportLeak, _desk("released"), "OF-1", _TRIGGER, {"fact": "有人传照片"}),
    InspectionCase(c.AbortInspection, _desk("drawn"), "SU-1", _BODIES, {"reason": "重复"}),
    InspectionCase(
        c.RecordItem,
        lambda: InspectionDesk().on_site().at("2019-04-25", "11:00"),
        "IN-1",
        _IN,
        {"fact": a_fact()},
    ),
    InspectionCase(
        c.WithdrawItem, _desk("noted"), "IN-1", _IN, {"item": f"{NO}/R01", "reason": "重复"}
    ),
    InspectionCase(c.SignRecord, _desk("noted"), "IN-2", frozenset()),
    InspectionCase(c.TakeOpinion, _desk("signed"), "IN-1", _IN, _HEARD),
    InspectionCase(c.DraftConclusion, _desk("recorded"), "IN-1", _IN, _DRAFT),
    InspectionCase(c.IssueConclusion, _desk("drafted"), "SU-1", _SU, {"doc_no": "结论1号"}),
    InspectionCase(
        c.FeedBack, _desk("issued"), "SU-1", _SU | _IN, {"on": "2019-04-25", "told": "局长"}
    ),
    InspectionCase(
        c.RequestReview,
        _desk("fed_back"),
        "U03-L1",
        frozenset({R.OFFICE}),
        {"grounds": "急件", "doc_no": "申请1号"},
    ),
    InspectionCase(
        c.DecideReview, _desk("review_asked"), "LG-1", frozenset({R.LEADING_GROUP}), _DECIDED
    ),
    InspectionCase(
        c.LinkFinding,
        _with_problem,
        "SU-1",
        _SU | _IN,
        {"finding": f"{NO}/F01", "problem": PROBLEM},
    ),
    InspectionCase(
        c.NameExemplar, _exemplary, "SU-1", _SU | _IN, {"finding": f"{NO}/F01", "doc_no": "通报1号"}
    ),
    InspectionCase(c.CloseInspection, _closable, "SU-1", _SU, {"opinion": "办结"}),
)
"""Who a command is accepted from among the actors of `tests.support.scenes`, one for each role.

The unit's own people and those of the team with other numbers are tried by the tests of the rules.
"""
