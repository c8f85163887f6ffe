"""Reading the trail: found by its projection, rendered from the stored bytes (audit.md 4).

Sealed entries are never among the answers.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from duban.contracts import Mode, campaign_stream, problem_streams
from duban.domain.events import Event, Outcome
from duban.store import grams
from duban.store.canonical import StoredEntry, microseconds, parse
from duban.store.errors import NothingToSearch, TrailNotOpened
from duban.store.identity import TAIL_BITS
from duban.store.pool import reachable
from duban.store.queries import SQL

PAGE: Final = 1000
"""Entries fetched at once where all are wanted."""

_STEP: Final = 4000
"""Entries fetched at once at most where few of them are what is looked for."""
_NAMES: Final = ("campaign", "unit", "actor", "tag", "object_type", "object_id", "outcome")
"""The columns of a search, in their order."""


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
    `object_id` is best given with its `object_type`. `text` is words that must all be there, in
    any order, each as it is written; width and letter case do not matter. What `text` and
    `on_behalf_of` find is what the projector has taken in (`unindexed` counts the rest).
    """

    campaign: str | None = None
    unit: str | None = None
    actor: str | None = None
    on_behalf_of: str | None = None
    tag: str | None = None
    object_type: str | None = None
    object_id: str | None = None
    outcome: Outcome | None = None
    text: str | None = None
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
        NothingToSearch: the text holds no letter and no digit.
        TrailUnreadable: a stored leaf is not one.
    """
    if wanted.text is not None or wanted.on_behalf_of is not None:
        return await _find(pool, wanted)
    with reachable():
        rows = await pool.fetch(*await _page(pool, wanted))
    return [_entry(row) for row in rows]


async def _page(pool: asyncpg.Pool, wanted: TrailFilter) -> tuple[Any, ...]:
    """Return the statement of a page by columns, with its arguments."""
    columns, times = _columns(wanted), (*_times(wanted), wanted.limit)
    given = {name for name, each in zip(_NAMES, columns, strict=True) if each is not None}
    outcome = columns[-1]
    if given == {"tag"}:
        return (SQL["search_tags"], wanted.tag, *times)
    if given - {"campaign", "outcome"} or outcome not in (None, Outcome.ACCEPTED.value):
        return (SQL["search_columns"], *columns, *times)
    low, high = _ids(wanted)
    if wanted.campaign is None:
        last = await pool.fetchval(SQL["search_reach"], outcome, *times, low, high)
        low = _floor(last) if last else low
    return (SQL["search"], wanted.campaign, outcome, *times, low, high)


async def every(pool: asyncpg.Pool, wanted: TrailFilter) -> AsyncGenerator[StoredEntry]:
    """Yield all entries behind `wanted.after`, newest first, a page at a time in memory.

    Entries that come meanwhile shift nothing: none is told twice, none of the old ones is missed.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        NothingToSearch: the text holds no letter and no digit.
        TrailUnreadable: a stored leaf is not one.
    """
    wanted = replace(wanted, limit=PAGE)
    # A page is short where an entry is gone that a search still finds; the others come yet.
    while page := await search(pool, wanted):
        for each in page:
            yield each
        wanted = replace(wanted, after=key_of(page[-1]))


async def unindexed(pool: asyncpg.Pool) -> int:
    """Return how many entries a search by text does not know yet.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        return max(0, int(await pool.fetchval(SQL["unindexed"])))


async def _find(pool: asyncpg.Pool, wanted: TrailFilter) -> list[StoredEntry]:
    """Return one page by words: those the index gives, without those that only look like it."""
    query = grams.query(wanted.text, wanted.on_behalf_of)
    if not query:
        raise NothingToSearch(text=wanted.text or "")
    found: list[StoredEntry] = []
    taken, signs = wanted.limit, grams.signs(wanted.text)
    triples = sorted(grams.triples([wanted.text or ""])) or None
    while len(found) < wanted.limit:
        asked = (query, *_columns(wanted), *_times(wanted), taken, triples)
        with reachable():
            rows = await pool.fetch(SQL["find_text"], *asked)
        page = [_entry(row) for row in rows if grams.may_match(row["leaf"], signs)]
        found += [e for e in page if grams.matches(e, wanted.text, wanted.on_behalf_of)]
        if len(rows) < taken:
            break
        # Words may be common whose text stands nowhere: small steps would read for minutes.
        taken = min(taken * 4, max(_STEP, wanted.limit))
        wanted = replace(wanted, after=key_of(_entry(rows[-1])))
    return found[: wanted.limit]


def _columns(wanted: TrailFilter) -> tuple[str | None, ...]:
    outcome = wanted.outcome.value if wanted.outcome else None
    who = (wanted.campaign, wanted.unit, wanted.actor)
    return (*who, wanted.tag, wanted.object_type, wanted.object_id, outcome)


def _times(wanted: TrailFilter) -> tuple[Any, ...]:
    after = wanted.after
    since = microseconds(wanted.since) if wanted.since else None
    until = microseconds(wanted.until) if wanted.until else None
    key = (after.occurred_us, after.seq, after.event_id) if after else (None, None, None)
    return (since, until, *key)


def _ids(wanted: TrailFilter) -> tuple[UUID | None, UUID | None]:
    """Return the bounds of the ids that the times of a search leave: from, and before."""
    since, until, after, _, _ = _times(wanted)
    ends = [each for each in (until, after) if each is not None]
    return (
        _id_of(since // 1000) if since is not None else None,
        _id_of(min(ends) // 1000 + 1) if ends else None,
    )


def _floor(event_id: UUID) -> UUID:
    return _id_of(event_id.int >> TAIL_BITS)


def _id_of(milliseconds: int) -> UUID:
    """Return the smallest id of a millisecond."""
    return UUID(int=milliseconds << TAIL_BITS)


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


async def campaign_entries(pool: asyncpg.Pool, no: str) -> list[StoredEntry]:
    """Return the entries of a campaign and of its problems, each stream in its order.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailUnreadable: a stored leaf is not one.
    """
    with reachable():
        rows = await pool.fetch(SQL["campaign_leaves"], campaign_stream(no), problem_streams(no))
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
