"""Gates G1-G4: every condition unmet and met, by its number; overrides by resolution (c.2)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import GoalState, PlanState, TaskState
from duban.domain.errors import Code
from tests.support.builders import Desk, a_calendar
from tests.support.scenes import OUTCOME, scene

_SIGN: dict[str, Any] = {"doc_no": "纪要9号"}


def _unmet(desk: Desk, gate: str) -> dict[str, tuple[str, ...]]:
    results = desk.campaign.gate(c.Gate(gate), now=desk.now)
    return {each.id: each.missing for each in results if each.blocks and not each.met}


def _swap(desk: Desk, kind: str, key: str, **fields: Any) -> None:
    """Put a state before the gate that no command leads to: the gate must judge it all the same."""
    table = desk.campaign.state.table(kind)
    table[key] = table[key].model_copy(update=fields)


def _end_calendar(desk: Desk, last_on: date) -> None:
    desk.campaign.state.calendar["1"] = a_calendar().window(date(2019, 1, 1), last_on)


G1: dict[str, tuple[Callable[[Desk], object], tuple[str, ...]]] = {
    "G1.1": (
        lambda d: _swap(d, "campaign", "BE-2019", plan_state=PlanState.PASSED),
        ("passed",),
    ),
    "G1.2": (
        lambda d: d.do(c.CancelTask, "LG-1", task="T-02", reason="重复", doc_no="纪要"),
        ("C2",),
    ),
    "G1.2 task": (lambda d: _swap(d, "task", "T-02", clauses=()), ("C2", "T-02")),
    "G1.3": (lambda d: _swap(d, "task", "T-02", handler="U01-H1"), ("T-02",)),
    "G1.3 text": (lambda d: _swap(d, "task", "T-02", effect_measure=""), ("T-02",)),
    "G1.4": (
        lambda d: _swap(d, "campaign", "BE-2019", details=d.campaign.record.details[1:]),
        ("facts",),
    ),
    "G1.5": (lambda d: [d.campaign.state.goal.pop(f"T-0{n}-P2") for n in (1, 2)], ("2",)),
    "G1.6": (lambda d: _swap(d, "task", "T-01", state=TaskState.RETURN_PENDING), ("T-01",)),
    "G1.7": (lambda d: _swap(d, "unit", "U01", plan_state=PlanState.DUE), ("U01", "1/2")),
    "G1.7 review": (
        lambda d: _swap(d, "unit", "U02", plan_state=PlanState.SUBMITTED),
        ("U02", "1/2"),
    ),
    "G1.8": (lambda d: _swap(d, "campaign", "BE-2019", policy_digest="0"), ("policy_digest",)),
    "G1.8 calendar": (lambda d: _end_calendar(d, date(2019, 10, 30)), ("calendar",)),
    "G1.9": (lambda d: d.campaign.state.document.clear(), ("inspection_plan",)),
}


@pytest.mark.parametrize("name", G1)
def test_g1_each_condition_is_named_when_unmet(name: str) -> None:
    desk = scene("planned")
    assert _unmet(desk, "G1") == {}
    spoil, missing = G1[name]
    spoil(desk)
    number = name.split(maxsplit=1)[0]
    assert _unmet(desk, "G1") == {number: missing}
    refusal = desk.refused(c.SignGate, "LG-1", gate=c.Gate.G1, **_SIGN)
    assert refusal.code is Code.GATE_UNMET
    assert refusal.params["unmet"] == [f"{number}: {', '.join(missing)}"]


def test_g1_cancelled_tasks_are_asked_for_nothing() -> None:
    desk = scene("planned")
    _swap(desk, "task", "T-02", state=TaskState.CANCELLED, clauses=(), handler="U01-H1")
    assert _unmet(desk, "G1") == {"G1.2": ("C2",)}


def test_g1_7_nine_in_ten_unit_plans_are_enough() -> None:
    desk = scene("planned")
    units = desk.campaign.state.unit
    for number in range(3, 11):
        code = f"U{number:02}"
        units[code] = units["U01"].model_copy(update={"code": code})
    _swap(desk, "unit", "U02", plan_state=PlanState.RETURNED)
    assert _unmet(desk, "G1") == {}
    _swap(desk, "unit", "U03", plan_state=PlanState.RETURNED)
    assert _unmet(desk, "G1") == {"G1.7": ("8/10",)}


def test_g1_opens_phase_1_with_the_clocks_of_its_goals_and_tasks() -> None:
    desk = scene("planned")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G1, **_SIGN)
    record = desk.campaign.record
    assert (desk.stage, record.current_phase) == ("implement", 1)
    clocks = {(d.code.value, d.object_id) for d in desk.campaign.state.deadline.values()}
    assert clocks == {
        ("TASK", "T-01"),
        ("TASK", "T-02"),
        ("PHASE", "1"),
        ("DL08", "T-01-P1"),
        ("DL08", "T-02-P1"),
    }


@pytest.mark.parametrize(
    ("name", "ahead"), [("planned", "G1"), ("review", "G2"), ("account", "G4"), ("working", None)]
)
def test_only_the_gate_ahead_can_be_signed(name: str, ahead: str | None) -> None:
    for gate in c.Gate:
        if gate.value == ahead:
            continue
        refusal = scene(name).refused(c.SignGate, "LG-1", gate=gate, **_SIGN)
        assert refusal.code is Code.STAGE_ORDER


def test_the_gate_ahead_is_judged_when_none_is_named() -> None:
    first = [each.id for each in scene("review").campaign.gate(None, now=scene("review").now)]
    assert first == ["G2.1", "G2.2", "G2.3", "G2.4", "G2.5", "K46"]
    assert scene("working").campaign.gate(None, now=scene("working").now) == []


def _in_review() -> Desk:
    """Return a campaign in REVIEW(1) with one goal achieved, one not touched, and a report."""
    desk = scene("working").at("2019-06-20")
    desk.achieve("T-01-P1", 53)
    desk.at("2019-07-01").file(c.DocumentKind.PHASE_REPORT, "CG-1")
    return desk


def test_g2_1_and_k43_no_next_phase_over_an_unverified_goal() -> None:
    desk = _in_review()
    assert _unmet(desk, "G2") == {"G2.1": ("T-02-P1",)}
    assert desk.refused(c.SignGate, "LG-1", gate=c.Gate.G2, **_SIGN).code is Code.GATE_UNMET
    check = {"evidence": OUTCOME, "on_site": True, "opinion": "未达标"}
    desk.do(c.VerifyGoal, "OF-1", goal="T-02-P1", value=Decimal(45), **check)
    assert _unmet(desk, "G2") == {}
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G2, **_SIGN)
    assert desk.campaign.record.current_phase == 2


@pytest.mark.parametrize("decision", ["carried_over", "waived"])
def test_g2_1_the_leading_group_carries_over_or_waives(decision: str) -> None:
    desk = _in_review()
    paper = {"reason": "依赖省级平台", "doc_no": "纪要", "new_due_on": date(2019, 9, 20)}
    desk.do(c.DecideGoal, "LG-1", goal="T-02-P1", decision=decision, **paper)
    assert _unmet(desk, "G2") == {}


def test_g2_2_an_item_due_in_the_phase_is_answered() -> None:
    desk = scene("working").at("2019-06-26")
    desk.do(c.AssignItem, "OF-1", task="T-01", matter="窗口脱岗", limit="3wd")
    item = desk.deadline("T-01", "DL10")
    desk.at("2019-06-28", "17:30")
    assert "G2.2" not in _unmet(desk, "G2")
    desk.at("2019-07-01")
    assert _unmet(desk, "G2")["G2.2"] == (item.id,)
    done = {"result": "已整改", "evidence": OUTCOME}
    other = desk.fork()
    other.do(c.ConcludeItem, "OF-1", deadline=item.id, **done)
    assert "G2.2" not in _unmet(other, "G2")
    # A breach is on record from the close of business on: that is an answer, too.
    assert "G2.2" not in _unmet(desk.at("2019-07-01", "17:30"), "G2")


def test_g2_5_the_report_is_one_of_this_phase() -> None:
    desk = scene("review")
    assert _unmet(desk, "G2") == {"G2.5": ("phase_report",)}
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G2, **_SIGN)
    desk.at("2019-09-29")
    assert _unmet(desk, "G3")["G2.5"] == ("phase_report",)


def _override(**fields: Any) -> dict[str, Any]:
    return {
        "gate": c.Gate.G2,
        "doc_no": "纪要10号",
        "override": True,
        "carry_to": date(2019, 8, 30),
        "reason": "八项已完成六项",
        **fields,
    }


def test_st7_an_override_carries_every_unmet_goal_over_by_name() -> None:
    desk = _in_review()
    desk.do(c.SignGate, "LG-1", **_override())
    goals = desk.campaign.state.goal
    goal = goals["T-02-P1"]
    assert (goal.state, goal.due_on) == (GoalState.CARRIED_OVER, date(2019, 8, 30))
    assert (goal.carried_from_phase, goal.decision_doc) == (1, "纪要10号")
    assert goals["T-01-P1"].state is GoalState.ACHIEVED
    clock = desk.deadline("T-02-P1", "DL08")
    assert (clock.original_due_on, clock.current_due_on) == (date(2019, 6, 28), goal.due_on)
    assert desk.said("gate:signed")[-1].detail == {"gate": "G2", "override": True}
    assert desk.campaign.record.current_phase == 2


def test_st7_a_goal_carried_over_and_missed_again_is_carried_by_the_next_override() -> None:
    desk = _in_review()
    desk.do(c.SignGate, "LG-1", **_override())
    desk.at("2019-09-20").achieve("T-01-P2", 70)
    desk.achieve("T-02-P2", 70)
    desk.at("2019-09-29").file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.file(c.DocumentKind.TRIGGER_LIST, "SU-1")
    assert _unmet(desk, "G3") == {"G2.1": ("T-02-P1",)}
    desk.do(c.SignGate, "LG-1", **_override(gate=c.Gate.G3, carry_to=date(2019, 10, 25)))
    goal = desk.campaign.state.goal["T-02-P1"]
    assert (goal.state, goal.carried_from_phase) == (GoalState.CARRIED_OVER, 1)
    assert desk.stage == "account"


@pytest.mark.parametrize("left_out", ["carry_to", "reason"])
def test_an_override_is_a_resolution_with_date_and_reason(left_out: str) -> None:
    desk = _in_review()
    refusal = desk.refused(c.SignGate, "LG-1", **_override(**{left_out: None}))
    assert refusal.code is Code.REASON_MISSING


@pytest.mark.parametrize(
    ("until", "code"),
    [
        ("2019-06-28", Code.EXTENSION_NOT_LATER),
        ("2019-07-01", Code.EXTENSION_NOT_LATER),
        ("2019-08-31", Code.DEADLINE_ON_REST_DAY),
    ],
)
def test_an_override_carries_to_a_later_working_day(until: str, code: Code) -> None:
    desk = _in_review()
    fields = _override(carry_to=date.fromisoformat(until))
    assert desk.refused(c.SignGate, "LG-1", **fields).code is code


def test_an_override_does_not_replace_the_other_conditions() -> None:
    desk = scene("working").at("2019-07-01")
    refusal = desk.refused(c.SignGate, "LG-1", **_override())
    assert refusal.params["unmet"] == ["G2.5: phase_report"]


def test_g3_asks_for_the_list_of_triggers_as_well() -> None:
    desk = scene("review")
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G2, **_SIGN)
    desk.at("2019-09-29")
    assert _unmet(desk, "G3") == {
        "G2.1": ("T-01-P2", "T-02-P2"),
        "G2.5": ("phase_report",),
        "G3.1": ("trigger_list",),
    }
    ids = [each.id for each in desk.campaign.gate(c.Gate.G3, now=desk.now)]
    assert ids == ["G2.1", "G2.2", "G2.3", "G2.4", "G2.5", "G3.1", "K46"]


_PAPERS = {
    "closing_report": "G4.4.report",
    "scoreboard": "G4.4.scoreboard",
    "lookback_plan": "G4.4.lookback",
    "archive_package": "G4.4.archive",
}


@pytest.mark.parametrize("missing", _PAPERS)
def test_g4_asks_for_each_closing_paper(missing: str) -> None:
    desk = scene("account").at("2019-10-31")
    for kind in _PAPERS:
        if kind != missing:
            desk.file(c.DocumentKind(kind), "OF-1", digest="a" * 64)
    assert _unmet(desk, "G4") == {_PAPERS[missing]: (missing,)}
    assert desk.refused(c.SignGate, "LG-1", gate=c.Gate.G4, **_SIGN).code is Code.GATE_UNMET
    desk.file(c.DocumentKind(missing), "OF-1", digest="a" * 64)
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G4, **_SIGN)
    assert desk.stage == "watch"


def test_g4_has_its_conditions_of_later_parts_in_the_table() -> None:
    desk = scene("account")
    results = {each.id: each.met for each in desk.campaign.gate(c.Gate.G4, now=desk.now)}
    assert [results[name] for name in ("G4.1", "G4.2", "G4.3")] == [True] * 3
    assert desk.deadline("BE-2019", "SETTLE").amount == 15


def test_g4_ends_every_clock_but_the_watch() -> None:
    clocks = scene("watch").campaign.state.deadline.values()
    assert [each.code.value for each in clocks] == ["WATCH"]
