"""Calendar versions: published through the door, read back from the ledger, newest in force."""

from datetime import date, timedelta

import asyncpg
import pytest

from duban.domain.calendars import Calendar
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import SYSTEM, Actor
from duban.store import calendars, trail
from duban.store.audit import AuditStore
from duban.store.checks import check_trail
from duban.store.errors import TrailConflict
from tests.support.entries import OFFICER, START


def a_calendar(version: int, title: str = "2019") -> Calendar:
    return Calendar(
        version=version,
        title=title,
        source_doc="国办发明电〔2019〕3号",
        first_on=date(2019, 1, 1),
        published_through=date(2019, 12, 31),
        last_on=date(2020, 12, 31),
        holidays={date(2019, 5, 1): "劳动节"},
        makeup_workdays={date(2019, 5, 5): "劳动节"},
    )


async def publish(
    store: AuditStore, reader: asyncpg.Pool, version: int, actor: Actor = OFFICER
) -> None:
    now = START + timedelta(days=version)
    await calendars.publish((reader, store), a_calendar(version), actor=actor, now=now)


async def test_the_newest_version_is_in_force(
    store: AuditStore, reader: asyncpg.Pool, verifier: asyncpg.Pool
) -> None:
    assert await calendars.latest(reader) is None
    for version in (1, 2, 10):
        await publish(store, reader, version)
    assert await calendars.versions(reader) == [a_calendar(each) for each in (1, 2, 10)]
    assert await calendars.latest(reader) == a_calendar(10)
    assert (await check_trail(verifier)).ok


async def test_a_version_that_is_not_newer_is_refused(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    await publish(store, reader, 2)
    with pytest.raises(RuleViolation) as refused:
        await publish(store, reader, 2)
    assert refused.value.code is Code.CALENDAR_NOT_NEWER
    assert await calendars.versions(reader) == [a_calendar(2)]


async def test_the_system_may_import_the_first_version_only(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    await publish(store, reader, 1, SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        await publish(store, reader, 2, SYSTEM)
    assert refused.value.code is Code.ROLE_NOT_PERMITTED
    assert await calendars.versions(reader) == [a_calendar(1)]


async def test_of_two_who_publish_at_once_one_is_told(
    store: AuditStore, reader: asyncpg.Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(store, reader, 1)

    async def nothing_yet(*_: object) -> int:
        return 0

    async def none_yet(*_: object) -> None:
        return None

    # The second looked before the first had published.
    monkeypatch.setattr(trail, "head", nothing_yet)
    monkeypatch.setattr(calendars, "latest", none_yet)
    with pytest.raises(TrailConflict):
        await publish(store, reader, 2)
