"""The checks: silent on an honest trail, and loud on each way of tampering with one.

Every attack is a superuser's, with the triggers off, and must have changed something.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import Mode
from duban.store.audit import AuditStore
from duban.store.checks import TrailReport, TrailRules, check_trail
from duban.store.pool import open_pool
from tests.support.entries import (
    KEY,
    OFFICER,
    START,
    a_change,
    a_closing,
    a_record,
    a_run,
    an_event,
)

A, B = "campaign-A", "campaign-B"
WITH_KEY = TrailRules(key=KEY)
THIRD_OF_A = "stream = 'campaign-A' AND seq = 2"
GUARDED = ("audit.event", "audit.origin")
TABLES = (*GUARDED, "ledger.object")


@pytest_asyncio.fixture(scope="module")
async def told(shared_store: AuditStore) -> None:
    """A closed stream of six entries and an open one of three, beside the opening entry."""
    tasks = [an_event(seq, a_change("task", f"B-0{seq}", state="accepted")) for seq in range(5)]
    await shared_store.append([a_record(A, *tasks, a_closing(5)), a_run(B, 0, 3)])


@asynccontextmanager
async def tampered(admin: asyncpg.Pool, statement: str) -> AsyncIterator[None]:
    """Tamper with the trail as only a superuser can, and put everything back.

    The attack must change something, or its test would show nothing.
    """
    before = {table: await rows_of(admin, table) for table in TABLES}
    for table in GUARDED:
        await admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    await admin.execute(statement)
    assert before != {table: await rows_of(admin, table) for table in TABLES}
    yield
    for table, rows in before.items():
        restored = f"INSERT INTO {table} SELECT * FROM json_populate_record(NULL::{table}, $1)"  # noqa: S608
        await admin.execute(f"DELETE FROM {table}")  # noqa: S608 - of the list above
        await admin.executemany(restored, [(row,) for row in rows])
    for table in GUARDED:
        await admin.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER deny_row")
        await admin.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER deny_truncate")


async def rows_of(admin: asyncpg.Pool, table: str) -> list[str]:
    rows = await admin.fetch(f"SELECT row_to_json(t)::text AS row FROM {table} t")  # noqa: S608
    return sorted(row["row"] for row in rows)


def codes(report: TrailReport) -> set[str]:
    return {each.code for each in report}


@pytest.mark.usefixtures("told")
async def test_an_honest_trail_is_checked_and_nothing_found(
    shared_verifier: asyncpg.Pool,
) -> None:
    for rules in (None, WITH_KEY):
        report = await check_trail(shared_verifier, rules)
        assert list(report) == []
        assert report.ok
        assert (report.entries, report.streams, report.closed_streams) == (10, 3, 1)
    assert report.in_default_partition == 0


async def test_an_empty_trail_is_not_ok(unopened: AuditStore, verifier: asyncpg.Pool) -> None:
    report = await check_trail(verifier)
    assert codes(report) == {"EMPTY"}
    assert not report.ok
    await unopened.open_trail(Mode.LIVE, "duban.test", at=START, actor=OFFICER)
    assert (await check_trail(verifier)).ok


def edit(old: str, new: str) -> str:
    """An edit inside the bytes of one entry."""
    return f"UPDATE audit.event SET leaf = replace(leaf, '{old}', '{new}') WHERE {THIRD_OF_A}"  # noqa: S608


def column(assignment: str, where: str = THIRD_OF_A) -> str:
    """An edit of columns beside the bytes."""
    return f"UPDATE audit.event SET {assignment} WHERE {where}"  # noqa: S608 - words of this file


def gone(where: str) -> str:
    """A deletion of entries."""
    return f"DELETE FROM audit.event WHERE {where}"  # noqa: S608 - words of this file


ATTACKS = {
    "a word of an entry": (edit("督办", "取消"), {"PROJECTION"}),
    "a field of a change": (edit('"accepted"},', '"closed"},'), {"PROJECTION", "LEDGER"}),
    "a space in an entry": (edit('"v":1', '"v": 1'), {"NONCANONICAL"}),
    "a key twice": (edit('"v":1', '"v":1,"v":1'), {"NONCANONICAL"}),
    "bytes after an entry": (column("leaf = leaf || 'x'"), {"PARSE", "LEDGER"}),
    "an entry of nothing": (column("leaf = '{}'"), {"PARSE", "LEDGER"}),
    "the writer": (edit("duban_worker", "postgres"), {"WRITER"}),
    "an entry of the other mode": (edit("rehearsal", "live"), {"ORIGIN", "PROJECTION"}),
    "the campaign column": (column("campaign = 'X'"), {"PROJECTION"}),
    "the time column": (column("occurred_us = occurred_us + 1"), {"PROJECTION"}),
    "the seal": (column("sealed = true"), {"PROJECTION"}),
    "the actor column": (column("actor = NULL"), {"PROJECTION"}),
    "the mac": (column("request_mac = sha256('x')"), {"PROJECTION"}),
    "the id's tail": (
        column("event_id = translate(event_id::text, '0123456789', '1234567890')::uuid"),
        {"PROJECTION"},
    ),
    "the id's last digit": (
        column(
            "event_id = (left(event_id::text, 35) || translate(right(event_id::text, 1),"
            " '0123456789abcdef', '123456789abcdef0'))::uuid"
        ),
        {"PROJECTION"},
    ),
    "the ordinal column": (column("seq = 9"), {"PROJECTION", "ORDINAL_GAP", "CLOSED_COUNT"}),
    "a double ordinal": (column("seq = 1"), {"PROJECTION", "ORDINAL_GAP", "DUP_ORDINAL"}),
    "an entry gone": (gone(THIRD_OF_A), {"ORDINAL_GAP", "CLOSED_COUNT", "LEDGER"}),
    "the last entry gone": (gone("stream = 'campaign-B' AND seq = 2"), {"ORDINAL_GAP"}),
    "a stream gone": (gone("stream = 'campaign-B'"), {"ORDINAL_GAP"}),
    "the opening gone": (gone("stream = 'trail'"), {"ORIGIN", "ORDINAL_GAP"}),
    "another count": (
        column("""leaf = replace(leaf, '"closing":6', '"closing":5')""", "seq = 5"),
        {"CLOSED_COUNT", "PROJECTION"},
    ),
    "the mode": ("UPDATE audit.origin SET mode = 'live'", {"ORIGIN"}),
    "the origin": ("UPDATE audit.origin SET origin = 'elsewhere'", {"ORIGIN"}),
    "no origin": ("DELETE FROM audit.origin", {"ORIGIN"}),
    "the ledger": ("UPDATE ledger.object SET doc = '{}'", {"LEDGER"}),
}


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("name", ATTACKS)
async def test_tampering_is_found(
    shared_admin: asyncpg.Pool, shared_verifier: asyncpg.Pool, name: str
) -> None:
    statement, expected = ATTACKS[name]
    async with tampered(shared_admin, statement):
        assert codes(await check_trail(shared_verifier, WITH_KEY)) == expected
    assert list(await check_trail(shared_verifier, WITH_KEY)) == []


@pytest.mark.usefixtures("told")
async def test_without_the_key_a_clean_edit_of_a_word_is_not_seen(
    shared_admin: asyncpg.Pool, shared_verifier: asyncpg.Pool
) -> None:
    async with tampered(shared_admin, ATTACKS["a word of an entry"][0]):
        assert list(await check_trail(shared_verifier)) == []


@pytest.mark.usefixtures("told")
async def test_every_finding_is_listed_with_its_place(
    shared_admin: asyncpg.Pool, shared_verifier: asyncpg.Pool
) -> None:
    async with tampered(shared_admin, column("campaign = 'X'", "stream <> 'trail'")):
        report = await check_trail(shared_verifier)
    assert {(each.where, each.detail) for each in report} == {
        *((f"{A}#{seq}", "campaign") for seq in range(6)),
        *((f"{B}#{seq}", "campaign") for seq in range(3)),
    }


async def test_a_superuser_at_the_door_is_found(
    store: AuditStore, dsn: str, verifier: asyncpg.Pool
) -> None:
    pool = await open_pool(dsn)
    await AuditStore(pool, KEY).append([a_run(A, 0, 1)])
    await pool.close()
    assert codes(await check_trail(verifier)) == {"WRITER"}
    lenient = TrailRules(writers=frozenset({"duban_worker", "postgres"}))
    assert (await check_trail(verifier, lenient)).ok


async def test_what_follows_a_closing_entry_is_found(
    store: AuditStore, admin: asyncpg.Pool, verifier: asyncpg.Pool
) -> None:
    await store.append([a_record(A, an_event(0), a_closing(1))])
    await admin.execute("UPDATE audit.stream SET closed = false WHERE stream = $1", A)
    await store.append([a_run(A, 2, 1)])
    report = await check_trail(verifier)
    assert [(each.code, each.where) for each in report] == [
        ("CLOSED_COUNT", f"{A}#2"),
        ("CLOSED_COUNT", A),
    ]


async def test_entries_outside_the_months_are_counted(
    store: AuditStore, verifier: asyncpg.Pool
) -> None:
    await store.append([a_record(A, an_event(0, occurred_at=START.replace(year=2009)))])
    report = await check_trail(verifier)
    assert report.in_default_partition == 1
    assert report.ok
