"""Calendar files: written and read back, tolerant of spreadsheets, every fault at once."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.domain.calendars import Calendar, DayKind
from duban.seeds import (
    CalendarFault,
    CalendarFileInvalid,
    amended_2019_calendar,
    original_2019_calendar,
    published_calendar,
    read_calendar_csv,
    write_calendar_csv,
)

EXAMPLES = Path(__file__).parents[2] / "examples" / "calendars"
HEADER = "日期,类别,名称,文号,暂定\n"
WEEK = """2019-09-28,休息日,,,否
2019-09-29,调休上班,国庆节,国办发明电〔2018〕15号,否
2019-09-30,工作日,,,否
2019-10-01,节假日,国庆节,国办发明电〔2018〕15号,否
2019-10-02,节假日,国庆节,市政办〔2019〕7号,是
2019-10-03,工作日,,,是
"""


def saved(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "日历.csv"
    path.write_bytes(text.encode(encoding))
    return path


def faults(path: Path) -> list[tuple[int, str, CalendarFault]]:
    with pytest.raises(CalendarFileInvalid) as refusal:
        read_calendar_csv(path, version=1)
    error = refusal.value
    assert error.code == "calendar_file.invalid"
    assert error.params == {"file": path.name, "count": len(error.problems)}
    return [(each.row, each.column, each.code) for each in error.problems]


def same_days(one: Calendar, other: Calendar) -> bool:
    length = (one.last_on - one.first_on).days + 1
    days = [one.first_on + timedelta(days=n) for n in range(length)]
    return (one.first_on, one.last_on) == (other.first_on, other.last_on) and all(
        one.day(on) == other.day(on) for on in days
    )


@pytest.mark.parametrize(
    "calendar",
    [original_2019_calendar(), amended_2019_calendar(), published_calendar(2025, 2028)],
    ids=["original", "amended", "provisional"],
)
def test_a_written_calendar_reads_back_the_same(tmp_path: Path, calendar: Calendar) -> None:
    path = tmp_path / "calendar.csv"
    write_calendar_csv(calendar, path)
    assert path.read_bytes().startswith("\ufeff日期,类别".encode())
    again = read_calendar_csv(path, version=calendar.version, title=calendar.title)
    assert same_days(calendar, again)
    assert again.published_through == calendar.published_through
    assert (again.version, again.title) == (calendar.version, calendar.title)


@pytest.mark.parametrize(
    ("name", "make"),
    [("2019-original", original_2019_calendar), ("2019-amended", amended_2019_calendar)],
)
def test_the_example_files_are_what_the_functions_write(
    tmp_path: Path, name: str, make: Callable[[], Calendar]
) -> None:
    write_calendar_csv(make(), tmp_path / "fresh.csv")
    example = EXAMPLES / f"{name}.csv"
    assert example.read_bytes() == (tmp_path / "fresh.csv").read_bytes()
    assert same_days(read_calendar_csv(example, version=9), make())


def test_a_file_of_every_day_is_read(tmp_path: Path) -> None:
    table = read_calendar_csv(saved(tmp_path, HEADER + WEEK), version=4)
    assert (table.version, table.title) == (4, "日历")
    assert (table.first_on, table.last_on) == (date(2019, 9, 28), date(2019, 10, 3))
    assert table.published_through == date(2019, 10, 1)
    assert table.source_doc == "国办发明电〔2018〕15号"
    assert table.makeup_workdays == {date(2019, 9, 29): "国庆节"}
    assert table.day(date(2019, 10, 2)).source_doc == "市政办〔2019〕7号"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_what_a_spreadsheet_makes_of_a_file_is_understood(tmp_path: Path, encoding: str) -> None:
    text = (HEADER + WEEK).replace("2019-09-28", "2019/9/28").replace("2019-10-03", "2019年10月3日")
    text = text.replace("\n", "\r\n") + ",,,,\r\n\r\n"
    table = read_calendar_csv(saved(tmp_path, text, encoding), version=1)
    assert (table.first_on, table.last_on) == (date(2019, 9, 28), date(2019, 10, 3))


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    text = "暂定,文号,名称,类别,日期\n,国办发明电〔2018〕15号,国庆节,节假日,2019-10-01\n"
    table = read_calendar_csv(saved(tmp_path, text), version=1)
    assert table.holidays == {date(2019, 10, 1): "国庆节"}


def test_a_list_of_exceptions_stands_for_whole_years(tmp_path: Path) -> None:
    text = HEADER + "2019-10-01,节假日,国庆节,,\n2019-10-12,调休上班,,,否\n"
    table = read_calendar_csv(saved(tmp_path, text), version=1)
    assert (table.first_on, table.last_on) == (date(2019, 1, 1), date(2019, 12, 31))
    assert table.published_through == date(2019, 12, 31)
    assert table.day(date(2019, 3, 4)).kind is DayKind.WORK
    assert table.is_working_day(date(2019, 10, 12))


def test_a_file_without_exceptions_has_no_document(tmp_path: Path) -> None:
    table = read_calendar_csv(saved(tmp_path, HEADER + "2019-10-08,工作日,,,\n"), version=1)
    assert (table.source_doc, table.first_on) == ("", table.last_on)


def test_every_wrong_cell_is_reported_at_once(tmp_path: Path) -> None:
    rows = [
        "2019-02-30,工作日,,,否", "昨天,放假,,,也许", "2019-10-05,工作日,,,否",
        "2019-10-01,节假日,,,否", "2019-10-08,调休上班,,,否", "2019-10-09,休息日,,,否",
        "2019-10-10,工作日,,,是", "2019-10-10,工作日,,,是", "2019-10-11,工作日,,,否",
    ]  # fmt: skip
    fault = CalendarFault
    assert faults(saved(tmp_path, HEADER + "\n".join(rows))) == [
        (2, "日期", fault.NOT_A_DATE),
        (3, "日期", fault.NOT_A_DATE),
        (3, "类别", fault.NOT_A_KIND),
        (3, "暂定", fault.NOT_A_FLAG),
        (4, "类别", fault.KIND_ON_WEEKEND),
        (5, "名称", fault.NAME_MISSING),
        (6, "类别", fault.KIND_ON_WEEKDAY),
        (7, "类别", fault.KIND_ON_WEEKDAY),
        (9, "日期", fault.DAY_TWICE),
        (10, "暂定", fault.PUBLISHED_AFTER_PROVISIONAL),
    ]


def test_a_hole_between_days_is_reported_with_its_size(tmp_path: Path) -> None:
    text = HEADER + WEEK.replace("2019-09-30,工作日,,,否\n", "")
    with pytest.raises(CalendarFileInvalid) as refusal:
        read_calendar_csv(saved(tmp_path, text), version=1)
    (hole,) = refusal.value.problems
    assert (hole.row, hole.code) == (4, CalendarFault.DAYS_MISSING)
    assert hole.params == {"value": "2019-10-01", "first": "2019-09-30", "days": 1}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(0, "", CalendarFault.NO_ROWS)]),
        (HEADER, [(0, "", CalendarFault.NO_ROWS)]),
        (
            "日期,类型,名称,文号,暂定\n2019-10-08,工作日,,,",
            [
                (1, "类别", CalendarFault.COLUMN_MISSING),
                (1, "类型", CalendarFault.COLUMN_UNKNOWN),
            ],
        ),
        (
            "日期,日期,类别,名称,文号,暂定\n2019-10-08,,工作日,,,",
            [(1, "日期", CalendarFault.COLUMN_UNKNOWN)],
        ),
        (HEADER + "2019-10-08,工作日", [(2, "", CalendarFault.CELLS)]),
        (HEADER + '2019-10-08,"工作"日,,,', [(0, "", CalendarFault.NOT_CSV)]),
    ],
)
def test_a_file_of_the_wrong_shape_is_refused(
    tmp_path: Path, text: str, found: list[tuple[int, str, CalendarFault]]
) -> None:
    assert faults(saved(tmp_path, text)) == found


def test_what_is_no_calendar_file_is_refused(tmp_path: Path) -> None:
    assert faults(tmp_path / "nowhere.csv") == [(0, "", CalendarFault.NOT_FOUND)]
    assert faults(tmp_path) == [(0, "", CalendarFault.NOT_FOUND)]
    binary, large = tmp_path / "binary.csv", tmp_path / "large.csv"
    binary.write_bytes(b"PK\x03\x04\xff\xff\x00")
    assert faults(binary) == [(0, "", CalendarFault.NOT_CSV)]
    large.write_bytes(b"," * 2_000_001)
    assert faults(large) == [(0, "", CalendarFault.TOO_LARGE)]


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2019-10-01", "2019-10-02", "2099-12-31", "0001-01-01", "x", ""]),
            st.sampled_from(["工作日", "节假日", "休息日", "调休上班", "x", ""]),
            st.sampled_from(["", "国庆节", "\x00", '"']),
            st.sampled_from(["", "国办发明电〔2018〕15号"]),
            st.sampled_from(["是", "否", "x", ""]),
        ),
        max_size=4,
    )
)
def test_any_rows_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = saved(tmp_path_factory.mktemp("rows"), HEADER + "\n".join(",".join(row) for row in rows))
    try:
        table = read_calendar_csv(path, version=1)
    except CalendarFileInvalid as error:
        assert error.problems  # noqa: PT017 -- either outcome is right
    else:
        assert table.first_on <= table.last_on
