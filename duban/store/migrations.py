"""Numbered SQL files applied in order, once, under one lock; and the trail's monthly partitions."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Final

import asyncpg

from duban.store.errors import SchemaChanged, SchemaNewer
from duban.store.pool import connected, reachable
from duban.store.queries import SQL

_NAME: Final = re.compile(r"^(\d{4})_\w+\.sql$")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file. `checksum` is the SHA-256 (hex) of its bytes."""

    version: int
    name: str
    sql: str
    checksum: str


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """How a database stands to this release: names of migrations, and what does not fit."""

    applied: tuple[str, ...]
    pending: tuple[str, ...]
    newer: tuple[str, ...]
    changed: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        """Whether the database is exactly what this release expects."""
        return not (self.pending or self.newer or self.changed)


@cache
def shipped() -> tuple[Migration, ...]:
    """Return this release's migrations in order."""
    folder = files("duban.store.sql") / "migrations"
    bodies = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    return tuple(
        Migration(int(match[1]), name, body.decode(), hashlib.sha256(body).hexdigest())
        for name, body in sorted(bodies.items())
        if (match := _NAME.match(name))
    )


async def migrate(dsn: str) -> list[str]:
    """Bring a database up to this release; return the names of the files applied now.

    `dsn` names a superuser: roles are made too. All files are applied in one transaction, or none.
    Partitions are made for this month and the twelve that follow.

    Raises:
        SchemaNewer: a newer release was here.
        SchemaChanged: a file differs from the one applied.
        DatabaseUnavailable: the server does not answer.
    """
    async with connected(dsn) as connection:
        with reachable():
            async with connection.transaction():
                return await _migrate(connection, shipped())


async def status(dsn: str) -> SchemaStatus:
    """Compare a database with this release; nothing is changed.

    Raises:
        DatabaseUnavailable: the server does not answer.
    """
    async with connected(dsn) as connection:
        with reachable():
            return _compare(await _applied(connection), shipped())


async def ensure_partitions(
    connection: asyncpg.Connection, first: date, last: date
) -> dict[str, str]:
    """Make the monthly partitions from the month of `first` to that of `last`.

    Returns 'created', 'exists' or 'occupied' by month (`YYYYMM`); in an occupied month entries
    already lie in the default partition, where they stay. Needs the superuser or the owner.
    """
    with reachable():
        rows = await connection.fetch(SQL["ensure_partitions"], first, last)
    return {row["month"]: row["outcome"] for row in rows}


async def _migrate(connection: asyncpg.Connection, migrations: tuple[Migration, ...]) -> list[str]:
    await connection.execute(SQL["migration_lock"])
    await connection.execute(SQL["migration_table"])
    found = _compare(await _applied(connection), migrations)
    if found.newer:
        raise SchemaNewer(migration=found.newer[0])
    if found.changed:
        raise SchemaChanged(migration=found.changed[0])
    for each in migrations:
        if each.name in found.pending:
            await connection.execute(each.sql)
            await connection.execute(SQL["migration_done"], each.version, each.name, each.checksum)
    await connection.execute(SQL["default_partitions"])
    return list(found.pending)


async def _applied(connection: asyncpg.Connection) -> dict[int, tuple[str, str]]:
    if not await connection.fetchval(SQL["migrations_exist"]):
        return {}
    rows = await connection.fetch(SQL["migrations_applied"])
    return {row["version"]: (row["name"], row["checksum"]) for row in rows}


def _compare(
    applied: dict[int, tuple[str, str]], migrations: tuple[Migration, ...]
) -> SchemaStatus:
    known = {each.version: each for each in migrations}
    return SchemaStatus(
        applied=tuple(name for name, _ in applied.values()),
        pending=tuple(each.name for each in migrations if each.version not in applied),
        newer=tuple(name for version, (name, _) in applied.items() if version not in known),
        changed=tuple(
            name
            for version, (name, checksum) in applied.items()
            if version in known and known[version].checksum != checksum
        ),
    )
