"""An answer: a typed table, the moment it holds for, and the entries each row rests on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from duban.domain.model import Document
from duban.questions.entries import Entry
from duban.questions.facts import Fact


class Shape(StrEnum):
    """What the values of a column are."""

    TEXT = "text"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    YES_NO = "yes_no"
    LIST = "list"
    WORD = "word"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `words` is the catalogue's prefix for a WORD.

    A STATE is a word too; of which kind, the row's cell `kind` says.
    """

    id: str
    shape: Shape = Shape.TEXT
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `units` and `objects` are those it is about, for who asks about these alone."""

    cells: Document
    entries: tuple[Entry, ...]
    units: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()

    @property
    def keys(self) -> list[str]:
        """The entries it rests on, as `stream#seq`, each once, in their order."""
        seen = {(each.stream, each.event.seq): each.key for each in self.entries}
        return [seen[place] for place in sorted(seen)]


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer. `upto` is the last entry that was known at the moment.

    `lacks` names the facts of which the question speaks as well and which are not on the trail:
    about these the answer says nothing.
    """

    number: int
    slug: str
    campaign: str
    moment: datetime
    policy_version: str
    calendar_version: int
    upto: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    lacks: tuple[Fact, ...] = ()

    def document(self) -> Document:
        """Return the answer as plain JSON, in codes and never in words."""
        return {
            "number": self.number,
            "slug": self.slug,
            "campaign": self.campaign,
            "moment": self.moment.isoformat(),
            "policy_version": self.policy_version,
            "calendar_version": self.calendar_version,
            "upto": self.upto,
            "lacks": [each.value for each in self.lacks],
            "columns": [
                {"id": each.id, "shape": each.shape.value, "words": each.words}
                for each in self.columns
            ],
            "rows": [{**row.cells, "rests_on": _json_list(row.keys)} for row in self.rows],
        }

    def encoded(self) -> bytes:
        """Return the answer's bytes: the same for the same question of the same moment."""
        whole = self.document()
        return json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _json_list(values: Iterable[str]) -> JsonValue:
    return list(values)
