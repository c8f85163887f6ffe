"""The trail as a feed for other systems: entries in the order of the log, as CloudEvents 1.0.

Whoever keeps the last `sequence` received can go on behind it at any time. What was received but
not kept comes again, with the same `source` and `id`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import asyncpg
import orjson

from duban.store.canonical import StoredEntry, parse
from duban.store.pool import reachable
from duban.store.queries import SQL

BEGINNING: Final = -1
"""The place before the first."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry with its place in the log; a sealed entry has its place and says nothing."""

    index: int
    entry: StoredEntry | None


async def feed(pool: asyncpg.Pool, after: int, limit: int) -> list[Placed]:
    """Return the entries behind a place of the log, in its order, at most `limit`.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        TrailUnreadable: a stored leaf is not one.
    """
    with reachable():
        rows = await pool.fetch(SQL["feed"], after, limit)
    return [
        Placed(row["leaf_index"], parse(row["leaf"], row["event_id"]) if row["leaf"] else None)
        for row in rows
    ]


async def feed_end(pool: asyncpg.Pool) -> int:
    """Return the last place of the log; `BEGINNING` while it is empty.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        return int(await pool.fetchval(SQL["feed_end"]))


def cloud_event(placed: Placed, origin: str) -> str:
    """Return an entry as one line of JSON, a CloudEvent 1.0 (audit.md 3.1).

    `data` is the leaf, byte for byte, so that a receiver can hash it; `sequence` is the place.

    Raises:
        ValueError: the entry is sealed.
    """
    entry = placed.entry
    if entry is None:
        raise ValueError("a sealed entry says nothing")
    head = orjson.dumps(_attributes(placed.index, entry, origin)).decode()
    return f'{head[:-1]},"data":{entry.leaf.decode()}}}'


def _attributes(index: int, entry: StoredEntry, origin: str) -> dict[str, Any]:
    subject = entry.fields.get("obj")
    named = subject if isinstance(subject, dict) else {}
    occurred = _EPOCH + timedelta(microseconds=entry.occurred_us)
    return {
        "specversion": "1.0",
        "id": str(entry.event_id),
        "source": f"{quote(origin)}/wf/{quote(entry.stream, safe='')}",
        "type": entry.fields.get("tag"),
        "subject": f"{named.get('type', '')}/{named.get('id', '')}",
        "time": occurred.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "sequence": f"{index:0{_DIGITS}}",
    }
