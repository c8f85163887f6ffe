"""What a verification found, what it could not check, and what that amounts to (audit.md 6)."""

from collections import Counter
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from duban.store.findings import Finding

if TYPE_CHECKING:
    from duban.verify.state import State

KEPT: Final = 1000
"""Findings of one code that are kept; of those that follow only the number is told."""

UNDECIDED: Final = frozenset({"UNANCHORED", "QUORUM", "STALE", "NOT_AVAILABLE", "EMPTY"})
"""Codes that do not show tampering, but without which nobody may say that all is well."""


class Verdict(IntEnum):
    """What the whole amounts to; the number is the exit code."""

    HOLDS = 0
    TAMPERED = 1
    UNREADABLE = 2
    UNDECIDED = 3


@dataclass(frozen=True, slots=True)
class Unchecked:
    """What nobody looked at: `what` names it, `count` tells how many, if that is known.

    `since` is when it was looked at last, in ISO form, if it ever was.
    """

    what: str
    count: int = 0
    since: str = ""


@dataclass(slots=True)
class Report:
    """All findings with their number by code, and over how much they were looked for.

    `earlier` entries were checked by an earlier run and are not among `entries`; `state` is what
    the next run may go on from.
    """

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unchecked: list[Unchecked] = field(default_factory=list)
    entries: int = 0
    streams: int = 0
    closed_streams: int = 0
    checkpoints: int = 0
    tree_size: int = 0
    root: bytes = b""
    earlier: int = 0
    state: "State | None" = None

    def note(self, code: str, where: str, detail: str) -> None:
        """Add a finding."""
        self.counts[code] += 1
        if self.counts[code] <= KEPT:
            self.findings.append(Finding(code, where, detail))

    def take(self, findings: list[Finding]) -> None:
        """Add findings made elsewhere."""
        for each in findings:
            self.note(each.code, each.where, each.detail)

    @property
    def verdict(self) -> Verdict:
        """Tampering outweighs doubt; nothing but silence over checked entries is good."""
        codes = set(self.counts)
        if codes - UNDECIDED:
            return Verdict.TAMPERED
        if codes or not self.entries + self.earlier:
            return Verdict.UNDECIDED
        return Verdict.HOLDS
