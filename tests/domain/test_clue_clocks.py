"""The clocks of a clue across the holidays of 2019: DL15-DL20, escalation, chasing, triggers."""

from datetime import timedelta

import pytest

from duban.domain.clue import commands as c
from duban.domain.clue.words import Handling
from duban.domain.clue.work import Work
from duban.domain.errors import Code
from duban.domain.roles import Role
from tests.support.builders import a_calendar, shanghai, the_calendar_before_the_notice
from tests.support.clues import NO, ClueDesk, actor_of


@pytest.mark.parametrize(
    ("known_on", "due"),
    [
        ("2019-04-24", "2019-04-26"),
        ("2019-04-26", "2019-04-29"),  # Sunday 28 April is worked
        ("2019-04-30", "2019-05-06"),  # Labour Day; Sunday 5 May is worked
        ("2019-09-30", "2019-10-09"),  # National Day
    ],
)
def test_dl16_an_ordinary_clue_goes_up_within_two_working_days(known_on: str, due: str) -> None:
    desk = ClueDesk(known_on)

    assert desk.due("DL16").isoformat() == due
    assert (desk.clock("DL16").start_on.isoformat(), desk.clock("DL16").amount) == (known_on, 2)
    assert desk.written().clock("DL16") is None
    assert "deadline:breached" not in desk.tags


def test_dl16_counts_from_the_day_on_which_it_was_known_and_late_is_late() -> None:
    desk = ClueDesk("2019-04-24", known_on="2019-04-19", known_to="campaign_group").written()

    [late] = desk.said("deadline:breached")
    assert late.detail["breached_at"] == shanghai("2019-04-23", "17:30").isoformat()
    assert desk.said("trigger:raised") == []


def test_g1_withheld_clue_a_report_five_working_days_late_is_a_question_to_people() -> None:
    desk = ClueDesk("2019-05-10", known_on="2019-04-24", known_to="U01").written()

    [trigger] = desk.said("trigger:raised")
    # Due 26 April, then five working days: 28, 29, 30 April, 5 and 6 May.
    assert trigger.detail["trigger"] == "WITHHELD_CLUE"
    assert (trigger.detail["code"], trigger.detail["holder"]) == ("DL16", "U01")
    asked = {each["recipient"] for each in desk.notices(rung="WITHHELD_CLUE")}
    assert asked == {"SU-1", "SU-2", "LG-1", "LG-2"}


@pytest.mark.parametrize(("day", "count"), [("2019-05-06", 0), ("2019-05-07", 1)])
def test_g1_withheld_clue_counts_its_days_by_the_calendar(day: str, count: int) -> None:
    desk = ClueDesk("2019-04-24").at(day, "09:00")

    assert len(desk.said("trigger:raised")) == count


def test_g1_a_transfer_five_working_days_late_is_withheld_too_and_asked_about_once() -> None:
    desk = ClueDesk("2019-04-24").decided().at("2019-05-20")

    raised = [each.detail["code"] for each in desk.said("trigger:raised")]
    assert raised == ["DL18"]
    assert desk.record.withheld == (desk.clock("DL18").id,)


@pytest.mark.parametrize(
    ("day", "first", "second", "third"),
    [
        ("2019-04-24", "2019-04-25", "2019-04-28", "2019-05-05"),
        ("2019-04-30", "2019-05-05", "2019-05-07", "2019-05-10"),
        ("2019-09-27", "2019-09-29", "2019-10-08", "2019-10-11"),
    ],
)
def test_dl17_one_two_and_three_working_days_each_level_on_its_last_day(
    day: str, first: str, second: str, third: str
) -> None:
    desk = ClueDesk(day).written()
    due = [desk.due("DL17A").isoformat()]
    due.append(desk.at(first, "17:00").screened().due("DL17B").isoformat())
    due.append(desk.at(second, "17:00").reviewed().due("DL17C").isoformat())

    assert due == [first, second, third]
    desk.at(third, "17:00").decided()
    assert "deadline:breached" not in desk.tags


def test_dl18_a_decided_transfer_is_due_on_the_next_working_day() -> None:
    assert ClueDesk("2019-09-30").decided().due("DL18").isoformat() == "2019-10-08"
    desk = ClueDesk("2019-04-26").decided()
    assert desk.due("DL18").isoformat() == "2019-04-28"
    assert desk.at("2019-04-28", "17:29").transferred().said("deadline:breached") == []


def test_dl18_a_late_transfer_climbs_the_ladder() -> None:
    desk = ClueDesk("2019-04-26").decided().at("2019-05-06")

    assert [each.detail["rung"] for each in desk.said("deadline:urged")] == ["L1"]
    assert {each["recipient"] for each in desk.notices(rung="L1")} >= {"OF-1", "SU-1"}
    assert desk.record.breach_level == 2


def test_dl19_three_working_days_for_the_receipt_three_months_for_the_result() -> None:
    desk = ClueDesk("2019-04-26").transferred()
    assert desk.due("DL19").isoformat() == "2019-04-30"

    desk.at("2019-04-30").received()
    assert (desk.clock("DL19"), desk.due("DL19R").isoformat()) == (None, "2019-07-30")
    # 31 July + 3 months is a Thursday; 6 July + 3 months is in the holidays and rolls on.
    later = ClueDesk("2019-07-01").transferred().at("2019-07-05").received()
    assert later.due("DL19R").isoformat() == "2019-10-08"


def test_dl20_the_reporter_is_told_within_three_working_days_of_the_result() -> None:
    desk = ClueDesk("2019-04-24").received().at("2019-04-30").resulted()

    assert desk.due("DL20").isoformat() == "2019-05-07"
    assert desk.answered().clock("DL20") is None
    assert desk.record.told.on.isoformat() == "2019-04-30"


@pytest.mark.parametrize(
    ("handling", "code"), [(Handling.CONCLUDE, "DL20"), (Handling.SELF_CHECK, "DL19R")]
)
def test_every_handling_leaves_a_clock_but_keeping(handling: Handling, code: str) -> None:
    assert ClueDesk().decided(handling=handling).clock(code) is not None


# Urgent (DL15, K83) -----------------------------------------------------------------------------


def test_k83_an_urgent_report_is_told_at_once_at_night_as_well() -> None:
    desk = ClueDesk("2019-05-01", "23:10", urgent=True)

    told = desk.notices(rung="URGENT_CLUE")
    assert {each["recipient"] for each in told} == {"OF-1", "OF-2"}
    assert told[0]["sent_at"] == shanghai("2019-05-01", "23:10").isoformat()
    assert desk.clock("DL15").due_at == shanghai("2019-05-02", "00:10")
    assert desk.clock("DL15W").due_at == shanghai("2019-05-02", "23:10")


def test_k83_acknowledged_in_time_nothing_escalates() -> None:
    desk = ClueDesk("2019-05-01", "23:10", urgent=True).at("2019-05-01", "23:50")

    desk.do(c.AcknowledgeClue, "OF-2")

    assert desk.at("2019-05-02", "09:00").said("urgent:escalated") == []
    assert desk.record.acknowledged_by == "OF-2"


def test_k83_unheard_it_escalates_to_the_leading_group_within_the_hour() -> None:
    desk = ClueDesk("2019-05-01", "23:10", urgent=True).at("2019-05-02", "00:11")

    [escalated] = desk.said("urgent:escalated")
    assert escalated.occurred_at == shanghai("2019-05-02", "00:10")
    told = {each["recipient"]: each["sent_at"] for each in desk.notices(rung="URGENT_CLUE")}
    assert told["LG-1"] == shanghai("2019-05-02", "00:10").isoformat()
    assert desk.record.escalated
    desk.do(c.AcknowledgeClue, "LG-1")
    assert desk.clock("DL15") is None


def test_k83_judged_before_it_was_acknowledged_it_was_heard() -> None:
    desk = ClueDesk(urgent=True).screened("OF-1")

    assert (desk.clock("DL15"), desk.record.acknowledged_by) == (None, "OF-1")


def test_dl15_told_by_telephone_it_is_written_down_within_24_hours() -> None:
    phoned = shanghai("2019-04-24", "08:00")
    desk = ClueDesk("2019-04-24", urgent=True, phoned_at=phoned)
    assert desk.clock("DL15W").due_at == phoned + timedelta(hours=24)

    desk.at("2019-04-25", "08:01")
    assert [each.object_id for each in desk.said("deadline:breached")] == [f"{NO}/D02"]
    assert desk.at("2019-05-08").said("trigger:raised")[0].detail["code"] == "DL15W"


# Chasing (K82) ----------------------------------------------------------------------------------


def chased(desk: ClueDesk) -> list[tuple[str, str]]:
    """The days on which a receiver was asked again, and through whom."""
    return [
        (each.occurred_at.date().isoformat(), str(each.detail["through"]))
        for each in desk.said("receiver:chased")
    ]


def test_k82_a_transfer_without_receipt_keeps_alarming_without_end() -> None:
    desk = ClueDesk("2019-04-26").transferred().at("2019-05-31", "18:00")

    assert chased(desk) == [
        ("2019-04-30", "office"),
        ("2019-05-07", "office"),
        ("2019-05-10", "leading_group"),
        ("2019-05-15", "leading_group"),
        ("2019-05-20", "leading_group"),
        ("2019-05-23", "leading_group"),
        ("2019-05-28", "leading_group"),
        ("2019-05-31", "leading_group"),
    ]
    assert desk.clue.next_alarm(now=desk.now) is not None
    told = {each["recipient_role"] for each in desk.notices(rung="CHASE")}
    assert told == {Role.OFFICE, Role.LEADING_GROUP}


def test_k82_the_receipt_ends_it_and_a_late_result_begins_it_anew() -> None:
    desk = ClueDesk("2019-04-26").transferred().at("2019-05-13").received()
    count = len(chased(desk))
    assert (desk.record.chased, desk.record.chase_at) == (0, None)

    desk.at("2019-08-20")
    assert len(chased(desk)) > count
    assert desk.said("receiver:chased")[-1].detail["awaited"] == "DL19R"
    desk.resulted()
    assert desk.at("2019-12-31").said("receiver:chased")[-1].occurred_at < shanghai("2019-08-21")


def test_a_check_of_our_own_that_is_late_is_a_breach_and_chases_nobody() -> None:
    desk = ClueDesk("2019-04-26").decided(handling=Handling.SELF_CHECK).at("2019-08-20")

    assert "deadline:breached" in desk.tags
    assert chased(desk) == []


def test_after_months_of_standstill_nothing_is_said_twice() -> None:
    desk = ClueDesk("2019-04-26").transferred()
    desk.now = shanghai("2019-06-20")

    desk.clue.tick(now=desk.now)

    assert len(chased(desk)) == 1


# News and triggers ------------------------------------------------------------------------------


def test_c3_a_suspension_of_the_campaign_stops_no_clock_of_a_clue() -> None:
    desk = ClueDesk("2019-04-24").decided()
    desk.hear("suspended")

    assert not Work(desk.clue.state, actor_of("LG-1"), desk.now).is_paused
    assert desk.at("2019-04-26").said("deadline:breached")[0].object_id == desk.clock("DL18").id


def test_e4_a_new_calendar_moves_open_clocks_and_shortens_none() -> None:
    desk = ClueDesk("2019-04-24", urgent=True)
    desk.clue.state.calendar["1"] = the_calendar_before_the_notice(1)
    desk.written()
    before = desk.clock("DL15").due_at
    desk.screened("OF-2")

    desk.hear("calendar", calendar=a_calendar(2))
    desk.hear("calendar", calendar=a_calendar(2))
    desk.hear("calendar", seq=101, calendar=a_calendar(2))

    assert desk.tags.count("calendar:adopted") == 1
    assert desk.tags.count("calendar:known") == 1
    assert desk.record.calendar_version == 2
    assert before == shanghai("2019-04-24", "11:00")


def test_e4_what_runs_by_the_hour_does_not_look_at_a_calendar() -> None:
    # 2 May was a working day until the notice of 22 March made it a holiday.
    desk = ClueDesk("2019-05-01", urgent=True)
    desk.clue.state.calendar["1"] = the_calendar_before_the_notice(1)
    due = desk.clock("DL15W").due_at

    desk.hear("calendar", calendar=a_calendar(2))

    assert desk.clock("DL15W").due_at == due
    desk.hear("register", seq=101)
    assert desk.record.heard == 100


def test_g1_retaliation_is_a_trigger_at_once() -> None:
    desk = ClueDesk().written()

    desk.do(c.FlagRetaliation, "CG-1", fact="反映人被调岗")

    [trigger] = desk.said("trigger:raised")
    assert (trigger.detail["trigger"], trigger.reason) == ("RETALIATION", "反映人被调岗")
    assert desk.record.retaliation
    assert {each["recipient"] for each in desk.notices(rung="RETALIATION")} >= {"SU-1", "LG-1"}


def test_the_system_decides_nothing_about_a_clue() -> None:
    desk = ClueDesk().written().at("2019-12-31")

    assert desk.state == "reported"
    acts = {each.tag for each in desk.events if each.actor.id == "system"}
    assert acts <= {
        "clue:deadline:reminded",
        "clue:deadline:urged",
        "clue:deadline:yellow_card",
        "clue:deadline:breached",
    }
    system = {"id": "system", "role": "system"}
    assert desk.refused(c.AcknowledgeClue, actor=system).code is Code.SYSTEM_MAY_NOT_DECIDE
