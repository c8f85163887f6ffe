"""The embedded servers: they start, answer, survive a kill, and say why when they cannot."""

import asyncio
import os
import signal
import socket
import sys
from pathlib import Path

import asyncpg
import psutil
import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.testing import WorkflowEnvironment

from duban.stack import accounts, programs
from duban.stack.errors import StackError
from duban.stack.ports import LOOPBACK, free_port
from duban.stack.postgres import EmbeddedPostgres, PostgresPlan
from duban.stack.temporal import DevServer, TemporalPlan, connect


async def _ask(dsn: str, question: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_postgres_answers_with_checksums_on(postgres_dsn: str) -> None:
    assert await _ask(postgres_dsn, "SHOW data_checksums") == "on"
    assert await _ask(postgres_dsn, "SHOW server_encoding") == "UTF8"


async def test_database_of_a_test_is_fresh_and_migrated(database: str) -> None:
    assert await _ask(database, "SELECT current_database()") != "postgres"
    assert await _ask(database, "SELECT count(*) FROM pg_namespace WHERE nspname = 'audit'") == 1


async def test_postgres_starts_again_after_kill(tmp_path: Path) -> None:
    plan = PostgresPlan(tmp_path / "data", secret="a:b@/c")
    async with EmbeddedPostgres(plan) as server:
        await server.ensure_database("kept")
        await _ask(server.dsn("kept"), "CREATE TABLE kept AS SELECT 7 AS n")
        os.kill(server.child.pid, signal.SIGKILL)
        await server.child.wait()
    async with EmbeddedPostgres(plan) as server:
        assert await _ask(server.dsn("kept"), "SELECT n FROM kept") == 7


async def test_postgres_waits_for_the_last_children_of_a_killed_server(tmp_path: Path) -> None:
    plan = PostgresPlan(tmp_path / "data", durable=False)
    busy = "DO $$ BEGIN FOR i IN 1..100000000 LOOP END LOOP; END $$"
    async with EmbeddedPostgres(plan) as server:
        clerk = await asyncpg.connect(server.dsn())
        work = asyncio.create_task(clerk.execute(busy))
        active = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'DO %'"
        await _until_answer(server.dsn(), active, 1)
        os.kill(server.child.pid, signal.SIGKILL)
        await server.child.wait()
        async with EmbeddedPostgres(plan) as again:
            assert await _ask(again.dsn(), "SELECT 1") == 1
        assert await work == "DO"
        clerk.terminate()
    assert "still in use" in server.log.read_text()


async def _until_answer(dsn: str, question: str, answer: object) -> None:
    async with asyncio.timeout(30):
        while await _ask(dsn, question) != answer:  # noqa: ASYNC110 - a server sets no event
            await asyncio.sleep(0.01)


async def test_second_server_on_the_same_data_is_refused(tmp_path: Path) -> None:
    plan = PostgresPlan(tmp_path / "data", durable=False)
    async with EmbeddedPostgres(plan) as server:
        with pytest.raises(StackError, match="stack.start_failed"):
            await EmbeddedPostgres(plan).start()
        assert await _ask(server.dsn(), "SELECT 1") == 1


async def test_data_directory_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with pytest.raises(StackError) as refused:
        await EmbeddedPostgres(PostgresPlan(folder, secret="")).start()
    assert refused.value.params["name"] == "initdb"
    assert not folder.exists()
    folder.mkdir()
    (folder / "letter.txt").write_text("somebody's")
    with pytest.raises(StackError, match="stack.start_failed"):
        await EmbeddedPostgres(PostgresPlan(folder, durable=False)).start()
    assert [file.name for file in folder.iterdir()] == ["letter.txt"]


async def test_postgres_with_a_secret_refuses_those_without(tmp_path: Path) -> None:
    plan = PostgresPlan(tmp_path / "data", secret="secret", durable=False)
    async with EmbeddedPostgres(plan) as server:
        await _ask(server.dsn(), "CREATE ROLE clerk LOGIN")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await _ask(server.dsn(user="clerk"), "SELECT 1")
        await server.protect_logins()
        assert await _ask(server.dsn(user="clerk"), "SELECT current_user") == "clerk"
        stranger = server.dsn().replace(":secret@", ":guess@")
        with pytest.raises(asyncpg.InvalidPasswordError):
            await _ask(stranger, "SELECT 1")


async def test_postgres_leaves_no_process_behind(tmp_path: Path) -> None:
    async with EmbeddedPostgres(PostgresPlan(tmp_path / "data", durable=False)) as server:
        family = psutil.Process(server.child.pid)
        everyone = [family, *family.children(recursive=True)]
    assert len(everyone) > 1
    assert not [one for one in everyone if one.is_running()]


async def test_taken_port_is_refused_with_the_variable_that_moves_it(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(StackError) as postgres:
            await EmbeddedPostgres(PostgresPlan(tmp_path / "data", port=port)).start()
        with pytest.raises(StackError) as server:
            await DevServer(TemporalPlan(log=tmp_path / "log", port=port)).start()
    assert postgres.value.code == server.value.code == "stack.port_taken"
    assert postgres.value.params == {"port": port, "variable": "DUBAN_POSTGRES_PORT"}
    assert server.value.params == {"port": port, "variable": "DUBAN_TEMPORAL_PORT"}


async def test_postgres_that_cannot_start_names_its_log(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with EmbeddedPostgres(PostgresPlan(folder, durable=False)):
        pass
    (folder / "postgresql.conf").write_text("no_such_setting = on\n")
    with pytest.raises(StackError) as refused:
        await EmbeddedPostgres(PostgresPlan(folder, durable=False)).start()
    assert refused.value.code == "stack.start_failed"
    assert "no_such_setting" in Path(str(refused.value.params["log"])).read_text()


async def test_server_not_started_has_no_process_and_may_be_stopped(tmp_path: Path) -> None:
    for server in (
        EmbeddedPostgres(PostgresPlan(tmp_path / "data")),
        DevServer(TemporalPlan(log=tmp_path / "log")),
    ):
        with pytest.raises(StackError, match="stack.not_running"):
            server.child  # noqa: B018 - asking for the process is what must fail
        await server.stop()


async def test_without_a_secret_logins_stay_as_they_are(postgres_server: EmbeddedPostgres) -> None:
    await postgres_server.protect_logins()
    passwords = "SELECT count(*) FROM pg_authid WHERE rolpassword IS NOT NULL"
    assert await _ask(postgres_server.dsn(), passwords) == 0


async def test_dev_server_keeps_closed_workflows_400_days(dev_server: DevServer) -> None:
    client = await connect(dev_server.address, "default", None)
    request = DescribeNamespaceRequest(namespace="default")
    answer = await client.workflow_service.describe_namespace(request)
    assert answer.config.workflow_execution_retention_ttl.ToTimedelta().days == 400


async def test_unreachable_server_is_named() -> None:
    address = f"{LOOPBACK}:{free_port()}"
    with pytest.raises(StackError) as refused:
        await connect(address, "default", None)
    assert refused.value.code == "stack.server_unreachable"
    assert refused.value.params == {"server": "Temporal", "address": address}


async def test_unknown_namespace_counts_as_unreachable(dev_server: DevServer) -> None:
    with pytest.raises(StackError, match="stack.server_unreachable"):
        await connect(dev_server.address, "nowhere", None)


async def test_time_skipping_server_skips(time_skipping_env: WorkflowEnvironment) -> None:
    before = await time_skipping_env.get_current_time()
    await time_skipping_env.sleep(86_400)
    assert (await time_skipping_env.get_current_time() - before).days >= 1


def test_missing_embedded_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(StackError) as refused:
        programs.postgres_bin()
    assert refused.value.params == {"name": "postgres"}


def test_program_on_the_path_will_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "some-program"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert programs._program("pytest", "some-program") == program


def test_missing_program_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StackError) as refused:
        programs._program("no-such-distribution", "no-such-program")
    assert refused.value.code == "stack.program_missing"
    assert refused.value.params == {"name": "no-such-program"}


def test_closed_folder_is_named_when_the_account_may_not_pass(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with pytest.raises(StackError) as refused:
        accounts.Account(user=65534, group=65534).require_entry(tmp_path / "data")
    assert refused.value.code == "stack.home_closed"
    accounts.Account(user=65534, group=65534).require_entry(Path("/usr/bin/env"))
    accounts.Account().require_entry(tmp_path / "data")
    accounts.Account(user=65534, setpriv="/usr/bin/setpriv").require_entry(tmp_path / "data")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL under another account")
def test_root_hands_postgres_to_the_owner_of_its_data(tmp_path: Path) -> None:
    nobody = accounts.account_for(tmp_path / "new")
    os.chown(tmp_path, 12345, 23456)
    owner = accounts.account_for(tmp_path)
    assert nobody.user not in (None, 0)
    assert (owner.user, owner.group) == (12345, 23456)


def test_setpriv_that_may_not_work_is_done_without(tmp_path: Path) -> None:
    program = tmp_path / "setpriv"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    assert accounts._able(accounts.Account(7, 8, str(program))).setpriv is None
    program.write_text("#!/bin/sh\nexit 0\n")
    assert accounts._able(accounts.Account(7, 8, str(program))).setpriv == str(program)


def test_everybody_but_root_stays_who_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert accounts.account_for(tmp_path) == accounts.Account()
    owner = tmp_path.stat().st_uid
    accounts.Account().own(tmp_path)
    assert tmp_path.stat().st_uid == owner


def test_account_without_setpriv_is_switched_to_by_the_parent() -> None:
    account = accounts.Account(user=7, group=8)
    assert account.command(["postgres"]) == ["postgres"]
    assert account.switch == (7, 8)
