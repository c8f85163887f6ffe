"""Reading files that somebody else made: within bounds, and whatever is wrong with them."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

if TYPE_CHECKING:
    from typing_extensions import Buffer

PART_BYTES: Final = 1 << 20
"""Bytes to which a part of a package is unpacked at most; a longer part is not looked at."""

_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The packings of the formats; others cannot be unpacked by pieces of a known size."""

Found = TypeVar("Found")


class Bounded(io.BufferedReader):
    """A file of which all reads together get at most `budget` bytes.

    A read at the end counts as a byte, so that who reads there for ever is stopped too. Reading
    more raises EOFError; opening raises OSError.
    """

    def __init__(self, path: Path, budget: int) -> None:
        super().__init__(io.FileIO(path))
        self._left = budget

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        return self._spent(super().read(self._most(size)))

    def read1(self, size: int = -1, /) -> bytes:
        """Return the next bytes, those that are at hand."""
        return self._spent(super().read1(self._most(size)))

    def readline(self, size: int | None = -1, /) -> bytes:
        """Return the next line."""
        return self._spent(super().readline(self._most(size)))

    def readinto(self, buffer: "Buffer", /) -> int:
        """Fill a buffer with the next bytes and return how many they are."""
        data = self.read(memoryview(buffer).nbytes)
        memoryview(buffer).cast("B")[: len(data)] = data
        return len(data)

    def _most(self, size: int | None) -> int:
        """Return what is asked for; never more than one byte beyond what is left."""
        return self._left + 1 if size is None or size < 0 else min(size, self._left + 1)

    def _spent(self, data: bytes) -> bytes:
        self._left -= max(len(data), 1)
        if self._left < 0:
            self._left = 0
            message = "more is read of the file than it may take"
            raise EOFError(message)
        return data


def tolerant(read: Callable[[], Found | None]) -> Found | None:
    """Return what `read` finds in a file, None when the file is malformed in whatever way."""
    try:
        return read()
    except Exception:  # noqa: BLE001 - a malformed file makes the libraries raise anything
        return None


def part_of(archive: zipfile.ZipFile, name: str) -> bytes:
    """Unpack a part of a package, of less than `PART_BYTES`.

    Raises:
        ValueError: it is packed otherwise than the formats say, or too long.
        Exception: it is not there or malformed, as `zipfile` says it.
    """
    info = archive.getinfo(name)
    if info.compress_type not in _PACKINGS:
        message = "the part is packed in a way that the format does not know"
        raise ValueError(message)
    # The length that the package claims is not looked at.
    with archive.open(info) as part:
        data = part.read(PART_BYTES)
    if len(data) == PART_BYTES:
        message = "the part is too long"
        raise ValueError(message)
    return data


def xml_of(archive: zipfile.ZipFile, name: str) -> Element:
    """Return the root of a part that is XML without a document type.

    Raises:
        Exception: see `part_of`, and what the parser says of malformed XML.
    """
    root: Element = ElementTree.fromstring(part_of(archive, name), forbid_dtd=True)
    return root
