"""`duban lookback`: what is sent, what is shown, and a draw computed again with its exit status."""

import json
from typing import Any

import pytest

from duban.domain.campaign import commands as c
from duban.domain.problem import commands as p
from tests.cli.world import NO, Answer, World
from tests.support.builders import Desk
from tests.support.draws import DRAW, committed, drawn, looks_back, problem, the_draw
from tests.support.problems import ProblemDesk
from tests.support.scenes import scene

BATCH = "2019-BE-002"


@pytest.fixture
def desk() -> Desk:
    """A void draw, and a second one of which two were looked back on, one without success."""
    desk = scene("void_asked")
    desk.do(c.DecideVoidDraw, "OF-1", draw=DRAW, approved=True, reason="属实")
    draw = drawn(desk)
    looks_back(desk, draw, draw.picks[0].site)
    looks_back(desk, draw, draw.picks[1].site, passed=False)
    return desk


@pytest.fixture
def world(desk: Desk) -> World:
    return World(desk)


def told(answer: Answer) -> Any:
    """Return what a command answered as JSON."""
    assert answer.status == 0, answer.err
    return json.loads(answer.out)


def verified(world: World, no: str = BATCH, *words: str) -> Answer:
    """Verify a draw as the supervision group."""
    return world.call("lookback", "verify", NO, no, "--as", "SU-1", *words)


def test_draws_are_listed_with_their_counts_and_the_share_that_is_void(world: World) -> None:
    first, second = told(world.call("lookback", "list", "--campaign", NO, "-o", "json"))

    assert (first["no"], first["state"], first["void_reason"]) == (DRAW, "voided", "总体有误")
    assert (second["sites"], second["k"], second["done"], second["failed"]) == (12, 4, 2, 1)
    assert second["repeats"] == [DRAW]
    shown = world.call("lookback", "list")
    assert "2 draws, 1 of them void (50%)" in shown.out


def test_draws_are_listed_by_phase_and_state(world: World) -> None:
    void = told(world.call("lookback", "list", "--state", "voided", "-o", "json"))
    none = world.call("lookback", "list", "--phase", "2")

    assert [row["no"] for row in void] == [DRAW]
    assert (none.status, "void" in none.out) == (0, False)


def test_a_draw_is_shown_with_who_closed_what_it_drew_and_what_was_found(world: World) -> None:
    assert world.desk is not None
    drew = [each.site for each in the_draw(world.desk, BATCH).picks]
    found = ProblemDesk(no=drew[1]).signed_off()
    said: dict[str, Any] = {"method": "calls", "called": 7, "denied": 4, "finding": "4人不知情"}
    found.do(p.RecordLookBack, "OF-2", batch=BATCH, passed=False, deliberate=True, **said)
    world.problem = found

    picks = told(world.call("lookback", "show", NO, BATCH, "-o", "json"))["picks"]

    assert [row["no"] for row in picks] == drew
    row = picks[1]
    assert (row["signers"], row["verifier"], row["checker"]) == (["CG-2", "OF-1"], "CG-1", "OF-2")
    assert (row["called"], row["denied"], row["passed"]) == (7, 4, False)
    assert (row["state"], row["false_rectification"]) == ("reopened", True)
    assert picks[0]["checker"] is None


def test_before_a_look_back_the_ledger_names_who_closed_the_problem(world: World) -> None:
    assert world.desk is not None
    no = the_draw(world.desk, BATCH).picks[2].site
    world.problem = ProblemDesk(no=no).signed_off()

    answer = world.call("lookback", "show", NO, BATCH)

    [line] = [each for each in answer.out.splitlines() if no in each]
    assert "CG-2, OF-1" in line
    assert "CG-1" in line
    assert the_draw(world.desk, BATCH).pop_hash in answer.out


def test_a_result_is_sent_to_a_problem_of_the_batch_alone(world: World) -> None:
    assert world.desk is not None
    picks = [each.site for each in the_draw(world.desk, BATCH).picks]
    no = picks[0]
    stray = next(problem(n) for n in range(1, 13) if problem(n) not in picks)
    world.problem = ProblemDesk(no=no).signed_off()
    words = ("site_visit", "--passed", "--finding", "属实", "--as", "OF-1")

    answer = world.call("lookback", "record", no, BATCH, *words)
    assert answer.status == 0, answer.err
    [(asked, message)] = world.asked
    assert (asked, message.command.batch) == (no, BATCH)  # type: ignore[union-attr]

    for wrong, batch in ((stray, BATCH), (no, DRAW)):
        refused = world.call("lookback", "record", wrong, batch, *words)
        assert (refused.status, "draw.not_in_batch" in refused.err) == (4, True)
    assert len(world.asked) == 1


def test_a_draw_that_holds_is_computed_again_and_the_reading_is_on_record(world: World) -> None:
    answer = verified(world)

    assert answer.status == 0, answer.err
    assert f"the draw {BATCH} holds" in answer.out
    assert the_draw(world.desk, BATCH).seed in answer.out  # type: ignore[arg-type,operator]
    assert len(world.readings) == 1
    found = told(verified(world, BATCH, "-o", "json"))
    assert (found["faults"], len(found["picks"])) == ([], 4)


def test_a_draw_that_was_changed_is_reported_with_status_7(world: World, desk: Desk) -> None:
    at, event = next(
        (at, e) for at, e in enumerate(desk.events) if e.tag == "campaign:draw:witnessed"
    )
    changes = [
        each.model_copy(update={"after": {**each.after, "number": "7352"}})
        for each in event.changes
    ]
    desk.events[at] = event.model_copy(update={"changes": tuple(changes)})

    answer = verified(world)

    assert answer.status == 7
    assert "the seed comes out otherwise" in answer.out
    assert "draw.broken" not in answer.out
    assert verified(world, BATCH, "-o", "json").status == 7


def test_a_draw_that_cannot_be_read_is_reported_as_well(world: World, desk: Desk) -> None:
    desk.events[:] = [e for e in desk.events if e.tag != "campaign:draw:frozen"]

    answer = verified(world)

    assert answer.status == 7
    assert "cannot be read as a draw" in answer.out


def test_a_draw_without_a_result_has_nothing_to_compute(world: World) -> None:
    world.desk = committed(scene("signed_off"))

    answer = verified(world, DRAW)

    assert (answer.status, "draw.not_made" in answer.err) == (1, True)


def test_a_draw_that_is_not_there_is_not_found(world: World) -> None:
    assert verified(world, "2019-BE-009").status == 4
    assert world.call("lookback", "show", NO, "2019-BE-009").status == 4


def test_who_may_not_read_the_trail_verifies_nothing(world: World) -> None:
    refused = world.call("lookback", "verify", NO, BATCH, "--as", "U01-L1")

    assert refused.status == 3


def test_an_exclusion_needs_its_reason(world: World) -> None:
    answer = world.call("lookback", "draw", NO, "--exclude", "BE-2019-0001")

    assert (answer.status, "usage.exclusion" in answer.err) == (2, True)
    done = world.call("lookback", "draw", NO, "--exclude", "BE-2019-0001=已进入司法程序")
    assert done.status == 0, done.err
    [command] = world.sent
    assert isinstance(command, c.OpenLookBackDraw)
    assert command.excluded[0].reason == "已进入司法程序"


def test_a_draw_for_the_same_phase_is_pointed_out(world: World) -> None:
    world.notes = (f"drawn_before:{DRAW}",)

    answer = world.call("lookback", "draw", NO)

    assert f"drawn before for the same phase: {DRAW}" in answer.out
