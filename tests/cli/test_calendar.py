"""`duban calendar`: counting without a server, a year drawn, importing and publishing."""

import json
from datetime import date
from pathlib import Path

import pytest
from rich.cells import cell_len

from duban.cli.calendar_books import merged
from duban.domain.calendars import Calendar
from duban.domain.campaign import commands as c
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import Role
from duban.errors import Unavailable
from duban.seeds import amended_2019_calendar, original_2019_calendar, write_calendar_csv
from tests.cli.world import NO, Answer, World, called
from tests.support.builders import Desk, shanghai, the_calendar_before_the_notice

SEEDS = {"DUBAN_HOME": "nowhere", "DUBAN_LANG": "en"}
DOC = "国办发明电〔2019〕3号"


def alone(*words: str) -> Answer:
    """Run a line where there is no database at all."""
    return called(words, SEEDS, World().services)


@pytest.mark.parametrize(
    ("start", "plus", "due"),
    [
        ("2019-03-04", "10wd", "2019-03-18"),
        ("2019-04-26", "3wd", "2019-04-30"),
        ("2019-04-26", "4wd", "2019-05-05"),
        ("2019-04-26", "5wd", "2019-05-06"),
        ("2019-04-29", "5wd", "2019-05-08"),
        ("2019-09-26", "3工作日", "2019-09-30"),
        ("2019-09-30", "1wd", "2019-10-08"),
        ("2026-02-13", "5wd", "2026-02-27"),
        ("2026-09-18", "5wd", "2026-09-24"),
        ("2026-09-30", "5wd", "2026-10-13"),
        ("2019-01-31", "1m", "2019-02-28"),
        ("2019-04-26", "15日", "2019-05-13"),
        ("2019-04-26", "2019-06-28", "2019-06-28"),
    ],
)
def test_limits_are_counted_without_any_server(start: str, plus: str, due: str) -> None:
    """The vectors of domain.md e.3."""
    answer = alone("calendar", "check", "--from", start, "--plus", plus)

    assert answer.status == 0
    assert answer.out.startswith(due)


def test_the_days_that_count_are_listed() -> None:
    answer = alone("calendar", "check", "--from", "2019-04-26", "--plus", "4wd", "--lang", "zh")

    lines = answer.out.splitlines()
    assert lines[0] == "2019-05-05  星期日  调休上班  劳动节"
    assert [line.split()[1] for line in lines[2:6]] == [
        "2019-04-28",
        "2019-04-29",
        "2019-04-30",
        "2019-05-05",
    ]


def test_a_count_as_json_and_csv() -> None:
    words = ("calendar", "check", "--from", "2027-01-04", "--plus", "2wd", "-o")

    told, rows = json.loads(alone(*words, "json").out), alone(*words, "csv").out.splitlines()

    assert (told["due_on"], told["provisional"]) == ("2027-01-06", True)
    assert [each["date"] for each in told["counted"]] == ["2027-01-05", "2027-01-06"]
    assert rows[0].startswith("date,weekday,kind")
    assert rows[1].startswith("2027-01-05,Tuesday,work")


def test_a_provisional_day_says_so() -> None:
    answer = alone("calendar", "check", "--from", "2027-01-04", "--plus", "2wd")

    assert answer.out.splitlines()[0].endswith("provisional")


@pytest.mark.parametrize(
    ("words", "status"), [(("2019-04-26", "一周"), 3), (("2019-02-30", "5wd"), 2)]
)
def test_what_could_be_read_in_two_ways_is_refused(words: tuple[str, str], status: int) -> None:
    assert alone("calendar", "check", "--from", words[0], "--plus", words[1]).status == status


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_year_is_drawn_by_months_that_are_aligned(lang: str) -> None:
    lines = alone("calendar", "show", "2019", "--lang", lang).out.splitlines()
    mark = {"zh": "班", "en": "W"}[lang]

    april, may = lines[13][:35], lines[10][38:]
    assert april.rstrip().endswith(f"28{mark}")
    assert f" 5{mark}" in may
    starts = {cell_len(line[: line.index("2019", 20)]) for line in (lines[0], lines[8])}
    assert starts == {38}
    assert any("2019-05-05" in line and mark in line for line in lines)


def test_a_year_that_is_not_published_says_so() -> None:
    answer = alone("calendar", "show", "2027")

    assert "those days are provisional" in answer.out


def test_a_year_as_json() -> None:
    days = json.loads(alone("calendar", "show", "2019", "-o", "json").out)

    assert len(days) == 365
    assert days[124] == {
        "date": "2019-05-05",
        "kind": "makeup_work",
        "name": "劳动节",
        "provisional": False,
        "source_doc": DOC,
    }


def test_a_year_without_a_table_is_refused() -> None:
    assert alone("calendar", "show", "1999").status == 3


def test_the_published_calendar_goes_before_the_seeds() -> None:
    world = World()
    world.calendars = [original_2019_calendar(version=4)]

    answer = world.call("calendar", "check", "--from", "2019-03-20", "--plus", "29wd")

    assert answer.out.startswith("2019-05-02")
    assert "version 4" in answer.out


def test_a_database_that_is_away_is_said_and_the_seeds_are_used() -> None:
    world = World()
    world.away = Unavailable(reason="down")

    answer = world.call("calendar", "check", "--from", "2019-04-26", "--plus", "4wd")

    assert answer.out.startswith("2019-05-05")
    assert "does not answer" in answer.err


def test_versions_are_listed() -> None:
    world = World()
    world.calendars = [original_2019_calendar(1), amended_2019_calendar(2)]

    published = json.loads(world.call("calendar", "list", "-o", "json").out)

    assert [(row["version"], row["status"]) for row in published] == [
        (1, "published"),
        (2, "published"),
    ]
    assert "came along" in alone("calendar", "list").out


def test_the_seeds_are_listed_where_nothing_was_published() -> None:
    assert "came along" in World().call("calendar", "list").out


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A campaign on the calendar of December 2018, and the notice of March 2019 in a file."""
    desk = Desk(calendar=the_calendar_before_the_notice())
    desk.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    found = World(desk.at("2019-03-22"), home=tmp_path)
    found.calendars = [original_2019_calendar(3)]
    write_calendar_csv(
        amended_2019_calendar().window(date(2019, 1, 1), date(2019, 12, 31)),
        tmp_path / "notice.csv",
    )
    return found


def imported(world: World) -> Answer:
    return world.call("calendar", "import", str(world.home / "notice.csv"))


def test_an_import_shows_the_days_that_differ(world: World) -> None:
    answer = imported(world)

    days = [line.split()[0] for line in answer.out.splitlines()[2:]]
    assert days == [f"2019-{day}" for day in ("04-28", "05-02", "05-03", "05-04", "05-05")]
    assert "5 days differ" in answer.err
    assert world.published == []


def test_a_faulty_calendar_file_is_refused_line_by_line(world: World, tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "日期,类别,名称,文号,暂定\n2019-13-01,工作日,,,否\n2019-05-01,假,,,否\n", "utf-8"
    )

    answer = world.call("calendar", "import", str(bad), "--lang", "zh")

    assert answer.status == 3
    assert "第2行 日期  calendar_file.not_a_date" in answer.err
    assert "calendar_file.invalid" in answer.err


def test_publishing_reaches_every_running_campaign(world: World) -> None:
    imported(world)

    answer = world.call("calendar", "publish", "--doc", DOC, "--lang", "zh")

    [(calendar, actor)] = world.published
    [command] = world.sent
    assert answer.status == 0
    assert "已采用" in answer.out
    assert (calendar.version, calendar.source_doc, actor.role) == (4, DOC, Role.OFFICE)
    assert calendar.last_on >= date(2020, 12, 31)
    assert calendar.day(date(2019, 10, 1)).source_doc == "国办发明电〔2018〕15号"
    assert isinstance(command, c.AdoptCalendar)
    assert command.calendar.version == 4
    assert command.calendar.is_working_day(date(2019, 5, 5))
    assert command.calendar.last_on == date(2021, 12, 31)
    assert command.basis_doc == DOC


def test_what_was_published_is_published_once(world: World) -> None:
    imported(world)
    world.call("calendar", "publish", "--doc", DOC)

    assert world.call("calendar", "publish", "--doc", DOC).status == 2


def test_a_refusal_by_one_campaign_is_told_and_decides_the_status(world: World) -> None:
    imported(world)
    world.answer = RuleViolation(Code.CALENDAR_NOT_NEWER, version=4, known=9)

    answer = world.call("calendar", "publish", "--doc", DOC)

    assert answer.status == 3
    assert "calendar.not_newer" in answer.out


@pytest.mark.parametrize("request_id", ["r1", "r" * 128])
def test_a_request_id_that_cannot_be_one_publishes_nothing(world: World, request_id: str) -> None:
    """The longest there is has no room for the campaign it is for."""
    imported(world)

    refused = world.call("calendar", "publish", "--doc", DOC, "--request-id", request_id)

    assert refused.status == 2
    assert "--request-id" in refused.err
    assert not world.published
    assert world.call("calendar", "publish", "--doc", DOC).status == 0


def test_publishing_needs_a_document_and_an_import(world: World) -> None:
    assert world.call("calendar", "publish", "--doc", " ").status == 2
    assert world.call("calendar", "publish", "--doc", DOC).status == 2


def test_publishing_without_a_campaign_under_way(tmp_path: Path, world: World) -> None:
    imported(world)
    empty = World(home=tmp_path)
    empty.now = shanghai("2019-03-22")

    answer = empty.call("calendar", "publish", "--doc", DOC, "--role", "office")

    assert answer.status == 0
    assert "No campaign under way" in answer.err
    assert len(empty.published) == 1


def a_year(year: int, through: int, **changes: object) -> Calendar:
    fields: dict[str, object] = {
        "version": 2,
        "title": "t",
        "source_doc": f"{year}号",
        "first_on": date(year, 1, 1),
        "last_on": date(year, 12, 31),
        "published_through": date(through, 12, 31),
        "holidays": {date(year, 1, 1): "元旦"},
        "makeup_workdays": {},
    }
    return Calendar.model_validate({**fields, **changes})


def test_merging_takes_the_newer_days_and_keeps_the_others() -> None:
    base = a_year(2026, 2026, last_on=date(2028, 12, 31), version=1)

    both = merged(base, a_year(2027, 2027))

    assert both.version == 2
    assert both.holidays == {date(2026, 1, 1): "元旦", date(2027, 1, 1): "元旦"}
    assert both.published_through == date(2027, 12, 31)
    assert both.day(date(2027, 1, 1)).source_doc == "2027号"
    assert both.day(date(2026, 1, 1)).source_doc == "2026号"


def test_merging_across_an_unpublished_year_does_not_call_it_published() -> None:
    base = a_year(2026, 2026, last_on=date(2028, 12, 31), version=1)

    assert merged(base, a_year(2028, 2028)).published_through == date(2026, 12, 31)


def test_merging_what_does_not_meet_changes_the_version_only() -> None:
    base = a_year(2026, 2026)

    assert merged(base, a_year(2030, 2030, version=5)) == base.model_copy(update={"version": 5})


def test_a_campaign_without_its_calendar_is_told(world: World) -> None:
    imported(world)
    desk = world.desk
    assert desk is not None
    told = desk.events[0]
    kept = tuple(each for each in told.changes if each.kind != "calendar")
    desk.events[0] = told.model_copy(update={"changes": kept})

    answer = world.call("calendar", "publish", "--doc", DOC)

    assert answer.status == 3
    assert NO in answer.out
