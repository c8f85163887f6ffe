"""Draws of inspections that were revealed leave the campaign; their numbers stay (f.3, step 8)."""

import json
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.campaign import draw_proof
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.draw_records import Draw, DrawSecret
from duban.domain.campaign.inspection_calls import news_of_draw, untold
from duban.domain.campaign.inspection_draws import siblings
from duban.domain.campaign.restore import restored
from duban.domain.campaign.state import CampaignState
from duban.domain.draw.record import Sibling
from duban.domain.draw.trail import record_of, trail_faults
from duban.domain.entity.state import apply
from duban.domain.errors import Code
from duban.domain.events import Event
from duban.domain.inspection.words import InspectionState
from tests.support import checks as k
from tests.support import inspection_draws as drawn
from tests.support.builders import Desk
from tests.support.checks import DRAW, ONE, TWO
from tests.support.draws import with_signed_off

SHOWN = drawn.NO
"""The second draw of the year; the first is void."""
SAID = {"reason": "重来"}


def all_draws(desk: Desk) -> dict[str, Draw]:
    """Return every draw there ever was, as the trail tells it."""
    changes = (change for event in desk.events for change in event.changes)
    numbers = dict.fromkeys(each.id for each in changes if each.kind == "draw")
    told = ((no, draw_proof.revealed(desk.events, no)) for no in numbers)
    return {no: draw for no, draw in told if draw}


def as_it_was(desk: Desk) -> Desk:
    """Return the desk with a campaign that still keeps all of its draws."""
    kept = desk.fork()
    kept.campaign.state.draw = {
        no: each.model_copy(update=each.let_go if each.is_over else {})
        for no, each in all_draws(desk).items()
    }
    kept.campaign.state.revealed = {}
    return kept


def test_f3_8_a_revealed_draw_leaves_and_its_number_is_not_given_again() -> None:
    desk = with_signed_off(k.shown())

    assert [*desk.campaign.state.draw] == [DRAW]
    assert desk.campaign.state.revealed == {"2019": 1}
    k.order(desk, request_id="signal-0009")
    assert k.asked(desk, no="BE-2019-I0003") == "2019-BE-003"
    assert desk.do(c.OpenLookBackDraw, "SU-1").object_id == "2019-BE-004"


def test_f3_numbers_begin_anew_with_the_year_whatever_was_let_go() -> None:
    desk = k.shown().at("2020-01-06")
    k.order(desk, request_id="signal-0009", ends_on="2020-01-10")

    assert k.asked(desk, no="BE-2019-I0003") == "2020-BE-2019-001"
    assert [each.no for each in siblings(desk.campaign.state, "2020")] == ["2020-BE-2019-001"]
    assert [each.no for each in siblings(desk.campaign.state, "2019")] == [DRAW, SHOWN]


def test_f3_8_records_name_all_draws_of_the_year_as_if_none_had_left() -> None:
    desk = with_signed_off(k.shown())
    desk.do(c.OpenLookBackDraw, "SU-1")
    k.order(desk, request_id="signal-0009")
    k.asked(desk, no="BE-2019-I0003")

    named = siblings(desk.campaign.state, "2019")

    assert named == tuple(Sibling.of(each) for each in all_draws(desk).values())
    assert [each.state for each in named] == ["voided", "drawn", "open", "open"]


def test_f3_8_the_record_itself_is_what_it_was_and_holds_against_the_trail() -> None:
    desk = k.shown()
    told = record_of(desk.events, SHOWN)

    assert told is not None
    assert [(each.no, each.state) for each in told.siblings] == [
        (DRAW, "voided"),
        (SHOWN, "drawn"),
    ]
    assert told.model_copy(update={"siblings": k.a_record().siblings}) == k.a_record()
    assert trail_faults(desk.events, told) == []


def test_f3_9_a_draw_that_somebody_wanted_void_stays_since_records_say_why() -> None:
    desk = k.second_draw(k.a_desk(), k.a_record())
    desk.do(c.AskToVoidDraw, "SU-2", draw=SHOWN, **SAID)
    k.shown(desk)

    assert [*desk.campaign.state.draw] == [DRAW, SHOWN]
    assert desk.campaign.state.revealed == {}
    last = siblings(desk.campaign.state, "2019")[-1]
    assert (last, last.void_reason) == (Sibling.of(all_draws(desk)[SHOWN]), "重来")
    again = {"draw": SHOWN, **SAID, "approved": True}
    assert desk.refused(c.DecideVoidDraw, "OF-1", **again).code is Code.STATE_ORDER


@pytest.mark.parametrize("who", ["OF-1", "SU-2", "U01-L1"])
@pytest.mark.parametrize(
    ("command", "fields"),
    [
        (c.WitnessDraw, {"number": "7351"}),
        (c.AskToVoidDraw, SAID),
        (c.DecideVoidDraw, {**SAID, "approved": True}),
        (c.RevealDraw, {}),
    ],
)
def test_f3_what_is_revealed_is_refused_as_before_it_left(
    command: type[c.Command], fields: dict[str, Any], who: str
) -> None:
    desk = k.shown()

    why = desk.fork().refused(command, who, draw=SHOWN, **fields)

    before = as_it_was(desk).refused(command, who, draw=SHOWN, **fields)
    assert (why.code, why.params) == (before.code, before.params)
    assert why.code in {Code.STATE_ORDER, Code.ROLE_NOT_PERMITTED}


@pytest.mark.parametrize("no", ["2019-BE-003", "2019-BE-0002", "2020-BE-2019-001", "2019", "x"])
def test_a_number_that_was_never_given_is_not_known(no: str) -> None:
    desk = k.shown()

    assert desk.refused(c.RevealDraw, "SU-1", draw=no).code is Code.OBJECT_NOT_FOUND


def test_what_comes_back_late_changes_nothing() -> None:
    desk = k.shown()

    assert not k.reveals(desk, k.a_record())
    assert not k.frozen(desk, SHOWN)
    assert not k.done(desk, SHOWN)
    assert not k.hears(desk, DrawSecret(draw=SHOWN, commit="d" * 64, secret="0" * 64))


def test_f3_9_inspections_of_a_draw_that_left_are_not_told_of_an_earlier_void_one() -> None:
    desk = k.shown()
    assert k.line(desk, ONE).lost == DRAW

    assert news_of_draw(desk.campaign.state, ONE) is None
    assert untold(desk.campaign.state) == []
    for no in (ONE, TWO):
        assert k.stands(desk, no, state=InspectionState.CLOSED, unit="U01", is_over=True)
    assert desk.campaign.state.inspection_line == {}


def test_the_state_is_the_fold_of_its_events_and_survives_its_own_json() -> None:
    desk = k.shown()
    state = desk.campaign.state
    outside = {"receipts", "unrecorded"}

    again = restored(desk.events)

    assert again.model_dump(exclude=outside) == state.model_dump(exclude=outside)
    assert again.revealed == state.revealed == {"2019": 1}
    assert CampaignState.model_validate_json(state.model_dump_json()) == state


def test_a_decision_that_is_tried_out_counts_no_draw_of_the_campaign() -> None:
    desk = k.second_draw(k.a_desk(), k.a_record())
    tried = Campaign(desk.campaign.state.snapshot())
    tried.state.keep("draw", SHOWN, all_draws(k.shown())[SHOWN])

    assert tried.state.revealed == {"2019": 1}
    assert desk.campaign.state.revealed == {}


def test_a_state_from_before_there_was_the_count_lets_go_what_it_carries() -> None:
    desk = k.shown()
    old = json.loads(as_it_was(desk).campaign.state.model_dump_json())
    assert "revealed" not in old
    assert [*old["draw"]] == [DRAW, SHOWN]

    again = CampaignState.model_validate(old)

    assert again == desk.campaign.state
    assert again.draw_numbers("2019") == [DRAW, SHOWN]


def test_f3_9_of_a_void_draw_travels_that_it_is_void_and_why() -> None:
    desk = k.shown()
    void = desk.campaign.state.draw[DRAW]

    said = json.loads(desk.campaign.state.model_dump_json())["draw"][DRAW]

    assert len(json.dumps(said)) < 300
    assert (void.state, void.void_reason) == ("voided", said["void_reason"])
    assert void.lists is None
    assert all_draws(desk)[DRAW].lists is not None


def numbered(event: Event, serial: int, seq: int) -> Event:
    """Return an event of the second draw as one of another."""
    text = event.model_copy(update={"seq": seq}).model_dump_json()
    return Event.model_validate_json(text.replace(SHOWN, f"2019-BE-{serial:03d}"))


def test_a_year_with_a_thousand_draws_of_inspections_keeps_none_that_is_revealed() -> None:
    desk = k.shown()
    state = desk.campaign.state
    steps = [each for each in desk.events if any(e.kind == "draw" for e in each.changes)]
    steps = [each for each in steps if each.object_id == SHOWN]
    for serial in range(3, 1001):
        for event in steps:
            apply(state, numbered(event, serial, state.next_seq))

    assert ([*state.draw], state.revealed) == ([DRAW], {"2019": 999})
    k.order(desk, request_id="signal-0009")
    assert k.asked(desk, no="BE-2019-I0003") == "2019-BE-1001"
    named = siblings(state, "2019")
    assert [each.no for each in named] == [f"2019-BE-{n:03d}" for n in range(1, 1002)]
    assert {each.state.value for each in named[1:1000]} == {"drawn"}
    again = {"draw": "2019-BE-1000", "number": "7"}
    assert desk.refused(c.WitnessDraw, "SU-2", **again).code is Code.STATE_ORDER
