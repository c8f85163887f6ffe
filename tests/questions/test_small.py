"""What the stories do not show, in a small campaign: each answer worked out from what was done."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from duban.domain.campaign import commands as c
from duban.domain.counting import ClockStopGround
from duban.domain.errors import RuleViolation
from duban.domain.events import Change
from duban.domain.roles import Actor, FormerUnit, Role
from duban.questions import QUESTIONS, LogReport, Question, QuestionGap
from tests.questions.asking import ask, cells, tags_of
from tests.questions.small import approved, asked_for, entries_of, with_event
from tests.support.builders import Desk, a_plan, people, proof
from tests.support.stories import own_story, told

END = "2020-12-31T23:59"
ANSWERED = [each for each in QUESTIONS if each.reply is not None]


def stopped(proof_of_it: str) -> Desk:
    desk = Desk().implementing()
    clock = desk.deadline("T-01-P1", "DL08").id
    ground = ClockStopGround.HEARING
    desk.do(c.StopClock, "OF-1", deadline=clock, ground=ground, proof=proof_of_it)
    return desk


def test_7_a_stop_on_a_word_that_is_no_paper() -> None:
    found = ask(7, entries_of(stopped("无")), END)

    assert cells(found, "object_id", "holder", "actor", "reason", "basis", "how") == [
        ("T-01-P1", "U01", "OF-1", "hearing", "无", "campaign:deadline:stopped")
    ]
    assert ask(7, entries_of(stopped("听证通知书3号")), END).rows == ()


def test_7_a_suspension_without_a_paper() -> None:
    desk = Desk().implementing()
    desk.do(c.Suspend, "LG-1", reason="防汛", doc_no="—")

    found = ask(7, entries_of(desk), END)

    assert cells(found, "object_type", "object_id", "actor", "deadline") == [
        ("campaign", "BE-2019", "LG-1", None)
    ]


def test_1_a_clock_that_ran_again_later_counts_as_a_later_date() -> None:
    desk = stopped("听证通知书3号").at("2019-04-03")
    clock = desk.deadline("T-01-P1", "DL08").id
    desk.do(c.ResumeClock, "OF-1", deadline=clock, reason="听证结束")

    # Monday and Tuesday, 1 and 2 April, were not counted: 28 June becomes 2 July.
    assert cells(ask(1, entries_of(desk), END), "how", "old_due_on", "new_due_on", "actor") == [
        ("campaign:deadline:resumed", "2019-06-28", "2019-07-02", "OF-1")
    ]


def test_4_an_approver_who_left_the_unit_years_ago() -> None:
    left = FormerUnit(unit="U01", left_on=date(2010, 1, 1))
    changed = tuple(
        each.model_copy(update={"former_units": (left,)}) if each.id == "CG-1" else each
        for each in people()
    )
    desk = Desk(a_plan(people=changed)).implementing()
    asked_for(desk)
    desk.do(c.DecideExtension, "CG-1", extension="E0001", approved=True, reason="属实")

    found = ask(4, entries_of(desk), END)

    assert cells(found, "actor", "unit", "granted", "belonged", "left_on") == [
        ("CG-1", "U01", 1, "before", "2010-01-01")
    ]


def test_3_a_late_request_that_was_let_in_would_be_seen() -> None:
    desk = Desk().implementing()
    asked_for(desk)
    desk.do(c.DecideExtension, "CG-1", extension="E0001", approved=True, reason="属实")
    late = desk.now + timedelta(days=60)
    events = [
        each.model_copy(update={"occurred_at": late})
        if each.tag.startswith("campaign:extension:")
        else each
        for each in desk.events
    ]

    found = ask(3, told(events), END)

    assert cells(found, "object_id", "state", "valid") == [("T-01", "approved", True)]
    assert ask(3, entries_of(desk), END).rows == ()


def test_6_a_breach_that_was_mended_says_how_long_it_lasted() -> None:
    desk = Desk().implementing()
    desk.do(c.AssignItem, "CG-1", task="T-01", matter="窗口整改", limit="5wd")
    clock = desk.deadline("T-01", "DL10").id
    desk.at("2019-04-12", "16:00")
    desk.do(c.ConcludeItem, "OF-1", deadline=clock, result="已改", evidence=proof())

    # Due on Tuesday 9 April (the 5th was a holiday), done on Friday: three working days late.
    found = ask(6, entries_of(desk), END)
    assert cells(found, "deadline", "breached_at", "status", "working_days_late", "levels") == [
        (clock, "2019-04-09T09:30:00+00:00", "met", 3, ["L1", "L2"])
    ]


def test_16_a_hard_bone_left_lying_while_the_others_are_closed() -> None:
    names = ("claim_goal:F-06/P3*", "verify_goal:F-06/P3*")
    tasks = ("claim_task:F-06", "verify_task:F-06", "close_task:F-06")
    entries = own_story(
        "clean", plan="formalism.xlsx", skip=(*names, *tasks), until=date(2019, 11, 28)
    )

    found = ask(16, entries, "2019-11-28T18:00")

    assert cells(found, "object_id", "unit", "state", "phase") == [("F-06", "OF", "in_progress", 3)]
    assert set(cells(found, "closed")[0][0]) == {"F-01", "F-02", "F-03", "F-04", "F-05"}
    assert ask(16, entries, "2019-11-28T14:59").rows == ()


def test_18_a_task_that_went_back_twice_and_then_to_another_unit() -> None:
    desk = approved()
    back = {"task": "T-01", "grounds": "非本单位职责", "legal_basis": "三定方案"}
    desk.do(c.RequestTaskReturn, "U01-L1", **back)
    desk.do(c.AdjudicateReturn, "OF-1", task="T-01", upheld=False, reason="属主责")
    once = ask(18, entries_of(desk), END)
    desk.do(c.RequestTaskReturn, "U01-L1", **back)
    new = {"new_unit": "U02", "new_leader": "U02-L1", "new_handler": "U02-H1"}
    desk.do(c.AdjudicateReturn, "LG-1", task="T-01", upheld=True, reason="改由二局", **new)

    found = ask(18, entries_of(desk), END)

    assert once.rows == ()
    assert cells(found, "object_id", "units", "returns", "actor", "upheld", "reason") == [
        ("T-01", ["U01", "U02"], 2, "LG-1", True, "改由二局")
    ]
    assert found.lacks == ()


def test_20_a_measure_that_lost_its_only_task() -> None:
    desk = Desk().implementing()
    desk.do(c.CancelTask, "LG-1", task="T-02", reason="机构撤并", doc_no="纪要9号")

    found = ask(20, entries_of(desk), END)

    assert cells(found, "clause", "text", "tasks", "actor", "reason", "basis") == [
        ("C2", "一窗受理", ["T-02"], "LG-1", "机构撤并", "纪要9号")
    ]
    assert ask(20, entries_of(desk), "2019-03-31T12:00").rows == ()


def test_21_a_target_that_was_lowered_after_launch() -> None:
    change = Change(kind="goal", id="T-01-P1", before={"target": "52"}, after={"target": "48"})
    leader = Actor(id="LG-1", role=Role.LEADING_GROUP)
    fields = {"tag": "campaign:goal:retargeted", "changes": (change,), "actor": leader}
    entries = with_event(Desk().implementing(), **fields, basis_doc="纪要8号", reason="省里调整")

    found = ask(21, entries, END)

    assert cells(found, "goal", "unit", "field", "old", "new", "actor", "basis") == [
        ("T-01-P1", "U01", "target", "52", "48", "LG-1", "纪要8号")
    ]
    assert ask(21, entries[:-1], END).rows == ()


def test_22_plans_passed_in_the_minute_they_came_but_not_those_returned_before() -> None:
    desk = Desk()
    desk.do(c.Establish, "LG-1", doc_no="纪要1号")
    for passed in (False, True):
        desk.do(c.SubmitUnitPlan, "U01-L1", unit="U01", doc_no="方案")
        desk.do(c.ReviewUnitPlan, "CO-1", unit="U01", passed=passed, opinion="阅")
    desk.do(c.SubmitUnitPlan, "U02-L1", unit="U02", doc_no="方案2号")
    desk.at("2019-03-04", "09:07")
    desk.do(c.ReviewUnitPlan, "CO-1", unit="U02", passed=True, opinion="同意")

    found = ask(22, entries_of(desk), END)

    assert cells(found, "unit", "plan_doc", "minutes", "actor") == [("U02", "方案2号", 7, "CO-1")]


def test_23_a_goal_accepted_with_less_than_was_claimed() -> None:
    desk = Desk().implementing()
    claim = {"goal": "T-01-P1", "evidence": proof()}
    desk.do(c.ClaimGoal, "U01-L1", value=Decimal(60), **claim)
    seen = {"on_site": False, "opinion": "书面核验"}
    desk.do(c.VerifyGoal, "OF-1", value=Decimal(52), **claim, **seen)
    desk.achieve("T-02-P1", 52)

    found = ask(23, entries_of(desk), END)

    assert cells(found, "goal", "claimed_value", "verified_value", "verified_by", "on_site") == [
        ("T-01-P1", "60", "52", "OF-1", False)
    ]


def in_april_for_the_leader(desk: Desk) -> None:
    desk.do(
        c.RecordDelegation,
        "OF-1",
        deputy="U01-D1",
        principal="U01-L1",
        role=Role.PRINCIPAL_LEADER,
        from_on=date(2019, 4, 1),
        until_on=date(2019, 4, 30),
        basis_doc="委托书1号",
    )


def test_46_done_for_another_and_tried_without_a_delegation() -> None:
    desk = Desk().implementing()
    in_april_for_the_leader(desk)
    deputy = Actor(id="U01-D1", role=Role.PRINCIPAL_LEADER, unit="U01", on_behalf_of="U01-L1")
    report = {"goal": "T-01-P1", "value": Decimal(45), "actor": deputy}
    desk.do(c.RecordGoalValue, "U01-D1", **report)
    late = desk.at("2019-05-06").command(c.RecordGoalValue, "U01-D1", **report)
    with pytest.raises(RuleViolation) as refused:
        desk.campaign.handle(late, now=desk.now)
    desk.campaign.refuse(late, refused.value, now=desk.now)

    found = ask(46, entries_of(desk), END)

    assert cells(found, "actor", "on_behalf_of", "outcome", "delegation", "basis") == [
        ("U01-D1", "U01-L1", "accepted", "G0001", "委托书1号"),
        ("U01-D1", "U01-L1", "rejected", None, None),
    ]
    told_by = tags_of(found, entries_of(desk))[0]
    assert told_by == ["campaign:delegation:recorded", "campaign:goal:value_recorded"]


def test_48_a_ruler_that_changed() -> None:
    change = Change(kind="policy", id="2019-2", after={"stagnation_working_days": 20})
    desk = Desk().implementing()
    entries = with_event(desk, policy_version="2019-2", changes=(change,), basis_doc="纪要7号")

    found = ask(48, entries, END)

    assert cells(found, "old", "new", "fields", "basis") == [
        ("2019-1", "2019-2", ["stagnation_working_days"], "纪要7号")
    ]
    assert cells(found, "units") == [(["U01", "U02", "U03", "U15", "OF"],)]


def test_45_the_verifiers_findings_are_the_answer() -> None:
    findings = (("LEAF_HASH", "campaign-BE-2019#3", "the tree holds another hash"),)
    report = LogReport("TAMPERED", entries=30, tree_size=30, root="ab12", findings=findings)

    found = ask(45, entries_of(Desk()), END, log=report)

    assert cells(found, "code", "where", "detail") == [
        ("TAMPERED", "30 / 30 ab12", None),
        ("LEAF_HASH", "campaign-BE-2019#3", "the tree holds another hash"),
    ]


def test_50_a_foreign_writer_and_a_missing_entry() -> None:
    entries = entries_of(Desk().implementing())
    entries[7] = replace(entries[7], told=replace(entries[7].told, by="postgres"))
    del entries[3:5]

    found = ask(50, entries, END)

    assert cells(found, "code", "detail", "entry") == [
        ("ORDINAL_GAP", "3-4", "campaign-BE-2019#5"),
        ("WRITER", "postgres", "campaign-BE-2019#7"),
    ]
    assert [each.value for each in found.lacks] == ["database_log"]


@pytest.mark.parametrize("question", ANSWERED, ids=lambda each: each.slug)
def test_over_a_missing_entry_only_questions_about_the_trail_are_answered(
    question: Question,
) -> None:
    entries = entries_of(Desk().implementing())
    del entries[4]
    report = LogReport("TAMPERED", entries=30, tree_size=30, root="ab12")

    if question.number in (45, 50):
        assert ask(question.number, entries, END, log=report).rows
        return
    with pytest.raises(QuestionGap, match="campaign-BE-2019#4"):
        ask(question.number, entries, END)


def test_a_trail_without_its_beginning_is_cut_short_too() -> None:
    entries = entries_of(Desk().implementing())[1:]

    with pytest.raises(QuestionGap, match="campaign-BE-2019#0"):
        ask(20, entries, END)
    assert cells(ask(50, entries, END), "code", "detail") == [("ORDINAL_GAP", "0-0")]
