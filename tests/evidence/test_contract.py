"""What every storage does, shown of a folder and of a bucket behind a real server."""

import asyncio
import os
from pathlib import Path

import pytest

from duban.evidence.errors import Corrupt, DigestMalformed, Missing
from duban.evidence.storage import CHUNK, EvidenceStorage
from tests.evidence.conftest import Kit
from tests.evidence.samples import digest_of, written

DATA = b"evidence" * 1000
DIGEST = digest_of(DATA)
LARGE = os.urandom(1000) * 20_001
"""More than two parts of an upload."""


async def whole(storage: EvidenceStorage, digest: str) -> bytes:
    return b"".join([chunk async for chunk in storage.read(digest)])


async def test_what_is_put_is_there(storage: EvidenceStorage, tmp_path: Path) -> None:
    assert await storage.size(DIGEST) is None

    await storage.put(written(tmp_path, DATA), DIGEST)

    assert await storage.size(DIGEST) == len(DATA)
    assert await whole(storage, DIGEST) == DATA


async def test_a_large_file_comes_back_in_chunks(storage: EvidenceStorage, tmp_path: Path) -> None:
    digest = digest_of(LARGE)
    await storage.put(written(tmp_path, LARGE), digest)

    chunks = [chunk async for chunk in storage.read(digest)]

    assert await storage.size(digest) == len(LARGE)
    assert digest_of(b"".join(chunks)) == digest
    assert max(map(len, chunks)) <= CHUNK


async def test_what_is_there_is_left_alone(kit: Kit, tmp_path: Path) -> None:
    await kit.spoil(DIGEST, b"what was there before")

    await kit.storage.put(written(tmp_path, DATA), DIGEST)

    assert await whole(kit.storage, DIGEST) == b"what was there before"


async def test_what_is_not_there_is_missing(storage: EvidenceStorage, tmp_path: Path) -> None:
    await storage.put(written(tmp_path, DATA), DIGEST)
    other = digest_of(b"other")

    with pytest.raises(Missing) as caught:
        await whole(storage, other)

    assert caught.value.params == {"digest": other}
    assert await storage.size(other) is None


@pytest.mark.parametrize("data", [DATA, LARGE], ids=["small", "large"])
async def test_a_file_of_another_digest_is_not_kept(
    storage: EvidenceStorage, tmp_path: Path, data: bytes
) -> None:
    wrong = digest_of(b"other")

    with pytest.raises(Corrupt) as caught:
        await storage.put(written(tmp_path, data), wrong)

    assert caught.value.params == {"digest": wrong, "found": digest_of(data)}
    assert await storage.size(wrong) is None


@pytest.mark.parametrize(
    "digest",
    ["", "../../etc/passwd", DIGEST.upper(), DIGEST[1:], f"{DIGEST}\n", f"{DIGEST}0", "·" * 64],
)
async def test_anything_but_a_digest_is_refused_first(
    storage: EvidenceStorage, tmp_path: Path, digest: str
) -> None:
    for call in (
        lambda: storage.put(tmp_path / "there-is-no-such-file", digest),
        lambda: storage.size(digest),
        lambda: whole(storage, digest),
    ):
        with pytest.raises(DigestMalformed, match="evidence.digest_malformed"):
            await call()


async def test_ten_put_the_same_file_at_once(storage: EvidenceStorage, tmp_path: Path) -> None:
    path = written(tmp_path, DATA)

    await asyncio.gather(*(storage.put(path, DIGEST) for _ in range(10)))

    assert await whole(storage, DIGEST) == DATA
