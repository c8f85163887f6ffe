"""How the lines of inspections travel between runs: briefly, and whole again (f.2)."""

import json

from duban.domain.campaign.inspection_records import brief_lines, whole_lines
from duban.domain.campaign.state import CampaignState
from tests.support import checks as k
from tests.support.checks import ONE, TWO


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
