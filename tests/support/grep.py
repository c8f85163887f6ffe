"""Looking for names in whatever holds bytes: as they are, escaped, in base64 and in hexadecimal."""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from zipfile import ZipFile, is_zipfile


def forms(name: str) -> set[bytes]:
    """Return every form in which a name could stand somewhere."""
    raw = name.encode()
    escaped = json.dumps(name)[1:-1]
    upper = "".join(f"\\u{ord(each):04X}" if ord(each) > 127 else each for each in name)
    written = {escaped, escaped.replace("\\", "\\\\"), upper, upper.replace("\\", "\\\\")}
    return {
        raw,
        name.encode("gb18030"),
        *(each.encode() for each in written),
        raw.hex().encode(),
        raw.hex().upper().encode(),
        *_base64(raw),
    }


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield what all base64 texts have in common that hold some bytes, wherever they begin."""
    for before in range(3):
        text = base64.b64encode(bytes(before) + raw)
        kept = text[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6]
        yield kept
        yield kept.replace(b"+", b"-").replace(b"/", b"_")


def found(data: bytes, names: Iterable[str]) -> set[str]:
    """Return the names that stand somewhere in bytes, in whatever form."""
    return {name for name in names if any(form in data for form in forms(name))}


def files(*places: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all files of some places, those in an archive unpacked."""
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file():
                yield str(path), path.read_bytes()
                if is_zipfile(path):
                    with ZipFile(path) as archive:
                        for name in archive.namelist():
                            yield f"{path}!{name}", archive.read(name)
