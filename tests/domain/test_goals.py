"""Phase goals: measured, claimed, verified by others, decided by resolution (c.5, EXP8, K04)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.proof import share_done
from duban.domain.campaign.records import GoalState, TaskState
from duban.domain.campaign.tables import GOAL_MOVES, GOAL_RESULTS
from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import Code
from duban.domain.plan import Direction
from tests.support.builders import Desk, a_goal, a_plan, proof, shanghai
from tests.support.cases import CASES
from tests.support.scenes import OUTCOME, scene

_OPEN = {GoalState.ON_TRACK, GoalState.AT_RISK, GoalState.OVERDUE, GoalState.CARRIED_OVER}
_ADMITS = {
    c.RecordGoalValue: _OPEN | {GoalState.SET, GoalState.NOT_ACHIEVED},
    c.ClaimGoal: _OPEN | {GoalState.NOT_ACHIEVED},
    c.VerifyGoal: _OPEN | {GoalState.CLAIMED, GoalState.VERIFYING, GoalState.NOT_ACHIEVED},
    c.DecideGoal: set(GoalState) - {GoalState.ACHIEVED, GoalState.WAIVED},
}
_TRIED = [
    pytest.param(case, state, id=f"{case.command.__name__}-{state.value}")
    for case in CASES
    if case.command in _ADMITS
    for state in GoalState
]


@pytest.mark.parametrize(("case", "state"), _TRIED)
def test_c5_a_command_moves_a_goal_along_its_table_only(case: Any, state: GoalState) -> None:
    desk = scene("working")
    known = desk.campaign.state.goal["T-01-P1"]
    desk.campaign.state.goal["T-01-P1"] = known.model_copy(update={"state": state})
    by = {"PL": "U01-L1", "LG": "LG-1", "OF": "OF-1"}[case.roles.split(maxsplit=1)[0]]
    if state in _ADMITS[case.command]:
        assert desk.do(case.command, by, **case.fields).object_id == "T-01-P1"
    else:
        assert desk.refused(case.command, by, **case.fields).code is Code.STATE_ORDER


def test_c5_the_moves_of_the_drawing() -> None:
    g = GoalState
    assert GOAL_MOVES[g.SET] == {g.ON_TRACK, g.AT_RISK, g.WAIVED}
    assert GOAL_MOVES[g.ACHIEVED] == GOAL_MOVES[g.WAIVED] == frozenset()
    assert g.CLAIMED in GOAL_MOVES[g.OVERDUE]
    assert g.VERIFYING in GOAL_MOVES[g.CLAIMED]
    assert GOAL_MOVES[g.VERIFYING] == {g.ACHIEVED, g.NOT_ACHIEVED, g.CARRIED_OVER, g.WAIVED}
    assert all(g.SET not in moves for moves in GOAL_MOVES.values())
    assert {g.ACHIEVED, g.NOT_ACHIEVED, g.CARRIED_OVER, g.WAIVED} == GOAL_RESULTS


def test_c5_claimed_and_verified_values_stand_apart() -> None:
    desk = scene("goal_claimed")
    check: dict[str, Any] = {"evidence": OUTCOME, "on_site": True, "opinion": "略低于申报"}
    desk.do(c.VerifyGoal, "OF-1", goal="T-01-P1", value=Decimal("52.5"), **check)
    goal = desk.campaign.state.goal["T-01-P1"]
    assert (goal.claimed_value, goal.verified_value) == (Decimal(53), Decimal("52.5"))
    assert (goal.claimed_by, goal.claimed_by_unit, goal.verified_by) == ("U01-L1", "U01", "OF-1")
    assert goal.state is GoalState.ACHIEVED
    assert desk.events[-1].detail["on_site"] is True


def test_exp8_whether_a_goal_is_achieved_is_computed_from_its_number() -> None:
    desk = scene("goal_claimed")
    check: dict[str, Any] = {"evidence": OUTCOME, "on_site": True, "opinion": "差一点，算完成"}
    desk.do(c.VerifyGoal, "OF-1", goal="T-01-P1", value=Decimal("51.9"), **check)
    assert desk.campaign.state.goal["T-01-P1"].state is GoalState.NOT_ACHIEVED
    clock = desk.deadline("T-01-P1", "DL08")
    assert (clock.held_at, clock.is_running) == (None, True)
    assert not [d for d in desk.campaign.state.deadline.values() if d.code.value == "DL12"]


@pytest.mark.parametrize("kind", [EvidenceKind.PROCESS, EvidenceKind.SUPPORTING, None])
def test_k04_a_goal_with_only_process_evidence_cannot_be_claimed_or_verified(
    kind: EvidenceKind | None,
) -> None:
    given = proof(kind) if kind else ()
    claim: dict[str, Any] = {"goal": "T-01-P1", "value": Decimal(53), "evidence": given}
    refusal = scene("working").refused(c.ClaimGoal, "U01-L1", **claim)
    assert refusal.code is Code.EVIDENCE_INSUFFICIENT
    check = {**claim, "on_site": True, "opinion": "已公开上墙"}
    refusal = scene("goal_claimed").refused(c.VerifyGoal, "OF-1", **check)
    assert refusal.code is Code.EVIDENCE_INSUFFICIENT


def test_a_claim_below_its_target_is_refused() -> None:
    claim: dict[str, Any] = {"goal": "T-01-P1", "value": Decimal("51.99"), "evidence": OUTCOME}
    refusal = scene("working").refused(c.ClaimGoal, "U01-L1", **claim)
    assert (refusal.code, refusal.params["target"]) == (Code.GOAL_BELOW_TARGET, "52")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "1E+16", "1E-61", "sNaN"])
def test_a_value_is_a_number_that_can_be_measured(value: str) -> None:
    number = Decimal(value)
    report: dict[str, Any] = {"goal": "T-01-P1", "value": number}
    desk = scene("working")
    command = desk.command(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value=Decimal(1))
    command = command.model_copy(update=report)
    with pytest.raises(Exception, match="value.not_a_number"):
        desk.campaign.check(command, now=desk.now)


def test_sod1_a_goal_is_not_verified_by_the_unit_that_claims_it() -> None:
    desk = scene("goal_claimed")
    goal = desk.campaign.state.goal["T-01-P1"]
    desk.campaign.state.goal["T-01-P1"] = goal.model_copy(update={"claimed_by_unit": "U15"})
    check: dict[str, Any] = {"evidence": OUTCOME, "on_site": True, "opinion": "属实"}
    check |= {"goal": "T-01-P1", "value": Decimal(53)}
    assert desk.refused(c.VerifyGoal, "CG-1", **check).params["rule"] == "SOD1"
    desk.do(c.VerifyGoal, "OF-1", **check)


def test_sod1_an_unclaimed_goal_may_be_verified_by_anybody_who_verifies() -> None:
    desk = scene("working")
    check: dict[str, Any] = {"evidence": (), "on_site": False, "opinion": "未达标"}
    desk.do(c.VerifyGoal, "OF-1", goal="T-01-P1", value=Decimal(45), **check)
    assert desk.campaign.state.goal["T-01-P1"].state is GoalState.NOT_ACHIEVED


@pytest.mark.parametrize(
    ("day", "value", "state"),
    [
        ("2019-04-01", 41, GoalState.ON_TRACK),
        ("2019-05-15", 41, GoalState.AT_RISK),
        ("2019-05-15", 46, GoalState.ON_TRACK),
        ("2019-06-27", 50, GoalState.ON_TRACK),
        ("2019-06-27", 49, GoalState.AT_RISK),
    ],
)
def test_c5_health_is_progress_against_the_elapsed_share(
    day: str, value: int, state: GoalState
) -> None:
    desk = scene("working").at(day)
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value=Decimal(value))
    assert desk.campaign.state.goal["T-01-P1"].state is state


def test_c5_falling_goals_are_measured_downwards() -> None:
    goal = a_goal(direction=Direction.DOWN, baseline=Decimal(612), target=Decimal(489))
    assert share_done(goal, Decimal(612)) == 0
    assert share_done(goal, Decimal(489)) == 1
    desk = Desk(a_plan(goals=(goal, a_goal(phase=2), a_goal("T-02"), a_goal("T-02", 2))))
    desk.implementing()
    claim: dict[str, Any] = {"goal": goal.id, "evidence": OUTCOME}
    assert desk.refused(c.ClaimGoal, "U01-L1", value=Decimal(490), **claim).code is (
        Code.GOAL_BELOW_TARGET
    )
    desk.do(c.ClaimGoal, "U01-L1", value=Decimal(480), **claim)


def test_c5_a_floor_to_hold_is_done_when_held() -> None:
    goal = a_goal(baseline=Decimal(52))
    assert share_done(goal, Decimal(52)) == 1
    assert share_done(goal, Decimal(51)) == 0


def test_c5_a_goal_is_overdue_when_its_moment_passes_and_stays_so() -> None:
    desk = scene("working").at("2019-06-28", "17:30")
    goal = desk.campaign.state.goal["T-01-P1"]
    assert goal.state is GoalState.OVERDUE
    assert desk.deadline("T-01-P1", "DL08").breached_at == shanghai("2019-06-28", "17:30")
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value=Decimal(52))
    assert desk.campaign.state.goal["T-01-P1"].state is GoalState.OVERDUE


def test_c5_a_claim_waits_for_its_verification_without_a_breach() -> None:
    desk = scene("goal_claimed").at("2019-06-28", "17:30")
    goal = desk.campaign.state.goal["T-01-P1"]
    assert goal.state is GoalState.VERIFYING
    clock = desk.deadline("T-01-P1", "DL08")
    assert (clock.breached_at, clock.sent) == (None, ("ASSIGNED",))
    check: dict[str, Any] = {"evidence": (), "on_site": True, "opinion": "不实"}
    desk.at("2019-07-01").do(c.VerifyGoal, "OF-1", goal=goal.id, value=Decimal(45), **check)
    desk.at("2019-07-01", "10:01")
    assert desk.deadline(goal.id, "DL08").breached_at == shanghai("2019-06-28", "17:30")


def test_a_goal_of_a_coming_phase_can_be_measured_and_still_gets_its_clock() -> None:
    desk = scene("working")
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P2", value=Decimal(45))
    goal = desk.campaign.state.goal["T-01-P2"]
    assert (goal.state, goal.current_value) == (GoalState.SET, Decimal(45))
    desk.at("2019-06-20").achieve("T-01-P1", 53)
    desk.achieve("T-02-P1", 53)
    desk.at("2019-07-01").file(c.DocumentKind.PHASE_REPORT, "CG-1")
    desk.do(c.SignGate, "LG-1", gate=c.Gate.G2, doc_no="纪要")
    assert desk.campaign.state.goal["T-01-P2"].state is GoalState.ON_TRACK
    assert desk.deadline("T-01-P2", "DL08").current_due_on == date(2019, 9, 27)


def test_e7_a_report_ends_stagnation() -> None:
    desk = scene("working").at("2019-05-20")
    assert desk.campaign.state.task["T-01"].stagnant
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value=Decimal(45))
    task = desk.campaign.state.task["T-01"]
    assert (task.stagnant, task.last_action_on) == (False, date(2019, 5, 20))


def test_k25_ten_quiet_working_days_raise_the_flag_once() -> None:
    desk = scene("working").at("2019-05-31")
    quiet = [event for event in desk.said("task:stagnant") if event.object_id == "T-01"]
    # The item plan came on 8 March; phase 1, where the rule starts to watch, on 29 March.
    assert [event.occurred_at for event in quiet] == [shanghai("2019-03-29", "10:00")]
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value=Decimal(46))
    desk.at("2019-06-17", "17:29")
    assert not desk.campaign.state.task["T-01"].stagnant
    desk.at("2019-06-17", "17:30")
    assert desk.campaign.state.task["T-01"].stagnant


def test_k25_claimed_tasks_do_not_stagnate() -> None:
    desk = scene("task_claimed").at("2019-06-20")
    task = desk.campaign.state.task["T-01"]
    assert (task.state, task.stagnant) == (TaskState.DONE_CLAIMED, False)


def _carry(**changes: Any) -> dict[str, Any]:
    paper = {"reason": "依赖省级平台", "doc_no": "纪要8号", "decision": "carried_over"}
    return {"goal": "T-01-P1", "new_due_on": date(2019, 9, 20), **paper, **changes}


def test_g2_1_a_carried_over_goal_has_a_new_date_and_its_breach() -> None:
    desk = scene("working").at("2019-07-01")
    desk.do(c.DecideGoal, "LG-1", **_carry())
    goal, clock = desk.campaign.state.goal["T-01-P1"], desk.deadline("T-01-P1", "DL08")
    assert (goal.state, goal.due_on) == (GoalState.CARRIED_OVER, date(2019, 9, 20))
    assert clock.breached_at == shanghai("2019-06-28", "17:30")
    assert clock.original_due_on == date(2019, 6, 28)
    desk.at("2019-09-23")
    assert desk.campaign.state.goal["T-01-P1"].state is GoalState.OVERDUE
    assert desk.deadline("T-01-P1", "DL08").breached_at == shanghai("2019-06-28", "17:30")
    breaches = [e for e in desk.said("deadline:breached") if e.object_id == clock.id]
    assert [e.occurred_at for e in breaches] == [
        shanghai("2019-06-28", "17:30"),
        shanghai("2019-09-20", "17:30"),
    ]


def test_carrying_over_a_claimed_goal_ends_its_verification() -> None:
    desk = scene("goal_claimed")
    desk.do(c.DecideGoal, "LG-1", **_carry())
    assert desk.deadline("T-01-P1", "DL08").is_running
    assert not [d for d in desk.campaign.state.deadline.values() if d.code.value == "DL12"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"new_due_on": None}, Code.COMMAND_MALFORMED),
        ({"new_due_on": date(2019, 6, 28)}, Code.EXTENSION_NOT_LATER),
        ({"new_due_on": date(2019, 9, 21)}, Code.DEADLINE_ON_REST_DAY),
        ({"goal": "T-99-P1"}, Code.OBJECT_NOT_FOUND),
    ],
)
def test_carrying_over_needs_a_later_working_day(changes: dict[str, Any], code: Code) -> None:
    assert scene("working").refused(c.DecideGoal, "LG-1", **_carry(**changes)).code is code


def test_a_waived_goal_has_no_clock_left() -> None:
    desk = scene("goal_claimed")
    desk.do(c.DecideGoal, "LG-1", **_carry(decision="waived"))
    goal = desk.campaign.state.goal["T-01-P1"]
    assert (goal.state, goal.decision_reason) == (GoalState.WAIVED, "依赖省级平台")
    assert not [d for d in desk.campaign.state.deadline.values() if d.object_id == "T-01-P1"]
