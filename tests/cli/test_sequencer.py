"""`duban sequencer`: it runs, and it makes keys that it never overwrites."""

import stat
from pathlib import Path

from duban.proof.notes import ED25519, VerifierKey
from duban.sequencer.keys import read_keys
from tests.cli.world import World


def test_a_sequencers_end_is_the_commands_end() -> None:
    assert World().call("sequencer").status == 1


def test_a_key_is_made_once_and_its_public_half_shown(tmp_path: Path) -> None:
    file = tmp_path / "log.key"

    answer = World().call("sequencer", "keygen", "duban.example.org/log", str(file))

    assert answer.status == 0
    word, written = answer.out.split()
    made = read_keys(str(file))
    assert word == "log"
    assert VerifierKey.parse(written) == made.key.public
    assert (made.origin, made.key.algorithm) == ("duban.example.org/log", ED25519)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert made.key.format() not in answer.out + answer.err


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_text("kept")

    answer = World().call("sequencer", "keygen", "duban.example.org/log", str(file))

    assert answer.status != 0
    assert "key_file.exists" in answer.err
    assert file.read_text() == "kept"


def test_a_name_no_key_can_have(tmp_path: Path) -> None:
    answer = World().call("sequencer", "keygen", "two words", str(tmp_path / "log.key"))

    assert "key_file.name" in answer.err
    assert list(tmp_path.iterdir()) == []
