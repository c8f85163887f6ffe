"""Where an answer begins and ends: cases beside those that it is about."""

from datetime import date, timedelta

import pytest

from duban.domain.campaign import commands as c
from duban.domain.errors import RuleViolation
from duban.domain.events import Change
from duban.domain.policy import PolicyVersion
from tests.questions.asking import ask, cells
from tests.questions.small import a_request, asked_for, entries_of, with_event
from tests.support.builders import Desk
from tests.support.stories import own_story, sample, told

END = "2020-12-31T23:59"


def decided(desk: Desk, by: str, extension: str, *, approved: bool = True, **also: str) -> None:
    desk.do(c.DecideExtension, by, extension=extension, approved=approved, reason="阅", **also)


def test_1_an_earlier_date_is_no_extension() -> None:
    desk = Desk().implementing()
    clock = desk.deadline("T-01-P1", "DL08").id
    change = Change(
        kind="deadline",
        id=clock,
        before={"current_due_on": "2019-06-28"},
        after={"current_due_on": "2019-06-27"},
    )

    assert ask(1, with_event(desk, changes=(change,)), END).rows == ()


def test_1_of_an_act_in_several_entries_the_first_says_why() -> None:
    desk = Desk().implementing()
    desk.do(c.Suspend, "LG-1", reason="防汛", doc_no="纪要9号")
    desk.at("2019-04-03").do(c.Resume, "LG-1", reason="汛情解除", doc_no="纪要10号")
    head = desk.events[-1]
    moved = tuple(each for each in head.changes if each.kind == "deadline")
    more = {"seq": head.seq + 1, "reason": None, "detail": {"continues": head.seq}}
    parts = [
        head.model_copy(update={"changes": ()}),
        head.model_copy(update={**more, "basis_doc": None, "changes": moved}),
    ]

    whole = ask(1, entries_of(desk), END)
    found = ask(1, told([*desk.events[:-1], *parts]), END)

    assert len(moved) > 3
    names = ("deadline", "how", "new_due_on", "reason", "actor")
    assert cells(found, *names) == cells(whole, *names)
    assert {row[3] for row in cells(found, *names)} == {"汛情解除"}
    assert found.rows[0].keys == [f"campaign-BE-2019#{head.seq + n}" for n in (0, 1)]


def test_2_a_unit_is_not_compared_with_itself() -> None:
    desk = Desk().implementing()
    first = asked_for(desk)
    decided(desk, "CG-1", first, approved=False)
    decided(desk, "CG-1", asked_for(desk))

    assert cells(ask(2, entries_of(desk), END), "extension", "granted_to") == [(first, [])]


def test_2_another_class_of_reason_is_not_alike() -> None:
    desk = Desk().implementing()
    refused, granted = asked_for(desk), asked_for(desk, "T-02", "U02")
    decided(desk, "CG-1", refused, approved=False)
    decided(desk, "CG-1", granted, distinction="资金已由市级承担")
    other = [
        each.model_copy(update={"changes": (_reclassed(each.changes[0]), *each.changes[1:])})
        if each.tag == "campaign:extension:requested" and each.object_id == granted
        else each
        for each in desk.events
    ]

    assert cells(ask(2, entries_of(desk), END), "granted_to") == [([f"U02 {granted}"],)]
    assert cells(ask(2, told(other), END), "granted_to") == [([],)]


def _reclassed(change: Change) -> Change:
    assert change.kind == "extension"
    return change.model_copy(update={"after": {**change.after, "reason_class": "other"}})


def test_3_at_the_due_moment_it_is_not_late() -> None:
    desk = Desk().implementing()
    asked_for(desk)
    due = desk.deadline("T-01", "DL10").due_at

    def late(by: timedelta) -> int:
        events = [
            each.model_copy(update={"occurred_at": due + by})
            if each.tag == "campaign:extension:requested"
            else each
            for each in desk.events
        ]
        return len(ask(3, told(events), END).rows)

    assert (late(timedelta(0)), late(timedelta(seconds=1))) == (0, 1)


def test_3_a_remedial_date_makes_an_expired_date_no_later() -> None:
    desk = Desk().implementing().at("2019-07-01")
    goal = desk.deadline("T-01-P1", "DL08")
    desk.do(c.SetRemedialDate, "OF-1", deadline=goal.id, on=date(2019, 7, 12), reason="补救")
    asked = a_request(goal.id, "U01", date(2019, 7, 26))
    late = desk.command(c.RequestExtension, "U01-L1", **asked)
    with pytest.raises(RuleViolation) as why:
        desk.campaign.handle(late, now=desk.now)
    desk.campaign.refuse(late, why.value, now=desk.now)

    assert cells(ask(3, entries_of(desk), END), "code_refused", "due_at", "valid") == [
        ("extension.after_expiry", "2019-06-28T09:30:00+00:00", False)
    ]


def test_4_who_granted_most_stands_first() -> None:
    desk = Desk().implementing()
    asked = [asked_for(desk), asked_for(desk, "T-02", "U02"), asked_for(desk, "T-02", "U02")]
    for by, extension in zip(("CG-1", "CG-2", "CG-2"), asked, strict=True):
        decided(desk, by, extension)

    assert cells(ask(4, entries_of(desk), END), "actor", "unit", "granted") == [
        ("CG-2", "U02", 2),
        ("CG-1", "U01", 1),
    ]


def test_6_a_breach_ends_with_the_claim_that_held_and_not_with_its_verification() -> None:
    desk = Desk().implementing().at("2019-07-01")
    desk.at("2019-07-02", "10:00")
    claim = {"goal": "T-01-P1", "value": 52, "evidence": [{"kind": "outcome", "reference": "数据"}]}
    desk.do(c.ClaimGoal, "U01-L1", **claim)
    desk.at("2019-07-04", "15:00")
    desk.do(c.VerifyGoal, "OF-1", **claim, on_site=True, opinion="属实")

    found = ask(6, entries_of(desk), END, obj="T-01-P1")

    assert cells(found, "ended_at", "status", "working_days_late") == [
        ("2019-07-02T02:00:00+00:00", "met", 2)
    ]


def test_6_beyond_the_calendar_the_breach_is_shown_and_its_days_are_not_counted() -> None:
    desk = Desk().implementing().at("2019-07-01")

    far = ask(6, entries_of(desk), "2031-01-01T10:00", obj="T-01-P1")

    assert cells(far, "object_id", "status", "working_days_late") == [("T-01-P1", "open", None)]


def test_7_a_suspension_in_several_entries_has_the_paper_of_its_first() -> None:
    desk = Desk().implementing()
    desk.do(c.Suspend, "LG-1", reason="防汛", doc_no="纪要9号")
    head = desk.events[-1].seq

    assert ask(7, with_event(desk, basis_doc=None, detail={"continues": head}), END).rows == ()
    assert len(ask(7, with_event(desk, basis_doc=None), END).rows) == 1


def test_16_a_hard_bone_with_verified_progress_is_not_idle() -> None:
    entries = own_story(
        "clean", plan="formalism.xlsx", skip=("close_task:F-06",), until=date(2019, 11, 28)
    )

    assert ask(16, entries, "2019-11-28T18:00").rows == ()


@pytest.mark.parametrize("value", ["0", "0.0", "-3", "16"])
def test_16_a_measurement_no_better_than_before_the_phase_is_no_progress(value: str) -> None:
    # The baseline of F-06 is 0, and 16 were resolved by the end of phase 2.
    names = ("claim_goal:F-06/P3*", "verify_goal:F-06/P3*")
    tasks = ("claim_task:F-06", "verify_task:F-06", "close_task:F-06")
    nothing = {"goal": "F-06/P3", "evidence": [], "on_site": True, "opinion": "无进展"}
    step = {"at": "2019-11-27T10:00", "by": "SU-1:campaign_group", "do": "verify_goal"}
    entries = own_story(
        "clean",
        plan="formalism.xlsx",
        skip=(*names, *tasks),
        steps=[{**step, "with": {**nothing, "value": value}}],
        until=date(2019, 11, 28),
    )

    assert cells(ask(16, entries, "2019-11-28T18:00"), "object_id") == [("F-06",)]


def test_16_one_more_than_before_the_phase_is_progress() -> None:
    names = ("claim_goal:F-06/P3*", "verify_goal:F-06/P3*")
    tasks = ("claim_task:F-06", "verify_task:F-06", "close_task:F-06")
    one = {"goal": "F-06/P3", "value": 17, "evidence": [], "on_site": True, "opinion": "推进"}
    step = {"at": "2019-11-27T10:00", "by": "SU-1:campaign_group", "do": "verify_goal"}
    entries = own_story(
        "clean",
        plan="formalism.xlsx",
        skip=(*names, *tasks),
        steps=[{**step, "with": one}],
        until=date(2019, 11, 28),
    )

    assert ask(16, entries, "2019-11-28T18:00").rows == ()


def test_22_the_policy_says_what_is_quick_and_a_second_more_is_not() -> None:
    def quick(seconds: int, limit: int = 60) -> int:
        desk = Desk(policy=PolicyVersion(quick_review_minutes=limit))
        desk.do(c.Establish, "LG-1", doc_no="纪要1号")
        desk.do(c.SubmitUnitPlan, "U01-L1", unit="U01", doc_no="方案")
        desk.now += timedelta(seconds=seconds)
        desk.do(c.ReviewUnitPlan, "CO-1", unit="U01", passed=True, opinion="阅")
        return len(ask(22, entries_of(desk), END).rows)

    assert (quick(3600), quick(3601)) == (1, 0)
    assert (quick(300, 5), quick(301, 5)) == (1, 0)


def test_24_a_goal_carried_over_by_itself_was_not_passed_over() -> None:
    desk = Desk().implementing().at("2019-07-01")
    desk.do(
        c.DecideGoal,
        "LG-1",
        goal="T-01-P1",
        decision=c.GoalDecision.CARRIED_OVER,
        reason="等省级系统",
        doc_no="纪要5号",
        new_due_on=date(2019, 8, 30),
    )
    desk.file(c.DocumentKind.PHASE_REPORT, "CG-1")
    gate = {"gate": c.Gate.G2, "doc_no": "纪要6号", "override": True, "reason": "限期"}
    desk.do(c.SignGate, "LG-1", **gate, carry_to=date(2019, 8, 30))

    found = ask(24, entries_of(desk), END)

    assert cells(found, "goal", "basis") == [("T-02-P1", "纪要6号")]


def test_24_an_override_of_nothing_is_shown_too() -> None:
    desk = Desk().implementing()
    desk.achieve("T-01-P1", 52)
    desk.achieve("T-02-P1", 52)
    desk.at("2019-07-01").file(c.DocumentKind.PHASE_REPORT, "CG-1")
    gate = {"gate": c.Gate.G2, "doc_no": "纪要6号", "override": True, "reason": "限期"}
    desk.do(c.SignGate, "LG-1", **gate, carry_to=date(2019, 8, 30))

    found = ask(24, entries_of(desk), END)

    assert cells(found, "gate", "phase", "actor", "basis", "goal", "met") == [
        ("G2", 1, "LG-1", "纪要6号", None, None)
    ]


def test_48_another_version_without_its_values_is_a_change_too() -> None:
    entries = with_event(Desk().implementing(), policy_version="2019-2")

    found = ask(48, entries, END)

    assert cells(found, "old", "new", "fields") == [("2019-1", "2019-2", [])]


def test_49_a_unit_that_hands_in_no_plan_has_no_state_of_one() -> None:
    found = ask(49, sample("formalism"), "2019-04-01T09:00")
    states = {cell[1]: cell[2] for cell in cells(found, "kind", "id", "state") if cell[0] == "unit"}

    assert states.pop("OF") is None
    assert set(states.values()) == {"passed"}
