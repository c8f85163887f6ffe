"""Any past moment: the same bytes for ever, nothing of what came later, a state that once was."""

from dataclasses import replace
from datetime import timedelta

import pytest

from duban.contracts import Mode
from duban.domain.campaign.restore import restored
from duban.errors import NotFound
from duban.questions import QUESTIONS, Asked, Entry, LogReport, Question, answer, find, known_by
from duban.questions.history import History
from tests.questions.asking import ask
from tests.support.stories import at, sample, story, told

ANSWERED = [each for each in QUESTIONS if each.reply is not None]
MOMENTS = {
    "st1b-calendar-change": "2019-03-22T15:00",
    "st4-late-request": "2019-07-02T10:00",
    "st5-equal-treatment": "2019-06-04T10:20",
    "st7-carried-over": "2019-07-01T16:00",
    "st10-new-leader": "2019-08-12T10:00",
}
"""Moments at which each story tells something and is not over."""


def asked_at(moment: str) -> Asked:
    return Asked(at(moment), minutes=10_000, log=LogReport("HOLDS", 1, 1, "ab"))


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize("question", ANSWERED, ids=lambda each: each.slug)
def test_the_answer_is_byte_for_byte_what_it_was_then(question: Question, name: str) -> None:
    asked = asked_at(MOMENTS[name])
    later = story(name)
    then = [each for each in later if each.event.occurred_at <= asked.moment]

    assert 0 < len(then) < len(later)
    assert answer(question, later, asked).encoded() == answer(question, then, asked).encoded()


@pytest.mark.parametrize("name", MOMENTS)
def test_the_moment_matters(name: str) -> None:
    early, late = at(MOMENTS[name]), story(name)[-1].event.occurred_at

    found = [answer(find("49"), story(name), Asked(each)).encoded() for each in (early, late)]

    assert found[0] != found[1]


@pytest.mark.parametrize("name", MOMENTS)
def test_the_state_is_that_of_the_campaign_restored_from_the_same_entries(name: str) -> None:
    known = known_by(story(name), at(MOMENTS[name]))
    state, history = restored(each.event for each in known), History(known)

    for kind in ("campaign", "phase", "unit", "task", "goal", "extension", "person"):
        kept = {key: value.plain() for key, value in state.table(kind).items()}
        assert kept == history.table(kind), kind
    clocks = {
        key: each for key, each in history.table("deadline").items() if each["status"] == "open"
    }
    assert {key: each.plain() for key, each in state.deadline.items()} == clocks
    assert history.calendar == next(iter(state.calendar.values()))


def live(entries: list[Entry]) -> list[Entry]:
    return told([each.event for each in entries], Mode.LIVE)


def test_an_entry_that_was_recorded_later_does_not_change_what_was_known() -> None:
    entries = live(story("st4-late-request"))
    moment = entries[300].event.occurred_at
    punctual = known_by(entries, moment + timedelta(seconds=1))
    last = len(punctual) - 1
    hours_later = replace(entries[last].told, recorded_at=moment + timedelta(hours=1))
    late = replace(entries[last], told=hours_later)

    known = known_by([*entries[:last], late, *entries[last + 1 :]], moment + timedelta(seconds=1))

    assert known == punctual[:-1]


def test_a_rehearsal_is_asked_by_its_business_time_alone() -> None:
    entries = story("st4-late-request")
    years_later = [
        replace(each, told=replace(each.told, recorded_at=at("2030-01-01T00:00")))
        for each in entries
    ]

    assert len(known_by(years_later, at("2019-07-12T17:30"))) == len(
        known_by(entries, at("2019-07-12T17:30"))
    )


def test_a_live_entry_is_not_known_before_it_is_recorded() -> None:
    entries = live(sample("business"))
    opened = entries[0].event.occurred_at

    assert known_by(entries, opened) == []
    assert known_by(entries, opened + timedelta(seconds=1)) != []


def test_before_the_first_entry_there_is_nothing_to_say() -> None:
    with pytest.raises(NotFound, match="question.nothing_yet"):
        ask(49, sample("business"), "2019-03-04T08:29")


def test_an_answer_says_on_what_it_stands() -> None:
    found = ask(49, story("st1b-calendar-change"), "2019-03-22T15:00")
    document = found.document()

    assert document["moment"] == "2019-03-22T07:00:00+00:00"
    assert (document["calendar_version"], document["policy_version"]) == (2, "2019-1")
    assert document["campaign"] == "BE-2019"
    last = max(each.event.seq for each in known_by(story("st1b-calendar-change"), found.moment))
    assert document["upto"] == f"campaign-BE-2019#{last}"
