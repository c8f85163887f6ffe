"""The way in: what is kept, what is refused, and what is left behind by either."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from duban.evidence import KINDS, EvidenceStorage, Kept, take_in
from duban.evidence.errors import (
    Empty,
    EvidenceError,
    StorageUnavailable,
    TooLarge,
    TypeNotAllowed,
    UnknownType,
)
from duban.evidence.folder import Folder
from duban.evidence.kinds import PDF, TEXT
from tests.evidence.samples import SAMPLES, digest_of, jpeg, pdf, written

LIMIT = 1 << 20
MADE = pdf("D:20190628120000+08'00'")


class Source:
    """Gives a chunk again and again, and knows how often it was asked."""

    def __init__(self, chunk: bytes, times: int) -> None:
        self._chunk = chunk
        self._times = times
        self.asked = 0

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self

    async def __anext__(self) -> bytes:
        if self.asked == self._times:
            raise StopAsyncIteration
        self.asked += 1
        return self._chunk


@pytest.fixture(autouse=True)
def spool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this test alone."""
    folder = tmp_path / "spool"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def test_what_is_taken_in_is_kept_and_described(
    storage: EvidenceStorage, tmp_path: Path, spool: Path
) -> None:
    kept = await take_in(storage, written(tmp_path, MADE), limit=LIMIT, allowed=KINDS)

    made = datetime(2019, 6, 28, 4, 0, tzinfo=UTC)
    expected = Kept(digest=digest_of(MADE), size=len(MADE), media_type=PDF, captured_at=made)
    assert kept == expected
    assert b"".join([each async for each in storage.read(kept.digest)]) == MADE
    assert list(spool.iterdir()) == []


@pytest.mark.parametrize("name", SAMPLES)
async def test_every_type_can_be_taken_in(name: str, tmp_path: Path) -> None:
    kind, data = SAMPLES[name]
    storage = Folder(tmp_path / "kept")

    kept = await take_in(storage, written(tmp_path, data), limit=LIMIT, allowed=frozenset({kind}))

    assert (kept.media_type, kept.size) == (kind, len(data))
    assert await storage.size(kept.digest) == len(data)


async def test_a_stream_is_taken_in(storage: EvidenceStorage) -> None:
    source = Source("整改".encode(), 1000)

    kept = await take_in(storage, source, limit=6000, allowed=frozenset({TEXT}))

    assert kept == Kept(digest=digest_of("整改".encode() * 1000), size=6000, media_type=TEXT)
    assert await storage.size(kept.digest) == 6000


async def test_nothing_more_is_asked_of_a_source_that_gave_too_much(tmp_path: Path) -> None:
    source = Source(b"x" * 1000, 1_000_000)

    with pytest.raises(TooLarge) as caught:
        await take_in(Folder(tmp_path / "kept"), source, limit=3000, allowed=KINDS)

    assert caught.value.params == {"limit": 3000}
    assert source.asked == 4


@pytest.mark.parametrize(
    ("data", "error", "params"),
    [
        (b"", Empty, {}),
        (b"x" * (LIMIT + 1), TooLarge, {"limit": LIMIT}),
        (b"MZ\0\0" + bytes(500), UnknownType, {}),
        (b"<html><script>", UnknownType, {}),
        (jpeg(), TypeNotAllowed, {"media_type": "image/jpeg", "allowed": [PDF, TEXT]}),
    ],
)
async def test_what_is_refused_is_not_kept(
    data: bytes, error: type[EvidenceError], params: dict[str, object], tmp_path: Path, spool: Path
) -> None:
    path, storage = written(tmp_path, data, "report.pdf"), Folder(tmp_path / "kept")

    with pytest.raises(error) as caught:
        await take_in(storage, path, limit=LIMIT, allowed=frozenset({TEXT, PDF}))

    assert caught.value.params == params
    assert await storage.size(digest_of(data)) is None
    assert list(spool.iterdir()) == []


async def test_a_file_of_exactly_the_limit_is_taken_in(tmp_path: Path) -> None:
    path = written(tmp_path, b"x" * LIMIT)

    kept = await take_in(Folder(tmp_path / "kept"), path, limit=LIMIT, allowed=KINDS)

    assert kept.size == LIMIT


async def test_ten_takers_of_the_same_file_keep_it_once(
    storage: EvidenceStorage, tmp_path: Path
) -> None:
    path = written(tmp_path, MADE)

    takers = (take_in(storage, path, limit=LIMIT, allowed=KINDS) for _ in range(10))
    kept = await asyncio.gather(*takers)

    assert len(set(kept)) == 1
    assert b"".join([each async for each in storage.read(kept[0].digest)]) == MADE


async def test_a_file_that_could_not_be_kept_is_not_said_to_be(tmp_path: Path, spool: Path) -> None:
    storage = Folder(written(tmp_path, b"", "a file where the folder should be"))

    with pytest.raises(StorageUnavailable):
        await take_in(storage, written(tmp_path, MADE), limit=LIMIT, allowed=KINDS)

    assert list(spool.iterdir()) == []


async def test_a_source_that_fails_says_so_itself(tmp_path: Path, spool: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await take_in(Folder(tmp_path), tmp_path / "nowhere", limit=LIMIT, allowed=KINDS)

    assert list(spool.iterdir()) == []


def test_what_is_kept_does_not_change_and_knows_its_zone() -> None:
    kept = Kept(digest=digest_of(b"x"), size=1, media_type=TEXT)

    with pytest.raises(ValidationError, match="frozen"):
        kept.size = 2  # type: ignore[misc]
    with pytest.raises(ValidationError, match="timezone"):
        Kept(digest=kept.digest, size=1, media_type=TEXT, captured_at=datetime(2019, 6, 28))  # noqa: DTZ001 - that is what is refused
