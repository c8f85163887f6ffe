"""`duban campaign`: the picture, starting from a file, exporting, the gate, restoring."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from duban.contracts import ProblemInput
from duban.domain.campaign import commands as c
from duban.domain.plan import CampaignPlan
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Role
from duban.seeds import published_calendar
from duban.workbook import read_plan, write_plan
from tests.cli.world import NO, World
from tests.support.builders import Desk, a_plan, shanghai
from tests.support.problems import ProblemDesk, a_registration

CALENDAR = published_calendar(2018, 2022)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    write_plan(a_plan(), path)
    return path


def test_the_list_of_campaigns() -> None:
    answer = World(Desk()).call("campaign", "list", "--lang", "zh")

    assert "BE-2019" in answer.out
    assert "拟制" in answer.out
    assert World(Desk()).call("campaign", "list", "--stage", "watch").out == ""


def picture(desk: Desk, *words: str) -> list[str]:
    answer = World(desk).call("campaign", "show", NO, *words)
    assert answer.status == 0, answer.err
    return answer.out.splitlines()


def test_the_picture_shows_stage_phases_and_today() -> None:
    lines = picture(Desk().implementing().at("2019-05-14"), "--lang", "zh")

    assert lines[0] == "BE-2019  营商环境专项整治"
    assert "【实施 1/2】" in lines[3]
    assert any("1 查摆整改" in line and "进行中" in line and "│" in line for line in lines)
    assert any(line.strip() == "▲ 今天 2019-05-14" for line in lines)


def test_the_picture_puts_today_in_its_place() -> None:
    lines = picture(Desk().implementing().at("2019-07-01"))
    [today] = [line for line in lines if "▲" in line]
    [bar] = [line for line in lines if line.startswith("1 查摆整改")]

    # The second phase begins on 1 July, 119 of 241 days after launch, on 60 places.
    assert today.index("▲") - 25 == 119 * 59 // 241
    assert bar.rstrip().endswith("under review")


def test_the_picture_shows_goals_with_bars_and_marks() -> None:
    desk = Desk().implementing().at("2019-05-14")
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value="46.50")

    lines = picture(desk)

    [goal] = [line for line in lines if line.strip().startswith("T-01-P1")]
    assert "41 → 46.5 → 52 %  ■■■■■□□□□□" in goal
    assert goal.rstrip().endswith("2019-06-28  G")


def test_the_picture_shows_goals_that_were_carried_over() -> None:
    desk = Desk().implementing().at("2019-06-24")
    desk.do(
        c.DecideGoal,
        "LG-1",
        goal="T-01-P1",
        decision="carried_over",
        reason="系统未上线",
        doc_no="决定1号",
        new_due_on=date(2019, 8, 30),
    )

    assert any("carried from phase 1" in line for line in picture(desk))


def test_the_picture_shows_what_is_next_with_lights() -> None:
    lines = picture(Desk().implementing().at("2019-06-27"))

    following = lines[lines.index("Next") + 1 :]
    assert following[0].split()[:4] == ["R", "2019-06-28", "1", "wd"]
    assert "phase goal" in "".join(following)


def test_the_picture_of_a_suspended_campaign_and_of_one_without_clocks() -> None:
    desk = Desk().implementing()
    desk.do(c.Suspend, "LG-1", reason="防汛", doc_no="决定1号")
    ended = desk.fork()
    ended.do(
        c.Terminate,
        "LG-1",
        reason="并入",
        doc_no="决定2号",
        dispositions=[
            {"task": no, "owner": "U01", "disposition": "继续"} for no in ("T-01", "T-02")
        ],
    )

    assert "<suspended>" in picture(desk)[3]
    assert "【implement 1/2】" in picture(desk)[3]
    assert "<terminated>" in picture(ended)[3]
    assert picture(ended)[-1] == "  no clock is running"


def test_the_picture_before_launch_and_after_the_close() -> None:
    before, after = World(Desk()), World(Desk())
    before.now, after.now = shanghai("2019-03-01"), shanghai("2019-11-30")

    assert "3 days before launch" in before.call("campaign", "show", NO).out
    assert "30 days after the close" in after.call("campaign", "show", NO).out


def test_a_long_list_of_what_is_next_says_how_many_more() -> None:
    assert any("more" in line for line in picture(Desk().planned().at("2019-03-12"))) is False
    assert any("… and" in line for line in picture(_busy()))


def _busy() -> Desk:
    desk = Desk().implementing()
    for number in range(9):
        desk.do(c.AssignItem, "CG-1", task="T-01", matter=f"事项{number}", limit="20wd")
    return desk


def test_the_picture_as_json_and_csv() -> None:
    world = World(Desk().implementing())

    told = json.loads(world.call("campaign", "show", NO, "-o", "json").out)
    rows = world.call("campaign", "show", NO, "-o", "csv").out.splitlines()

    assert (told["no"], told["stage"], len(told["phases"])) == (NO, "implement", 2)
    assert told["deadlines"][0]["light"] in {"green", "amber", "red"}
    assert rows[1].startswith("BE-2019,营商环境专项整治,implement,1")


def test_a_campaign_that_is_not_there() -> None:
    assert World(Desk()).call("campaign", "show", "XX").status == 4
    assert World(Desk()).call("campaign", "export", "XX", "x.xlsx").status == 4
    assert World(Desk()).call("campaign", "restore", "XX").status == 4


def test_a_start_from_a_file(plan_file: Path) -> None:
    world = World()

    answer = world.call("campaign", "start", str(plan_file), "--as", "OF-1")

    [start] = world.started
    assert answer.status == 0
    assert "campaign-BE-2019" in answer.out
    assert start.plan == a_plan()
    assert (start.mode, start.clock_offset.total_seconds()) == ("live", 0)
    assert start.actor.role is Role.OFFICE
    assert start.calendar.first_on <= date(2019, 2, 4)
    assert start.calendar.last_on >= date(2020, 12, 31)


def test_a_start_uses_the_published_calendar(plan_file: Path) -> None:
    world = World()
    moved = {date(2019, 5, 2): "劳动节"}
    world.calendars = [CALENDAR.model_copy(update={"version": 7, "holidays": moved})]

    world.call("campaign", "start", str(plan_file))

    assert world.started[0].calendar.version == 7
    assert world.started[0].calendar.holidays == moved


def test_nothing_is_started_under_a_request_id_that_is_too_short(plan_file: Path) -> None:
    world = World()

    answer = world.call("campaign", "start", str(plan_file), "--request-id", "r1")

    assert answer.status == 2
    assert "--request-id" in answer.err
    assert world.started == []


def test_nothing_is_started_from_a_file_with_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(a_plan(clauses=()), path)
    world = World()

    answer = world.call("campaign", "start", str(path))

    assert answer.status == 3
    assert "plan_file.invalid" in answer.err
    assert "fault." in answer.err
    assert "row" in answer.err
    assert world.started == []


def test_a_template_and_an_export_can_be_read(tmp_path: Path) -> None:
    world = World(Desk().implementing())
    empty, out = tmp_path / "empty.xlsx", tmp_path / "now.xlsx"

    assert world.call("campaign", "template", str(empty)).status == 0
    assert world.call("campaign", "export", NO, str(out)).status == 0

    assert empty.stat().st_size > 0
    assert read_back(out) == a_plan()


def read_back(path: Path) -> CampaignPlan:
    return read_plan(path, calendar=CALENDAR, policy=PolicyVersion())


def test_an_export_carries_dates_as_they_are_now(tmp_path: Path) -> None:
    desk = Desk().implementing().at("2019-06-24")
    desk.do(c.RecordGoalValue, "U01-H1", goal="T-01-P1", value="45")
    desk.do(c.Suspend, "LG-1", reason="防汛", doc_no="决定1号")
    desk.at("2019-06-26").do(c.Resume, "LG-1", reason="结束", doc_no="决定2号")
    out = tmp_path / "now.xlsx"

    World(desk).call("campaign", "export", NO, str(out))

    phases = load_workbook(out)["阶段"]
    assert phases["D2"].value == datetime(2019, 7, 2)  # noqa: DTZ001 - a cell has no zone


def test_the_gate_ahead_with_what_is_missing() -> None:
    world = World(Desk())
    world.desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")  # type: ignore[union-attr]

    table = world.call("campaign", "gate", NO, "--lang", "zh")
    rows = json.loads(world.call("campaign", "gate", NO, "--gate", "G4", "-o", "json").out)

    assert "专项方案已审核并批准" in table.out
    assert "还有" in table.err
    assert {row["id"] for row in rows} >= {"G4.1", "G4.4.report"}


def test_a_gate_that_is_met_can_be_signed() -> None:
    answer = World(Desk().planned()).call("campaign", "gate", NO)

    assert "the gate can be signed" in answer.err


def test_a_lost_campaign_goes_on_from_its_trail() -> None:
    world = World(Desk().implementing())

    answer = world.call("campaign", "restore", NO)

    [state] = world.restored
    assert answer.status == 0
    assert next(iter(state.campaign.values())).stage.value == "implement"
    assert world.resumed == []
    assert f"{NO} is restored" in answer.out


def test_what_is_below_a_lost_campaign_goes_on_with_it() -> None:
    desk = Desk().implementing()
    desk.now = max(desk.now, shanghai("2019-04-24", "09:30"))
    desk.do(c.RegisterProblem, "SU-1", registration=a_registration())
    world = World(desk)
    world.problem = ProblemDesk().rectifying()

    answer = world.call("campaign", "restore", NO)

    [(given, missed)] = world.resumed
    assert (answer.status, missed) == (0, [])
    assert isinstance(given, ProblemInput)
    assert given.state is not None
    assert given.state.problem == world.problem.problem.state.problem
    assert "problems 1, clues 0, inspections 0" in answer.out
    world.is_there = True
    again = world.call("campaign", "restore", NO, "--lang", "zh")
    assert again.status == 0
    assert "无需恢复" in again.out
