"""Questions 15 and 37: words in the place of work, and what was raised against whom (EXP4, g.1)."""

from typing import Any

from duban.domain.problem import commands as p
from tests.questions.asking import ask, cells, tags_of
from tests.questions.small import a_problem, with_problems
from tests.support.problems import DONE, NO, ProblemDesk

END = "2020-12-31T23:59"


def talking() -> list[ProblemDesk]:
    """U03: three explanations and then work on one, one of two on another; U02: one that is not."""
    stubborn = a_problem(1).rectifying()
    for _ in range(3):
        stubborn.classified()
    red = list(stubborn.problem.state.card)[-1]
    word: dict[str, Any] = {"approved": True, "reason": "屡次解释", "doc_no": "约谈1号"}
    stubborn.do(p.DecideCard, "LG-1", card=red, **word)
    stubborn.at("2019-04-28").classified(
        DONE, actions=("增设人员",), evidence=(stubborn.evidence(),)
    )
    once = a_problem(2).rectifying()
    once.classified()
    once.replies()
    clean = a_problem(3).assigned("U02").rectifying()
    clean.classified(DONE, actions=("增设人员",), evidence=(clean.evidence(),))
    return [stubborn, once, clean]


def test_15_st2_three_in_a_row_the_cards_and_the_share_of_all_the_units_replies() -> None:
    entries = with_problems(*talking())
    found = ask(15, entries, END)

    names = ("no", "unit", "replies", "unclassified", "explanations", "streak", "state")
    assert cells(found, *names) == [
        (NO, "U03", 4, 0, 3, 3, "rectifying"),
        ("BE-2019-0002", "U03", 2, 1, 1, 1, "rectifying"),
    ]
    # Four of the six replies of U03 explain and do nothing else.
    unit = ("unit_replies", "unit_explanations", "unit_percent")
    assert set(cells(found, *unit)) == {(6, 4, 67)}
    assert cells(found, "cards", "followed") == [
        (
            [f"{NO}/C01", f"{NO}/C02"],
            ["problem:card:issued", "problem:card:proposed", "problem:card:decided"],
        ),
        ([], []),
    ]
    told = tags_of(found, entries)[0]
    assert (told.count("problem:reply:received"), told.count("problem:reply:classified")) == (4, 4)


def test_15_as_it_stood_and_for_one_unit() -> None:
    entries = with_problems(*talking())

    assert cells(ask(15, entries, "2019-04-27T12:00"), "streak", "unit_percent") == [
        (3, 80),
        (1, 80),
    ]
    assert ask(15, entries, "2019-04-24T09:59").rows == ask(15, entries, END, unit="U02").rows == ()


def test_15_a_reply_of_substance_and_an_upheld_contest_break_the_row() -> None:
    desk = a_problem().rectifying()
    first, second, _ = desk.classified(), desk.classified(), desk.classified()
    desk.do(p.ContestClass, desk.speaker, reply=second, grounds="有新措施")
    before = ask(15, with_problems(desk), END)
    desk.do(p.DecideContest, "OF-1", reply=second, upheld=True, reason="属实")

    found = ask(15, with_problems(desk), END)

    assert first.endswith("R01")
    assert cells(before, "explanations", "streak") == [(3, 3)]
    assert cells(found, "explanations", "streak", "unit_percent") == [(2, 1, 67)]


def test_15_the_replies_of_two_units_on_one_problem_are_counted_apart() -> None:
    desk = a_problem().assigned()
    desk.classified()
    desk.do(p.RequestProblemReturn, "U03-H1", grounds="-", legal_basis="-")
    new = {"new_unit": "U02", "new_leader": "U02-L1", "new_handler": "U02-H1"}
    desk.do(p.AdjudicateProblemReturn, "OF-1", upheld=True, reason="改派", **new)
    desk.classified()

    found = ask(15, with_problems(desk), END)

    assert sorted(cells(found, "unit", "streak", "cards")) == [
        ("U02", 1, [f"{NO}/C01"]),
        ("U03", 1, []),
    ]


def on_paper() -> ProblemDesk:
    desk = a_problem().signed_off().at("2019-06-03")
    found = {"method": "calls", "called": 7, "denied": 4, "finding": "4人不知情"}
    desk.do(p.RecordLookBack, "SU-1", passed=False, deliberate=True, **found)
    return desk


def test_37_st3_a_trigger_names_the_problem_and_who_had_signed_and_verified() -> None:
    found = ask(37, with_problems(on_paper()), END)

    assert cells(found, "no", "unit", "trigger", "actor", "reason") == [
        (NO, "U03", "FALSE_RECTIFICATION", "SU-1", "4人不知情")
    ]
    assert cells(found, "signers", "verifiers", "at_least") == [
        (["CG-2", "OF-1"], ["CG-1"], "circular")
    ]
    assert [each.value for each in found.lacks] == ["dispositions"]


def test_37_of_another_unit_or_before_there_is_none() -> None:
    entries = with_problems(on_paper())

    assert ask(37, entries, END, unit="U02").rows == ()
    assert ask(37, entries, "2019-06-03T09:59").rows == ()
    assert len(ask(37, entries, END, unit="U03", obj=NO).rows) == 1
