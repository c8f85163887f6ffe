"""What a witness keeps: whole files, one owner, and no start over what is broken."""

import os
import stat
from pathlib import Path

import pytest

from duban.errors import DubanError
from duban.witness.state import State
from tests.witness.growing import LOG, ORIGIN, OTHER, SECOND, SPLIT, GrowingLog


def code_of(folder: Path) -> str:
    with pytest.raises(DubanError) as caught, State(folder) as state:
        state.notes()
    return caught.value.code


def test_what_is_kept_is_there_again(tmp_path: Path) -> None:
    with State(tmp_path / "new" / "state") as state:
        assert state.notes() == {}
        for note in (LOG.note(3), SECOND.note(9), LOG.note(5)):
            state.keep(note)

    with State(tmp_path / "new" / "state") as again:
        assert again.notes() == {ORIGIN: LOG.note(5), OTHER: SECOND.note(9)}


def test_a_log_that_was_begun_is_known_and_has_no_note_yet(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.begin(ORIGIN)
        state.begin(OTHER)
        state.keep(SECOND.note(3))

    with State(tmp_path) as again:
        assert again.logs() == {ORIGIN: None, OTHER: SECOND.note(3)}
        assert again.notes() == {OTHER: SECOND.note(3)}


def test_a_beginning_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with State(tmp_path / "state") as state:
        (tmp_path / "state" / "lock").unlink()
        state.folder.rmdir()

        with pytest.raises(DubanError, match="witness.state_unusable"):
            state.begin(ORIGIN)


def test_a_note_is_on_the_disk_before_it_is_in_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def synced(descriptor: int) -> None:
        fsync(descriptor)
        done.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")

    def replaced(draft: Path, target: Path) -> Path:
        done.append("replaced")
        return replace(draft, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    with State(tmp_path) as state:
        state.keep(LOG.note(3))

    assert done == ["file", "replaced", "folder"]


def test_an_origin_may_be_no_file_name(tmp_path: Path) -> None:
    odd = GrowingLog("../../督办/" + "x" * 300)
    with State(tmp_path / "state") as state:
        state.keep(odd.note(1))

        assert state.notes() == {odd.origin: odd.note(1)}
    assert [each.name for each in tmp_path.iterdir()] == ["state"]


def test_only_its_owner_may_look_into_it(tmp_path: Path) -> None:
    with State(tmp_path / "state") as state:
        assert state.folder.stat().st_mode & 0o777 == 0o700


def test_two_processes_cannot_have_one_state(tmp_path: Path) -> None:
    with State(tmp_path):
        assert code_of(tmp_path) == "witness.state_taken"

    with State(tmp_path) as state:
        assert state.notes() == {}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert code_of(tmp_path / "file" / "state") == "witness.state_unusable"


def test_a_draft_that_was_never_finished_does_not_count(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.keep(LOG.note(3))
        [path] = tmp_path.glob("*.note")
        path.with_suffix(".new").write_text("half a n")

        assert state.notes() == {ORIGIN: LOG.note(3)}
        state.keep(LOG.note(5))
        assert state.notes() == {ORIGIN: LOG.note(5)}
        assert list(tmp_path.glob("*.new")) == []


@pytest.mark.parametrize("damage", [b"", b"\xff", b"no note\n", b"no\n\n\xe2\x80\x94 x AAAAAAA=\n"])
def test_a_broken_file_is_never_taken_for_a_new_start(tmp_path: Path, damage: bytes) -> None:
    with State(tmp_path) as state:
        state.keep(LOG.note(3))
    [path] = tmp_path.glob("*.note")
    path.write_bytes(damage)

    assert code_of(tmp_path) == "witness.state_broken"


def test_a_file_of_another_log_is_broken(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        state.keep(LOG.note(3))
    [path] = tmp_path.glob("*.note")
    path.write_text(SECOND.note(3).format(), encoding="utf-8")

    assert code_of(tmp_path) == "witness.state_broken"


def test_conflicts_are_kept_once_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duban.witness.state._MOST_CONFLICTS", 2)
    with State(tmp_path) as state:
        state.keep(LOG.note(9))
        for size in (5, 5, 6, 7):
            state.keep_conflict(SPLIT.note(size))

        assert len(state.conflicts()) == 2
        assert SPLIT.note(5).format() in {each.read_text("utf-8") for each in state.conflicts()}
        assert state.notes() == {ORIGIN: LOG.note(9)}


def test_a_conflict_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    with State(tmp_path) as state:
        (tmp_path / "conflicts").write_text("in the way")

        state.keep_conflict(SPLIT.note(5))

        assert state.notes() == {}
