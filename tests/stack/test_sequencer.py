"""A sequencer from the environment: its keys, its refusals, its health, and the one of `up`."""

import asyncio
import os
import stat
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from duban.contracts import Mode
from duban.proof.notes import COSIGNATURE, SignerKey
from duban.sequencer.errors import LogError
from duban.sequencer.service import witnesses
from duban.settings import Settings
from duban.stack import keys, log_health, sequencer
from duban.store.audit import AuditStore
from duban.store.log import LogStore
from duban.store.pool import SEQUENCER, WORKER, connected, dsn_for, open_pool
from duban.store.sequencing import step
from tests.support.entries import KEY, OFFICER, START
from tests.support.sequencing import ORIGIN, SIGNER, WITNESS


def test_the_embedded_log_has_a_key_of_its_own_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "a")
    read = sequencer.log_keys(settings)
    assert sequencer.log_keys(settings) == read
    assert sequencer.log_keys(Settings(home=tmp_path / "b")).origin != read.origin
    file = keys.log_key_file(settings.home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["log.key"]


def test_the_key_comes_from_the_environment_and_is_needed_with_ones_own_database(
    tmp_path: Path,
) -> None:
    own = Settings(home=tmp_path, database_url=SecretStr("postgresql://db/duban"))
    with pytest.raises(LogError) as refused:
        sequencer.log_keys(own)
    assert refused.value.params == {"variable": "DUBAN_LOG_KEY"}
    told = own.model_copy(update={"log_key": SecretStr(SIGNER.format())})
    assert sequencer.log_keys(told).key == SIGNER
    assert SIGNER.format() not in repr(told)


async def test_only_witnesses_that_listen_are_told_and_the_policy_must_know_the_log(
    tmp_path: Path,
) -> None:
    other = SignerKey("w2", COSIGNATURE, bytes(32)).public
    policy = tmp_path / "policy.txt"
    lines = [
        f"log {SIGNER.public.format()}",
        f"witness near {WITNESS.public.format()} http://127.0.0.1:1",
        f"witness silent {other.format()}",
        "quorum none",
    ]
    policy.write_text("\n".join(lines) + "\n")
    async with witnesses(policy, ORIGIN) as found:
        assert [each.name for each in found] == ["near"]
    async with witnesses(None, ORIGIN) as found:
        assert list(found) == []
    with pytest.raises(LogError, match="log.not_in_policy"):
        async with witnesses(policy, "another"):
            pass


async def test_the_log_is_healthy_while_its_newest_checkpoint_is_young(
    database: str, tmp_path: Path
) -> None:
    told = {"home": tmp_path, "database_url": dsn_for(database, SEQUENCER)}
    settings = Settings.model_validate(told)
    assert not await log_health.is_log_signed(settings, START)
    worker = await open_pool(database, role_login=WORKER)
    await AuditStore(worker, KEY).open_trail(Mode.LIVE, "duban", at=START, actor=OFFICER)
    await worker.close()
    async with connected(dsn_for(database, SEQUENCER)) as connection:
        await step(connection, [SIGNER], now_us=int(START.timestamp()) * 1_000_000)
    assert await log_health.is_log_signed(settings, START + timedelta(minutes=3))
    assert not await log_health.is_log_signed(settings, START + timedelta(minutes=4))
    policy = tmp_path / "policy.txt"
    policy.write_text("quorum none\nstale 240\n")
    patient = settings.model_copy(update={"log_policy": policy})
    assert await log_health.is_log_signed(patient, START + timedelta(minutes=4))
    policy.write_text("nonsense\n")
    assert not await log_health.is_log_signed(patient, START)


async def test_without_a_database_the_log_is_not_healthy(tmp_path: Path) -> None:
    now = datetime.now(UTC)
    away = {"home": tmp_path, "database_url": "postgresql://nobody@127.0.0.1:1/duban"}
    assert not await log_health.is_log_signed(Settings(home=tmp_path), now)
    assert not await log_health.is_log_signed(Settings.model_validate(away), now)


async def _run(module: str, **told: str) -> tuple[int, str]:
    env = {**os.environ, **told}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, env=env, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_a_process_that_may_not_sign_says_why_and_fails(tmp_path: Path) -> None:
    told = {"DUBAN_HOME": str(tmp_path), "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}
    status, said = await _run("duban.stack.sequencer", **told)
    assert status == 1
    assert "log.key_missing" in said
    status, _ = await _run("duban.stack.log_health", **told)
    assert status == 1


async def test_a_process_signs_until_it_is_told_to_stop(database: str, tmp_path: Path) -> None:
    worker = await open_pool(database, role_login=WORKER)
    await AuditStore(worker, KEY).open_trail(Mode.LIVE, "duban", at=START, actor=OFFICER)
    settings = Settings.model_validate(
        {
            "home": tmp_path,
            "database_url": dsn_for(database, SEQUENCER),
            "trail_key": KEY.hex(),
            "log_key": SIGNER.format(),
            "checkpoint_interval_ms": 50,
        }
    )
    stop = asyncio.Event()
    running = asyncio.create_task(sequencer.sequence(settings, stop))
    log = LogStore(await open_pool(database))
    async with asyncio.timeout(20):
        while (await log.latest()) is None:  # noqa: ASYNC110 - the log sets no event
            await asyncio.sleep(0.02)
    stop.set()
    await running
    latest = await log.latest()
    assert latest is not None
    assert latest.first_key.startswith(ORIGIN)
    await worker.close()
    await log._pool.close()
