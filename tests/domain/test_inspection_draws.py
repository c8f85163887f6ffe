"""Draws of inspections in a campaign (f.3): asked, committed, witnessed, drawn, void, revealed."""

from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign.draw_answers import DrawFrozen
from duban.domain.campaign.draw_proof import revealed
from duban.domain.campaign.draw_records import DrawState
from duban.domain.campaign.inspection_calls import news_of_draw, touched, untold
from duban.domain.campaign.inspection_draws import siblings
from duban.domain.campaign.restore import restored
from duban.domain.draw.trail import record_of, trail_faults
from duban.domain.errors import Code
from duban.domain.inspection.words import InspectionState
from tests.support import checks as k
from tests.support import inspection_draws as drawn
from tests.support.builders import Desk
from tests.support.checks import DRAW, ONE, TWO
from tests.support.draws import with_signed_off

REASON = {"draw": DRAW, "reason": "名单有误"}


def _voided(desk: Desk, asks: str = "SU-2", agrees: str = "OF-1") -> None:
    desk.do(c.AskToVoidDraw, asks, **REASON)
    desk.do(c.DecideVoidDraw, agrees, **REASON, approved=True)


def test_f3_a_draw_is_asked_for_by_a_name_and_a_hash_and_knows_its_terms() -> None:
    desk = k.a_desk()
    k.order(desk, repeat_reason="回头看", budget_doc="批准1号", inspectors=3)
    no = k.asked(desk)

    draw = k.the_draw(desk, no)
    assert (no, draw.purpose, draw.state, draw.run_by) == (DRAW, "inspection", "asked", ("SU-1",))
    assert draw.lists is not None
    assert (draw.lists.package, draw.lists.digest) == ("package-1", k.DIGEST)
    terms = draw.terms
    assert terms is not None
    assert (terms.inspections, terms.leaders, terms.inspectors) == ((ONE, TWO), ("IN-1",), 3)
    assert (terms.repeat_reason, terms.budget_doc, terms.on) == (
        "回头看",
        "批准1号",
        draw.frozen_on,
    )
    [said] = desk.said("draw:asked")
    assert said.detail == {"k": 2}
    assert {k.line(desk, no).draw for no in (ONE, TWO)} == {DRAW}


def test_f3_numbers_have_no_gap_across_look_backs_and_inspections() -> None:
    desk = with_signed_off(k.a_desk())
    desk.do(c.OpenLookBackDraw, "SU-1")
    k.order(desk)
    k.order(desk, request_id="signal-0002")

    assert k.asked(desk) == "2019-BE-002"
    look_back = desk.do(c.OpenLookBackDraw, "SU-1").object_id
    assert look_back == "2019-BE-003"
    assert k.the_draw(desk, look_back).repeats == ("2019-BE-001",)


def test_sod5_operator_witness_and_leader_are_three_people() -> None:
    desk = k.a_desk()
    k.order(desk, leaders=["SU-1"])
    assert desk.said("command:refused")[-1].code == Code.ACTOR_ROLE_NOT_HELD.value
    k.order(desk, request_id="signal-0002")
    asked = {"inspection": ONE, "package": "p", "digest": k.DIGEST}

    assert desk.refused(c.OpenInspectionDraw, "OF-1", **asked).code is Code.ROLE_NOT_PERMITTED
    k.asked(desk)
    k.frozen(desk)
    number = {"draw": DRAW, "number": "7351"}
    assert desk.refused(c.WitnessDraw, "SU-1", **number).params["rule"] == "SOD5"
    desk.do(c.WitnessDraw, "SU-2", **number)


@pytest.mark.parametrize("leads", ["runs", "witnesses"])
def test_sod5_a_leader_who_is_of_the_supervision_group_too_has_no_hand_in_it(leads: str) -> None:
    desk = k.both_a_leader_and_a_supervisor()
    k.order(desk, actor={"id": "SU-2", "role": "supervision_group"}, leaders=["SU-1"])
    asked = {"inspection": ONE, "package": "p", "digest": k.DIGEST}
    if leads == "runs":
        assert desk.refused(c.OpenInspectionDraw, "SU-1", **asked).params["rule"] == "SOD5"
        return
    desk.do(c.OpenInspectionDraw, "SU-2", **asked)
    k.frozen(desk)
    why = desk.refused(c.WitnessDraw, "SU-1", draw=DRAW, number="7")
    assert why.params["rule"] == "SOD5"


def test_f3_a_draw_is_committed_to_before_the_number_and_bound_after_it() -> None:
    desk = k.committed(k.a_desk())
    [said] = desk.said("draw:committed")
    assert said.detail == {"commit": "d" * 64, "sites": 6}
    assert not k.done(desk)
    desk.do(c.WitnessDraw, "SU-2", draw=DRAW, number="7351")
    assert not k.done(desk, DRAW, ONE)

    assert k.done(desk)

    draw = k.the_draw(desk)
    assert (draw.state, draw.size, set(draw.commitments)) == ("drawn", 6, {ONE, TWO})
    assert (draw.terms, draw.secret, draw.picks) == (None, None, ())
    assert not k.done(desk)


def test_what_comes_back_twice_or_for_no_draw_changes_nothing() -> None:
    desk = k.committed(k.a_desk())

    assert not k.frozen(desk)
    assert not k.frozen(desk, "2019-BE-009")
    assert not k.reveals(desk, drawn.revealed(drawn.frozen(draw=DRAW)))


def test_lists_that_cannot_be_drawn_from_are_told_and_their_number_is_void() -> None:
    desk = k.a_desk()
    k.order(desk)
    k.asked(desk)
    fault = {"fault": "draw.too_few", "params": {"wanted": 2, "there": 1}}
    assert k.hears(desk, DrawFrozen.model_validate({"draw": DRAW, **fault}))

    [said] = desk.said("draw:failed")
    assert said.detail == {"code": "draw.too_few", "params": {"wanted": 2, "there": 1}}
    draw = k.the_draw(desk)
    assert (draw.state, draw.void_reason) == (DrawState.VOIDED, "draw.too_few")
    again = k.asked(desk)
    assert (again, k.the_draw(desk, again).repeats) == ("2019-BE-002", (DRAW,))


@pytest.mark.parametrize(
    ("state", "draw"), [(InspectionState.PLANNED, None), (InspectionState.AUTHORISED, DRAW)]
)
def test_f5_only_an_authorised_inspection_that_waits_is_drawn(
    state: InspectionState, draw: str | None
) -> None:
    desk = k.a_desk()
    k.order(desk)
    if draw:
        k.asked(desk)
    k.stands(desk, ONE, state=state)
    asked = {"inspection": ONE, "package": "p", "digest": k.DIGEST}

    assert desk.refused(c.OpenInspectionDraw, "SU-1", **asked).code is Code.STATE_ORDER


def test_a_named_target_is_not_drawn() -> None:
    desk = k.a_desk()
    desk.do(c.PlanInspection, "OF-1", **k.a_plan_line())
    k.stands(desk, ONE)
    asked = {"inspection": ONE, "package": "p", "digest": k.DIGEST}

    assert desk.refused(c.OpenInspectionDraw, "SU-1", **asked).code is Code.STATE_ORDER


def test_sec1_inspections_are_told_their_commitments_until_they_say_so() -> None:
    desk = k.committed(k.a_desk())
    assert untold(desk.campaign.state) == []
    desk.do(c.WitnessDraw, "SU-2", draw=DRAW, number="7351")
    k.done(desk)

    assert touched(desk.campaign.state, desk.events[-1:]) == [ONE, TWO]
    news = news_of_draw(desk.campaign.state, TWO)
    assert news is not None
    assert news.drawn is not None
    assert (news.drawn.commitment, news.drawn.hands) == ("1" * 64, ("SU-1", "SU-2"))
    assert untold(desk.campaign.state) == [ONE, TWO]
    k.stands(desk, ONE, state=InspectionState.DRAWN, draw=DRAW)
    assert untold(desk.campaign.state) == [TWO]
    assert news_of_draw(desk.campaign.state, "BE-2019-I0009") is None


def test_f3_9_a_void_draw_is_told_and_its_inspections_are_drawn_again() -> None:
    desk = k.targets(k.a_desk())
    k.order(desk, request_id="signal-0002", sites=1)
    _voided(desk)

    news = news_of_draw(desk.campaign.state, ONE)
    assert news is not None
    assert news.voided is not None
    assert (news.voided.draw, news.voided.reason) == (DRAW, "名单有误")
    assert k.the_draw(desk).commitments == {}
    waiting = {"inspection": ONE, "package": "p", "digest": k.DIGEST}
    assert desk.refused(c.OpenInspectionDraw, "SU-1", **waiting).code is Code.STATE_ORDER
    k.stands(desk, ONE)
    assert news_of_draw(desk.campaign.state, ONE) is None
    again = k.asked(desk)
    assert (again, k.the_draw(desk, again).repeats) == ("2019-BE-002", (DRAW,))
    assert restored(desk.events).draw == desk.campaign.state.draw


def test_f3_9_nobody_makes_void_alone_nor_once_a_team_was_there() -> None:
    desk = k.targets(k.a_desk())
    desk.do(c.AskToVoidDraw, "SU-2", **REASON)
    agrees = {**REASON, "approved": True}
    assert desk.refused(c.DecideVoidDraw, "SU-2", **agrees).params["rule"] == "DRAW9"
    k.visited(desk, ONE)

    assert desk.refused(c.DecideVoidDraw, "OF-1", **agrees).code is Code.STATE_ORDER
    assert desk.refused(c.AskToVoidDraw, "OF-1", **REASON).code is Code.STATE_ORDER


def _revealed() -> tuple[Desk, Any]:
    record = k.a_record()
    return k.second_draw(k.a_desk(), record), record


def test_f3_8_a_draw_is_revealed_once_each_inspection_was_made_or_ended() -> None:
    desk, record = _revealed()
    reveal = {"draw": record.no}
    assert desk.refused(c.RevealDraw, "OF-1", **reveal).code is Code.ROLE_NOT_PERMITTED
    k.visited(desk, ONE)
    why = desk.refused(c.RevealDraw, "SU-1", **reveal)
    assert (why.code, why.params["waiting"]) == (Code.DRAW_UNFINISHED, [TWO])
    k.stands(desk, TWO, state=InspectionState.ABORTED)
    desk.do(c.RevealDraw, "SU-1", **reveal)

    assert k.reveals(desk, record)

    draw = revealed(desk.events, record.no)
    assert draw is not None
    assert (draw.state, draw.secret, draw.seed) == ("revealed", record.secret, record.seed)
    assert desk.refused(c.RevealDraw, "SU-1", **reveal).code is Code.STATE_ORDER
    void = {"draw": record.no, "reason": "重来"}
    assert desk.refused(c.AskToVoidDraw, "OF-1", **void).code is Code.STATE_ORDER
    assert restored(desk.events).draw == desk.campaign.state.draw


def test_f3_8_what_is_revealed_holds_against_the_trail_itself() -> None:
    desk, record = _revealed()
    k.visited(desk, ONE)
    k.visited(desk, TWO)
    desk.do(c.RevealDraw, "SU-1", draw=record.no)
    k.order(desk, request_id="signal-0009")
    later = k.asked(desk, no="BE-2019-I0003")
    k.reveals(desk, record)

    told = record_of(desk.events, record.no)

    assert told is not None
    assert [each.no for each in told.siblings] == [DRAW, record.no, later]
    assert told.model_copy(update={"siblings": record.siblings}) == record
    assert trail_faults(desk.events, told) == []
    assert desk.said("draw:revealed")[0].detail == {}


@pytest.mark.parametrize("changed", ["targets", "commit"])
def test_what_is_not_what_was_committed_to_is_not_revealed(changed: str) -> None:
    desk, record = _revealed()
    k.visited(desk, ONE)
    k.visited(desk, TWO)
    desk.do(c.RevealDraw, "SU-1", draw=record.no)
    other = {"targets": (), "commit": "0" * 64}[changed]

    assert not k.reveals(desk, record.model_copy(update={changed: other}))


def test_sec5_a_burned_target_stays_burned_and_the_draw_says_so() -> None:
    desk, record = _revealed()
    k.visited(desk, ONE)
    k.stands(desk, TWO, state=InspectionState.ABORTED, is_over=True)
    desk.do(c.RevealDraw, "SU-1", draw=record.no)
    kept, burned = record.targets
    gone = burned.model_copy(update={"pick": None, "salt": None})
    without = {"targets": (kept, gone), "secret": None, "seed": None}

    assert k.reveals(desk, record.model_copy(update=without))

    assert desk.said("draw:revealed")[0].detail == {"found": ["burned"]}


def test_f3_8_a_record_names_all_draws_of_its_year_as_they_stand() -> None:
    desk = k.targets(with_signed_off(k.a_desk()))
    desk.do(c.OpenLookBackDraw, "SU-1")

    told = siblings(desk.campaign.state, "2019")
    assert [(each.no, each.purpose, each.state) for each in told] == [
        (DRAW, "inspection", "drawn"),
        ("2019-BE-002", "look_back", "open"),
    ]
    assert siblings(desk.campaign.state, "2020") == ()


def test_a_look_back_is_revealed_when_it_is_drawn_and_not_by_a_command() -> None:
    desk = with_signed_off(k.a_desk())
    desk.do(c.OpenLookBackDraw, "SU-1")

    assert desk.refused(c.RevealDraw, "SU-1", draw=DRAW).code is Code.STATE_ORDER
