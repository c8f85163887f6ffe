"""Where everything is measured: one PostgreSQL, one Temporal, workers in their own processes."""

import asyncio
import gc
import os
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from bench.large import Large, build
from duban.contracts import Mode
from duban.domain.roles import SYSTEM
from duban.gateway import CampaignGateway
from duban.proof.rings import KeyRing, new_key
from duban.ring_files import read_ring
from duban.stack.child import Child, Recipe
from duban.stack.errors import StackError
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.temporal import DevServer, TemporalPlan, connect, pollers
from duban.store.audit import AuditStore
from duban.store.migrations import migrate
from duban.store.pool import WORKER, open_pool

ROOT = Path(__file__).resolve().parent.parent
SERVERS = (
    "Temporal dev server in memory, as where the goals come from; embedded PostgreSQL with fsync, "
    "synchronous_commit and checksums on; product worker, floor worker and load generator in "
    "processes of their own"
)
KEYS = "payload.keys"
_READY_WITHIN_SECONDS = 60.0


@dataclass(frozen=True)
class Ground:
    """Running servers. Every measurement takes names and queues of its own.

    `client` enciphers as the product does, `bare` does not, as the floor; `entries` is how many the
    large trail has, at least.
    """

    home: Path
    postgres: EmbeddedPostgres
    client: Client
    bare: Client
    address: str
    key: bytes
    ring: KeyRing
    entries: int
    product_queue: str = "bench-product"
    floor_queue: str = "bench-floor"
    _large: dict[int, Large] = field(default_factory=dict)

    @property
    def gateway(self) -> CampaignGateway:
        """The product's door to the campaigns of the standing worker."""
        return CampaignGateway(self.client, self.product_queue)

    @property
    def worker_dsn(self) -> str:
        """The database as the worker's login sees it."""
        return self.postgres.dsn("bench", WORKER)

    async def large(self, entries: int | None = None) -> Large:
        """Return the large trail, or one of another size; it is filled when first asked for."""
        wanted = entries or self.entries
        if wanted not in self._large:
            self._large[wanted] = await build(self.postgres, wanted, self.key)
        return self._large[wanted]

    @asynccontextmanager
    async def product_worker(
        self, queue: str, counts: Path | None = None, *, enciphered: bool = True
    ) -> AsyncIterator[Child]:
        """Run the product's worker on the rehearsal database.

        What it sends to the trail is noted in the file `counts`: records, and which came again.
        Without enciphering it serves the callers of `bare`.
        """
        what = ["-m", "bench.product", *([str(counts)] if counts else [])]
        async with self._worker("product", what, queue, enciphered=enciphered) as child:
            yield child

    @asynccontextmanager
    async def floor_worker(self, queue: str) -> AsyncIterator[Child]:
        """Run the floor's worker."""
        async with self._worker("floor", ["-m", "bench.floor"], queue) as child:
            yield child

    @asynccontextmanager
    async def _worker(
        self, name: str, what: list[str], queue: str, *, enciphered: bool = True
    ) -> AsyncIterator[Child]:
        env = {
            **{k: v for k, v in os.environ.items() if not k.startswith("TEMPORAL_")},
            "TEMPORAL_ADDRESS": self.address,
            "DATABASE_URL": self.worker_dsn,
            "DUBAN_TRAIL_KEY": self.key.hex(),
            "DUBAN_PAYLOAD_KEYS": str(self.home / KEYS) if enciphered else "",
            "DUBAN_TASK_QUEUE": queue,
            "DUBAN_HOME": str(self.home),
            "PYTHONPATH": str(ROOT),
        }
        log = self.home / f"{name}-{queue}.log"
        child = await Child.start(Recipe(name, [sys.executable, *what], log, env))
        try:
            await self._polled(queue, child)
            yield child
        except StackError:
            # The folder with the log is about to go away.
            print(log.read_text(errors="replace")[-2000:])
            raise
        finally:
            await child.stop()

    async def _polled(self, queue: str, child: Child) -> None:
        deadline = time.monotonic() + _READY_WITHIN_SECONDS
        while not await pollers(self.client, queue):
            child.require_running()
            if time.monotonic() > deadline:
                message = f"no worker on {queue}; see {child.recipe.log}"
                raise TimeoutError(message)
            await asyncio.sleep(0.1)


@contextmanager
def unburdened() -> Iterator[None]:
    """Keep the collector from walking over what was made before: nobody measured made it."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@asynccontextmanager
async def ground(entries: int) -> AsyncIterator[Ground]:
    """Start servers and workers in a folder of their own, and take everything away afterwards.

    The large trail is to have `entries`.

    Raises:
        StackError: a server did not start.
    """
    async with AsyncExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="duban-bench-")))
        postgres = EmbeddedPostgres(PostgresPlan(home / "postgres"))
        await stack.enter_async_context(postgres)
        plan = TemporalPlan(log=home / "temporal.log")
        server = await stack.enter_async_context(DevServer(plan))
        (home / KEYS).write_text(new_key())
        ring = read_ring(home / KEYS)
        client, bare = [
            await connect(server.address, plan.namespace, each) for each in (ring, None)
        ]
        key = secrets.token_bytes(32)
        built = Ground(home, postgres, client, bare, server.address, key, ring, entries)
        await _open_database(built)
        await stack.enter_async_context(built.product_worker(built.product_queue))
        await stack.enter_async_context(built.floor_worker(built.floor_queue))
        yield built


async def _open_database(built: Ground) -> None:
    await built.postgres.ensure_database("bench")
    await migrate(built.postgres.dsn("bench"))
    pool = await open_pool(built.worker_dsn, max_size=1)
    try:
        store = AuditStore(pool, built.key)
        await store.open_trail(Mode.REHEARSAL, "bench", at=datetime.now(UTC), actor=SYSTEM)
    finally:
        await pool.close()
