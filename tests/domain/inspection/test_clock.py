"""Clocks and news: calendars count anew, suspension stops nothing, the trail may go another way."""

from duban.domain.events import Outcome
from duban.domain.inspection import commands as c
from duban.domain.inspection.weight import WEIGHTY, weighty
from duban.domain.inspection.work import Work
from duban.domain.roles import SYSTEM
from duban.texts import known
from tests.support.builders import a_calendar, the_calendar_before_the_notice
from tests.support.inspections import KEY, InspectionDesk, actor_of


def test_e4_a_new_calendar_moves_open_clocks_and_shortens_none() -> None:
    desk = InspectionDesk(ends_on="2019-04-30").on_site()
    desk.inspection.state.calendar["1"] = the_calendar_before_the_notice(1)
    desk.recorded()
    # 2 and 3 May were working days until the notice, 28 April and 5 May were not.
    before = desk.due("DL25")

    desk.hear("calendar", calendar=a_calendar(2))
    desk.hear("calendar", calendar=a_calendar(2))
    desk.hear("calendar", seq=101, calendar=a_calendar(2))

    assert (desk.tags.count("calendar:adopted"), desk.tags.count("calendar:known")) == (1, 1)
    assert (desk.record.calendar_version, desk.record.heard) == (2, 101)
    assert desk.due("DL25") >= before


def test_c3_a_suspension_stops_no_clock_of_an_inspection() -> None:
    desk = InspectionDesk().issued()
    desk.hear("suspended")

    assert not Work(desk.inspection.state, actor_of("LG-1"), desk.now).is_paused
    assert desk.at("2019-04-27").record.findings_late


def test_e5_who_issues_is_reminded_and_urged() -> None:
    desk = InspectionDesk().recorded().at("2019-05-20")

    urged = desk.notices(code="DL25", rung="L1")
    assert {each["recipient"] for each in urged} == {"SU-1", "SU-2"}
    assert desk.record.breach_level == 2
    assert desk.notices(code="SEC5") == []


def test_where_the_trail_went_another_way_the_inspection_follows_it() -> None:
    desk = InspectionDesk().drawn().at("2019-04-25", "08:00")
    other = desk.fork()
    on_trail = len(desk.events) - 1
    desk.inspection.recorded(on_trail)
    other.do(c.ReleaseTarget, "IN-1", key=KEY)

    desk.inspection.follow(other.events[on_trail:], now=desk.now)

    assert (desk.state, desk.tags) == ("released", ["trail:followed"])


def test_the_system_decides_nothing_but_what_sec5_says() -> None:
    desk = InspectionDesk().linked().fed_back().at("2020-03-01")
    sealed = InspectionDesk().released().at("2019-05-05")

    acts = {each.tag for each in (*desk.events, *sealed.events) if each.actor == SYSTEM}
    assert acts == {
        "inspection:target:unsealed",
        "inspection:review:lapsed",
        "inspection:deadline:reminded",
        "inspection:target:burned",
        "inspection:inspection:aborted",
        "inspection:stream:closed",
    }
    assert desk.state == "conclusion_issued"


def test_what_weighs_is_said_and_refusals_do_not_weigh() -> None:
    desk = InspectionDesk().released().at("2019-04-25", "08:30")
    command = desk.command(c.ReleaseTarget, "SU-1", key=KEY)
    why = desk.refused(c.ReleaseTarget, "SU-1", key=KEY)
    desk.inspection.refuse(command, why, now=desk.now)

    assert [desk.events[seq].tag.partition(":")[2] for seq in weighty(desk.events)] == [
        "inspection:ordered",
        "target:sealed",
        "target:released",
    ]
    assert desk.events[-1].outcome is Outcome.REJECTED
    assert all(known(f"tag.{tag}") for tag in WEIGHTY)
