"""The list of the 52: numbers, slugs, words, and facts that are said to be there or awaited."""

import re

import pytest

from duban.errors import NotFound
from duban.questions import (
    QUESTIONS,
    Asked,
    Fact,
    LogReport,
    Question,
    QuestionAwaits,
    answer,
    find,
)
from duban.questions.facts import AWAITED, ELSEWHERE, ON_TRAIL
from duban.texts import explain, known, text
from duban.texts.catalogue import CATALOGUE, Language
from tests.support.stories import at, sample
from tests.support.tags import tags

AWAITING = [each for each in QUESTIONS if each.reply is None]
ANSWERED = [each for each in QUESTIONS if each.reply is not None]
NOW = at("2019-06-28T17:30")


def by_number(each: Question) -> str:
    return f"{each.number}-{each.slug}"


def test_there_are_52_in_order_with_a_slug_of_its_own_each() -> None:
    slugs = {each.slug for each in QUESTIONS}

    assert [each.number for each in QUESTIONS] == list(range(1, 53))
    assert len(slugs) == 52
    assert all(re.fullmatch(r"[a-z][a-z-]+[a-z]", slug) for slug in slugs)
    assert not slugs & {"list", "ask"}, "a slug may not hide a verb"


def test_those_that_have_an_answer() -> None:
    late = [20, 21, 23, 24, *range(27, 35), 35, 36, 40, 43, 46, 47, 48, 49]
    whole = [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13, 15, 16, 17, 18, 19, *late]
    in_part = [6, 14, 22, 37, 45, 50]

    assert [each.number for each in ANSWERED if not each.awaits] == whole
    assert [each.number for each in ANSWERED if each.awaits] == in_part


@pytest.mark.parametrize("question", QUESTIONS, ids=by_number)
def test_each_is_found_by_number_and_slug_and_asked_in_both_languages(question: Question) -> None:
    chinese, english = CATALOGUE[f"question.{question.number}"]

    assert find(str(question.number)) is find(question.slug) is question
    assert chinese[-1] in "？。"
    assert english[-1] in "?."


def test_a_question_that_is_not_there() -> None:
    with pytest.raises(NotFound, match="question.not_found"):
        find("53")


@pytest.mark.parametrize("question", AWAITING, ids=by_number)
def test_a_question_without_facts_is_refused_and_says_what_it_awaits(question: Question) -> None:
    with pytest.raises(QuestionAwaits) as refused:
        answer(question, sample("business"), Asked(NOW))

    facts = [each.value for each in question.awaits]
    said = explain(refused.value.code, refused.value.params, Language.EN)
    assert facts
    assert refused.value.params["facts"] == facts
    assert all(text(f"fact.{each}", Language.EN) in said for each in facts)


def test_the_log_is_not_judged_without_its_verifiers_report() -> None:
    with pytest.raises(QuestionAwaits):
        answer(find("45"), sample("business"), Asked(NOW))

    report = LogReport("HOLDS", entries=839, tree_size=839, root="ab12")
    found = answer(find("45"), sample("business"), Asked(NOW, log=report))
    assert [row.cells["code"] for row in found.rows] == ["HOLDS"]


def test_every_fact_is_either_there_or_awaited_and_has_its_word() -> None:
    assert set(Fact) == set(ON_TRAIL) | set(AWAITED) | ELSEWHERE
    assert len(ON_TRAIL) + len(AWAITED) + len(ELSEWHERE) == len(Fact)
    assert [each for each in Fact if not known(f"fact.{each}")] == []


@pytest.mark.parametrize("fact", ON_TRAIL)
def test_a_fact_that_is_said_to_be_there_has_its_events(fact: Fact) -> None:
    assert [tag for tag in tags() if tag.startswith(ON_TRAIL[fact])]


@pytest.mark.parametrize("fact", AWAITED)
def test_a_fact_that_is_awaited_has_no_events_yet(fact: Fact) -> None:
    found = [tag for tag in tags() if tag.startswith(AWAITED[fact])]

    assert found == [], "its facts are there: answer the questions that await it"


@pytest.mark.parametrize("question", ANSWERED, ids=by_number)
def test_every_column_has_its_heading_and_every_row_its_columns(question: Question) -> None:
    report = LogReport("HOLDS", entries=1, tree_size=1, root="ab", findings=(("X", "a#1", "b"),))
    asked = Asked(NOW, minutes=10_000, log=report, writers=frozenset())
    found = answer(question, sample("business"), asked)

    names = [each.id for each in found.columns]
    assert [name for name in names if not known(f"col.{name}")] == []
    assert all(set(row.cells) == set(names) for row in found.rows)
    assert all(row.keys for row in found.rows)
