"""A bounded file gives its bytes by every way of reading, and no more than it may by any."""

from collections.abc import Callable
from pathlib import Path

import pytest

from duban.evidence.reading import Bounded, tolerant
from tests.evidence.samples import written

DATA = b"one\ntwo\n"
WAYS: dict[str, Callable[[Bounded], bytes]] = {
    "read": lambda file: file.read(),
    "read1": lambda file: file.read1(),
    "readline": lambda file: file.readline() + file.readline(),
    "readinto": lambda file: filled(file, len(DATA)),
    "a byte at a time": lambda file: b"".join(file.read(1) for _ in DATA),
}


def filled(file: Bounded, size: int) -> bytes:
    buffer = bytearray(size)
    return bytes(buffer[: file.readinto(buffer)])


@pytest.mark.parametrize("way", WAYS)
def test_what_a_file_may_give_is_given(tmp_path: Path, way: str) -> None:
    with Bounded(written(tmp_path, DATA), len(DATA)) as file:
        assert WAYS[way](file) == DATA


@pytest.mark.parametrize("way", WAYS)
def test_more_is_not_given(tmp_path: Path, way: str) -> None:
    with Bounded(written(tmp_path, DATA), len(DATA) - 1) as file, pytest.raises(EOFError):
        WAYS[way](file)


def test_who_reads_at_the_end_for_ever_is_stopped(tmp_path: Path) -> None:
    with Bounded(written(tmp_path, b""), 3) as file:
        assert [file.read(1) for _ in range(3)] == [b"", b"", b""]
        with pytest.raises(EOFError):
            file.read(1)


def test_malformed_is_none_and_found_is_found() -> None:
    assert tolerant(lambda: 1 // 0) is None
    assert tolerant(lambda: 1) == 1
