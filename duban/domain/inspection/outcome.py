"""What comes of an inspection: conclusion, findings, review (f.5, DL25, DL26, K48, K54)."""

from datetime import date

from pydantic import Field

from duban.domain.inspection.words import FindingKind, ReviewOutcome
from duban.domain.model import Ident, Model, Text

MOST = 100


class Upheld(Model):
    """A finding that the conclusion upholds, and the items of the record that show it."""

    kind: FindingKind
    title: Text
    items: tuple[Ident, ...] = Field(min_length=1, max_length=MOST)


class LeftOut(Model):
    """An item of the record that the conclusion does not use, who left it out and why (i.2, 32)."""

    item: Ident
    reason: Text
    by: str


class Conclusion(Model):
    """督查结论: facts clear, evidence sufficient, objective and fair; drafted, then issued."""

    summary: Text
    upheld: tuple[Upheld, ...] = Field(max_length=MOST)
    left_out: tuple[LeftOut, ...] = ()
    drafted_by: str
    drafted_on: date
    doc_no: str = ""
    issued_by: str | None = None
    issued_on: date | None = None
    fed_back_on: date | None = None
    fed_back_to: str = ""


class Finding(Model):
    """A finding of an issued conclusion: on its way to a problem or an exemplar (K54).

    `dropped` says that the review took it back.
    """

    id: Ident
    kind: FindingKind
    title: Text
    items: tuple[Ident, ...]
    problem: Ident | None = None
    exemplar: str = ""
    settled_by: str | None = None
    settled_on: date | None = None
    dropped: bool = False

    @property
    def is_orphan(self) -> bool:
        """Whether nothing has come of it yet."""
        return not (self.dropped or self.problem or self.exemplar)


class Review(Model):
    """复核 of a conclusion: asked for by the unit, decided by the leading group (DL26)."""

    grounds: Text
    doc_no: Text
    requested_by: str
    requested_on: date
    outcome: ReviewOutcome | None = None
    reason: str = ""
    decision_doc: str = ""
    decided_by: str | None = None
    decided_on: date | None = None
