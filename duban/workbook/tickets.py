"""The list of 12345 tickets: its columns, each row as a ticket, and nothing of who called.

Columns about the caller are known so that they can be left out, and so that a caller's name or
number is taken out of what the ticket says as well.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from duban.domain.problem.words import TicketKind
from duban.domain.tickets import Ticket
from duban.workbook.columns import Column, Shape
from duban.workbook.errors import CellFault, UnreadableError
from duban.workbook.references import Names
from duban.workbook.rows import ReadRow, ReadTable, read_rows

TITLE: Final = "12345工单"
HIDDEN: Final = "〔已隐去〕"
"""What stands for a caller's name, number or address in a text."""

COLUMNS: Final = (
    Column(
        "no",
        "工单编号",
        Shape.REFERENCE,
        width=22,
        aliases=("工单号", "编号", "受理编号", "流水号"),
    ),
    Column(
        "received_on",
        "受理时间",
        Shape.MOMENT,
        width=18,
        aliases=("来电时间", "登记时间", "受理日期", "创建时间"),
    ),
    Column(
        "kind",
        "工单类型",
        Shape.CHOICE,
        required=False,
        choices=TicketKind,
        aliases=("诉求类型", "业务类型", "工单类别", "诉求性质"),
    ),
    Column("title", "标题", required=False, width=36, aliases=("工单标题", "诉求标题", "主题")),
    Column(
        "description",
        "诉求内容",
        width=60,
        aliases=("工单内容", "来电内容", "反映内容", "诉求描述", "内容"),
    ),
    Column(
        "unit",
        "承办单位",
        Shape.UNIT,
        required=False,
        width=30,
        aliases=("办理单位", "主办单位", "责任单位", "转办单位"),
    ),
    Column(
        "due_on",
        "办结时限",
        Shape.MOMENT,
        required=False,
        width=14,
        aliases=("办理时限", "截止时间", "要求办结时间", "处理时限"),
    ),
)
"""What is read of a ticket."""

PERSONAL: Final = (
    Column(
        "caller",
        "来电人",
        required=False,
        aliases=("联系人", "姓名", "诉求人", "来电人姓名", "市民姓名"),
    ),
    Column(
        "phone",
        "联系电话",
        required=False,
        aliases=("来电号码", "电话", "手机", "手机号码", "联系方式"),
    ),
    Column("id_card", "身份证号", required=False, aliases=("证件号码", "身份证号码")),
    Column("address", "联系地址", required=False, aliases=("来电人地址", "家庭住址", "住址")),
)
"""What is known about the caller, and never goes any further than this module."""

_FIELDS = frozenset(column.field for column in PERSONAL)
_HEADERS = frozenset(column.header for column in PERSONAL)
_NOBODY = frozenset({"匿名", "群众", "市民", "企业", "先生", "女士", "未知", "保密", "不详"})
_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|(?:\+?86[- ]?)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8})"
    r"(?![0-9A-Za-z])"
)
"""Identity numbers, mobile and fixed telephone numbers."""
_SHORTEST = 2
_TITLE_LENGTH = 40


class TicketRow(NamedTuple):
    """A row of the list, as a ticket where it could be understood."""

    row: ReadRow
    ticket: Ticket | None


class TicketFile(NamedTuple):
    """The list: its table, its rows, the columns about callers, and how many texts were cleared."""

    table: ReadTable
    rows: tuple[TicketRow, ...]
    personal: tuple[str, ...]
    hidden: int


def read_tickets(
    path: Path, units: Iterable[Mapping[str, Any]], meaning: Mapping[str, str] | None = None
) -> TicketFile:
    """Return the tickets in a workbook (.xlsx) or CSV file.

    `units` are those of the campaign, with `code` and `name`; `meaning` maps an office's own
    headers to those of the template. Raises `TableInvalid` when the file as a whole cannot be read.
    """
    table = read_rows(path, (*COLUMNS, *PERSONAL), meaning)
    names = Names(units, "code")
    seen: set[str] = set()
    rows, hidden = [], 0
    for row in table.rows:
        hidden += _clear(row, [row.values.pop(each, "") for each in sorted(_FIELDS)])
        row.problems = [each for each in row.problems if each.column not in _HEADERS]
        _find_unit(table, row, names)
        _once(table, row, seen)
        rows.append(TicketRow(row, None if row.problems else _ticket(row.values)))
    personal = tuple(h for h, f in zip(table.headers, table.fields, strict=True) if f in _FIELDS)
    return TicketFile(table, tuple(rows), personal, hidden)


def column_of(field: str) -> Column:
    """Return the column that fills a field of a ticket."""
    return next(column for column in COLUMNS if column.field == field)


def _clear(row: ReadRow, personal: Sequence[str]) -> int:
    """Take what tells who called out of the texts of a row; return in how many it stood."""
    changed = 0
    for field in ("title", "description"):
        said = str(row.values.get(field, ""))
        cleared = _NUMBERS.sub(HIDDEN, said)
        for each in sorted(personal, key=len, reverse=True):
            if len(each) >= _SHORTEST and each not in _NOBODY:
                cleared = cleared.replace(each, HIDDEN)
        if cleared != said:
            row.values[field] = cleared
            changed += 1
    return changed


def _find_unit(table: ReadTable, row: ReadRow, names: Names) -> None:
    said = row.values.get("unit")
    if said is None:
        return
    column = column_of("unit")
    try:
        row.values["unit"] = names.code(said)
    except UnreadableError as wrong:
        table.wrong(row, column, wrong.code, wrong.params)
        return
    if not names.knows(row.values["unit"]):
        table.wrong(row, column, CellFault.UNIT_UNKNOWN, {"said": said})


def _once(table: ReadTable, row: ReadRow, seen: set[str]) -> None:
    no = row.values.get("no")
    if no in seen:
        table.wrong(row, column_of("no"), CellFault.TWICE, {"said": no})
    elif no is not None:
        seen.add(no)


def _ticket(values: dict[str, Any]) -> Ticket:
    first_line = str(values["description"]).splitlines()[0]
    return Ticket(**{"title": first_line[:_TITLE_LENGTH], **values})
