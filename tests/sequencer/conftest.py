"""A database of each test's own, its trail open, with the sequencer's pool and a clock to turn."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import Mode
from duban.store.audit import AuditStore
from duban.store.pool import SEQUENCER, VERIFIER, WORKER, dsn_for, open_pool
from tests.support.entries import KEY, OFFICER, START


class Clock:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, seconds: float) -> None:
        """Go on (or back)."""
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dsn(database: str) -> str:
    """The sequencer's own address."""
    return dsn_for(database, SEQUENCER)


@pytest_asyncio.fixture
async def store(database: str) -> AsyncIterator[AuditStore]:
    pool = await open_pool(database, role_login=WORKER)
    opened = AuditStore(pool, KEY)
    await opened.open_trail(Mode.REHEARSAL, "duban.test", at=START, actor=OFFICER)
    yield opened
    await pool.close()


@pytest_asyncio.fixture
async def pool(dsn: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await open_pool(dsn)
    yield opened
    await opened.close()


@pytest_asyncio.fixture
async def verifier(database: str) -> AsyncIterator[asyncpg.Pool]:
    opened = await open_pool(database, role_login=VERIFIER)
    yield opened
    await opened.close()
