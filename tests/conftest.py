"""Real servers for the tests that need them, one of each per session; nothing starts unasked."""

import itertools
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import asyncpg
import pytest
import pytest_asyncio
from hypothesis import settings
from temporalio.testing import WorkflowEnvironment

from duban.stack.errors import StackError
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.programs import postgres_bin, temporal_program, test_server_program
from duban.stack.skipping import time_skipping
from duban.stack.temporal import DevServer, TemporalPlan
from tests.support.entries import START

# How long one example takes says more about the machine than about the code.
settings.register_profile("duban", deadline=None)
settings.load_profile("duban")

_TEMPLATE = "duban_template"
_missing: set[str] = set()
_temporal_used: list[str] = []


def _do_without(error: StackError) -> NoReturn:
    """Skip loudly on a developer's machine, fail where the tests are supposed to be complete."""
    if os.environ.get("CI"):
        pytest.fail(f"a server program is missing: {error}", pytrace=False)
    _missing.add(str(error.params.get("name")))
    pytest.skip(f"a server program is missing: {error}")


@pytest_asyncio.fixture(scope="session")
async def postgres_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[EmbeddedPostgres]:
    """A PostgreSQL of this session, where every login may connect without a password."""
    try:
        postgres_bin()
    except StackError as error:
        _do_without(error)
    plan = PostgresPlan(tmp_path_factory.mktemp("postgres") / "data", durable=False)
    async with EmbeddedPostgres(plan) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_dsn(postgres_server: EmbeddedPostgres) -> str:
    """The superuser's address of the session's PostgreSQL."""
    return postgres_server.dsn()


@pytest_asyncio.fixture(scope="session")
async def _template(postgres_server: EmbeddedPostgres) -> str:
    from duban.store import migrations  # noqa: PLC0415 - tests without a database need no store

    await postgres_server.ensure_database(_TEMPLATE)
    dsn = postgres_server.dsn(_TEMPLATE)
    await migrations.migrate(dsn)
    # Entries of the tests have fixed dates, and migrating makes no month that has passed.
    await _execute(dsn, f"SELECT audit.ensure_partition('{START:%Y-%m}-01')")
    return _TEMPLATE


_numbers = itertools.count(1)


@pytest_asyncio.fixture
async def database(postgres_server: EmbeddedPostgres, _template: str) -> AsyncIterator[str]:
    """The superuser's address of a fresh migrated database of this test alone."""
    name = f"test_{next(_numbers)}"
    await _execute(postgres_server.dsn(), f"CREATE DATABASE {name} TEMPLATE {_template}")
    yield postgres_server.dsn(name)
    await _execute(postgres_server.dsn(), f"DROP DATABASE {name} WITH (FORCE)")


async def _execute(dsn: str, statement: str) -> None:
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest_asyncio.fixture(scope="session")
async def time_skipping_env() -> AsyncIterator[WorkflowEnvironment]:
    """Temporal's time-skipping server. It has one clock, so only one test at a time may use it."""
    try:
        test_server_program()
    except StackError as error:
        _do_without(error)
    _temporal_used.append("time-skipping")
    async with time_skipping() as environment:
        yield environment


@pytest_asyncio.fixture(scope="session")
async def dev_server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DevServer]:
    """A real Temporal server in memory, on a free port, without web pages."""
    try:
        temporal_program()
    except StackError as error:
        _do_without(error)
    _temporal_used.append("dev")
    log: Path = tmp_path_factory.mktemp("temporal") / "temporal.log"
    async with DevServer(TemporalPlan(log=log)) as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _missing:
        names = ", ".join(sorted(_missing))
        line = f"NOT TESTED on real servers, missing: {names}; run `make setup` to install them"
        terminalreporter.write_sep("!", line, red=True, bold=True)


def pytest_unconfigure() -> None:
    # The threads of Temporal's core may still call back while the interpreter goes away, which
    # aborts it in one of twenty runs; half a second lets them end first.
    if _temporal_used:
        time.sleep(0.5)
