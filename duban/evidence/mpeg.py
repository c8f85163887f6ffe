"""MPEG files: whether a file is an MP3 or an MP4, and when an MP4 was made."""

import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from duban.evidence.reading import Bounded

_BUDGET: Final = 1 << 16
_BOXES: Final = 1000
"""Boxes that are looked at; a film that can be streamed has three or four at the top."""
_EPOCH: Final = datetime(1904, 1, 1, tzinfo=UTC)
_SANE: Final = datetime(1970, 1, 1, tzinfo=UTC)

_BRANDS: Final = frozenset(
    [b"isom", b"mp41", b"mp42", b"mp71", b"avc1", b"M4V ", b"MSNV", b"XAVC", b"dash"]
    + [b"iso%d" % number for number in range(2, 10)]
)
"""Major brands of films in MP4; QuickTime, sound alone and still pictures have others."""

_BITRATES_1: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_BITRATES_2: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
"""Kilobits a second of layer III, by the index that a frame gives less one."""
_RATES: Final = (44_100, 48_000, 32_000)
_MPEG_1: Final = 3
_SLOWER: Final[Mapping[int, int]] = {_MPEG_1: 0, 2: 1, 0: 2}
"""How often the rate is halved in each version of MPEG, by the number that a frame gives."""
_FRAME_HEAD: Final = 4
_BOX_HEAD: Final = 8
_ID3_BYTES: Final = 10
_HEAD: Final = 4096


def is_mp4(head: bytes) -> bool:
    """Say whether these first bytes of a file begin an MP4 film."""
    return head[4:8] == b"ftyp" and head[8:12] in _BRANDS


def is_mp3(path: Path) -> bool:
    """Say whether a file holds MPEG sound of layer III, after an ID3 tag or from the first byte on.

    Two frames must follow each other, or one be the whole rest.

    Raises:
        OSError: the file cannot be read.
        EOFError: the file sends its reader about.
    """
    with Bounded(path, _BUDGET) as file:
        start = _after_id3(file.read(_ID3_BYTES))
        file.seek(start)
        head = file.read(_HEAD)
    sound = head.lstrip(b"\0") if start else head
    length = _frame(sound)
    rest = sound[length:]
    return length > 0 and (_frame(rest) > 0 or (not rest and len(sound) == length))


def _after_id3(head: bytes) -> int:
    if len(head) < _ID3_BYTES or head[:3] != b"ID3" or head[3] not in (2, 3, 4):
        return 0
    size = 0
    for seven in head[6:10]:
        size = size << 7 | seven & 0x7F
    return _ID3_BYTES + size


def _frame(data: bytes) -> int:
    """Return how many bytes the frame has that begins here, 0 when none does."""
    # Eleven bits of ones, and layer III.
    if len(data) < _FRAME_HEAD or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:  # noqa: PLR2004
        return 0
    version, bits, rate = data[1] >> 3 & 3, data[2] >> 4, data[2] >> 2 & 3
    if version not in _SLOWER or not 0 < bits <= len(_BITRATES_1) or rate >= len(_RATES):
        return 0
    first = version == _MPEG_1
    kilobits = (_BITRATES_1 if first else _BITRATES_2)[bits - 1]
    hertz = _RATES[rate] >> _SLOWER[version]
    return (144 if first else 72) * kilobits * 1000 // hertz + (data[2] >> 1 & 1)


class _Box(NamedTuple):
    kind: bytes
    start: int
    end: int


def made_at(path: Path) -> datetime | None:
    """Return when an MP4 says that it was made (`mvhd`), None when it does not.

    Raises:
        OSError, EOFError, OverflowError, IndexError: the file is malformed.
    """
    with Bounded(path, _BUDGET) as file:
        whole = _Box(b"", 0, file.seek(0, io.SEEK_END))
        film = next((each for each in _boxes(file, whole) if each.kind == b"moov"), None)
        if film is None:
            return None
        head = next((each for each in _boxes(file, film) if each.kind == b"mvhd"), None)
        return None if head is None else _creation(file, head)


def _creation(file: BinaryIO, head: _Box) -> datetime | None:
    file.seek(head.start)
    body = file.read(min(12, head.end - head.start))
    seconds = int.from_bytes(body[4:12] if body[0] == 1 else body[4:8], "big")
    made = _EPOCH + timedelta(seconds=seconds)
    # Nought says nothing; before 1970 somebody has counted from another year than the format does.
    return made if made >= _SANE else None


def _boxes(file: BinaryIO, within: _Box) -> Iterator[_Box]:
    at = within.start
    for _ in range(_BOXES):
        if within.end - at < _BOX_HEAD:
            return
        file.seek(at)
        head = file.read(16)
        size, start = int.from_bytes(head[:4], "big"), at + _BOX_HEAD
        if size == 1:
            size, start = int.from_bytes(head[8:16], "big"), at + 16
        end = at + size if size else within.end
        if not start <= end <= within.end:
            return
        yield _Box(head[4:8], start, end)
        at = end
