"""By which login the database is entered, and where its password comes from."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from pydantic import SecretStr

from duban.settings import Settings
from duban.stack import home
from duban.stack.addresses import address_for, database_of
from duban.stack.errors import StackError
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.store.migrations import migrate
from duban.store.pool import ERASER, READER, SUPERVISOR, WORKER

LOGINS = (READER, WORKER, SUPERVISOR, ERASER)
WHO = f"""
import asyncio
from duban.settings import Settings
from duban.stack.addresses import address_for
from duban.store.pool import connected

async def who(login):
    async with connected(address_for(Settings.from_env(), login)) as connection:
        print(await connection.fetchval("SELECT session_user"))

for login in {LOGINS!r}:
    asyncio.run(who(login))
"""


def test_our_own_database_is_entered_by_each_login(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    address = "postgresql://postgres:x@127.0.0.1:5/duban"
    home.announce(tmp_path, home.Addresses(address, "here:1", "default"))

    for login in LOGINS:
        found = address_for(Settings(home=tmp_path), login)
        assert found.startswith(f"postgresql://{login}:")
        assert found.endswith("@127.0.0.1:5/duban")
        assert ":x@" not in found


def test_an_address_that_names_somebody_is_taken_as_it_is(tmp_path: Path) -> None:
    told = "postgresql://clerk:x@db.example:5432/duban"

    assert address_for(Settings(home=tmp_path, database_url=SecretStr(told)), WORKER) == told


def test_without_any_database_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(StackError) as caught:
        database_of(Settings(home=tmp_path))

    assert caught.value.code == "stack.not_running"


async def test_an_address_that_names_nobody_enters_by_every_login(tmp_path: Path) -> None:
    """Passwords come from PostgreSQL's own file, in a process that is told nothing else."""
    plan = PostgresPlan(tmp_path / "data", secret="kept@/aside")
    file = tmp_path / "pgpass"
    file.write_text("*:*:*:*:kept@/aside\n")
    file.chmod(0o600)
    async with EmbeddedPostgres(plan) as server:
        await server.ensure_database("duban")
        await migrate(server.dsn("duban"))
        await server.protect_logins()
        address = f"postgresql://{server.dsn('duban').rpartition('@')[2]}"
        env = {**os.environ, "DATABASE_URL": address, "PGPASSFILE": str(file)}
        asking = await asyncio.create_subprocess_exec(
            sys.executable, "-c", WHO, stdout=PIPE, stderr=PIPE, env=env
        )
        out, err = await asking.communicate()

    assert out.decode().split() == list(LOGINS), err.decode()
