"""`duban evidence`: a file is taken in by its content, put on a problem, and given back checked."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from duban.domain.problem.commands import AddEvidence
from tests.cli.world import World
from tests.support.builders import Desk
from tests.support.problems import ProblemDesk

PROBLEM = "BE-2019-0042"
LOG = "窗口3 离岗 0 分钟\n".encode()
DIGEST = sha256(LOG).hexdigest()


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(Desk(), tmp_path / "home")
    world.problem = ProblemDesk(no=PROBLEM).rectifying()
    return world


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "日志.txt"
    path.write_bytes(LOG)
    return path


def add(world: World, file: Path, *more: str) -> AddEvidence:
    """Put the file on the problem; return the command that was sent."""
    words = ("--kind", "outcome", "--title", "叫号日志", "--source", "叫号系统", "--as", "U03-H1")
    answer = world.call("evidence", "add", PROBLEM, str(file), *words, *more)
    assert answer.status == 0, answer.err
    command = world.asked[-1][1].command
    assert isinstance(command, AddEvidence)
    return command


def test_a_file_is_kept_by_its_content_and_its_digest_goes_on_the_problem(
    world: World, file: Path
) -> None:
    command = add(world, file, "--captured-at", "2019-04-25T09:30", "--captured-place", "大厅")

    assert (command.digest, command.size, command.media_type) == (DIGEST, len(LOG), "text/plain")
    assert command.captured_at is not None
    assert command.captured_at.isoformat() == "2019-04-25T01:30:00+00:00"
    assert (command.captured_place, command.elsewhere) == ("大厅", ())
    kept = world.home / "evidence" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert kept.read_bytes() == LOG


def test_d5_a_file_that_another_problem_has_is_named(world: World, file: Path) -> None:
    assert world.problem is not None
    other = ProblemDesk(no="BE-2019-0007").rectifying()
    other.evidence(digest=DIGEST)
    world.problem.events.extend(other.events)

    assert add(world, file).elsewhere == ("BE-2019-0007",)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "evidence.empty"), (b"MZ\x90\0" + bytes(100), "evidence.unknown_type")],
)
def test_what_proves_nothing_is_not_taken(
    world: World, file: Path, content: bytes, code: str
) -> None:
    file.write_bytes(content)
    words = ("--kind", "outcome", "--title", "t", "--source", "s")

    answer = world.call("evidence", "add", PROBLEM, str(file), *words)

    assert answer.status == 1
    assert code in answer.err
    assert world.asked == []


def test_a_file_that_is_not_there_is_named(world: World, file: Path) -> None:
    words = ("--kind", "outcome", "--title", "t", "--source", "s")

    answer = world.call("evidence", "add", PROBLEM, str(file.with_name("无")), *words)

    assert answer.status == 1
    assert "evidence.no_file" in answer.err


def stored(world: World, file: Path) -> str:
    """Keep the file and put it on the world's problem; return its number."""
    add(world, file)
    assert world.problem is not None
    return world.problem.evidence(digest=DIGEST, size=len(LOG))


def test_a_file_is_given_back_and_that_is_on_the_trail(
    world: World, file: Path, tmp_path: Path
) -> None:
    key, out = stored(world, file), tmp_path / "取出.txt"

    answer = world.call("evidence", "get", key, str(out), "--as", "SU-1")

    assert answer.status == 0, answer.err
    assert out.read_bytes() == LOG
    [read] = world.readings
    assert read.detail["surface"] == "evidence get"


def test_only_a_file_that_is_there_is_given_back(world: World, tmp_path: Path) -> None:
    answer = world.call("evidence", "get", f"{PROBLEM}/F09", str(tmp_path / "x"), "--as", "SU-1")

    assert answer.status == 4
    assert "object.not_found" in answer.err


def test_files_are_listed_and_checked_and_an_altered_one_ends_with_status_7(
    world: World, file: Path
) -> None:
    key = stored(world, file)
    rows = json.loads(world.call("evidence", "list", PROBLEM, "-o", "json").out)
    assert [row["id"] for row in rows] == [key]
    assert world.call("evidence", "verify", PROBLEM).status == 0

    kept = world.home / "evidence" / DIGEST[:2] / DIGEST[2:4] / DIGEST
    kept.chmod(0o640)
    kept.write_bytes(LOG + b"!")
    answer = world.call("evidence", "verify", PROBLEM, "-o", "json")

    assert answer.status == 7
    assert json.loads(answer.out)[0]["standing"] == "wrong"
