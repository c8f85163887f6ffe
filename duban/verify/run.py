"""The whole verification: one snapshot, ranges on all cores, then what only the whole can tell."""

import asyncio
import os
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Final

import asyncpg

from duban.proof.policy import Policy
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
from duban.verify.queries import SQL
from duban.verify.ranges import SPAN, Job, Part, Window, check_range
from duban.verify.report import Report, Unchecked
from duban.verify.signatures import CheckpointRow, CosignatureRow, Notary
from duban.verify.trees import Tree

Progress = Callable[[int, int], None]
"""Told how many entries of how many are checked."""

_MICRO: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Rules:
    """By what the trail is judged. `now_us` is the clock of whoever asks, in microseconds.

    With the trail's `key`, ids and macs are recomputed; nobody but operations has it. A process
    checks `span` leaves at a time, a multiple of a tile's.
    """

    policy: Policy
    now_us: int
    outside: Outside = field(default_factory=Outside)
    key: bytes | None = None
    processes: int | None = None
    span: int = SPAN

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
        self._projected = 0
        self._marked = marked
        self._entry_rules = rules.for_entries()

    async def run(self) -> Report:
        """Read and judge everything; return what was found."""
        rows = await self._checkpoints()
        await self._visit_log(rows)
        await self._visit_waiting()
        await self._judge_log(rows)
        await self._judge_streams()
        self._report.take(await ledger_findings(self._connection))
        await self._judge_guards()
        self._report.streams = len(self._streams)
        self._report.closed_streams = sum(s.closing is not None for s in self._streams.values())
        if not self._report.entries:
            self._report.note("EMPTY", "trail", "no entry was checked")
        self._report.unchecked += self._left_out()
        return self._report

    def _left_out(self) -> list[Unchecked]:
        """Return what could not be looked at with what was given."""
        outside, unindexed = self._rules.outside, self._report.tree_size - self._projected
        lacking = {
            "key": self._rules.key is None,
            "receipts": not outside.receipts,
            "manifest": not outside.manifest,
        }
        left = [Unchecked(what) for what, lacks in lacking.items() if lacks]
        return [*left, Unchecked("words", unindexed)] if unindexed > 0 else left

    async def _checkpoints(self) -> list[CheckpointRow]:
        rows = await self._connection.fetch(SQL["all_checkpoints"])
        self._report.checkpoints = len(rows)
        return [CheckpointRow(*row) for row in rows]

    async def _visit_log(self, rows: Sequence[CheckpointRow]) -> None:
        """Check all ranges, each in a process, and put their trees together."""
        size = await self._connection.fetchval(SQL["extent"])
        snapshot = await self._connection.fetchval(SQL["snapshot"])
        self._projected = await self._connection.fetchval(SQL["projected"])
        window = Window.over([(row.size, row.created_us) for row in rows], BATCH)
        cuts = sorted({row.size for row in rows} | self._rules.outside.sizes())
        span = self._rules.span
        jobs = [
            Job(
                dsn=self._dsn,
                snapshot=snapshot,
                first=first,
                end=min(first + span, size),
                cuts=tuple(each for each in cuts if first < each <= min(first + span, size)),
                asked=self._rules.outside.indices(),
                window=window,
                projected=self._projected,
                rules=self._entry_rules,
                marked=self._marked,
            )
            for first in range(0, size, span)
        ]
        async with _parts(jobs, self._rules.processes) as parts:
            async for part in parts:
                self._take(part)
                self._progress(part.end, size)
        self._report.tree_size, self._report.root = size, self._tree.frontier.root()

    def _take(self, part: Part) -> None:
        self._tree.take(part)
        self._report.take(part.findings)
        self._report.entries += part.entries
        self._hashes |= part.hashes
        for stream, seen in part.streams.items():
            self._streams.setdefault(stream, Seen()).join(seen)

    async def _visit_waiting(self) -> None:
        """Check the entries that have no place in the log yet, and whether they wait too long."""
        oldest_us = self._rules.now_us - self._rules.policy.mmd * _MICRO
        async for row in self._connection.cursor(SQL["waiting"], prefetch=1000):
            where = f"{row['stream']}#{row['seq']}"
            self._report.entries += 1
            stored = self._streams.setdefault(row["stream"], Seen()).take(row)
            if row["recorded_us"] < oldest_us:
                waits = (self._rules.now_us - row["recorded_us"]) / _MICRO
                self._report.note("UNSEQUENCED", where, f"without a place for {waits:.0f} s")
            found = judge_entry(stored, row, where, self._entry_rules, self._marked)
            self._report.take(found)

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
        take(self._tree.judge_checkpoints(rows))
        notary, cosigned = Notary(policy), await self._cosignatures()
        take(notary.judge(rows, cosigned))
        take(notary.judge_quorum(rows, cosigned, self._rules.now_us))
        take(self._judge_age(rows))
        outside = self._rules.outside
        take(judge_anchors(outside, policy, self._tree))
        take(judge_receipts(outside.receipts, policy, self._tree, self._hashes))

    def _judge_age(self, rows: Sequence[CheckpointRow]) -> list[Finding]:
        covered = rows[-1].size if rows else 0
        made_us = rows[-1].created_us if rows else 0
        found: list[Finding] = []
        if self._tree.frontier.size > covered:
            told = f"{self._tree.frontier.size - covered} leaves that no checkpoint covers"
            found.append(Finding("UNCHECKPOINTED", f"@{covered}", told))
        age = (self._rules.now_us - made_us) / _MICRO
        if age > self._rules.policy.stale:
            told = f"{age:.0f} s old" if rows else "there is none"
            found.append(Finding("STALE", "newest checkpoint", told))
        return found

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


@asynccontextmanager
async def _parts(jobs: Sequence[Job], processes: int | None) -> AsyncIterator[AsyncIterator[Part]]:
    """Give the jobs to processes of their own and their parts back, in the order of the jobs."""
    count = min(len(jobs), processes or os.cpu_count() or 1)
    if count <= 1:
        yield _one_by_one(jobs)
        return
    with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
        yield _as_they_come(pool, jobs, ahead=count + 1)


async def _one_by_one(jobs: Sequence[Job]) -> AsyncIterator[Part]:
    for job in jobs:
        yield await asyncio.to_thread(check_range, job)


async def _as_they_come(
    pool: ProcessPoolExecutor, jobs: Sequence[Job], *, ahead: int
) -> AsyncIterator[Part]:
    """Keep a few jobs ahead, so that parts do not pile up in memory."""
    loop = asyncio.get_running_loop()
    waiting = [loop.run_in_executor(pool, check_range, job) for job in jobs[:ahead]]
    for nth in range(len(jobs)):
        part = await waiting.pop(0)
        if nth + ahead < len(jobs):
            waiting.append(loop.run_in_executor(pool, check_range, jobs[nth + ahead]))
        yield part
