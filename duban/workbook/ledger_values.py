"""What the cells of a changed ledger mean: coded words, dates, units, people, units that help."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from duban.workbook.columns import Column, Shape
from duban.workbook.errors import CellFault, LedgerFault, UnreadableError
from duban.workbook.ledger_rows import Cell, LedgerRows, helpers_text, plain
from duban.workbook.ledger_words import CHOICES, DATES, PEOPLE, UNITS, codes
from duban.workbook.raw import RawCell, squeezed, suggestion
from duban.workbook.references import Names
from duban.workbook.shapes import parsed

Helper = dict[str, str]
"""A unit that helps, and what with."""

Value = str | bool | tuple[Helper, ...] | None

_DAY: Final = Column("", "", Shape.DATE)
_FLAG: Final = Column("", "", Shape.FLAG)
_LONGEST: Final = 4000
_SHOWN: Final = 60


class LedgerValues:
    """Reads cells with the names of units and people, and writes values as cells do."""

    def __init__(
        self, book: LedgerRows, units: Mapping[str, str], people: Mapping[str, str]
    ) -> None:
        self._book = book
        self._units = Names([{"code": code, "name": name} for code, name in units.items()], "code")
        self._people = Names([{"id": key, "name": name} for key, name in people.items()], "id")
        self._known = {
            LedgerFault.NO_SUCH_UNIT: units,
            LedgerFault.NO_SUCH_PERSON: people,
        }

    def read(self, field: str, cell: Cell) -> Value:
        """Return what a cell means to the commands; None for a blank one.

        Raises:
            UnreadableError: it means nothing.
        """
        text = plain(cell)
        if not text:
            return () if field == "assisting_units" else None
        if len(text) > _LONGEST:
            raise UnreadableError(CellFault.TOO_LONG, length=len(text), limit=_LONGEST)
        return self._reader(field)(field, text)

    def shown(self, field: str, value: Value) -> str:
        """Return a value as a cell of an export says it."""
        if isinstance(value, tuple):
            return helpers_text(value, self._book.unit)
        if isinstance(value, bool):
            return self._book.says["yes" if value else "no"]
        if value is None:
            return ""
        if field in CHOICES:
            return self._book.word[field][value]
        named = self._book.unit if field in UNITS else self._book.person
        return (named(value) or "") if field in UNITS | PEOPLE else value

    def _reader(self, field: str) -> Callable[[str, str], Value]:
        if field in CHOICES:
            return self._choice
        if field in DATES:
            return self._date
        if field in UNITS:
            return lambda _, text: self._unit(text)
        if field in PEOPLE:
            return lambda _, text: self._named(self._people, LedgerFault.NO_SUCH_PERSON, text)
        plain_ones = {"hard_bone": self._flag, "assisting_units": self._helpers}
        return plain_ones.get(field, lambda _, text: text)

    def _choice(self, field: str, text: str) -> str:
        value = codes(field).get(squeezed(text)) or codes(field).get(text)
        if value is None:
            offered = list(self._book.word[field].values())
            raise UnreadableError(
                CellFault.NOT_A_CHOICE,
                said=text[:_SHOWN],
                choices="、".join(offered),
                suggestion=suggestion(text, offered),
            )
        return value.value

    def _date(self, _: str, text: str) -> str:
        day = parsed(_DAY, RawCell(0, "", text))
        assert isinstance(day, date)
        return day.isoformat()

    def _flag(self, _: str, text: str) -> bool:
        return bool(parsed(_FLAG, RawCell(0, "", text)))

    def _unit(self, text: str) -> str:
        return self._named(self._units, LedgerFault.NO_SUCH_UNIT, text)

    def _named(self, names: Names, fault: LedgerFault, text: str) -> str:
        code = names.code(text)
        known = self._known[fault]
        if code not in known:
            near = [*known, *known.values()]
            raise UnreadableError(fault, said=text[:_SHOWN], suggestion=suggestion(text, near))
        return code

    def _helpers(self, _: str, text: str) -> tuple[Helper, ...]:
        """Read `UNIT：MATTER`, a line each; the unit by code, by name, or by both."""
        found: list[Helper] = []
        for line in filter(None, map(str.strip, text.split("\n"))):
            unit, mark, matter = line.replace(":", "：", 1).partition("：")
            if not (mark and unit.strip() and matter.strip()):
                raise UnreadableError(LedgerFault.HELPER, said=line[:_SHOWN])
            found.append({"unit": self._unit(unit.strip()), "matter": matter.strip()})
        return tuple(found)
