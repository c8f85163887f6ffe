"""`duban codec`: ids and never keys, a new first line, and who has payloads opened."""

import json
import os
import signal
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import pytest

from duban.proof.rings import KeyRing
from duban.stack.ports import free_port
from tests.cli.world import World
from tests.support.builders import Desk
from tests.support.rings import KEY, RING, key_file


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(Desk().at("2019-03-05"), tmp_path)


def test_ids_are_listed_and_keys_never(world: World, tmp_path: Path) -> None:
    told = {"DUBAN_PAYLOAD_KEYS": str(key_file(tmp_path, "ab" * 32, KEY))}

    answer = world.call("codec", "keys", "-o", "json", **told)
    table = world.call("codec", "keys", **told)

    rows = json.loads(answer.out)
    assert [each["active"] for each in rows] == [True, False]
    assert rows[1]["key_id"] == RING.key_ids[0].hex()
    assert "opens only" in table.out.splitlines()[-1]
    assert KEY not in answer.out + table.out


def test_the_embedded_servers_have_a_key_of_their_own(tmp_path: Path) -> None:
    told = {"DUBAN_HOME": str(tmp_path), "DATABASE_URL": ""}

    first, second = (World().call("codec", "keys", "-o", "json", **told) for _ in range(2))

    assert first.out == second.out
    assert (tmp_path / "secrets" / "payload.keys").stat().st_mode & 0o777 == 0o600


def test_a_new_key_comes_first_and_the_old_ones_stay(world: World, tmp_path: Path) -> None:
    file = key_file(tmp_path, f"# of March\n{KEY}")
    file.chmod(0o640)

    answer = world.call("codec", "new-key", DUBAN_PAYLOAD_KEYS=str(file))

    ring = KeyRing.parse(file.read_text())
    assert ring.key_ids[1:] == RING.key_ids
    assert ring.key_ids[0].hex() in answer.out
    assert file.read_text().endswith(f"# of March\n{KEY}\n")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == [file.name]


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty"), ("word", "not_a_key"), (f"{KEY}\n{KEY}", "twice"), (None, "unreadable")],
)
def test_a_file_that_cannot_be_used_is_left_as_it_is(
    world: World, tmp_path: Path, text: str | None, code: str
) -> None:
    file = tmp_path / "payload.keys"
    if text is not None:
        file.write_text(text)

    for verb in ("keys", "new-key"):
        answer = world.call("codec", verb, DUBAN_PAYLOAD_KEYS=str(file))
        assert answer.status == 1
        assert answer.err.startswith(f"payload_keys.{code}  ")
    assert (file.read_text() if file.exists() else None) == text


def test_a_folder_that_cannot_be_written_is_named(world: World, tmp_path: Path) -> None:
    file = key_file(tmp_path)
    (tmp_path / f"{file.name}.{os.getpid()}").mkdir()

    answer = world.call("codec", "new-key", DUBAN_PAYLOAD_KEYS=str(file))

    assert answer.err.startswith("payload_keys.unwritable  ")
    assert file.read_text() == f"{KEY}\n"


def test_servers_of_ones_own_need_a_file(world: World) -> None:
    answer = world.call("codec", "keys")

    assert answer.err.startswith("stack.payload_keys_missing  ")
    assert "DUBAN_PAYLOAD_KEYS" in answer.err


@contextmanager
def asked_and_ended(port: int) -> Iterator[list[str]]:
    """Ask for the page of a server of this process as soon as it answers, and end it then."""
    said: list[str] = []

    def ask() -> None:
        while not said:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/login") as page:
                    said.append(page.read().decode())
            except URLError:
                continue
        os.kill(os.getpid(), signal.SIGTERM)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    yield said
    asking.join(10)


def test_who_has_payloads_opened_is_on_the_trail(world: World, tmp_path: Path) -> None:
    port = free_port()
    words = ("codec", "serve", "--as", "SU-1", "--port", str(port))

    with asked_and_ended(port) as said:
        answer = world.call(*words, DUBAN_PAYLOAD_KEYS=str(key_file(tmp_path)))

    assert answer.status == 0
    assert f"http://127.0.0.1:{port}" in answer.out
    assert "Paste the token" in said[0]
    [entry] = world.readings
    assert (entry.actor.id, entry.outcome.value) == ("SU-1", "accepted")
    assert entry.detail["surface"] == "codec serve"
    token = (tmp_path / "secrets" / "codec.token").read_text()
    assert len(token) == 64
    assert token not in answer.out


def test_who_may_not_read_everything_opens_nothing(world: World, tmp_path: Path) -> None:
    answer = world.call(
        "codec", "serve", "--as", "LU-02", DUBAN_PAYLOAD_KEYS=str(key_file(tmp_path))
    )

    assert answer.status == 3
    assert [each.outcome.value for each in world.readings] == ["rejected"]


@pytest.mark.parametrize("port", ["65536", "taken"])
def test_a_port_that_cannot_be_used(world: World, tmp_path: Path, port: str) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        chosen = str(other.getsockname()[1]) if port == "taken" else port
        words = ("codec", "serve", "--as", "SU-1", "--port", chosen)
        answer = world.call(*words, DUBAN_PAYLOAD_KEYS=str(key_file(tmp_path)))

    assert answer.status == (1 if port == "taken" else 2)
    assert "--port" in answer.err
