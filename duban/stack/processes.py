"""The supervisor: `up` starts servers and worker and stops them in reverse order; `down` ends it.

A server named in the environment (`DATABASE_URL`, `TEMPORAL_ADDRESS`) is used, not started.
"""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from urllib.parse import urlsplit

import asyncpg
from temporalio.client import Client
from temporalio.envconfig import ClientConfig

from duban.settings import Settings
from duban.stack import child, home, keys, temporal
from duban.stack.child import Child
from duban.stack.errors import StackError
from duban.stack.ports import LOOPBACK
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.starting import (
    WORKER,
    OnProgress,
    Stack,
    start_sequencer,
    start_worker,
    worker_recipe,
)
from duban.stack.temporal import DevServer, TemporalPlan
from duban.store import migrations
from duban.store.pool import SEQUENCER as SEQUENCER_LOGIN
from duban.store.pool import WORKER as WORKER_LOGIN

DATABASE = "duban"
_STOP_WITHIN_SECONDS = 60.0


async def up(
    settings: Settings,
    on_progress: OnProgress,
    *,
    stop: asyncio.Event | None = None,
    worker: Sequence[str] = WORKER,
) -> None:
    """Run the stack in the foreground until SIGINT, SIGTERM or `stop`, then stop it cleanly.

    Args:
        settings: which servers to use or to start, and where the home folder is.
        on_progress: told when a server is starting, ready and stopped.
        stop: ends the stack when set; signals set it.
        worker: the command line of the worker process.

    Raises:
        StackError: `stack.already_running`, `stack.port_taken`, `stack.server_unreachable`,
            `stack.start_failed`, `stack.child_died`, `stack.trail_key_missing` and others.
    """
    stop = asyncio.Event() if stop is None else stop
    with _signals_set(stop):
        async with home.exclusive(settings.home), _supervisor_noted(settings):
            await home.stop_leftovers(settings.home)
            async with AsyncExitStack() as servers:
                stack = Stack(settings, on_progress, servers)
                starting = asyncio.create_task(_start_all(stack, worker))
                if await _finishes_before(stop, starting):
                    await _watch(stop, stack.children)


async def down(settings: Settings) -> bool:
    """Stop the stack that runs under the home folder; return whether there was anything to stop.

    Servers whose stack was killed are stopped as well.
    """
    stopped = await child.stop_leftover(
        home.pid_file(settings.home, "stack"), within=_STOP_WITHIN_SECONDS
    )
    leftovers = await home.stop_leftovers(settings.home)
    home.withdraw(settings.home)
    return stopped or leftovers


async def _start_all(stack: Stack, worker: Sequence[str]) -> None:
    key = keys.trail_key(stack.settings)
    keys.payload_ring(stack.settings)
    await _provide_postgres(stack)
    client, ui = await _provide_temporal(stack)
    address = client.service_client.config.target_host
    addresses = home.Addresses(stack.database_url, address, client.namespace, ui)
    await start_worker(stack, client, worker_recipe(stack, addresses, key, worker))
    await start_sequencer(stack, key)
    home.announce(stack.settings.home, addresses)
    stack.servers.callback(home.withdraw, stack.settings.home)


async def _provide_postgres(stack: Stack) -> None:
    told = stack.settings.database_url
    if told is None:
        await _start_postgres(stack)
    else:
        stack.database_url = told.get_secret_value()
        stack.worker_database_url = stack.sequencer_database_url = stack.database_url
        await require_database(stack.database_url)
        await migrations.migrate(stack.database_url)
    stack.on_progress("postgres", "ready", _place(stack.database_url))


async def _start_postgres(stack: Stack) -> None:
    folder = stack.settings.home
    plan = PostgresPlan(
        data_dir=folder / "postgres",
        port=stack.settings.postgres_port,
        secret=keys.postgres_secret(folder),
        pid_file=home.pid_file(folder, "postgres"),
    )
    server = EmbeddedPostgres(plan)
    await stack.servers.enter_async_context(_reported(stack, "postgres", server))
    stack.children.append(server.child)
    await server.ensure_database(DATABASE)
    stack.database_url = server.dsn(DATABASE)
    stack.worker_database_url = server.dsn(DATABASE, WORKER_LOGIN)
    stack.sequencer_database_url = server.dsn(DATABASE, SEQUENCER_LOGIN)
    await migrations.migrate(stack.database_url)
    await server.protect_logins()


async def _provide_temporal(stack: Stack) -> tuple[Client, str]:
    """Return a client of the server and the address of its web pages, if they are ours."""
    told = stack.settings.temporal_address
    if told is None:
        return await _start_temporal(stack)
    client = await temporal.connect_as_told(told)
    stack.on_progress("temporal", "ready", told)
    return client, ""


async def _start_temporal(stack: Stack) -> tuple[Client, str]:
    settings = stack.settings
    plan = TemporalPlan(
        log=settings.home / "temporal.log",
        port=settings.temporal_port,
        ui_port=settings.ui_port,
        codec_url=f"http://{LOOPBACK}:{settings.codec_port}",
        database=settings.home / "temporal.db",
        namespace=ClientConfig.load_client_connect_config().get("namespace") or "default",
        pid_file=home.pid_file(settings.home, "temporal"),
    )
    server = DevServer(plan)
    await stack.servers.enter_async_context(_reported(stack, "temporal", server))
    stack.children.append(server.child)
    stack.on_progress("temporal", "ready", server.address)
    pages = f"http://{LOOPBACK}:{settings.ui_port}"
    stack.on_progress("ui", "ready", pages)
    return await temporal.connect(server.address, plan.namespace, None), pages


async def require_database(url: str) -> None:
    """Make sure that a database answers.

    Raises:
        StackError: `stack.server_unreachable`, naming host and port but never the password.
    """
    try:
        connection = await asyncpg.connect(url, timeout=5)
    except (
        OSError,
        TimeoutError,
        ValueError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
    ) as error:
        raise StackError(
            "stack.server_unreachable", server="PostgreSQL", address=_place(url)
        ) from error
    await connection.close()


def _place(url: str) -> str:
    """Return host, port and database of an address, without its login and password."""
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2]}{parts.path}"


@asynccontextmanager
async def _reported(
    stack: Stack, name: str, server: EmbeddedPostgres | DevServer
) -> AsyncIterator[None]:
    stack.on_progress(name, "starting", "")
    try:
        async with server:
            yield
    finally:
        stack.on_progress(name, "stopped", "")


async def _finishes_before(stop: asyncio.Event, starting: asyncio.Task[None]) -> bool:
    """Wait for the start; give it up when `stop` comes first."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        if not starting.done():
            starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting
    return not starting.cancelled()


async def _watch(stop: asyncio.Event, children: Sequence[Child]) -> None:
    """Return when `stop` is set; raise `stack.child_died` when a child ends before."""
    ends = {asyncio.create_task(one.wait()) for one in children}
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({stopped, *ends}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (stopped, *ends):
            task.cancel()
    for one in children:
        if one.has_ended and not stop.is_set():
            name, log = one.recipe.name, str(one.recipe.log)
            raise StackError("stack.child_died", name=name, log=log)


@asynccontextmanager
async def _supervisor_noted(settings: Settings) -> AsyncIterator[None]:
    path = home.pid_file(settings.home, "stack")
    child.write_pid_file(path, os.getpid(), signal.SIGTERM)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def _signals_set(stop: asyncio.Event) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM set the event for the length of the block."""
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop.set)
    try:
        yield
    finally:
        for one in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(one)
