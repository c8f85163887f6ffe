"""The separation of duties about problems (b.4), each rule tried in every way it can be broken.

What is refused stands on the trail with the rule's number.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from duban.domain.entity.command import Command
from duban.domain.events import Outcome
from duban.domain.problem import commands as c
from duban.domain.problem.state import Register
from duban.domain.roles import Delegation, FormerUnit, Person, Role
from tests.domain.test_problem_separation import also
from tests.support.problem_cases import PROBLEM_CASES, a_desk, asked_for
from tests.support.problems import ProblemDesk
from tests.support.refusing import refused

Broken = Callable[[], tuple[ProblemDesk, Command]]
"""Brings a problem to where a rule can be broken, and returns the command that breaks it."""

_SCORES = {"standard": 5, "effect": 5, "speed": 5}
_PASSED: dict[str, Any] = {"passed": True, "on_site": True, "opinion": "-", "scores": _SCORES}
_SIGNED = {"opinion": "同意"}
_SEEN: dict[str, Any] = {"method": "calls", "passed": True, "finding": "-"}
_YES: dict[str, Any] = {"approved": True, "reason": "-"}
_SUPERVISION = Role.SUPERVISION_GROUP


def _led(desk: ProblemDesk) -> ProblemDesk:
    """Let the supervision group lead the campaign (SOD4)."""
    desk.hear("lead_body", lead_body=_SUPERVISION)
    return desk


def _closing(desk: ProblemDesk) -> ProblemDesk:
    return desk.at(desk.due("DL13").isoformat(), "18:00")


def _own(steps: str, command: type[Command], **fields: Any) -> Broken:
    """A problem of the unit that the campaign group sits in: its members judge it themselves."""

    def broken() -> tuple[ProblemDesk, Command]:
        desk = a_desk().triaged().assigned("U15")
        for step in steps.split():
            desk = desk.rectifying("OF-1") if step == "rectifying" else getattr(desk, step)()
        return desk, desk.command(command, "CG-1", **fields)

    return broken


def _requester_verifies() -> tuple[ProblemDesk, Command]:
    desk = a_desk().requested()
    actor = also(desk, "U03-H1", Role.OFFICE)
    return desk, desk.command(c.VerifyProblem, "OF-1", **_PASSED, actor=actor)


def _leader_signs() -> tuple[ProblemDesk, Command]:
    desk = _closing(a_desk().verified())
    actor = also(desk, "U03-L1", Role.OFFICE)
    return desk, desk.command(c.CloseProblem, "OF-1", **_SIGNED, actor=actor)


def _colleague_verifies() -> tuple[ProblemDesk, Command]:
    desk = a_desk().requested()
    actor = also(desk, "U03-D1", Role.OFFICE)
    return desk, desk.command(c.VerifyProblem, "OF-1", **_PASSED, actor=actor)


def _signs_twice() -> tuple[ProblemDesk, Command]:
    desk = _closing(a_desk().verified())
    desk.do(c.CloseProblem, "OF-1", **_SIGNED)
    actor = also(desk, "OF-1", Role.CAMPAIGN_GROUP)
    return desk, desk.command(c.CloseProblem, "OF-1", **_SIGNED, actor=actor)


def _classifies_own_reply() -> tuple[ProblemDesk, Command]:
    desk = a_desk().rectifying()
    said: dict[str, Any] = {"reply": desk.replies(), "counts": "substantive"}
    actor = also(desk, "U03-H1", Role.OFFICE)
    return desk, desk.command(c.ClassifyReply, "OF-1", **said, actor=actor)


def _unit_objects() -> tuple[ProblemDesk, Command]:
    desk = a_desk().verified()
    return desk, desk.command(c.ObjectToClose, "U03-H1", objector="-", grounds="-")


def _verifier_looks_back() -> tuple[ProblemDesk, Command]:
    desk = a_desk().verified("SU-1")
    desk = _closing(desk)
    for by in ("CG-1", "OF-1"):
        desk.do(c.CloseProblem, by, **_SIGNED)
    return desk, desk.command(c.RecordLookBack, "SU-1", **_SEEN)


def _earlier_verifier_looks_back() -> tuple[ProblemDesk, Command]:
    desk, _ = _verifier_looks_back()
    desk.do(c.ReopenProblem, "OF-1", reason="-", source_ref="-")
    desk.assigned().rectifying()
    desk = _closing(desk.requested().verified("OF-2"))
    for by in ("CG-1", "OF-1"):
        desk.do(c.CloseProblem, by, **_SIGNED)
    return desk, desk.command(c.RecordLookBack, "SU-1", **_SEEN)


def _decides_for(unit: str, *former: FormerUnit) -> Broken:
    """The campaign group decides a later date for a unit that its member belongs to, or left."""

    def broken() -> tuple[ProblemDesk, Command]:
        desk = a_desk().rectifying()
        key = asked_for(desk, date(2019, 5, 31))
        person = Person(
            id="CG-9", name="-", role=Role.CAMPAIGN_GROUP, unit=unit, former_units=former
        )
        desk.problem.be_given(Register(people=(person,)))
        actor = {"id": "CG-9", "role": "campaign_group", "unit": unit}
        return desk, desk.command(c.DecideExtension, "OF-1", extension=key, **_YES, actor=actor)

    return broken


def _supervision_signs(by: str, role: Role) -> Broken:
    def broken() -> tuple[ProblemDesk, Command]:
        desk = _led(_closing(a_desk().verified("OF-2")))
        actor = also(desk, by, role)
        return desk, desk.command(c.CloseProblem, "OF-1", **_SIGNED, actor=actor)

    return broken


def _supervision_checks(command: type[Command], **fields: Any) -> Broken:
    def broken() -> tuple[ProblemDesk, Command]:
        desk = _led(a_desk().signed_off())
        return desk, desk.command(command, "SU-1", **fields)

    return broken


def _proposer_signs_red() -> tuple[ProblemDesk, Command]:
    desk = a_desk().rectifying()
    for _ in range(3):
        desk.classified(by="OF-1")
    *_, red = desk.problem.state.card
    actor = also(desk, "OF-1", Role.LEADING_GROUP)
    return desk, desk.command(c.DecideCard, "OF-1", card=red, doc_no="-", **_YES, actor=actor)


def _imposer_voids() -> tuple[ProblemDesk, Command]:
    desk = a_desk().rectifying()
    for _ in range(2):
        desk.classified(by="OF-1")
    [yellow] = desk.problem.state.card
    return desk, desk.command(c.VoidCard, "OF-1", card=yellow, reason="-")


def _signer_voids() -> tuple[ProblemDesk, Command]:
    desk = a_desk().rectifying()
    for _ in range(3):
        desk.classified(by="OF-1")
    *_, red = desk.problem.state.card
    desk.do(c.DecideCard, "LG-1", card=red, doc_no="-", **_YES)
    return desk, desk.command(c.VoidCard, "LG-1", card=red, reason="-")


BROKEN: list[tuple[str, Broken]] = [
    ("SOD1", _requester_verifies),
    ("SOD1", _colleague_verifies),
    ("SOD1", _leader_signs),
    ("SOD1", _signs_twice),
    ("SOD1", _classifies_own_reply),
    ("SOD1", _unit_objects),
    ("SOD1", _own("rectifying requested", c.VerifyProblem, **_PASSED)),
    ("SOD1", _own("accepted planned", c.ReviewRectificationPlan, passed=True, opinion="-")),
    ("SOD1", _own("rectifying", c.MakeLongTerm, successor="U01", reason="-", doc_no="-")),
    ("SOD2", _verifier_looks_back),
    ("SOD2", _earlier_verifier_looks_back),
    ("SOD3", _decides_for("U03")),
    ("SOD3", _decides_for("U15", FormerUnit(unit="U03", left_on=date(2018, 5, 2)))),
    ("SOD4", _supervision_signs("SU-1", _SUPERVISION)),
    ("SOD4", _supervision_signs("SU-1", Role.CAMPAIGN_GROUP)),
    ("SOD4", _supervision_checks(c.RecordLookBack, **_SEEN)),
    ("SOD4", _supervision_checks(c.ReopenProblem, reason="-", source_ref="-")),
    ("SOD8", _proposer_signs_red),
    ("SOD9", _imposer_voids),
    ("SOD9", _signer_voids),
]


@pytest.mark.parametrize(("rule", "broken"), BROKEN)
def test_b4_a_duty_that_is_not_separated_is_refused_on_the_trail(rule: str, broken: Broken) -> None:
    desk, command = broken()

    said, _ = refused(desk.problem, command, desk.now)

    assert (said.outcome, said.code) == (Outcome.REJECTED, "duty.not_separated")
    assert said.detail["params"] == {"rule": rule, "actor": command.actor.id}
    assert said.detail["command"] == type(command).__name__


def _paper(**changes: Any) -> Delegation:
    fields: dict[str, Any] = {
        "id": "G0001",
        "deputy": "OF-2",
        "principal": "LG-1",
        "role": Role.LEADING_GROUP,
        "from_on": date(2019, 4, 1),
        "until_on": date(2019, 12, 31),
        "basis_doc": "授权书",
    }
    return Delegation(**{**fields, **changes})


@pytest.mark.parametrize(
    "papers",
    [
        (),
        (_paper(until_on=date(2019, 4, 23)),),
        (_paper(deputy="OF-1"),),
        (_paper(scope=("none",)),),
    ],
    ids=["without", "expired", "of_another", "out_of_scope"],
)
@pytest.mark.parametrize("case", PROBLEM_CASES, ids=str)
def test_sod10_a_deputy_without_a_delegation_that_covers_it_is_refused_on_the_trail(
    case: Any, papers: tuple[Delegation, ...]
) -> None:
    desk = case.desk()
    given = desk.command(case.command, case.by, **case.fields(desk)).actor
    held = [each.model_copy(update={"principal": given.id, "role": given.role}) for each in papers]
    desk.problem.be_given(Register(delegations=tuple(held)))
    actor = given.model_copy(update={"id": "OF-2", "on_behalf_of": given.id})

    said, _ = refused(desk.problem, case.asked(desk, actor=actor), desk.now)

    assert (said.outcome, said.code) == (Outcome.REJECTED, "delegation.invalid")
    assert (said.actor.id, said.actor.on_behalf_of) == ("OF-2", given.id)
