"""`duban draw`: a revealed draw shown, computed again, handed to a stranger; exit statuses."""

import json
from pathlib import Path
from typing import Any

import pytest

from duban.bundle import draw_verify
from duban.domain.draw.record import DrawRecord
from tests.bundle.boxes import run
from tests.cli.world import Answer, World
from tests.support.inspection_draws import NO, frozen, on_the_trail, revealed
from tests.support.scenes import scene


def world_of(record: DrawRecord | None = None) -> World:
    """Return a world in which the draw of a record was revealed."""
    desk = scene("void_asked")
    desk.events[:] = on_the_trail(record or revealed(frozen()))
    return World(desk)


@pytest.fixture
def world() -> World:
    return world_of()


def told(answer: Answer) -> Any:
    """Return what a command answered as JSON."""
    assert answer.status == 0, answer.err
    return json.loads(answer.out)


def call(world: World, verb: str, no: str, *words: str) -> Answer:
    """Run a verb as the supervision group."""
    return world.call("draw", verb, no, "--as", "SU-1", *words)


def burned() -> DrawRecord:
    """Return the record of a draw one of whose targets was burned."""
    record = revealed(frozen())
    first = record.targets[0].model_copy(update={"pick": None, "salt": None})
    fields = {"targets": (first, *record.targets[1:]), "secret": None, "seed": None}
    return record.model_copy(update=fields)


def test_a_revealed_draw_is_shown_with_its_picks_and_what_was_left_out(world: World) -> None:
    answer = call(world, "show", NO)

    assert answer.status == 0, answer.err
    for words in ("见证人随机数-7351", "U04-S1", "IN-4, IN-3", "the month's contacts are used up"):
        assert words in answer.out
    assert "停业装修" in answer.out
    whole = told(call(world, "show", NO, "-o", "json"))
    assert DrawRecord.model_validate(whole) == revealed(frozen())
    rows = call(world, "show", NO, "-o", "csv").out.splitlines()
    assert [len(rows), rows[1].split(",")[:3]] == [3, ["BE-2019-I0001", "U04-S1", "U04"]]


def test_a_burned_target_is_shown_as_such() -> None:
    answer = call(world_of(burned()), "show", NO)

    [line] = [each for each in answer.out.splitlines() if "BE-2019-I0001" in each]
    assert "U04" not in line
    assert burned().targets[0].commitment[:12] in line


def test_question_28_a_draw_that_holds_is_computed_again(world: World) -> None:
    answer = call(world, "verify", NO)

    assert answer.status == 0, answer.err
    assert f"the draw {NO} holds, by itself and by the trail: U04-S1, U01-S2" in answer.out
    found = told(call(world, "verify", NO, "-o", "json"))
    assert found == {"no": NO, "faults": [], "doubts": []}
    assert [each.detail["surface"] for each in world.readings] == ["draw verify"] * 2


def test_question_28_what_does_not_fit_is_status_7() -> None:
    record = revealed(frozen()).model_copy(update={"run_by": ("SU-2",)})
    forged = record.model_copy(update={"number": "1"})
    world = world_of(record)

    answer = call(world, "verify", NO)
    assert (answer.status, "are not two people" in answer.out) == (7, True)
    assert call(world, "verify", NO, "-o", "json").status == 7

    assert world.desk is not None
    world.desk.events[-1] = on_the_trail(forged)[-1]
    said = call(world, "verify", NO).out
    assert "the trail said otherwise at the time" in said
    assert "the seed comes out otherwise" in said


def test_a_draw_with_a_burned_target_cannot_be_computed_again() -> None:
    answer = call(world_of(burned()), "verify", NO)

    assert (answer.status, "draw.doubt" in answer.err) == (1, True)
    assert "a target was burned" in answer.err


def test_a_draw_of_look_backs_is_verified_as_such(world: World) -> None:
    answer = call(world, "verify", "2019-BE-001")

    assert (answer.status, "draw.not_made" in answer.err) == (1, True)
    for verb in ("show", "export"):
        refused = call(world, verb, "2019-BE-001")
        assert (refused.status, "draw.of_look_backs" in refused.err) == (4, True)


def test_a_draw_that_is_not_revealed_is_not_found(world: World) -> None:
    for verb in ("show", "verify", "export"):
        answer = call(world, verb, "2019-BE-009")
        assert (answer.status, "draw.not_revealed" in answer.err) == (4, True)


def test_a_record_of_which_a_sheet_lacks_is_reported_with_status_7(world: World) -> None:
    assert world.desk is not None
    last = world.desk.events[-1]
    [sheet] = last.changes
    torn = sheet.model_copy(update={"after": {**sheet.after, "of": 2}})
    world.desk.events[-1] = last.model_copy(update={"changes": (torn,)})

    for verb in ("show", "verify", "export"):
        answer = call(world, verb, NO)
        assert (answer.status, "draw.broken" in answer.err) == (7, True)


def test_a_campaign_that_the_number_does_not_tell_is_named(world: World) -> None:
    assert call(world, "verify", NO, "--campaign", "BE-2019").status == 0
    assert call(world, "verify", NO, "--campaign", "XX").status == 4


def test_who_may_not_read_the_trail_sees_nothing(world: World, tmp_path: Path) -> None:
    for verb in ("show", "verify", "export"):
        assert world.call("draw", verb, NO, "--as", "U01-L1").status == 3
    answer = world.call("draw", "export", NO, "--as", "U01-L1", "--to", str(tmp_path))
    assert (answer.status, list(tmp_path.iterdir())) == (3, [])


def test_a_stranger_computes_what_was_exported(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    answer = call(world, "export", NO, "--to", str(folder))

    assert answer.status == 0, answer.err
    assert sorted(each.name for each in folder.iterdir()) == [f"{NO}.json", "draw_verify.py"]
    assert "python3 -I" in answer.out
    done = run(folder / "draw_verify.py", folder / f"{NO}.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "结论：成立 / Verdict: IT HOLDS"


def test_what_is_handed_out_is_on_the_trail_with_its_digest(world: World, tmp_path: Path) -> None:
    assert call(world, "export", NO, "--to", str(tmp_path)).status == 0

    body = (tmp_path / f"{NO}.json").read_bytes()
    query, written = world.readings
    assert (query.tag, written.tag) == ("trail:query:executed", "trail:export:created")
    asked: Any = written.detail["asked"]
    assert asked["sha256"] == draw_verify.sha256(body)
    assert asked["draw"] == NO


def test_a_folder_that_cannot_be_written_to(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    answer = call(world, "export", NO, "--to", str(tmp_path / "file"))

    assert (answer.status, "draw.folder" in answer.err) == (2, True)
