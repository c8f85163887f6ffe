"""What a file is, is found from its content: every type, every disguise, every trap."""

import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from duban.evidence import kinds
from duban.evidence.kinds import KINDS, recognise
from duban.evidence.packages import DOCX, XLSX, ZIP
from tests.evidence.samples import (
    INSTALLER,
    SAMPLES,
    Changes,
    changes,
    damaged,
    directory_of,
    jpeg,
    mp3,
    mp4,
    office,
    ole,
    pdf,
    types_xml,
    written,
    zipped,
)

CONTENTS = "[Content_Types].xml"
DOCUMENT = "word/document.xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
MAIN = types_xml(f"{DOCX}.main+xml")
DECLARING = b'<!DOCTYPE Types [<!ENTITY a "aaaaaaaaaa">]>' + MAIN


def kind_of(data: bytes, name: str = "file") -> str | None:
    with tempfile.TemporaryDirectory() as folder:
        return recognise(written(Path(folder), data, name))


@pytest.mark.parametrize("name", SAMPLES)
def test_every_type_is_recognised(name: str) -> None:
    expected, data = SAMPLES[name]

    assert kind_of(data) == expected


def test_there_is_a_sample_of_every_type() -> None:
    assert {expected for expected, _ in SAMPLES.values()} == KINDS


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("invoice.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff\0\0" + bytes(200), None),
        ("scan.pdf", b"\x7fELF\x02\x01\x01" + bytes(200), None),
        ("photo.jpg", b"<!DOCTYPE html><html><script>1</script></html>", None),
        ("notes.txt", pdf(), kinds.PDF),
        ("photo.png", jpeg(), kinds.JPEG),
        ("letter.docx", office(XLSX), XLSX),
        ("letter.docx", zipped({"a.txt": b"1"}), ZIP),
        ("film.mp4", mp3(), kinds.MP3),
    ],
)
def test_a_disguise_is_seen_through(name: str, data: bytes, expected: str | None) -> None:
    assert kind_of(data, name) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a" + bytes(30),
        b"RIFF\x10\0\0\0WEBPVP8 " + bytes(30),
        b"\x1f\x8b\x08\0" + bytes(30),
        b"Rar!\x1a\x07\x01\0" + bytes(30),
        mp4(brand=b"qt  "),
        mp4(brand=b"M4A "),
        mp4(brand=b"heic"),
        b"ID3\x04\0\0\0\0\0\x05hello fLaC" + bytes(30),
        b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(30),
        b"\xff\xfb\x90\x64" + bytes(1000),
        ole(INSTALLER),
        "记录".encode("utf-16"),
        "记录".encode("gb18030") + b"\0",
        "记".encode() + b"\xff",
        "记录".encode()[:-1],
        b"\x81",
    ],
)
def test_everything_else_is_unknown(data: bytes) -> None:
    assert kind_of(data) is None


@pytest.mark.parametrize(
    "text",
    [
        "<html>",
        "\ufeff\n <!doctype HTML>",
        "<script>1",
        "<svg xmlns='x'/>",
        "<?xml version='1'?>",
        "#!/bin/sh\nrm",
        r"{\rtf1 x}",
        "%!PS-Adobe",
        "<?php 1",
        "<a href='x'>",
        "<!-- x -->",
    ],
)
def test_markup_and_scripts_are_no_plain_text(text: str) -> None:
    assert kind_of(text.encode()) is None


@pytest.mark.parametrize("text", ["<5 万元>", "a < b", "BMW", "MM", "PK", "ID3 标签", "%PDF 格式"])
def test_text_that_begins_like_something_else_is_text(text: str) -> None:
    assert kind_of(text.encode()) == kinds.TEXT


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_any_text_is_text(encoding: str, text: str) -> None:
    assert kind_of(f"记录：{text}".encode(encoding)) == kinds.TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_characters_across_the_border_of_two_reads_are_whole(encoding: str) -> None:
    for before in range(4):
        text = b"." * before + ("整" * 700_000).encode(encoding)
        assert kind_of(text) == kinds.TEXT
        assert kind_of(text + b"\0") is None


@pytest.mark.parametrize(
    "parts",
    [
        {CONTENTS: types_xml(MACRO), DOCUMENT: b""},
        {CONTENTS: types_xml("application/vnd.ms-office.vbaProject"), DOCUMENT: b""},
        {CONTENTS: MAIN, "xl/workbook.xml": b""},
        {CONTENTS: types_xml("application/vnd.ms-package.xps-fixeddocument+xml"), DOCUMENT: b""},
        {CONTENTS: b"<Types>", DOCUMENT: b""},
        {CONTENTS: DECLARING, DOCUMENT: b""},
        {CONTENTS: MAIN, DOCUMENT: b"", "OFD.xml": b"<OFD/>"},
        {"OFD.xml": b"<html/>"},
        {"mimetype": b"application/epub+zip"},
        {"META-INF/MANIFEST.MF": b"", "Main.class": b""},
    ],
    ids=str,
)
def test_packages_of_other_use_are_unknown(parts: dict[str, bytes]) -> None:
    assert kind_of(zipped(parts)) is None


@pytest.mark.parametrize("name", [CONTENTS, "OFD.xml"])
def test_a_bomb_in_the_part_that_decides_is_not_unpacked(name: str) -> None:
    bomb = zipped({name: b"<OFD>" + b" " * (64 << 20) + b"</OFD>", DOCUMENT: b""})
    assert len(bomb) < 100_000

    assert kind_of(bomb) is None


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_document_packed_otherwise_is_unknown(packing: int) -> None:
    parts = {CONTENTS: MAIN, DOCUMENT: b""}
    assert kind_of(zipped(parts)) == DOCX

    assert kind_of(zipped(parts, packing)) is None


def test_a_huge_directory_is_not_read() -> None:
    assert kind_of(directory_of(100)) == ZIP

    assert kind_of(directory_of(100_000)) is None


def test_a_directory_that_claims_more_than_there_is() -> None:
    data = directory_of(3)
    lying = data[:-10] + b"\xff\xff\xff\xf0" + data[-6:]

    assert kind_of(lying) is None


def test_two_parts_of_one_name_are_ambiguous() -> None:
    data = zipped({"11": b"", "12": b""})
    assert kind_of(data) == ZIP

    assert kind_of(data.replace(b"12", b"11")) is None


def test_bytes_before_the_first_file_are_ambiguous() -> None:
    data = zipped({"1": b"x"})
    assert kind_of(data) == ZIP

    assert kind_of(data + data) is None


@given(data=st.binary(max_size=3000))
def test_any_bytes_are_judged(data: bytes) -> None:
    assert kind_of(data) in KINDS | {None}


@pytest.mark.parametrize("name", SAMPLES)
@settings(max_examples=25)
@given(changes=changes())
def test_a_damaged_file_is_judged(name: str, changes: Changes) -> None:
    assert kind_of(damaged(SAMPLES[name][1], changes)) in KINDS | {None}
