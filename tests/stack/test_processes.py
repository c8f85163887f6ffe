"""The supervisor: everything starts, is found by others, and stops, whatever is killed."""

import asyncio
import os
import signal
import socket
import stat
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil
import pytest
from pydantic import SecretStr

from duban.settings import Settings
from duban.stack import child, health, home, keys, processes
from duban.stack.errors import StackError
from duban.stack.ports import LOOPBACK, free_port
from duban.stack.temporal import DevServer
from tests.support.rings import key_file

WORKER = (sys.executable, str(Path(__file__).with_name("idle_worker.py")))
SUPERVISOR = """
import asyncio, sys
from duban.settings import Settings
from duban.stack import processes
asyncio.run(processes.up(Settings.from_env(), lambda *news: None, worker=sys.argv[1:]))
"""


@dataclass
class Running:
    """A stack of this process, the news it gave, and the way to end it."""

    settings: Settings
    task: asyncio.Task[None]
    stop: asyncio.Event
    news: list[tuple[str, str, str]] = field(default_factory=list)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    ports = {name: free_port() for name in ("temporal_port", "ui_port", "postgres_port")}
    return Settings.model_validate({"home": tmp_path / "home", **ports})


async def _until(condition: Callable[[], object], within: float = 60) -> None:
    async def poll() -> None:
        while not condition():  # noqa: ASYNC110 - other processes set no event
            await asyncio.sleep(0.02)

    await asyncio.wait_for(poll(), within)


def _begin(settings: Settings) -> Running:
    stop = asyncio.Event()
    news: list[tuple[str, str, str]] = []
    up = processes.up(settings, lambda *one: news.append(one), stop=stop, worker=WORKER)
    return Running(settings, asyncio.create_task(up), stop, news)


@asynccontextmanager
async def _up(settings: Settings) -> AsyncIterator[Running]:
    running = _begin(settings)
    await _until(lambda: home.running(settings.home) or running.task.done())
    try:
        yield running
    finally:
        running.stop.set()
        await running.task


async def _ask(settings: Settings, question: str) -> object:
    url = home.fill_in(settings).database_url
    assert url is not None
    connection = await asyncpg.connect(url.get_secret_value())
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def _pid(settings: Settings, name: str) -> int:
    found = child.process_of(home.pid_file(settings.home, name))
    assert found is not None
    return found[0].pid


async def test_stack_starts_is_found_and_stops_in_reverse_order(settings: Settings) -> None:
    async with _up(settings) as running:
        filled = home.fill_in(settings)
        assert filled.temporal_address == f"{LOOPBACK}:{settings.temporal_port}"
        assert await _ask(settings, "SELECT current_database()") == "duban"
        host = socket.gethostname()
        assert await health.is_worker_alive(filled, host)
        assert not await health.is_worker_alive(filled, "elsewhere")
        processes_up = [_pid(settings, name) for name in home.SERVERS]
    ready = [name for name, state, _ in running.news if state == "ready"]
    stopped = [name for name, state, _ in running.news if state == "stopped"]
    assert ready == ["postgres", "temporal", "ui", "worker", "sequencer"]
    assert stopped == ["sequencer", "worker", "temporal", "postgres"]
    assert not [pid for pid in processes_up if psutil.pid_exists(pid)]
    with pytest.raises(StackError, match="stack.not_running"):
        home.fill_in(settings)


async def test_second_start_is_told_where_the_first_runs(settings: Settings) -> None:
    async with _up(settings):
        with pytest.raises(StackError) as refused:
            await processes.up(settings, lambda *_: None, worker=WORKER)
        assert refused.value.code == "stack.already_running"
        assert refused.value.params == {"home": str(settings.home), "pid": os.getpid()}
        assert await _ask(settings, "SELECT 1") == 1


async def test_start_waits_for_a_stack_that_is_just_stopping(settings: Settings) -> None:
    entered = asyncio.Event()

    async def second() -> None:
        async with home.exclusive(settings.home):
            entered.set()

    async with home.exclusive(settings.home):
        waiting = asyncio.create_task(second())
        await asyncio.wait({waiting}, timeout=0.3)
        assert not entered.is_set()
    await waiting
    assert entered.is_set()


@pytest.mark.parametrize("name", home.SERVERS)
async def test_killed_server_ends_the_stack_and_the_next_start_finds_the_data(
    settings: Settings, name: str
) -> None:
    running = _begin(settings)
    await _until(lambda: home.running(settings.home))
    await _ask(settings, "CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(_pid(settings, name), signal.SIGKILL)
    with pytest.raises(StackError) as died:
        await running.task
    assert died.value.code == "stack.child_died"
    assert died.value.params["name"] == name
    async with _up(settings):
        assert await _ask(settings, "SELECT n FROM kept") == 7


async def test_start_is_given_up_when_told_to_stop(settings: Settings) -> None:
    running = _begin(settings)
    await _until(lambda: home.pid_file(settings.home, "temporal").exists())
    server = psutil.Process(_pid(settings, "temporal"))
    running.stop.set()
    await running.task
    assert _has_ended(server)
    assert home.running(settings.home) is None
    assert ("postgres", "stopped", "") in running.news


async def test_named_servers_are_used_not_started(
    settings: Settings, database: str, dev_server: DevServer
) -> None:
    told = {"database_url": SecretStr(database), "temporal_address": dev_server.address}
    mine = settings.model_copy(update=told)
    with pytest.raises(StackError, match="stack.trail_key_missing"):
        await processes.up(mine, lambda *_: None, worker=WORKER)
    mine = mine.model_copy(update={"trail_key": SecretStr("ab" * 32), "task_queue": "named"})
    with pytest.raises(StackError, match="stack.payload_keys_missing"):
        await processes.up(mine, lambda *_: None, worker=WORKER)
    mine = mine.model_copy(update={"payload_keys": key_file(mine.home)})
    async with _up(mine) as running:
        assert home.fill_in(mine) is mine
        assert {name for name, state, _ in running.news if state == "starting"} == {"worker"}
        assert not home.pid_file(mine.home, "postgres").exists()


async def test_unreachable_database_is_named_without_its_password(settings: Settings) -> None:
    url = f"postgresql://clerk:hidden@{LOOPBACK}:{free_port()}/duban"
    told: dict[str, object] = {"database_url": SecretStr(url), "trail_key": SecretStr("ab" * 32)}
    told["payload_keys"] = key_file(settings.home)
    with pytest.raises(StackError) as refused:
        await processes.up(settings.model_copy(update=told), lambda *_: None, worker=WORKER)
    assert refused.value.code == "stack.server_unreachable"
    assert "hidden" not in str(refused.value)
    assert url.rpartition("@")[2] == refused.value.params["address"]


async def test_taken_port_leaves_nothing_running(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind((LOOPBACK, settings.ui_port))
        other.listen()
        with pytest.raises(StackError) as refused:
            await processes.up(settings, lambda *_: None, worker=WORKER)
    assert refused.value.params == {"port": settings.ui_port, "variable": "DUBAN_UI_PORT"}
    assert child.process_of(home.pid_file(settings.home, "postgres")) is None


async def test_worker_that_cannot_start_names_its_log(settings: Settings) -> None:
    broken = (sys.executable, "-c", "raise SystemExit('no work today')")
    with pytest.raises(StackError) as refused:
        await processes.up(settings, lambda *_: None, worker=broken)
    assert refused.value.code == "stack.start_failed"
    assert "no work today" in Path(str(refused.value.params["log"])).read_text()


async def _supervisor(settings: Settings) -> asyncio.subprocess.Process:
    env = {
        **os.environ,
        "DUBAN_HOME": str(settings.home),
        "DUBAN_TEMPORAL_PORT": str(settings.temporal_port),
        "DUBAN_UI_PORT": str(settings.ui_port),
        "DUBAN_POSTGRES_PORT": str(settings.postgres_port),
    }
    argv = (sys.executable, "-c", SUPERVISOR, *WORKER)
    started = await asyncio.create_subprocess_exec(*argv, env=env)
    await _until(lambda: home.running(settings.home))
    return started


async def _servers(settings: Settings) -> list[psutil.Process]:
    return [psutil.Process(_pid(settings, name)) for name in home.SERVERS]


def _has_ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


async def _all_end(servers: list[psutil.Process], action: Awaitable[bool]) -> bool:
    result = await action
    await _until(lambda: all(_has_ended(one) for one in servers))
    return result


async def test_down_ends_a_stack_of_another_process(settings: Settings) -> None:
    supervisor = await _supervisor(settings)
    assert await _all_end(await _servers(settings), processes.down(settings))
    assert await supervisor.wait() == 0
    assert not await processes.down(settings)


async def test_down_ends_the_servers_of_a_killed_stack(settings: Settings) -> None:
    supervisor = await _supervisor(settings)
    supervisor.kill()
    await supervisor.wait()
    assert await _all_end(await _servers(settings), processes.down(settings))


async def test_up_replaces_the_servers_of_a_killed_stack(settings: Settings) -> None:
    supervisor = await _supervisor(settings)
    leftovers = await _servers(settings)
    supervisor.kill()
    await supervisor.wait()
    home.withdraw(settings.home)
    async with _up(settings):
        assert all(_has_ended(one) for one in leftovers)
        assert await _ask(settings, "SELECT 1") == 1


async def test_worker_without_a_server_is_not_alive(settings: Settings) -> None:
    assert not await health.is_worker_alive(settings, "anywhere")
    nowhere = settings.model_copy(update={"temporal_address": f"{LOOPBACK}:{free_port()}"})
    assert not await health.is_worker_alive(nowhere, "anywhere")


def test_health_command_exits_with_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    with pytest.raises(SystemExit) as ended:
        health.main()
    assert ended.value.code == 1


async def test_half_told_settings_are_filled_from_the_stack(settings: Settings) -> None:
    (settings.home / "run").mkdir(parents=True)
    home.announce(settings.home, home.Addresses("postgresql://db/duban", "temporal:1", "default"))
    told = settings.model_copy(update={"temporal_address": "other:2"})
    filled = home.fill_in(told)
    assert filled.temporal_address == "other:2"
    assert filled.database_url == SecretStr("postgresql://db/duban")
    told = settings.model_copy(update={"database_url": SecretStr("postgresql://other/duban")})
    assert home.fill_in(told).temporal_address == "temporal:1"
    assert home.fill_in(told).database_url == told.database_url
    assert home.fill_in(told).payload_keys is None
    filled = home.fill_in(settings)
    assert filled.payload_keys == keys.payload_key_file(settings)
    assert keys.payload_ring(filled) == keys.payload_ring(settings)


def test_keys_are_made_once_and_only_their_owner_reads_them(settings: Settings) -> None:
    key = keys.trail_key(settings)
    assert len(key) == 32
    assert keys.trail_key(settings) == key
    told = settings.model_copy(update={"trail_key": SecretStr("cd" * 32)})
    assert keys.trail_key(told) == bytes.fromhex("cd" * 32)
    keys.postgres_secret(settings.home)
    assert keys.payload_ring(settings).key_ids == keys.payload_ring(settings).key_ids
    assert keys.codec_token(settings.home) == keys.codec_token(settings.home)
    for file in (settings.home / "secrets").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_pid_file_of_a_reused_process_id_is_stale(tmp_path: Path) -> None:
    path = tmp_path / "some.pid"
    child.write_pid_file(path, os.getpid(), signal.SIGTERM)
    assert child.process_of(path) is not None
    note = path.read_text().replace('"started": ', '"started": 1')
    path.write_text(note)
    assert child.process_of(path) is None
    path.write_text("rubbish")
    assert child.process_of(path) is None
