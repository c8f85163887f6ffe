"""The words of an entry for a search by text, and what a search means (audit.md 4.3).

Chinese has no blanks between words, and cutting it into words loses what lies across a cut. So a
run of its characters is kept as overlapping pairs and its last character; digits and latin words
are kept whole. A text is folded first: width and letter case do not matter.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final
from zlib import crc32

from duban.store.canonical import StoredEntry
from duban.store.errors import ProfileViolation

_WORD_MAX: Final = 64
"""Letters of a word that count; an index has no use for longer ones."""

_EAST: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3031-\u3035\u3038-\u303c\u3041-\u318f\u31a0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Letters written without blanks between words: Chinese, and those that are set among it."""
_RUN: Final = re.compile(rf"[{_EAST}]+|[^\W_{_EAST}]+")
_EAST_RUN: Final = re.compile(rf"[{_EAST}]")
_FOR: Final = "for:"
"""Marks the person on whose behalf an entry was made; no word has a colon."""


def fold(text: str) -> str:
    """Return a text without differences of width, form and letter case (NFKC, lower case)."""
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=10_000)
def grams(text: str) -> frozenset[str]:
    """Return the words under which a text is found. Entries repeat each other's texts."""
    found: set[str] = set()
    for run in _RUN.findall(fold(text)):
        if _EAST_RUN.match(run):
            found.update(a + b for a, b in pairwise(run))
            found.add(run[-1])
        else:
            found.add(run[:_WORD_MAX])
    return frozenset(found)


def entry_grams(entry: StoredEntry) -> set[str]:
    """Return the words under which an entry is found, and the mark of whom it was made for."""
    found = set().union(*map(grams, set(texts_of(entry))))
    person = principal(entry)
    if person and not re.search(r"\s", person):
        found.add(f"{_FOR}{person}")
    return found


def vector(words: Iterable[str]) -> bytes:
    """Return words as PostgreSQL sends a tsvector of them: their number, then each by its bytes.

    A word ends with U+0000 and two bytes that count its places; a search knows of none.
    """
    ordered = sorted(words)
    sent = "\0\0\0".join([*ordered, ""]) if ordered else ""
    return len(ordered).to_bytes(4, "big") + sent.encode()


def principal(entry: StoredEntry) -> str | None:
    """Return the person on whose behalf an entry was made, if somebody deputised."""
    actor = entry.fields.get("actor")
    found = actor.get("for") if isinstance(actor, dict) else None
    return found if isinstance(found, str) else None


def query(text: str | None, on_behalf_of: str | None = None) -> str:
    """Return the tsquery that finds every entry that `matches`, and few others.

    It is empty when there is nothing in `text` that could be looked for.
    """
    asked = [term for run in _RUN.findall(fold(text or "")) for term in _terms(run)]
    if text is not None and not asked:
        return ""
    if on_behalf_of is not None:
        asked.append(_quoted(f"{_FOR}{on_behalf_of}"))
    return " & ".join(dict.fromkeys(asked))


def triples(texts: Iterable[str]) -> set[int]:
    """Return hashes (int4) of three characters in a row, one of them Chinese, that stand in texts.

    Between blanks only: where a part stands, as `matches` means it, all of its triples do.
    """
    parts = {part for text in texts for part in fold(text).split()}
    threes = {part[at : at + 3] for part in parts for at in range(len(part) - 2)}
    return {crc32(each.encode()) - 2**31 for each in threes if _EAST_RUN.search(each)}


def signs(text: str | None) -> list[str]:
    """Return what stands in every leaf of an entry that a text matches; see `may_match`."""
    return [part for part in fold(text or "").split() if _is_written_as_it_is(part)]


def may_match(leaf: str, signs: Iterable[str]) -> bool:
    """Say whether a leaf is worth reading: most that only share pairs with a text are not."""
    missing = [sign for sign in signs if sign not in leaf]
    if not missing:
        return True
    folded = fold(leaf)
    return all(sign in folded for sign in missing)


def matches(entry: StoredEntry, text: str | None, on_behalf_of: str | None = None) -> bool:
    """Say whether an entry is what was looked for: each part of `text` stands in one of its texts.

    Parts are what blanks separate; a part stands there as it is written, its order included.
    """
    if on_behalf_of is not None and principal(entry) != on_behalf_of:
        return False
    parts = fold(text or "").split()
    if not parts:
        return True
    # All at once, which is quicker: a part has no blank in it and folding reaches over no line.
    folded = fold("\n".join(texts_of(entry)))
    return all(part in folded for part in parts)


def texts_of(entry: StoredEntry) -> list[str]:
    """Return the texts of an entry; those of one outside the profile cannot be looked for."""
    try:
        return entry.texts
    except ProfileViolation:
        return []


def _terms(run: str) -> Iterator[str]:
    if not _EAST_RUN.match(run):
        yield _quoted(run[:_WORD_MAX])
    elif len(run) == 1:
        # Alone or before another: a character is the beginning of every pair it opens.
        yield f"{_quoted(run)}:*"
    else:
        yield from (_quoted(a + b) for a, b in pairwise(run))


def _is_written_as_it_is(part: str) -> bool:
    """Say whether JSON and folding leave a part as it is, whatever stands before it."""
    plain = part.isprintable() and not set(part) & {'"', "\\"}
    return plain and not unicodedata.combining(part[0])


def _quoted(word: str) -> str:
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"
