"""The way back: nothing is given out, and nothing called right, whose hash was not seen."""

from pathlib import Path

import pytest

from duban.evidence import EvidenceStorage, Standing, fetch, verify
from duban.evidence.errors import Corrupt, DigestMalformed, Missing, StorageUnavailable
from duban.evidence.folder import Folder
from tests.evidence.conftest import Kit
from tests.evidence.samples import digest_of, written

DATA = b"evidence" * 300_000
DIGEST = digest_of(DATA)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """An empty folder to fetch into."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


async def test_a_file_is_fetched_whole(storage: EvidenceStorage, tmp_path: Path, out: Path) -> None:
    await storage.put(written(tmp_path, DATA), DIGEST)

    size = await fetch(storage, DIGEST, out / "photo.jpg")

    assert size == len(DATA)
    assert (out / "photo.jpg").read_bytes() == DATA
    assert [each.name for each in out.iterdir()] == ["photo.jpg"]


async def test_wrong_bytes_are_not_given_out(kit: Kit, out: Path) -> None:
    await kit.spoil(DIGEST, DATA[:-1] + b"?")
    target = written(out, b"what was there before")

    with pytest.raises(Corrupt) as caught:
        await fetch(kit.storage, DIGEST, target)

    assert caught.value.params == {"digest": DIGEST, "found": digest_of(DATA[:-1] + b"?")}
    assert target.read_bytes() == b"what was there before"
    assert list(out.iterdir()) == [target]


@pytest.mark.parametrize(("digest", "error"), [(DIGEST, Missing), ("0", DigestMalformed)])
async def test_nothing_is_left_of_what_cannot_be_fetched(
    storage: EvidenceStorage, out: Path, digest: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await fetch(storage, digest, out / "file")

    assert list(out.iterdir()) == []


async def test_how_it_stands_with_a_file(kit: Kit, tmp_path: Path) -> None:
    assert await verify(kit.storage, DIGEST) is Standing.MISSING

    await kit.storage.put(written(tmp_path, DATA), DIGEST)
    assert await verify(kit.storage, DIGEST) is Standing.RIGHT

    await kit.spoil(DIGEST, b"")
    assert await verify(kit.storage, DIGEST) is Standing.WRONG


async def test_of_a_storage_that_is_away_nothing_is_said(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        await verify(Folder(written(tmp_path, b"")), DIGEST)


async def test_a_malformed_digest_has_no_standing(storage: EvidenceStorage) -> None:
    with pytest.raises(DigestMalformed):
        await verify(storage, DIGEST.upper())
