"""Reminders and the escalation ladder L0-L2: when, to whom, once each, in working hours (e.5)."""

from datetime import date, datetime, time
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.counting import SHANGHAI
from duban.domain.deadlines import schedule
from duban.domain.limits import DeadlineCode
from duban.domain.policy import ActsBy, PolicyVersion
from duban.domain.roles import Role
from tests.support.builders import Desk, a_calendar, shanghai
from tests.support.scenes import ON_TASK, OUTCOME, scene

_HOURS = (time(8, 30), time(17, 30))


def _item(day: str, limit: str, clock: str = "10:00") -> tuple[Desk, str]:
    """Return a campaign in which T-01 got an item at that moment, and the item's clock."""
    desk = scene("working").at(day, clock)
    desk.do(c.AssignItem, "OF-1", matter="窗口脱岗", limit=limit, **ON_TASK)
    return desk, desk.deadline("T-01", "DL10").id


def _course(desk: Desk, item: str) -> list[tuple[str, str]]:
    """Return what the clock said of itself: Shanghai time and rung, or the breach."""
    return [
        (f"{e.occurred_at.astimezone(SHANGHAI):%m-%d %H:%M}", str(e.detail.get("rung", "breach")))
        for e in desk.events
        if e.object_id == item and e.tag.startswith("campaign:deadline:")
    ]


def _sent(notice: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(notice["sent_at"]).astimezone(SHANGHAI)


def _assert_in_hours(desk: Desk) -> None:
    calendar = a_calendar()
    for notice in desk.notices():
        sent = _sent(notice)
        assert calendar.is_working_day(sent.date()), notice
        assert _HOURS[0] <= sent.time() <= _HOURS[1], notice


def test_e5_the_ladder_of_twenty_working_days_over_the_may_holiday_of_2019() -> None:
    desk, item = _item("2019-04-04", "20wd")
    desk.at("2019-05-31")
    assert _course(desk, item) == [
        ("04-04 10:00", "ASSIGNED"),
        ("04-19 09:00", "HALF"),
        ("04-26 09:00", "T-5"),
        ("04-29 09:00", "T-3"),
        ("05-05 09:00", "T-1"),
        ("05-06 09:00", "T0"),
        ("05-06 17:30", "breach"),
        ("05-07 09:00", "L1"),
        ("05-09 09:00", "L2"),
    ]
    _assert_in_hours(desk)


def test_e5_who_is_told_what() -> None:
    desk, item = _item("2019-04-04", "20wd")
    desk.at("2019-05-31")
    told = {
        rung: {each["recipient"] for each in desk.notices(deadline=item, rung=rung)}
        for rung in ("ASSIGNED", "HALF", "T-5", "T-3", "T-1", "T0", "L1", "L2")
    }
    assert {frozenset(told[rung]) for rung in ("ASSIGNED", "HALF", "T-5", "T-3", "T0")} == {
        frozenset({"U01-H1"})
    }
    assert told["T-1"] == {"U01-H1", "U01-D1"}
    assert told["L1"] == {"U01-L1", "U01-D1", "SU-1", "SU-2"}
    assert told["L2"] == {"U01-L1"}
    papers = {each["rung"]: each["document"] for each in desk.notices(deadline=item)}
    assert (papers["T0"], papers["L1"], papers["L2"]) == (
        "notice",
        "urge_notice",
        "yellow_card_slip",
    )


def test_e5_the_urge_flags_and_the_yellow_card_scores() -> None:
    desk, _ = _item("2019-04-04", "20wd")
    desk.at("2019-05-07")
    task = desk.campaign.state.task["T-01"]
    assert (task.breach_level, task.yellow_count, str(task.cards_score)) == (1, 0, "0")
    desk.at("2019-05-09")
    task = desk.campaign.state.task["T-01"]
    assert (task.breach_level, task.yellow_count, str(task.cards_score)) == (2, 1, "-0.5")
    assert task.state.value == "in_progress"
    assert desk.deadline("T-01", "DL10").breach_level == 2


@pytest.mark.parametrize(
    ("days", "rungs"),
    [
        (1, ["ASSIGNED", "T0"]),
        (2, ["ASSIGNED", "T-1", "T0"]),
        (4, ["ASSIGNED", "T-1", "T0"]),
        (5, ["ASSIGNED", "HALF", "T-3", "T-1", "T0"]),
        (6, ["ASSIGNED", "HALF", "T-5", "T-3", "T-1", "T0"]),
    ],
)
def test_e5_short_periods_have_t_1_and_t0_only(days: int, rungs: list[str]) -> None:
    desk, item = _item("2019-04-08", f"{days}wd")
    desk.at("2019-04-30")
    before = [rung for _, rung in _course(desk, item)]
    assert [each for each in before if each not in ("breach", "L1", "L2")] == sorted(
        rungs, key=before.index
    )
    assert set(rungs) <= set(before)


@pytest.mark.parametrize(
    ("day", "clock", "told"),
    [
        ("2019-04-08", "08:00", "04-08 08:30"),
        ("2019-04-08", "19:00", "04-09 08:30"),
        ("2019-04-30", "18:00", "05-05 08:30"),
        ("2019-05-02", "10:00", "05-05 08:30"),
    ],
)
def test_e5_an_assignment_out_of_hours_is_told_at_the_next_opening(
    day: str, clock: str, told: str
) -> None:
    desk, item = _item(day, "20wd", clock)
    desk.at("2019-05-07")
    assert _course(desk, item)[0] == (told, "ASSIGNED")
    first = desk.notices(deadline=item)[0]
    assert first["late"] is False


def test_e5_nothing_is_lost_doubled_or_sent_at_rest_after_a_stop_over_the_holiday() -> None:
    desk, item = _item("2019-04-04", "20wd")
    desk.at("2019-04-25", "12:00")
    # Everything stands still from Thursday noon to Tuesday morning, the holiday in between.
    desk.now = shanghai("2019-05-07", "07:45")
    desk.campaign.tick(now=desk.now)
    assert [rung for _, rung in _course(desk, item)] == ["ASSIGNED", "HALF", "breach"]
    desk.at("2019-05-07", "12:00")
    assert _course(desk, item)[3:] == [
        ("05-07 08:30", "T-5"),
        ("05-07 08:30", "T-3"),
        ("05-07 08:30", "T-1"),
        ("05-07 08:30", "T0"),
        ("05-07 09:00", "L1"),
    ]
    late = {each["rung"]: each["late"] for each in desk.notices(deadline=item)}
    assert late == {
        **dict.fromkeys(("ASSIGNED", "HALF", "L1"), False),
        **dict.fromkeys(("T-5", "T-3", "T-1", "T0"), True),
    }
    _assert_in_hours(desk.at("2019-05-31"))
    assert [rung for _, rung in _course(desk, item)].count("L2") == 1


def test_e5_restarting_on_a_rest_day_sends_nothing_before_the_next_opening() -> None:
    desk, item = _item("2019-04-04", "20wd")
    desk.at("2019-04-25", "12:00")
    desk.now = shanghai("2019-05-02", "11:00")
    desk.campaign.tick(now=desk.now)
    assert desk.campaign.next_alarm(now=desk.now) == shanghai("2019-05-05", "08:30")
    desk.at("2019-05-05", "08:30")
    assert _course(desk, item)[2:] == [("05-05 08:30", "T-5"), ("05-05 08:30", "T-3")]


@pytest.mark.parametrize("stops", range(1, 12))
def test_e5_the_same_notices_whenever_the_worker_is_down(stops: int) -> None:
    steady, item = _item("2019-04-04", "20wd")
    steady.at("2019-05-31")
    desk, _ = _item("2019-04-04", "20wd")
    for day in range(4 + stops, 31, stops):
        desk.now = shanghai(f"2019-04-{day:02}", "18:15")
        desk.campaign.tick(now=desk.now)
    desk.at("2019-05-31")
    keys = [each["id"] for each in desk.notices(deadline=item)]
    assert sorted(keys) == sorted(each["id"] for each in steady.notices(deadline=item))
    assert len(keys) == len(set(keys))
    _assert_in_hours(desk)


def test_e5_a_late_notice_says_so_only_after_the_grace() -> None:
    desk, item = _item("2019-04-04", "20wd")
    desk.now = shanghai("2019-04-19", "10:00")
    desk.campaign.tick(now=desk.now)
    assert [n["late"] for n in desk.notices(deadline=item, rung="HALF")] == [False]
    desk, item = _item("2019-04-04", "20wd")
    desk.now = shanghai("2019-04-19", "10:01")
    desk.campaign.tick(now=desk.now)
    assert [n["late"] for n in desk.notices(deadline=item, rung="HALF")] == [True]


def test_e5_ticking_again_at_the_same_moment_says_nothing() -> None:
    desk, _ = _item("2019-04-04", "20wd")
    desk.at("2019-05-09", "09:00")
    said = desk.campaign.state.next_seq
    desk.campaign.tick(now=desk.now)
    assert desk.campaign.state.next_seq == said


def test_every_notice_has_a_key_of_its_own() -> None:
    keys = [each["id"] for each in scene("watch").at("2020-06-01").notices()]
    assert len(keys) > 50
    assert len(keys) == len(set(keys))


def test_l3_and_above_stand_in_the_table_and_wait_for_people() -> None:
    rungs = {rung.code: rung for rung in PolicyVersion().rungs}
    assert [rungs[f"L{n}"].acts_by for n in range(7) if f"L{n}" in rungs] == [
        ActsBy.SYSTEM,
        ActsBy.SYSTEM,
        *[ActsBy.PERSON] * 4,
    ]
    desk, item = _item("2019-04-04", "20wd")
    desk.at("2020-03-31")
    assert _course(desk, item)[-1][1] == "L2"
    assert not [rung for _, rung in _course(desk, item) if rung in ("L3", "L4", "L5", "L6")]


def test_a_clock_without_a_ladder_has_no_rungs() -> None:
    desk = scene("working")
    phase = desk.deadline("1", "PHASE")
    assert list(schedule(phase, desk.campaign.state.policy, a_calendar())) == []
    assert (phase.next_rung, phase.next_at) == (None, None)


def test_a_body_is_told_as_a_body() -> None:
    desk = scene("submitted").at("2019-04-10")
    review = desk.deadline("BE-2019", "DL03")
    assert {n["recipient"] for n in desk.notices(deadline=review.id, rung="T-1")} == {
        "CO-1",
        "CO-2",
    }
    urged = {n["recipient"] for n in desk.notices(deadline=review.id, rung="L1")}
    assert urged == {"CO-1", "CO-2", "SU-1", "SU-2"}
    assert {e.unit for e in desk.events if e.object_id == review.id} == {None}


def test_a_unit_plan_is_pressed_through_liaison_and_leader() -> None:
    desk = scene("plan").at("2019-03-31")
    clock = desk.deadline("U01", "DL02")
    assert clock.current_due_on == date(2019, 3, 18)
    assert {n["recipient"] for n in desk.notices(deadline=clock.id, rung="T-3")} == {
        "U01-D1",
        "U01-H1",
    }
    assert {n["recipient"] for n in desk.notices(deadline=clock.id, rung="L2")} == {"U01-L1"}


def test_somebody_is_always_told_at_worst_the_office() -> None:
    desk = scene("working")
    people = desk.campaign.state.person
    for key in [key for key in people if people[key].role is Role.CAMPAIGN_GROUP]:
        people[key] = people[key].model_copy(update={"left": True})
    claim: dict[str, Any] = {"goal": "T-01-P1", "value": 53, "evidence": OUTCOME}
    desk.do(c.ClaimGoal, "U01-L1", **claim)
    desk.at("2019-04-09")
    number = desk.deadline("T-01-P1", "DL12").id
    assert {n["recipient"] for n in desk.notices(deadline=number, rung="ASSIGNED")} == {
        "OF-1",
        "OF-2",
    }


def test_a_late_verification_is_not_charged_to_the_unit() -> None:
    desk = scene("goal_claimed").at("2019-04-30")
    clock = desk.deadline("T-01-P1", "DL12")
    assert clock.breach_level == 2
    task = desk.campaign.state.task["T-01"]
    assert (task.breach_level, task.yellow_count) == (0, 0)
    assert {e.unit for e in desk.events if e.object_id == clock.id} == {None}


def test_every_kind_of_deadline_has_its_row() -> None:
    policy = PolicyVersion()
    assert {policy.rule(code).code for code in DeadlineCode} == set(DeadlineCode)
