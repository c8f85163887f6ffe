"""A leader's turns: heartbeats by the clock, batches, changes of keys, refusals."""

import asyncpg
import pytest

from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import ED25519, SignedNote, SignerKey
from duban.sequencer.errors import LogError
from duban.sequencer.keys import Keys, key_name
from duban.sequencer.voice import BEATEN_TAG, ROTATED_TAG
from duban.store import trail
from duban.store.audit import LOG_STREAM, AuditStore
from duban.store.checks import check_trail
from duban.store.log import LogStore
from tests.sequencer.conftest import Clock
from tests.support.entries import KEY
from tests.support.sequencing import NEXT, ORIGIN, SIGNER, a_leader, assert_sound, fill


async def said(pool: asyncpg.Pool) -> list[str]:
    rows = await pool.fetch(
        "SELECT tag FROM audit.event WHERE stream = $1 ORDER BY seq", LOG_STREAM
    )
    return [row["tag"] for row in rows]


async def test_a_heartbeat_every_minute_by_the_clock_from_outside(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        for seconds in (0, 30, 29.9, 0.1, 59, 1, -5):
            clock.pass_(seconds)
            assert not await leader.turn()
    assert await said(pool) == [BEATEN_TAG] * 4
    [*_, last] = await LogStore(pool).checkpoints()
    assert last.size == 5
    await assert_sound(pool)


async def test_a_heartbeat_says_how_far_the_log_reaches(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
        clock.pass_(60)
        await leader.turn()
    first, second = await trail.stream_events(verifier, LOG_STREAM)
    assert first.detail == {"size": 0}
    assert second.detail["size"] == 2
    assert (second.object_type, second.object_id, second.occurred_at) == ("log", ORIGIN, clock.now)


async def test_the_sequencer_may_speak_in_its_own_stream_alone(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    assert (await check_trail(verifier)).ok
    await fill(AuditStore(pool, KEY), "campaign-A", 1)
    found = await check_trail(verifier)
    assert [(each.code, each.where) for each in found] == [("WRITER", "campaign-A#0")]


async def test_a_trail_that_is_not_opened_yet_is_waited_for(
    pool: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        assert not await leader.turn()
    assert await said(pool) == []


async def test_it_catches_up_in_large_steps(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    await fill(store, "A", 1000)
    async with a_leader(pool, clock) as leader:
        more = [await leader.turn(limit=400) for _ in range(4)]
    assert more == [True, True, False, False]
    await assert_sound(pool)


def signed_by(note: str, *keys: SignerKey) -> list[bool]:
    read = SignedNote.parse(note)
    return [any(k.public.verifies(read.text, s) for s in read.signatures) for k in keys]


async def test_a_change_of_keys_is_an_entry_and_one_checkpoint_of_both(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    for keys in (Keys(SIGNER), Keys(NEXT, SIGNER), Keys(NEXT, SIGNER), Keys(NEXT)):
        async with a_leader(pool, clock, keys=keys) as leader:
            for _ in range(2):
                await leader.turn()
                clock.pass_(60)
    notes = [each.note for each in await LogStore(pool).checkpoints()]
    pairs = [signed_by(note, SIGNER, NEXT) for note in notes]
    assert pairs == [[True, False]] * 2 + [[True, True]] + [[False, True]] * 5
    events = await trail.stream_events(verifier, LOG_STREAM)
    [rotated] = [each for each in events if each.tag == ROTATED_TAG]
    assert rotated.object_id == key_name(NEXT)
    assert rotated.detail == {
        "old": SIGNER.public.format(),
        "new": NEXT.public.format(),
        "old_key_lost": False,
    }
    await assert_sound(pool, SIGNER, NEXT)


async def test_both_keys_sign_until_the_change_is_in_the_log(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    await fill(store, "A", 20)
    for _ in range(5):
        async with a_leader(pool, clock, keys=Keys(NEXT, SIGNER)) as leader:
            await leader.turn(limit=5)
    pairs = [signed_by(e.note, SIGNER, NEXT) for e in await LogStore(pool).checkpoints()]
    place = await pool.fetchval(
        "SELECT leaf_index FROM audit.leaf JOIN audit.event USING (event_id) WHERE tag = $1",
        ROTATED_TAG,
    )
    sizes = [each.size for each in await LogStore(pool).checkpoints()]
    covering = next(n for n, size in enumerate(sizes) if size > place)
    assert pairs[1 : covering + 1] == [[True, True]] * covering
    assert pairs[covering + 1 :] == [[False, True]] * (len(pairs) - covering - 1)
    assert (await said(pool)).count(ROTATED_TAG) == 1


async def test_a_change_that_was_broken_off_is_said_once(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    for _ in range(2):
        async with a_leader(pool, clock, keys=Keys(NEXT, SIGNER)):
            pass
    async with a_leader(pool, clock, keys=Keys(NEXT, SIGNER)) as leader:
        await leader.turn()
    assert (await said(pool)).count(ROTATED_TAG) == 1
    [*_, last] = await LogStore(pool).checkpoints()
    assert signed_by(last.note, SIGNER, NEXT) == [True, True]


async def test_a_lost_key_is_said_to_be_lost(
    store: AuditStore, pool: asyncpg.Pool, verifier: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    async with a_leader(pool, clock, keys=Keys(NEXT, SIGNER.public)) as leader:
        await leader.turn()
    latest = await LogStore(pool).latest()
    assert latest is not None
    assert signed_by(latest.note, SIGNER, NEXT) == [False, True]
    events = await trail.stream_events(verifier, LOG_STREAM)
    [rotated] = [each for each in events if each.tag == ROTATED_TAG]
    assert rotated.detail["old_key_lost"] is True


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        (Keys(NEXT), "log.key_unknown"),
        (Keys(NEXT, NEXT.public), "log.key_unknown"),
        (Keys(SignerKey("other", ED25519, SIGNER.seed)), "log.key_name"),
    ],
)
async def test_another_key_signs_nothing(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock, keys: Keys, code: str
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    await fill(store, "A", 1)
    with pytest.raises(LogError) as refused:
        async with a_leader(pool, clock, keys=keys):
            pass
    assert refused.value.code == code
    assert len(await LogStore(pool).checkpoints()) == 1


async def test_a_retired_key_signs_no_more(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    for keys in (Keys(SIGNER), Keys(NEXT, SIGNER)):
        async with a_leader(pool, clock, keys=keys) as leader:
            await leader.turn()
    with pytest.raises(LogError, match="log.key_unknown"):
        async with a_leader(pool, clock, keys=Keys(SIGNER)):
            pass


async def test_a_retired_key_does_not_take_over_again(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    for keys in (Keys(SIGNER), Keys(NEXT, SIGNER)):
        async with a_leader(pool, clock, keys=keys) as leader:
            await leader.turn()
    with pytest.raises(LogError) as refused:
        async with a_leader(pool, clock, keys=Keys(SIGNER, NEXT)):
            pass
    assert refused.value.code == "log.key_retired"
    assert refused.value.params == {"key": key_name(SIGNER)}
    assert (await said(pool)).count(ROTATED_TAG) == 1


async def test_the_newest_note_is_a_checkpoint_of_the_log(
    store: AuditStore, pool: asyncpg.Pool, clock: Clock
) -> None:
    async with a_leader(pool, clock) as leader:
        await leader.turn()
    latest = await LogStore(pool).latest()
    assert latest is not None
    assert Checkpoint.parse(SignedNote.parse(latest.note).text).origin == ORIGIN
