"""What is said of a problem when it is found."""

from datetime import date
from typing import Final

from pydantic import Field

from duban.domain.model import Ident, Model, Text
from duban.domain.problem.words import ProblemSource, TicketKind


class TicketTerms(Model):
    """What a 12345 ticket says of its own limit (DL24): its kind, and the day if it names one."""

    kind: TicketKind = TicketKind.OTHER
    due_on: date | None = None


def is_nothing(value: object) -> bool:
    """Say whether a field is left out when it is written down.

    A registration from before the field, and one without it, are the same words to a receipt.
    """
    return not value


FROM_PERSON: Final = frozenset({ProblemSource.HOTLINE, ProblemSource.PETITION, ProblemSource.TV})
"""What somebody from outside raised (d.3.7): hotline, complaint, TV session."""


class Registration(Model):
    """What is said of a problem when it is found (K33). `unit` is where it was found, if known.

    `from_person` says that somebody from outside raised it: the contact with that person is part
    of its close (d.3.7).
    """

    title: Text
    description: Text
    source: ProblemSource
    source_ref: str = ""
    found_on: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$")
    unit: Ident | None = None
    from_person: bool = False
    ticket: TicketTerms | None = Field(default=None, exclude_if=is_nothing)
