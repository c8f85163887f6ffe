"""The way back: every byte that leaves the storage is hashed before it is believed."""

import asyncio
import os
import tempfile
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import IO

from duban.evidence.errors import Corrupt, Missing
from duban.evidence.storage import EvidenceStorage


class Standing(StrEnum):
    """How it stands with a file that was kept."""

    RIGHT = "right"
    """It is there, and it is what the digest says."""
    WRONG = "wrong"
    """Something else is there in its place."""
    MISSING = "missing"
    """Nothing is there."""


async def fetch(storage: EvidenceStorage, digest: str, target: Path) -> int:
    """Write a kept file to `target` and return how many bytes it has.

    It is written beside the target and gets its name, replacing what had it, only when all bytes
    are there and right; otherwise nothing of it is left.

    Raises:
        DigestMalformed: the digest is none.
        Missing: the storage has no such file.
        Corrupt: the storage gave other bytes than those of the digest.
        StorageUnavailable: the storage does not answer or refuses.
        OSError: the target cannot be written.
    """
    handle, name = await asyncio.to_thread(
        tempfile.mkstemp, prefix=f".{target.name[:40]}-", dir=target.parent
    )
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            found = await _copy(storage, digest, file)
            size = file.tell()
        if found != digest:
            raise Corrupt(digest=digest, found=found)
        await asyncio.to_thread(draft.replace, target)
    finally:
        draft.unlink(missing_ok=True)
    return size


async def _copy(storage: EvidenceStorage, digest: str, file: IO[bytes]) -> str:
    hashed = sha256()
    async for chunk in storage.read(digest):
        await asyncio.to_thread(hashed.update, chunk)
        await asyncio.to_thread(file.write, chunk)
    await asyncio.to_thread(_settle, file)
    return hashed.hexdigest()


def _settle(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())


async def verify(storage: EvidenceStorage, digest: str) -> Standing:
    """Read a kept file to its end and say how it stands with it.

    Raises:
        DigestMalformed: the digest is none.
        StorageUnavailable: the storage does not answer or refuses, so nothing can be said.
    """
    hashed = sha256()
    try:
        async for chunk in storage.read(digest):
            await asyncio.to_thread(hashed.update, chunk)
    except Missing:
        return Standing.MISSING
    return Standing.RIGHT if hashed.hexdigest() == digest else Standing.WRONG
