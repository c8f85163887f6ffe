"""Exports from the real schema: what each login may take out, and that it holds elsewhere."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import asyncpg
import pytest
import pytest_asyncio
from pydantic import SecretStr

from duban.bundle import Archive, BundleError, Wanted, export_bundle, judged
from duban.cli import archives
from duban.contracts import Mode
from duban.proof.commitments import commitment
from duban.proof.policy import Policy
from duban.settings import Settings
from duban.store.audit import AuditStore
from duban.store.errors import DatabaseUnavailable
from duban.store.log import LogStore
from duban.store.pool import READER, SEQUENCER, VERIFIER, WORKER, open_pool
from duban.store.sequencing import step
from tests.bundle.boxes import checked
from tests.bundle.log import AT, LOG, ORIGIN, POLICY, WITNESSES
from tests.support.entries import KEY, OFFICER, START, a_closing, a_record, a_run, an_event

NO = "BE-2019"
COSIGN = "INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4)"
KEEP = "INSERT INTO audit.payload VALUES ($1, $2, $3, $4, $5, $6, $7)"
EARLY, LATE = 0, 4_000_000_000_000_000


class Trail(NamedTuple):
    """A trail with the pools of its logins."""

    admin: asyncpg.Pool
    reader: asyncpg.Pool
    verifier: asyncpg.Pool
    sequencer: asyncpg.Pool
    store: AuditStore

    async def grow(self, *, cosigned: bool = True) -> int:
        """Make a checkpoint of all there is and cosign it; return its size."""
        async with self.sequencer.acquire() as connection:
            done = await step(connection, [LOG], now_us=1)
        assert done is not None
        note = await LogStore(self.admin).cosigned(done.checkpoint)
        for key in WITNESSES if cosigned else ():
            line = key.cosign(note.text, AT + done.checkpoint.size).line()
            values = (done.checkpoint.size, key.name, line, AT)
            await self.admin.execute(
                "INSERT INTO audit.cosignature VALUES ($1, $2, $3, $4)", *values
            )
        return done.checkpoint.size


@pytest_asyncio.fixture
async def trail(database: str) -> AsyncIterator[Trail]:
    async with AsyncExitStack() as stack:
        pools = {}
        for login in (None, READER, VERIFIER, SEQUENCER, WORKER):
            pools[login] = await open_pool(database, role_login=login)
            stack.push_async_callback(pools[login].close)
        store = AuditStore(pools[WORKER], KEY)
        await store.open_trail(Mode.REHEARSAL, "duban.test", at=START, actor=OFFICER)
        await store.append([a_run(f"campaign-{NO}", 0, 300)])
        yield Trail(pools[None], pools[READER], pools[VERIFIER], pools[SEQUENCER], store)


async def told(trail: Trail) -> None:
    """Two checkpoints: a campaign that closes in the second, and another that goes on."""
    await trail.grow()
    other = a_record("campaign-X", *(an_event(seq) for seq in range(3)), campaign="X")
    closing = a_record(f"campaign-{NO}", a_closing(300))
    await trail.store.append([other, closing])
    await trail.grow()


async def test_a_campaign_as_the_reader(trail: Trail, tmp_path: Path) -> None:
    await told(trail)

    done = await export_bundle(trail.reader, NO, tmp_path / "out.zip", policy=POLICY)

    assert (done.entries, done.streams, done.checkpoint.size) == (301, 1, 305)
    assert done.checkpoint.origin == ORIGIN
    verdict = checked(done.path)
    assert (verdict.status, verdict.codes) == (0, set())
    held = {each["key"]: each for each in verdict.told["holds"]}
    assert held["streams"]["closed"] == "1"
    assert held["consistent"]["count"] == "1"


async def test_the_whole_log_as_the_verifier(trail: Trail, tmp_path: Path) -> None:
    await told(trail)

    done = await export_bundle(trail.verifier, None, tmp_path / "out.zip")

    assert (done.entries, done.streams) == (305, 3)
    assert checked(done.path).codes == set()
    with pytest.raises(DatabaseUnavailable):
        await export_bundle(trail.reader, None, tmp_path / "reader.zip")
    assert [each.name for each in tmp_path.iterdir()] == ["out.zip"]


async def test_an_export_ends_where_the_quorum_does(trail: Trail, tmp_path: Path) -> None:
    await trail.grow()
    await trail.store.append([a_run(f"campaign-{NO}", 300, 2)])
    await trail.grow(cosigned=False)
    archive = Archive(trail.reader)

    cosigned = await archive.export(Wanted(NO, POLICY), tmp_path / "cosigned.zip")
    newest = await archive.export(Wanted(NO), tmp_path / "newest.zip")

    assert (cosigned.checkpoint.size, newest.checkpoint.size) == (301, 303)
    assert checked(cosigned.path).codes == set()
    assert checked(newest.path).codes == {"QUORUM"}
    assert (await archive.anchor(None)).size == 303
    assert (await archive.anchor(Policy.parse(POLICY))).size == 301


async def test_what_stands_in_the_way_of_an_export(trail: Trail, tmp_path: Path) -> None:
    out = tmp_path / "out.zip"
    with pytest.raises(BundleError, match=r"bundle\.no_checkpoint"):
        await export_bundle(trail.reader, NO, out)
    await trail.grow(cosigned=False)
    with pytest.raises(BundleError, match=r"bundle\.nothing"):
        await export_bundle(trail.reader, "X", out)
    with pytest.raises(BundleError, match=r"bundle\.no_quorum"):
        await Archive(trail.reader).anchor(Policy.parse(POLICY))
    assert list(tmp_path.iterdir()) == []
    out.touch()
    with pytest.raises(BundleError, match=r"bundle\.exists"):
        await export_bundle(trail.reader, NO, out)


async def test_a_hole_in_the_log_is_not_papered_over(trail: Trail, tmp_path: Path) -> None:
    await trail.grow()
    await trail.admin.execute(
        "ALTER TABLE audit.leaf DISABLE TRIGGER deny_row; "
        "DELETE FROM audit.leaf WHERE leaf_index = 7"
    )

    with pytest.raises(BundleError, match=r"bundle\.incomplete") as failed:
        await export_bundle(trail.verifier, None, tmp_path / "out.zip")

    assert failed.value.params == {"index": 7}


async def test_an_altered_entry_is_exported_and_found(trail: Trail, tmp_path: Path) -> None:
    await trail.grow()
    await trail.admin.execute(
        "ALTER TABLE audit.event DISABLE TRIGGER deny_row; "
        "UPDATE audit.event SET leaf = replace(leaf, 'P-office', 'P-nobody') WHERE seq = 200"
    )
    part = await export_bundle(trail.reader, NO, tmp_path / "part.zip")
    whole = await export_bundle(trail.verifier, None, tmp_path / "whole.zip")

    for each in (part, whole):
        assert checked(each.path).at("LEAF_HASH")["entry"] == f"campaign-{NO}#200"


async def test_only_what_everybody_may_read_leaves(trail: Trail, tmp_path: Path) -> None:
    await trail.grow()
    for slot, kind, until, enc in (
        ("open", "normal", None, "none"),
        ("revealed", "embargo", EARLY, "none"),
        ("sealed", "embargo", LATE, "none"),
        ("person", "personal", None, "none"),
        ("cipher", "normal", None, "hpke"),
    ):
        values = (await _an_id(trail), slot, kind, until, bytes(32), slot.encode(), enc)
        await trail.admin.execute(
            "INSERT INTO audit.payload VALUES ($1,$2,$3,$4,$5,$6,$7)", *values
        )

    for pool, campaign in ((trail.reader, NO), (trail.admin, None), (trail.admin, NO)):
        path = tmp_path / "out.zip"
        await export_bundle(pool, campaign, path)
        found = checked(path).told["findings"]
        # No entry of this trail commits to them, so each that left shows as an orphan.
        assert [each["en"] for each in found] == [
            f"no entry commits to this body ({slot})" for slot in ("open", "revealed")
        ]
        path.unlink()
    assert commitment(bytes(32), b"open") != commitment(bytes(32), b"sealed")


async def _an_id(trail: Trail) -> UUID:
    found: UUID = await trail.admin.fetchval("SELECT event_id FROM audit.event WHERE seq = 5")
    return found


async def test_one_entry_and_its_proof(trail: Trail) -> None:
    await trail.grow()
    archive, policy = Archive(trail.reader), Policy.parse(POLICY)
    await trail.store.append([a_run(f"campaign-{NO}", 300, 1)])

    proof = await archive.proof(f"campaign-{NO}#12")

    assert judged(proof, policy) == []
    assert judged(proof, None) == ["UNANCHORED"]
    assert b'"seq":12,' in proof.extra
    with pytest.raises(BundleError, match=r"bundle\.no_entry"):
        await archive.proof(f"campaign-{NO}#4000")
    with pytest.raises(BundleError, match=r"bundle\.not_logged"):
        await archive.proof(f"campaign-{NO}#300")


async def test_growth_between_two_checkpoints(trail: Trail) -> None:
    await told(trail)
    archive = Archive(trail.reader)

    growth = await archive.growth(301, 305)

    assert growth.holds
    assert growth.format().startswith("old 301\n")
    assert (await archive.growth(305, 305)).holds
    with pytest.raises(BundleError, match=r"bundle\.no_such_size"):
        await archive.growth(300, 305)
    with pytest.raises(BundleError, match=r"bundle\.sizes"):
        await archive.growth(305, 301)


async def test_the_door_of_the_command_line(trail: Trail, database: str, tmp_path: Path) -> None:
    await told(trail)
    settings = Settings(database_url=SecretStr(database))

    async with archives.opened(settings) as archive:
        whole = await archive.export(Wanted(None, POLICY), tmp_path / "whole.zip")
        part = await archive.export(Wanted(NO, POLICY), tmp_path / "part.zip")

    assert (checked(whole.path).status, checked(part.path).status) == (0, 0)
