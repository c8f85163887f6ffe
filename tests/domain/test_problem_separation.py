"""SOD rules where one person holds two roles, or has changed sides: they bind the person (b.4)."""

from typing import Any

import pytest

from duban.domain.errors import Code
from duban.domain.problem import commands as c
from duban.domain.problem.state import Register
from duban.domain.roles import Delegation, Role
from tests.support.problems import ProblemDesk


def also(desk: ProblemDesk, person_id: str, role: Role, unit: str | None = None) -> dict[str, Any]:
    """Give a person a second role, and return the actor who acts in it."""
    known = next(each for each in desk.problem.state.person.values() if each.id == person_id)
    other = known.model_copy(update={"role": role, "unit": unit})
    desk.problem.be_given(Register(people=(other,)))
    return {"id": person_id, "role": role, "unit": unit}


def test_sod1_who_signed_for_the_unit_and_left_it_does_not_verify() -> None:
    desk = ProblemDesk().requested()
    leader = next(p for p in desk.problem.state.person.values() if p.id == "U03-L1")
    desk.problem.be_given(Register(people=(leader.model_copy(update={"left": True}),)))
    actor = also(desk, "U03-L1", Role.OFFICE)
    office = desk.problem.state.person["U03-L1:office"].model_copy(update={"left": False})
    desk.problem.be_given(Register(people=(office,)))
    word: dict[str, Any] = {"passed": False, "on_site": True, "opinion": "-", "defects": ("-",)}

    assert desk.refused(c.VerifyProblem, actor=actor, **word).params["rule"] == "SOD1"


def test_sod1_one_person_in_two_roles_signs_once() -> None:
    desk = ProblemDesk().verified("SU-1").at("2019-05-07", "18:00")
    desk.do(c.CloseProblem, "OF-1", opinion="同意")
    actor = also(desk, "OF-1", Role.CAMPAIGN_GROUP)

    why = desk.refused(c.CloseProblem, opinion="同意", actor=actor)

    assert why.params["rule"] == "SOD1"


def test_sod8_one_person_in_two_roles_does_not_sign_the_card_raised() -> None:
    desk = ProblemDesk().rectifying()
    for _ in range(3):
        desk.classified(by="OF-1")
    *_, red = desk.problem.state.card.values()
    actor = also(desk, "OF-1", Role.LEADING_GROUP)
    word: dict[str, Any] = {"card": red.id, "approved": True, "reason": "-", "doc_no": "-"}

    assert desk.refused(c.DecideCard, actor=actor, **word).params["rule"] == "SOD8"


def test_sod10_a_deputy_acts_with_a_delegation_the_problem_was_given() -> None:
    desk = ProblemDesk().assigned()
    actor = {"id": "U03-D1", "role": "principal_leader", "unit": "U03", "on_behalf_of": "U03-L1"}
    assert desk.refused(c.AcceptProblem, actor=actor).code is Code.DELEGATION_INVALID
    paper = Delegation(
        id="G0001",
        deputy="U03-D1",
        principal="U03-L1",
        role=Role.PRINCIPAL_LEADER,
        from_on=desk.now.date(),
        until_on=desk.now.date(),
        basis_doc="授权书",
    )
    desk.problem.be_given(Register(delegations=(paper,)))

    desk.do(c.AcceptProblem, "U03-L1", actor=actor)

    assert desk.events[-1].actor.on_behalf_of == "U03-L1"


def test_sod3_nobody_decides_a_later_date_for_a_unit_of_their_own() -> None:
    desk = ProblemDesk().triaged().assigned("U15").rectifying("OF-1")
    clock = desk.clock("DL10")
    fields: dict[str, Any] = {
        "deadline": clock.id,
        "reason_class": "other",
        "reason": "-",
        "work_done": "-",
        "what_differs": "-",
        "evidence": ({"kind": "process", "reference": "-"},),
        "new_due_on": "2019-05-31",
        "signed_by": "U15-L1",
    }
    key = desk.do(c.RequestExtension, "U15-H1", **fields).object_id

    why = desk.refused(c.DecideExtension, "CG-1", extension=key, approved=True, reason="-")

    assert why.params["rule"] == "SOD3"


FORBIDDEN: list[tuple[str, type[Any], dict[str, Any]]] = [
    ("assigned", c.AdjudicateProblemReturn, {"upheld": False, "reason": "-"}),
    ("rectifying", c.ClassifyReply, {"reply": "R01", "counts": "explanation_only"}),
    ("requested", c.VerifyProblem, {"passed": True, "on_site": True, "opinion": "-"}),
    ("verified", c.CloseProblem, {"opinion": "-"}),
    ("rectifying", c.DecideExtension, {"extension": "E", "approved": True, "reason": "-"}),
    ("signed_off", c.ReopenProblem, {"reason": "-", "source_ref": "-"}),
    (
        "signed_off",
        c.RecordLookBack,
        {"method": "calls", "passed": True, "finding": "-"},
    ),
]


@pytest.mark.parametrize("by", ["U03-L1", "U03-H1", "U01-L1"])
@pytest.mark.parametrize(("until", "command", "fields"), FORBIDDEN)
def test_b3_what_is_forbidden_to_units_is_refused_to_them(
    by: str, until: str, command: type[Any], fields: dict[str, Any]
) -> None:
    desk = getattr(ProblemDesk(), until)()

    why = desk.refused(command, by, **fields)

    assert why.code in (Code.ROLE_NOT_PERMITTED, Code.OBJECT_NOT_FOUND)
    assert desk.record.state != "reopened"


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (c.AcceptProblem, {}),
        (c.RequestProblemReturn, {"grounds": "-", "legal_basis": "-"}),
        (c.ReplyToProblem, {"explanation": "-"}),
    ],
)
def test_b3_one_unit_does_not_speak_for_another(command: type[Any], fields: dict[str, Any]) -> None:
    desk = ProblemDesk().assigned()

    assert desk.refused(command, "U02-L1", **fields).code is Code.ROLE_OUT_OF_SCOPE
