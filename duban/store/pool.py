"""Connections to PostgreSQL: pools, one-off connections, logins, and what their failures mean."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import orjson

from duban.store.errors import DatabaseUnavailable, SchemaMissing

WORKER = "duban_worker"
"""The login that may append to the trail and do nothing else."""
SEQUENCER = "duban_sequencer"
"""The login that gives entries their places in the log, and signs for them."""
READER = "duban_reader"
"""The login that reads the ledger and all entries that are not sealed."""
VERIFIER = "duban_verifier"
"""The login that reads everything the checks need."""
SUPERVISOR = "duban_supervisor"
"""The login of the supervision group: it reads everything, boxes of sealed entries too."""
ERASER = "duban_eraser"
"""The login by which granted erasures are carried out; it can do nothing else."""

# Retrying may help, or the server has to be looked after: never the fault of what was sent.
_AWAY = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection ended by the server, before the driver knows
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.InvalidTransactionStateError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidCatalogNameError,
)
_NOT_MIGRATED = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InvalidSchemaNameError,
)


@contextmanager
def reachable() -> Iterator[None]:
    """Run database calls.

    Raises:
        DatabaseUnavailable: the server is away, refuses the login or what it asks, or is out of
            resources.
        SchemaMissing: the database was never migrated.
    """
    try:
        yield
    except _AWAY as error:
        raise DatabaseUnavailable(reason=str(error) or type(error).__name__) from error
    except _NOT_MIGRATED as error:
        raise SchemaMissing(reason=str(error)) from error


def dsn_for(dsn: str, user: str, password: str | None = None) -> str:
    """Return the address `dsn` with another login; its password is not carried over."""
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    login = quote(user, safe="") + (f":{quote(password, safe='')}" if password else "")
    # urlunsplit drops the slashes of an address without a host, so they are written here.
    rest = urlunsplit(("", "", parts.path, parts.query, parts.fragment))
    return f"{parts.scheme}://{login}@{host}{rest}"


async def open_pool(
    dsn: str, *, role_login: str | None = None, max_size: int = 4, min_size: int = 1
) -> asyncpg.Pool:
    """Open a pool of at most `max_size` connections, as `role_login` where one is given.

    `min_size` of them are opened at once; the others when they are wanted.

    Raises:
        DatabaseUnavailable: no connection could be made.
    """
    with reachable():
        return await asyncpg.create_pool(
            dsn_for(dsn, role_login) if role_login else dsn,
            min_size=min_size,
            max_size=max_size,
            init=_prepare,
            reset=_leave,
            server_settings=_SETTINGS,
            # No timers: our statements are few and always the same, and a timer keeps alive for
            # minutes whatever asked, such as all workflows of a worker that has ended.
            max_cached_statement_lifetime=0,
            max_inactive_connection_lifetime=0,
        )


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[asyncpg.Connection]:
    """Hold one connection.

    Raises:
        DatabaseUnavailable: no connection could be made.
    """
    with reachable():
        connection = await asyncpg.connect(dsn, server_settings=_SETTINGS)
    try:
        await _prepare(connection)
        yield connection
    finally:
        await connection.close()


# Searches with optional filters must be planned for the filters given; tiny statements are not
# worth compiling.
_SETTINGS = {
    "application_name": "duban",
    "jit": "off",
    "plan_cache_mode": "force_custom_plan",
    "timezone": "UTC",
}


async def _prepare(connection: asyncpg.Connection) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
    )


async def _leave(_: asyncpg.Connection) -> None:
    """Give a connection back as it is: no session setting is ever changed on one.

    The driver's own reset costs every statement a second round trip to the server. Transactions
    left open and listeners are ended by the driver in any case.
    """
