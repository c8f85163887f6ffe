"""Drawn look-backs: by which weight, whether enough were done (G2.4), what the problem tells."""

from datetime import date
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_records import SignedOff
from duban.domain.campaign.look_backs import tickets
from duban.domain.campaign.words import Gate
from duban.domain.errors import Code
from duban.domain.policy import PolicyVersion
from duban.domain.problem import commands as p
from duban.domain.problem.standing import LookedBack, standing
from duban.domain.problem.words import DrawMark, ProblemState
from duban.domain.sampling import Exclusion
from duban.domain.thresholds import DrawRule
from tests.support.builders import Desk, shanghai
from tests.support.draws import drawn, hears, looks_back, problem, the_draw, with_signed_off
from tests.support.problems import ProblemDesk, a_registration
from tests.support.scenes import scene

ALL = tuple(DrawMark)
FAILED: dict[str, Any] = {"method": "calls", "passed": False, "called": 7, "denied": 4}


def missing(desk: Desk, gate: Gate = Gate.G2) -> tuple[str, ...]:
    """Return what G2.4 lacks."""
    found = desk.campaign.gate(gate, now=desk.now)
    return next(each.missing for each in found if each.id == "G2.4")


@pytest.mark.parametrize(
    ("marks", "red_on", "expected"),
    [
        ((), None, 1),
        ((DrawMark.COMPLAINT,), None, 2),
        ((), date(2019, 4, 2), 2),
        ((), date(2019, 4, 1), 1),
        (ALL, date(2019, 6, 1), 5),
    ],
)
def test_f3_tickets_are_one_and_more_where_there_is_more_to_doubt(
    marks: tuple[DrawMark, ...], red_on: date | None, expected: int
) -> None:
    signed = SignedOff(unit="U01", on=date(2019, 5, 6), red_on=red_on, marks=marks)

    assert tickets(signed, date(2019, 7, 1), DrawRule()) == expected


def test_f3_tickets_are_the_policy_s_and_have_a_cap() -> None:
    signed = SignedOff(unit="U01", on=date(2019, 5, 6), marks=ALL)

    assert tickets(signed, date(2019, 7, 1), DrawRule(ticket_cap=3)) == 3
    assert tickets(signed, date(2019, 7, 1), DrawRule(complaint=0, unseen=0)) == 2


def test_a_draw_weighs_the_problems_as_they_were_heard_of() -> None:
    desk = scene("signed_off")
    hears(desk, problem(1), unit="U01", marks=ALL, red_on=date(2019, 4, 1))

    desk.do(c.OpenLookBackDraw, "SU-2")

    assert the_draw(desk).population["U01"] == {
        **dict.fromkeys([problem(n) for n in range(2, 7)], 1),
        problem(1): 5,
    }


def test_g2_4_holds_where_nothing_was_signed_off() -> None:
    assert missing(scene("working")) == ()


def test_g2_4_wants_the_share_and_something_of_every_unit() -> None:
    desk = scene("signed_off")
    assert missing(desk) == ("U01", "U02", "U03", "0/12")
    draw = drawn(desk)
    picks = [each.site for each in draw.picks]
    assert missing(desk) == (*picks, "U01", "U02", "U03", "0/12")

    looks_back(desk, draw, picks[0])
    assert missing(desk) == (*picks[1:], "U02", "U03", "1/12")
    for no in picks[1:]:
        looks_back(desk, draw, no, passed=no != picks[2])

    assert missing(desk) == ()
    assert the_draw(desk).results[picks[2]].passed is False


def test_g2_4_everything_that_was_drawn_is_looked_back_on() -> None:
    desk = scene("signed_off")
    draw = drawn(desk)
    picks = [each.site for each in draw.picks]
    for no in picks[1:]:
        looks_back(desk, draw, no)

    assert missing(desk) == (picks[0],)


def test_g2_4_a_look_back_nobody_drew_does_not_count() -> None:
    desk = scene("signed_off")
    found = LookedBack(batch=None, on=date(2019, 4, 8), passed=True)
    hears(desk, problem(7), unit="U02", look_back=found)
    draw = drawn(desk)
    stray = next(problem(n) for n in range(1, 7) if problem(n) not in {x.site for x in draw.picks})
    own = LookedBack(batch=draw.no, on=date(2019, 4, 8), passed=True)
    hears(desk, stray, unit="U01", look_back=own)

    assert the_draw(desk).results == {}
    assert "0/12" in missing(desk)


def test_g2_4_a_void_draw_does_not_count_and_one_with_results_is_never_void() -> None:
    desk = scene("signed_off")
    draw = drawn(desk)
    desk.do(c.AskToVoidDraw, "OF-2", draw=draw.no, reason="名单有误")
    other = desk.fork()
    looks_back(desk, draw, draw.picks[0].site)
    decided: dict[str, Any] = {"draw": draw.no, "approved": True, "reason": "属实"}
    why = desk.refused(c.DecideVoidDraw, "OF-1", **decided)
    assert (why.code, why.params["state"]) == (Code.STATE_ORDER, "looked_back")
    asked = desk.refused(c.AskToVoidDraw, "OF-1", draw=draw.no, reason="-")
    assert asked.params["state"] == "looked_back"

    other.do(c.DecideVoidDraw, "OF-1", **decided)
    looks_back(other, draw, draw.picks[0].site)
    assert missing(other) == ("U01", "U02", "U03", "0/12")


def test_g2_4_the_first_result_of_a_draw_stays() -> None:
    desk = scene("signed_off")
    draw = drawn(desk)
    no = draw.picks[0].site
    looks_back(desk, draw, no, passed=False)

    looks_back(desk, draw, no)

    assert the_draw(desk).results[no].passed is False


def test_g2_4_what_came_back_before_anybody_looked_counts_neither_way() -> None:
    desk = scene("signed_off")
    draw = drawn(desk)
    picks = [each.site for each in draw.picks]
    assert picks[2] == problem(7)
    hears(desk, problem(7), unit="U02", state=ProblemState.REOPENED, signed_off_on=None)

    for no in (*picks[:2], picks[3]):
        looks_back(desk, draw, no)

    assert missing(desk) == ()


def test_g2_4_what_was_left_out_still_counts_as_signed_off() -> None:
    desk = scene("signed_off")
    draw = drawn(desk, excluded=(Exclusion(site=problem(7), reason="已进入司法程序"),))
    for pick in draw.picks:
        looks_back(desk, draw, pick.site)

    assert missing(desk) == ("U02",)


def test_g2_4_asks_for_the_share_and_the_least_number_of_the_policy() -> None:
    policy = PolicyVersion(lookback_percent=50, drawing=DrawRule(per_stratum=2))
    desk = with_signed_off(Desk(policy=policy).implementing(), U01=6, U02=1, U03=3)
    draw = drawn(desk)

    assert draw.quotas == {"U01": 3, "U02": 1, "U03": 2}


def test_g2_4_each_phase_has_its_own_and_a_review_does_not_see_its_own_grow() -> None:
    desk = scene("review")
    with_signed_off(desk, U01=1)
    hears(desk, problem(1), unit="U01", signed_off_on=date(2019, 7, 2))
    assert missing(desk) == ()

    hears(desk, problem(1), unit="U01", signed_off_on=date(2019, 6, 28))
    assert missing(desk) == ("U01", "0/1")
    assert drawn(desk).phase == 1


def test_what_is_signed_off_after_the_last_phase_belongs_to_it() -> None:
    desk = with_signed_off(scene("watch"), U01=1)
    hears(desk, problem(1), unit="U01", signed_off_on=date(2019, 11, 4))

    assert drawn(desk).phase == 2
    assert desk.refused(c.OpenLookBackDraw, "SU-2", phase=1).code is Code.DRAW_POPULATION


def test_g3_asks_for_the_look_backs_of_the_last_phase() -> None:
    desk = scene("signed_off")

    assert missing(desk, Gate.G3) == missing(desk, Gate.G2) != ()


def test_st3_a_problem_keeps_what_was_found_and_on_whose_word_it_was_closed() -> None:
    desk = ProblemDesk(a_registration(from_person=True))
    desk.requested(contact_made=True, satisfied=True).verified("CG-1", on_site=False)
    desk.at(desk.due("DL13").isoformat(), "18:00")
    for by in ("CG-2", "OF-1"):
        desk.do(p.CloseProblem, by, opinion="同意销号")
    before = standing(desk.problem.state)
    assert (before.signed_off_on, before.look_back) == (desk.now.date(), None)
    assert before.marks == (DrawMark.COMPLAINT, DrawMark.UNSEEN)

    batch = {"batch": "2019-BE-001", "finding": "4人不知情", "deliberate": True}
    desk.do(p.RecordLookBack, "SU-1", **FAILED, **batch)

    [found] = desk.record.look_backs
    assert (found.called, found.denied, found.passed, found.by) == (7, 4, False, "SU-1")
    assert (found.verifier, found.signers) == ("CG-1", ("CG-2", "OF-1"))
    told = standing(desk.problem.state)
    assert told.look_back == LookedBack(batch="2019-BE-001", on=desk.now.date(), passed=False)
    assert (told.state, told.signed_off_on) == (ProblemState.REOPENED, None)
    assert told.marks == (DrawMark.COMPLAINT, DrawMark.FALSE_RECTIFICATION)
    assert told.red_on is None
    [card] = desk.problem.state.card
    decided = {"card": card, "approved": True, "reason": "虚假整改", "doc_no": "决定5号"}
    desk.do(p.DecideCard, "LG-1", **decided)
    assert standing(desk.problem.state).red_on == desk.now.date()


def test_every_look_back_of_a_problem_is_kept() -> None:
    desk = ProblemDesk().signed_off()
    seen: dict[str, Any] = {"method": "site_visit", "passed": True, "finding": "属实"}
    for by in ("OF-1", "SU-1"):
        desk.do(p.RecordLookBack, by, **seen)

    assert [each.by for each in desk.record.look_backs] == ["OF-1", "SU-1"]
    assert desk.record.lookback_passed
    assert desk.now == shanghai("2019-04-30", "18:00")
