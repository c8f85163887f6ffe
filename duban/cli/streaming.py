"""Entries without end as CSV, JSON lines or XLSX: one at a time, so that memory stays flat.

A file appears under its name only when it is whole.
"""

import csv
import hashlib
import json
import os
import sys
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from duban.cli import columns
from duban.cli.output import cell_of, csv_cell
from duban.cli.session import Session
from duban.store.canonical import StoredEntry

FORMATS = ("csv", "jsonl", "xlsx")
"""What an export of any size can be written as."""

_SHEET_ROWS = 1_000_000
"""Rows of a sheet; the format ends a little later (1,048,576)."""
_CELL = 32_767
"""Letters of a cell of the format."""
_READ = 1 << 20

Entries = AsyncGenerator[StoredEntry]
RowOf = Callable[[StoredEntry], dict[str, Any]]


class Written(NamedTuple):
    """How much was written, and the SHA-256 (hex) of all its bytes."""

    rows: int
    sha256: str


async def write_entries(
    session: Session, entries: Entries, to: tuple[str, Path | None], row_of: RowOf
) -> Written:
    """Write entries as `to` says (a format, and a file or the output); XLSX needs a file."""
    kind, path = to
    if path is None:
        return await _write_text(session, entries, (kind, row_of), session.out.file.write)
    part = path.with_name(f"{path.name}.part")
    try:
        if kind == "xlsx":
            rows = await _write_xlsx(session, entries, part, row_of)
            written = Written(rows, digest_of(part))
        else:
            with part.open("w", encoding="utf-8", newline="") as file:
                written = await _write_text(session, entries, (kind, row_of), file.write)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    session.err.print(session.say("written", path=str(path)))
    return written


def whole(entry: StoredEntry) -> dict[str, Any]:
    """Return an entry whole: all its fields, and what the database added."""
    return {
        "id": str(entry.event_id),
        "recorded_us": entry.recorded_us,
        "recorded_by": entry.by,
        **entry.fields,
    }


def json_line(value: object) -> str:
    """Return a value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def hang_up() -> None:
    """Let nothing more be written: whoever read the output has gone."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Sink:
    """A file that keeps the digest of what is written to it."""

    def __init__(self, put: Callable[[str], object]) -> None:
        self._put = put
        self.digest = hashlib.sha256()

    def write(self, text: str) -> None:
        self.digest.update(text.encode())
        self._put(text)


async def _write_text(
    session: Session, entries: Entries, how: tuple[str, RowOf], put: Callable[[str], object]
) -> Written:
    kind, row_of = how
    sink, rows = _Sink(put), 0
    table = csv.writer(sink, lineterminator="\n")
    if kind == "csv":
        table.writerow([column.key for column in columns.ENTRIES])
    async for entry in entries:
        rows += 1
        if kind == "jsonl":
            sink.write(json_line(whole(entry)))
            continue
        row = row_of(entry)
        table.writerow([csv_cell(session, row, column) for column in columns.ENTRIES])
    return Written(rows, sink.digest.hexdigest())


async def _write_xlsx(session: Session, entries: Entries, path: Path, row_of: RowOf) -> int:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    heads = [session.say(f"col.{column.key}") for column in columns.ENTRIES]
    rows = 0
    with xlsxwriter.Workbook(str(path), options) as book:
        bold = book.add_format({"bold": True})
        sheet = None
        async for entry in entries:
            if sheet is None or rows % _SHEET_ROWS == 0:
                sheet = _sheet(book, heads, bold)
            row = row_of(entry)
            cells = [cell_of(session, row, column)[:_CELL] for column in columns.ENTRIES]
            sheet.write_row(rows % _SHEET_ROWS + 1, 0, cells)
            rows += 1
        if sheet is None:
            _sheet(book, heads, bold)
    return rows


def _sheet(book: Any, heads: list[str], bold: Any) -> Any:
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, heads, bold)
    return sheet


def digest_of(path: Path) -> str:
    """Return the SHA-256 (hex) of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_READ):
            digest.update(block)
    return digest.hexdigest()
