"""Reading the trail: found by its projection, rendered from the stored bytes (audit.md 4).

Sealed entries are never among the answers.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from duban.contracts import Mode
from duban.domain.events import Event, Outcome
from duban.store.canonical import StoredEntry, microseconds, parse
from duban.store.errors import TrailNotOpened
from duban.store.pool import reachable
from duban.store.queries import SQL


@dataclass(frozen=True, slots=True)
class Key:
    """Where a page ended: pass it on as `after` to get the next.

    Entries of one moment stand in the order of their ordinals, which is that of their causes.
    """

    occurred_us: int
    seq: int
    event_id: UUID


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to look for; a field left out does not matter.

    `tag` is the beginning of a tag; `since` is included, `until` is not (business time);
    `object_id` is best given with its `object_type`.
    """

    campaign: str | None = None
    unit: str | None = None
    actor: str | None = None
    tag: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    outcome: Outcome | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: Key | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Origin:
    """What a database was opened as."""

    mode: Mode
    origin: str


async def search(pool: asyncpg.Pool, wanted: TrailFilter) -> list[StoredEntry]:
    """Return one page of entries, newest first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailUnreadable: a stored leaf is not one.
    """
    after = wanted.after
    with reachable():
        rows = await pool.fetch(
            SQL["search"],
            wanted.campaign,
            wanted.unit,
            wanted.actor,
            wanted.tag,
            wanted.object_type,
            wanted.object_id,
            wanted.outcome.value if wanted.outcome else None,
            microseconds(wanted.since) if wanted.since else None,
            microseconds(wanted.until) if wanted.until else None,
            after.occurred_us if after else None,
            after.seq if after else None,
            after.event_id if after else None,
            wanted.limit,
        )
    return [_entry(row) for row in rows]


def key_of(entry: StoredEntry) -> Key:
    """Return the key after which the next page begins, given the last entry of a page."""
    if entry.event_id is None:
        raise ValueError("only an entry read from a database has a place in a search")
    return Key(entry.occurred_us, entry.seq, entry.event_id)


async def get(pool: asyncpg.Pool, reference: str) -> StoredEntry | None:
    """Return the entry of an event id or of `stream#seq`; None if there is none.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailUnreadable: the stored leaf is not one.
    """
    stream, mark, seq = reference.rpartition("#")
    with reachable():
        if mark and seq.isdecimal():
            row = await pool.fetchrow(SQL["event_by_ordinal"], stream, int(seq))
        else:
            try:
                wanted = UUID(reference)
            except ValueError:
                return None
            row = await pool.fetchrow(SQL["event_by_id"], wanted)
    return _entry(row) if row else None


async def stream_entries(
    pool: asyncpg.Pool, stream: str, *, since_seq: int = 0
) -> list[StoredEntry]:
    """Return the entries of a stream from an ordinal on, in their order.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailUnreadable: a stored leaf is not one.
    """
    with reachable():
        rows = await pool.fetch(SQL["stream_leaves"], stream, since_seq)
    return [_entry(row) for row in rows]


async def stream_events(pool: asyncpg.Pool, stream: str) -> list[Event]:
    """Return the events of a stream: folding them gives the entity's state.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailUnreadable: an entry does not hold an event.
    """
    return [each.event for each in await stream_entries(pool, stream)]


async def head(pool: asyncpg.Pool, stream: str) -> int:
    """Return the next ordinal of a stream, which is the number of its entries.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        found = await pool.fetchval(SQL["head"], stream)
    return int(found or 0)


async def origin(pool: asyncpg.Pool) -> Origin:
    """Return what the database was opened as.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailNotOpened: it has no first entry.
    """
    with reachable():
        row = await pool.fetchrow(SQL["origin"])
    if row is None:
        raise TrailNotOpened
    return Origin(Mode(row["mode"]), row["origin"])


def _entry(row: asyncpg.Record) -> StoredEntry:
    return parse(row["leaf"], row["event_id"])
