"""Where an answer begins and ends: cases beside those that it is about."""

from datetime import date, timedelta

from duban.domain.campaign import commands as c
from duban.domain.events import Change
from tests.questions.asking import ask, cells
from tests.questions.small import asked_for, entries_of, with_event
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


def test_16_a_hard_bone_with_verified_progress_is_not_idle() -> None:
    entries = own_story(
        "clean", plan="formalism.xlsx", skip=("close_task:F-06",), until=date(2019, 11, 28)
    )

    assert ask(16, entries, "2019-11-28T18:00").rows == ()


def test_16_a_measurement_at_the_baseline_is_no_progress() -> None:
    names = ("claim_goal:F-06/P3*", "verify_goal:F-06/P3*")
    tasks = ("claim_task:F-06", "verify_task:F-06", "close_task:F-06")
    nothing = {"goal": "F-06/P3", "value": 0, "evidence": [], "on_site": True, "opinion": "无进展"}
    step = {"at": "2019-11-27T10:00", "by": "SU-1:campaign_group", "do": "verify_goal"}
    entries = own_story(
        "clean",
        plan="formalism.xlsx",
        skip=(*names, *tasks),
        steps=[{**step, "with": nothing}],
        until=date(2019, 11, 28),
    )

    assert cells(ask(16, entries, "2019-11-28T18:00"), "task") == [("F-06",)]


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


def test_48_another_version_without_its_values_is_a_change_too() -> None:
    entries = with_event(Desk().implementing(), policy_version="2019-2")

    found = ask(48, entries, END)

    assert cells(found, "old", "new", "fields") == [("2019-1", "2019-2", [])]


def test_49_a_unit_that_hands_in_no_plan_has_no_state_of_one() -> None:
    found = ask(49, sample("formalism"), "2019-04-01T09:00")
    states = {cell[1]: cell[2] for cell in cells(found, "kind", "id", "state") if cell[0] == "unit"}

    assert states.pop("OF") is None
    assert set(states.values()) == {"passed"}
