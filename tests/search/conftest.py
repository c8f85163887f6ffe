"""A trail of this module's own, with the pools that write, sequence, project and read it."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import Mode
from duban.domain.events import Event
from duban.proof.notes import ED25519, SignerKey
from duban.store import projector, sequencing
from duban.store.audit import AuditStore
from duban.store.pool import READER, SEQUENCER, WORKER, open_pool
from tests.support.entries import KEY, OFFICER, START, a_record

_SIGNER = SignerKey("log.example/duban", ED25519, bytes(range(32)))
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Trail:
    """One trail, opened as a rehearsal, and everything that works on it."""

    dsn: str
    admin: asyncpg.Pool
    store: AuditStore
    reader: asyncpg.Pool
    sequencer: asyncpg.Pool

    async def tell(self, stream: str, *events: Event, campaign: str | None = "BE-2019") -> None:
        """Append events of a stream."""
        [result] = await self.store.append([a_record(stream, *events, campaign=campaign)])
        assert result.error is None
        assert result.new == len(events)

    async def grow(self) -> None:
        """Give every waiting entry its place in the log."""
        async with self.sequencer.acquire() as connection:
            while await sequencing.step(connection, [_SIGNER], now_us=1_795_395_600_000_000):
                pass

    async def settle(self) -> int:
        """Sequence and project all there is; return the number of new places."""
        await self.grow()
        return await projector.catch_up(self.sequencer)


MakeTrail = Callable[[], Awaitable[Trail]]


async def some_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Return when a projector that is at work has looked five times at what there is."""
    looks = 0
    real = asyncpg.Pool.fetchrow

    async def look(pool: asyncpg.Pool, *args: Any) -> Any:
        nonlocal looks
        looks += 1
        return await real(pool, *args)

    with monkeypatch.context() as patch:
        patch.setattr(asyncpg.Pool, "fetchrow", look)
        while looks < 5:  # noqa: ASYNC110 - a look sets no event
            await asyncio.sleep(0.001)


@pytest_asyncio.fixture(scope="module")
async def make_trail(postgres_dsn: str, _template: str) -> AsyncIterator[MakeTrail]:
    async with AsyncExitStack() as stack:
        server = await asyncpg.connect(postgres_dsn)
        stack.push_async_callback(server.close)

        async def make() -> Trail:
            name = f"search_{next(_numbers)}"
            await server.execute(f"CREATE DATABASE {name} TEMPLATE {_template}")
            stack.push_async_callback(server.execute, f"DROP DATABASE {name} WITH (FORCE)")
            dsn = urlsplit(postgres_dsn)._replace(path=f"/{name}").geturl()
            pools = {}
            for login in (None, WORKER, READER, SEQUENCER):
                pools[login] = await open_pool(dsn, role_login=login)
                stack.push_async_callback(pools[login].close)
            store = AuditStore(pools[WORKER], KEY)
            await store.open_trail(Mode.REHEARSAL, "duban.test", at=START, actor=OFFICER)
            return Trail(dsn, pools[None], store, pools[READER], pools[SEQUENCER])

        yield make


@pytest_asyncio.fixture(scope="module")
async def shared(make_trail: MakeTrail) -> Trail:
    """A trail that the tests of a module share; each writes streams of its own."""
    return await make_trail()


@pytest_asyncio.fixture
async def trail(make_trail: MakeTrail) -> Trail:
    """A trail of one test alone."""
    return await make_trail()
