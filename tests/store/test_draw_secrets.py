"""Secrets of draws on the real schema: made once, sealed, never changed, read by workers alone."""

import asyncio

import asyncpg
import pytest

from duban.contracts import ToDraw
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.draws import DrawSecrets
from duban.store.errors import DatabaseUnavailable, DrawSecretLost
from tests.support.entries import KEY

ASKED = ToDraw(stream="campaign-BE-2019", draw="2019-BE-001")
ALL = "SELECT * FROM audit.draw_secret ORDER BY draw_no"


async def test_a_draw_has_one_secret_for_ever_and_each_draw_its_own(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    async with Door(store) as door, Door(store) as other:
        first = await door.keep_secret(ASKED)
        again = await other.keep_secret(ASKED)
        another = await door.keep_secret(ASKED.model_copy(update={"draw": "2019-BE-002"}))
        opened = await other.secret(ASKED)

    assert first == again == opened != another
    assert len(first) == 32
    assert len(await admin.fetch(ALL)) == 2


async def test_workers_that_ask_at_once_get_the_same(store: AuditStore) -> None:
    async with Door(store) as door:
        found = await asyncio.gather(*(door.keep_secret(ASKED) for _ in range(8)))

    assert len(set(found)) == 1


async def test_the_database_holds_the_key_s_name_and_nothing_of_the_secret(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    async with Door(store) as door:
        secret = await door.keep_secret(ASKED)

    [row] = await admin.fetch(ALL)
    assert len(row["key_id"]) == 8
    assert secret not in row["box"]
    assert KEY not in row["box"]
    assert row["made_us"] > 0


async def test_another_key_does_not_open_it_and_makes_no_other(
    worker: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    await DrawSecrets(worker, KEY).keep(ASKED)
    stranger = DrawSecrets(worker, b"\1" * 32)

    for ask in (stranger.keep, stranger.open):
        with pytest.raises(DrawSecretLost) as why:
            await ask(ASKED)
    [row] = await admin.fetch(ALL)
    assert why.value.params == {"draw": "2019-BE-001", "key": row["key_id"].hex()}


async def test_a_box_in_the_place_of_another_does_not_open(
    worker: asyncpg.Pool, admin: asyncpg.Pool
) -> None:
    secrets = DrawSecrets(worker, KEY)
    await secrets.keep(ASKED)
    await admin.execute(
        "INSERT INTO audit.draw_secret (stream, draw_no, key_id, box) "
        "SELECT stream, '2019-BE-002', key_id, box FROM audit.draw_secret"
    )

    with pytest.raises(DrawSecretLost):
        await secrets.open(ASKED.model_copy(update={"draw": "2019-BE-002"}))


async def test_what_was_never_made_cannot_be_opened(worker: asyncpg.Pool) -> None:
    with pytest.raises(DrawSecretLost) as why:
        await DrawSecrets(worker, KEY).open(ASKED)

    assert why.value.params["key"] == "-"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.draw_secret SET box = '\\x00'",
        "DELETE FROM audit.draw_secret",
        "TRUNCATE audit.draw_secret",
    ],
)
async def test_nobody_changes_a_secret_nor_takes_it_away(
    worker: asyncpg.Pool, admin: asyncpg.Pool, statement: str
) -> None:
    await DrawSecrets(worker, KEY).keep(ASKED)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.execute(statement)
    with pytest.raises(asyncpg.PostgresError):
        await admin.execute(statement)


async def test_who_reads_the_trail_reads_no_boxes(
    reader: asyncpg.Pool, verifier: asyncpg.Pool, sequencer: asyncpg.Pool
) -> None:
    for pool in (reader, verifier, sequencer):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await pool.fetch(ALL)


async def test_a_database_that_refuses_is_said_to_be_away(reader: asyncpg.Pool) -> None:
    with pytest.raises(DatabaseUnavailable):
        await DrawSecrets(reader, KEY).keep(ASKED)
    with pytest.raises(DatabaseUnavailable):
        await DrawSecrets(reader, KEY).open(ASKED)
