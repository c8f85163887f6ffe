"""The list of attacks (audit.md 6.1), and the small tools that several of them use."""

import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from duban.contracts import Mode
from duban.store.audit import AuditStore
from duban.store.canonical import encode, parse
from duban.store.grams import entry_grams
from duban.store.identity import event_id, request_mac
from duban.store.pool import WORKER, open_pool
from duban.verify.report import Verdict
from tests.support.entries import KEY, OFFICER, a_closing, a_record, an_event
from tests.support.tampering import LOG_KEY, ORIGIN, Owner, Reference, sequence

Tamper = Callable[[Owner, Reference], Awaitable[None]]
VICTIM = 100
"""The index of the entry that most attacks are about: an ordinary one in the second checkpoint."""


@dataclass(frozen=True)
class Attack:
    """One way to tamper. `withheld` are the things from outside that the verifier lacks."""

    number: int
    name: str
    codes: frozenset[str]
    tamper: Tamper
    verdict: Verdict = Verdict.TAMPERED
    withheld: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.number:02} {self.name}"


ATTACKS: list[Attack] = []


def attack(
    number: int,
    name: str,
    codes: str,
    verdict: Verdict = Verdict.TAMPERED,
    withheld: tuple[str, ...] = (),
) -> Callable[[Tamper], Tamper]:
    """Add an attack to the list."""

    def add(tamper: Tamper) -> Tamper:
        ATTACKS.append(Attack(number, name, frozenset(codes.split()), tamper, verdict, withheld))
        return tamper

    return add


async def at_victim(owner: Owner, assignment: str, *values: object) -> None:
    """Set columns of the victim's row."""
    victim = await owner.admin.fetchval(
        "SELECT event_id FROM audit.leaf WHERE leaf_index = $1", VICTIM
    )
    statement = f"UPDATE audit.event SET {assignment} WHERE event_id = $1"  # noqa: S608 - tests
    await owner.do(statement, victim, *values)


async def drop(owner: Owner, index: int) -> None:
    """Delete an entry and its place."""
    await owner.do(
        "DELETE FROM audit.event USING audit.leaf AS l"
        " WHERE l.event_id = event.event_id AND l.leaf_index = $1",
        index,
    )
    await owner.do("DELETE FROM audit.leaf WHERE leaf_index = $1", index)


async def last_checkpoint(owner: Owner) -> asyncpg.Record:
    """Return the newest checkpoint's row."""
    row = await owner.admin.fetchrow(
        "SELECT tree_size, root, note FROM audit.checkpoint ORDER BY tree_size DESC LIMIT 1"
    )
    assert row is not None
    return row


async def append(owner: Owner, stream: str, count: int, *, closing: bool = False) -> None:
    """Append entries to a stream that is not closed, as its last one the closing one."""
    pool = await open_pool(owner.dsn, role_login=WORKER, max_size=1)
    first = await owner.admin.fetchval(
        "SELECT next_seq FROM audit.stream WHERE stream = $1", stream
    )
    events = [an_event((first or 0) + n, occurred_at=datetime.now(UTC)) for n in range(count)]
    if closing:
        now = {"occurred_at": datetime.now(UTC)}
        events[-1] = a_closing(events[-1].seq).model_copy(update=now)
    [result] = await AuditStore(pool, KEY).append([a_record(stream, *events)])
    assert result.error is None
    await pool.close()


async def forge(
    owner: Owner, *, at_us: int = 0, occ_us: int = 0, doubled: bool = False, by: str = WORKER
) -> None:
    """Put an entry into the table past `append`, its times moved; as the worker would have."""
    row = await owner.admin.fetchrow(
        "SELECT * FROM audit.event WHERE stream = 'campaign-01' ORDER BY seq DESC LIMIT 1"
    )
    fields = json.loads(row["leaf"])["e"]
    now_us = time.time_ns() // 1000
    fields["seq"] += 1
    fields["occ"] = now_us + (occ_us or at_us)
    entry = encode(fields).decode()
    if doubled:
        entry = entry.replace('"v":1', '"v":1,"v":1')
    new_id: UUID = event_id(KEY, "campaign-01", fields["seq"], fields["occ"])
    leaf = f'{{"at":{now_us + at_us},"by":"{by}","e":{entry}}}'
    values = (new_id, now_us + at_us, leaf, request_mac(KEY, encode(fields)), fields["occ"])
    await owner.do(
        "INSERT INTO audit.event SELECT $1, $2, $3, $4, $5, stream, $6::bigint, tag, campaign,"
        " unit, actor, object_type, object_id, outcome, sealed FROM audit.event"
        " WHERE stream = 'campaign-01' AND seq = $6::bigint - 1",
        *values,
        fields["seq"],
    )
    await owner.admin.execute("INSERT INTO audit.inbox VALUES ($1)", new_id)
    await owner.admin.execute(
        "UPDATE audit.stream SET next_seq = next_seq + 1 WHERE stream = 'campaign-01'"
    )


async def keep_only(owner: Owner, size: int) -> None:
    """Throw away every entry, place, tile and checkpoint after a size."""
    await owner.do("DELETE FROM audit.cosignature WHERE tree_size > $1", size)
    await owner.do("DELETE FROM audit.checkpoint WHERE tree_size > $1", size)
    await owner.do(
        "DELETE FROM audit.event USING audit.leaf AS l"
        " WHERE l.event_id = event.event_id AND l.leaf_index >= $1",
        size,
    )
    await owner.do("DELETE FROM audit.leaf WHERE leaf_index >= $1", size)
    await owner.do("DELETE FROM audit.tile WHERE (tile_index + 1) * 256 > $1", size)
    await owner.admin.execute(
        "UPDATE audit.stream AS s SET closed = false, next_seq ="
        " (SELECT coalesce(max(e.seq) + 1, 0) FROM audit.event AS e WHERE e.stream = s.stream)"
    )


async def reopen(owner: Owner) -> None:
    """Open an emptied trail once more, with one stream of another story."""
    pool = await open_pool(owner.dsn, role_login=WORKER, max_size=1)
    store = AuditStore(pool, KEY)
    await store.open_trail(Mode.REHEARSAL, ORIGIN, at=datetime.now(UTC), actor=OFFICER)
    events = [an_event(seq, occurred_at=datetime.now(UTC)) for seq in range(20)]
    [result] = await store.append([a_record("campaign-01", *events)])
    assert result.error is None
    await pool.close()


def other(event_id: UUID) -> UUID:
    """Return an id that differs in its last bit."""
    return UUID(int=event_id.int ^ 1)


async def sequence_rest(owner: Owner) -> None:
    """Let the sequencer take what is left, whatever its queue still names."""
    if await owner.admin.fetchval(
        "SELECT EXISTS (SELECT FROM audit.inbox JOIN audit.event USING (event_id))"
    ):
        await sequence(owner.dsn, [LOG_KEY])


async def late_victim(owner: Owner) -> int:
    """Return the index of the last ordinary entry, which only the last checkpoint covers."""
    found: int = await owner.admin.fetchval(
        "SELECT max(l.leaf_index) FROM audit.leaf AS l JOIN audit.event AS e USING (event_id)"
        " WHERE e.leaf LIKE '%核实%'"
    )
    return found


async def reindex(owner: Owner, index: int) -> None:
    """Make the words by which an entry is found its own again."""
    row = await owner.admin.fetchrow(
        "SELECT e.event_id, e.leaf FROM audit.event AS e JOIN audit.leaf AS l USING (event_id)"
        " WHERE l.leaf_index = $1",
        index,
    )
    assert row is not None
    await owner.admin.execute(
        "UPDATE audit.search SET grams = array_to_tsvector($2::text[]) WHERE event_id = $1",
        row["event_id"],
        sorted(entry_grams(parse(row["leaf"]))),
    )
