"""Local files as streams of bytes, with the disk away from the event loop."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from hashlib import sha256
from pathlib import Path

from duban.evidence.errors import Corrupt
from duban.evidence.storage import CHUNK


async def chunks_of(path: Path) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of a file in chunks of at most 1 MiB.

    Raises:
        OSError: the file cannot be read.
    """
    file = await asyncio.to_thread(path.open, "rb")
    try:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
    finally:
        file.close()


async def faithful(path: Path, digest: str) -> AsyncGenerator[bytes, None]:
    """Yield the bytes of a file; the last chunk only once all have proved to be those of `digest`.

    So whoever waits for the end before keeping anything keeps nothing that is wrong.

    Raises:
        Corrupt: the file has another digest.
        OSError: the file cannot be read.
    """
    hashed, held = sha256(), b""
    async with aclosing(chunks_of(path)) as chunks:
        async for chunk in chunks:
            if held:
                yield held
            await asyncio.to_thread(hashed.update, chunk)
            held = chunk
    if hashed.hexdigest() != digest:
        raise Corrupt(digest=digest, found=hashed.hexdigest())
    yield held
