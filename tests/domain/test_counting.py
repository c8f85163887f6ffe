"""Counting limits: CNT1-CNT7 with every vector of domain.md e.3, and the policy of e.4."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from duban.domain.counting import (
    SHANGHAI,
    ClockStopGround,
    Span,
    Stop,
    TimeUnit,
    check_fixed,
    due_at,
    due_on,
    local_date,
    next_sending_instant,
    parse_span,
    recalculated,
    stop_on,
    weekly_occurrences,
    weekly_on,
)
from duban.domain.errors import Code, RuleViolation
from duban.seeds import amended_2019_calendar, original_2019_calendar, published_calendar

TABLE = published_calendar(2015, 2027)
ORIGINAL, AMENDED = original_2019_calendar(), amended_2019_calendar()
DAYS = st.dates(date(2015, 1, 5), date(2025, 1, 1))
SPANS = st.one_of(
    st.builds(Span, unit=st.just(TimeUnit.WORKING_DAYS), amount=st.integers(1, 90)),
    st.builds(Span, unit=st.just(TimeUnit.CALENDAR_DAYS), amount=st.integers(1, 120)),
    st.builds(Span, unit=st.just(TimeUnit.MONTHS), amount=st.integers(1, 12)),
)
MONDAY, FRIDAY = 0, 4
OPENS, CLOSES = time(8, 30), time(17, 30)


def span(text: str) -> Span:
    return parse_span(text)


def day(text: str) -> date:
    return date.fromisoformat(text)


def stop(first: str, last: str | None) -> Stop:
    return stop_on(
        "court_process", "（2019）1号裁定", from_on=day(first), until_on=day(last) if last else None
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2019-03-04", 10, "2019-03-18"),
        ("2019-04-26", 3, "2019-04-30"),
        ("2019-04-26", 4, "2019-05-05"),
        ("2019-04-26", 5, "2019-05-06"),
        ("2019-04-29", 5, "2019-05-08"),
        ("2019-09-26", 3, "2019-09-30"),
        ("2019-09-30", 1, "2019-10-08"),
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-30", 5, "2026-10-13"),
        # Story ST1: five working days, one of them a Sunday.
        ("2019-04-24", 5, "2019-04-30"),
    ],
)
def test_cnt2_working_days_follow_the_published_schedule(start: str, amount: int, due: str) -> None:
    assert due_on(span(f"{amount}wd"), day(start), TABLE) == day(due)


@given(DAYS, SPANS)
def test_cnt1_the_starting_day_is_not_counted(start: date, limit: Span) -> None:
    assert due_on(limit, start, TABLE) > start
    one_day = due_on(span("1wd"), start, TABLE)
    assert one_day == TABLE.next_working_day(start + timedelta(days=1))


@given(DAYS, SPANS)
def test_cnt3_no_counted_limit_ends_on_a_rest_day(start: date, limit: Span) -> None:
    assert TABLE.is_working_day(due_on(limit, start, TABLE))


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # Saturday 2019-05-04 is a holiday, Sunday the 5th a make-up day.
        ("2019-04-29", "5d", "2019-05-05"),
        ("2019-09-20", "15日", "2019-10-08"),
        ("2019-03-04", "15日", "2019-03-19"),
        ("2019-03-08", "1d", "2019-03-11"),
    ],
)
def test_cnt3_calendar_days_roll_forward(start: str, limit: str, due: str) -> None:
    assert due_on(span(limit), day(start), TABLE) == day(due)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        ("2019-03-04", "3个月", "2019-06-04"),
        ("2019-01-31", "1m", "2019-02-28"),
        ("2020-01-31", "1m", "2020-03-02"),
        ("2019-03-31", "1m", "2019-04-30"),
        ("2019-08-31", "6m", "2020-03-02"),
        ("2019-12-31", "6m", "2020-06-30"),
        ("2019-12-15", "12m", "2020-12-15"),
        ("2019-11-30", "1m", "2019-12-30"),
        ("2019-09-01", "1m", "2019-10-08"),
    ],
)
def test_cnt3_months_end_on_the_matching_day_or_the_month_end(
    start: str, limit: str, due: str
) -> None:
    assert due_on(span(limit), day(start), TABLE) == day(due)


def test_cnt4_a_fixed_date_on_a_rest_day_is_refused_with_suggestions() -> None:
    with pytest.raises(RuleViolation) as refusal:
        check_fixed(day("2019-06-30"), TABLE)
    assert refusal.value.code is Code.DEADLINE_ON_REST_DAY
    assert refusal.value.params == {
        "on": "2019-06-30",
        "previous": "2019-06-28",
        "next": "2019-07-01",
    }


def test_cnt4_a_working_day_stands_and_a_rest_day_stands_if_kept() -> None:
    assert check_fixed(day("2019-09-29"), TABLE) == day("2019-09-29")
    assert check_fixed(day("2019-06-30"), TABLE, keep=True) == day("2019-06-30")


def test_cnt4_a_suggestion_beyond_the_table_stays_empty() -> None:
    with pytest.raises(RuleViolation) as refusal:
        check_fixed(day("2019-01-01"), ORIGINAL)
    assert refusal.value.params["previous"] == ""
    assert refusal.value.params["next"] == "2019-01-02"


def test_cnt4_a_kept_fixed_date_does_not_roll_forward() -> None:
    kept = Span(unit=TimeUnit.FIXED, on=day("2019-06-30"))
    assert due_on(kept, day("2019-03-04"), TABLE) == day("2019-06-30")


def test_cnt4_before_a_date_includes_that_day() -> None:
    assert due_on(span("2019年6月28日前"), day("2019-03-04"), TABLE) == day("2019-06-28")


def test_at_once_is_due_on_the_day_itself() -> None:
    assert due_on(Span(unit=TimeUnit.IMMEDIATE), day("2019-10-01"), TABLE) == day("2019-10-01")


@pytest.mark.parametrize("limit", ["400wd", "900d", "30m", "2029-06-28"])
def test_a_limit_beyond_the_table_is_refused(limit: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        due_on(span(limit), day("2026-06-30"), TABLE)
    assert refusal.value.code is Code.CALENDAR_OUT_OF_RANGE


@pytest.mark.parametrize(
    ("limit", "first", "last", "due"),
    [
        # Without a stop these end on 03-18, 03-19, 06-04 and 06-28.
        ("10wd", "2019-03-06", "2019-03-12", "2019-03-25"),
        ("10wd", "2019-03-16", "2019-03-17", "2019-03-18"),
        ("10wd", "2019-03-18", "2019-03-18", "2019-03-19"),
        ("15d", "2019-03-06", "2019-03-08", "2019-03-22"),
        ("15d", "2019-03-20", "2019-03-29", "2019-03-19"),
        ("3m", "2019-03-06", "2019-03-08", "2019-06-10"),
        ("3m", "2019-06-04", "2019-06-04", "2019-06-05"),
        ("2019-06-28", "2019-05-01", "2019-05-07", "2019-07-03"),
        ("2019-06-30", "2019-05-01", "2019-05-04", "2019-06-30"),
        ("2019-06-28", "2019-06-28", "2019-07-01", "2019-07-02"),
    ],
)
def test_cnt6_stopped_days_are_not_counted(limit: str, first: str, last: str, due: str) -> None:
    stops = [stop(first, last)]
    assert due_on(span(limit), day("2019-03-04"), TABLE, stops=stops) == day(due)


def test_cnt6_overlapping_stops_count_once_and_the_end_stays_outside_of_them() -> None:
    stops = [stop("2019-03-06", "2019-03-08"), stop("2019-03-07", "2019-03-12")]
    once = [stop("2019-03-06", "2019-03-12")]
    assert due_on(span("10wd"), day("2019-03-04"), TABLE, stops=stops) == day("2019-03-25")
    for limit in (span("10wd"), span("15d"), span("1m")):
        both = due_on(limit, day("2019-03-04"), TABLE, stops=stops)
        assert both == due_on(limit, day("2019-03-04"), TABLE, stops=once)
    weekend_then_stop = [stop("2019-03-11", "2019-03-12")]
    assert due_on(span("5d"), day("2019-03-04"), TABLE, stops=weekend_then_stop) == day(
        "2019-03-13"
    )


@given(DAYS, SPANS, st.integers(1, 60), st.integers(0, 40))
def test_cnt6_a_stop_never_shortens(start: date, limit: Span, offset: int, length: int) -> None:
    first = start + timedelta(days=offset)
    last = first + timedelta(days=length)
    stops = [Stop(from_on=first, until_on=last, ground=ClockStopGround.HEARING, proof="听证通知")]
    stopped, plain = due_on(limit, start, TABLE, stops=stops), due_on(limit, start, TABLE)
    assert stopped >= plain
    assert not first <= stopped <= last
    assert first <= plain or stopped == plain


def test_cnt6_grounds_are_a_closed_list_and_need_proof() -> None:
    for ground in ClockStopGround:
        stopped = stop_on(ground.value, "证明", from_on=day("2019-03-06"))
        assert (stopped.ground, stopped.until_on) == (ground, None)
    assert len(ClockStopGround) == 7
    for word, proof in (("too_busy", "说明"), ("hearing", "  ")):
        with pytest.raises(RuleViolation) as refusal:
            stop_on(word, proof, from_on=day("2019-03-06"))
        assert refusal.value.code is Code.CLOCK_STOP_GROUND


def test_cnt6_a_stop_ends_after_it_begins_and_has_to_end_before_a_due_day_is_known() -> None:
    assert stop("2019-03-06", "2019-03-06").until_on == day("2019-03-06")
    with pytest.raises(ValidationError):
        stop("2019-03-06", "2019-03-05")
    with pytest.raises(ValueError, match="stands"):
        due_on(span("10wd"), day("2019-03-04"), TABLE, stops=[stop("2019-03-06", None)])


@pytest.mark.parametrize(
    ("amount", "old", "recomputed", "kept"),
    [
        (29, "2019-05-02", "2019-04-30", "2019-05-05"),
        (30, "2019-05-03", "2019-05-05", "2019-05-05"),
        (31, "2019-05-06", "2019-05-06", "2019-05-06"),
    ],
)
def test_e4_the_notice_of_march_2019_never_shortens(
    amount: int, old: str, recomputed: str, kept: str
) -> None:
    limit, start = span(f"{amount}wd"), day("2019-03-20")
    old_due, new_due = due_on(limit, start, ORIGINAL), due_on(limit, start, AMENDED)
    assert (old_due, new_due) == (day(old), day(recomputed))
    assert recalculated(new_due, old_due, before=ORIGINAL, after=AMENDED) == day(kept)


def test_e4_a_fixed_date_rolls_only_if_the_change_made_it_a_rest_day() -> None:
    made_rest, kept_rest = day("2019-05-03"), day("2019-05-04")
    assert recalculated(made_rest, made_rest, before=ORIGINAL, after=AMENDED) == day("2019-05-05")
    assert recalculated(kept_rest, kept_rest, before=ORIGINAL, after=AMENDED) == kept_rest


@given(st.dates(date(2019, 1, 2), date(2019, 5, 31)), SPANS)
def test_e4_nobody_is_shortened_in_either_direction(start: date, limit: Span) -> None:
    for before, after in ((ORIGINAL, AMENDED), (AMENDED, ORIGINAL)):
        old, new = due_on(limit, start, before), due_on(limit, start, after)
        moved = recalculated(new, old, before=before, after=after)
        assert moved >= max(old, new)
        assert after.is_working_day(moved)
        assert recalculated(new, moved, before=after, after=after) == moved


def test_due_moment_is_close_of_business_in_shanghai() -> None:
    assert due_at(day("2019-03-18"), CLOSES) == datetime(2019, 3, 18, 9, 30, tzinfo=UTC)
    assert due_at(day("2019-03-18"), CLOSES).tzinfo is UTC


def test_business_dates_are_shanghai_dates() -> None:
    assert local_date(datetime(2019, 3, 17, 15, 59, tzinfo=UTC)) == day("2019-03-17")
    assert local_date(datetime(2019, 3, 17, 16, 0, tzinfo=UTC)) == day("2019-03-18")
    with pytest.raises(ValueError, match="zone"):
        local_date(datetime(2019, 3, 17, 16, 0))  # noqa: DTZ001 -- the case under test


@pytest.mark.parametrize(
    ("monday", "weekday", "on"),
    [
        ("2019-03-04", FRIDAY, "2019-03-08"),
        ("2019-04-01", FRIDAY, "2019-04-04"),
        ("2019-04-29", FRIDAY, "2019-04-30"),
        ("2019-09-30", FRIDAY, None),
        ("2019-10-07", MONDAY, "2019-09-30"),
        ("2019-02-04", FRIDAY, None),
        ("2019-09-23", 6, "2019-09-29"),
    ],
)
def test_cnt7_weekly_items_move_back_and_short_weeks_merge(
    monday: str, weekday: int, on: str | None
) -> None:
    assert weekly_on(day(monday), weekday, TABLE) == (day(on) if on else None)


def test_cnt7_occurrences_of_autumn_2019() -> None:
    fridays = weekly_occurrences(day("2019-09-06"), day("2019-10-18"), FRIDAY, TABLE)
    days = ["09-06", "09-12", "09-20", "09-27", "10-11", "10-18"]
    assert fridays == [day(f"2019-{on}") for on in days]


def test_cnt7_an_occurrence_moved_out_of_the_next_week_is_found() -> None:
    mondays = weekly_occurrences(day("2019-09-30"), day("2019-10-06"), MONDAY, TABLE)
    assert mondays == [day("2019-09-30")]
    year = AMENDED.window(day("2019-09-02"), day("2019-10-06"))
    assert weekly_occurrences(day("2019-09-30"), day("2019-10-06"), MONDAY, year) == []


@pytest.mark.parametrize(("monday", "weekday"), [("2019-03-05", 4), ("2019-03-04", 7)])
def test_cnt7_a_week_begins_on_a_monday_and_has_seven_days(monday: str, weekday: int) -> None:
    with pytest.raises(ValueError, match="Monday"):
        weekly_on(day(monday), weekday, TABLE)


@given(DAYS, st.integers(1, 200), st.integers(0, 6))
def test_cnt7_occurrences_are_working_days_at_most_one_a_week(
    first: date, length: int, weekday: int
) -> None:
    last = first + timedelta(days=length)
    found = weekly_occurrences(first, last, weekday, TABLE)
    assert all(first <= on <= last and TABLE.is_working_day(on) for on in found)
    assert all(earlier < later for earlier, later in pairwise(found))
    plain = [first + timedelta(days=n) for n in range(length + 1)]
    ordinary = [on for on in plain if on.weekday() == weekday and TABLE.is_working_day(on)]
    short = [on for on in ordinary if on not in found]
    assert all(weekly_on(on - timedelta(days=weekday), weekday, TABLE) is None for on in short)


SENDINGS = [
    ("2019-03-04T09:00", "2019-03-04T09:00"),
    ("2019-03-04T08:30", "2019-03-04T08:30"),
    ("2019-03-04T17:30", "2019-03-04T17:30"),
    ("2019-03-04T08:29", "2019-03-04T08:30"),
    ("2019-03-04T17:31", "2019-03-05T08:30"),
    ("2019-03-08T18:00", "2019-03-11T08:30"),
    # A Sunday on which people work, and the holiday after it.
    ("2019-09-29T07:00", "2019-09-29T08:30"),
    ("2019-09-30T23:59", "2019-10-08T08:30"),
    ("2019-10-03T12:00", "2019-10-08T08:30"),
]


@pytest.mark.parametrize(("given_at", "sent_at"), SENDINGS)
def test_e5_notices_go_out_in_working_hours_of_working_days(given_at: str, sent_at: str) -> None:
    sent = next_sending_instant(at(given_at).astimezone(UTC), TABLE, OPENS, CLOSES)
    assert sent == at(sent_at)
    assert sent.tzinfo is UTC


@given(st.datetimes(datetime(2015, 1, 1), datetime(2026, 6, 1), timezones=st.just(UTC)))  # noqa: DTZ001 -- hypothesis wants naive bounds
def test_e5_sending_never_goes_back_and_settles(instant: datetime) -> None:
    sent = next_sending_instant(instant, TABLE, OPENS, CLOSES)
    assert sent >= instant
    assert TABLE.is_working_day(local_date(sent))
    assert OPENS <= sent.astimezone(SHANGHAI).time() <= CLOSES
    assert next_sending_instant(sent, TABLE, OPENS, CLOSES) == sent
