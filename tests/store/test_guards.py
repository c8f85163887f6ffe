"""What the database itself refuses, to each login and to the owner; and its partitions."""

from datetime import UTC, date, datetime

import asyncpg
import pytest

from duban.domain.events import Event
from duban.store.audit import AuditStore
from duban.store.errors import DatabaseUnavailable
from duban.store.migrations import ensure_partitions
from duban.store.pool import dsn_for
from tests.support.entries import a_change, a_record, a_run, an_event

A = "campaign-A"
TABLES = (
    "audit.event",
    "audit.event_default",
    "audit.event_ops",
    "audit.found",
    "audit.fresh",
    "audit.tag",
    "audit.search_block",
    "audit.inbox",
    "audit.leaf",
    "audit.tile",
    "audit.checkpoint",
    "audit.cosignature",
    "audit.payload",
    "audit.origin",
    "audit.stream",
    "ledger.object",
    "ledger.task",
    "ledger.tasks",
    "ledger.folded",
    "duban.schema_migration",
)
STATEMENTS = (
    "SELECT * FROM {}",
    "INSERT INTO {} DEFAULT VALUES",
    "UPDATE {} SET {} = NULL",
    "DELETE FROM {}",
    "TRUNCATE {}",
)
FUNCTIONS = (
    "audit.begin_streams('{}', '{}')",
    "audit.check_mode('live', '{}')",
    "audit.judge('{}', '{}', '{}', '{}', '{}')",
    "audit.compare('{}', '{}', '{}', '{}', '{}')",
    "audit.store('{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    "audit.fold('{}')",
    "audit.ensure_partition('2030-01-01')",
    "audit.guard_partition('event_default')",
    "audit.commitment('', '')",
    "audit.check_payloads('{}', '{}', '{}', '{}', '{}', '{}', '{}')",
    "audit.is_erased(NULL, '')",
    "audit.is_erasure('{}')",
    "audit.blocks_end()",
    "audit.find_in_blocks('', '', '', '', '', '', '', '', 0, 0, 0, NULL, 0, '{}')",
    "ledger.rebuild()",
    "ledger.differences()",
)
# What each login may do with tables, by table and verb; everything else must be refused.
_EVIDENCE = {(table, "SELECT") for table in TABLES} - {
    ("audit.inbox", "SELECT"),
    ("audit.search_block", "SELECT"),
}
LOG = ("audit.leaf", "audit.tile", "audit.checkpoint", "audit.cosignature")
ALLOWED = {
    "duban_worker": {(table, "SELECT") for table in LOG},
    "duban_eraser": set(),
    "duban_reader": _EVIDENCE - {("audit.event", "SELECT"), ("ledger.folded", "SELECT")},
    "duban_verifier": _EVIDENCE,
    "duban_supervisor": _EVIDENCE,
    "duban_sequencer": {
        ("audit.event", "SELECT"),
        ("audit.found", "SELECT"),
        ("audit.search_block", "SELECT"),
        ("audit.inbox", "SELECT"),
        ("audit.inbox", "DELETE"),
        ("audit.origin", "SELECT"),
        ("audit.stream", "SELECT"),
        ("duban.schema_migration", "SELECT"),
        *((table, "INSERT") for table in LOG),
        *((table, "SELECT") for table in LOG if table != "audit.cosignature"),
    },
}
# Partitions are reached through their parent only, whoever asks.
for _allowed in ALLOWED.values():
    _allowed.discard(("audit.event_default", "SELECT"))


NOT_FOR_VIEWS = (asyncpg.WrongObjectTypeError, asyncpg.ObjectNotInPrerequisiteStateError)


async def refused(connection: asyncpg.Connection, statement: str) -> bool:
    """Say whether a statement is refused as such (a fault in its rows is no refusal)."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
    except (asyncpg.InsufficientPrivilegeError, *NOT_FOR_VIEWS):
        return True
    except asyncpg.PostgresError:
        return False
    finally:
        await transaction.rollback()
    return False


async def a_column(admin: asyncpg.Pool, table: str) -> str:
    name = await admin.fetchval(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum = 1",
        table,
    )
    return str(name)


@pytest.mark.parametrize("login", ALLOWED)
async def test_each_login_may_do_what_is_granted_and_nothing_else(
    shared_store: AuditStore, shared_database: str, shared_admin: asyncpg.Pool, login: str
) -> None:
    await shared_store.append(
        [a_record(A, an_event(0, a_change("task", "B-04", state="accepted")))]
    )
    connection = await asyncpg.connect(dsn_for(shared_database, login))
    wrong = []
    for table in TABLES:
        column = await a_column(shared_admin, table)
        for statement in STATEMENTS:
            verb = statement.split()[0]
            denied = await refused(connection, statement.format(table, column))
            if denied == ((table, verb) in ALLOWED[login]):
                wrong.append((table, verb, denied))
    await connection.close()
    assert wrong == []


@pytest.mark.parametrize("login", ALLOWED)
async def test_no_login_may_call_what_is_behind_the_door(shared_database: str, login: str) -> None:
    connection = await asyncpg.connect(dsn_for(shared_database, login))
    allowed = {"ledger.differences()"} if login in ("duban_verifier", "duban_supervisor") else set()
    open_to = {each for each in FUNCTIONS if not await refused(connection, f"SELECT {each}")}
    await connection.close()
    assert open_to == allowed


@pytest.mark.parametrize("login", ALLOWED)
async def test_only_the_worker_and_the_sequencer_may_append(
    shared_database: str, login: str
) -> None:
    connection = await asyncpg.connect(dsn_for(shared_database, login))
    denied = await refused(connection, "SELECT audit.append('live', '{}', '{}', '{}')")
    await connection.close()
    assert denied == (login not in ("duban_worker", "duban_sequencer"))


async def test_no_login_may_become_the_owner_or_make_objects(shared_database: str) -> None:
    for login in ALLOWED:
        connection = await asyncpg.connect(dsn_for(shared_database, login))
        for statement in ("SET ROLE audit_owner", "CREATE TABLE audit.x ()", "CREATE SCHEMA x"):
            assert await refused(connection, statement), (login, statement)
        await connection.close()


async def test_a_reader_does_not_see_sealed_entries(
    store: AuditStore, admin: asyncpg.Pool, reader: asyncpg.Pool
) -> None:
    await store.append([a_run(A, 0, 2)])
    async with admin.acquire() as connection:
        await connection.execute("ALTER TABLE audit.event DISABLE TRIGGER deny_row")
        await connection.execute("UPDATE audit.event SET sealed = true WHERE seq = 1")
    seen = await reader.fetch("SELECT seq FROM audit.event_ops WHERE stream = $1", A)
    assert [row["seq"] for row in seen] == [0]


CHANGES_OF_EVIDENCE = (
    "UPDATE audit.event SET tag = 'x'",
    "DELETE FROM audit.event",
    "TRUNCATE audit.event",
    "UPDATE audit.event_default SET tag = 'x'",
    "TRUNCATE audit.event_default",
    "UPDATE audit.event_202611 SET tag = 'x'",
    "DELETE FROM audit.event_202611",
    "TRUNCATE audit.event_202611",
    "UPDATE audit.origin SET mode = 'live'",
    "DELETE FROM audit.origin",
    "TRUNCATE audit.origin",
    "UPDATE audit.leaf SET leaf_index = 7",
    "DELETE FROM audit.leaf",
    "TRUNCATE audit.leaf",
    "UPDATE audit.tile SET root = hashes",
    "DELETE FROM audit.tile",
    "TRUNCATE audit.tile",
    "UPDATE audit.checkpoint SET note = 'x'",
    "DELETE FROM audit.checkpoint",
    "TRUNCATE audit.checkpoint CASCADE",
    "UPDATE audit.cosignature SET line = 'x'",
    "DELETE FROM audit.cosignature",
    "TRUNCATE audit.cosignature",
    "UPDATE audit.payload SET slot = 'x'",
    "DELETE FROM audit.payload",
    "TRUNCATE audit.payload",
)
# One row in each table of the log, so that there is something to change; in the order of the keys.
A_LOG = """
INSERT INTO audit.leaf SELECT 0, gen_random_uuid(), decode(repeat('00', 32), 'hex');
INSERT INTO audit.tile SELECT 0, 0, decode(repeat('00', 8192), 'hex'), leaf_hash FROM audit.leaf;
INSERT INTO audit.checkpoint SELECT 1, leaf_hash, '', 1, 'k', 'n' FROM audit.leaf;
INSERT INTO audit.cosignature VALUES (1, 'w', 'l', 1);
INSERT INTO audit.payload (event_id, slot, class, salt, body)
SELECT event_id, 'x', 'normal', leaf_hash, '' FROM audit.leaf;
"""


@pytest.mark.parametrize("role", ["audit_owner", "postgres"])
@pytest.mark.parametrize("replication", ["origin", "replica"])
async def test_neither_owner_nor_superuser_changes_evidence_by_statement(
    shared_store: AuditStore, shared_admin: asyncpg.Pool, role: str, replication: str
) -> None:
    async with shared_admin.acquire() as connection:
        await ensure_partitions(connection, date(2019, 3, 1), date(2019, 3, 31))
        await shared_store.append([a_run(A, 0, 1), a_record("old", old_event(2019, 3))])
        await shared_store.append([a_record("older", old_event(2009, 1))])
        if not await connection.fetchval("SELECT count(*) FROM audit.leaf"):
            await connection.execute(A_LOG)
        await connection.execute(f"SET session_replication_role = {replication}")
        await connection.execute(f"SET ROLE {role}")
        for statement in CHANGES_OF_EVIDENCE:
            assert await refused(connection, statement), statement
        assert await refused(connection, "DELETE FROM audit.event_201903")
        assert await refused(connection, "TRUNCATE audit.event_201903")
        # The pool's own reset does not give a role back.
        await connection.execute("RESET ROLE")


def old_event(year: int, month: int) -> Event:
    return an_event(0, occurred_at=datetime(year, month, 15, tzinfo=UTC))


async def partition_of(admin: asyncpg.Pool, stream: str) -> str:
    where = "SELECT tableoid::regclass::text FROM audit.event WHERE stream = $1"
    return str(await admin.fetchval(where, stream))


async def test_entries_lie_in_the_partition_of_their_month(
    fresh_store: AuditStore, fresh_admin: asyncpg.Pool
) -> None:
    async with fresh_admin.acquire() as connection:
        made = await ensure_partitions(connection, date(2019, 2, 15), date(2019, 4, 1))
        again = await ensure_partitions(connection, date(2019, 4, 30), date(2019, 4, 30))
    assert made == {"201902": "created", "201903": "created", "201904": "created"}
    assert again == {"201904": "exists"}
    await fresh_store.append(
        [a_record("march", old_event(2019, 3)), a_record("may", old_event(2019, 5))]
    )
    assert await partition_of(fresh_admin, "march") == "audit.event_201903"
    assert await partition_of(fresh_admin, "may") == "audit.event_default"


async def test_the_bounds_of_a_month_are_midnight_utc(
    fresh_store: AuditStore, fresh_admin: asyncpg.Pool
) -> None:
    async with fresh_admin.acquire() as connection:
        await ensure_partitions(connection, date(2019, 3, 1), date(2019, 4, 1))
    last = datetime(2019, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    for stream, moment in (("last", last), ("next", datetime(2019, 4, 1, tzinfo=UTC))):
        await fresh_store.append([a_record(stream, an_event(0, occurred_at=moment))])
    assert await partition_of(fresh_admin, "last") == "audit.event_201903"
    assert await partition_of(fresh_admin, "next") == "audit.event_201904"


async def test_a_month_whose_entries_lie_in_the_default_stays_there(
    fresh_store: AuditStore, fresh_admin: asyncpg.Pool
) -> None:
    await fresh_store.append([a_record("march", old_event(2019, 3))])
    async with fresh_admin.acquire() as connection:
        made = await ensure_partitions(connection, date(2019, 2, 1), date(2019, 3, 1))
    assert made == {"201902": "created", "201903": "occupied"}
    [again] = await fresh_store.append([a_record("march", old_event(2019, 3))])
    assert again.known == 1


async def test_without_a_default_partition_an_entry_fails_loudly(
    fresh_store: AuditStore, fresh_admin: asyncpg.Pool
) -> None:
    await fresh_admin.execute("ALTER TABLE audit.event DETACH PARTITION audit.event_default")
    with pytest.raises(DatabaseUnavailable, match="no partition"):
        await fresh_store.append([a_record("march", old_event(2019, 3))])
    count = "SELECT count(*) FROM audit.stream WHERE stream = 'march'"
    assert await fresh_admin.fetchval(count) == 0


PAYLOADS = """
INSERT INTO audit.payload (event_id, slot, class, embargo_until_us, salt, body)
SELECT gen_random_uuid(), slot, class, until_us, decode(repeat('00', 32), 'hex'), 'x'
FROM (VALUES ('plain', 'normal', NULL), ('name', 'personal', NULL), ('open', 'embargo', 1),
             ('shut', 'embargo', 4102444800000000), ('never', 'embargo', NULL))
     AS p (slot, class, until_us)
"""


async def test_a_reader_sees_no_personal_and_no_embargoed_payload(
    store: AuditStore, dsn: str, admin: asyncpg.Pool
) -> None:
    await admin.execute(PAYLOADS)
    seen = {}
    for login in ("duban_reader", "duban_supervisor"):
        connection = await asyncpg.connect(dsn_for(dsn, login))
        rows = await connection.fetch("SELECT slot FROM audit.payload")
        seen[login] = {row["slot"] for row in rows}
        await connection.close()
    assert seen["duban_reader"] == {"plain", "open"}
    assert seen["duban_supervisor"] == {"plain", "open", "shut", "never", "name"}
