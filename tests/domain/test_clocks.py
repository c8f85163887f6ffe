"""Moving clocks: stops on listed grounds, suspension, new calendars (CNT6, c.3, e.4)."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.counting import ClockStopGround
from duban.domain.errors import Code
from tests.support.builders import (
    Desk,
    a_calendar,
    a_plan,
    a_task,
    shanghai,
    the_calendar_before_the_notice,
)
from tests.support.scenes import ON_TASK, a_request, scene

_PAPER = {"reason": "机构改革", "doc_no": "纪要5号"}
_CALENDAR: dict[str, Any] = {"calendar": a_calendar(2), "basis_doc": "国办发明电〔2019〕3号"}


def _due(desk: Desk) -> dict[str, str]:
    """Return every open clock's due day by what it is about."""
    return {
        f"{d.code.value} {d.object_id}": d.current_due_on.isoformat()
        for d in desk.campaign.state.deadline.values()
    }


def _stop(desk: Desk, number: str, ground: ClockStopGround = ClockStopGround.TENDER) -> None:
    desk.do(c.StopClock, "OF-1", deadline=number, ground=ground, proof="招标公告")


@pytest.mark.parametrize(
    "ground", [each for each in ClockStopGround if each is not ClockStopGround.CAMPAIGN_SUSPENDED]
)
def test_cnt6_a_clock_stops_on_a_listed_ground(ground: ClockStopGround) -> None:
    desk = scene("item")
    _stop(desk, "D0018", ground)
    clock = desk.deadline("T-01", "DL10")
    assert (clock.stopped_from, clock.stop_ground, clock.stop_proof) == (
        date(2019, 4, 1),
        ground,
        "招标公告",
    )
    assert not clock.is_running


def test_cnt6_suspension_is_a_ground_of_its_own_command() -> None:
    stop = {"deadline": "D0018", "proof": "公告", "ground": "campaign_suspended"}
    assert scene("item").refused(c.StopClock, **stop).code is Code.CLOCK_STOP_GROUND


def test_cnt6_a_stopped_clock_says_nothing_and_misses_nothing() -> None:
    desk = scene("item")
    _stop(desk, "D0018")
    desk.at("2019-05-20")
    assert [n["rung"] for n in desk.notices(deadline="D0018")] == ["ASSIGNED"]
    assert desk.deadline("T-01", "DL10").breached_at is None


def test_cnt6_the_days_of_a_stop_are_not_counted() -> None:
    desk = scene("item")
    assert desk.deadline("T-01", "DL10").current_due_on == date(2019, 4, 29)
    _stop(desk, "D0018")
    desk.at("2019-04-15").do(c.ResumeClock, "OF-1", deadline="D0018", reason="招标结束")
    clock = desk.deadline("T-01", "DL10")
    # Nine working days stood still (1-4, 8-12 April; the 5th is Tomb-Sweeping Day).
    assert clock.current_due_on == date(2019, 5, 14)
    assert clock.original_due_on == date(2019, 4, 29)
    stop = clock.stops[0]
    assert (stop.from_on, stop.until_on) == (date(2019, 4, 1), date(2019, 4, 14))
    assert (clock.stopped_from, clock.stop_ground, clock.stop_proof) == (None, None, "")
    assert clock.is_running


def test_cnt6_a_stop_that_ends_the_same_day_moves_nothing() -> None:
    desk = scene("item")
    _stop(desk, "D0018")
    desk.do(c.ResumeClock, "OF-1", deadline="D0018", reason="撤回")
    clock = desk.deadline("T-01", "DL10")
    assert (clock.current_due_on, clock.stops) == (date(2019, 4, 29), ())


def test_cnt6_only_a_running_clock_stops_and_only_a_stopped_one_resumes() -> None:
    desk = scene("item")
    resume = {"deadline": "D0018", "reason": "招标结束"}
    assert desk.refused(c.ResumeClock, **resume).code is Code.DEADLINE_NOT_OPEN
    _stop(desk, "D0018")
    again = {"deadline": "D0018", "ground": "tender", "proof": "公告"}
    assert desk.refused(c.StopClock, **again).code is Code.DEADLINE_NOT_OPEN
    lost = {**again, "deadline": "D0999"}
    assert desk.refused(c.StopClock, **lost).code is Code.OBJECT_NOT_FOUND


def test_cnt6_what_was_missed_before_the_stop_is_not_missed_again() -> None:
    desk = scene("item").at("2019-04-30", "12:00")
    _stop(desk, "D0018")
    desk.at("2019-05-08", "12:00").do(c.ResumeClock, "OF-1", deadline="D0018", reason="招标结束")
    desk.at("2019-05-31")
    breaches = [e.occurred_at for e in desk.said("deadline:breached") if e.object_id == "D0018"]
    assert breaches == [shanghai("2019-04-29", "17:30")]
    assert desk.deadline("T-01", "DL10").breached_at == breaches[0]
    rungs = [n["rung"] for n in desk.notices(deadline="D0018", recipient="U01-L1")]
    assert rungs == ["L1", "L2"]


def test_c3_suspension_stops_goal_and_task_clocks() -> None:
    desk = scene("working").at("2019-04-10")
    desk.do(c.AssignItem, "OF-1", matter="窗口脱岗", **ON_TASK)
    desk.do(c.Suspend, "LG-1", **_PAPER)
    stopped = {d.code.value: d.stopped_from for d in desk.campaign.state.deadline.values()}
    assert stopped == dict.fromkeys(("TASK", "PHASE", "DL08", "DL10"), date(2019, 4, 10))
    assert {task.state.value for task in desk.campaign.state.task.values()} == {"suspended"}
    said = len(desk.notices())
    desk.at("2019-09-30")
    assert (len(desk.notices()), desk.stage) == (said, "suspended")


def test_c3_suspension_does_not_stop_reviews_and_pending_decisions() -> None:
    desk = scene("review")
    desk.do(c.Suspend, "LG-1", **_PAPER)
    running = {d.code.value for d in desk.campaign.state.deadline.values() if d.is_running}
    assert running == {"DL31", "REVIEW"}
    desk.at("2019-07-15")
    assert desk.deadline("1", "DL31").breached_at == shanghai("2019-07-05", "17:30")
    other = scene("asked")
    other.do(c.Suspend, "LG-1", **_PAPER)
    assert other.deadline("E0001", "EXT5").is_running
    assert other.at("2019-04-09").campaign.state.extension["E0001"].decider.value == (
        "leading_group"
    )


def test_c3_suspension_does_not_stop_the_accountability_clock() -> None:
    desk = scene("account")
    desk.do(c.Suspend, "LG-1", **_PAPER)
    assert desk.deadline("BE-2019", "SETTLE").is_running


def test_c3_resuming_moves_everything_by_the_working_days_stopped() -> None:
    desk = scene("suspended")
    desk.at("2019-04-24").do(c.Resume, "LG-1", **_PAPER)
    # Ten working days stood still, 10-23 April.
    assert _due(desk) == {
        "TASK T-01": "2019-10-16",
        "TASK T-02": "2019-10-16",
        "PHASE 1": "2019-07-12",
        "DL08 T-01-P1": "2019-07-12",
        "DL08 T-02-P1": "2019-07-12",
    }
    state = desk.campaign.state
    assert state.task["T-01"].due_on == date(2019, 10, 16)
    assert state.goal["T-01-P1"].due_on == date(2019, 7, 12)
    assert state.phase["1"].ends_on == date(2019, 7, 12)
    assert state.phase["1"].starts_on == date(2019, 4, 1)
    assert (state.phase["2"].starts_on, state.phase["2"].ends_on) == (
        date(2019, 7, 15),
        date(2019, 10, 16),
    )
    assert state.goal["T-01-P2"].due_on == date(2019, 10, 16)
    assert (state.phase["1"].original_ends_on, desk.stage) == (date(2019, 6, 28), "implement")
    assert {task.state.value for task in state.task.values()} == {"in_progress"}


def test_c3_resuming_in_plan_moves_tasks_that_have_no_clock_yet() -> None:
    desk = scene("approved")
    desk.do(c.Suspend, "LG-1", **_PAPER)
    desk.at("2019-03-15").do(c.Resume, "LG-1", **_PAPER)
    state = desk.campaign.state
    assert {task.due_on for task in state.task.values()} == {date(2019, 10, 10)}
    assert state.task["T-01"].state.value == "pending_accept"
    assert desk.deadline("T-01", "DL04").current_due_on == date(2019, 3, 18)
    desk.at("2019-03-18", "17:30")
    assert state.task["T-01"].accepted_by == "silence"


def test_c3_closed_tasks_and_drafted_ones_are_left_alone_by_a_suspension() -> None:
    desk = scene("task_verified")
    desk.do(c.CloseTask, "OF-1", opinion="同意", **ON_TASK)
    desk.do(c.Suspend, "LG-1", **_PAPER)
    assert desk.campaign.state.task["T-01"].state.value == "closed"
    desk.at("2019-04-10").do(c.Resume, "LG-1", **_PAPER)
    task = desk.campaign.state.task["T-01"]
    assert (task.state.value, task.due_on) == ("closed", date(2019, 9, 27))
    other = scene("plan")
    other.do(c.Suspend, "LG-1", **_PAPER)
    assert other.campaign.state.task["T-01"].state.value == "drafted"


def test_cnt6_a_stop_of_its_own_outlives_a_suspension() -> None:
    desk = scene("item")
    _stop(desk, "D0018")
    desk.at("2019-04-10").do(c.Suspend, "LG-1", **_PAPER)
    desk.at("2019-04-24").do(c.Resume, "LG-1", **_PAPER)
    clock = desk.deadline("T-01", "DL10")
    assert (clock.stop_ground, clock.stopped_from) == (ClockStopGround.TENDER, date(2019, 4, 1))
    desk.do(c.ResumeClock, "OF-1", deadline="D0018", reason="招标结束")
    assert desk.deadline("T-01", "DL10").current_due_on == date(2019, 5, 23)


def _before_the_notice(limit: str, day: str = "2019-03-20") -> Desk:
    desk = Desk(calendar=the_calendar_before_the_notice())
    desk.do(c.Establish, "LG-1", doc_no="纪要")
    desk.at(day).do(c.AssignItem, "OF-1", matter="网上可办", limit=limit, **ON_TASK)
    return desk


@pytest.mark.parametrize(
    ("limit", "first", "then"),
    [
        ("29wd", "2019-05-02", "2019-05-05"),
        ("30wd", "2019-05-03", "2019-05-05"),
        ("31wd", "2019-05-06", "2019-05-06"),
        ("2019-05-02", "2019-05-02", "2019-05-05"),
        ("20wd", "2019-04-18", "2019-04-18"),
    ],
)
def test_st1b_a_new_calendar_recomputes_and_never_shortens(
    limit: str, first: str, then: str
) -> None:
    desk = _before_the_notice(limit)
    assert desk.deadline("T-01", "DL10").current_due_on.isoformat() == first
    desk.at("2019-03-22").do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    clock = desk.deadline("T-01", "DL10")
    assert (clock.current_due_on.isoformat(), clock.original_due_on.isoformat()) == (then, first)


def test_st1b_both_dates_and_versions_are_on_the_trail_and_people_are_told() -> None:
    desk = _before_the_notice("29wd")
    desk.at("2019-03-22").do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    (moved,) = desk.said("deadline:recalculated")
    assert moved.detail == {
        "old_due_on": "2019-05-02",
        "new_due_on": "2019-05-05",
        "old_version": 1,
        "new_version": 2,
    }
    assert (moved.unit, moved.calendar_version) == ("U01", 2)
    told = desk.notices(rung="CALENDAR")
    assert {n["recipient"] for n in told} == {"U01-L1", "U01-D1", "U01-H1"}
    clock = desk.deadline("T-01", "DL10")
    assert (clock.generation, clock.calendar_version) == (1, 2)
    desk.at("2019-05-31")
    assert [n["rung"] for n in desk.notices(deadline=clock.id, recipient="U01-H1")] == [
        "ASSIGNED",
        "HALF",
        "T-5",
        "T-3",
        "T-1",
        "T0",
    ]


def test_e4_the_date_on_the_goal_follows_its_clock() -> None:
    desk = scene("working")
    holidays = {**a_calendar().holidays, date(2019, 6, 28): "地方放假"}
    new = a_calendar(2, holidays=holidays, day_docs={date(2019, 6, 28): "市府办1号"})
    desk.do(c.AdoptCalendar, "OF-1", calendar=new, basis_doc="市府办1号")
    assert _due(desk)["DL08 T-01-P1"] == "2019-07-01"
    assert desk.campaign.state.goal["T-01-P1"].due_on == date(2019, 7, 1)
    assert desk.campaign.state.phase["1"].ends_on == date(2019, 7, 1)
    assert [e.unit for e in desk.said("deadline:recalculated")] == [None, "U01", "U02"]


def test_l5_the_next_rung_is_set_anew_where_the_date_stays() -> None:
    desk = _before_the_notice("2019-05-08")
    desk.at("2019-04-25")
    before = desk.deadline("T-01", "DL10")
    assert (before.next_rung, before.next_at) == ("T-5", shanghai("2019-04-30", "09:00"))
    desk.do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    after = desk.deadline("T-01", "DL10")
    assert (after.current_due_on, after.generation) == (before.current_due_on, 0)
    assert (after.next_rung, after.next_at) == ("T-5", shanghai("2019-04-29", "09:00"))


def test_e4_an_assignment_not_told_yet_survives_the_new_calendar() -> None:
    desk = Desk(calendar=the_calendar_before_the_notice())
    desk.do(c.Establish, "LG-1", doc_no="纪要")
    desk.at("2019-03-20", "18:00").do(
        c.AssignItem, "OF-1", matter="网上可办", limit="29wd", **ON_TASK
    )
    desk.do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    desk.at("2019-03-21", "12:00")
    number = desk.deadline("T-01", "DL10").id
    assert [n["sent_at"] for n in desk.notices(deadline=number, rung="ASSIGNED")] == [
        shanghai("2019-03-21", "08:30").isoformat()
    ]


def test_e4_dates_beyond_the_published_year_are_provisional_until_confirmed() -> None:
    early = a_calendar(published_through=date(2019, 5, 31))
    desk = Desk(calendar=early).implementing()
    assert desk.deadline("T-01", "TASK").provisional
    desk.do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    clock = desk.deadline("T-01", "TASK")
    assert (clock.provisional, clock.calendar_version) == (False, 2)
    assert len(desk.said("deadline:confirmed")) == 5


def test_news_of_a_date_set_anew_have_a_key_of_their_own() -> None:
    desk = scene("draft").at("2019-04-02")
    holidays = {**a_calendar().holidays, date(2019, 4, 1): "地方放假"}
    moved = a_calendar(2, holidays=holidays)
    desk.do(c.AdoptCalendar, "OF-1", calendar=moved, basis_doc="市府办1号")
    desk.at("2019-04-03")
    keys = [n["id"] for n in desk.notices(rung="DRAFT")]
    assert len(keys) == len(set(keys)) == 4
    asked = scene("asked").at("2019-04-15")
    late = {"deadline": asked.deadline("E0001", "EXT5").id, "reason": "催办"}
    asked.do(c.SetRemedialDate, "OF-1", on=date(2019, 4, 17), **late)
    keys = [n["id"] for n in asked.at("2019-04-18").notices(rung="ESCALATED")]
    assert len(keys) == len(set(keys)) == 8


@pytest.mark.parametrize("version", [0, 1])
def test_e4_only_a_newer_calendar_is_adopted(version: int) -> None:
    refusal = scene("working").refused(
        c.AdoptCalendar, calendar=a_calendar(version), basis_doc="国办3号"
    )
    assert refusal.code is Code.CALENDAR_NOT_NEWER


@pytest.mark.parametrize(
    ("first", "last"), [("2019-03-05", "2021-12-31"), ("2019-01-01", "2020-10-30")]
)
def test_e4_a_calendar_that_does_not_hold_the_campaign_is_refused(first: str, last: str) -> None:
    short = a_calendar(2).window(date.fromisoformat(first), date.fromisoformat(last))
    refusal = scene("working").refused(c.AdoptCalendar, calendar=short, basis_doc="国办3号")
    assert refusal.code is Code.CALENDAR_OUT_OF_RANGE


def test_e4_an_extended_date_is_kept_by_a_new_calendar() -> None:
    desk = scene("asked")
    desk.do(c.DecideExtension, "CG-1", extension="E0001", approved=True, reason="可")
    desk.do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    assert _due(desk)["TASK T-01"] == a_request("D0013")["new_due_on"].isoformat()


def test_cnt4_a_date_kept_on_a_rest_day_stays_there() -> None:
    kept = a_task(due_on=date(2019, 9, 28), keep_rest_day=True)
    plan = a_plan(tasks=(kept, a_task("T-02", "U02", clauses=("C2",))))
    desk = Desk(plan).implementing()
    assert _due(desk)["TASK T-01"] == "2019-09-28"
    desk.do(c.AdoptCalendar, "OF-1", **_CALENDAR)
    assert _due(desk)["TASK T-01"] == "2019-09-28"
