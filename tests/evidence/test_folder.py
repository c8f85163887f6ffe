"""A folder of evidence: where the files lie, who may write, and what is left when it fails."""

import os
import stat
from contextlib import aclosing
from pathlib import Path

import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st

from duban.errors import Unavailable
from duban.evidence.errors import Corrupt, StorageUnavailable
from duban.evidence.folder import Folder
from tests.evidence.samples import digest_of, written

DATA = b"evidence"
DIGEST = digest_of(DATA)


def files_in(root: Path) -> list[Path]:
    return [each for each in root.rglob("*") if each.is_file()]


async def test_a_file_lies_by_its_digest_and_nobody_may_write_it(tmp_path: Path) -> None:
    root = tmp_path / "kept"

    await Folder(root).put(written(tmp_path, DATA), DIGEST)

    expected = root / DIGEST[:2] / DIGEST[2:4] / DIGEST
    assert files_in(root) == [expected]
    assert stat.S_IMODE(expected.stat().st_mode) == 0o440
    assert expected.stat().st_nlink == 1


async def test_a_file_is_not_written_twice(tmp_path: Path) -> None:
    root, path = tmp_path / "kept", written(tmp_path, DATA)
    await Folder(root).put(path, DIGEST)
    before = files_in(root)[0].stat()

    await Folder(root).put(path, DIGEST)

    assert files_in(root)[0].stat() == before


async def test_nothing_is_left_of_a_file_that_was_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Corrupt):
        await Folder(tmp_path / "kept").put(written(tmp_path, b"other"), DIGEST)

    assert files_in(tmp_path / "kept") == []


async def test_a_folder_that_cannot_be_used_is_unavailable(tmp_path: Path) -> None:
    in_the_way = written(tmp_path, b"", "kept")
    storage = Folder(in_the_way)

    with pytest.raises(StorageUnavailable) as caught:
        await storage.put(written(tmp_path, DATA), DIGEST)

    assert isinstance(caught.value, Unavailable)
    assert caught.value.params == {"where": str(in_the_way), "reason": os.strerror(20)}
    for call in (storage.size(DIGEST), anext(aiter(storage.read(DIGEST)))):
        with pytest.raises(StorageUnavailable):
            await call


async def test_a_reader_that_stops_leaves_no_file_open(tmp_path: Path) -> None:
    storage = Folder(tmp_path / "kept")
    await storage.put(written(tmp_path, DATA), DIGEST)

    async with aclosing(storage.read(DIGEST)) as chunks:
        assert await anext(chunks) == DATA

    assert [each for each in psutil.Process().open_files() if each.path.endswith(DIGEST)] == []


@given(data=st.binary(min_size=1, max_size=5000))
async def test_any_bytes_come_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    folder = tmp_path_factory.mktemp("any")
    storage = Folder(folder / "kept")

    await storage.put(written(folder, data), digest_of(data))

    assert b"".join([each async for each in storage.read(digest_of(data))]) == data
