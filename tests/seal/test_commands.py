"""The commands with the real database: sealing, revealing, erasing, and what can be wrong."""

import asyncio
import json
from pathlib import Path

import asyncpg
import pytest

from duban.cli.reality import real_services
from duban.proof.sealing import OpeningKey, SealKey
from duban.store.audit import AuditStore
from duban.store.pool import WORKER, open_pool
from tests.cli.world import Answer, World, called
from tests.support.entries import KEY, a_record, an_event
from tests.support.keeping import GROUP_KEY, KEPT, PLAN, a_text


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a plan and the group's keys."""
    (tmp_path / "plan.txt").write_text(PLAN, encoding="utf-8")
    (tmp_path / "group.pub").write_text(f"{GROUP_KEY.public.format()}\n")
    (tmp_path / "group.key").write_text(f"{GROUP_KEY.format()}\n")
    return tmp_path


async def duban(dsn: str, folder: Path, words: str, person: str = "SV-1") -> Answer:
    """Run a command line as a person; files are those of the folder."""
    environ = {
        "DATABASE_URL": dsn,
        "DUBAN_HOME": str(folder),
        "DUBAN_LANG": "en",
        "DUBAN_ACTOR": person,
        "DUBAN_TRAIL_KEY": KEY.hex(),
    }
    said = tuple(word.replace("@", f"{folder}/") for word in words.split())
    return await asyncio.to_thread(called, ("audit", *said), environ, real_services())


def test_a_group_makes_its_keys(tmp_path: Path) -> None:
    path = tmp_path / "group.key"

    answer = World().call("audit", "seal-key", "supervision-2027", str(path))
    key = OpeningKey.parse(path.read_text())

    assert answer.status == 0
    assert SealKey.parse(answer.out) == key.public
    assert path.stat().st_mode & 0o777 == 0o600
    assert key.format() not in answer.out + answer.err
    again = World().call("audit", "seal-key", "supervision-2027", str(path))
    assert (again.status, again.err.split()[0]) == (1, "key_file.exists")
    assert OpeningKey.parse(path.read_text()) == key
    blank = World().call("audit", "seal-key", "two words", str(tmp_path / "x"))
    assert (blank.status, blank.err.split()[0]) == (1, "key_file.name")


async def test_from_sealing_to_revealing(opened: str, files: Path) -> None:
    sealed = await duban(opened, files, "seal --recipient @group.pub --file @plan.txt")
    decoy = await duban(opened, files, "seal --recipient @group.pub --file @plan.txt --decoy")
    bare = await duban(opened, files, "seal --recipient @group.pub --decoy")
    shown = await duban(opened, files, "list -o json")
    revealed = await duban(opened, files, "reveal sealed#0 --key @group.key")

    assert [each.out for each in (sealed, decoy, bare)] == [
        f"sealed: sealed#{n}\n" for n in range(3)
    ]
    assert PLAN not in shown.out
    assert "sealed#0" not in shown.out
    assert json.loads(revealed.out)["text"] == PLAN
    assert "custody#0" in revealed.err


async def test_from_asking_for_an_erasure_to_granting_it(opened: str, files: Path) -> None:
    pool = await open_pool(opened, role_login=WORKER, max_size=1)
    texts = {(KEPT, 0): [a_text("name", "举报人甲")]}
    await AuditStore(pool, KEY).append([a_record(KEPT, an_event(0))], texts)
    await pool.close()

    asked = await duban(opened, files, f"erase request {KEPT}#0 --slot name --basis 第47条", "OF-1")
    own = await duban(opened, files, "erase approve erasure#0", "OF-1")
    granted = await duban(opened, files, "erase approve erasure#0")
    again = await duban(opened, files, "erase approve erasure#0")

    assert asked.out == "asked for: erasure#0; another person has to grant it\n"
    assert (own.status, own.err.split()[0]) == (3, "duty.not_separated")
    assert granted.out == "erased: erasure#2\n"
    assert (again.status, again.err.split()[0]) == (1, "audit.nothing_to_erase")
    admin = await asyncpg.connect(opened)
    assert await admin.fetchval("SELECT count(*) FROM audit.payload") == 0
    await admin.close()


@pytest.mark.parametrize(
    ("words", "person", "told"),
    [
        ("seal --recipient @group.pub", "SV-1", (2, "seal.nothing")),
        ("seal --recipient @group.key --file @plan.txt", "SV-1", (1, "seal.key_public")),
        ("seal --recipient @none --file @plan.txt", "SV-1", (2, "seal.unreadable")),
        ("seal --recipient @group.pub --file @plan.txt", "U03-L1", (3, "role.not_permitted")),
        ("seal --recipient @group.pub --file @plan.txt", "nobody", (3, "actor.unknown")),
        ("seal --recipient @group.pub --decoy --role office", "SV-1", (3, "actor.role_not_held")),
        ("reveal sealed#0 --key @group.pub", "SV-1", (1, "seal.key_private")),
        ("reveal sealed#0 --key @group.key", "SV-1", (3, "object.not_found")),
        ("erase forget campaign-BE-2019#0", "OF-1", (2, "erase.step")),
        ("erase request campaign-BE-2019#0", "OF-1", (2, "erase.slot_and_basis")),
        ("erase approve erasure#0 --slot name", "OF-1", (2, "erase.slot_and_basis")),
        ("erase approve erasure#0 --basis x", "OF-1", (2, "erase.slot_and_basis")),
        ("erase approve erasure#0", "OF-1", (3, "object.not_found")),
    ],
)
async def test_what_is_wrong_is_said(
    opened: str, files: Path, words: str, person: str, told: tuple[int, str]
) -> None:
    answer = await duban(opened, files, words, person)

    assert (answer.status, answer.err.split()[0], answer.out) == (*told, "")


async def test_somebody_must_be_named(opened: str, files: Path) -> None:
    answer = await duban(opened, files, "seal --recipient @group.pub --decoy", "")

    assert (answer.status, answer.err.split()[0]) == (2, "usage.no_actor")
