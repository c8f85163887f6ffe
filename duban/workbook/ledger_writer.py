"""Writing a ledger of any length as a workbook: rows go to the file one by one, memory stays flat.

The library makes the book with a single row (headings, widths, choices, styles, the other sheets);
the rows are written into its sheet in place of that one, because made cell by cell they take it
three times as long.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from html import escape
from io import BytesIO
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from duban.texts import Language
from duban.workbook.ledger_rows import LONGEST, Cell, LedgerRows, Listed, seal
from duban.workbook.ledger_words import (
    CHOICES,
    DATES,
    FIELDS,
    HIDDEN,
    PEOPLE,
    UNITS,
    heads,
    say,
    words,
)

MOST_ROWS: Final = 1_000_000
"""Rows of a sheet; the format ends a little later (1,048,576)."""

_SHEET: Final = "xl/worksheets/sheet1.xml"
_ROW: Final = re.compile(rb'<row r="2".*?</row>')
_STYLE: Final = re.compile(rb'<c r="[A-Z]+2" s="(\d+)"')
_DIMENSION: Final = re.compile(rb'<dimension ref="[^"]*"/>')
_ILLEGAL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_ESCAPED: Final = re.compile(r"_(x[0-9A-Fa-f]{4}_)")
_NOTHING: Final = date(1899, 12, 30)
"""Day 0 of a spreadsheet."""
_BUFFER: Final = 500
_LEVEL: Final = 1
_WIDE: Final = frozenset({"description", "target", "measures", "latest_progress", "result"})
_MIDDLE: Final = frozenset(
    {
        "assisting_units",
        "evidence_refs",
        "responsible_unit",
        "lead_unit",
        "verify_result",
        "signers",
    }
)
_FONT: Final = {"font_name": "宋体", "font_size": 11, "valign": "top"}


class LedgerBook:
    """A workbook being written; it appears under its name when it is whole.

    `about` is the second sheet (name and value per line); `names` are units and people to pick
    from.
    """

    def __init__(
        self,
        path: Path,
        lang: Language,
        about: Sequence[tuple[str, str]],
        names: tuple[Sequence[str], Sequence[str]],
    ) -> None:
        self._path = path
        self._part = path.with_name(f".{path.name}.part")
        self._frame = _frame(lang, about, names)
        self._waiting: list[str] = []
        self.rows = 0

    def __enter__(self) -> Self:
        with ZipFile(BytesIO(self._frame)) as frame:
            sheet = _DIMENSION.sub(b"", frame.read(_SHEET))
        [row] = _ROW.finditer(sheet)
        self._columns = [
            (xl_col_to_name(place), style.decode())
            for place, style in enumerate(_STYLE.findall(row[0]))
        ]
        self._rest = sheet[row.end() :]
        self._zip = ZipFile(self._part, "w", ZIP_DEFLATED, compresslevel=_LEVEL)
        self._sheet: IO[bytes] = self._zip.open(_info(_SHEET), "w", force_zip64=True)
        self._sheet.write(sheet[: row.start()])
        return self

    def add_problems(self, rows: LedgerRows, page: Iterable[Listed]) -> None:
        """Write problems, each with its number, the ordinal of its last change and its seal."""
        for each in page:
            cells = rows.cells(each, self.rows + 1)
            self.add([*cells, each.no, each.last_seq, seal(cells)])

    def add(self, cells: Sequence[Cell]) -> None:
        """Write a row: the columns people see, then the hidden ones."""
        self.rows += 1
        at = self.rows + 1
        made = [
            _cell(f"{letter}{at}", style, cell)
            for (letter, style), cell in zip(self._columns, cells, strict=True)
            if cell is not None and cell != ""
        ]
        self._waiting.append(f'<row r="{at}">{"".join(made)}</row>')
        if len(self._waiting) == _BUFFER:
            self._flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._flush()
            self._sheet.write(self._rest)
            self._sheet.close()
            with ZipFile(BytesIO(self._frame)) as frame:
                for name in frame.namelist():
                    if name != _SHEET:
                        self._zip.writestr(_info(name), frame.read(name))
            self._zip.close()
            if kind is None:
                self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)

    def _flush(self) -> None:
        self._sheet.write("".join(self._waiting).encode())
        self._waiting.clear()


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name)
    info.compress_type = ZIP_DEFLATED
    return info


def _cell(place: str, style: str, cell: Cell) -> str:
    """Return a cell as the format has it; text is text, whatever a spreadsheet would make of it."""
    if isinstance(cell, str):
        return (
            f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
            f"{_written(cell)}</t></is></c>"
        )
    number = (cell - _NOTHING).days if isinstance(cell, date) else cell
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


@lru_cache(maxsize=2_000)
def _written(text: str) -> str:
    """Return a text as XML, with what XML cannot hold left out and what looks escaped escaped."""
    plain = _ILLEGAL.sub("", text)[:LONGEST]
    if "_x" in plain:
        plain = _ESCAPED.sub(r"_x005F_\1", plain)
    return escape(plain, quote=False)


def _frame(
    lang: Language,
    about: Sequence[tuple[str, str]],
    names: tuple[Sequence[str], Sequence[str]],
) -> bytes:
    content = BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 -- a file's own clock
    bold = book.add_format({**_FONT, "bold": True, "bg_color": "#BDD7EE", "text_wrap": True})
    ledger = book.add_worksheet(say("sheet", lang))
    _ledger_sheet(ledger, book, lang, bold)
    told = book.add_worksheet(say("sheet.about", lang))
    told.set_column(0, 0, 24)
    told.set_column(1, 1, 100)
    for number, (name, value) in enumerate(about):
        told.write_string(number, 0, name, bold)
        told.write_string(number, 1, value)
    listed = book.add_worksheet(say("sheet.names", lang))
    for place, offered in enumerate(names):
        listed.set_column(place, place, 36)
        for number, name in enumerate(offered):
            listed.write_string(number, place, name)
    _offer(ledger, lang, names)
    book.close()
    return content.getvalue()


def _ledger_sheet(sheet: Worksheet, book: Workbook, lang: Language, bold: Format) -> None:
    """Write the headings and one empty row, from which every other takes its styles."""
    text = book.add_format({**_FONT, "text_wrap": True, "num_format": "@"})
    day = book.add_format({**_FONT, "num_format": "yyyy-mm-dd", "align": "left"})
    number = book.add_format(_FONT)
    counted = {"seq", "extension_count", "explanation_count", "recurrence_no", "exported_seq"}
    for place, (field, heading) in enumerate(zip((*FIELDS, *HIDDEN), heads(lang), strict=True)):
        style = day if field in DATES else number if field in counted else text
        hidden = {"hidden": 1} if field in HIDDEN else {}
        sheet.set_column(place, place, _width(field, heading), style, hidden)
        sheet.write_string(0, place, heading, bold)
        sheet.write_blank(1, place, None, style)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, MOST_ROWS, len(FIELDS) - 1)


def _width(field: str, heading: str) -> int:
    """Return the width of a column; a Chinese letter takes two."""
    wide = sum(2 if ord(letter) > 0xFF else 1 for letter in heading) + 4  # noqa: PLR2004
    least = 40 if field in _WIDE else 24 if field in _MIDDLE else 12
    return max(wide, least)


def _offer(sheet: Worksheet, lang: Language, names: tuple[Sequence[str], Sequence[str]]) -> None:
    """Offer the words of coded columns, units and people; other entries are warned about."""
    sources: dict[str, list[str] | str] = {
        field: list(words(prefix, kind, lang).values()) for field, (prefix, kind) in CHOICES.items()
    }
    sources["hard_bone"] = [say("yes", lang), say("no", lang)]
    ranges: Mapping[str, tuple[str, int]] = {
        **{field: ("A", len(names[0])) for field in UNITS},
        **{field: ("B", len(names[1])) for field in PEOPLE},
    }
    title = say("sheet.names", lang)
    sources |= {
        field: f"='{title}'!${letter}$1:${letter}${max(count, 1)}"
        for field, (letter, count) in ranges.items()
    }
    for field, source in sources.items():
        place = FIELDS.index(field)
        rule = {"validate": "list", "source": source, "error_type": "warning"}
        sheet.data_validation(1, place, MOST_ROWS, place, rule)
