"""Of which type a file is, found from its content; its name is never asked."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from duban.evidence.mpeg import is_mp3, is_mp4
from duban.evidence.packages import DOCX, OFD, PPTX, XLSX, ZIP, package_kind
from duban.evidence.plain import is_plain
from duban.evidence.reading import tolerant

PDF: Final = "application/pdf"
JPEG: Final = "image/jpeg"
PNG: Final = "image/png"
TIFF: Final = "image/tiff"
OLE: Final = "application/x-ole-storage"
TEXT: Final = "text/plain"
MP4: Final = "video/mp4"
MP3: Final = "audio/mpeg"

KINDS: Final = frozenset({PDF, JPEG, PNG, TIFF, DOCX, XLSX, PPTX, OFD, OLE, TEXT, MP4, MP3, ZIP})
"""Every media type that is recognised."""

_HEAD: Final = 1024
_SIGNATURES: Final[Mapping[bytes, str]] = {
    b"%PDF-1.": PDF,
    b"%PDF-2.": PDF,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"II*\0": TIFF,
    b"MM\0*": TIFF,
}
_PACKAGE: Final = b"PK\x03\x04"
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_BLANKS: Final = b"\xef\xbb\xbf \t\r\n\f\0"

# The class of the root in Windows installers, their patches and transforms, behind its first byte.
_INSTALLER: Final = bytes.fromhex("100c0000000000c000000000000046")
_INSTALLERS: Final = frozenset(bytes([each]) + _INSTALLER for each in (0x82, 0x84, 0x86))


def recognise(path: Path) -> str | None:
    """Return the media type of a file's content, None for every type that is not of `KINDS`.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = next((kind for sign, kind in _SIGNATURES.items() if head.startswith(sign)), None)
    if found:
        return found
    if head.startswith(_PACKAGE):
        return package_kind(path)
    if head.startswith(_OLE):
        return None if _is_installer(path, head) else OLE
    if is_mp4(head):
        return MP4
    if tolerant(lambda: is_mp3(path)):
        return MP3
    return _texts(path, head)


def _texts(path: Path, head: bytes) -> str | None:
    # Readers of PDF forgive what stands before its first line, as some printers' drivers put it.
    if head.lstrip(_BLANKS).startswith((b"%PDF-1.", b"%PDF-2.")):
        return PDF
    return TEXT if is_plain(path) else None


def _is_installer(path: Path, head: bytes) -> bool:
    """Say whether the root of an OLE file is of a class that Windows installs from."""
    shift = int.from_bytes(head[30:32], "little")
    sector = int.from_bytes(head[48:52], "little")
    with path.open("rb") as file:
        file.seek((sector + 1 << min(shift, 12)) + 80)
        return file.read(16) in _INSTALLERS
