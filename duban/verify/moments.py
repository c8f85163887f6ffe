"""The log as it was at a moment: the tree of the checkpoint that was the newest one then.

What came later is passed over, so the same moment gives the same report for as long as nobody
changes what was there. Entries without a place, ordinals, the ledger and the rights are of the
present: `duban.verify.run` judges them.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

import asyncpg

from duban.store.checks import Marked
from duban.store.pool import connected, reachable
from duban.store.sequencing import BATCH
from duban.verify.outside import judge_anchors
from duban.verify.processes import in_processes
from duban.verify.queries import SQL
from duban.verify.ranges import Job, Window
from duban.verify.report import Report
from duban.verify.run import Rules
from duban.verify.signatures import CheckpointRow, CosignatureRow, Notary
from duban.verify.trees import Tree

_NONE_SEARCHED: Final = 0
"""What can be found by words grows by itself and is no part of the log."""


async def verify_then(dsn: str, rules: Rules) -> Report:
    """Check the log as it was at `rules.now_us`, with the verifier's login.

    It looks as far as the furthest anchor, which vouches for all that is before it.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    async with connected(dsn) as connection:
        with reachable():
            async with connection.transaction(isolation="repeatable_read", readonly=True):
                return await _judged(dsn, connection, rules)


async def _judged(dsn: str, connection: asyncpg.Connection, rules: Rules) -> Report:
    every = [CheckpointRow(*row) for row in await connection.fetch(SQL["all_checkpoints"])]
    rows = [each for each in every if each.created_us <= rules.now_us]
    size = rows[-1].size if rows else 0
    extent = await connection.fetchval(SQL["extent"])
    end = max([size, *(each for each in rules.outside.sizes() if each <= extent)])
    report, tree = Report(checkpoints=len(rows)), Tree()
    jobs = await _jobs(dsn, connection, rules, every, end)
    async with in_processes(jobs, rules.processes) as parts:
        async for part in parts:
            tree.take(part)
            report.take(part.findings)
            report.entries += part.entries
    notary, cosigned = Notary(rules.policy), await _cosigned(connection, rules.now_us, size)
    report.take(tree.judge_checkpoints(rows))
    report.take(notary.judge(rows, cosigned))
    report.take(notary.judge_quorum(rows, cosigned, rules.now_us))
    report.take(notary.judge_age(rows, rules.now_us))
    report.take(judge_anchors(rules.outside, rules.policy, tree))
    if not report.entries:
        report.note("EMPTY", "trail", "no entry was checked")
    report.tree_size, report.root = size, tree.root_at(size) or b""
    return report


async def _jobs(
    dsn: str,
    connection: asyncpg.Connection,
    rules: Rules,
    rows: Sequence[CheckpointRow],
    end: int,
) -> list[Job]:
    snapshot = await connection.fetchval(SQL["snapshot"])
    marked = await Marked.read(connection)
    cuts = sorted({row.size for row in rows} | rules.outside.sizes())
    window = Window.over([(row.size, row.created_us) for row in rows], BATCH)
    return [
        Job(
            dsn=dsn,
            snapshot=snapshot,
            first=first,
            end=min(first + rules.span, end),
            cuts=tuple(each for each in cuts if first < each <= min(first + rules.span, end)),
            asked=frozenset(),
            window=window,
            projected=_NONE_SEARCHED,
            rules=rules.for_entries(),
            marked=marked,
        )
        for first in range(0, end, rules.span)
    ]


async def _cosigned(
    connection: asyncpg.Connection, now_us: int, size: int
) -> dict[int, list[CosignatureRow]]:
    """Return the cosignatures that were there, by the sizes of what they vouch for."""
    found: dict[int, list[CosignatureRow]] = defaultdict(list)
    for row in await connection.fetch(SQL["all_cosignatures"]):
        each = CosignatureRow(*row)
        if each.size <= size and each.signed_us <= now_us:
            found[each.size].append(each)
    return found
