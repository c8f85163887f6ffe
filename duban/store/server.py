"""What is done to a PostgreSQL server as a whole: databases made and dropped, logins protected."""

from duban.store.pool import connected
from duban.store.queries import SQL


async def ensure_database(dsn: str, name: str) -> None:
    """Create the database `name` unless it is there; `dsn` is a superuser's.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    await _run(dsn, "create_database_statement", name)


async def drop_database(dsn: str, name: str) -> None:
    """Drop the database `name` with its connections; one that is not there is fine.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    await _run(dsn, "drop_database_statement", name)


async def protect_logins(dsn: str, password: str) -> None:
    """Give one password to every login, so that all can sign in and nobody else can.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    await _run(dsn, "password_statements", password)


async def _run(dsn: str, writes: str, value: str) -> None:
    # A statement about names cannot take parameters, so the server itself quotes them into it.
    async with connected(dsn) as connection:
        for row in await connection.fetch(SQL[writes], value):
            await connection.execute(row[0])
