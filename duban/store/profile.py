"""What may stand in an entry beside numbers and texts: the restricted JSON profile of audit.md 3.1.

Keys are ASCII; values are objects, lists, texts, integers, truth values or nothing. One pass checks
an entry and gathers the texts that a search looks through: verification needs both.
"""

from collections.abc import Mapping
from typing import Any, Final

from duban.store.errors import ProfileViolation

DEPTH: Final = 64
"""How deep objects and lists may lie in one another, the leaf itself included."""
DETAIL_DEPTH: Final = DEPTH - 2
"""What of it is left to an entry's detail: it lies in the entry, and that in the leaf."""
CHANGE_DEPTH: Final = DEPTH - 4
"""What is left to what a change says: that lies in the change, and this in the list of them."""

_SCALARS: Final = frozenset({str, int, bool, type(None)})
_SPOKEN: Final = frozenset({"reason", "basis"})
_MANY: Final = 10_000
_ascii_keys: set[str] = set()
"""Keys seen before: entries repeat each other's, so most need no second look."""


def strings(value: Any, found: list[str], depth: int = DEPTH) -> None:
    """Add the texts of a JSON value to `found`, its keys left out, in their order.

    Raises:
        ProfileViolation: the profile has no place for the value.
    """
    if depth == 0:
        raise ProfileViolation(reason="too_deep")
    if type(value) is dict:
        _require_ascii(value)
        value = value.values()
    elif type(value) is not list:
        value = (value,)
    for inner in value:
        kind = type(inner)
        if kind is str:
            found.append(inner)
        elif kind is dict or kind is list:
            strings(inner, found, depth - 1)
        elif kind not in _SCALARS:
            raise ProfileViolation(reason="type_not_allowed", type=kind.__name__)


def texts(fields: Mapping[str, Any]) -> list[str]:
    """Return the texts of an entry that a search looks through, having checked all of it.

    They are its reason, its basis, its detail, its object's number and what it changed.

    Raises:
        ProfileViolation: the profile has no place for something in the entry.
    """
    found: list[str] = []
    others: list[str] = []
    _require_ascii(fields)
    for name, value in fields.items():
        kind = type(value)
        if kind is str:
            (found if name in _SPOKEN else others).append(value)
        elif kind is list and name == "changes":
            _changed(value, found, others)
        elif kind is not int:
            strings(value, found if name == "detail" else others, DETAIL_DEPTH)
    subject = fields.get("obj")
    if type(subject) is dict and type(subject.get("id")) is str:
        found.append(subject["id"])
    return found


def _changed(changes: list[Any], found: list[str], others: list[str]) -> None:
    """Gather what changes leave behind apart from what they are about and what was there before."""
    for change in changes:
        if type(change) is not dict:
            strings(change, others, CHANGE_DEPTH)
            continue
        _require_ascii(change)
        for name, value in change.items():
            if type(value) is not str or name == "a":
                strings(value, found if name == "a" else others, CHANGE_DEPTH)


def _require_ascii(fields: Mapping[Any, Any]) -> None:
    if _ascii_keys.issuperset(fields):
        return
    try:
        ascii_only = "".join(fields).isascii()
    except TypeError:
        ascii_only = False
    if not ascii_only:
        raise ProfileViolation(reason="key_not_ascii")
    if len(_ascii_keys) < _MANY:
        _ascii_keys.update(fields)
