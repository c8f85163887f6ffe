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
