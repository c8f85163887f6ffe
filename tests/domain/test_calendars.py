"""The calendar table: what a day is, counting along it, trimming it, refusing the unknown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from duban.domain.calendars import Calendar, CalendarDay, DayKind
from duban.domain.errors import Code, RuleViolation
from duban.seeds import original_2019_calendar, published_calendar

DAY = timedelta(days=1)
TABLE = published_calendar(2018, 2027, version=3)
DAYS = st.dates(date(2018, 6, 1), date(2026, 6, 1))


def small(**changes: object) -> Calendar:
    """The first two weeks of October 2019, with one local day off that has its own document."""
    fields: dict[str, object] = {
        "version": 1,
        "title": "国庆",
        "source_doc": "国办发明电〔2018〕15号",
        "first_on": date(2019, 9, 28),
        "published_through": date(2019, 10, 10),
        "last_on": date(2019, 10, 13),
        "holidays": {date(2019, 10, n): "国庆节" for n in range(1, 8)}
        | {date(2019, 10, 11): "市庆日"},
        "makeup_workdays": {date(2019, 9, 29): "国庆节", date(2019, 10, 12): "国庆节"},
        "day_docs": {date(2019, 10, 11): "市政办〔2019〕7号"},
    }
    return Calendar.model_validate(fields | changes)


@pytest.mark.parametrize(
    ("on", "kind", "name", "provisional", "doc"),
    [
        (date(2019, 9, 28), DayKind.WEEKEND, "", False, ""),
        (date(2019, 9, 29), DayKind.MAKEUP_WORK, "国庆节", False, "国办发明电〔2018〕15号"),
        (date(2019, 9, 30), DayKind.WORK, "", False, ""),
        (date(2019, 10, 5), DayKind.HOLIDAY, "国庆节", False, "国办发明电〔2018〕15号"),
        (date(2019, 10, 11), DayKind.HOLIDAY, "市庆日", True, "市政办〔2019〕7号"),
    ],
)
def test_a_day_says_what_it_is_and_by_which_document(
    on: date, kind: DayKind, name: str, *, provisional: bool, doc: str
) -> None:
    assert small().day(on) == CalendarDay(
        date=on, kind=kind, name=name, provisional=provisional, source_doc=doc
    )


def test_days_beyond_the_published_range_are_provisional() -> None:
    assert not small().is_provisional(date(2019, 10, 10))
    assert small().is_provisional(date(2019, 10, 11))


@pytest.mark.parametrize("on", [date(2019, 9, 27), date(2019, 10, 14)])
def test_a_day_outside_the_table_is_refused_not_guessed(on: date) -> None:
    for ask in (small().day, small().is_working_day, small().is_provisional):
        with pytest.raises(RuleViolation) as refusal:
            ask(on)
        assert refusal.value.code is Code.CALENDAR_OUT_OF_RANGE
        assert refusal.value.params == {
            "on": on.isoformat(),
            "first_on": "2019-09-28",
            "last_on": "2019-10-13",
        }


@pytest.mark.parametrize("count", [8, -3])
def test_counting_off_the_table_is_refused(count: int) -> None:
    with pytest.raises(RuleViolation) as refusal:
        small().add_working_days(date(2019, 9, 30), count)
    assert refusal.value.code is Code.CALENDAR_OUT_OF_RANGE


def test_an_empty_search_for_a_working_day_is_refused() -> None:
    rest = (date(2019, 10, 1), date(2019, 10, 7))
    rest_only = small().window(*rest)
    for search in (rest_only.next_working_day, rest_only.previous_working_day):
        with pytest.raises(RuleViolation):
            search(date(2019, 10, 3))


def test_nearest_working_days() -> None:
    table = small()
    assert table.next_working_day(date(2019, 9, 30)) == date(2019, 9, 30)
    assert table.next_working_day(date(2019, 10, 1)) == date(2019, 10, 8)
    assert table.previous_working_day(date(2019, 10, 7)) == date(2019, 9, 30)
    assert table.previous_working_day(date(2019, 9, 29)) == date(2019, 9, 29)


def test_working_days_back_from_a_date_skip_the_holiday() -> None:
    assert TABLE.add_working_days(date(2019, 10, 9), -3) == date(2019, 9, 29)
    assert TABLE.add_working_days(date(2019, 10, 5), -1) == date(2019, 9, 30)
    assert TABLE.add_working_days(date(2019, 10, 5), 0) == date(2019, 10, 5)


def test_working_days_between_leaves_out_the_first_day_and_counts_backwards_negative() -> None:
    table = small()
    assert table.working_days_between(date(2019, 9, 29), date(2019, 10, 8)) == 2
    assert table.working_days_between(date(2019, 10, 8), date(2019, 9, 29)) == -2
    assert table.working_days_between(date(2019, 10, 1), date(2019, 10, 1)) == 0


@given(DAYS, st.integers(1, 120))
def test_adding_and_counting_working_days_are_inverse(start: date, count: int) -> None:
    reached = TABLE.add_working_days(start, count)
    assert TABLE.is_working_day(reached)
    assert TABLE.working_days_between(start, reached) == count
    assert TABLE.working_days_between(start, reached - DAY) == count - 1


@given(DAYS, st.integers(1, 60))
def test_looking_back_is_the_mirror_of_looking_ahead(start: date, count: int) -> None:
    working = TABLE.next_working_day(start)
    assert TABLE.add_working_days(TABLE.add_working_days(working, -count), count) == working


@given(DAYS, DAYS, st.integers(1, 60))
def test_adding_working_days_never_overtakes(one: date, other: date, count: int) -> None:
    earlier, later = sorted((one, other))
    reached = TABLE.add_working_days(earlier, count)
    assert reached <= TABLE.add_working_days(later, count)
    assert reached < TABLE.add_working_days(earlier, count + 1)


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one: date, two: date, three: date) -> None:
    between = TABLE.working_days_between
    assert between(one, two) + between(two, three) == between(one, three)


@given(DAYS)
def test_nearest_working_days_enclose(on: date) -> None:
    before, after = TABLE.previous_working_day(on), TABLE.next_working_day(on)
    assert before <= on <= after
    assert TABLE.working_days_between(before, after) == (before != after)


def test_a_table_goes_through_json_and_back() -> None:
    text = TABLE.model_dump_json()
    assert '"2019-10-12":"国庆节"' in text
    assert Calendar.model_validate_json(text) == TABLE
    assert Calendar.model_validate(TABLE.model_dump(mode="json")) == TABLE


def test_a_window_answers_like_the_table_and_ends_where_it_is_cut() -> None:
    window = TABLE.window(date(2019, 9, 15), date(2019, 10, 31))
    assert window.version == TABLE.version
    assert all(
        window.day(date(2019, 9, 15) + n * DAY) == TABLE.day(date(2019, 9, 15) + n * DAY)
        for n in range(47)
    )
    assert set(window.makeup_workdays) == {date(2019, 9, 29), date(2019, 10, 12)}
    for outside in (date(2019, 9, 14), date(2019, 11, 1)):
        with pytest.raises(RuleViolation):
            window.is_working_day(outside)


def test_a_window_reaches_no_further_than_the_table() -> None:
    window = small().window(date(2018, 1, 1), date(2030, 1, 1))
    assert window == small()
    with pytest.raises(RuleViolation) as refusal:
        small().window(date(2020, 1, 1), date(2020, 2, 1))
    assert refusal.value.code is Code.CALENDAR_OUT_OF_RANGE


def test_a_provisional_window_stays_provisional() -> None:
    window = original_2019_calendar().window(date(2020, 3, 1), date(2020, 6, 30))
    assert window.is_provisional(date(2020, 3, 1))


@pytest.mark.parametrize(
    "contradiction",
    [
        {"last_on": date(2019, 9, 1)},
        {"holidays": {date(2020, 1, 1): "元旦"}},
        {"makeup_workdays": {date(2019, 10, 5): "国庆节"}},
        {"makeup_workdays": {date(2019, 10, 8): "国庆节"}},
        {"day_docs": {date(2020, 1, 1): "市政办〔2019〕7号"}},
        {"published": True},
    ],
)
def test_a_table_that_contradicts_itself_is_not_built(contradiction: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        small(**contradiction)
