"""Questions 28 to 31 over draws of inspections, and what no question may tell before check-in."""

import pytest

from duban.domain.campaign import commands as c
from duban.domain.draw.places import Lists, Tie, TieKind
from duban.domain.draw.sheets import sheets
from duban.domain.events import Change
from duban.questions import QUESTIONS, Asked, LogReport, Question, answer
from duban.questions.ask import known_beside
from tests.questions.asking import cells
from tests.questions.checked import LISTS, PLACES, Checked, ask, beside
from tests.support.draws import drawn, with_signed_off
from tests.support.inspections import NO
from tests.support.stories import at, told

ANSWERED = [each for each in QUESTIONS if each.reply is not None]


def test_28_until_it_is_revealed_nobody_can_say() -> None:
    made = Checked().drawn()

    names = ("purpose", "draw_state", "sites", "k", "drawn", "seed", "holds", "draw_faults")
    assert cells(ask(28, made.entries, []), *names) == [
        ("inspection", "drawn", 7, 1, [], None, None, [])
    ]


def test_28_revealed_it_comes_out_again() -> None:
    made = Checked().on_site().revealed()

    [row] = ask(28, made.entries, []).rows
    assert (row.cells["holds"], row.cells["draw_faults"]) == (True, [])
    assert (row.cells["drawn"], row.cells["seed"]) == ([made.target.site], made.seed)
    assert (row.cells["run_by"], row.cells["witnesses"]) == (["SU-1"], ["SU-2"])


def test_28_what_the_record_says_otherwise_than_the_trail_did_is_found() -> None:
    made = Checked().on_site()

    made.revealed(run_by=("CO-1",), seed="0" * 64)

    assert cells(ask(28, made.entries, []), "holds", "draw_faults") == [
        (False, ["seed", "differs"])
    ]


def test_28_a_draw_that_the_record_passes_over_is_missed() -> None:
    made = Checked().on_site().revealed()
    other = made.record.siblings[0].model_copy(update={"no": "2019-BE-002"})
    record = made.record.model_copy(update={"siblings": (*made.record.siblings, other)})
    parts = tuple(Change(kind="draw_record", id=e.key, after=e.plain()) for e in sheets(record))
    events = list(made.desk.events)
    kept = tuple(each for each in events[-1].changes if each.kind != "draw_record")
    events[-1] = events[-1].model_copy(update={"changes": (*kept, *parts)})

    assert cells(ask(28, told(events), []), "holds", "draw_faults") == [(False, ["hidden"])]


def test_28_a_target_that_was_burned_keeps_its_draw_from_being_computed_again() -> None:
    made = Checked().on_site()
    bound = made.record.targets[0].model_copy(update={"pick": None, "salt": None})

    made.revealed(targets=(bound,), secret=None, seed=None)

    found = ask(28, made.entries, [])
    assert cells(found, "holds", "draw_faults", "drawn") == [(None, ["burned"], [])]


def test_28_a_sheet_that_lacks_makes_it_unreadable() -> None:
    made = Checked().on_site().revealed()
    events = list(made.desk.events)
    last = events[-1]
    kept = tuple(each for each in last.changes if each.kind != "draw_record")
    events[-1] = last.model_copy(update={"changes": kept})

    assert cells(ask(28, told(events), []), "holds", "draw_faults") == [(False, ["unreadable"])]


def test_29_what_was_left_out_by_rule_and_by_the_operator_is_told_once_revealed() -> None:
    made = Checked().on_site()
    assert ask(29, made.entries, []).rows == ()

    found = ask(29, made.revealed().entries, [])

    assert cells(found, "draw", "site", "unit", "exclusion", "actor", "reason") == [
        (made.no, "S-HQ", "U01", "not_front_line", "SU-1", None),
        (made.no, "S-U02-2", "U02", "named", "SU-1", "停业装修"),
    ]
    assert cells(ask(29, made.entries, [], unit="U02"), "site") == [("S-U02-2",)]


def test_30_who_was_not_drawn_this_phase_counts_from_check_in_on() -> None:
    made = Checked().released()
    units = {"U01", "U02", "U03", "U15"}
    assert {unit for (unit,) in cells(ask(30, made.entries, []), "unit")} == units

    made = Checked().on_site()

    found = ask(30, made.entries, [])
    assert {unit for (unit,) in cells(found, "unit")} == units - {made.target.unit}
    assert cells(found, "times_drawn", "checks", "over_budget", "budget")[0] == (0, 0, [], 4)


def test_30_who_was_checked_more_often_than_the_budget_of_a_month() -> None:
    made = Checked().on_site()
    line = made.desk.campaign.state.inspection_line[NO]
    seen = made.desk.events[-1]
    again = [
        change.model_copy(
            update={"id": f"BE-2019-I{n:04d}", "after": {**line.plain(), "no": f"BE-2019-I{n:04d}"}}
        )
        for n in range(2, 6)
        for change in seen.changes
        if change.kind == "inspection_line"
    ]
    more = seen.model_copy(update={"seq": seen.seq + 1, "changes": tuple(again)})

    found = ask(30, told([*made.desk.events, more]), [], unit=made.target.unit)

    assert cells(found, "times_drawn", "checks", "over_budget") == [(5, 5, ["2019-04: 5"])]


def tied_to_all(person: str) -> Lists:
    """Return lists in which somebody has left every unit long ago: no reason to recuse."""
    ties = tuple(
        Tie(unit=unit, kind=TieKind.FORMER_UNIT, left_on=at("2001-01-01T00:00").date())
        for unit in ("U01", "U02", "U03", "U15")
    )
    pool = tuple(
        each.model_copy(update={"ties": ties}) if each.person == person else each
        for each in LISTS.pool
    )
    return LISTS.model_copy(update={"pool": pool})


def test_31_what_was_declared_for_the_draw_is_told_once_revealed() -> None:
    made = Checked(tied_to_all("IN-1")).on_site()
    assert ask(31, made.entries, beside(made.inspection)).rows == ()

    found = ask(31, made.revealed().entries, beside(made.inspection))

    assert cells(found, "person", "unit", "leads", "known_by", "ties") == [
        ("IN-1", made.target.unit, True, "declared", ["former_unit"])
    ]


@pytest.mark.parametrize("question", ANSWERED, ids=lambda each: each.slug)
def test_sec1_no_question_tells_a_sealed_target_before_check_in(question: Question) -> None:
    made = Checked().released()
    hidden = {each.name for each in PLACES} | {each.site for each in PLACES}
    moment = at("2019-04-25T09:00")
    log = LogReport("HOLDS", 1, 1, "ab")
    asked = Asked(moment, beside=known_beside(beside(made.inspection), moment), log=log)

    said = answer(question, made.entries, asked).encoded().decode()

    assert [name for name in hidden if name in said] == []


def test_sec1_what_is_looked_for_is_what_is_told_afterwards() -> None:
    made = Checked().on_site()
    after = at("2019-12-31T23:59")
    shown = [each.event.plain() for each in beside(made.inspection)]

    assert made.target.name in str(shown)
    assert made.target.site in ask(28, made.revealed().entries, []).encoded().decode()
    assert known_beside(beside(made.inspection), after)


@pytest.mark.parametrize("number", range(27, 35))
def test_as_of_a_moment_it_is_byte_for_byte_what_it_was_then(number: int) -> None:
    made = Checked().released()
    campaign, others = list(made.entries), beside(made.inspection)
    moment = "2019-04-25T09:00"
    then = ask(number, campaign, others, moment).encoded()

    made.checked_in().inspection.noted(by=made.target.inspectors[0]).issued()
    made.heard().revealed()

    assert ask(number, made.entries, beside(made.inspection), moment).encoded() == then


def test_28_look_backs_and_inspections_share_their_numbers() -> None:
    made = Checked().drawn()
    desk = with_signed_off(made.desk.at("2019-04-25"), U01=6)

    second = drawn(desk, by="SU-1", witness="SU-2")

    assert cells(ask(28, made.entries, []), "draw", "holds", "draw_faults") == [
        (made.no, None, []),
        (second.no, True, []),
    ]
    assert second.no == "2019-BE-002"


def test_30_what_is_only_planned_is_no_check() -> None:
    made = Checked()
    fields = {"scope": ("U15",), "unit": "U15", "ordering_body": "OF", "leaders": ("IN-1",)}
    days = {"starts_on": "2019-05-06", "ends_on": "2019-05-07", "theme": "欠薪", "criteria": "红牌"}
    said = {"plan_ref": "计划4", "matter": "欠薪", "object_class": "工地", **fields, **days}
    made.desk.do(c.PlanInspection, "OF-1", kind="key_inspection", choice="named", **said)

    [row] = ask(30, made.entries, [], unit="U15").rows

    assert (row.cells["times_drawn"], row.cells["checks"]) == (0, 0)
