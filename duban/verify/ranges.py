"""A range of the log, checked by itself: bytes, hashes, tiles, columns, times, ordinals.

Ranges begin at multiples of `SPAN`, so that each is a whole subtree but the last; they are read by
processes of their own, all from one snapshot of the database.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import asyncpg
import uvloop

from duban.proof.merkle import HASH_SIZE, Frontier, leaf_hash
from duban.proof.tiles import HEIGHT, WIDTH, tile_root
from duban.store.canonical import StoredEntry
from duban.store.checks import Marked, TrailRules, judge_entry, wrong_columns
from duban.store.findings import Finding
from duban.store.grams import entry_grams, vector
from duban.store.identity import TAIL_BITS
from duban.store.ordinals import Seen, merged
from duban.verify.payloads import PREFETCH, Texts, Told
from duban.verify.queries import SQL
from duban.verify.snapshots import in_snapshot

SPAN: Final = WIDTH * WIDTH
"""Leaves of one range: those of a full tile of level 1."""
_CHUNK: Final = 2048
"""Leaves read at once."""
_MILLION: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Window:
    """The checkpoints by size, with the time (microseconds) at which each was made.

    `since_us` is when the queue was last seen empty before: what was recorded earlier than that
    would have been in an earlier checkpoint. A full batch leaves entries behind (audit.md 3.3).
    """

    sizes: tuple[int, ...]
    made_us: tuple[int, ...]
    since_us: tuple[int, ...]

    @classmethod
    def over(cls, checkpoints: Sequence[tuple[int, int]], batch: int) -> "Window":
        """Make it of sizes and times; a step of `batch` entries may have left some behind."""
        since, emptied, before = [], 0, 0
        for size, made_us in checkpoints:
            since.append(emptied)
            emptied = made_us if size - before < batch else emptied
            before = size
        sizes, made = zip(*checkpoints, strict=True) if checkpoints else ((), ())
        return cls(tuple(sizes), tuple(made), tuple(since))

    def of(self, index: int) -> tuple[int, int] | None:
        """Return between which times a leaf was recorded; None past the last checkpoint."""
        place = bisect_right(self.sizes, index)
        return (self.since_us[place], self.made_us[place]) if place < len(self.sizes) else None


@dataclass(frozen=True, slots=True)
class Job:
    """What a process is to check.

    `cuts` are the tree sizes at which a root is asked for, `asked` the leaves whose hash is. Leaves
    below `projected` can be found by their words.
    """

    dsn: str
    snapshot: str
    first: int
    end: int
    cuts: tuple[int, ...]
    asked: frozenset[int]
    window: Window
    projected: int
    rules: TrailRules
    marked: Marked


@dataclass(slots=True)
class Part:
    """What a process found in its range.

    `frontiers` are those of the range alone, at every cut and at the range's end.
    """

    first: int
    end: int
    frontiers: dict[int, Frontier] = field(default_factory=dict)
    tile_roots: list[bytes] = field(default_factory=list)
    streams: dict[str, Seen] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    hashes: dict[int, bytes] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    entries: int = 0


def check_range(job: Job) -> Part:
    """Check a range; runs in a process of its own.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    return uvloop.run(_check(job))


async def _check(job: Job) -> Part:
    walk = _Walk(job)
    async with in_snapshot(job.dsn, job.snapshot) as connection:
        tiles = await connection.fetch(SQL["tiles"], 0, job.first >> HEIGHT, -(-job.end >> HEIGHT))
        for start in range(job.first, job.end, _CHUNK):
            leaves = await connection.fetch(SQL["leaves"], start, min(start + _CHUNK, job.end))
            entries = await _entries(connection, [leaf["event_id"] for leaf in leaves])
            for leaf in leaves:
                walk.visit(leaf, entries.get(leaf["event_id"]))
        span = (job.first, job.end)
        async for row in connection.cursor(SQL["texts"], *span, prefetch=PREFETCH):
            walk.texts.text(row)
    return walk.finish({row["tile_index"]: row for row in tiles})


async def _entries(
    connection: asyncpg.Connection, ids: Sequence[UUID]
) -> dict[UUID, asyncpg.Record]:
    """Return the entries that are there, by id; an id begins with its entry's time."""
    if not ids:
        return {}
    first, last = min(ids), max(ids)
    between = (first.int >> TAIL_BITS) * 1000, (last.int >> TAIL_BITS) * 1000 + 999
    rows = await connection.fetch(SQL["entries_with_words"], ids, first, last, *between)
    return {row["event_id"]: row for row in rows}


class _Walk:
    """The pass over a range, leaf by leaf."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._part = Part(job.first, job.end)
        self._expected = job.first
        self._hashes: list[bytes] = []
        self.texts = Texts()

    def visit(self, leaf: asyncpg.Record, row: asyncpg.Record | None) -> None:
        """Check a leaf and the entry it stands for."""
        index = leaf["leaf_index"]
        if index > self._expected:
            self._skip(index - self._expected)
        self._expected = index + 1
        hashed = self._visit_entry(leaf, row)
        self._hashes.append(hashed)
        if index in self._job.asked:
            self._part.hashes[index] = hashed

    def finish(self, tiles: dict[int, asyncpg.Record]) -> Part:
        """Make the tree of the range, compare its tiles, and return what was found."""
        if self._expected < self._job.end:
            self._skip(self._job.end - self._expected)
        self._part.told = self.texts.finish()
        self._part.findings += self.texts.findings
        for seen in self._part.streams.values():
            seen.runs = merged(seen.runs)
        for place in range(len(self._hashes) // WIDTH):
            hashes = b"".join(self._hashes[place * WIDTH : (place + 1) * WIDTH])
            number = (self._job.first >> HEIGHT) + place
            root = tile_root(hashes)
            self._part.tile_roots.append(root)
            self._part.findings += judge_tile(0, number, hashes, root, tiles.get(number))
        self._grow()
        return self._part

    def _skip(self, missing: int) -> None:
        """Keep the places of the others, so that what follows is told apart from what is gone."""
        self._note("INDEX_GAP", f"@{self._expected}", f"{missing} leaves missing")
        self._hashes += [bytes(HASH_SIZE)] * missing

    def _grow(self) -> None:
        """Note the frontier at every cut; a tile without one inside grows by its root alone."""
        hashes, frontier = self._hashes, Frontier()
        cuts = [each - self._job.first for each in (*self._job.cuts, self._job.end)]
        for start in range(0, len(hashes), WIDTH):
            end = start + WIDTH
            inside = cuts[bisect_right(cuts, start) : bisect_right(cuts, end)]
            if end <= len(hashes) and set(inside) <= {end}:
                root = self._part.tile_roots[start // WIDTH]
                frontier = frontier.join(Frontier(WIDTH, (root,)))
            for upto in inside:
                frontier = frontier.extend(hashes[frontier.size : upto])
                self._part.frontiers[self._job.first + upto] = frontier
            frontier = frontier.extend(hashes[frontier.size : end])

    def _visit_entry(self, leaf: asyncpg.Record, row: asyncpg.Record | None) -> bytes:
        """Return the hash of the entry's bytes; the stored one where the entry is gone."""
        index: int = leaf["leaf_index"]
        stored_hash: bytes = leaf["leaf_hash"]
        if row is None:
            self._note("MISSING_EVENT", f"@{index}", f"no entry {leaf['event_id']}")
            return stored_hash
        self._part.entries += 1
        hashed = leaf_hash(row["leaf"])
        stream: str = row["stream"]
        where = f"@{index} {stream}#{row['seq']}"
        if hashed != stored_hash:
            self._note("LEAF_HASH", where, "the bytes are not those that were hashed")
        seen = self._part.streams.get(stream)
        if seen is None:
            seen = self._part.streams[stream] = Seen()
        stored = seen.take(row)
        self._part.findings += judge_entry(stored, row, where, self._job.rules, self._job.marked)
        if stored is not None:
            self.texts.entry(stored, where)
            self._visit_time(index, stored, where)
            self._visit_words(index, stored, row, where)
        return hashed

    def _visit_time(self, index: int, stored: StoredEntry, where: str) -> None:
        window = self._job.window.of(index)
        if window is None:
            return
        tolerance_us = self._job.rules.ahead_us or 0
        low, high = window[0] - tolerance_us, window[1] + tolerance_us
        if not low <= stored.recorded_us <= high:
            off = min(abs(stored.recorded_us - low), abs(stored.recorded_us - high)) / _MILLION
            self._note("BACKDATED", where, f"{off:.1f} s outside the time of its checkpoint")

    def _visit_words(
        self, index: int, stored: StoredEntry, row: asyncpg.Record, where: str
    ) -> None:
        if index >= self._job.projected:
            return
        wanted = None if row["sealed"] else vector(entry_grams(stored))
        if row["words"] != wanted:
            self._note("SEARCH", where, "a search by words would not find it as it is")
        elif not (row["columns_found"] or row["sealed"] or wrong_columns(stored, row, None)):
            self._note("SEARCH", where, "a search by columns would not find it as it is")

    def _note(self, code: str, where: str, detail: str) -> None:
        self._part.findings.append(Finding(code, where, detail))


def judge_tile(
    level: int, index: int, hashes: bytes, root: bytes, row: asyncpg.Record | None
) -> list[Finding]:
    """Return what is wrong with a stored tile, given the hashes that must be in it."""
    where = f"tile {level}/{index}"
    if row is None:
        return [Finding("TILE", where, "it is missing")]
    if row["hashes"] != hashes:
        return [Finding("TILE", where, f"hash {_differing(row['hashes'], hashes)} is another")]
    return [Finding("TILE", where, "its root is another")] if row["root"] != root else []


def _differing(stored: bytes, wanted: Sequence[int]) -> int:
    pairs = enumerate(zip(stored, wanted, strict=False))
    return next((at // HASH_SIZE for at, (one, other) in pairs if one != other), 0)
