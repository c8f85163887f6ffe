"""Pools of each login on one database, emptied for every test, with a trail open as a rehearsal.

Making a database costs a quarter of a second, so only tests that change the schema have their own
(`fresh_*`). Tests that only read, or undo what they do, share a filled one (`shared_*`).
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import asyncpg
import pytest_asyncio

from duban.contracts import Mode
from duban.store.audit import AuditStore
from duban.store.pool import READER, SEQUENCER, VERIFIER, WORKER, open_pool
from tests.support.entries import KEY, OFFICER, START

_numbers = itertools.count(1)
_EMPTY = """
DO $$ DECLARE v text; BEGIN FOREACH v IN ARRAY
    '{sealed_draw,draw_secret,payload,cosignature,checkpoint,tile,leaf,event,origin}'::text[] LOOP
    EXECUTE format('ALTER TABLE audit.%I DISABLE TRIGGER deny_row', v);
    EXECUTE format('DELETE FROM audit.%I', v);
    EXECUTE format('ALTER TABLE audit.%I ENABLE ALWAYS TRIGGER deny_row', v);
  END LOOP; END $$;
TRUNCATE audit.inbox, audit.stream, ledger.object, ledger.problem_list, ledger.problem_text;
"""


@asynccontextmanager
async def _pool(dsn: str, login: str | None = None) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(dsn, role_login=login)
    yield pool
    await pool.close()


@asynccontextmanager
async def _copy(postgres_dsn: str, template: str) -> AsyncIterator[str]:
    name = f"store_{next(_numbers)}"
    connection = await asyncpg.connect(postgres_dsn)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield f"{postgres_dsn.rpartition('/')[0]}/{name}"
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def _opened(worker: asyncpg.Pool) -> AuditStore:
    store = AuditStore(worker, KEY)
    await store.open_trail(Mode.REHEARSAL, "duban.test", at=START, actor=OFFICER)
    return store


@pytest_asyncio.fixture(scope="session")
async def _dsn(postgres_dsn: str, _template: str) -> AsyncIterator[str]:
    async with _copy(postgres_dsn, _template) as dsn:
        yield dsn


@pytest_asyncio.fixture(scope="session")
async def _pools(_dsn: str) -> AsyncIterator[dict[str | None, asyncpg.Pool]]:
    logins = (None, WORKER, READER, VERIFIER, SEQUENCER)
    async with AsyncExitStack() as pools:
        yield {each: await pools.enter_async_context(_pool(_dsn, each)) for each in logins}


@pytest_asyncio.fixture
async def admin(_pools: dict[str | None, asyncpg.Pool]) -> asyncpg.Pool:
    """The superuser's pool on a database in which nothing was ever written."""
    await _pools[None].execute(_EMPTY)
    return _pools[None]


@pytest_asyncio.fixture
async def dsn(admin: asyncpg.Pool, _dsn: str) -> str:
    """The superuser's address of the emptied database."""
    return _dsn


@pytest_asyncio.fixture
async def worker(admin: asyncpg.Pool, _pools: dict[str | None, asyncpg.Pool]) -> asyncpg.Pool:
    return _pools[WORKER]


@pytest_asyncio.fixture
async def reader(admin: asyncpg.Pool, _pools: dict[str | None, asyncpg.Pool]) -> asyncpg.Pool:
    return _pools[READER]


@pytest_asyncio.fixture
async def verifier(admin: asyncpg.Pool, _pools: dict[str | None, asyncpg.Pool]) -> asyncpg.Pool:
    return _pools[VERIFIER]


@pytest_asyncio.fixture
async def sequencer(admin: asyncpg.Pool, _pools: dict[str | None, asyncpg.Pool]) -> asyncpg.Pool:
    return _pools[SEQUENCER]


@pytest_asyncio.fixture
async def unopened(worker: asyncpg.Pool) -> AuditStore:
    return AuditStore(worker, KEY)


@pytest_asyncio.fixture
async def store(worker: asyncpg.Pool) -> AuditStore:
    """A store on a trail opened as a rehearsal."""
    return await _opened(worker)


@pytest_asyncio.fixture
async def fresh_admin(database: str) -> AsyncIterator[asyncpg.Pool]:
    async with _pool(database) as pool:
        yield pool


@pytest_asyncio.fixture
async def fresh_store(database: str) -> AsyncIterator[AuditStore]:
    async with _pool(database, WORKER) as pool:
        yield await _opened(pool)


@pytest_asyncio.fixture(scope="module")
async def shared_database(postgres_dsn: str, _template: str) -> AsyncIterator[str]:
    async with _copy(postgres_dsn, _template) as dsn:
        yield dsn


@pytest_asyncio.fixture(scope="module")
async def shared_admin(shared_database: str) -> AsyncIterator[asyncpg.Pool]:
    async with _pool(shared_database) as pool:
        yield pool


@pytest_asyncio.fixture(scope="module")
async def shared_reader(shared_database: str) -> AsyncIterator[asyncpg.Pool]:
    async with _pool(shared_database, READER) as pool:
        yield pool


@pytest_asyncio.fixture(scope="module")
async def shared_verifier(shared_database: str) -> AsyncIterator[asyncpg.Pool]:
    async with _pool(shared_database, VERIFIER) as pool:
        yield pool


@pytest_asyncio.fixture(scope="module")
async def shared_store(shared_database: str) -> AsyncIterator[AuditStore]:
    async with _pool(shared_database, WORKER) as pool:
        yield await _opened(pool)
