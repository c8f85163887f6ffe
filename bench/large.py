"""The large trail that reading, proving and searching are measured on, and who looks at it."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import asyncpg

from bench.courses import ledgers, samples
from bench.filling import fill
from duban.contracts import Mode
from duban.domain.roles import SYSTEM
from duban.proof.notes import ED25519, SignerKey
from duban.stack.postgres import EmbeddedPostgres
from duban.store import blocks, projector
from duban.store.audit import AuditStore
from duban.store.canonical import microseconds
from duban.store.migrations import migrate
from duban.store.pool import SEQUENCER, VERIFIER, WORKER, open_pool
from duban.store.sequencing import step

ORIGIN: Final = "bench.duban/log"


@dataclass(frozen=True)
class Large:
    """A trail of `entries`, sequenced, signed and projected to its end."""

    dsn: str
    entries: int
    key: bytes
    signer: SignerKey

    @property
    def policy(self) -> str:
        """What whoever checks it goes by: the log's key, no witness, as a policy file."""
        lines = (
            f"log {self.signer.public.format()}",
            "quorum none",
            f"writer {WORKER} {SEQUENCER}",
            "mmd 86400",
            "stale 86400",
        )
        return "\n".join(lines) + "\n"

    @asynccontextmanager
    async def pool(
        self, login: str | None = VERIFIER, size: int = 1
    ) -> AsyncIterator[asyncpg.Pool]:
        """Open connections of a login; None is the superuser."""
        pool = await open_pool(self.dsn, role_login=login, max_size=size)
        try:
            yield pool
        finally:
            await pool.close()


async def build(postgres: EmbeddedPostgres, least: int, key: bytes) -> Large:
    """Fill a database with at least so many entries, and the sample campaigns behind them."""
    name, signer = f"large_{least}", SignerKey(ORIGIN, ED25519, key)
    began = time.perf_counter()
    await postgres.ensure_database(name)
    dsn = postgres.dsn(name)
    await migrate(dsn)
    total = await fill(dsn, least, key, signer)
    large = Large(dsn, total, key, signer)
    total += await opened(large)
    print(f"    a trail of {total:,} entries in {time.perf_counter() - began:.0f} s", flush=True)
    began = time.perf_counter()
    async with large.pool(SEQUENCER) as pool:
        count = await blocks.catch_up(pool)
    each_us = (time.perf_counter() - began) * 1_000_000 / max(1, count)
    print(f"    {count:,} of them in blocks, {each_us:.0f} µs each", flush=True)
    return Large(dsn, total, key, signer)


async def opened(large: Large) -> int:
    """Write what is of today, as the product does: a first entry, the samples and their problems.

    Returns how many entries that is; all are sequenced and projected.
    """
    records = [*samples(), *ledgers()]
    async with large.pool(WORKER) as pool:
        store = AuditStore(pool, large.key)
        await store.open_trail(Mode.REHEARSAL, ORIGIN, at=datetime.now(UTC), actor=SYSTEM)
        for record in records:
            [result] = await store.append([record])
            assert result.error is None, result.error
    async with large.pool(SEQUENCER) as pool:
        async with pool.acquire() as connection:
            now_us = microseconds(datetime.now(UTC))
            while await step(connection, [large.signer], now_us=now_us):
                pass
        await projector.catch_up(pool)
    return 1 + sum(len(each.events) for each in records)
