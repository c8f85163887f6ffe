"""Orders of inspections (f.1, f.2): numbered, planned, held to the budget, opened, heard of."""

from datetime import date, timedelta
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.inspection_calls import ordered, to_open, unopened
from duban.domain.campaign.restore import restored
from duban.domain.errors import Code
from duban.domain.events import Outcome
from duban.domain.inspection.creation import create
from duban.domain.inspection.words import Choice, InspectionKind, InspectionState
from duban.domain.roles import UNIT_ROLES
from tests.support import checks as k
from tests.support.builders import Desk
from tests.support.checks import ONE, TWO

ZERO = timedelta(0)


def test_f2_an_order_with_leaders_opens_an_inspection_for_each_site() -> None:
    desk = k.a_desk()
    said = k.order(desk)

    assert (said.tag, said.basis_doc) == ("campaign:spot_check:ordered", "督查计划第3项")
    order = next(each.after for each in said.changes if each.kind == "spot_check")
    assert order["inspections"] == [ONE, TWO] == ordered([said])
    one, two = k.line(desk, ONE), k.line(desk, TWO)
    assert (one.state, one.kind, one.leader) == ("authorised", "spot_check", "IN-1")
    assert (one.first, two.first, one.unit) == (ONE, ONE, None)
    assert desk.campaign.record.inspections_ordered == 2
    assert restored(desk.events).inspection_line == desk.campaign.state.inspection_line


def test_f2_ten_deliveries_of_one_order_open_its_inspections_once() -> None:
    desk = k.a_desk()
    for _ in range(10):
        k.order(desk)

    assert sorted(desk.campaign.state.inspection_line) == [ONE, TWO]
    assert len(desk.said("spot_check:ordered")) == 1


def test_an_order_without_leaders_is_put_on_record_alone_as_ever() -> None:
    desk = k.a_desk()
    said = k.order(desk, leaders=[], sites=1)

    order = next(each.after for each in said.changes if each.kind == "spot_check")
    assert "inspections" not in order
    assert desk.campaign.state.inspection_line == {}
    assert "inspections_ordered" not in desk.campaign.record.plain()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"leaders": ["IN-1", "IN-2"], "sites": 3}, Code.INSPECTION_LEADERS),
        ({"leaders": ["IN-9"]}, Code.ACTOR_UNKNOWN),
        ({"leaders": ["OF-1"]}, Code.ACTOR_ROLE_NOT_HELD),
        ({"scope": ["U01"]}, Code.INSPECTION_SCOPE_TELLS),
        ({"sites": 21}, Code.SIGNAL_MALFORMED),
        ({"starts_on": "2019-05-01", "ends_on": "2019-04-01"}, Code.INSPECTION_INCOMPLETE),
    ],
)
def test_f2_a_faulty_order_opens_nothing_and_stands_on_the_trail(
    changes: dict[str, Any], code: Code
) -> None:
    desk = k.a_desk()
    said = k.order(desk, **changes)

    assert (said.outcome, said.code) == (Outcome.REJECTED, code.value)
    assert desk.campaign.state.inspection_line == {}


def test_each_site_may_have_a_leader_of_its_own() -> None:
    desk = k.a_desk()
    k.order(desk, leaders=["IN-1", "IN-2"])

    assert (k.line(desk, ONE).leader, k.line(desk, TWO).leader) == ("IN-1", "IN-2")


def test_sec1_an_inspection_is_opened_from_its_order_and_from_nobody_of_a_unit() -> None:
    desk = k.a_desk()
    k.order(desk, matter="窗口", starts_on="2019-04-02", ends_on="2019-04-30")
    start = to_open(desk.campaign.state, ONE, ZERO)

    assert start is not None
    assert (start.no, start.order.starts_on, start.order.signer) == (ONE, date(2019, 4, 2), "SU-1")
    assert not any(each.role in UNIT_ROLES for each in start.given.people)
    opened = create(start, now=desk.now)
    assert opened.inspection[ONE].state is InspectionState.AUTHORISED
    assert unopened(desk.campaign.state) == [ONE, TWO]


def test_an_inspection_that_was_heard_of_is_not_opened_again() -> None:
    desk = k.a_desk()
    k.order(desk)
    assert k.stands(desk, ONE)

    assert to_open(desk.campaign.state, ONE, ZERO) is None
    assert unopened(desk.campaign.state) == [TWO]
    assert to_open(desk.campaign.state, "BE-2019-I0042", ZERO) is None


def test_f1_a_planned_kind_waits_for_its_authorisation_and_names_its_unit() -> None:
    desk = k.a_desk()
    receipt = desk.do(c.PlanInspection, "OF-1", **k.a_plan_line())
    start = to_open(desk.campaign.state, receipt.object_id, ZERO)

    assert (receipt.object_type, receipt.object_id) == ("inspection_line", ONE)
    line = k.line(desk)
    assert (line.state, line.unit, line.terms) == ("planned", "U01", None)
    assert start is not None
    assert {each.unit for each in start.given.people if each.role in UNIT_ROLES} == {"U01"}
    [said] = desk.said("inspection:planned")
    assert (said.basis_doc, said.unit) == ("督查计划第5项", None)


@pytest.mark.parametrize(
    ("by", "changes", "code"),
    [
        ("SU-1", {}, Code.ROLE_NOT_PERMITTED),
        ("U01-L1", {}, Code.ROLE_NOT_PERMITTED),
        ("OF-1", {"kind": InspectionKind.LOOK_BACK}, Code.INSPECTION_KIND),
        ("OF-1", {"kind": InspectionKind.SPOT_CHECK}, Code.ROLE_NOT_PERMITTED),
        ("OF-1", {"criteria": ""}, Code.INSPECTION_INCOMPLETE),
        ("OF-1", {"unit": None}, Code.INSPECTION_INCOMPLETE),
        ("OF-1", {"scope": ("U99",)}, Code.OBJECT_NOT_FOUND),
        ("OF-1", {"leaders": ("IN-1", "IN-2")}, Code.INSPECTION_LEADERS),
    ],
)
def test_f1_who_may_plan_and_what_a_plan_must_say(
    by: str, changes: dict[str, Any], code: Code
) -> None:
    assert k.a_desk().refused(c.PlanInspection, by, **k.a_plan_line(**changes)).code is code


def test_f1_a_campaign_group_plans_a_theme_that_is_drawn() -> None:
    desk = k.a_desk()
    theme = {"kind": InspectionKind.THEMATIC_INSPECTION, "choice": Choice.DRAWN, "unit": None}
    desk.do(c.PlanInspection, "CG-1", **k.a_plan_line(**theme, scope=("U01", "U02"), sites=2))

    terms = k.line(desk).terms
    assert terms is not None
    assert (terms.scope, terms.inspectors) == (("U01", "U02"), 2)
    assert k.line(desk, TWO).first == ONE


def _plans(desk: Desk, day: int, **changes: Any) -> None:
    starts = date(2019, 4, day)
    dates = {"starts_on": starts, "ends_on": starts, "theme": f"主题{day}"}
    desk.do(c.PlanInspection, "OF-1", **k.a_plan_line(**{**dates, **changes}))


def test_f2_more_contacts_than_the_budget_need_the_leading_group() -> None:
    desk = k.a_desk()
    for day in (8, 9, 10, 11):
        _plans(desk, day)
    k.visited(desk, ONE)
    over = k.a_plan_line(starts_on=date(2019, 4, 15), ends_on=date(2019, 4, 15))

    why = desk.refused(c.PlanInspection, "OF-1", **over)
    assert why.code is Code.INSPECTION_OVER_BUDGET
    assert (why.params["contacts"], why.params["month"]) == (4, "2019-04")
    assert desk.refused(c.PlanInspection, "OF-1", **over, budget_doc="无").code is why.code
    desk.do(c.PlanInspection, "OF-1", **over, budget_doc="领导小组批准1号")
    may = {"starts_on": date(2019, 5, 6), "ends_on": date(2019, 5, 6), "theme": "五月"}
    desk.do(c.PlanInspection, "OF-1", **k.a_plan_line(**may))


def test_f2_what_nobody_went_to_is_no_contact() -> None:
    desk = k.a_desk()
    for day in (8, 9, 10, 11):
        _plans(desk, day)
    k.stands(desk, ONE, state=InspectionState.ABORTED, is_over=True)

    _plans(desk, 12)

    assert ONE not in desk.campaign.state.inspection_line


def test_f2_a_theme_does_not_come_back_within_thirty_days_without_a_reason() -> None:
    desk = k.a_desk()
    _plans(desk, 8, theme="红牌整改")
    again = k.a_plan_line(starts_on=date(2019, 5, 8), ends_on=date(2019, 5, 8))

    why = desk.refused(c.PlanInspection, "OF-1", **again)
    assert (why.code, why.params["on"]) == (Code.INSPECTION_REPEATED, "2019-04-08")
    desk.do(c.PlanInspection, "OF-1", **{**again, "repeat_reason": "整改后复查"})
    later = k.a_plan_line(starts_on=date(2019, 6, 10), ends_on=date(2019, 6, 10), unit="U02")
    desk.do(c.PlanInspection, "OF-1", **later)


def test_f2_a_theme_that_was_seen_on_site_counts_from_that_day() -> None:
    desk = k.a_desk()
    k.order(desk, theme="红牌整改")
    k.visited(desk, ONE, on_day=date(2019, 4, 1))
    soon = k.a_plan_line(starts_on=date(2019, 5, 1), ends_on=date(2019, 5, 1))

    assert desk.refused(c.PlanInspection, "OF-1", **soon).code is Code.INSPECTION_REPEATED
    may = k.a_plan_line(starts_on=date(2019, 5, 2), ends_on=date(2019, 5, 2))
    desk.do(c.PlanInspection, "OF-1", **may)
