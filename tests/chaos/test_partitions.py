"""Partitions ahead of time, and what happens when a month begins that has none while all runs."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from duban import doctor
from duban.doctor import Check, Level
from duban.store.partitions import Partitions
from duban.store.pool import READER, dsn_for
from tests.chaos.conftest import Copy
from tests.support.chaos_desk import Desk
from tests.support.chaos_load import grow

LATER = Partitions(frozenset({"202611", "202612", "202701"}), strays=0)
_PLACES = "SELECT DISTINCT tableoid::regclass::text AS place FROM audit.event WHERE stream = $1"


@pytest.mark.parametrize(
    ("today", "missing"),
    [
        ("2026-11-23", []),
        ("2026-12-31", []),
        ("2027-01-01", ["202702"]),
        ("2027-01-31", ["202702", "202703"]),
        ("2026-10-31", ["202610"]),
    ],
)
def test_a_month_ahead_is_looked_at(today: str, missing: list[str]) -> None:
    [check] = doctor.judge_partitions(LATER, date.fromisoformat(today))

    assert check.params["missing"] == missing
    assert check.level is (Level.WARN if missing else Level.OK)


def test_entries_astray_are_a_warning() -> None:
    [check] = doctor.judge_partitions(Partitions(LATER.months, 3), date(2026, 11, 23))

    assert (check.level, check.params["strays"]) == (Level.WARN, 3)


async def judged(dsn: str) -> Check:
    facts = await doctor.gather(dsn)
    assert facts.partitions is not None
    [check] = doctor.judge_partitions(facts.partitions, datetime.now(UTC).date())
    return check


async def test_migrating_makes_them_for_this_month_and_twelve_more(copy: Copy) -> None:
    dsn, now = await copy(None), datetime.now(UTC)

    check = await judged(dsn)

    assert (check.level, check.params["through"]) == (Level.OK, f"{now.year + 1}{now:%m}")
    assert await judged(dsn_for(dsn, READER)) == check


async def places(dsn: str, stream: str) -> set[str]:
    connection = await asyncpg.connect(dsn)
    try:
        return {row["place"] for row in await connection.fetch(_PLACES, stream)}
    finally:
        await connection.close()


async def drop_all(dsn: str) -> None:
    """Leave the database as it is when nobody has migrated it for more than a year."""
    connection = await asyncpg.connect(dsn)
    tables = "SELECT relname FROM pg_class WHERE relname ~ '^event_[0-9]{6}$'"
    for row in await connection.fetch(tables):
        await connection.execute(f"DROP TABLE audit.{row['relname']}")
    await connection.close()


async def test_a_month_without_a_partition_loses_nothing_and_migrating_mends_the_next(
    desk: Desk, copy: Copy
) -> None:
    dsn, now = await copy(None), datetime.now(UTC)
    await drop_all(dsn)
    async with desk.signing(dsn):
        await grow(dsn, "campaign-1", 10)
        fallen = await judged(dsn)
        migrated = await desk.duban(dsn, "migrate")
        await grow(dsn, "campaign-1", 10)
    mended = await judged(dsn)
    anchor = ("--anchor", str(await desk.anchor()))
    said = await desk.verify(dsn, "--policy", str(desk.policy_file), *anchor)

    assert await places(dsn, "campaign-1") == {"audit.event_default"}
    nothing = Partitions(frozenset(), 0).missing(now.date())
    assert (fallen.level, fallen.params["missing"]) == (Level.WARN, nothing)
    assert int(str(fallen.params["strays"])) >= 10
    assert migrated.status == 0, migrated
    assert (mended.level, mended.params["missing"]) == (Level.WARN, [f"{now:%Y%m}"])
    assert (said.status, said.codes) == (0, set()), said
