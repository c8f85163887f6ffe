"""What every storage of evidence can do; files are known by the SHA-256 of their bytes alone."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Protocol

from duban.evidence.errors import DigestMalformed

CHUNK: Final = 1 << 20
"""Bytes that are at most handed on at once."""

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")


class EvidenceStorage(Protocol):
    """Keeps files by their digest: the SHA-256 of the bytes, 64 lower-case hex digits.

    All methods raise `DigestMalformed` for anything else, before a path or a key is built, and
    `StorageUnavailable` when what lies below does not answer or refuses.
    """

    async def put(self, path: Path, digest: str) -> None:
        """Keep the bytes of a local file; what is there already is left alone.

        Raises:
            Corrupt: the file has another digest; nothing was kept.
        """
        ...

    def read(self, digest: str) -> AsyncIterator[bytes]:
        """Yield the bytes in chunks of at most 1 MiB, as they are: they are not hashed here.

        Raises:
            Missing: there is no such file.
        """
        ...

    async def size(self, digest: str) -> int | None:
        """Return how many bytes are kept, None when there is no such file."""
        ...


def place_of(digest: str) -> str:
    """Return where a digest is kept below the root of a storage: `ab/cd/<digest>`.

    Raises:
        DigestMalformed: it is not 64 lower-case hex digits.
    """
    if not _DIGEST.fullmatch(digest):
        raise DigestMalformed(digest=digest[:80])
    return f"{digest[:2]}/{digest[2:4]}/{digest}"
