"""What is said of a problem when it is found."""

from typing import Final

from pydantic import Field

from duban.domain.model import Ident, Model, Text
from duban.domain.problem.words import ProblemSource

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
