"""All that files hold, for whoever looks for names in it."""

from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile, is_zipfile


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
