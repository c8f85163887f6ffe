"""Taking a workbook apart into rows and cells, whatever shape an office has given its sheets."""

import warnings
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from duban.workbook.errors import CellFault
from duban.workbook.raw import RawCell, RawFile, place_problem
from duban.workbook.tables import MAX_ROWS, Grid, tables_of

MAX_UNPACKED = 400 * 2**20
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
BROKEN = (
    BadZipFile, ParseError, InvalidFileException,
    KeyError, ValueError, TypeError, AttributeError, IndexError, EOFError, OSError,
)  # fmt: skip


def take_apart(path: Path) -> RawFile:
    """Return the tables of the workbook at `path`; what is no workbook is one problem."""
    fault = refusal(path)
    if fault is not None:
        limit = MAX_UNPACKED // 2**20
        return RawFile(problems=[place_problem("", 0, "", fault, limit=limit)])
    try:
        grids = _grids(path)
    except BROKEN:
        return RawFile(problems=[place_problem("", 0, "", CellFault.NOT_A_WORKBOOK)])
    return tables_of(grids)


def refusal(path: Path) -> CellFault | None:
    """Say why the bytes cannot be a workbook that we may open."""
    with path.open("rb") as file:
        head = file.read(len(_OLD_OFFICE))
        if head == _OLD_OFFICE:
            return CellFault.PASSWORD if _ENCRYPTED in file.read() else CellFault.NOT_A_WORKBOOK
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except (BadZipFile, OSError):
        return CellFault.NOT_A_WORKBOOK
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        return CellFault.TOO_LARGE
    return None


def _grids(path: Path) -> dict[str, Grid]:
    """Return every sheet as rows of its filled cells; hidden rows are rows like any other."""
    with warnings.catch_warnings():
        # Extensions that openpyxl drops (conditional formats and the like) carry no content.
        warnings.simplefilter("ignore")
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return {sheet.title: _grid(sheet) for sheet in book.worksheets}
        finally:
            book.close()


def _grid(sheet: Any) -> Grid:
    # Some programs write a wrong dimension, and reading would stop there.
    sheet.reset_dimensions()
    grid: Grid = []
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [
            RawCell(number, get_column_letter(place), cell.value, "%" in str(cell.number_format))
            for place, cell in enumerate(row, start=1)
            if cell.value is not None
        ]
        filled = [cell for cell in cells if not cell.blank]
        if filled:
            grid.append(filled)
        if len(grid) > MAX_ROWS:
            break
    return grid
