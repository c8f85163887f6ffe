"""Migrations: from nothing, again, never backwards, never altered; and one by many at once."""

import asyncio
import itertools
from collections.abc import AsyncIterator

import asyncpg
import pytest
import pytest_asyncio

from duban.store import migrations
from duban.store.audit import AuditStore
from duban.store.checks import check_trail
from duban.store.errors import DatabaseUnavailable, SchemaChanged, SchemaMissing, SchemaNewer
from duban.store.migrations import migrate, shipped, status
from duban.store.pool import dsn_for, open_pool
from duban.store.queries import SQL, parse
from tests.support.entries import KEY, a_run

_numbers = itertools.count(1)


@pytest_asyncio.fixture
async def empty(postgres_dsn: str) -> AsyncIterator[str]:
    """The superuser's address of a database with nothing in it."""
    name = f"empty_{next(_numbers)}"
    connection = await asyncpg.connect(postgres_dsn)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    head, _, _ = postgres_dsn.rpartition("/")
    yield f"{head}/{name}"
    await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await connection.close()


async def run(dsn: str, statement: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


def test_files_are_numbered_without_gap() -> None:
    assert [each.version for each in shipped()] == list(range(1, len(shipped()) + 1))
    assert [each.name[:4] for each in shipped()] == [f"{each.version:04}" for each in shipped()]


async def test_from_nothing_and_again(empty: str) -> None:
    names = [each.name for each in shipped()]
    assert (await status(empty)).pending == tuple(names)
    assert await migrate(empty) == names
    assert await migrate(empty) == []
    found = await status(empty)
    assert found.is_current
    assert found.applied == tuple(names)


async def test_several_at_once_apply_each_file_once(empty: str) -> None:
    done = await asyncio.gather(*(migrate(empty) for _ in range(4)))
    assert sorted(len(each) for each in done) == [0, 0, 0, len(shipped())]


async def test_partitions_reach_twelve_months_ahead(empty: str) -> None:
    await migrate(empty)
    count = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit.event'::regclass"
    assert await run(empty, count) == 14
    month = "SELECT to_char(now() AT TIME ZONE 'UTC' + interval '12 months', 'YYYYMM')"
    assert await run(empty, f"SELECT to_regclass('audit.event_' || ({month})) IS NOT NULL")


async def test_a_newer_schema_is_refused(database: str) -> None:
    await run(
        database,
        "INSERT INTO duban.schema_migration (version, name, checksum)"
        " VALUES (9999, '9999_future.sql', 'x')",
    )
    assert (await status(database)).newer == ("9999_future.sql",)
    assert not (await status(database)).is_current
    with pytest.raises(SchemaNewer) as refused:
        await migrate(database)
    assert refused.value.params == {"migration": "9999_future.sql"}


async def test_a_changed_file_is_refused(database: str) -> None:
    await run(database, "UPDATE duban.schema_migration SET checksum = 'x' WHERE version = 2")
    [changed] = (await status(database)).changed
    assert changed == shipped()[1].name
    with pytest.raises(SchemaChanged) as refused:
        await migrate(database)
    assert refused.value.params == {"migration": changed}


async def test_a_failing_file_leaves_nothing(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = migrations.Migration(99, "0099_broken.sql", "SELECT 1 / 0", "x")
    files = (*shipped(), broken)
    monkeypatch.setattr(migrations, "shipped", lambda: files)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty)
    assert await run(empty, "SELECT to_regclass('audit.event') IS NULL")
    assert await run(empty, "SELECT to_regclass('duban.schema_migration') IS NULL")


async def test_a_database_that_was_never_migrated_says_so(empty: str) -> None:
    pool = await open_pool(empty)
    with pytest.raises(SchemaMissing):
        await AuditStore(pool, KEY).append([a_run("campaign-A", 0, 1)])
    with pytest.raises(SchemaMissing):
        await check_trail(pool)
    await pool.close()


async def test_an_unreachable_server_is_unavailable() -> None:
    nobody = "postgresql://postgres@127.0.0.1:1/postgres"
    for attempt in (migrate(nobody), status(nobody), open_pool(nobody)):
        with pytest.raises(DatabaseUnavailable):
            await attempt


async def test_a_missing_database_is_unavailable(postgres_dsn: str) -> None:
    head, _, _ = postgres_dsn.rpartition("/")
    with pytest.raises(DatabaseUnavailable, match="nowhere"):
        await open_pool(f"{head}/nowhere")


@pytest.mark.parametrize(
    ("dsn", "expected"),
    [
        ("postgresql://a:b@h:5/d?x=1", "postgresql://new@h:5/d?x=1"),
        ("postgresql://a@/d?host=/run/pg", "postgresql://new@/d?host=/run/pg"),
        ("postgres://h/d", "postgres://new@h/d"),
    ],
)
def test_an_address_with_another_login(dsn: str, expected: str) -> None:
    assert dsn_for(dsn, "new") == expected


def test_an_address_with_another_login_and_password() -> None:
    made = dsn_for("postgresql://a:b@h/d", "n@w", password="p:w/d")
    assert made == "postgresql://n%40w:p%3Aw%2Fd@h/d"


def test_statements_are_read_by_name() -> None:
    text = "-- a heading\n\n-- name: one\nSELECT 1\n\n-- name: two\n-- why\nSELECT 2;\nSELECT 3\n"
    assert parse(text) == {"one": "SELECT 1", "two": "-- why\nSELECT 2;\nSELECT 3"}
    assert "audit.append(" in SQL["append"]
