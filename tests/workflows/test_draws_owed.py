"""Of which draws a run that begins has something done outside (f.3)."""

from duban.domain.campaign import commands as c
from tests.support import checks as k
from tests.support.builders import Desk
from workflows.draws import Draws


def _owes(desk: Desk) -> bool:
    return Draws(desk.campaign, lambda told: None).owes


def test_a_run_owes_what_was_asked_of_a_draw_and_nothing_else() -> None:
    desk = k.ordered(k.a_desk())
    owed = {"ordered": _owes(desk)}
    k.asked(desk)
    owed["asked"] = _owes(desk)
    k.frozen(desk)
    owed["committed"] = _owes(desk)

    assert owed == {"ordered": False, "asked": True, "committed": False}


def test_a_run_owes_a_number_its_draw_and_a_revealing_its_record() -> None:
    desk = k.over(k.a_desk())
    drawn = _owes(desk)
    desk.do(c.RevealDraw, "SU-1", draw=k.DRAW)

    assert (drawn, _owes(desk)) == (False, True)
