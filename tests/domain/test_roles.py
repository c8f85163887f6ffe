"""The permission matrix as data: what is forbidden to whom (domain.md b.3, SOD11)."""

import pytest

from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import MATRIX, SYSTEM, Action, Actor, Person, Right, Role, may, require

_FORBIDDEN = {
    4: "campaign_group",
    5: "campaign_group",
    7: "principal_leader liaison",
    9: "principal_leader liaison",
    13: "principal_leader liaison",
    15: "principal_leader liaison",
    16: "principal_leader liaison inspection_team system",
    17: "principal_leader liaison",
    19: "principal_leader liaison system",
    20: "principal_leader liaison system",
    21: "principal_leader liaison system",
    26: "principal_leader liaison",
    27: "office campaign_group principal_leader liaison",
    28: "leading_group office coordination_group supervision_group publicity_group "
    "campaign_group principal_leader liaison system",
    30: "supervision_group inspection_team",
    34: "system",
    35: "system",
    37: "principal_leader liaison system",
    38: "leading_group office coordination_group supervision_group publicity_group "
    "campaign_group principal_leader liaison inspection_team system",
    44: "leading_group office coordination_group supervision_group publicity_group "
    "campaign_group principal_leader liaison inspection_team system",
    45: " ".join(role.value for role in Role),
}
"""The crosses of the matrix by row; `sealed custodian only` is a cross for every role as such."""


def test_b3_has_forty_five_rows_for_every_role() -> None:
    assert [int(action.value[:2]) for action in Action] == list(range(1, 46))
    assert set(MATRIX) == set(Action)
    assert all(set(row) == set(Role) for row in MATRIX.values())


@pytest.mark.parametrize("action", Action)
def test_b3_the_crosses_of_each_row(action: Action) -> None:
    crossed = {role.value for role in Role if Right.FORBIDDEN in MATRIX[action][role]}
    assert crossed == set(_FORBIDDEN.get(int(action.value[:2]), "").split())


@pytest.mark.parametrize("action", Action)
def test_b3_a_cross_or_a_dash_stands_alone(action: Action) -> None:
    for rights in MATRIX[action].values():
        if rights & {Right.FORBIDDEN, Right.NONE}:
            assert len(rights) == 1


@pytest.mark.parametrize("action", Action)
def test_sod11_the_system_approves_nothing(action: Action) -> None:
    assert not may(Role.SYSTEM, action, Right.APPROVE)
    with pytest.raises(RuleViolation) as caught:
        require(SYSTEM, action, Right.APPROVE)
    assert caught.value.code is Code.SYSTEM_MAY_NOT_DECIDE


@pytest.mark.parametrize("action", Action)
def test_b3_reading_and_being_notified_give_no_right_to_act(action: Action) -> None:
    acts = (Right.CREATE, Right.APPROVE, Right.EXECUTE)
    for role, rights in MATRIX[action].items():
        assert may(role, action, *acts) is bool(rights & set(acts))


def test_a_refusal_says_who_could() -> None:
    with pytest.raises(RuleViolation) as caught:
        require(Actor(id="CG-1", role=Role.CAMPAIGN_GROUP), Action.APPROVE_PLAN, Right.APPROVE)
    assert caught.value.code is Code.ROLE_NOT_PERMITTED
    assert caught.value.params["held"] == ["leading_group"]
    assert "role.not_permitted" in str(caught.value)


def test_a_refusal_without_details_is_its_code() -> None:
    assert str(RuleViolation(Code.CLOCK_OFFSET_ON_LIVE)) == "clock.offset_on_live"


def test_a_person_stands_on_the_register_once_per_role() -> None:
    person = Person(id="SU-1", name="某人", role=Role.OFFICE)
    assert person.key == "SU-1:office"
