"""`duban witness`: keys are made once, addresses are read as people write them."""

from pathlib import Path

import pytest

from duban.cli.errors import UsageFault
from duban.cli.witness_commands import _address
from duban.proof.notes import COSIGNATURE, SignerKey
from duban.proof.policy import Policy
from tests.cli.world import World


def test_keygen_writes_a_key_and_says_how_policies_name_it(tmp_path: Path) -> None:
    path = tmp_path / "witness.key"

    answer = World().call("witness", "keygen", "witness.example/w1", str(path))
    key = SignerKey.parse(path.read_text().strip())

    assert answer.status == 0
    assert answer.out == f"witness witness.example/w1 {key.public.format()}\n"
    assert Policy.parse(f"{answer.out}quorum witness.example/w1").witnesses[0].key == key.public
    assert (key.name, key.algorithm) == ("witness.example/w1", COSIGNATURE)
    assert path.stat().st_mode & 0o777 == 0o600
    assert str(path) in answer.err
    assert key.format() not in answer.out + answer.err


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    said = {World().call("witness", "keygen", "w", str(tmp_path / n)).out for n in ("a", "b")}

    assert len(said) == 2


def test_keygen_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "witness.key"
    path.write_text("precious")

    answer = World().call("witness", "keygen", "w", str(path))

    assert (answer.status, answer.out) == (1, "")
    assert answer.err.startswith("key_file.exists  ")
    assert path.read_text() == "precious"


@pytest.mark.parametrize(
    ("name", "file", "code"),
    [
        ("a b", "new", "key_file.name"),
        ("a+b", "new", "key_file.name"),
        ("", "new", "key_file.name"),
        ("w", "no/such/folder", "key_file.unwritable"),
    ],
)
def test_keygen_makes_nothing_of_what_is_wrong(
    tmp_path: Path, name: str, file: str, code: str
) -> None:
    answer = World().call("witness", "keygen", name, str(tmp_path / file))

    assert answer.status == 1
    assert answer.err.startswith(f"{code}  ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("127.0.0.1:8780", ("127.0.0.1", 8780)),
        ("witness.example:0", ("witness.example", 0)),
        ("[::1]:65535", ("::1", 65535)),
    ],
)
def test_addresses(said: str, address: tuple[str, int]) -> None:
    assert _address(said) == address


@pytest.mark.parametrize("said", ["", "8780", ":8780", "host:", "host:x", "h:65536", "::1:80"])
def test_what_is_no_address_is_refused(said: str) -> None:
    with pytest.raises(UsageFault):
        _address(said)


def test_serve_needs_its_files() -> None:
    answer = World().call("witness", "serve", "--policy", "p")

    assert answer.status == 2
    assert "--key" in answer.err
