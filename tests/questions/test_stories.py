"""Stories ST1b, ST4, ST5, ST7 and ST10 (domain.md j.4): answers known from what they tell."""

from datetime import date

import pytest

from duban.questions import QuestionAwaits
from tests.questions.asking import ask, cells, tags_of
from tests.support.stories import own_story, story

ST1B, ST4, ST5 = "st1b-calendar-change", "st4-late-request", "st5-equal-treatment"
ST7, ST10 = "st7-carried-over", "st10-new-leader"


def test_st1b_original_calendar_would_have_ended_the_item_on_2_may() -> None:
    found = ask(5, story(ST1B), "2019-05-06T18:00")

    assert cells(found, "object_id", "holder", "start_on", "amount", "span") == [
        ("B-04", "U02", "2019-03-20", 29, "working_days")
    ]
    assert cells(found, "first_version", "first_due_on", "version", "counted_due_on") == [
        (1, "2019-05-02", 2, "2019-04-30")
    ]
    assert cells(found, "current_due_on") == [("2019-05-05",)]
    assert tags_of(found, story(ST1B)) == [
        ["campaign:item:assigned", "campaign:deadline:recalculated"]
    ]


def test_st1b_before_the_notice_there_was_one_calendar_and_no_difference() -> None:
    before = ask(5, story(ST1B), "2019-03-22T14:59")

    assert before.calendar_version == 1
    assert before.rows == ()
    assert ask(1, story(ST1B), "2019-03-22T14:59").rows == ()


def test_st1b_the_date_was_moved_by_the_calendar_and_by_nobodys_request() -> None:
    found = ask(1, story(ST1B), "2019-03-22T15:00")

    assert found.calendar_version == 2
    assert cells(found, "how", "old_due_on", "new_due_on", "actor", "requested_by") == [
        ("campaign:deadline:recalculated", "2019-05-02", "2019-05-05", "OF-1", None)
    ]


def test_st4_the_late_request_was_refused_and_never_valid() -> None:
    found = ask(3, story(ST4), "2019-07-12T17:00")

    assert cells(found, "object_id", "code", "actor", "at", "due_at") == [
        (
            "B-04/P1",
            "DL08",
            "U02-L1",
            "2019-07-01T02:00:00+00:00",
            "2019-06-28T09:30:00+00:00",
        )
    ]
    assert cells(found, "code_refused", "state", "valid") == [
        ("extension.after_expiry", "refused", False)
    ]


def test_st4_three_goals_are_breached_and_one_was_urged_only_once() -> None:
    found = ask(6, story(ST4), "2019-07-12T17:00")

    # The remedial date of 2 July restarts the ladder of the first goal before its yellow card.
    assert cells(found, "object_id", "holder", "levels", "skipped") == [
        ("B-04/P1", "U02", ["L1"], []),
        ("B-04/P1-2", "U02", ["L1", "L2"], []),
        ("B-04/P1-3", "U02", ["L1", "L2"], []),
    ]
    assert set(cells(found, "breached_at", "status", "ended_at", "working_days_late")) == {
        ("2019-06-28T09:30:00+00:00", "open", None, 10)
    }
    assert [each.value for each in found.lacks] == ["escalations"]


def test_st4_the_leading_groups_own_decision_is_late_at_half_past_five() -> None:
    # Ten working days for the decision count from 28 June, so they end on 12 July.
    found = ask(6, story(ST4), "2019-07-12T17:30")

    assert cells(found, "code", "object_id", "holder", "working_days_late")[3:] == [
        ("REVIEW", "1", "leading_group", 0)
    ]


def test_st4_nobody_extended_it_but_a_remedial_date_was_set() -> None:
    found = ask(1, story(ST4), "2019-07-12T17:00")

    assert cells(found, "how", "object_id", "old_due_on", "new_due_on", "actor") == [
        ("campaign:deadline:remedial_date_set", "B-04/P1", "2019-06-28", "2019-07-12", "OF-1")
    ]
    assert ask(4, story(ST4), "2019-07-12T17:00").rows == ()
    assert ask(2, story(ST4), "2019-07-12T17:00").rows == ()


def test_st5_who_extended_by_how_much_and_on_whose_request() -> None:
    found = ask(1, story(ST5), "2019-06-14T18:00", obj="B-05")

    # 30 working days from 13 May, with 7 June off, end on 25 June; 5 July is 8 more.
    assert cells(found, "holder", "old_due_on", "new_due_on", "working_days") == [
        ("U21", "2019-06-25", "2019-07-05", 8)
    ]
    assert cells(found, "reason_class", "reason", "decided_reason", "evidence") == [
        ("depends_on_others", "部分企业账目需省级部门提供", "理由属实", ["核对清单"])
    ]
    assert cells(found, "requested_by", "requested_at", "signed_by", "at", "actor") == [
        (
            "U21-L1",
            "2019-06-03T02:20:00+00:00",
            "U21-L1",
            "2019-06-04T02:00:00+00:00",
            "LG-1",
        )
    ]
    assert tags_of(found, story(ST5)) == [
        ["campaign:extension:requested", "campaign:extension:approved"]
    ]


def test_st5_who_asked_alike_and_was_refused() -> None:
    found = ask(2, story(ST5), "2019-06-14T18:00")

    assert cells(found, "unit", "reason_class", "decided_by", "granted_to", "granted_by") == [
        ("U22", "depends_on_others", "LG-1", ["U21 E0002"], ["LG-1"])
    ]
    assert cells(found, "decided_reason", "distinction") == [
        ("应自行克服", "乙区账目由市级掌握，不依赖省级部门")
    ]
    assert ask(2, story(ST5), "2019-06-04T10:19").rows == ()


def test_st5_who_grants_and_to_whom() -> None:
    found = ask(4, story(ST5), "2019-06-14T18:00")

    assert cells(found, "actor", "unit", "granted", "working_days", "refused", "belonged") == [
        ("LG-1", "U21", 1, 8, 0, "never"),
        ("LG-1", "U22", 0, 0, 1, "never"),
    ]


def test_st5_two_commands_were_refused_in_june() -> None:
    found = ask(47, story(ST5), "2019-06-14T18:00")

    assert cells(found, "code", "actor", "count", "commands") == [
        ("extension.unequal_treatment", "LG-1", 1, ["DecideExtension"]),
        ("role.out_of_scope", "U21-L1", 1, ["RequestExtension"]),
    ]
    assert cells(ask(47, story(ST5), "2019-06-14T18:00", unit="U21"), "actor") == [("U21-L1",)]


def test_st7_the_gate_was_passed_over_one_goal_that_is_not_met() -> None:
    found = ask(24, story(ST7), "2019-07-12T18:00")

    assert cells(found, "gate", "phase", "actor", "basis", "at") == [
        ("G2", 1, "LG-1", "领导小组会议纪要3号", "2019-07-01T08:00:00+00:00")
    ]
    assert cells(found, "goal", "target", "verified_value", "carried_to", "met", "met_at") == [
        ("F-06/P1", "8", "6", "2019-08-30", False, None)
    ]
    assert ask(24, story(ST7), "2019-07-01T15:59").rows == ()


def test_st7_the_goal_that_was_carried_over_is_met_in_august() -> None:
    proof = [{"kind": "outcome", "reference": "争议裁定台账"}]
    claim = {"goal": "F-06/P1", "value": 8, "evidence": proof}
    steps = [
        {"at": "2019-08-26T10:00", "by": "OF-L1", "do": "claim_goal", "with": claim},
        {
            "at": "2019-08-27T10:00",
            "by": "SU-1:campaign_group",
            "do": "verify_goal",
            "with": {**claim, "on_site": True, "opinion": "属实"},
        },
    ]
    entries = own_story(ST7, steps=steps, until=date(2019, 8, 30))
    found = ask(24, entries, "2019-08-30T18:00")

    assert cells(found, "verified_value", "state", "met", "met_at") == [
        ("8", "achieved", True, "2019-08-27T02:00:00+00:00")
    ]
    assert cells(ask(24, entries, "2019-08-27T09:59"), "met") == [(False,)]


def test_st7_the_refused_verification_belongs_to_june() -> None:
    june = ask(47, story(ST7), "2019-06-28T18:00")

    assert cells(june, "code", "actor", "commands") == [
        ("role.not_permitted", "CO-1", ["VerifyGoal"])
    ]
    assert ask(47, story(ST7), "2019-07-12T18:00").rows == ()


@pytest.mark.parametrize(
    ("moment", "leader", "predecessor"),
    [
        ("2019-06-28T17:30", "U02-L1", None),
        ("2019-08-12T09:59", "U02-L1", None),
        ("2019-08-12T10:00", "U02-L2", "U02-L1"),
        ("2019-09-27T18:00", "U02-L2", "U02-L1"),
    ],
)
def test_st10_leader_on_the_date(moment: str, leader: str, predecessor: str | None) -> None:
    found = ask(40, story(ST10), moment, unit="U02")

    assert cells(found, "person", "predecessor") == [(leader, predecessor)]


def test_st10_the_former_leader_was_refused_in_september() -> None:
    found = ask(47, story(ST10), "2019-09-27T18:00")

    assert cells(found, "code", "actor", "unit", "commands", "at") == [
        ("actor.unknown", "U02-L1", "U02", ["ClaimGoal"], "2019-09-23T02:00:00+00:00")
    ]


def test_meetings_are_awaited_not_answered_with_none() -> None:
    with pytest.raises(QuestionAwaits):
        ask(26, story(ST4), "2019-07-12T18:00")
