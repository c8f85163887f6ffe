"""A campaign and its problems speak in streams of their own: in one order, for any past moment."""

from dataclasses import replace
from functools import cache
from itertools import chain

import pytest

from duban.contracts import Mode
from duban.domain.roles import Actor, Role
from duban.errors import NotFound
from duban.questions import QUESTIONS, Asked, Entry, LogReport, Question, QuestionGap, answer
from duban.questions.entries import known_by
from tests.questions.asking import ask, cells
from tests.questions.small import a_problem, with_problems
from tests.questions.test_explanations import on_paper, talking
from tests.questions.test_problem_clocks import voided
from tests.questions.test_problem_courses import ended, hard_bones, the_course
from tests.support.problems import NO, ProblemDesk
from tests.support.stories import at, told

END = "2020-12-31T23:59"
ANSWERED = [each for each in QUESTIONS if each.reply is not None]


@cache
def a_ledger() -> list[Entry]:
    """Return a campaign with one problem of each kind that the questions know."""
    desks = [*ended(), *talking(), *hard_bones(), on_paper(), voided(), the_course()]
    entries = with_problems()
    for serial, desk in enumerate(desks, 1):
        entries += [_renumbered(each, desk, serial) for each in told(desk.events)]
    return entries


def _renumbered(entry: Entry, desk: ProblemDesk, serial: int) -> Entry:
    old, new = desk.record.no, f"BE-2019-{serial:04}"
    event = entry.event.model_validate_json(entry.event.model_dump_json().replace(old, new))
    return Entry(f"campaign-BE-2019/problem-{serial:04}", event, entry.told)


def asked_at(moment: str) -> Asked:
    return Asked(at(moment), minutes=10_000, log=LogReport("HOLDS", 1, 1, "ab"))


@pytest.mark.parametrize("question", ANSWERED, ids=lambda each: each.slug)
def test_the_answer_is_byte_for_byte_what_it_was_then(question: Question) -> None:
    asked = asked_at("2019-04-26T09:00")
    then = [each for each in a_ledger() if each.event.occurred_at <= asked.moment]

    assert 0 < len(then) < len(a_ledger())
    assert answer(question, a_ledger(), asked).encoded() == answer(question, then, asked).encoded()


@pytest.mark.parametrize("question", ANSWERED, ids=lambda each: each.slug)
def test_in_whatever_order_the_streams_are_read_the_bytes_are_the_same(question: Question) -> None:
    asked = asked_at(END)
    streams = {each.stream for each in a_ledger()}
    turned = sorted(streams, reverse=True)
    other = chain.from_iterable(
        (each for each in a_ledger() if each.stream == name) for name in turned
    )

    assert answer(question, a_ledger(), asked).encoded() == answer(question, other, asked).encoded()


@pytest.mark.parametrize("question", ANSWERED, ids=lambda each: each.slug)
def test_every_row_has_its_cells_and_its_entries_in_their_order(question: Question) -> None:
    found = answer(question, a_ledger(), asked_at(END))
    place = {each.key: n for n, each in enumerate(known_by(a_ledger(), at(END)))}

    names = {each.id for each in found.columns}
    assert all(set(row.cells) == names for row in found.rows)
    assert all(row.keys for row in found.rows)
    for row in found.rows:
        places = [place[key] for key in row.keys]
        assert places == sorted(set(places))


@pytest.mark.parametrize("number", [6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 37])
def test_this_ledger_has_something_to_tell_and_of_a_unit_less_than_of_all(number: int) -> None:
    whole, own = ask(number, a_ledger(), END), ask(number, a_ledger(), END, unit="U03")
    nobody = ask(number, a_ledger(), END, unit="U99")

    assert whole.rows
    assert nobody.rows == ()
    assert len(own.rows) <= len(whole.rows)


def test_entries_of_one_moment_come_campaign_first_and_then_by_number() -> None:
    known = known_by(a_ledger(), at(END))
    instants = [each.event.occurred_at for each in known]
    opened = [each.stream for each in known if each.event.tag == "problem:problem:registered"]

    assert instants == sorted(instants)
    assert opened == sorted(opened)
    assert known[0].stream == "campaign-BE-2019"


def test_a_late_entry_of_one_stream_holds_up_that_stream_alone() -> None:
    first, second = a_problem(1).triaged(), a_problem(2).triaged()
    entries = told(first.events, Mode.LIVE)
    late = replace(entries[1].told, recorded_at=at("2019-05-01T10:00"))
    entries = [entries[0], replace(entries[1], told=late), *told(second.events, Mode.LIVE)]

    known = known_by(entries, at("2019-04-24T10:01"))

    assert [each.key[-6:] for each in known] == ["0001#0", "0002#0", "0002#1"]


def test_a_gap_in_a_problem_is_a_gap_and_question_50_names_its_stream() -> None:
    entries = with_problems(a_problem().triaged().assigned())
    broken = [each for each in entries if not each.key.endswith("problem-0001#1")]

    with pytest.raises(QuestionGap) as why:
        ask(9, broken, END)
    assert why.value.params["key"] == "campaign-BE-2019/problem-0001#1"
    assert cells(ask(50, broken, END), "code", "detail", "entry") == [
        ("ORDINAL_GAP", "1-1", "campaign-BE-2019/problem-0001#2")
    ]
    assert ask(50, entries, END).rows == ()


def test_of_problems_without_their_campaign_there_is_nothing_to_say() -> None:
    with pytest.raises(NotFound, match="question.nothing_yet"):
        ask(49, told(a_problem().events), END)


def test_46_what_was_done_for_another_about_a_problem() -> None:
    desk = a_problem()
    deputy = Actor(id="CG-2", role=Role.CAMPAIGN_GROUP, unit="U15", on_behalf_of="CG-1")
    events = [desk.events[0].model_copy(update={"actor": deputy}), *desk.events[1:]]

    found = ask(46, [*with_problems(), *told(events)], END)

    assert cells(found, "actor", "on_behalf_of", "object_type", "object_id") == [
        ("CG-2", "CG-1", "problem", NO)
    ]


def test_48_a_problem_that_goes_by_an_older_version_has_changed_no_ruler() -> None:
    events = [each.model_copy(update={"policy_version": "2018-9"}) for each in a_problem().events]
    later = [each.model_copy(update={"seq": 1}) for each in events]

    assert ask(48, [*with_problems(), *told([*events, *later])], END).rows == ()


def test_49_a_problem_stands_with_its_state_and_its_clocks() -> None:
    entries = with_problems(a_problem().assigned())
    found = ask(49, entries, "2019-04-24T12:00", obj=NO)

    assert cells(found, "kind", "id", "unit", "state") == [
        ("problem", NO, "U03", "assigned"),
        ("deadline", f"{NO}/D01", "U03", "open"),
        ("deadline", f"{NO}/D02", "U03", "open"),
    ]
    assert found.upto == "campaign-BE-2019/problem-0001#2"
    assert found.campaign == "BE-2019"
    before = ask(49, entries, "2019-04-24T09:59", obj=NO)
    assert before.rows == ()
    assert before.upto.startswith("campaign-BE-2019#")
