"""Any table an office exports, taken apart: a workbook (.xlsx) or a CSV file, as rows of cells.

A CSV file may be UTF-8, with or without its mark, GB18030 (which GBK and GB2312 are part of) or
UTF-16 with its mark, and be parted by commas, semicolons or tabs.
"""

import csv
import re
import warnings
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter

from duban.workbook.errors import CellFault, FileFaultError
from duban.workbook.raw import RawCell
from duban.workbook.sheets import BROKEN, MAX_UNPACKED, refusal_of
from duban.workbook.tables import MAX_ROWS, Grid

MAX_BYTES = 20 * 2**20
"""Bytes of a file; twenty thousand tickets take a tenth of it."""

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PARTED_BY = ",;\t"
_UNSEEN = {number: None for number in range(32) if chr(number) not in "\n\t"}
"""Characters that nobody sees and no entry of the trail may hold."""

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)([0-9]+):[A-Z]+([0-9]+)"')
_FORMULA = re.compile(rb'<(?:\w+:)?c\b[^>]*\br="([A-Z]+[0-9]+)"[^>]*>\s*<(?:\w+:)?f\b')

Merged = dict[int, dict[int, int]]
"""What merges have swallowed: by row and number of the column, the row that holds the content."""


def grids(path: Path) -> dict[str, Grid]:
    """Return the sheets of a table file by their titles; a CSV file has one, without a title.

    Raises `FileFaultError`: there is no such file, it is too large, or cannot be read.
    """
    if not path.is_file():
        raise FileFaultError(CellFault.NOT_FOUND, file=path.name)
    if path.stat().st_size > MAX_BYTES:
        raise FileFaultError(CellFault.TOO_LARGE, limit=MAX_BYTES // 2**20)
    match path.suffix.lower():
        case ".xlsx":
            return _workbook(path)
        case ".csv" | ".txt":
            return {"": _csv(path.read_bytes())}
    raise FileFaultError(CellFault.NOT_A_TABLE, file=path.name)


def _csv(content: bytes) -> Grid:
    text = _decoded(content).replace("\0", "")
    first = text.lstrip().partition("\n")[0]
    parted = max(_PARTED_BY, key=first.count)
    grid: Grid = []
    reader = csv.reader(StringIO(text), delimiter=parted)
    try:
        for row in reader:
            cells = [
                RawCell(reader.line_num, get_column_letter(place), cleaned(said))
                for place, said in enumerate(row, start=1)
            ]
            filled = [cell for cell in cells if not cell.blank]
            if filled:
                grid.append(filled)
            if len(grid) > MAX_ROWS:
                break
    except csv.Error as error:
        raise FileFaultError(CellFault.NOT_CSV, line=reader.line_num, why=str(error)) from None
    return grid


def _decoded(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileFaultError(CellFault.ENCODING)


def cleaned(said: str) -> str:
    """Return what a cell says without what nobody sees, and without the mark against formulas."""
    text = said.replace("\r\n", "\n").translate(_UNSEEN)
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _workbook(path: Path) -> dict[str, Grid]:
    fault = refusal_of(path)
    if fault is not None:
        raise FileFaultError(fault, limit=MAX_UNPACKED // 2**20)
    try:
        with warnings.catch_warnings(), ZipFile(path) as archive:
            # Extensions that openpyxl drops (conditional formats and the like) carry no content.
            warnings.simplefilter("ignore")
            with closing(load_workbook(path, read_only=True, data_only=True)) as book:
                return {sheet.title: _grid(sheet, archive) for sheet in book.worksheets}
    except BROKEN:
        raise FileFaultError(CellFault.NOT_A_WORKBOOK) from None


def _grid(sheet: Any, archive: ZipFile) -> Grid:
    """Return the rows of a sheet: formulas by their results, merged cells filled downwards."""
    # Read as a stream, openpyxl tells nothing of merges and formulas, and read whole it makes a
    # cell of every place up to the last one that was ever touched.
    part = archive.read(sheet._worksheet_path)  # noqa: SLF001 -- it has no other name
    formulas = frozenset(each.decode() for each in _FORMULA.findall(part))
    merged = _merged(part)
    grid: Grid = []
    above: dict[int, dict[int, RawCell]] = {}
    # Some programs write a wrong dimension, and reading would stop there.
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = {
            place: _cell((number, place), each, formulas) for place, each in enumerate(row, start=1)
        }
        filled = {place: cell for place, cell in cells.items() if not cell.blank}
        # A row that only repeats what is merged into it is an empty row.
        if filled:
            above[number] = filled
            for place, first in merged.get(number, {}).items():
                known = above.get(first, {}).get(place)
                if known is not None and place not in filled:
                    cells[place] = replace(known, row=number)
            grid.append([cells[place] for place in sorted(cells) if not cells[place].blank])
        if len(grid) > MAX_ROWS:
            break
    return grid


def _cell(at: tuple[int, int], cell: Any, formulas: frozenset[str]) -> RawCell:
    number, letter = at[0], get_column_letter(at[1])
    value = cleaned(cell.value) if isinstance(cell.value, str) else cell.value
    # Another program than a spreadsheet has written the formula, and no result of it.
    lost = value is None and f"{letter}{number}" in formulas
    percent = value is not None and "%" in str(cell.number_format)
    return RawCell(number, letter, value, percent, lost)


def _merged(part: bytes) -> Merged:
    found: Merged = {}
    for letter, start, end in _MERGE.findall(part):
        first, last = int(start), min(int(end), int(start) + MAX_ROWS)
        for number in range(first + 1, last + 1):
            found.setdefault(number, {})[column_index_from_string(letter.decode())] = first
    return found
