"""The rows of a changed ledger that are wrong, as a workbook to put right and to import again."""

from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from pathlib import Path

import xlsxwriter

from duban.workbook.errors import CellProblem
from duban.workbook.ledger_reader import LedgerFile
from duban.workbook.ledger_words import FIELDS, HIDDEN, MARKS, head
from duban.workbook.whole import write_whole


def write_errors(path: Path, file: LedgerFile, problems: Sequence[tuple[CellProblem, str]]) -> None:
    """Write every wrong row once, with its columns as they are wrong and the reasons in words.

    Raises `OSError` when the file cannot be written; it appears whole or not at all.
    """
    reasons: dict[int, list[tuple[str, str]]] = {}
    for problem, said in problems:
        reasons.setdefault(problem.row, []).append((str(problem.params.get("header", "")), said))
    fields = (*FIELDS, *HIDDEN, *MARKS)
    content = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, options)
    sheet = book.add_worksheet(file.title)
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
    for place, field in enumerate(fields):
        hidden = {"hidden": 1} if field in HIDDEN else {}
        sheet.set_column(place, place, 40 if field in MARKS else 14, None, hidden)
        sheet.write_string(0, place, head(field, file.lang), bold)
    wrong = [row for row in file.rows if row.row in reasons]
    for number, row in enumerate(wrong, start=1):
        told = reasons[row.row]
        marks = ("\n".join(name for name, _ in told), "\n".join(said for _, said in told))
        for place, cell in enumerate((*(row.cells.get(f) for f in (*FIELDS, *HIDDEN)), *marks)):
            if isinstance(cell, date):
                sheet.write_datetime(number, place, datetime.combine(cell, time()), day)
            elif cell not in (None, ""):
                sheet.write(number, place, cell)
    sheet.freeze_panes(1, 2)
    book.close()
    write_whole(path, content.getvalue())
