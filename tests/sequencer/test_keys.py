"""Keys: one line or a file, a second line while they change over, nothing secret in an error."""

from pathlib import Path

import pytest

from duban.proof.notes import ED25519, SignerKey
from duban.sequencer.errors import LogError
from duban.sequencer.keys import Keys, key_name, read_keys
from tests.support.sequencing import NEXT, ORIGIN, SIGNER, WITNESS


def test_a_key_is_read_from_its_line_or_its_file(tmp_path: Path) -> None:
    file = tmp_path / "log.key"
    file.write_text(f"# the log's key\n\n{SIGNER.format()}\n")
    assert read_keys(str(file)) == read_keys(SIGNER.format()) == Keys(SIGNER)
    assert Keys(SIGNER).origin == ORIGIN
    assert key_name(SIGNER) == key_name(SIGNER.public) == f"{ORIGIN}+{SIGNER.public.key_id.hex()}"


def test_the_second_line_is_the_key_before() -> None:
    assert read_keys(f"{NEXT.format()}\n{SIGNER.format()}") == Keys(NEXT, SIGNER)
    assert read_keys(f"{NEXT.format()}\n{SIGNER.public.format()}") == Keys(NEXT, SIGNER.public)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ("no/such/file", "log.key_invalid"),
        (SIGNER.format()[:-5], "log.key_invalid"),
        (WITNESS.format(), "log.key_invalid"),
        ("\n".join([SIGNER.format()] * 3), "log.key_invalid"),
        (f"{SIGNER.format()}\nrubbish", "log.key_invalid"),
        (
            f"{SIGNER.format()}\n{SignerKey('other', ED25519, bytes(32)).format()}",
            "log.key_name",
        ),
    ],
)
def test_what_is_no_key_is_refused_without_being_shown(told: str, code: str) -> None:
    with pytest.raises(LogError) as refused:
        read_keys(told)
    assert refused.value.code == code
    secret = SIGNER.format().rpartition("+")[2]
    assert secret[:20] not in str(refused.value.params)


def test_an_empty_file_is_no_key(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nothing\n")
    with pytest.raises(LogError, match="log.key_invalid"):
        read_keys(str(tmp_path / "empty"))
