"""Who may do what with an inspection (b.3 rows 26, 28, 29, 30 and 36)."""

from datetime import date

import pytest

from duban.domain.entity.given import LinkedRegister
from duban.domain.errors import Code
from duban.domain.events import Outcome
from duban.domain.inspection import commands as c
from duban.domain.inspection.inspection import HANDLERS
from duban.domain.roles import Delegation, Role
from tests.support.inspection_cases import INSPECTION_CASES, InspectionCase
from tests.support.inspections import EVERYBODY, INSPECTORS, KEY, NO, InspectionDesk, an_arrival
from tests.support.refusing import refused
from tests.support.scenes import ACTORS


def test_every_command_about_an_inspection_is_tried() -> None:
    assert {case.command for case in INSPECTION_CASES} == set(HANDLERS)


@pytest.mark.parametrize("case", INSPECTION_CASES, ids=str)
def test_a_command_is_accepted_from_who_may(case: InspectionCase) -> None:
    desk = case.scene()

    receipt = desk.inspection.handle(case.asked(desk), now=desk.now)

    assert receipt.last_seq == desk.events[-1].seq
    assert desk.events[-1].outcome is Outcome.ACCEPTED


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("case", INSPECTION_CASES, ids=str)
def test_rows_26_to_30_say_who_may(case: InspectionCase, role: Role) -> None:
    desk = case.scene()
    command = case.asked(desk, actor=ACTORS[role])
    if role in case.allowed:
        desk.inspection.handle(command, now=desk.now)
        return

    said, why = refused(desk.inspection, command, desk.now)

    expected = Code.SYSTEM_MAY_NOT_DECIDE if role is Role.SYSTEM else Code.ROLE_NOT_PERMITTED
    if (case.command, role) == (c.SignRecord, Role.INSPECTION_TEAM):
        expected = Code.INSPECTION_NOT_TEAM
    if (case.command, role) == (c.RequestReview, Role.PRINCIPAL_LEADER):
        # U01 was not inspected.
        expected = Code.ROLE_OUT_OF_SCOPE
    assert (why.code, said.code) == (expected, expected)


DEPUTY = Delegation(
    id="G0001",
    deputy="IN-5",
    principal="IN-1",
    role=Role.INSPECTION_TEAM,
    from_on=date(2019, 4, 1),
    until_on=date(2019, 5, 1),
    basis_doc="委托书",
)


def deputised(desk: InspectionDesk) -> dict[str, str]:
    """Let IN-5 act for the leader, and return IN-5 as who acts."""
    given = LinkedRegister(people=EVERYBODY, delegations=(DEPUTY,))
    desk.inspection.be_given(given)
    return {"id": "IN-5", "role": "inspection_team", "on_behalf_of": "IN-1"}


def test_sod10_a_deputy_checks_in_for_the_leader_and_does_not_read_for_him() -> None:
    desk = InspectionDesk().drawn().at("2019-04-25", "08:00")

    why = desk.refused(c.ReleaseTarget, key=KEY, actor=deputised(desk))
    assert why.code is Code.TARGET_NOT_YOURS
    desk.released().at("2019-04-25", "10:10")
    desk.do(c.CheckIn, "IN-5", **an_arrival(), actor=deputised(desk))

    assert desk.record.arrival.by == "IN-5"
    assert desk.events[-1].actor.on_behalf_of == "IN-1"


def test_sod10_nobody_acts_for_the_leader_without_a_delegation() -> None:
    desk = InspectionDesk().released().at("2019-04-25", "10:10")
    desk.given()
    actor = {"id": "IN-5", "role": "inspection_team", "on_behalf_of": "IN-1"}

    assert desk.refused(c.CheckIn, **an_arrival(), actor=actor).code is Code.DELEGATION_INVALID


@pytest.mark.parametrize("person", [each.id for each in INSPECTORS])
def test_row_29_the_record_is_made_by_who_inspects_there(person: str) -> None:
    desk = InspectionDesk().noted()
    item = {"item": f"{NO}/R01", "reason": "重复"}

    if person in desk.record.target.inspectors:
        desk.do(c.WithdrawItem, person, **item)
    else:
        assert desk.refused(c.WithdrawItem, person, **item).code is Code.INSPECTION_NOT_TEAM


def test_row_28_only_the_leader_checks_in() -> None:
    desk = InspectionDesk().released().at("2019-04-25", "10:10")

    assert desk.refused(c.CheckIn, "IN-2", **an_arrival()).code is Code.INSPECTION_NOT_TEAM
