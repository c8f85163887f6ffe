"""Entries of earlier circulars (情况通报): the history that a repeated matter is measured by (K87).

An entry is known by its circular's number and its item; it is never taken over twice and never
changed. Whom it names stands apart from it, as a personal text (audit.md 3.5).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Final

from pydantic import Field, StringConstraints

from duban.domain.entity.entries import PARCEL_BYTES
from duban.domain.errors import RuleViolation
from duban.domain.events import Change, Event
from duban.domain.model import Model, Text
from duban.domain.outside import Import, Place, said
from duban.domain.problem.words import ProblemType

CIRCULAR_STREAM: Final = "circular"
"""The stream of earlier circulars; its ordinals are batches taken over, and refused attempts."""

CircularNo = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f#]{1,64}$")]
"""A circular's number, such as 庆作风办通报〔2018〕3号."""


class CircularEntry(Model):
    """One matter of a circular. `named` is the slot of the text that says who was named, if any."""

    circular: CircularNo
    item: int = Field(ge=1, le=9999)
    issued_on: date
    unit: Text
    matter: Text
    problem_type: ProblemType | None = None
    result: str = ""
    named: str | None = None

    @property
    def key(self) -> str:
        """The number and the item in one; what `recurs` of a problem names."""
        return f"{self.circular}#{self.item}"

    def tells(self, other: "CircularEntry") -> bool:
        """Say whether both tell the same of the matter; whom they name stands apart."""
        return self.model_copy(update={"named": None}) == other.model_copy(update={"named": None})


def batches(entries: Iterable[CircularEntry]) -> Iterator[tuple[CircularEntry, ...]]:
    """Yield the entries in order, in runs that fit one entry of the trail each."""
    run: list[CircularEntry] = []
    size = 0
    for entry in entries:
        length = len(entry.model_dump_json().encode())
        if run and size + length > PARCEL_BYTES:
            yield tuple(run)
            run, size = [], 0
        run.append(entry)
        size += length
    if run:
        yield tuple(run)


def recording(
    asked: Import,
    entries: Sequence[CircularEntry],
    known: Mapping[str, CircularEntry],
    at: Place,
) -> Event | None:
    """Return the entry that records what is not known yet; None when everything is."""
    new = [each for each in entries if each.key not in known]
    if not new:
        return None
    changes = tuple(Change(kind="circular", id=each.key, after=each.plain()) for each in new)
    tag = "circular:entries:recorded"
    return said(asked, tag, at, changes=changes)


def refusal(asked: Import, why: RuleViolation, at: Place) -> Event:
    """Return the entry of a refused attempt to take circulars over."""
    return said(asked, "circular:entries:recorded", at, refusal=why)
