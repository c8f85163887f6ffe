"""What counts as proof (domain.md d.5, EXP8, K04): outcomes do, activity and words do not."""

from collections.abc import Iterable
from typing import Protocol

from duban.domain.entity.records import EvidenceKind
from duban.domain.errors import Code, RuleViolation


class Proof(Protocol):
    """A reference to a proof, or the proof itself: it has a kind."""

    @property
    def kind(self) -> EvidenceKind:
        """What it counts as."""


def require_outcome(evidence: Iterable[Proof], object_id: str) -> None:
    """Refuse without at least one piece of outcome evidence (K04, EXP8)."""
    kinds = [each.kind for each in evidence]
    if EvidenceKind.OUTCOME not in kinds:
        raise RuleViolation(
            Code.EVIDENCE_INSUFFICIENT,
            id=object_id,
            given=[kind.value for kind in kinds],
            needed=EvidenceKind.OUTCOME.value,
        )
