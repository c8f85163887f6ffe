"""The way in: a file is read once, hashed, measured, recognised, and then kept."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from pydantic import AwareDatetime, BaseModel, ConfigDict

from duban.evidence.errors import Empty, TooLarge, TypeNotAllowed, UnknownType
from duban.evidence.kinds import recognise
from duban.evidence.moments import captured_at
from duban.evidence.storage import EvidenceStorage
from duban.evidence.streams import chunks_of


class Kept(BaseModel):
    """A file that is kept: its SHA-256, its bytes, its type, and when it says it was made (UTC)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    digest: str
    size: int
    media_type: str
    captured_at: AwareDatetime | None = None


async def take_in(
    storage: EvidenceStorage,
    source: Path | AsyncIterator[bytes],
    *,
    limit: int,
    allowed: frozenset[str],
) -> Kept:
    """Keep a file of at most `limit` bytes whose content is of one of the `allowed` media types.

    It passes through a temporary file, so memory holds a chunk at a time; nothing is asked of the
    source once it has given too much. Taking in the same bytes again changes nothing.

    Raises:
        TooLarge: it has more than `limit` bytes.
        Empty: it has none.
        UnknownType: it is of no type that is recognised.
        TypeNotAllowed: its type is not an allowed one.
        StorageUnavailable: the storage does not answer or refuses.
        OSError: the source, or the temporary folder, cannot be used.
    """
    with NamedTemporaryFile(prefix="duban-evidence-") as file:
        spool = _Spool(file, limit)
        async with aclosing(_given(source)) as chunks:
            async for chunk in chunks:
                await asyncio.to_thread(spool.write, chunk)
        kept = await asyncio.to_thread(spool.judged, allowed)
        await storage.put(spool.path, kept.digest)
    return kept


async def _given(source: Path | AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    if not isinstance(source, Path):
        async for chunk in source:
            yield chunk
        return
    async with aclosing(chunks_of(source)) as chunks:
        async for chunk in chunks:
            yield chunk


class _Spool:
    """A temporary file while it is filled, with what is known of it so far."""

    def __init__(self, file: IO[bytes], limit: int) -> None:
        self.path = Path(file.name)
        self._file = file
        self._limit = limit
        self._size = 0
        self._hashed = sha256()

    def write(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            raise TooLarge(limit=self._limit)
        self._hashed.update(chunk)
        self._file.write(chunk)

    def judged(self, allowed: frozenset[str]) -> Kept:
        if not self._size:
            raise Empty
        self._file.flush()
        kind = recognise(self.path)
        if kind is None:
            raise UnknownType
        if kind not in allowed:
            raise TypeNotAllowed(media_type=kind, allowed=sorted(allowed))
        made: datetime | None = captured_at(self.path, kind)
        digest = self._hashed.hexdigest()
        return Kept(digest=digest, size=self._size, media_type=kind, captured_at=made)
