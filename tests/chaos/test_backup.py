"""An old backup restored under the running system: nothing is signed, and the checks say why."""

from pathlib import Path
from typing import NamedTuple

import asyncpg
import pytest_asyncio

from tests.chaos.conftest import Copy
from tests.support.chaos_desk import Desk
from tests.support.chaos_load import grow

SIGNED = "SELECT max(tree_size) FROM audit.checkpoint"


class Backup(NamedTuple):
    """A backup, how much was signed in it and after it, and what the witness saw last."""

    dsn: str
    size: int
    seen: int
    anchor: Path


async def ask(dsn: str, question: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval(question))
    finally:
        await connection.close()


@pytest_asyncio.fixture(scope="module")
async def backup(desk: Desk, copy: Copy) -> Backup:
    """The system ran, was backed up, and went on."""
    dsn = await copy(None)
    await grow(dsn, "campaign-1", 20)
    async with desk.signing(dsn):
        pass
    kept = await copy(dsn)
    async with desk.signing(dsn):
        await grow(dsn, "campaign-1", 10)
    return Backup(kept, await ask(kept, SIGNED), await ask(dsn, SIGNED), await desk.anchor())


@pytest_asyncio.fixture
async def restored(backup: Backup, copy: Copy) -> str:
    """The backup, restored: the address of a database."""
    return await copy(backup.dsn)


async def test_a_restored_backup_is_not_signed_while_a_witness_has_seen_more(
    desk: Desk, backup: Backup, restored: str
) -> None:
    said = await desk.refused(restored)

    assert (said["level"], said["event"]) == ("error", "sequencer_refuses")
    assert (said["code"], said["witness"]) == ("log.rolled_back", "w1")
    assert (said["seen"], said["size"]) == (backup.seen, backup.size)
    assert f"w1 has seen {backup.seen} entries and the database holds {backup.size}" in said["why"]
    await grow(restored, "campaign-2", 5)
    assert await ask(restored, SIGNED) == backup.size, "entries are taken in, and not signed for"
    assert await ask(restored, "SELECT count(*) FROM audit.inbox") >= 5


async def test_a_restored_backup_is_found_by_what_the_witness_saw(
    desk: Desk, backup: Backup, restored: str
) -> None:
    policy = ("--policy", str(desk.policy_file))

    without = await desk.verify(restored, *policy)
    found = await desk.verify(restored, *policy, "--anchor", str(backup.anchor))

    assert (without.status, without.codes) == (3, {"UNANCHORED"})
    assert (found.status, found.codes) == (1, {"TRUNCATED"})


async def test_one_who_signs_on_without_the_witness_makes_a_fork_that_all_see(
    desk: Desk, backup: Backup, restored: str, tmp_path: Path
) -> None:
    alone = Desk(tmp_path)
    await grow(restored, "campaign-2", backup.seen)
    async with alone.witnessing(), alone.signing(restored):
        pass

    said = await desk.refused(restored)
    policy = ("--policy", str(desk.policy_file))
    found = await desk.verify(restored, *policy, "--anchor", str(backup.anchor))

    assert (said["code"], said["size"]) == ("log.forked", backup.seen)
    assert found.status == 1
    assert "FORK" in found.codes
