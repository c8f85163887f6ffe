"""Who may: the permission matrix with every command, the register, and deputies (b.3, b.4)."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.campaign import HANDLERS
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Actor, Person, Role
from tests.support.builders import Desk, a_plan, people
from tests.support.cases import CASES, Case
from tests.support.scenes import ACTORS, OUTCOME, scene

_BOTH = [
    pytest.param(case, role, id=f"{case.command.__name__}-{role.value}")
    for case in CASES
    for role in Role
]
_DECIDERS = {Role.CAMPAIGN_GROUP, Role.OFFICE, Role.LEADING_GROUP}


def test_every_command_stands_in_the_table() -> None:
    assert {case.command for case in CASES} == set(HANDLERS)
    assert len(CASES) == len(HANDLERS)


@pytest.mark.parametrize(("case", "role"), _BOTH)
def test_b3_matrix(case: Case, role: Role) -> None:
    desk, fields = scene(case.scene), {**case.fields, "actor": ACTORS[role]}
    if role in case.allowed:
        assert desk.do(case.command, "OF-1", **fields).last_seq == desk.events[-1].seq
        assert desk.events[-1].actor == ACTORS[role]
        return
    expected = Code.ROLE_NOT_PERMITTED
    if role is Role.SYSTEM:
        expected = Code.SYSTEM_MAY_NOT_DECIDE
    elif case.command is c.DecideExtension and role in _DECIDERS:
        expected = Code.EXTENSION_WRONG_DECIDER
    assert desk.refused(case.command, **fields).code is expected


@pytest.mark.parametrize(
    ("kind", "by"),
    [
        ("phase_report", {"OF", "CO", "SU", "CG"}),
        ("trigger_list", {"OF", "SU", "CG", "IN"}),
        ("closing_report", {"OF", "CG"}),
        ("scoreboard", {"OF"}),
        ("lookback_plan", {"OF", "SU"}),
        ("lookback_result", {"OF", "SU"}),
        ("archive_package", {"OF", "CG"}),
        ("other", {"OF", "CG"}),
    ],
)
def test_b3_who_files_which_document(kind: str, by: set[str]) -> None:
    desk, filed = scene("account"), set()
    fields = {"kind": kind, "doc_no": "1号", "title": "报告", "digest": "b" * 64}
    for actor in ACTORS.values():
        command = desk.command(c.FileDocument, "OF-1", actor=actor, **fields)
        with suppress(RuleViolation):
            desk.campaign.check(command, now=desk.now)
            filed.add(actor.id[:2])
    assert filed == by


# A clue may be reported about anybody, so it is no act for a unit (row 31).
_FOR_A_UNIT = [each for each in CASES if "PL" in each.roles and each.command is not c.ReportClue]


@pytest.mark.parametrize("case", _FOR_A_UNIT, ids=str)
def test_b3_a_unit_acts_for_itself_only(case: Case) -> None:
    stranger = Actor(id="U02-L1", role=Role.PRINCIPAL_LEADER, unit="U02")
    refusal = scene(case.scene).refused(case.command, **{**case.fields, "actor": stranger})
    assert refusal.code is Code.ROLE_OUT_OF_SCOPE


@pytest.mark.parametrize(
    ("actor", "code"),
    [
        (Actor(id="NOBODY", role=Role.OFFICE), Code.ACTOR_UNKNOWN),
        (Actor(id="OF-1", role=Role.LEADING_GROUP), Code.ACTOR_ROLE_NOT_HELD),
        (Actor(id="LG-1", role=Role.LEADING_GROUP, unit="U01"), Code.ROLE_OUT_OF_SCOPE),
        (Actor(id="U01-L1", role=Role.PRINCIPAL_LEADER, unit="U02"), Code.ROLE_OUT_OF_SCOPE),
    ],
)
def test_the_register_knows_who_holds_what(actor: Actor, code: Code) -> None:
    paper = {"reason": "试", "doc_no": "1号"}
    assert scene("working").refused(c.Suspend, actor=actor, **paper).code is code


def _delegate(desk: Desk, deputy: str, principal: str, role: Role, **fields: Any) -> None:
    desk.do(
        c.RecordDelegation,
        "OF-1",
        **{
            "deputy": deputy,
            "principal": principal,
            "role": role,
            "from_on": date(2019, 4, 1),
            "until_on": date(2019, 4, 10),
            "basis_doc": "授权书1号",
            **fields,
        },
    )


def _as(deputy: str, principal: str, role: Role, **fields: Any) -> Actor:
    return Actor(id=deputy, on_behalf_of=principal, role=role, **fields)


_PAPER = {"reason": "机构改革", "doc_no": "纪要5号"}
_FOR_LG = _as("LG-2", "LG-1", Role.LEADING_GROUP)


def test_sod10_deputising_needs_a_recorded_delegation() -> None:
    desk = scene("working")
    assert desk.refused(c.Suspend, actor=_FOR_LG, **_PAPER).code is Code.DELEGATION_INVALID
    _delegate(desk, "LG-2", "LG-1", Role.LEADING_GROUP)
    desk.do(c.Suspend, "LG-1", actor=_FOR_LG, **_PAPER)
    said = desk.events[-1].actor
    assert (said.id, said.on_behalf_of) == ("LG-2", "LG-1")


@pytest.mark.parametrize(("day", "works"), [("2019-04-10", True), ("2019-04-11", False)])
def test_sod10_a_delegation_ends(day: str, works: bool) -> None:
    desk = scene("working")
    _delegate(desk, "LG-2", "LG-1", Role.LEADING_GROUP)
    desk.at(day)
    if works:
        desk.do(c.Suspend, "LG-1", actor=_FOR_LG, **_PAPER)
    else:
        assert desk.refused(c.Suspend, actor=_FOR_LG, **_PAPER).code is Code.DELEGATION_INVALID


def test_sod10_a_delegation_reaches_as_far_as_its_scope() -> None:
    desk = scene("working")
    _delegate(desk, "LG-2", "LG-1", Role.LEADING_GROUP, scope=("25.phase_review",))
    assert desk.refused(c.Suspend, actor=_FOR_LG, **_PAPER).code is Code.DELEGATION_INVALID
    waive = {"goal": "T-01-P1", "decision": "waived", **_PAPER}
    desk.do(c.DecideGoal, "LG-1", actor=_FOR_LG, **waive)


def test_sod10_no_scope_names_an_act_outside_the_matrix() -> None:
    desk, actor = scene("all_achieved"), _as("OF-2", "OF-1", Role.OFFICE)
    days = {"from_on": date(2019, 6, 3), "until_on": date(2019, 6, 4)}
    _delegate(desk, "OF-2", "OF-1", Role.OFFICE, scope=("15.verify",), **days)
    assert desk.refused(c.CallReview, actor=actor).code is Code.DELEGATION_INVALID
    _delegate(desk, "OF-2", "OF-1", Role.OFFICE, **days)
    desk.do(c.CallReview, "OF-1", actor=actor)


def test_sod10_one_delegation_does_not_lend_its_scope_to_another() -> None:
    both = Person(id="LG-1", name="LG1号", role=Role.OFFICE)
    desk = Desk(a_plan(people=(*people(), both))).implementing()
    _delegate(desk, "LG-2", "LG-1", Role.LEADING_GROUP, scope=("25.phase_review",))
    _delegate(desk, "LG-2", "LG-1", Role.OFFICE)
    assert desk.refused(c.Suspend, actor=_FOR_LG, **_PAPER).code is Code.DELEGATION_INVALID
    named = _FOR_LG.model_copy(update={"delegation_id": "G0002"})
    assert desk.refused(c.Suspend, actor=named, **_PAPER).code is Code.DELEGATION_INVALID


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"deputy": "NOBODY"}, Code.ACTOR_UNKNOWN),
        ({"principal": "NOBODY"}, Code.ACTOR_UNKNOWN),
        ({"deputy": "LG-1"}, Code.COMMAND_MALFORMED),
        ({"until_on": date(2019, 3, 31)}, Code.COMMAND_MALFORMED),
    ],
)
def test_sod10_a_delegation_names_two_people_and_an_order_of_days(
    fields: dict[str, Any], code: Code
) -> None:
    wanted: dict[str, Any] = {
        "deputy": "LG-2",
        "principal": "LG-1",
        "role": Role.LEADING_GROUP,
        "from_on": date(2019, 4, 1),
        "until_on": date(2019, 4, 10),
        "basis_doc": "授权书",
        **fields,
    }
    assert scene("working").refused(c.RecordDelegation, **wanted).code is code


def test_sod10_who_has_left_deputises_for_nobody() -> None:
    desk = scene("working")
    _delegate(desk, "LG-2", "LG-1", Role.LEADING_GROUP)
    successor = Person(id="LG-3", name="新组长", role=Role.LEADING_GROUP)
    leave = {"role": Role.LEADING_GROUP, "successor": successor, "basis_doc": "任免通知"}
    desk.do(c.ReplacePerson, "OF-1", leaving="LG-2", **leave)
    assert desk.refused(c.Suspend, actor=_FOR_LG, **_PAPER).code is Code.DELEGATION_INVALID


def test_sod11_the_system_decides_nothing() -> None:
    claim: dict[str, Any] = {"task": "T-01", "result": "好", "evidence": OUTCOME}
    refusal = scene("working").refused(c.ClaimTask, actor=ACTORS[Role.SYSTEM], **claim)
    assert refusal.code is Code.SYSTEM_MAY_NOT_DECIDE
