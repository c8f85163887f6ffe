"""Units and people as an office names them: by code, by name, or by both."""

from collections.abc import Iterable, Mapping
from typing import Any

from duban.workbook.errors import CellFault, UnreadableError
from duban.workbook.raw import squeezed
from duban.workbook.shapes import SEPARATOR


class Names:
    """The objects of one sheet by code and by name."""

    def __init__(self, rows: Iterable[Mapping[str, Any]], key: str) -> None:
        self._name_of: dict[str, str] = {}
        self._codes_of: dict[str, list[str]] = {}
        for row in rows:
            code, name = row.get(key), squeezed(str(row.get("name", "")))
            if code is None or code in self._name_of:
                continue
            self._name_of[code] = name
            if name:
                self._codes_of.setdefault(name, []).append(code)

    def knows(self, code: str) -> bool:
        """Say whether there is an object of that code."""
        return code in self._name_of

    def code(self, said: str) -> str:
        """Return the code that `said` means; words that mean nothing known are given back.

        Raises `UnreadableError` when a name belongs to several, or not to the code beside it.
        """
        whole = squeezed(said)
        if whole in self._name_of:
            return whole
        codes = self._codes_of.get(whole, [])
        if len(codes) > 1:
            raise UnreadableError(CellFault.AMBIGUOUS, said=said, candidates="、".join(codes))
        if codes:
            return codes[0]
        first, _, rest = said.strip().partition(" ")
        first = squeezed(first)
        if first not in self._name_of or not rest:
            return whole
        name = self._name_of[first]
        if name and name != squeezed(rest):
            raise UnreadableError(
                CellFault.NAME_MISMATCH, said=squeezed(rest), code=first, name=name
            )
        return first


def labelled(code: str, name: str) -> str:
    """Return `code name` as `Names.code` understands it; the code alone for a name it could not.

    A name with a separator in it would fall apart inside a list.
    """
    if not name.strip() or SEPARATOR.search(name) or SEPARATOR.search(squeezed(name)):
        return code
    return f"{code} {name}"
