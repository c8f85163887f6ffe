"""First opening of a live database: its first entry marks it live, its calendar is published."""

from datetime import datetime

from duban.contracts import Mode
from duban.domain.roles import SYSTEM
from duban.seeds import published_calendar
from duban.store import calendars
from duban.store.audit import AuditStore

_YEARS_BEFORE, _YEARS_AFTER = 2, 4


async def open_live(store: AuditStore, *, now: datetime) -> None:
    """Mark the database live, and import the published calendar if it holds none (SOD11).

    Every worker does this as it starts: it needs no right but to append, and doing it again
    changes nothing.

    Raises:
        WrongMode: the database is marked as a rehearsal's.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    await store.open_trail(Mode.LIVE, "duban", at=now, actor=SYSTEM)
    calendar = published_calendar(now.year - _YEARS_BEFORE, now.year + _YEARS_AFTER)
    await calendars.publish_first(store, calendar, Mode.LIVE, now=now)
