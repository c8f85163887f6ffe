"""Questions 28 and 29: draws computed again, and what was left out of them."""

from duban.domain.sampling import Exclusion
from tests.domain.test_draw_proof import SECOND, changed, honest
from tests.questions.asking import ask, cells
from tests.support.draws import DRAW, committed, problem
from tests.support.scenes import scene
from tests.support.stories import told

END = "2020-12-31T23:59"


def test_28_a_draw_comes_out_again_and_the_void_one_beside_it_is_named() -> None:
    found = ask(28, told(list(honest())), END)

    first, second = cells(found, "draw", "draw_state", "holds", "draw_faults", "void_around")
    assert first == (DRAW, "voided", None, [], [])
    assert second == (SECOND, "drawn", True, [], [DRAW])
    [row] = ask(28, told(list(honest())), END, obj=SECOND).rows
    assert (row.cells["run_by"], row.cells["witnesses"]) == (["SU-2"], ["SU-1"])
    assert (row.cells["sites"], row.cells["k"]) == (12, 4)


def test_28_a_draw_that_was_changed_does_not_and_one_without_result_is_left_open() -> None:
    altered = told(list(changed("witnessed", number="7352")))
    [row] = ask(28, altered, END, obj=SECOND).rows
    assert (row.cells["holds"], row.cells["draw_faults"]) == (False, ["seed", "picks"])

    unread = told(list(changed("frozen", quotas="none")))
    [row] = ask(28, unread, END, obj=SECOND).rows
    assert (row.cells["holds"], row.cells["draw_faults"]) == (False, ["unreadable"])
    assert "seed" not in row.cells

    waits = scene("committed")
    assert cells(ask(28, told(waits.events), END), "holds", "seed") == [(None, None)]


def test_29_what_was_left_out_of_a_population_is_told_with_who_and_why() -> None:
    out = Exclusion(site=problem(2), reason="已列入督查")
    desk = committed(scene("signed_off"), excluded=(out,))

    found = ask(29, told(desk.events), END)

    wanted = (DRAW, problem(2), "SU-2", "已列入督查")
    assert cells(found, "draw", "site", "actor", "reason") == [wanted]
    assert cells(ask(29, told(list(honest())), END), "site") == []
