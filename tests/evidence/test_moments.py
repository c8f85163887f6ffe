"""When a file says that it was made: what counts, in which zone, and what is no moment at all."""

import tempfile
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings

from duban.evidence import kinds
from duban.evidence.kinds import KINDS
from duban.evidence.moments import captured_at
from duban.evidence.packages import DOCX, PPTX, XLSX
from tests.evidence.samples import (
    CORE,
    SAMPLES,
    Changes,
    box,
    changes,
    created,
    damaged,
    exif,
    jpeg,
    mp4,
    office,
    pdf,
    real_xlsx,
    written,
    zipped,
)

NOON = datetime(2019, 6, 28, 4, 0, tzinfo=UTC)
"""2019-06-28 12:00 in Shanghai."""
TAKEN = b"2019:06:28 12:00:00"
SECONDS = int((NOON - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())
DECLARING = f'<!DOCTYPE x [<!ENTITY a "a">]>{CORE.format("2019-06-28T04:00:00Z")}'.encode()
DATED = (exif(TAKEN), jpeg(exif(TAKEN)), pdf("D:20190628120000"), mp4(SECONDS))
"""Files that say it, each of another form."""
ALIKE = ({DOCX, XLSX, PPTX}, {kinds.JPEG, kinds.TIFF})
"""Types that say it in the same form."""


def moment_of(kind: str, data: bytes) -> datetime | None:
    with tempfile.TemporaryDirectory() as folder:
        return captured_at(written(Path(folder), data), kind)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (kinds.JPEG, jpeg(exif(TAKEN))),
        (kinds.TIFF, exif(TAKEN)),
        (kinds.JPEG, jpeg(exif(TAKEN, b"+08:00"))),
        (kinds.JPEG, jpeg(exif(b"2019:06:28 06:00:00", b"+02:00"))),
        (kinds.TIFF, exif(b"2019:06:27 23:00:00", b"-05:00")),
        (kinds.PDF, pdf("D:20190628120000+08'00'")),
        (kinds.PDF, pdf("D:20190628040000Z")),
        (kinds.PDF, pdf("D:20190628120000")),
        (DOCX, created("2019-06-28T04:00:00Z")),
        (DOCX, created("2019-06-28T12:00:00+08:00")),
        (XLSX, office(XLSX, CORE.format("2019-06-28T12:00:00").encode())),
        (PPTX, office(PPTX, CORE.format("2019-06-28T04:00:00Z").encode())),
        (kinds.MP4, mp4(SECONDS)),
        (kinds.MP4, mp4(SECONDS, version=1)),
    ],
)
def test_the_moment_is_told_in_utc(kind: str, data: bytes) -> None:
    found = moment_of(kind, data)

    assert found == NOON
    assert found.tzinfo is UTC


def test_a_workbook_of_a_program_was_made_just_now() -> None:
    found = moment_of(XLSX, real_xlsx())

    assert found is not None
    assert abs((datetime.now(UTC) - found).total_seconds()) < 60


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (kinds.JPEG, jpeg()),
        (kinds.JPEG, jpeg(exif(b"0000:00:00 00:00:00"))),
        (kinds.JPEG, jpeg(exif(TAKEN, b"east"))),
        (kinds.JPEG, jpeg(exif(b"    "))),
        (kinds.TIFF, b"II*\0\xff\xff\xff\x7f"),
        (kinds.PDF, pdf()),
        (kinds.PDF, pdf("")),
        (kinds.PDF, pdf("D:2019")),
        (kinds.PDF, pdf("D:20190628")),
        (kinds.PDF, pdf("yesterday")),
        (kinds.PDF, b"%PDF-1.4\ntruncated"),
        (DOCX, office(DOCX)),
        (DOCX, created("2019-06-28")),
        (DOCX, created("")),
        (DOCX, created("2019-99-99T00:00:00Z")),
        (DOCX, office(DOCX, b"<x>")),
        (DOCX, office(DOCX, DECLARING)),
        (DOCX, b"PK\x03\x04"),
        (kinds.MP4, mp4(0)),
        (kinds.MP4, mp4(1_561_694_400)),
        (kinds.MP4, mp4((1 << 64) - 1, version=1)),
        (kinds.MP4, box(b"ftyp", b"isom")),
        (kinds.MP4, box(b"moov", box(b"mvhd", b""))),
        (kinds.MP4, b"\xff\xff\xff\xffmoov" + bytes(30)),
        (kinds.MP4, b"\0\0\0\x01moov" + b"\xff" * 30),
    ],
)
def test_what_is_no_moment_is_none(kind: str, data: bytes) -> None:
    assert moment_of(kind, data) is None


@pytest.mark.parametrize("data", DATED)
@pytest.mark.parametrize("kind", [kinds.TEXT, kinds.PNG, kinds.OLE, "application/unheard-of"])
def test_other_types_are_not_asked(kind: str, data: bytes) -> None:
    assert moment_of(kind, data) is None


def test_a_file_that_is_not_there_has_no_moment(tmp_path: Path) -> None:
    assert captured_at(tmp_path / "nowhere", kinds.PDF) is None


def test_a_bomb_in_the_core_properties_is_not_unpacked() -> None:
    core = CORE.format("2019-06-28T04:00:00Z" + " " * (64 << 20)).encode()
    bomb = office(DOCX, core)
    tracemalloc.start()

    found = moment_of(DOCX, bomb)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is None
    assert peak < 8 << 20


def test_a_document_that_would_keep_its_reader_busy_is_given_up() -> None:
    nested = b"%PDF-1.4\n1 0 obj\n" + b"<</A " * 1_000_000 + b"\nendobj\n"
    endless = nested + b"trailer <</Root 1 0 R/Info 1 0 R>>\nstartxref\n9\n%%EOF"
    began = time.monotonic()

    assert moment_of(kinds.PDF, endless) is None
    assert time.monotonic() - began < 5


def test_a_film_of_boxes_without_end_is_given_up() -> None:
    film = box(b"ftyp", b"isom") + box(b"free", b"") * 20_000 + mp4(SECONDS)

    assert moment_of(kinds.MP4, film) is None


def test_a_picture_that_is_read_for_ever_is_given_up() -> None:
    # 65535 entries, each of 999 values that lie elsewhere.
    entries = b"\x00\x01\x04\x00\xe7\x03\x00\x00\x08\x00\x00\x00" * 0xFFFF
    endless = b"II*\0\x08\0\0\0" + b"\xff\xff" + entries + bytes(8000)

    assert moment_of(kinds.TIFF, endless) is None


@pytest.mark.parametrize("name", SAMPLES)
def test_a_file_of_another_type_than_is_said_has_no_moment(name: str) -> None:
    actual, data = SAMPLES[name]
    alike = next((each for each in ALIKE if actual in each), {actual})

    assert {moment_of(each, data) for each in KINDS - alike} == {None}


@pytest.mark.parametrize("kind", [kinds.JPEG, kinds.TIFF, kinds.PDF, DOCX, kinds.MP4])
@settings(max_examples=40)
@given(changes=changes())
def test_a_damaged_file_raises_nothing(kind: str, changes: Changes) -> None:
    whole = {
        kinds.JPEG: jpeg(exif(TAKEN, b"+08:00")),
        kinds.TIFF: exif(TAKEN),
        kinds.PDF: pdf("D:20190628120000+08'00'"),
        DOCX: zipped({"docProps/core.xml": CORE.format("2019-06-28T04:00:00Z").encode()}),
        kinds.MP4: mp4(SECONDS),
    }[kind]

    found = moment_of(kind, damaged(whole, changes))

    assert found is None or found.tzinfo is UTC
