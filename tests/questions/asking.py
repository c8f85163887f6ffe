"""Asking in the tests: a question by its number, of some entries, as of a moment of Shanghai."""

from collections.abc import Sequence
from typing import Any

from duban.questions import Answer, Asked, Entry, answer, find
from duban.store.pool import WORKER
from tests.support.stories import at


def ask(number: int, entries: Sequence[Entry], moment: str, **also: Any) -> Answer:
    """Return the answer to a question."""
    asked = Asked(at(moment), writers=frozenset({WORKER}), **also)
    return answer(find(str(number)), entries, asked)


def cells(found: Answer, *names: str) -> list[tuple[Any, ...]]:
    """Return some cells of every row."""
    return [tuple(row.cells[name] for name in names) for row in found.rows]


def tags_of(found: Answer, entries: Sequence[Entry]) -> list[list[str]]:
    """Return per row the tags of the entries it rests on."""
    tag = {each.key: each.event.tag for each in entries}
    return [[tag[key] for key in row.keys] for row in found.rows]
