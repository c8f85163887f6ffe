"""What a zip is: a document of Office Open XML, an OFD, or only files packed together."""

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from duban.evidence.reading import Bounded, tolerant, xml_of

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OFD: Final = "application/ofd"
ZIP: Final = "application/zip"

BUDGET: Final = 4 << 20
"""Bytes that are read of a package, its directory first; more than some 40,000 names do not fit."""

_CONTENTS: Final = "[Content_Types].xml"
_OFD_ROOT: Final = "OFD.xml"
_MAIN: Final[Mapping[str, tuple[str, str]]] = {
    f"{DOCX}.main+xml": (DOCX, "word/"),
    f"{XLSX}.main+xml": (XLSX, "xl/"),
    f"{PPTX}.main+xml": (PPTX, "ppt/"),
}
"""The type of a document's main part: which document it is, and the folder of its parts."""
_ACTIVE: Final = ("macroenabled", "vbaproject")
_OTHERS: Final = frozenset({"mimetype", "AndroidManifest.xml"})
_OTHERS_FOLDER: Final = "META-INF/"
"""Names by which zips are e-books, OpenDocument texts or programs, thus no mere archives."""


def package_kind(path: Path) -> str | None:
    """Return the media type of a zip, None for one that is malformed, ambiguous or of other use.

    Documents with macros and templates are of other use. At most one part of less than 1 MiB is
    unpacked.
    """
    return tolerant(lambda: _kind(path))


def _kind(path: Path) -> str | None:
    with Bounded(path, BUDGET) as file, zipfile.ZipFile(file) as archive:
        infos = archive.infolist()
        names = {each.filename for each in infos}
        # What stands before the first file, or twice in the directory, readers see differently.
        if len(names) < len(infos) or min(each.header_offset for each in infos) != 0:
            return None
        deciding = names & {_CONTENTS, _OFD_ROOT}
        if deciding == {_CONTENTS}:
            return _office(archive, names)
        if deciding == {_OFD_ROOT}:
            return _ofd(archive)
        return None if deciding or _otherwise(names) else ZIP


def _office(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    root = xml_of(archive, _CONTENTS)
    types = {each.get("ContentType", "") for each in root.iter()}
    if any(word in each.lower() for word in _ACTIVE for each in types):
        return None
    found = [_MAIN[each] for each in types if each in _MAIN]
    if len(found) != 1:
        return None
    [(kind, folder)] = found
    return kind if any(each.startswith(folder) for each in names) else None


def _ofd(archive: zipfile.ZipFile) -> str | None:
    root = xml_of(archive, _OFD_ROOT)
    return OFD if root.tag.rpartition("}")[2] == "OFD" else None


def _otherwise(names: set[str]) -> bool:
    return bool(names & _OTHERS) or any(each.startswith(_OTHERS_FOLDER) for each in names)
