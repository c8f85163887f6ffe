"""Small files of every type, built byte by byte, and some that nobody should trust."""

import io
import struct
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import xlsxwriter
from hypothesis import strategies as st
from pypdf import PdfWriter

from duban.evidence import kinds
from duban.evidence.packages import DOCX, OFD, PPTX, XLSX, ZIP

Changes = tuple[list[tuple[int, int]], int]
"""Bytes that are set, by place and value, and how many are left at last."""

TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    'core-properties" xmlns:dcterms="http://purl.org/dc/terms/"><dcterms:created>{}'
    "</dcterms:created></cp:coreProperties>"
)
FOLDERS = {DOCX: "word/document.xml", XLSX: "xl/workbook.xml", PPTX: "ppt/presentation.xml"}


def digest_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def written(folder: Path, data: bytes, name: str = "file") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def changes() -> st.SearchStrategy[Changes]:
    places = st.integers(0, 1 << 16)
    return st.tuples(st.lists(st.tuples(places, st.integers(0, 255)), max_size=8), places)


def damaged(data: bytes, changes: Changes) -> bytes:
    result = bytearray(data)
    for place, value in changes[0]:
        result[place % len(data)] = value
    return bytes(result[: changes[1] % len(data) + 1])


def pdf(created: str | None = None) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    if created is not None:
        writer.add_metadata({"/CreationDate": created})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def zipped(parts: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", packing) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def types_xml(kind: str) -> bytes:
    override = f'<Override PartName="/x" ContentType="{kind}"/>'
    return f'<Types xmlns="{TYPES}">{override}</Types>'.encode()


def office(kind: str, core: bytes | None = None) -> bytes:
    parts = {"[Content_Types].xml": types_xml(f"{kind}.main+xml"), FOLDERS[kind]: b"<x/>"}
    return zipped(parts if core is None else {**parts, "docProps/core.xml": core})


def created(moment: str) -> bytes:
    return office(DOCX, CORE.format(moment).encode())


def real_xlsx() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write(0, 0, "整改")
    return buffer.getvalue()


def ofd() -> bytes:
    return zipped(
        {"OFD.xml": b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"/>', "Doc_0/a": b""}
    )


def exif(taken: bytes, offset: bytes | None = None) -> bytes:
    """Return a TIFF whose EXIF part says when it was taken, and with which offset to UTC."""
    fields = [(0x9003, taken)] + ([(0x9011, offset)] if offset else [])
    start = 26 + 2 + 12 * len(fields) + 4
    entries, values = b"", b""
    for tag, text in fields:
        entries += struct.pack("<HHII", tag, 2, len(text) + 1, start + len(values))
        values += text + b"\0"
    first = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0)
    head = b"II*\0" + struct.pack("<I", 8) + first
    return head + struct.pack("<H", len(fields)) + entries + bytes(4) + values


def jpeg(about: bytes | None = None) -> bytes:
    jfif = b"\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    body = b"" if about is None else b"Exif\0\0" + about
    marked = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body if body else b""
    return b"\xff\xd8" + jfif + marked + b"\xff\xdb\x00\x43" + bytes(65) + b"\xff\xd9"


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body


def mp4(seconds: int = 0, *, version: int = 0, brand: bytes = b"isom") -> bytes:
    times = struct.pack(">QQ" if version else ">II", seconds, seconds)
    head = box(b"mvhd", bytes([version, 0, 0, 0]) + times + bytes(80))
    film = box(b"moov", box(b"free", b"12") + head)
    return box(b"ftyp", brand + bytes(4) + brand) + box(b"mdat", b"\xff" * 500) + film


FRAME = b"\xff\xfb\x90\x64" + bytes(413)
"""One of MPEG-1 layer III, 128 kbit/s and 44.1 kHz: 417 bytes."""


def mp3(*, tagged: bool = True) -> bytes:
    tag = b"ID3\x04\0\0" + bytes([0, 0, 2, 1]) + bytes(257) if tagged else b""
    return tag + FRAME * 3


def ole(root_class: bytes = bytes(16)) -> bytes:
    """Return a compound file whose directory is its second sector."""
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(22) + struct.pack("<H", 9)
    header = head.ljust(48, b"\0") + struct.pack("<I", 1)
    return header.ljust(512 * 2 + 80, b"\0") + root_class + bytes(500)


INSTALLER = bytes.fromhex("84100c0000000000c000000000000046")


def directory_of(count: int) -> bytes:
    """Return a zip that names `count` files, of which only the first is there."""
    first = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 6, 0) + b"000000"
    entry = struct.Struct("<4s6H3I5H2I")
    rest = b"".join(
        entry.pack(b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0) + b"%06d" % number
        for number in range(count)
    )
    shown = min(count, 0xFFFF - 1)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, shown, shown, len(rest), len(first), 0)
    return first + rest + end


SAMPLES: Mapping[str, tuple[str, bytes]] = {
    "pdf": (kinds.PDF, pdf()),
    "pdf after a blank line": (kinds.PDF, b"\r\n" + pdf()),
    "jpeg": (kinds.JPEG, jpeg()),
    "png": (kinds.PNG, b"\x89PNG\r\n\x1a\n" + bytes(40)),
    "tiff": (kinds.TIFF, exif(b"2019:06:28 12:00:00")),
    "tiff of a big-endian machine": (kinds.TIFF, b"MM\0*" + bytes(40)),
    "docx": (DOCX, office(DOCX)),
    "xlsx": (XLSX, office(XLSX)),
    "xlsx of a program": (XLSX, real_xlsx()),
    "pptx": (PPTX, office(PPTX)),
    "ofd": (OFD, ofd()),
    "doc": (kinds.OLE, ole()),
    "text": (kinds.TEXT, "问题已整改到位。\n".encode()),
    "text with a mark": (kinds.TEXT, b"\xef\xbb\xbf" + "编号,金额\n1,2\n".encode()),
    "text of an older machine": (kinds.TEXT, "编号，金额，備註，㐂𠀀\r\n".encode("gb18030")),
    "mp4": (kinds.MP4, mp4()),
    "mp3": (kinds.MP3, mp3()),
    "mp3 without a tag": (kinds.MP3, mp3(tagged=False)),
    "zip": (ZIP, zipped({"a/照片.jpg": b"1", "b.txt": b"2"})),
}
"""By name: the media type that must be found, and the bytes."""
