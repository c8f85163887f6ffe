"""Seeded calendar tables: equal to a second library, honest beyond it, and the 2019 change."""

from datetime import date, timedelta

import holidays
import pytest

from duban.domain.calendars import Calendar, DayKind
from duban.domain.errors import Code, RuleViolation
from duban.seeds import amended_2019_calendar, original_2019_calendar, published_calendar

DAY = timedelta(days=1)


def every_day(first_year: int, last_year: int) -> list[date]:
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    return [first + n * DAY for n in range((last - first).days + 1)]


def free_in(calendar: Calendar, year: int) -> list[str]:
    return [on.isoformat()[5:] for on in calendar.holidays if on.year == year]


def test_every_day_of_2015_to_2026_agrees_with_a_second_library() -> None:
    other = holidays.country_holidays("CN", years=range(2015, 2027))
    table = published_calendar(2015, 2026)
    differing = [
        on
        for on in every_day(2015, 2026)
        if table.is_working_day(on) != other.is_working_day(on) or table.is_provisional(on)
    ]
    assert differing == []


def test_the_table_knows_what_it_is() -> None:
    table = published_calendar(2019, 2020, version=7)
    assert (table.version, table.title) == (7, "2019—2020年工作日历")
    assert (table.first_on, table.last_on) == (date(2019, 1, 1), date(2020, 12, 31))
    assert table.published_through == date(2020, 12, 31)
    assert {on.year for on in table.holidays} == {2019, 2020}


def test_holidays_have_their_chinese_names() -> None:
    names = set(published_calendar(2004, 2026).holidays.values())
    assert names == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节",
                     "抗战胜利纪念日"}  # fmt: skip


@pytest.mark.parametrize(
    ("on", "kind", "name", "doc"),
    [
        (date(2019, 4, 28), DayKind.MAKEUP_WORK, "劳动节", "国办发明电〔2019〕3号"),
        (date(2019, 10, 12), DayKind.MAKEUP_WORK, "国庆节", "国办发明电〔2018〕15号"),
        (date(2018, 4, 28), DayKind.MAKEUP_WORK, "劳动节", "国务院办公厅年度节假日安排通知"),
        (date(2026, 2, 17), DayKind.HOLIDAY, "春节", "国办发明电〔2025〕7号"),
        (date(2019, 5, 6), DayKind.WORK, "", ""),
    ],
)
def test_a_seeded_day_names_its_document(on: date, kind: DayKind, name: str, doc: str) -> None:
    day = published_calendar(2018, 2026).day(on)
    assert (day.kind, day.name, day.source_doc) == (kind, name, doc)


def test_unpublished_years_are_provisional_and_have_statutory_days_only() -> None:
    table = published_calendar(2026, 2029)
    assert not table.is_provisional(date(2026, 12, 31))
    assert table.is_provisional(date(2027, 1, 1))
    assert table.day(date(2027, 2, 5)).source_doc == "全国年节及纪念日放假办法"
    lunar = ["02-05", "02-06", "02-07", "02-08", "04-05", "06-09", "09-15"]
    solar = ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]
    assert free_in(table, 2027) == lunar + solar
    assert free_in(table, 2029) == solar
    assert {on.year for on in table.makeup_workdays} == {2026}


def test_provisional_lunar_days_agree_with_a_second_library() -> None:
    other = holidays.country_holidays("CN", years=(2027, 2028))
    for on in published_calendar(2027, 2028).holidays:
        assert on in other


def test_a_table_can_be_had_as_it_was_known_then() -> None:
    table = published_calendar(2019, 2020, known_through=2019)
    assert table.published_through == date(2019, 12, 31)
    assert table.is_provisional(date(2020, 1, 1))
    assert free_in(published_calendar(2019, 2020), 2020)[1] == "01-24"
    assert "01-24" not in free_in(table, 2020)


@pytest.mark.parametrize(("first", "last"), [(2003, 2019), (2020, 2019), (2019, 2100)])
def test_years_out_of_reach_are_refused(first: int, last: int) -> None:
    with pytest.raises(RuleViolation) as refusal:
        published_calendar(first, last)
    assert refusal.value.code is Code.CALENDAR_OUT_OF_RANGE


def test_2019_differs_from_its_first_publication_in_four_working_days() -> None:
    original, amended = original_2019_calendar(), amended_2019_calendar()
    assert (original.version, amended.version) == (1, 2)
    changed = [
        on.isoformat()[5:]
        for on in every_day(2019, 2020)
        if original.is_working_day(on) != amended.is_working_day(on)
    ]
    assert changed == ["04-28", "05-02", "05-03", "05-05"]
    assert original.day(date(2019, 5, 1)).kind is DayKind.HOLIDAY
    assert original.day(date(2019, 5, 4)).kind is DayKind.WEEKEND
    assert "国办发明电〔2019〕3号" not in original.day_docs.values()


def test_2019_after_the_notice_equals_the_published_table() -> None:
    amended, published = amended_2019_calendar(), published_calendar(2019, 2019)
    assert all(amended.day(on) == published.day(on) for on in every_day(2019, 2019))


def test_the_original_table_is_consistent() -> None:
    original = original_2019_calendar()
    assert Calendar.model_validate_json(original.model_dump_json()) == original
