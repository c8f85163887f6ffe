"""Published calendar versions: read from the ledger, written through the trail's door."""

from datetime import datetime

import asyncpg

from duban.contracts import Mode, Record
from duban.domain.calendar_register import CALENDAR_STREAM, publication
from duban.domain.calendars import Calendar
from duban.domain.events import Event
from duban.domain.roles import SYSTEM, Actor
from duban.store import ledger, trail
from duban.store.audit import AuditStore
from duban.store.errors import TrailConflict


async def versions(pool: asyncpg.Pool) -> list[Calendar]:
    """Return every published version, oldest first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    found = await ledger.objects(pool, "calendar", scope=CALENDAR_STREAM)
    calendars = [Calendar.model_validate(each.doc) for each in found]
    return sorted(calendars, key=lambda calendar: calendar.version)


async def latest(pool: asyncpg.Pool) -> Calendar | None:
    """Return the version in force, or None when none was ever published."""
    found = await versions(pool)
    return found[-1] if found else None


async def publish_first(
    store: AuditStore, calendar: Calendar, mode: Mode, *, now: datetime
) -> bool:
    """Let the system import the first version; return False when there is a version already.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    event = publication(calendar, None, seq=0, actor=SYSTEM, now=now)
    [result] = await store.append([_record(event, mode)])
    if result.error is not None and not isinstance(result.error, TrailConflict):
        raise result.error
    return result.error is None


async def publish(
    pools: tuple[asyncpg.Pool, AuditStore], calendar: Calendar, *, actor: Actor, now: datetime
) -> None:
    """Publish a version: `pools` is (a reading pool, the trail's door).

    Raises:
        RuleViolation: the actor may not, or the version is not newer.
        TrailConflict: somebody published at the same moment; look, and publish again.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    pool, store = pools
    seq = await trail.head(pool, CALENDAR_STREAM)
    event = publication(calendar, await latest(pool), seq=seq, actor=actor, now=now)
    [result] = await store.append([_record(event, (await trail.origin(pool)).mode)])
    if result.error is not None:
        raise result.error


def _record(event: Event, mode: Mode) -> Record:
    return Record(stream=CALENDAR_STREAM, campaign=None, mode=mode, events=(event,))
