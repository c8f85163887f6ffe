"""Which ordinals of each stream were seen; a dense stream is kept as one pair of numbers."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import asyncpg

from duban.store.canonical import StoredEntry, parse
from duban.store.errors import TrailUnreadable
from duban.store.findings import Finding


@dataclass(slots=True)
class Seen:
    """The ordinals of one stream as runs [first, last], and the count its closing entry tells."""

    runs: list[tuple[int, int]] = field(default_factory=list)
    closing: int | None = None
    closed_at: int | None = None

    @property
    def begins(self) -> bool:
        """Whether the first ordinal is there."""
        return any(first == 0 for first, _ in self.runs)

    def add(self, seq: int) -> None:
        """Take an ordinal in; usually it is the next one."""
        if self.runs and self.runs[-1][1] + 1 == seq:
            self.runs[-1] = (self.runs[-1][0], seq)
        else:
            self.runs.append((seq, seq))

    def take(self, row: asyncpg.Record) -> StoredEntry | None:
        """Take in the entry of a row, and return it; None if its leaf cannot be read."""
        self.add(row["seq"])
        try:
            stored = parse(row["leaf"], row["event_id"])
        except TrailUnreadable:
            return None
        if stored.closing is not None:
            self.closing, self.closed_at = stored.closing, row["seq"]
        return stored

    def join(self, later: "Seen") -> None:
        """Take in what was seen of the stream further on."""
        self.runs = merged([*self.runs, *later.runs])
        if later.closing is not None:
            self.closing, self.closed_at = later.closing, later.closed_at


def merged(runs: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return runs in order, those that touch as one. Overlapping ones stay apart."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def judge(stream: str, seen: Seen, next_seq: int | None) -> list[Finding]:
    """Return what is wrong with a stream: doubled or missing ordinals, a wrong closing count.

    `next_seq` is what the database's own head of the stream says, if it has one.
    """
    found: list[Finding] = []
    count, highest = 0, -1
    for first, last in merged(seen.runs):
        if first <= highest:
            found.append(Finding("DUP_ORDINAL", f"{stream}#{first}", "this ordinal is there twice"))
        elif first > highest + 1:
            gap = f"{first - highest - 1} before it missing"
            found.append(Finding("ORDINAL_GAP", f"{stream}#{first}", gap))
        count, highest = count + last - first + 1, max(highest, last)
    if next_seq is not None and next_seq != highest + 1:
        told = f"{next_seq} entries were appended, the last there is {highest}"
        found.append(Finding("ORDINAL_GAP", stream, told))
    if seen.closed_at is not None and seen.closed_at < highest:
        after = f"{stream}#{seen.closed_at + 1}"
        found.append(Finding("CLOSED_COUNT", after, "it follows the closing entry"))
    if seen.closing is not None and seen.closing != count:
        told = f"{seen.closing} said, {count} there"
        found.append(Finding("CLOSED_COUNT", stream, told))
    return found
