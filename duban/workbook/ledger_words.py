"""The words of a ledger file in one language: headings, coded values, and what cells say."""

from enum import StrEnum
from functools import cache
from typing import Final

from duban.domain.problem.columns import COLUMNS
from duban.domain.problem.words import (
    AccessLevel,
    ProblemSource,
    ProblemType,
    RectifyClass,
    Severity,
)
from duban.texts import Language, term, text

FIELDS: Final = tuple(column.field for column in COLUMNS)
"""The columns that people see, in the order of domain.md d.6."""

HIDDEN: Final = ("exported_no", "exported_seq", "exported_seal")
"""By these a changed row is known again: number, ordinal of its last change, seal of its cells."""

MARKS: Final = ("field", "error")
"""What stands behind the columns of an error file, and is passed over when that is read."""

CHOICES: Final[dict[str, tuple[str, type[StrEnum]]]] = {
    "source": ("source", ProblemSource),
    "problem_type": ("problem_type", ProblemType),
    "severity": ("severity", Severity),
    "rectify_class": ("rectify_class", RectifyClass),
    "access_level": ("access", AccessLevel),
}
"""The coded columns: under which name the catalogue keeps their words, and their values."""

DATES: Final = frozenset({"found_at", "assigned_at", "due_at", "verified_at", "signed_off_at"})
UNITS: Final = frozenset({"responsible_unit"})
PEOPLE: Final = frozenset({"principal_leader", "handler"})


def head(field: str, lang: Language) -> str:
    """Return the heading of a column."""
    return text(f"ledger.col.{field}", lang)


def heads(lang: Language) -> tuple[str, ...]:
    """Return every heading, those of the hidden columns last."""
    return tuple(head(field, lang) for field in (*FIELDS, *HIDDEN))


def say(key: str, lang: Language) -> str:
    """Return a word that cells are made of."""
    return text(f"ledger.cell.{key}", lang)


@cache
def words(prefix: str, kind: type[StrEnum], lang: Language) -> dict[str, str]:
    """Return the word of each value of a closed list, by its code."""
    return {value.value: term(prefix, value, lang) for value in kind}


@cache
def codes(field: str) -> dict[str, StrEnum]:
    """Return the value that each word of a coded column means: of either language, or its code."""
    prefix, kind = CHOICES[field]
    found: dict[str, StrEnum] = {value.value: value for value in kind}
    for lang in Language:
        found.update({word: kind(code) for code, word in words(prefix, kind, lang).items()})
    return found
