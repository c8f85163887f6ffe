"""A place of business: PostgreSQL, Temporal with its data on disk, and worker processes."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, cast

import asyncpg
import psutil
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from duban.contracts import Receipt, campaign_stream
from duban.domain.campaign import commands as c
from duban.domain.campaign.creation import CampaignStart
from duban.domain.events import Event
from duban.gateway import CampaignGateway
from duban.stack.child import Child, Recipe
from duban.stack.ports import free_port
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.temporal import DevServer, TemporalPlan, connect, pollers
from duban.store import trail
from duban.store.checks import TrailReport, TrailRules, check_trail
from duban.store.migrations import migrate
from duban.store.pool import READER, VERIFIER, WORKER, open_pool
from tests.support.ahead import plan_ahead
from tests.support.builders import an_actor
from tests.support.rings import RING, key_file

QUEUE = "duban-e2e"
KEY = bytes(range(32))
DATABASE = "duban"
PYTHON_WORKER = (sys.executable, "-m", "worker")
ROOT = Path(__file__).parents[2]


async def until(holds: Callable[[], Awaitable[object]], within: float = 40.0) -> None:
    """Poll until something holds; `TimeoutError` when it does not in time."""
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(0.05)


class Site:
    """The servers of one place, which a test may kill and start again on the same data."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.postgres = EmbeddedPostgres(PostgresPlan(home / "postgres", port=free_port()))
        plan = TemporalPlan(
            log=home / "temporal.log", port=free_port(), database=home / "temporal.db"
        )
        self.temporal = DevServer(plan)

    async def open(self) -> None:
        """Start the servers; the first worker opens the trail as live."""
        await self.postgres.start()
        await self.temporal.start()
        await self.postgres.ensure_database(DATABASE)
        await migrate(self.dsn())

    async def close(self) -> None:
        """Stop the servers."""
        await self.temporal.stop()
        await self.postgres.stop()

    def dsn(self, login: str = "postgres") -> str:
        """The address of the database for a login."""
        return self.postgres.dsn(DATABASE, login)

    async def client(self) -> Client:
        """A new connection to Temporal."""
        return await connect(self.temporal.address, "default", RING)

    def worker(self, argv: Sequence[str] = PYTHON_WORKER) -> Recipe:
        """Return how a worker process of this site is started."""
        told = {
            "DATABASE_URL": self.dsn(WORKER),
            "TEMPORAL_ADDRESS": self.temporal.address,
            "TEMPORAL_NAMESPACE": "default",
            "DUBAN_TRAIL_KEY": KEY.hex(),
            "DUBAN_PAYLOAD_KEYS": str(key_file(self.home)),
            "DUBAN_TASK_QUEUE": QUEUE,
            "DUBAN_HOME": str(self.home / "nowhere"),
            "PYTHONPATH": str(ROOT),
        }
        env = {**os.environ, **told}
        return Recipe(name="worker", argv=argv, log=self.home / "worker.log", env=env)

    @asynccontextmanager
    async def working(self, argv: Sequence[str] = PYTHON_WORKER) -> AsyncIterator[Child]:
        """A worker process that asks for work; it is stopped if it still runs at the end."""
        child = await Child.start(self.worker(argv))
        try:
            client = await self.client()

            async def asks() -> bool:
                child.require_running()
                found = await pollers(client, QUEUE)
                return any(each.startswith(f"{child.pid}@") for each in found)

            await until(asks)
            yield child
        finally:
            await child.stop()

    async def campaign(self, no: str) -> "LiveCampaign":
        """Return a campaign of this year, not yet started."""
        return LiveCampaign(self, no, await self.client())

    async def events(self, stream: str) -> list[Event]:
        """What a stream has on the trail."""
        pool = await open_pool(self.dsn(), role_login=READER)
        try:
            return await trail.stream_events(pool, stream)
        finally:
            await pool.close()

    async def checked(self) -> TrailReport:
        """Check the whole trail and its ledger, as the verifier."""
        pool = await open_pool(self.dsn(), role_login=VERIFIER)
        try:
            return await check_trail(pool, TrailRules(key=KEY))
        finally:
            await pool.close()


class LiveCampaign:
    """A campaign on the live record; its plan is that of the tests, moved to the coming weeks."""

    def __init__(self, site: Site, no: str, client: Client) -> None:
        self.no = no
        self.site = site
        self.gateway = CampaignGateway(client, QUEUE)
        self.handle = client.get_workflow_handle(campaign_stream(no))
        self._count = 0

    async def start(self, **other: Any) -> Receipt:
        """Start it, with `other` values of its plan."""
        plan, calendar = plan_ahead(self.no)
        start = CampaignStart(
            plan=plan.model_copy(update=other),
            calendar=calendar,
            mode="live",
            actor=an_actor("OF-1"),
            request_id="start-0001",
        )
        return await self.gateway.start(start)

    async def establish(self) -> Receipt:
        """Have it established, so that papers may be filed."""
        return await self.do(c.Establish, "LG-1", doc_no="会议纪要1号")

    def command(self, command: type[c.Command], by: str, **fields: Any) -> c.AnyCommand:
        """Return a command with a fresh request id."""
        self._count += 1
        usual = {"actor": an_actor(by), "request_id": f"asking-{self._count:05}"}
        return cast(c.AnyCommand, command(**{**usual, **fields}))

    async def do(self, command: type[c.Command], by: str, **fields: Any) -> Receipt:
        """Have a command carried out."""
        return await self.gateway.execute(self.no, self.command(command, by, **fields))

    async def events(self) -> list[Event]:
        """What it has on the trail."""
        return await self.site.events(campaign_stream(self.no))

    async def types(self) -> list[int]:
        """The types of the events in its history."""
        return [each.event_type for each in (await self.handle.fetch_history()).events]

    async def waits_steadily(self) -> bool:
        """Whether the ordinary activity has taken over from the local one."""
        return EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED in await self.types()


@asynccontextmanager
async def trail_held(site: Site) -> AsyncIterator[None]:
    """Keep the trail's table locked for the block, so that a record hangs in its transaction."""
    holder = await asyncpg.connect(site.dsn())
    try:
        async with holder.transaction():
            await holder.execute("LOCK TABLE audit.event IN ACCESS EXCLUSIVE MODE")
            yield
    finally:
        await holder.close()


async def hangs(site: Site) -> bool:
    """Whether somebody waits for the locked trail."""
    asker = await asyncpg.connect(site.dsn())
    try:
        question = "SELECT count(*) FROM pg_locks WHERE NOT granted"
        return bool(await asker.fetchval(question))
    finally:
        await asker.close()


def kill(child: Child) -> None:
    """End a child and its whole group as a power cut would."""
    os.killpg(child.pid, signal.SIGKILL)


@contextmanager
def frozen(child: Child) -> Iterator[None]:
    """Let a child and all it started stand still for the block, as an overloaded machine does."""
    parent = psutil.Process(child.pid)
    everyone = [parent, *parent.children(recursive=True)]
    for each in everyone:
        each.suspend()
    try:
        yield
    finally:
        for each in everyone:
            each.resume()
