"""Sealed draws on the real schema: kept once, opened by the ring alone, burned for good."""

import asyncio
import json
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from duban.domain.campaign.draw_records import SealedLists
from duban.domain.draw.drawing import Target
from duban.inspection_contracts import DrawnTarget, SealedTarget
from duban.proof.rings import KeyRing, new_key
from duban.store.audit import AuditStore
from duban.store.door import Door
from duban.store.errors import DatabaseUnavailable, SealedBoxBurned, SealedBoxLost
from duban.store.sealed_draws import SealedDraws
from tests.support.inspection_draws import LISTS, NO, frozen
from tests.support.rings import RING
from tests.support.unit_facts import STREAM, to_freeze

ALL = "SELECT * FROM audit.sealed_draw ORDER BY kind, key"
WHERE = SealedTarget(stream=STREAM, draw=NO, inspection="BE-2019-I0001")
DRAWN = DrawnTarget(
    target=Target(
        inspection="BE-2019-I0001",
        site="U01-S1",
        name="城东便民服务大厅",
        unit="U01",
        inspectors=("IN-2", "IN-3"),
        salt="5" * 64,
    ),
    covered=True,
)
OTHER = DRAWN.model_copy(update={"covered": False})


@pytest.fixture
def sealed(worker: asyncpg.Pool) -> SealedDraws:
    return SealedDraws(worker, RING)


async def everything(sealed: SealedDraws) -> SealedLists:
    """Keep one box of each kind."""
    lists = await sealed.hand_in(STREAM, LISTS)
    await sealed.keep_frozen(STREAM, frozen())
    await sealed.secret(STREAM, NO, made=b"s" * 32)
    await sealed.keep_target(WHERE, DRAWN)
    return lists


async def test_what_was_kept_first_stays_whoever_asks_and_however_often(
    store: AuditStore, admin: asyncpg.Pool
) -> None:
    async with Door(store, RING) as door, Door(store, RING) as other:
        first = await door.sealed.secret(STREAM, NO, made=b"1" * 32)
        again = await other.sealed.secret(STREAM, NO, made=b"2" * 32)
        kept = await door.sealed.keep_target(WHERE, DRAWN)
        same = await other.sealed.keep_target(WHERE, OTHER)
        made = await door.sealed.keep_frozen(STREAM, frozen())
        other_made = await other.sealed.keep_frozen(STREAM, frozen(inspectors=3))

    assert (first, again) == (b"1" * 32, b"1" * 32)
    assert kept == same == DRAWN
    assert made == other_made == frozen()
    assert len(await admin.fetch(ALL)) == 3


async def test_workers_that_ask_at_once_get_the_same(worker: asyncpg.Pool) -> None:
    made = [SealedDraws(worker, RING).secret(STREAM, NO, made=bytes([n] * 32)) for n in range(8)]

    assert len(set(await asyncio.gather(*made))) == 1


async def test_lists_come_back_by_their_name_and_hash_alone(sealed: SealedDraws) -> None:
    told = await sealed.hand_in(STREAM, LISTS)

    assert await sealed.lists(to_freeze(lists=told)) == LISTS
    for changes in ({"digest": "0" * 64}, {"package": "nobody"}):
        assert await sealed.lists(to_freeze(lists=told.model_copy(update=changes))) is None
    assert (await sealed.hand_in(STREAM, LISTS)).package != told.package


async def test_the_database_holds_nothing_of_a_draw_in_the_clear(
    sealed: SealedDraws, admin: asyncpg.Pool
) -> None:
    await everything(sealed)

    rows = await admin.fetch(ALL)
    told = json.dumps([dict(row) for row in rows], default=lambda b: bytes(b).decode("latin-1"))
    assert [row["kind"] for row in rows] == ["frozen", "lists", "secret", "target"]
    assert not any(word in told for word in ("U01", "IN-2", "城东", "5" * 64, "s" * 32))


Opens = Callable[[SealedDraws], Awaitable[object]]
OPENERS: dict[str, Opens] = {
    "frozen": lambda sealed: sealed.frozen(STREAM, NO),
    "secret": lambda sealed: sealed.secret(STREAM, NO),
    "target": lambda sealed: sealed.target(WHERE),
}


@pytest.mark.parametrize("kind", OPENERS)
async def test_another_ring_opens_nothing_and_says_which_key_is_wanted(
    sealed: SealedDraws, worker: asyncpg.Pool, kind: str
) -> None:
    await everything(sealed)
    stranger = SealedDraws(worker, KeyRing.parse(new_key()))

    with pytest.raises(SealedBoxLost) as why:
        await OPENERS[kind](stranger)
    assert why.value.params["key"] == RING.key_ids[0].hex()


async def test_an_older_key_of_the_ring_still_opens(
    sealed: SealedDraws, worker: asyncpg.Pool
) -> None:
    await everything(sealed)
    ring = KeyRing.parse(f"{new_key()}\n{bytes(range(32)).hex()}")

    assert await SealedDraws(worker, ring).target(WHERE) == DRAWN


async def test_a_box_in_the_place_of_another_does_not_open(
    sealed: SealedDraws, admin: asyncpg.Pool
) -> None:
    await everything(sealed)
    await admin.execute(
        "INSERT INTO audit.sealed_draw (stream, kind, key, key_id, box) "
        "SELECT stream, kind, '2019-BE-009', key_id, box FROM audit.sealed_draw WHERE kind='secret'"
    )

    with pytest.raises(SealedBoxLost):
        await sealed.secret(STREAM, "2019-BE-009")


async def test_what_was_never_kept_is_not_there(sealed: SealedDraws) -> None:
    assert await sealed.frozen(STREAM, NO) is None
    for opens in (OPENERS["secret"], OPENERS["target"]):
        with pytest.raises(SealedBoxLost) as why:
            await opens(sealed)
        assert why.value.params["key"] == "-"


async def test_sec5_a_burned_target_is_gone_for_good_with_the_secret_that_would_tell_it(
    sealed: SealedDraws, admin: asyncpg.Pool
) -> None:
    await everything(sealed)
    await sealed.burn(WHERE, "system")
    [*_, before] = await admin.fetch(ALL)
    await sealed.burn(WHERE, "somebody")

    assert await sealed.target(WHERE) is None
    assert await sealed.frozen(STREAM, NO) == frozen()
    with pytest.raises(SealedBoxBurned):
        await sealed.secret(STREAM, NO)
    for again in (sealed.secret(STREAM, NO, made=b"n" * 32), sealed.keep_target(WHERE, OTHER)):
        with pytest.raises(SealedBoxBurned):
            await again
    [*_, row] = await admin.fetch(ALL)
    assert (row["box"], row["burned_by"], row["burned_us"]) == (None, "system", before["burned_us"])
    assert row["burned_us"] >= row["made_us"]


async def test_burning_one_target_leaves_the_others(sealed: SealedDraws) -> None:
    await everything(sealed)
    other = WHERE.model_copy(update={"inspection": "BE-2019-I0002"})
    await sealed.keep_target(other, OTHER)
    await sealed.burn(WHERE, "system")

    assert await sealed.target(other) == OTHER


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit.sealed_draw SET box = '\\x00'",
        "UPDATE audit.sealed_draw SET box = NULL, burned_us = 1, burned_by = 'x', key = 'y'",
        "DELETE FROM audit.sealed_draw",
        "TRUNCATE audit.sealed_draw",
    ],
)
async def test_nobody_changes_a_box_nor_takes_its_row_away(
    sealed: SealedDraws, worker: asyncpg.Pool, admin: asyncpg.Pool, statement: str
) -> None:
    await everything(sealed)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.execute(statement)
    with pytest.raises(asyncpg.PostgresError):
        await admin.execute(statement)


async def test_what_is_burned_cannot_be_put_back(sealed: SealedDraws, admin: asyncpg.Pool) -> None:
    await everything(sealed)
    await sealed.burn(WHERE, "system")

    with pytest.raises(asyncpg.PostgresError):
        await admin.execute(
            "UPDATE audit.sealed_draw SET box = '\\x00', burned_us = NULL, burned_by = NULL "
            "WHERE box IS NULL"
        )


async def test_who_reads_the_trail_reads_no_boxes_and_burns_none(
    reader: asyncpg.Pool, verifier: asyncpg.Pool, sequencer: asyncpg.Pool
) -> None:
    for pool in (reader, verifier, sequencer):
        for statement in (ALL, "SELECT audit.burn('s', 'target', 'k', 'x')"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await pool.fetch(statement)


async def test_a_database_that_refuses_is_said_to_be_away(reader: asyncpg.Pool) -> None:
    stranger = SealedDraws(reader, RING)
    for ask in (
        stranger.hand_in(STREAM, LISTS),
        stranger.frozen(STREAM, NO),
        stranger.burn(WHERE, "system"),
        stranger.facts(to_freeze()),
    ):
        with pytest.raises(DatabaseUnavailable):
            await ask
