"""Logs with their witnesses, and databases that are copied as backups are taken and restored."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio

from tests.support.chaos_desk import Desk

Copy = Callable[[str | None], Awaitable[str]]
_numbers = itertools.count(1)


@pytest_asyncio.fixture(scope="module")
async def desk(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Desk]:
    """A log whose witness runs."""
    made = Desk(Path(tmp_path_factory.mktemp("desk")))
    async with made.witnessing():
        yield made


@pytest_asyncio.fixture(scope="module")
async def copy(postgres_dsn: str, _template: str) -> AsyncIterator[Copy]:
    """Make a database that is what another is, or an empty one of None; returns its address."""
    admin, made = await asyncpg.connect(postgres_dsn), list[str]()
    base = postgres_dsn.rpartition("/")[0]

    async def copied(dsn: str | None) -> str:
        made.append(f"chaos_{next(_numbers)}")
        source = dsn.rpartition("/")[2] if dsn else _template
        await admin.execute(f"CREATE DATABASE {made[-1]} TEMPLATE {source}")
        return f"{base}/{made[-1]}"

    yield copied
    for name in made:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()
