"""A trail of each test's own, opened as a rehearsal, with what is kept back on it."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import asyncpg
import pytest_asyncio

from duban.contracts import Mode
from duban.domain.roles import Person, Role
from duban.store.audit import AuditStore
from duban.store.custody import Custody
from duban.store.pool import WORKER, open_pool
from tests.support.entries import KEY, OFFICER, a_change, a_record, an_event
from tests.support.keeping import custody_of, keep
from tests.support.tampering import ORIGIN

PEOPLE = (
    Person(id="OF-1", name="甲", role=Role.OFFICE),
    Person(id="SV-1", name="乙", role=Role.SUPERVISION_GROUP),
    Person(id="U03-L1", name="丙", role=Role.LIAISON, unit="U03"),
)


@pytest_asyncio.fixture
async def opened(database: str) -> str:
    """The superuser's address of a trail with a register of three people, and nothing else."""
    worker = await open_pool(database, role_login=WORKER)
    store = AuditStore(worker, KEY)
    await store.open_trail(Mode.REHEARSAL, ORIGIN, at=datetime.now(UTC), actor=OFFICER)
    changes = [a_change("person", each.key, **each.plain()) for each in PEOPLE]
    event = an_event(0, *changes, occurred_at=datetime.now(UTC))
    [result] = await store.append([a_record("campaign-BE-2019", event)])
    assert result.error is None
    await worker.close()
    return database


@pytest_asyncio.fixture
async def kept(opened: str) -> str:
    """The same with sealed entries, a reveal, texts and an erasure."""
    await keep(opened)
    return opened


@pytest_asyncio.fixture
async def custody(opened: str) -> AsyncIterator[Custody]:
    """Its doors."""
    async with custody_of(opened) as doors:
        yield doors


@pytest_asyncio.fixture
async def admin(opened: str) -> AsyncIterator[asyncpg.Connection]:
    """The superuser's connection."""
    async with AsyncExitStack() as stack:
        connection = await asyncpg.connect(opened)
        stack.push_async_callback(connection.close)
        yield connection
