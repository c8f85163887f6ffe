"""First opening of a live database: its first entry marks it live, its calendar is published."""

from datetime import UTC, datetime

from duban.contracts import Mode
from duban.domain.roles import SYSTEM
from duban.seeds import published_calendar
from duban.store import calendars
from duban.store.audit import AuditStore
from duban.store.pool import open_pool

_YEARS_BEFORE, _YEARS_AFTER = 2, 4


async def open_live(reading: str, writing: str, key: bytes) -> None:
    """Mark the database live, and import the published calendar if it holds none (SOD11).

    `reading` is the address that may read, `writing` that of the worker's login, which the trail
    names as the writer.

    Raises:
        WrongMode: the database is marked as a rehearsal's.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    now = datetime.now(UTC)
    reader, writer = await open_pool(reading), await open_pool(writing)
    try:
        store = AuditStore(writer, key)
        await store.open_trail(Mode.LIVE, "duban", at=now, actor=SYSTEM)
        if await calendars.latest(reader) is None:
            calendar = published_calendar(now.year - _YEARS_BEFORE, now.year + _YEARS_AFTER)
            await calendars.publish((reader, store), calendar, actor=SYSTEM, now=now)
    finally:
        await writer.close()
        await reader.close()
