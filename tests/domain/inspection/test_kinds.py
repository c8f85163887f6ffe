"""The kinds of f.1 as one table, what each order must say (K50), and its authority (f.2)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.kinds import (
    KINDS,
    check_order,
    is_unannounced,
    notice_of,
    require_entitled,
    rule_of,
)
from duban.domain.inspection.words import Choice, InspectionKind
from duban.domain.plan import UnitKind
from duban.domain.policy import PolicyVersion
from duban.domain.roles import FormerUnit, Person, Role
from tests.support.inspections import InspectionDesk, a_named_order, an_order

K, D, N = InspectionKind, Choice.DRAWN, Choice.NAMED
POLICY = PolicyVersion()

FULL: dict[InspectionKind, dict[str, Any]] = {
    K.OPEN_AND_COVERT_VISIT: {"plan_ref": "计划1"},
    K.KEY_INSPECTION: {"choice": N, "unit": "U03", "plan_ref": "计划2", "criteria": "红牌两张"},
    K.THEMATIC_INSPECTION: {"plan_ref": "计划3"},
    K.SPOT_CHECK: {},
    K.PERIODIC_EFFECT_CHECK: {"choice": N, "unit": "U03", "plan_ref": "计划4", "phase": 1},
}


def missing(**order: Any) -> list[str]:
    """Return what an order lacks."""
    with pytest.raises(RuleViolation) as why:
        check_order(an_order(**order), POLICY)
    assert why.value.code is Code.INSPECTION_INCOMPLETE
    return list(why.value.params["missing"])  # type: ignore[arg-type]


def test_f1_the_table_of_kinds_is_as_written() -> None:
    lg, of, su, cg = (
        *(Role.LEADING_GROUP, Role.OFFICE),
        *(Role.SUPERVISION_GROUP, Role.CAMPAIGN_GROUP),
    )
    told = {
        kind: (set(row.planned_by), set(row.ordered_by), dict(row.notice), row.planned)
        for kind, row in KINDS.items()
    }
    assert told == {
        K.OPEN_AND_COVERT_VISIT: ({su}, {su}, {D: "none", N: "allowed"}, True),
        K.KEY_INSPECTION: ({lg, of}, {lg, of}, {N: "short"}, True),
        K.THEMATIC_INSPECTION: ({cg}, {lg, of, su}, {D: "allowed", N: "allowed"}, True),
        K.SPOT_CHECK: (set(), {lg, of, su}, {D: "none"}, False),
        K.PERIODIC_EFFECT_CHECK: ({of}, {lg, of}, {N: "scheduled"}, True),
    }


def test_f1_a_look_back_stands_on_its_problem() -> None:
    with pytest.raises(RuleViolation) as why:
        rule_of(K.LOOK_BACK)

    assert (why.value.code, why.value.params["kind"]) == (Code.INSPECTION_KIND, "look_back")
    assert set(K) - set(KINDS) == {K.LOOK_BACK}


@pytest.mark.parametrize("kind", KINDS)
def test_k50_each_kind_has_mandatory_fields_of_its_own(kind: InspectionKind) -> None:
    check_order(an_order(kind=kind, **FULL[kind]), POLICY)
    for name in rule_of(kind).needs:
        empty = None if name == "phase" else ""
        assert missing(kind=kind, **{**FULL[kind], name: empty}) == [name]

    others = [row.needs for other, row in KINDS.items() if other is not kind]
    assert rule_of(kind).needs not in others


def test_f1_how_a_target_is_chosen_belongs_to_the_kind() -> None:
    assert missing(choice=N, unit="U03") == ["choice"]
    assert missing(unit="U03") == ["unit"]
    assert missing(**{**FULL[K.KEY_INSPECTION], "kind": K.KEY_INSPECTION, "unit": None}) == ["unit"]
    assert missing(ends_on=date(2019, 4, 24)) == ["ends_on"]


def test_k52_a_drawn_visit_is_covert_and_a_named_one_is_open() -> None:
    visit = {"kind": K.OPEN_AND_COVERT_VISIT, "plan_ref": "计划1"}

    assert is_unannounced(an_order(**visit))
    assert notice_of(an_order(**visit, choice=N, unit="U03")) == "allowed"


def test_sec7_no_kind_names_a_unit_of_which_no_notice_is_given() -> None:
    assert [kind for kind, row in KINDS.items() if row.notice.get(N) == "none"] == []


def test_sec1_a_scope_that_would_tell_the_target_is_refused() -> None:
    with pytest.raises(RuleViolation) as why:
        check_order(an_order(scope=("U03", "U03")), POLICY)

    assert why.value.code is Code.INSPECTION_SCOPE_TELLS
    assert why.value.params == {"fewest": 2, "there": 1}
    check_order(a_named_order(scope=("U03",)), POLICY)


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"authorising_doc": " "}, UnitKind.BODY, Code.SPOT_CHECK_NOT_AUTHORISED),
        ({}, UnitKind.DEPARTMENT, Code.SPOT_CHECK_BODY_NOT_DESIGNATED),
        ({"designation_doc": "指定1号"}, UnitKind.DEPARTMENT, None),
        ({}, UnitKind.BODY, None),
    ],
)
def test_f2_no_inspection_without_a_document_and_an_entitled_body(
    changes: dict[str, Any], kind: UnitKind, code: Code | None
) -> None:
    if code is None:
        require_entitled(an_order(**changes), kind)
        return
    with pytest.raises(RuleViolation) as why:
        require_entitled(an_order(**changes), kind)
    assert why.value.code is code


def test_f2_a_spot_check_without_its_authority_is_not_opened() -> None:
    with pytest.raises(RuleViolation) as why:
        InspectionDesk(body_kind=UnitKind.DEPARTMENT, ordering_body="U01")
    assert why.value.code is Code.SPOT_CHECK_BODY_NOT_DESIGNATED


# A planned kind waits for its authority --------------------------------------------------------


def planned(**order: Any) -> InspectionDesk:
    """A periodic check of U03 that the office planned."""
    return InspectionDesk(by="OF-2", choice=N, **order)


AUTHORITY: dict[str, Any] = {"authorising_doc": "授权书1号", "team": ("IN-2", "IN-3")}


def test_f2_a_planned_kind_is_authorised_by_a_document_and_its_body() -> None:
    desk = planned()
    assert (desk.state, desk.record.authorised_by) == ("planned", None)

    desk.authorised("LG-1")

    it = desk.record
    assert (desk.state, it.authorised_by, it.order.signer) == ("authorised", "LG-1", "LG-1")
    assert (it.order.authorising_doc, it.team) == ("授权书1号", ("IN-2", "IN-3"))
    assert desk.refused(c.AuthoriseInspection, "OF-1", **AUTHORITY).code is Code.STATE_ORDER


def test_f2_a_department_needs_its_designation() -> None:
    desk = planned(ordering_body="U01", body_kind=UnitKind.DEPARTMENT)

    why = desk.refused(c.AuthoriseInspection, "OF-1", **AUTHORITY)
    assert why.code is Code.SPOT_CHECK_BODY_NOT_DESIGNATED
    desk.authorised(designation_doc="指定1号")
    assert desk.record.order.designation_doc == "指定1号"


def test_f1_a_body_authorises_only_what_it_may_order() -> None:
    why = planned().refused(c.AuthoriseInspection, "SU-1", **AUTHORITY)

    assert (why.code, why.params["held"]) == (Code.ROLE_NOT_PERMITTED, ["leading_group", "office"])


@pytest.mark.parametrize("team", [(), ("IN-2",), ("IN-1", "IN-2"), ("IN-2", "IN-2", "IN-3")])
def test_sod6_a_named_team_has_at_least_two_besides_its_leader(team: tuple[str, ...]) -> None:
    fields = {**AUTHORITY, "team": team}

    assert planned().refused(c.AuthoriseInspection, **fields).code is Code.INSPECTION_TEAM


def test_sec1_the_team_of_a_drawn_target_is_named_nowhere() -> None:
    desk = InspectionDesk(by="SU-2", kind=K.OPEN_AND_COVERT_VISIT, plan_ref="计划1")

    why = desk.refused(c.AuthoriseInspection, "SU-1", **AUTHORITY)
    assert (why.code, why.params["fewest"]) == (Code.INSPECTION_TEAM, 0)
    assert desk.authorised("SU-1", team=()).state == "authorised"


@pytest.mark.parametrize(
    ("person", "recused"),
    [
        ({"unit": "U03"}, True),
        ({"unit": "U03", "left": True}, False),
        ({"former_units": (FormerUnit(unit="U03", left_on=date(2016, 4, 24)),)}, True),
        ({"former_units": (FormerUnit(unit="U03", left_on=date(2016, 4, 23)),)}, False),
        ({"unit": "U01"}, False),
    ],
)
def test_sod6_nobody_inspects_a_unit_of_theirs(person: dict[str, Any], recused: bool) -> None:
    desk = planned()
    known = Person(id="IN-3", name="督查组3号", role=Role.LIAISON, **person)
    desk.inspection.state.person[known.key] = known

    if recused:
        assert desk.refused(c.AuthoriseInspection, **AUTHORITY).params["rule"] == "SOD6"
    else:
        assert desk.authorised().state == "authorised"


# Notice, and what changes afterwards ------------------------------------------------------------


def test_f1_a_unit_is_told_where_its_kind_allows_it() -> None:
    desk = planned().authorised()
    desk.given()

    desk.do(c.GiveNotice, "OF-1", doc_no="通知1号")

    assert desk.record.notice.doc_no == "通知1号"
    told = {each["recipient_unit"] for each in desk.notices(rung="INSPECTION")}
    assert told == {"U03"}


def test_sec7_no_notice_of_what_is_unannounced() -> None:
    desk = InspectionDesk().drawn()

    assert desk.refused(c.GiveNotice, "OF-1", doc_no="-").code is Code.INSPECTION_UNANNOUNCED
    assert desk.notices() == []


def test_sec1_no_notice_of_what_is_sealed_even_where_the_kind_allows_one() -> None:
    sample = InspectionDesk(by="CG-1", kind=K.THEMATIC_INSPECTION, plan_ref="计划3")

    why = sample.authorised("OF-1", team=()).refused(c.GiveNotice, "OF-1", doc_no="-")

    assert why.code is Code.INSPECTION_UNANNOUNCED


AMENDED: dict[str, Any] = {"doc_no": "变更1号", "reason": "来信反映"}


def test_f2_scope_is_widened_by_who_authorised_and_stays_to_be_seen() -> None:
    desk = InspectionDesk().drawn()

    desk.do(c.AmendScope, "SU-1", scope=("U01", "U02", "U03"), ends_on="2019-04-30", **AMENDED)

    [amendment] = desk.record.amendments
    assert (amendment.changed, amendment.added) == (("ends_on", "scope"), ("U02",))
    assert desk.record.order.ends_on == date(2019, 4, 30)
    [said] = desk.said("scope:amended")
    assert (said.basis_doc, said.detail["added"]) == ("变更1号", ["U02"])


def test_f2_nobody_else_amends_and_an_amendment_changes_something() -> None:
    desk = InspectionDesk().drawn()
    same = {"scope": ("U01", "U03"), "matter": "窗口服务制度落实"}

    wider = {"scope": ("U01", "U02"), **AMENDED}
    assert desk.refused(c.AmendScope, "OF-1", **wider).code is Code.ROLE_NOT_PERMITTED
    assert desk.refused(c.AmendScope, "SU-1", **same, **AMENDED).code is Code.REASON_MISSING
    alone = desk.refused(c.AmendScope, "SU-1", scope=("U03",), **AMENDED)
    assert alone.code is Code.INSPECTION_SCOPE_TELLS
    past = desk.refused(c.AmendScope, "SU-1", ends_on="2019-04-23", **AMENDED)
    assert past.code is Code.DEADLINE_IN_PAST
    assert planned().refused(c.AmendScope, "OF-1", **wider).code is Code.STATE_ORDER


def test_f3_an_amendment_changes_no_draw_that_is_awaited() -> None:
    wider = {"scope": ("U01", "U02", "U03"), **AMENDED}

    assert InspectionDesk().refused(c.AmendScope, "SU-1", **wider).code is Code.STATE_ORDER
    named = planned().authorised()
    named.do(c.AmendScope, "OF-1", scope=("U02", "U03"), **AMENDED)
    assert named.record.amendments[0].added == ("U02",)
