"""Reading the ledger: the present state of every object, as folded from the trail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import asyncpg

from duban.domain.model import Document
from duban.store.pool import reachable
from duban.store.queries import SQL

Row = Mapping[str, Any]
"""One row of a typed view of the ledger (`sql/migrations/0005_views.sql`): columns by name."""


@dataclass(frozen=True, slots=True)
class LedgerObject:
    """One object. `doc` is its state; `scope` its campaign, or its stream where it has none."""

    kind: str
    scope: str
    id: str
    doc: Document
    stream: str
    first_seq: int
    last_seq: int
    updated_us: int


@dataclass(frozen=True, slots=True)
class DeadlineFilter:
    """Which deadlines; a field left out does not matter. Due dates are included at both ends."""

    campaign: str | None = None
    holder: str | None = None
    status: str | None = None
    code: str | None = None
    due_from: date | None = None
    due_until: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeFilter:
    """Which notices; a field left out does not matter. `until` is not included."""

    campaign: str | None = None
    recipient: str | None = None
    unit: str | None = None
    rung: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """An object that the ledger holds otherwise than the leaves tell it.

    `difference` is missing, extra or different; `stored` and `folded` are whole rows.
    """

    kind: str
    scope: str
    id: str
    difference: str
    stored: Document | None
    folded: Document | None


async def objects(
    pool: asyncpg.Pool,
    kind: str,
    *,
    scope: str | None = None,
    where: Document | None = None,
) -> list[LedgerObject]:
    """Return the objects of a kind whose documents hold every field of `where`, oldest first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        rows = await pool.fetch(SQL["objects"], kind, scope, where or {})
    return [LedgerObject(**row) for row in rows]


async def one(pool: asyncpg.Pool, kind: str, scope: str, key: str) -> LedgerObject | None:
    """Return one object, or None.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        row = await pool.fetchrow(SQL["one"], kind, scope, key)
    return LedgerObject(**row) if row else None


async def some(
    pool: asyncpg.Pool, kind: str, scope: str, keys: Sequence[str]
) -> list[LedgerObject]:
    """Return those of the named objects of a kind that there are.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        rows = await pool.fetch(SQL["some"], kind, scope, list(keys))
    return [LedgerObject(**row) for row in rows]


async def campaigns(pool: asyncpg.Pool) -> list[Row]:
    """Return every campaign, by launch date (view ledger.campaigns).

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        return _rows(await pool.fetch(SQL["campaigns"]))


async def deadlines(pool: asyncpg.Pool, wanted: DeadlineFilter | None = None) -> list[Row]:
    """Return deadlines by due date (view ledger.deadlines).

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    by = wanted or DeadlineFilter()
    with reachable():
        return _rows(
            await pool.fetch(
                SQL["deadlines"],
                by.campaign,
                by.holder,
                by.status,
                by.code,
                by.due_from,
                by.due_until,
            )
        )


async def notices(pool: asyncpg.Pool, wanted: NoticeFilter | None = None) -> list[Row]:
    """Return the outbox by sending time (view ledger.notices).

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    by = wanted or NoticeFilter()
    with reachable():
        return _rows(
            await pool.fetch(
                SQL["notices"],
                by.campaign,
                by.recipient,
                by.unit,
                by.rung,
                by.since,
                by.until,
            )
        )


async def calendar_days(
    pool: asyncpg.Pool, scope: str, version: int, *, first: date, last: date
) -> list[Row]:
    """Return the days of one calendar version (view ledger.calendar_days), ends included.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        return _rows(await pool.fetch(SQL["calendar_days"], scope, version, first, last))


async def rebuild(admin: asyncpg.Pool) -> int:
    """Fold the whole ledger again from the leaves alone; return the number of objects.

    Needs the superuser or the owner. Appends wait meanwhile.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        return int(await admin.fetchval(SQL["rebuild"]))


async def differences(pool: asyncpg.Pool) -> list[Difference]:
    """Return where the ledger is not what the leaves tell; needs the verifier's login.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        rows = await pool.fetch(SQL["differences"])
    return [Difference(**row) for row in rows]


def _rows(found: list[asyncpg.Record]) -> list[Row]:
    return [dict(row) for row in found]
