"""How the lines of inspections travel between runs, and what draws are told of them (f.2, SEC1)."""

import json
from datetime import date

from duban.domain.campaign import commands as c
from duban.domain.campaign.inspection_calls import coming, goes_on
from duban.domain.campaign.inspection_records import Coming, brief_lines, whole_lines
from duban.domain.campaign.state import CampaignState
from duban.domain.inspection.words import InspectionState
from tests.support import checks as k
from tests.support.checks import ONE, TWO, a_plan_line


def _state() -> CampaignState:
    """Return a campaign with an order of several sites that waits for its draw."""
    return k.ordered(k.a_desk()).campaign.state


def test_terms_of_an_order_travel_once_and_stand_in_every_line_again() -> None:
    state = _state()

    said = json.loads(state.model_dump_json())["inspection_line"]

    assert isinstance(said[ONE]["terms"], dict)
    assert said[TWO]["terms"] == ONE
    assert CampaignState.model_validate_json(state.model_dump_json()) == state


def test_terms_go_to_the_next_line_when_the_first_has_left() -> None:
    state = _state()
    del state.inspection_line[ONE]

    again = CampaignState.model_validate_json(state.model_dump_json())

    assert again.inspection_line[TWO].terms == state.inspection_line[TWO].terms is not None
    assert again == state


def test_terms_that_differ_are_told_for_themselves() -> None:
    lines = dict(_state().inspection_line)
    terms = lines[TWO].terms
    assert terms is not None
    other = terms.model_copy(update={"inspectors": 9})
    lines[TWO] = lines[TWO].model_copy(update={"terms": other})

    said = brief_lines(lines)

    assert said[TWO]["terms"]["inspectors"] == 9


def test_lines_as_they_were_written_before_are_read_as_they_are() -> None:
    lines = _state().inspection_line
    before = {no: line.plain() for no, line in lines.items()}

    assert whole_lines(before) == before
    assert whole_lines(lines) == lines


def test_once_a_team_was_there_its_line_carries_no_terms() -> None:
    desk = k.targets(k.a_desk())

    k.visited(desk, ONE)

    assert k.line(desk, ONE).terms is None
    assert k.line(desk, TWO).terms is not None


def test_of_a_line_that_was_made_the_values_alone_travel() -> None:
    desk = k.targets(k.a_desk())
    k.visited(desk, ONE)
    state = desk.campaign.state

    said = json.loads(state.model_dump_json())["inspection_line"]

    assert isinstance(said[ONE], list)
    assert isinstance(said[TWO], dict)
    assert len(json.dumps(said[ONE])) < 160
    assert CampaignState.model_validate_json(state.model_dump_json()) == state


def test_f2_what_is_planned_for_named_units_is_coming_until_it_is_made_or_called_off() -> None:
    desk = k.ordered(k.a_desk())
    for unit, day in (("U01", 8), ("U02", 9), ("U03", 10)):
        on = date(2019, 4, day)
        desk.do(c.PlanInspection, "OF-1", **a_plan_line(unit=unit, scope=(unit,), starts_on=on))
    k.visited(desk, "BE-2019-I0004", "U02")
    k.stands(desk, "BE-2019-I0005", state=InspectionState.ABORTED)

    assert coming(desk.campaign.state) == (
        Coming(inspection="BE-2019-I0003", unit="U01", on_day=date(2019, 4, 8), theme="红牌整改"),
    )


def test_sec1_teams_go_on_the_first_working_day_that_their_order_allows() -> None:
    desk = k.a_desk()
    # A Saturday; the Monday after it is a working day.
    k.order(desk, starts_on="2019-03-30", ends_on="2019-04-10")
    k.asked(desk)

    assert goes_on(desk.campaign.state, k.the_draw(desk)) == date(2019, 4, 1)


def test_sec1_teams_do_not_go_before_their_draw() -> None:
    desk = k.ordered(k.a_desk())
    k.asked(desk)

    assert goes_on(desk.campaign.state, k.the_draw(desk)) == desk.now.date()
