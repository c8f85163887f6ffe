"""The whole verification: one snapshot, ranges on all cores, then what only the whole can tell."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

import asyncpg

from duban.proof.policy import Policy
from duban.proof.tiles import WIDTH
from duban.store.audit import TRAIL_STREAM
from duban.store.checks import (
    Marked,
    TrailRules,
    judge_entry,
    ledger_findings,
    opening_missing,
)
from duban.store.findings import Finding
from duban.store.guards import drift
from duban.store.ordinals import Seen, judge
from duban.store.pool import connected, reachable
from duban.store.queries import SQL as TRAIL_SQL
from duban.store.sequencing import BATCH
from duban.verify.outside import Outside, judge_anchors, judge_manifest, judge_receipts
from duban.verify.payloads import PREFETCH, Texts, Told, judge_texts, unopened
from duban.verify.processes import in_processes
from duban.verify.queries import SQL
from duban.verify.ranges import SPAN, Job, Part, Window
from duban.verify.report import Report, Unchecked, Verdict
from duban.verify.resume import Taken, earlier_hashes, judge_earlier, spans, usable
from duban.verify.signatures import CheckpointRow, CosignatureRow, Notary
from duban.verify.snapshots import in_snapshot
from duban.verify.state import State
from duban.verify.trees import Tree

Progress = Callable[[int, int], None]
"""Told how many entries of how many are checked."""

_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """By what the trail is judged. `now_us` is the clock of whoever asks, in microseconds.

    With the trail's `key`, ids and macs are recomputed; nobody but operations has it. A process
    checks `span` leaves at a time, a multiple of a tile's. `since` is what an earlier run left;
    with `keeps`, a run that holds leaves as much for the next. Without `ledger` only the log is
    checked, and not whether the ledger is its fold.
    """

    policy: Policy
    now_us: int
    outside: Outside = field(default_factory=Outside)
    key: bytes | None = None
    processes: int | None = None
    span: int = SPAN
    since: State | None = None
    keeps: bool = False
    ledger: bool = True

    def for_entries(self) -> TrailRules:
        """Return by what single entries are judged."""
        return TrailRules(
            writers=frozenset(self.policy.writers),
            key=self.key,
            ahead_us=self.policy.tolerance * _MICRO,
        )


async def verify(dsn: str, rules: Rules, progress: Progress | None = None) -> Report:
    """Check everything there is, with the verifier's login, from one snapshot.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    async with connected(dsn) as connection:
        with reachable():
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                marked = await Marked.read(connection)
                return await _Verification(dsn, connection, rules, marked, progress).run()


class _Verification:
    """One run: what was read, and what was found so far."""

    def __init__(
        self,
        dsn: str,
        connection: asyncpg.Connection,
        rules: Rules,
        marked: Marked,
        progress: Progress | None,
    ) -> None:
        self._dsn = dsn
        self._connection = connection
        self._rules = rules
        self._progress = progress or (lambda *_: None)
        self._report = Report()
        self._tree = Tree()
        self._streams: dict[str, Seen] = {}
        self._hashes: dict[int, bytes] = {}
        self._told = Told()
        self._projected = 0
        self._marked = marked
        self._entry_rules = rules.for_entries()
        self._since: State | None = None
        self._taken = Taken(0)

    async def run(self) -> Report:
        """Read and judge everything; return what was found."""
        rows = await self._checkpoints()
        snapshot = await self._connection.fetchval(SQL["snapshot"])
        async with self._folding(snapshot) as ledger:
            await self._visit_log(rows, snapshot)
            await self._visit_waiting()
            await self._judge_log(rows)
            await self._judge_streams()
            self._report.take(await judge_texts(self._connection, self._told))
            self._report.take(await ledger)
        await self._judge_guards()
        self._report.streams = len(self._streams)
        self._report.closed_streams = sum(s.closing is not None for s in self._streams.values())
        if not self._report.entries + self._report.earlier:
            self._report.note("EMPTY", "trail", "no entry was checked")
        self._report.unchecked += self._left_out()
        if self._rules.keeps and self._report.verdict is Verdict.HOLDS:
            self._report.state = self._taken.state(self._rules.policy, rows[-1], self._rules.now_us)
        return self._report

    @asynccontextmanager
    async def _folding(self, snapshot: str) -> AsyncIterator[Awaitable[list[Finding]]]:
        """Fold the ledger meanwhile: it is PostgreSQL's work, on a connection of its own."""

        async def fold() -> list[Finding]:
            if not self._rules.ledger:
                return []
            with reachable():
                async with in_snapshot(self._dsn, snapshot) as connection:
                    return await ledger_findings(connection)

        folding = asyncio.create_task(fold())
        try:
            yield folding
        finally:
            folding.cancel()

    def _left_out(self) -> list[Unchecked]:
        """Return what could not be looked at with what was given."""
        outside, unindexed = self._rules.outside, self._report.tree_size - self._projected
        lacking = {
            "key": self._rules.key is None,
            "receipts": not outside.receipts,
            "manifest": not (outside.manifest or outside.listed),
            "ledger": not self._rules.ledger,
        }
        left = [Unchecked(what) for what, lacks in lacking.items() if lacks]
        counts = {"words": unindexed, "sealed": unopened(self._told)}
        return left + [Unchecked(what, count) for what, count in counts.items() if count > 0]

    async def _checkpoints(self) -> list[CheckpointRow]:
        rows = await self._connection.fetch(SQL["all_checkpoints"])
        self._report.checkpoints = len(rows)
        return [CheckpointRow(*row) for row in rows]

    async def _visit_log(self, rows: Sequence[CheckpointRow], snapshot: str) -> None:
        """Check all ranges, each in a process if that is worth its start; join their trees."""
        size = await self._connection.fetchval(SQL["extent"])
        self._projected = await self._connection.fetchval(SQL["projected"])
        window = Window.over([(row.size, row.created_us) for row in rows], BATCH)
        first = await self._go_on(size, rows)
        since = {self._since.size} if self._since else set()
        cuts = sorted({row.size for row in rows} | self._rules.outside.sizes() | since)
        boundary, span = max(first, self._taken.boundary), self._rules.span
        jobs = [
            Job(
                dsn=self._dsn,
                snapshot=snapshot,
                first=first,
                end=end,
                cuts=tuple(each for each in cuts if first < each <= end),
                asked=self._rules.outside.indices(),
                window=window,
                projected=self._projected,
                rules=self._entry_rules,
                marked=self._marked,
            )
            for first, end in (*spans(first, boundary, span), *spans(boundary, size, span))
        ]
        short = self._since is not None and size - first <= span
        async with in_processes(jobs, 1 if short else self._rules.processes) as parts:
            async for part in parts:
                self._take(part)
                self._progress(part.end, size)
        self._report.tree_size, self._report.root = size, self._tree.frontier.root()

    async def _go_on(self, size: int, rows: Sequence[CheckpointRow]) -> int:
        """Take up what an earlier run left, if it can be; return where to begin."""
        covered = min(rows[-1].size if rows else 0, self._projected, size)
        self._taken = Taken(covered // WIDTH * WIDTH if self._rules.keeps else 0)
        self._since = usable(self._rules.since, size, self._report)
        if self._since is not None:
            self._tree, self._told = self._since.tree(), deepcopy(self._since.told)
            self._streams = deepcopy(dict(self._since.streams))
            outside = (self._connection, self._since, self._tree, self._rules.outside)
            self._hashes |= await earlier_hashes(*outside)
            self._taken.keep(self._tree, self._streams, self._told)
        return self._tree.frontier.size

    def _take(self, part: Part) -> None:
        self._tree.take(part)
        self._report.take(part.findings)
        self._report.entries += part.entries
        self._hashes |= part.hashes
        self._told.take(part.told)
        for stream, seen in part.streams.items():
            self._streams.setdefault(stream, Seen()).join(seen)
        self._taken.keep(self._tree, self._streams, self._told)

    async def _visit_waiting(self) -> None:
        """Check the entries that have no place in the log yet, and whether they wait too long."""
        oldest_us = self._rules.now_us - self._rules.policy.mmd * _MICRO
        texts = Texts()
        async for row in self._connection.cursor(SQL["waiting"], prefetch=1000):
            where = f"{row['stream']}#{row['seq']}"
            self._report.entries += 1
            stored = self._streams.setdefault(row["stream"], Seen()).take(row)
            if row["recorded_us"] < oldest_us:
                waits = (self._rules.now_us - row["recorded_us"]) / _MICRO
                self._report.note("UNSEQUENCED", where, f"without a place for {waits:.0f} s")
            found = judge_entry(stored, row, where, self._entry_rules, self._marked)
            self._report.take(found)
            if stored is not None:
                texts.entry(stored, where)
        async for row in self._connection.cursor(SQL["waiting_texts"], prefetch=PREFETCH):
            texts.text(row)
        self._told.take(texts.finish())
        self._report.take(texts.findings)

    async def _judge_log(self, rows: Sequence[CheckpointRow]) -> None:
        take, policy = self._report.take, self._rules.policy
        for row in await self._connection.fetch(SQL["doubled_leaves"]):
            places = ", ".join(f"@{each}" for each in row["places"])
            self._report.note("DUP_LEAF", places, f"one entry {row['event_id']}")
        higher = await self._connection.fetch(SQL["higher_tiles"])
        extent = await self._connection.fetch(SQL["tile_extent"])
        take(
            self._tree.judge_tiles(
                {(row["level"], row["tile_index"]): row for row in higher},
                {row["level"]: row["last"] for row in extent},
            )
        )
        notary, cosigned = Notary(policy), await self._cosignatures()
        fresh = [row for row in rows if row.size > self._report.earlier]
        known = {row.size for row in rows} - {row.size for row in fresh}
        take(self._tree.judge_checkpoints(fresh))
        take(notary.judge(fresh, {n: each for n, each in cosigned.items() if n not in known}))
        if self._since is not None:
            before = (self._connection, self._since, self._tree, self._told)
            take(await judge_earlier(*before))
        take(notary.judge_quorum(rows, cosigned, self._rules.now_us))
        take(notary.judge_age(rows, self._rules.now_us))
        take(self._uncovered(rows))
        outside = self._rules.outside
        take(judge_anchors(outside, policy, self._tree))
        take(judge_receipts(outside.receipts, policy, self._tree, self._hashes))

    def _uncovered(self, rows: Sequence[CheckpointRow]) -> list[Finding]:
        covered = rows[-1].size if rows else 0
        if self._tree.frontier.size <= covered:
            return []
        told = f"{self._tree.frontier.size - covered} leaves that no checkpoint covers"
        return [Finding("UNCHECKPOINTED", f"@{covered}", told)]

    async def _judge_streams(self) -> None:
        heads = await self._connection.fetch(TRAIL_SQL["heads"])
        known = {row["stream"]: row["next_seq"] for row in heads}
        for stream in sorted(self._streams.keys() | known.keys()):
            seen = self._streams.get(stream, Seen())
            self._report.take(judge(stream, seen, known.get(stream)))
        if self._report.entries and not self._streams.get(TRAIL_STREAM, Seen()).begins:
            self._report.take([opening_missing()])
        self._report.take(judge_manifest(self._rules.outside.manifest, self._streams))

    async def _judge_guards(self) -> None:
        found = await drift(self._connection)
        for code, differences in (("CFG_GRANT", found.rights), ("CFG_TRIGGER", found.triggers)):
            for each in differences:
                self._report.note(code, "database", each)

    async def _cosignatures(self) -> dict[int, list[CosignatureRow]]:
        found: dict[int, list[CosignatureRow]] = defaultdict(list)
        for row in await self._connection.fetch(SQL["all_cosignatures"]):
            found[row["tree_size"]].append(CosignatureRow(*row))
        return found
