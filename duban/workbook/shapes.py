"""Reading one cell: dates, numbers, codes, flags and words as people really type them."""

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from duban.workbook.columns import Column, Shape
from duban.workbook.errors import CellFault, UnreadableError
from duban.workbook.raw import RawCell, squeezed, suggestion
from duban.workbook.words import NO_WORDS, YES_WORDS, value_of, words

Parsed = object
"""A value for the field, as the plan models take it; references are still words."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_MIDNIGHT = re.compile(r"(?:T|\s)00:00(?::00)?$")
_CLOCK = re.compile(r"[T\s]+\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_REFERENCE = re.compile(r"[^\s#]{1,64}")
_EXACT = 10**15
SEPARATOR = re.compile(r"[、,;\n]+")
_ERROR_VALUES = {"#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#N/A", "#NULL!", "#NUM!", "#SPILL!"}
_MAX_WORDS = 4000
_SHOWN = 60


def parsed(column: Column, cell: RawCell) -> Parsed:
    """Return what `cell` says, read as `column` asks.

    Raises `UnreadableError`. Blank cells are the caller's business.
    """
    if cell.unfit:
        raise UnreadableError(CellFault.NOT_TEXT, said="{…}")
    if isinstance(cell.value, str) and cell.value in _ERROR_VALUES:
        raise UnreadableError(CellFault.ERROR_VALUE, said=cell.value)
    return _READERS[column.shape](column, cell)


def shown(cell: RawCell) -> str:
    """Return the content of `cell` for a message, cut to a readable length."""
    text = str(cell.value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def as_text(cell: RawCell) -> str:
    """Return the cell as trimmed text; whole numbers without a point, dates as ISO text."""
    value = cell.value
    if isinstance(value, bool) or value is None:
        raise UnreadableError(CellFault.NOT_TEXT, said=shown(cell))
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, float):
        return format(_normal(Decimal(format(value, ".15g"))), "f")
    text = str(value).replace("_x000D_", "").replace("\r\n", "\n").strip()
    if len(text) > _MAX_WORDS:
        raise UnreadableError(CellFault.TOO_LONG, length=len(text), limit=_MAX_WORDS)
    return text


def tokens(text: str) -> list[str]:
    """Return the parts of a list written with any usual separator."""
    halves = unicodedata.normalize("NFKC", text)
    return [part.strip() for part in SEPARATOR.split(halves) if part.strip()]


def _normal(number: Decimal) -> Decimal:
    """Return `number` without trailing zeros or exponent, so that equal numbers look equal."""
    if not number:
        return Decimal(0)
    plain = number.normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral_value() else plain


def _words(_: Column, cell: RawCell) -> str:
    return as_text(cell)


def _code(_: Column, cell: RawCell) -> str:
    text = squeezed(as_text(cell))
    if not _CODE.fullmatch(text):
        raise UnreadableError(CellFault.NOT_A_CODE, said=shown(cell))
    return text


def _number(_: Column, cell: RawCell) -> Decimal:
    """Return a number; a percentage is counted in percent, so that 71% is 71."""
    value, percent = cell.value, cell.percent
    if isinstance(value, str):
        text = squeezed(value).replace(",", "")
        percent = percent or text.endswith("%")
        plain, hundred = text.removesuffix("%"), Decimal(1)
    elif isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        plain, hundred = format(value, ".15g"), Decimal(100 if percent else 1)
    else:
        raise UnreadableError(CellFault.NOT_A_NUMBER, said=shown(cell))
    try:
        number = Decimal(plain)
    except InvalidOperation:
        raise UnreadableError(CellFault.NOT_A_NUMBER, said=shown(cell)) from None
    if not number.is_finite():
        raise UnreadableError(CellFault.NOT_A_NUMBER, said=shown(cell))
    return _normal(number * hundred)


def is_percent(cell: RawCell) -> bool:
    """Say whether the cell holds a percentage, by its format or its words."""
    return cell.percent or (isinstance(cell.value, str) and squeezed(cell.value).endswith("%"))


def _count(column: Column, cell: RawCell) -> int:
    try:
        number = _number(column, cell)
    except UnreadableError:
        raise UnreadableError(CellFault.NOT_A_COUNT, said=shown(cell)) from None
    if number != number.to_integral_value() or number < 1 or is_percent(cell):
        raise UnreadableError(CellFault.NOT_A_COUNT, said=shown(cell))
    return int(number)


def _date(_: Column, cell: RawCell) -> date:
    if isinstance(cell.value, datetime):
        return cell.value.date()
    if isinstance(cell.value, str):
        text = unicodedata.normalize("NFKC", cell.value).strip()
        found = _DATE.fullmatch(squeezed(_MIDNIGHT.sub("", text)))
        if found is not None:
            try:
                return date(*(int(part) for part in found.groups()))
            except ValueError:
                pass
    raise UnreadableError(CellFault.NOT_A_DATE, said=shown(cell))


def _moment(column: Column, cell: RawCell) -> date:
    """Return the day of a date that may have a time behind it, or be written without signs."""
    if isinstance(cell.value, str):
        text = _CLOCK.sub("", unicodedata.normalize("NFKC", cell.value).strip())
        cell = RawCell(cell.row, cell.column, _COMPACT.sub(r"\1-\2-\3", text))
    return _date(column, cell)


def _reference(_: Column, cell: RawCell) -> str:
    """Return a paper's number; kept as a number it has lost what it had beyond 15 digits."""
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    if is_number and abs(float(str(cell.value))) >= _EXACT:
        raise UnreadableError(CellFault.ROUNDED, said=shown(cell))
    text = squeezed(as_text(cell))
    if not _REFERENCE.fullmatch(text):
        raise UnreadableError(CellFault.NOT_A_REFERENCE, said=shown(cell))
    return text


def _flag(_: Column, cell: RawCell) -> bool:
    if isinstance(cell.value, bool):
        return cell.value
    text = squeezed(as_text(cell)).lower()
    if text in YES_WORDS:
        return True
    if text in NO_WORDS:
        return False
    raise UnreadableError(CellFault.NOT_A_FLAG, said=shown(cell))


def _choice(column: Column, cell: RawCell) -> object:
    assert column.choices is not None
    said = squeezed(as_text(cell))
    value = value_of(column.choices, said)
    if value is None:
        offered = words(column.choices)
        raise UnreadableError(
            CellFault.NOT_A_CHOICE,
            said=shown(cell),
            choices="、".join(offered),
            suggestion=suggestion(said, offered),
        )
    return value


def _list(_: Column, cell: RawCell) -> tuple[str, ...]:
    return tuple(tokens(as_text(cell)))


def _codes(_: Column, cell: RawCell) -> tuple[str, ...]:
    return tuple(squeezed(token) for token in tokens(as_text(cell)))


def _former_units(column: Column, cell: RawCell) -> tuple[dict[str, object], ...]:
    """Read 「U02 2018-05-01；U05 2017-01-31」: a unit's code and the day the person left it."""
    entries: list[dict[str, object]] = []
    for token in tokens(as_text(cell)):
        unit, _, left = token.replace("(", " ").replace(")", " ").strip().partition(" ")
        try:
            left_on = _date(column, RawCell(cell.row, cell.column, left))
        except UnreadableError:
            raise UnreadableError(CellFault.NOT_A_FORMER_UNIT, said=token) from None
        if not _CODE.fullmatch(unit):
            raise UnreadableError(CellFault.NOT_A_FORMER_UNIT, said=token)
        entries.append({"unit": unit, "left_on": left_on})
    return tuple(entries)


_READERS: dict[Shape, Callable[[Column, RawCell], Parsed]] = {
    Shape.WORDS: _words,
    Shape.CODE: _code,
    Shape.COUNT: _count,
    Shape.NUMBER: _number,
    Shape.DATE: _date,
    Shape.MOMENT: _moment,
    Shape.REFERENCE: _reference,
    Shape.FLAG: _flag,
    Shape.CHOICE: _choice,
    Shape.UNIT: _words,
    Shape.PERSON: _words,
    Shape.UNITS: _list,
    Shape.CODES: _codes,
    Shape.FORMER_UNITS: _former_units,
}
