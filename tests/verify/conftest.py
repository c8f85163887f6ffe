"""One reference log, copied for every test that tampers with it."""

import itertools
from collections.abc import AsyncIterator

import asyncpg
import pytest_asyncio

from tests.support.tampering import Reference, build_reference

_numbers = itertools.count(1)
_REFERENCE = "verify_reference"


@pytest_asyncio.fixture(scope="session")
async def reference(postgres_dsn: str, _template: str) -> Reference:
    """A log with two witnesses, receipts and a manifest, all as it should be."""
    connection = await asyncpg.connect(postgres_dsn)
    await connection.execute(f"CREATE DATABASE {_REFERENCE} TEMPLATE {_template}")
    await connection.close()
    return await build_reference(f"{postgres_dsn.rpartition('/')[0]}/{_REFERENCE}")


@pytest_asyncio.fixture
async def copy(postgres_dsn: str, reference: Reference) -> AsyncIterator[str]:
    """The address of a fresh copy of the reference log, for the superuser."""
    name = f"verify_{next(_numbers)}"
    connection = await asyncpg.connect(postgres_dsn)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE {_REFERENCE}")
    yield f"{postgres_dsn.rpartition('/')[0]}/{name}"
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()
