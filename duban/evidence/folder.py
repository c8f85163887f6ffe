"""Evidence in a folder: `root/ab/cd/<digest>`, whole or not there, never written twice."""

import asyncio
import os
import tempfile
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Final

from duban.evidence.errors import Corrupt, Missing, StorageUnavailable
from duban.evidence.storage import CHUNK, place_of
from duban.evidence.streams import chunks_of

_MODE: Final = 0o440
"""Whoever may read the folder may read it; nobody may write."""


class Folder:
    """Keeps files below `root`, which is made when it is not there.

    Its file system must know hard links: a draft gets its name by one, which is as atomic as a
    rename and, unlike it, never replaces what another writer has put there in the meantime.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, path: Path, digest: str) -> None:
        """Copy a local file; it has its name only when all of it is on the disk.

        Raises:
            DigestMalformed: the digest is none.
            Corrupt: the file has another digest; nothing was kept.
            StorageUnavailable: the folder, or the file itself, cannot be used.
        """
        target = self._root / place_of(digest)
        with self._usable():
            await asyncio.to_thread(_keep, path, target)

    def read(self, digest: str) -> AsyncGenerator[bytes, None]:
        """Yield the bytes in chunks of at most 1 MiB.

        Raises:
            DigestMalformed: the digest is none.
            Missing: there is no such file.
            StorageUnavailable: the folder cannot be used.
        """
        return self._chunks(self._root / place_of(digest))

    async def size(self, digest: str) -> int | None:
        """Return how many bytes are kept, None when there is no such file.

        Raises:
            DigestMalformed: the digest is none.
            StorageUnavailable: the folder cannot be used.
        """
        target = self._root / place_of(digest)
        with self._usable():
            try:
                return (await asyncio.to_thread(target.stat)).st_size
            except FileNotFoundError:
                return None

    async def _chunks(self, target: Path) -> AsyncGenerator[bytes, None]:
        with self._usable():
            try:
                async with aclosing(chunks_of(target)) as chunks:
                    async for chunk in chunks:
                        yield chunk
            except FileNotFoundError:
                raise Missing(digest=target.name) from None

    @contextmanager
    def _usable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise StorageUnavailable(where=str(self._root), reason=reason) from error


def _keep(path: Path, target: Path) -> None:
    if target.exists():
        return
    folder = target.parent
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".draft-", dir=folder)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as written:
            _copy(path, target.name, written.fileno())
            os.fchmod(written.fileno(), _MODE)
            os.fsync(written.fileno())
        _name(draft, target)
    finally:
        draft.unlink(missing_ok=True)
    for each in (folder, folder.parent, folder.parent.parent):
        _sync(each)


def _copy(path: Path, digest: str, to: int) -> None:
    hashed = sha256()
    with path.open("rb") as source:
        while chunk := source.read(CHUNK):
            hashed.update(chunk)
            _write(to, chunk)
    if hashed.hexdigest() != digest:
        raise Corrupt(digest=digest, found=hashed.hexdigest())


def _write(to: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(to, rest) :]


def _name(draft: Path, target: Path) -> None:
    try:
        target.hardlink_to(draft)
    except FileExistsError:
        return  # Another writer was quicker, with the same bytes.


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
