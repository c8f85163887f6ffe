"""What goes back to an office: an empty form with its choices, and the rows that were wrong."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from io import BytesIO, StringIO
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from duban.workbook.columns import HELP_TITLE, Column, Shape
from duban.workbook.forms import Styles, add_validation, how
from duban.workbook.rows import FAULT_HEADER, FIELD_HEADER, ReadTable
from duban.workbook.whole import write_whole
from duban.workbook.words import NO, YES

_FORM_ROWS = 2000
_CREATED = datetime.combine(date(2000, 1, 1), time())
_WIDTHS = (20, 8, 60, 60)
_HEAD = ("列", "必填", "怎样填写", "也认得的表头")


class Returned(NamedTuple):
    """A row that was not taken over: as it stood, the field that is wrong, and why in words."""

    original: tuple[str, ...]
    field: str
    fault: str


def write_form(path: Path, title: str, columns: Sequence[Column]) -> None:
    """Write an empty form (.xlsx) with lists to pick from and a sheet that explains it.

    Raises `OSError` when the file cannot be written; it appears whole or not at all.
    """
    write_forms(path, {title: columns})


def write_forms(path: Path, sheets: Mapping[str, Sequence[Column]]) -> None:
    """Write empty forms, each a sheet by its title, as `write_form` writes one."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        styles = Styles(book)
        for title, columns in sheets.items():
            _form(book.add_worksheet(title), styles, columns)
        _guide(book.add_worksheet(HELP_TITLE), styles, sheets.values())
    write_whole(path, content.getvalue())


def _form(sheet: Worksheet, styles: Styles, columns: Sequence[Column]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, styles.of(column))
        sheet.write_string(0, place, column.header, styles.header(column))
        if column.choices is not None or column.shape is Shape.FLAG:
            add_validation(sheet, column, (1, place, _FORM_ROWS, place))


def _guide(sheet: Worksheet, styles: Styles, forms: Iterable[Sequence[Column]]) -> None:
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width)
    rows = [_HEAD, *(_explained(column) for columns in forms for column in columns)]
    for number, row in enumerate(rows):
        for place, said in enumerate(row):
            style = styles.body if number else styles.head
            sheet.write_string(number, place, said, style)


def _explained(column: Column) -> tuple[str, ...]:
    needed = YES if column.required else NO
    return column.header, needed, how(column), "、".join(column.aliases)


def write_returned(path: Path, table: ReadTable, rows: Iterable[Returned]) -> None:
    """Write the rows that were wrong with their own columns and 字段 and 错误 behind them.

    By its name the file is a workbook (.xlsx) or CSV (UTF-8 with its mark). It holds what the
    office sent, callers included: only its owner may read it.

    Raises `OSError` when the file cannot be written.
    """
    head = (*table.headers, FIELD_HEADER, FAULT_HEADER)
    body = [head, *((*row.original, row.field, row.fault) for row in rows)]
    content = _book(body) if path.suffix.lower() == ".xlsx" else _csv(body)
    write_whole(path, content)
    path.chmod(0o600)


def _book(rows: Iterable[Sequence[str]]) -> bytes:
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, options) as book:
        book.set_properties({"created": _CREATED})
        text = book.add_format({"num_format": "@", "text_wrap": True})
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows):
            for place, said in enumerate(row):
                sheet.write_string(number, place, said, text)
    return content.getvalue()


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    for row in rows:
        # A spreadsheet would run what begins so.
        writer.writerow([f"'{each}" if each[:1] in ("=", "+", "-", "@") else each for each in row])
    return text.getvalue().encode("utf-8-sig")
