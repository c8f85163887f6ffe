"""A logical dump, restored on another server: everything verifies there, and the log goes on."""

import asyncio
import os
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest
import pytest_asyncio

from duban import doctor
from duban.contracts import Mode
from duban.doctor import Level
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.programs import postgres_bin
from tests.chaos.conftest import Copy
from tests.support.chaos_desk import Desk
from tests.support.chaos_load import grow
from tests.support.keeping import keep

STREAMS = 8


async def tool(name: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs."""
    argv = (str(postgres_bin() / name), *words)
    process = await asyncio.create_subprocess_exec(*argv, stderr=PIPE, env={**os.environ})
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


@pytest_asyncio.fixture(scope="module")
async def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, postgres_dsn: str
) -> AsyncIterator[EmbeddedPostgres]:
    """A server that has never heard of Duban."""
    plan = PostgresPlan(tmp_path_factory.mktemp("elsewhere") / "data", durable=False)
    async with EmbeddedPostgres(plan) as server:
        yield server


async def dump(dsn: str, folder: Path) -> None:
    """Dump a database and the roles of its server, as docs/operations.md says."""
    await tool("pg_dumpall", "--roles-only", "--dbname", dsn, "--file", str(folder / "roles.sql"))
    await tool("pg_dump", "--format=custom", "--file", str(folder / "duban.dump"), dsn)


async def restore(server: EmbeddedPostgres, name: str, folder: Path) -> str:
    """Restore it as docs/operations.md says; return the address."""
    await tool("psql", "--quiet", "--file", str(folder / "roles.sql"), server.dsn())
    await tool("createdb", "--maintenance-db", server.dsn(), name)
    target = ("--exit-on-error", "--dbname", server.dsn(name))
    await tool("pg_restore", *target, str(folder / "duban.dump"))
    return server.dsn(name)


class Dumped(NamedTuple):
    """A database while it was dumped, where it was restored, and what the witness saw before."""

    dsn: str
    restored: str
    anchor: Path


@pytest_asyncio.fixture(scope="module")
async def dumped(
    desk: Desk,
    copy: Copy,
    elsewhere: EmbeddedPostgres,
    tmp_path_factory: pytest.TempPathFactory,
) -> Dumped:
    """Dumped while many write and the log is signed; texts and sealed entries are in it too."""
    dsn, folder = await copy(None), tmp_path_factory.mktemp("dump")
    await grow(dsn, "campaign-0", 300)
    async with desk.signing(dsn):
        pass
    anchor = await desk.anchor()
    async with desk.signing(dsn):
        writing = [asyncio.create_task(grow(dsn, f"campaign-{n}", 100)) for n in range(STREAMS)]
        await dump(dsn, folder)
        assert not all(each.done() for each in writing), "nobody wrote while it was dumped"
        await asyncio.gather(*writing)
    return Dumped(dsn, await restore(elsewhere, "live", folder), anchor)


async def guarded(dsn: str) -> dict[str, Level]:
    """What `duban doctor` says of a database."""
    return {each.name: each.level for each in doctor.judge_database(await doctor.gather(dsn))}


async def test_a_dump_of_a_live_trail_verifies_where_it_is_restored(
    desk: Desk, dumped: Dumped
) -> None:
    policy = ("--policy", str(desk.policy_file))

    said = await desk.verify(dumped.restored, *policy, "--anchor", str(dumped.anchor))

    assert (said.status, said.codes) == (0, set()), said


async def test_rights_and_triggers_are_restored_too(dumped: Dumped) -> None:
    assert await guarded(dumped.restored) == await guarded(dumped.dsn)
    assert set((await guarded(dumped.restored)).values()) == {Level.OK}
    connection = await asyncpg.connect(dumped.restored)
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
        await connection.execute("DELETE FROM audit.event")
    await connection.close()


async def test_what_was_signed_after_the_dump_is_missed(desk: Desk, dumped: Dumped) -> None:
    newer = await desk.anchor("newer.txt")

    said = await desk.refused(dumped.restored)
    found = await desk.verify(
        dumped.restored, "--policy", str(desk.policy_file), "--anchor", str(newer)
    )

    assert said["code"] == "log.rolled_back"
    assert (found.status, found.codes) == (1, {"TRUNCATED"})


async def test_a_dump_at_rest_is_signed_on_where_it_is_restored(
    copy: Copy, elsewhere: EmbeddedPostgres, tmp_path: Path
) -> None:
    """With texts behind commitments, sealed entries and an erasure."""
    desk, dsn = Desk(tmp_path / "desk"), await copy(None)
    await grow(dsn, "campaign-0", 100, Mode.REHEARSAL)
    await keep(dsn)
    async with desk.witnessing():
        async with desk.signing(dsn):
            pass
        await dump(dsn, tmp_path)
        moved = await restore(elsewhere, "moved", tmp_path)
        await grow(moved, "campaign-0", 20, Mode.REHEARSAL)
        async with desk.signing(moved):
            pass
        anchor = ("--anchor", str(await desk.anchor()))
        said = await desk.verify(moved, "--policy", str(desk.policy_file), *anchor)
    assert (said.status, said.codes) == (0, set()), said
