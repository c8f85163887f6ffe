"""The form of a bundle: a zip of stored files whose every byte `verify.py` can account for.

    verify.py            the program that checks the bundle, for reading; bring your own copy
    policy.txt           the policy the export went by, for reading; keys in it vouch for nothing
    checkpoint           the newest checkpoint with its cosignatures (C2SP signed note)
    checkpoints.jsonl    older ones, by size: {"note","proof"}, the proof leads to the newest
    payloads.jsonl       texts behind commitments: {"body","index","salt","slot"}
    manifest.json        what is here: counts, and the length and SHA-256 of every file

and of the whole log its tiles and entry bundles (C2SP tlog-tiles), of one campaign

    entries/000.jsonl    {"hash","index","leaf","proof"}, at most 4096 a file, by index

JSON is written in one way only: keys sorted, no blanks, UTF-8; bytes in it are base64. There is no
date in it and nothing else that cannot be checked.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_STORED, ZipFile, ZipInfo

FORMAT: Final = "duban-bundle/v1"
"""What the manifest says of the form."""
PART: Final = 4096
"""Entries of one part; a part of the largest entries stays below 2 GB, the limit of a plain zip."""

_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_MODE: Final = 0o100644 << 16


class BundleWriter:
    """Writes the files of a bundle one after the other; the manifest comes last."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, data: bytes) -> None:
        """Write a file."""
        with self.part(name) as part:
            part.write(data)

    def add_lines(self, name: str, values: Iterable[Any]) -> int:
        """Write values as JSON lines and return how many; no file is made for none."""
        encoded = [canonical(each) for each in values]
        if encoded:
            self.add(name, b"".join(encoded))
        return len(encoded)

    @contextmanager
    def part(self, name: str) -> Iterator["Part"]:
        """Open a file that is written in pieces."""
        info = ZipInfo(name, _FIRST_DAY)
        info.create_system, info.external_attr = _UNIX, _MODE
        with self._archive.open(info, "w") as file:
            part = Part(file)
            yield part
        self._files[name] = {"bytes": part.length, "sha256": part.digest.hexdigest()}

    def finish(self, **said: Any) -> str:
        """Write the manifest; return its digest (SHA-256, hexadecimal)."""
        manifest = canonical({**said, "files": self._files, "format": FORMAT})
        self.add("manifest.json", manifest)
        return sha256(manifest).hexdigest()


class Part:
    """A file of a bundle while it is written."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.digest = sha256()
        self.length = 0

    def write(self, data: bytes) -> None:
        """Write some bytes."""
        self._file.write(data)
        self.digest.update(data)
        self.length += len(data)


@contextmanager
def bundle_writer(path: Path) -> Iterator[BundleWriter]:
    """Open a bundle; it gets its name only when it is whole.

    Raises:
        OSError: the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.part")
    try:
        with ZipFile(draft, "w", ZIP_STORED) as archive:
            yield BundleWriter(archive)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def canonical(value: Any) -> bytes:
    """Return a line of JSON as bundles have it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode() + b"\n"


def encoded(data: bytes) -> str:
    """Return bytes as bundles have them in JSON."""
    return base64.b64encode(data).decode()
