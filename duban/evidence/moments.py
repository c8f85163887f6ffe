"""When a file says of itself that it was made; nobody vouches for it, so it is only kept beside."""

import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import exifread
from pypdf import Configuration, PdfReader, apply_configuration

from duban.domain.counting import SHANGHAI
from duban.evidence import mpeg
from duban.evidence.kinds import JPEG, MP4, PDF, TIFF
from duban.evidence.packages import BUDGET, DOCX, PPTX, XLSX
from duban.evidence.reading import Bounded, tolerant, xml_of

_EXIF_BUDGET: Final = 1 << 18
_PDF_BUDGET: Final = 8 << 20
_PDF_UNPACKED: Final = 8 << 20
_PDF_OBJECTS: Final = 100_000
_PDF_MINUTE: Final = re.compile(r"(D:)?\d{12}")
"""How a date of PDF begins that says at least the minute; a year or a day is no moment."""
_CREATED: Final = "{http://purl.org/dc/terms/}created"
_CORE: Final = "docProps/core.xml"


def captured_at(path: Path, media_type: str) -> datetime | None:
    """Return when the content says that it was made, in UTC; a time without offset is Shanghai's.

    None for a file that does not say it, says it malformed, or is of a type that cannot.
    """
    reader = _READERS.get(media_type)
    if reader is None:
        return None
    return tolerant(lambda: _aware(reader(path)))


def _aware(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return zoned.astimezone(UTC)


def _of_picture(path: Path) -> datetime | None:
    with Bounded(path, _EXIF_BUDGET) as file:
        tags = exifread.process_file(file, details=False, extract_thumbnail=False)
    taken, offset = (_exif(tags, f"EXIF {each}TimeOriginal") for each in ("Date", "Offset"))
    if offset:
        return datetime.strptime(f"{taken}{offset}", "%Y:%m:%d %H:%M:%S%z")
    return datetime.strptime(taken, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - local, see `captured_at`


def _exif(tags: Mapping[str, object], name: str) -> str:
    return str(getattr(tags.get(name), "values", "")).strip()


def _of_pdf(path: Path) -> datetime | None:
    limits = Configuration(
        maximum_declared_stream_length=_PDF_UNPACKED,
        zlib_maximum_output_length=_PDF_UNPACKED,
        lzw_maximum_output_length=_PDF_UNPACKED,
        run_length_maximum_output_length=_PDF_UNPACKED,
        stream_decoding_work_maximum_length=_PDF_UNPACKED,
    )
    # Who forgives everything can be kept busy for ever, and says it in a log line each time.
    with apply_configuration(limits), Bounded(path, _PDF_BUDGET) as file:
        about = PdfReader(file, strict=True, xref_stream_maximum_entries=_PDF_OBJECTS).metadata
        raw = about.creation_date_raw if about else None
        if about is None or raw is None or not _PDF_MINUTE.match(raw):
            return None
        return about.creation_date


def _of_office(path: Path) -> datetime | None:
    with Bounded(path, BUDGET) as file, zipfile.ZipFile(file) as archive:
        said = xml_of(archive, _CORE).findtext(_CREATED, "").strip()
    # A day alone is no moment.
    return datetime.fromisoformat(said) if "T" in said else None


_READERS: Final[Mapping[str, Callable[[Path], datetime | None]]] = {
    JPEG: _of_picture,
    TIFF: _of_picture,
    PDF: _of_pdf,
    DOCX: _of_office,
    XLSX: _of_office,
    PPTX: _of_office,
    MP4: mpeg.made_at,
}
