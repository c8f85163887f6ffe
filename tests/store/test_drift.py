"""Every right and trigger of the database is compared: one more or one less is named."""

import asyncpg
import pytest

from duban.store.guards import Drift, drift

CHANGES = {
    "GRANT UPDATE ON audit.event TO audit_reader": "+audit_reader UPDATE audit.event",
    "GRANT SELECT (leaf) ON audit.event TO duban_reader": "+duban_reader SELECT audit.event.leaf",
    "GRANT INSERT ON audit.leaf TO PUBLIC": "+ INSERT audit.leaf",
    "GRANT DELETE ON audit.event_default TO audit_writer": (
        "+audit_writer DELETE audit.event_default"
    ),
    "REVOKE INSERT ON audit.tile FROM audit_sequencer": "-audit_sequencer INSERT audit.tile",
    "GRANT EXECUTE ON FUNCTION ledger.rebuild() TO audit_reader": (
        "+audit_reader EXECUTE ledger.rebuild()"
    ),
    "CREATE FUNCTION audit.x() RETURNS int LANGUAGE sql AS 'SELECT 1'": "+ EXECUTE audit.x()",
    "GRANT CREATE ON SCHEMA audit TO audit_reader": "+audit_reader CREATE audit",
    "GRANT audit_owner TO duban_worker": "+duban_worker audit_owner",
    "ALTER ROLE duban_reader BYPASSRLS": "+duban_reader more than a login",
    "ALTER TABLE audit.leaf DISABLE TRIGGER deny_row": "-audit.leaf deny_row",
    "ALTER TABLE audit.event ENABLE TRIGGER deny_truncate": "-audit.event deny_truncate",
    "ALTER TABLE audit.event_default DISABLE TRIGGER ALL": "-audit.event_default deny_row",
    "DROP TRIGGER deny_truncate ON audit.checkpoint": "-audit.checkpoint deny_truncate",
    "CREATE RULE r AS ON INSERT TO audit.leaf DO INSTEAD NOTHING": "+rule audit.leaf r",
    "CREATE TRIGGER t BEFORE INSERT ON audit.inbox FOR EACH ROW EXECUTE FUNCTION audit.deny()": (
        "+trigger audit.inbox t"
    ),
    "ALTER TABLE audit.payload NO FORCE ROW LEVEL SECURITY": "-rowsecurity audit.payload",
    "ALTER TABLE audit.payload DISABLE TRIGGER deny_row": "-audit.payload deny_row",
    "DROP TRIGGER deny_truncate ON audit.payload": "-audit.payload deny_truncate",
    "DROP POLICY payload_read ON audit.payload": "-policy audit.payload payload_read",
}


async def test_a_migrated_database_is_as_it_must_be(shared_admin: asyncpg.Pool) -> None:
    async with shared_admin.acquire() as connection:
        assert await drift(connection) == Drift()


@pytest.mark.parametrize("change", CHANGES)
async def test_each_change_is_named(shared_admin: asyncpg.Pool, change: str) -> None:
    async with shared_admin.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(change)
        found = await drift(connection)
        await transaction.rollback()
    assert CHANGES[change] in (*found.rights, *found.triggers)


async def test_every_login_can_tell(shared_database: str, shared_verifier: asyncpg.Pool) -> None:
    async with shared_verifier.acquire() as connection:
        assert await drift(connection) == Drift()
