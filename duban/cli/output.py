"""Lists and single objects as a table for people, and as JSON, CSV or XLSX for what comes after.

The table speaks the chosen language; JSON and CSV carry the codes and names of the trail, so that
a script never depends on a translation.
"""

import csv
import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from rich import box
from rich.table import Table

from duban.cli.errors import UsageFault
from duban.cli.session import Session
from duban.domain.counting import SHANGHAI

Row = Mapping[str, Any]
_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?")


class Format(StrEnum):
    """How an answer is written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"


class Column(NamedTuple):
    """One column: a field of the row, the kind of words its values are, how it stands.

    `shown` makes the cell from the whole row where one field is not enough.
    """

    key: str
    words: str | None = None
    right: bool = False
    shown: Callable[[Session, Row], str] | None = None


class Destination(NamedTuple):
    """Where an answer goes: its format, and the file for XLSX."""

    format: Format
    out: Path | None = None


def destination(said: str, out: Path | None = None, *, xlsx: bool = False) -> Destination:
    """Return the destination for `-o said --out out`.

    Raises:
        UsageFault: `usage.not_a_format` or `usage.needs_out`.
    """
    known = [each.value for each in Format if xlsx or each is not Format.XLSX]
    if said not in known:
        raise UsageFault("usage.not_a_format", format=said, known=", ".join(known))
    if said == Format.XLSX and out is None:
        raise UsageFault("usage.needs_out")
    return Destination(Format(said), out)


def show_rows(
    session: Session, rows: Sequence[Row], columns: Sequence[Column], to: Destination
) -> None:
    """Write rows: a table of the columns, their codes as CSV, or the whole rows as JSON."""
    match to.format:
        case Format.JSON:
            show_json(session, [dict(row) for row in rows])
        case Format.CSV:
            _show_csv(session, rows, columns)
        case Format.XLSX:
            assert to.out is not None
            write_xlsx(session, to.out, [Sheet("1", rows, columns)])
        case Format.TABLE:
            _show_table(session, rows, columns)


def show_fields(session: Session, row: Row, columns: Sequence[Column], to: Destination) -> None:
    """Write one object: a field per line, or the whole of it as JSON or CSV."""
    if to.format is Format.JSON:
        show_json(session, dict(row))
    elif to.format is Format.CSV:
        _show_csv(session, [row], columns)
    else:
        table = Table(box=None, show_header=False, pad_edge=False)
        table.add_column(no_wrap=True)
        table.add_column(overflow="fold")
        for column in columns:
            cell = cell_of(session, row, column)
            if cell:
                table.add_row(session.say(f"col.{column.key}"), cell)
        session.put(table)


def show_json(session: Session, value: object) -> None:
    """Write a value as JSON."""
    session.out.print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def cell_of(session: Session, row: Row, column: Column) -> str:
    """Return the text of one cell in the session's language."""
    if column.shown is not None:
        return column.shown(session, row)
    value = row.get(column.key)
    if column.words is None:
        return words_of(session, value)
    values = value if isinstance(value, list | tuple) else [value]
    return session.say("joined").join(
        session.term(column.words, each) for each in values if each is not None
    )


def words_of(session: Session, value: object) -> str:
    """Return any value as people read it; instants are told in Shanghai time."""
    if isinstance(value, bool):
        return session.say("yes" if value else "no")
    if isinstance(value, list | tuple):
        return session.say("joined").join(words_of(session, each) for each in value)
    if isinstance(value, str):
        return _local(value)
    if isinstance(value, datetime):
        return _local(value.isoformat())
    return "" if value is None else str(_plain(value))


def _local(text: str) -> str:
    """Return an instant in its written form as Shanghai time, and any other text as it is."""
    if len(text) > len("2019-01-01T00:00") and text[4:5] == "-" and text[10:11] == "T":
        try:
            return f"{datetime.fromisoformat(text).astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        except ValueError:
            return text
    return text


def _show_table(session: Session, rows: Sequence[Row], columns: Sequence[Column]) -> None:
    if not rows:
        session.err.print(session.say("nothing_found"))
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(
            session.say(f"col.{column.key}"),
            justify="right" if column.right else "left",
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(cell_of(session, row, column) for column in columns))
    session.put(table)


def _show_csv(session: Session, rows: Sequence[Row], columns: Sequence[Column]) -> None:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.key for column in columns])
    for row in rows:
        writer.writerow([csv_cell(session, row, column) for column in columns])
    session.out.print(text.getvalue(), end="")


def csv_cell(session: Session, row: Row, column: Column) -> str:
    """Return one cell as CSV carries it: codes and names, nothing that a spreadsheet would run."""
    if column.key not in row and column.shown is not None:
        return column.shown(session, row)
    value = row.get(column.key)
    if isinstance(value, bool | list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    if isinstance(value, str):
        return guarded(value)
    return "" if value is None else str(_plain(value))


def guarded(text: str) -> str:
    """Return a text for a cell of CSV, with a mark before what a spreadsheet would run."""
    return f"'{text}" if _would_run(text) else text


def _would_run(text: str) -> bool:
    """Say whether a spreadsheet would take a text for a formula; a number is none."""
    return text.startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(text)


class Sheet(NamedTuple):
    """One sheet of a workbook."""

    title: str
    rows: Sequence[Row]
    columns: Sequence[Column]


def write_xlsx(
    session: Session, path: Path, sheets: Sequence[Sheet], *, created: datetime | None = None
) -> None:
    """Write sheets of rows as a workbook, in the words of the session's language.

    With `created`, which stands in the file for the time of writing, the same rows give the same
    bytes.
    """
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        if created is not None:
            book.set_properties({"created": created.astimezone(UTC).replace(tzinfo=None)})
        bold = book.add_format({"bold": True})
        for each in sheets:
            sheet = book.add_worksheet(each.title)
            heads = [session.say(f"col.{column.key}") for column in each.columns]
            sheet.write_row(0, 0, heads, bold)
            for number, row in enumerate(each.rows, start=1):
                cells = [cell_of(session, row, column) for column in each.columns]
                sheet.write_row(number, 0, cells)
            sheet.freeze_panes(1, 0)
            sheet.autofit()
    session.err.print(session.say("written", path=str(path)))


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, datetime) else str(value)
