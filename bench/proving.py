"""(k) Proving a large trail: every check, the single file on a bundle, the proof of an entry.

Goals: issue 3 "Speed and size", audit.md 8. The ceiling is COPY of the same rows into a table
without an index, by one connection, in batches of 10,000. The checks are those of audit.md 6 by two
processes (`duban audit verify --log-only`), then the same with the ledger folded beside them, as it
does otherwise. Of the bundle only hashes and signatures are checked (`--fast`).
"""

import asyncio
import json
import os
import random
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg
import psutil

from bench.figures import Figure, Goal, percentile, ratio
from bench.filling import EVENT
from bench.ground import ROOT, Ground
from bench.large import Large
from duban.bundle import export_bundle
from duban.store.log import LogStore
from duban.store.pool import VERIFIER, dsn_for

COPIED: Final = 100_000
"""Rows of one COPY; more would not be quicker."""
BATCH: Final = 10_000
PROOFS: Final = 200
MANY: Final = 5_000_000
"""Entries that are checked once only."""
MOST_MB: Final = 500
_LOOK_SECONDS: Final = 0.1


@dataclass
class _Taken:
    """What was measured, round by round: rates are entries per second."""

    copied: list[float] = field(default_factory=list)
    checked: list[float] = field(default_factory=list)
    folded: list[float] = field(default_factory=list)
    alone: list[float] = field(default_factory=list)
    proof_ms: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)
    found: list[float] = field(default_factory=list)


async def proving(ground: Ground, rounds: int) -> list[Figure]:
    """Copy, check everything, check the bundle and prove entries in turns, a few times."""
    large, taken = await ground.large(), _Taken()
    anchor, policy = await _outside(large, ground.home)
    bundle = ground.home / f"{large.entries}.zip"
    async with large.pool() as pool:
        exported = await export_bundle(pool, None, bundle)
        rows = await pool.fetch(f"SELECT {', '.join(EVENT)} FROM audit.event LIMIT {COPIED}")  # noqa: S608
    for _ in range(min(rounds, 1 if ground.entries > MANY else 3)):
        taken.copied.append(await _copied(large, rows))
        env = _env(large, anchor, policy)
        for rates, more in ((taken.checked, ()), (taken.folded, ("ledger",))):
            report, most = await _watched(["-m", "bench.checking", *more], env)
            rates.append(report["entries"] / report["seconds"])
            taken.megabytes.append(most / 1e6)
            taken.found.append(sum(report["codes"].values()) + (report["verdict"] != "HOLDS"))
            for each in report["first"]:
                print(f"    found: {each}", flush=True)
        taken.alone.append(exported.entries / await _alone(bundle, policy))
        taken.proof_ms.append(await _proved(large))
    bundle.unlink()
    return _figures(taken)


def _figures(taken: _Taken) -> list[Figure]:
    return [
        ratio(
            "every check of the log, 2 processes, entries/s / COPY",
            taken.checked,
            taken.copied,
            Goal(">=", 0.25, "issue 3"),
            unit="per_s",
        ),
        ratio(
            "the same, the ledger folded beside it", taken.folded, taken.copied, None, unit="per_s"
        ),
        Figure(
            "most memory of all processes that check",
            "MB",
            taken.megabytes,
            Goal("<=", MOST_MB, "issue 3"),
        ),
        Figure("findings on the trail as it was filled", "count", taken.found, Goal("==", 0)),
        ratio(
            "bundle of the whole log, verify.py --fast, entries/s / COPY",
            taken.alone,
            taken.copied,
            Goal(">=", 3, "issue 3"),
            unit="per_s",
        ),
        Figure("inclusion proof p99", "ms", taken.proof_ms, Goal("<", 10, "issue 3")),
    ]


async def _outside(large: Large, home: Path) -> tuple[Path, Path]:
    """Write the newest checkpoint and the policy, as somebody outside would hold them."""
    anchor, policy = home / "anchor", home / "policy.txt"
    async with large.pool() as pool:
        newest = await LogStore(pool).latest()
    assert newest is not None
    anchor.write_text(newest.note, encoding="utf-8")
    policy.write_text(large.policy, encoding="utf-8")
    return anchor, policy


def _env(large: Large, anchor: Path, policy: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": dsn_for(large.dsn, VERIFIER),
        "DUBAN_LOG_POLICY": str(policy),
        "ANCHOR": str(anchor),
    }


async def _copied(large: Large, rows: list[asyncpg.Record]) -> float:
    """Copy the rows into a bare table; return rows per second."""
    async with large.pool(None) as pool, pool.acquire() as connection:
        await connection.execute("CREATE TABLE bare_event AS TABLE audit.event WITH NO DATA")
        began = time.perf_counter()
        for at in range(0, len(rows), BATCH):
            part = rows[at : at + BATCH]
            await connection.copy_records_to_table("bare_event", columns=EVENT, records=part)
        took = time.perf_counter() - began
        await connection.execute("DROP TABLE bare_event")
    return len(rows) / took


async def _watched(what: list[str], env: dict[str, str]) -> tuple[dict[str, Any], int]:
    """Run a program; return what it says and the most bytes it and its children held together."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *what, env=env, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    saying, most = asyncio.create_task(process.communicate()), 0
    while not saying.done():
        most = max(most, _resident(process.pid))
        await asyncio.wait([saying], timeout=_LOOK_SECONDS)
    said, _ = saying.result()
    assert process.returncode == 0
    report: dict[str, Any] = json.loads(said)
    return report, most


def _resident(pid: int) -> int:
    total = 0
    # One that has just ended holds nothing any more.
    with suppress(psutil.Error):
        leader = psutil.Process(pid)
        for each in (leader, *leader.children(recursive=True)):
            total += each.memory_info().rss
    return total


async def _alone(bundle: Path, policy: Path) -> float:
    """Check the bundle with the single file, isolated; return the seconds it took."""
    program = ROOT / "duban" / "bundle" / "verify.py"
    argv = [sys.executable, "-I", str(program), str(bundle), "--fast", "--policy", str(policy)]
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*argv, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    took = time.perf_counter() - began
    # Nobody outside vouches for it, so the most it may say is that it cannot tell.
    assert process.returncode in (0, 3), said.decode()
    return took


async def _proved(large: Large) -> float:
    """Prove entries at random places; return the 99th percentile in milliseconds."""
    chance = random.Random(0)  # noqa: S311 - the same places every time
    waits: list[float] = []
    async with large.pool() as pool:
        log = LogStore(pool)
        for _ in range(PROOFS):
            [leaf] = await log.leaves(chance.randrange(large.entries), 1)
            began = time.perf_counter()
            assert await log.proof(leaf.event_id) is not None
            waits.append((time.perf_counter() - began) * 1000)
    return percentile(waits, 0.99)
