"""Reading a ledger that was exported and changed: its rows, or everything wrong with its frame."""

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, NamedTuple
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from duban.texts import Language
from duban.workbook.errors import CellFault, CellProblem, LedgerFault, LedgerFileInvalid
from duban.workbook.ledger_rows import Cell, plain
from duban.workbook.ledger_words import FIELDS, HIDDEN, MARKS, head, heads
from duban.workbook.raw import squeezed, suggestion
from duban.workbook.sheets import BROKEN, MAX_UNPACKED, refusal_of

MOST_BYTES: Final = 100 * 2**20
MOST_ROWS: Final = 100_000

_MERGED: Final = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_BLOCK: Final = 1 << 20
_OVERLAP: Final = 64


class FileRow(NamedTuple):
    """One row: where it stands, and what its cells hold by field; blank ones are left out."""

    row: int
    cells: Mapping[str, Cell]

    def said(self, field: str) -> str:
        """Return what a cell says as text."""
        return plain(self.cells.get(field))


class LedgerFile(NamedTuple):
    """A ledger as it came back: its language, the letter of each column, its rows."""

    title: str
    lang: Language
    letters: dict[str, str]
    rows: list[FileRow]

    def problem(self, row: FileRow, field: str, code: str, **params: str | int) -> CellProblem:
        """Return what is wrong with a cell."""
        return CellProblem(
            sheet=self.title,
            row=row.row,
            column=self.letters.get(field, ""),
            code=code,
            params={"header": head(field, self.lang), **params},
        )


def read_ledger(path: Path) -> LedgerFile:
    """Return the ledger in the workbook at `path`.

    Raises:
        LedgerFileInvalid: it cannot be read as one; everything wrong with its frame is named.
    """
    fault = _refused(path)
    if fault is not None:
        raise LedgerFileInvalid(path.name, [_whole(fault, file=path.name)])
    try:
        merged = next(_merged(path), None)
        if merged is not None:
            raise LedgerFileInvalid(path.name, [_whole(LedgerFault.MERGED, ref=merged)])
        return _read(path)
    except BROKEN:
        raise LedgerFileInvalid(path.name, [_whole(CellFault.NOT_A_WORKBOOK)]) from None


def _refused(path: Path) -> CellFault | None:
    if not path.is_file():
        return CellFault.NOT_FOUND
    if path.suffix.lower() != ".xlsx":
        return CellFault.WRONG_SUFFIX
    return CellFault.TOO_LARGE if path.stat().st_size > MOST_BYTES else refusal_of(path)


def _whole(code: CellFault | LedgerFault, **params: str | int) -> CellProblem:
    limit = MAX_UNPACKED // 2**20
    return CellProblem(sheet="", row=0, column="", code=code, params={"limit": limit, **params})


def _merged(path: Path) -> Iterator[str]:
    """Yield the places of merged cells; the sheets are read as bytes, a block at a time."""
    with ZipFile(path) as book:
        for name in book.namelist():
            if not name.startswith("xl/worksheets/sheet"):
                continue
            with book.open(name) as sheet:
                kept = b""
                while block := sheet.read(_BLOCK):
                    yield from (each.decode() for each in _MERGED.findall(kept + block))
                    kept = block[-_OVERLAP:]


def _read(path: Path) -> LedgerFile:
    with warnings.catch_warnings():
        # Extensions that the library drops (conditional formats and the like) carry no content.
        warnings.simplefilter("ignore")
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return _found(path.name, book.worksheets)
        finally:
            book.close()


def _found(name: str, sheets: Sequence[Any]) -> LedgerFile:
    for sheet in sheets:
        # Some programs write a wrong dimension, and reading would stop there.
        sheet.reset_dimensions()
        rows = sheet.iter_rows(values_only=True)
        heading = next(rows, ())
        lang = _language(heading)
        if lang is not None:
            return _ledger(name, (sheet.title, lang), heading, rows)
    titles = "、".join(sheet.title for sheet in sheets)
    raise LedgerFileInvalid(name, [_whole(LedgerFault.NO_SHEET, found=titles)])


def _language(heading: Sequence[Any]) -> Language | None:
    """Return the language whose headings stand there; half of them tell."""
    said = {squeezed(str(each)) for each in heading if each is not None}
    for lang in Language:
        if len(said & {squeezed(each) for each in heads(lang)}) > len(FIELDS) // 2:
            return lang
    return None


def _ledger(
    name: str, which: tuple[str, Language], heading: Sequence[Any], rows: Iterator[Sequence[Any]]
) -> LedgerFile:
    title, lang = which
    places, problems = _places(title, lang, heading)
    if problems:
        raise LedgerFileInvalid(name, problems)
    letters = {field: get_column_letter(place + 1) for field, place in places.items()}
    found: list[FileRow] = []
    for number, row in enumerate(rows, start=2):
        cells = {
            field: cell
            for field, place in places.items()
            if place < len(row) and (cell := _cell(row[place])) not in (None, "")
        }
        if cells:
            found.append(FileRow(number, cells))
        if len(found) > MOST_ROWS:
            fault = _whole(CellFault.SHEET_TOO_LONG, limit=MOST_ROWS)
            raise LedgerFileInvalid(name, [fault])
    if not found:
        raise LedgerFileInvalid(name, [_whole(LedgerFault.EMPTY)])
    return LedgerFile(title, lang, letters, found)


def _places(
    title: str, lang: Language, heading: Sequence[Any]
) -> tuple[dict[str, int], list[CellProblem]]:
    """Return where each column stands; every heading must be there once, in any order."""
    fields = {squeezed(head(field, lang)): field for field in (*FIELDS, *HIDDEN, *MARKS)}
    places: dict[str, int] = {}
    problems: list[CellProblem] = []

    def wrong(code: CellFault, place: int, **params: str) -> None:
        letter = get_column_letter(place + 1) if place >= 0 else ""
        found = CellProblem(sheet=title, row=1, column=letter, code=code, params={**params})
        problems.append(found)

    for place, each in enumerate(heading):
        said = squeezed(str(each)) if each is not None else ""
        field = fields.get(said)
        if field in places:
            wrong(CellFault.COLUMN_TWICE, place, header=said)
        elif field is not None:
            places[field] = place
        elif said:
            free = [known for known, name in fields.items() if name not in places]
            wrong(CellFault.COLUMN_UNKNOWN, place, header=said, suggestion=suggestion(said, free))
    for field in (*FIELDS, *HIDDEN):
        if field not in places:
            wrong(CellFault.COLUMN_MISSING, -1, header=head(field, lang))
    return {field: at for field, at in places.items() if field not in MARKS}, problems


def _cell(value: object) -> Cell:
    """Return a cell's content as a text, a whole number or a day."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, date | int) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else format(value, ".15g")
    return plain(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value)))
