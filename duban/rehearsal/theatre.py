"""Where a rehearsal is played: its own PostgreSQL, its own Temporal, its own worker.

The database is made new for each rehearsal and marked `rehearsal` in its first entry, so nothing
of it can ever be taken for the record.
"""

import gc
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from temporalio.testing import WorkflowEnvironment

from duban.contracts import Mode
from duban.domain.roles import SYSTEM
from duban.evidence import EvidenceStorage, open_storage
from duban.gateway import CampaignGateway
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.skipping import time_skipping
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.migrations import migrate
from duban.store.pool import SEQUENCER, VERIFIER, WORKER, open_pool
from duban.store.queries import SQL
from duban.store.sealed_draws import SealedDraws
from worker import build_worker

QUEUE = "duban-rehearsal"
_KEPT = 10_000
"""Workflows that the worker keeps: all. Each night all are woken one after another; where fewer are
kept than there are, the next one was always just let go of, and its run is replayed."""
_CLUSTER = "postgres"


@dataclass
class Theatre:
    """What a rehearsal plays with. `reader` reads everything, as the superuser of its database.

    `storage` keeps the files of evidence, and goes with the database. `sealed` keeps the boxes of
    draws, under a key that `door` made for this rehearsal and that goes with it. `home` holds
    all files, those of the database in `cluster`. `engine` are the Temporal server and the worker.
    """

    environment: WorkflowEnvironment
    gateway: CampaignGateway
    store: AuditStore
    reader: asyncpg.Pool
    verifier: asyncpg.Pool
    sequencer: asyncpg.Pool
    key: bytes
    storage: EvidenceStorage
    sealed: SealedDraws
    home: Path
    dsn: str
    door: Door
    engine: AsyncExitStack

    async def renew(self, *, is_lost: bool = False) -> None:
        """Go on with another Temporal server, which knows of nothing, and another worker.

        What ran is gone and has to be restored from the trail; the clock begins anew. A server
        that `is_lost` is ended first: its worker would wait for its answers.

        Raises:
            StackError: the server did not start.
        """
        if is_lost:
            await self.environment.shutdown()
        await self.engine.aclose()
        # What the last worker kept, and what the next will keep, would have to be looked through
        # together: longer than the two seconds after which the SDK takes a workflow for stuck.
        gc.collect()
        self.environment, self.gateway = await _engaged(self.engine, self.door)

    async def entries(self) -> int:
        """Return how many entries the trail has."""
        return int(await self.reader.fetchval(SQL["entry_count"]))

    @property
    def cluster(self) -> Path:
        """The folder of the PostgreSQL cluster, which outlives the rehearsal."""
        return self.home / _CLUSTER


@asynccontextmanager
async def theatre(home: Path) -> AsyncIterator[Theatre]:
    """Start everything for the block and stop it afterwards.

    The PostgreSQL cluster under `home` is kept, so that a second rehearsal starts at once.

    Raises:
        StackError: a server did not start.
    """
    secret = secrets.token_hex(16)
    home.mkdir(parents=True, exist_ok=True)
    plan = PostgresPlan(data_dir=home / _CLUSTER, durable=False)
    async with EmbeddedPostgres(plan) as server:
        database = f"rehearsal_{datetime.now(UTC):%Y%m%d%H%M%S}_{secret[:6]}"
        await server.ensure_database(database)
        try:
            await migrate(server.dsn(database))
            with TemporaryDirectory(dir=home, prefix="evidence-") as folder:
                async with _company(server, database, Path(folder)) as company:
                    yield company
        finally:
            await server.drop_database(database)


@asynccontextmanager
async def _company(server: EmbeddedPostgres, database: str, folder: Path) -> AsyncIterator[Theatre]:
    key = secrets.token_bytes(32)
    # Opened here and not within an activity: a connection keeps alive whatever it was opened in.
    writer = await open_pool(server.dsn(database, WORKER), max_size=4, min_size=4)
    reader = await open_pool(server.dsn(database), max_size=4)
    verifier = await open_pool(server.dsn(database, VERIFIER), max_size=2)
    sequencer = await open_pool(server.dsn(database, SEQUENCER), max_size=1)
    store = AuditStore(writer, key)
    try:
        await store.open_trail(Mode.REHEARSAL, database, at=datetime.now(UTC), actor=SYSTEM)
        async with Door(store) as door, AsyncExitStack() as engine:
            environment, gateway = await _engaged(engine, door)
            yield Theatre(
                *(environment, gateway, store, reader, verifier, sequencer, key),
                storage=open_storage(str(folder)),
                sealed=door.sealed,
                home=folder.parent,
                dsn=server.dsn(database),
                door=door,
                engine=engine,
            )
    finally:
        for pool in (writer, reader, verifier, sequencer):
            await pool.close()


async def _engaged(
    engine: AsyncExitStack, door: Door
) -> tuple[WorkflowEnvironment, CampaignGateway]:
    environment = await engine.enter_async_context(time_skipping())
    worker = build_worker(environment.client, door, QUEUE, max_cached_workflows=_KEPT)
    await engine.enter_async_context(worker)
    return environment, CampaignGateway(environment.client, QUEUE)
