"""The way of an inspection: one table of states, from its order to its end (f.5)."""

import pytest

from duban.domain.entity.refusals import require_move
from duban.domain.errors import Code, RuleViolation
from duban.domain.inspection import commands as c
from duban.domain.inspection.tables import MOVES
from duban.domain.inspection.words import Choice, InspectionState
from tests.support.inspections import NO, InspectionDesk


@pytest.mark.parametrize("new", InspectionState)
@pytest.mark.parametrize("old", InspectionState)
def test_f5_a_move_that_the_table_does_not_hold_is_refused(
    old: InspectionState, new: InspectionState
) -> None:
    if new in MOVES[old]:
        require_move(MOVES, old, new, NO)
        return
    with pytest.raises(RuleViolation) as why:
        require_move(MOVES, old, new, NO)
    assert why.value.code is Code.STATE_ORDER


def test_f5_every_state_is_reached_and_three_are_the_end() -> None:
    S = InspectionState  # noqa: N806
    assert {S.PLANNED}.union(*MOVES.values()) == set(S)
    assert {state for state in S if not MOVES[state]} == {S.CLOSED, S.ABORTED, S.VOIDED}


def test_f5_a_spot_check_goes_from_its_order_to_its_end() -> None:
    desk = InspectionDesk().closed()

    assert [tag for tag in desk.tags if not tag.startswith("deadline:")] == [
        "inspection:ordered",
        "target:sealed",
        "target:released",
        "site:arrived",
        "target:unsealed",
        "item:recorded",
        "record:signed",
        "record:signed",
        "opinion:taken",
        "conclusion:drafted",
        "conclusion:issued",
        "finding:linked",
        "conclusion:fed_back",
        "review:lapsed",
        "inspection:closed",
        "stream:closed",
    ]
    assert desk.events[-1].detail["count"] == len(desk.events)
    assert desk.inspection.next_alarm(now=desk.now) is None


def test_after_the_end_nothing_is_heard_any_more() -> None:
    desk = InspectionDesk().closed()
    said = len(desk.events)

    with pytest.raises(RuleViolation) as late:
        desk.do(c.ReportLeak, "SU-1", fact="-")
    desk.drawn("2019-BE-002").hear("terminated")

    assert late.value.code is Code.STAGE_NOT_LIVE
    assert len(desk.events) == said


def test_f1_a_planned_check_of_a_named_unit_has_no_draw() -> None:
    desk = InspectionDesk(by="OF-1", choice=Choice.NAMED)
    assert desk.state == "planned"

    desk.authorised().on_site()

    assert desk.record.target.unit == "U03"
    assert desk.closed().state == "closed"


def test_the_state_is_the_fold_of_what_was_said() -> None:
    desk = InspectionDesk().review_asked()

    told = desk.inspection.restored(desk.events)

    for table in ("inspection", "inspection_item", "finding", "deadline"):
        assert told.table(table) == desk.inspection.state.table(table)
    with pytest.raises(RuleViolation):
        desk.inspection.restored(desk.events[1:])
