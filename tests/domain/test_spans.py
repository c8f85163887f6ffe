"""Reading limits as people write them (CNT5): understood or refused, never guessed."""

from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from duban.domain.counting import Span, TimeUnit, parse_span
from duban.domain.errors import Code, RuleViolation


@pytest.mark.parametrize(
    ("text", "unit", "amount"),
    [
        ("29wd", TimeUnit.WORKING_DAYS, 29),
        ("29 WD", TimeUnit.WORKING_DAYS, 29),
        ("29工作日", TimeUnit.WORKING_DAYS, 29),
        ("２９个工作日", TimeUnit.WORKING_DAYS, 29),
        ("5d", TimeUnit.CALENDAR_DAYS, 5),
        ("15日", TimeUnit.CALENDAR_DAYS, 15),
        ("6m", TimeUnit.MONTHS, 6),
        (" 3个月 ", TimeUnit.MONTHS, 3),
    ],
)
def test_cnt5_days_and_working_days_are_told_apart(text: str, unit: TimeUnit, amount: int) -> None:
    assert parse_span(text) == Span(unit=unit, amount=amount)


@pytest.mark.parametrize("text", ["2019-06-28", "2019年6月28日", "2019年06月28日前"])
def test_cnt5_dates_are_read(text: str) -> None:
    assert parse_span(text) == Span(unit=TimeUnit.FIXED, on=date(2019, 6, 28))


@pytest.mark.parametrize(
    "text",
    [
        "5天内", "5天", "一周", "三个月", "3月", "15日前", "15日内", "1年", "半年", "5", "wd", "",
        "0d", "-5d", "5.5d", "99999d", "5wd 3d", "6个工作", "2019-02-30", "2019-6-28", "06-28",
        "P5D",
    ],
)  # fmt: skip
def test_cnt5_the_parser_does_not_guess(text: str) -> None:
    with pytest.raises(RuleViolation) as refusal:
        parse_span(text)
    assert refusal.value.code is Code.SPAN_NOT_UNDERSTOOD
    assert refusal.value.params == {"text": text}


@given(st.text(max_size=12))
@example("９９９９年99月99日")
def test_cnt5_any_text_is_read_or_refused(text: str) -> None:
    refusal: RuleViolation | None = None
    found: Span | None = None
    try:
        found = parse_span(text)
    except RuleViolation as violation:
        refusal = violation
    assert found or (refusal and refusal.code is Code.SPAN_NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    "fields",
    [
        {"unit": "working_days"},
        {"unit": "working_days", "amount": 0},
        {"unit": "months", "amount": 3, "on": "2019-06-28"},
        {"unit": "fixed"},
        {"unit": "fixed", "on": "2019-06-28", "amount": 3},
        {"unit": "immediate", "amount": 1},
        {"unit": "weeks", "amount": 1},
    ],
)
def test_a_span_has_what_its_unit_needs_and_no_more(fields: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Span.model_validate(fields)
