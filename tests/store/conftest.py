"""Pools of each login on a fresh database, and a trail that is open as a rehearsal."""

from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from duban.contracts import Mode
from duban.store.audit import AuditStore
from duban.store.pool import READER, VERIFIER, WORKER, open_pool
from tests.support.entries import KEY, OFFICER, START


@pytest_asyncio.fixture
async def admin(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(database)
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def worker(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(database, role_login=WORKER)
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def reader(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(database, role_login=READER)
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def verifier(database: str) -> AsyncIterator[asyncpg.Pool]:
    pool = await open_pool(database, role_login=VERIFIER)
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def unopened(worker: asyncpg.Pool) -> AuditStore:
    """A store on a trail nobody has opened."""
    return AuditStore(worker, KEY)


@pytest_asyncio.fixture
async def store(unopened: AuditStore) -> AuditStore:
    """A store on a trail opened as a rehearsal."""
    await unopened.open_trail(Mode.REHEARSAL, "duban.test", at=START, actor=OFFICER)
    return unopened
