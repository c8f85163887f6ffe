"""One byte changed anywhere in what is evidence or points to it: found, wherever it is."""

import secrets

import asyncpg
import pytest

from duban.verify.report import Verdict
from tests.support.tampering import Owner, Reference, verified

# Every column of every table of evidence, with how one byte (or the number) of it is changed.
TEXT = "overlay({0} PLACING '~' FROM 1 + $2::int % length({0}) FOR 1)"
BYTES = "set_byte({0}, $2::int % length({0}), get_byte({0}, $2::int % length({0})) # 1)"
NUMBER = "{0} + 1 + $2::int % 1000"
COLUMNS = {
    "event": {
        "recorded_us": NUMBER,
        "leaf": TEXT,
        "request_mac": BYTES,
        "occurred_us": NUMBER,
        "stream": TEXT,
        "tag": TEXT,
        "campaign": TEXT,
        "unit": TEXT,
        "actor": TEXT,
        "object_type": TEXT,
        "object_id": TEXT,
        "outcome": TEXT,
        "sealed": "NOT {0} AND $2::int >= 0",
    },
    "leaf": {"leaf_hash": BYTES},
    "tile": {"hashes": BYTES, "root": BYTES},
    "checkpoint": {"root": BYTES, "frontier": BYTES, "note": TEXT},
    "origin": {"origin": TEXT},
    "cosignature": {"line": TEXT, "witness": TEXT},
    "payload": {
        "event_id": "md5({0}::text || $2::int)::uuid",
        "slot": TEXT,
        "class": "CASE WHEN {0} = 'normal' OR $2::int < 0 THEN 'personal' ELSE 'normal' END",
        "salt": BYTES,
        "body": BYTES,
        "enc": TEXT,
    },
}
CELLS = [(table, column) for table, columns in COLUMNS.items() for column in columns]


async def _flipped(dsn: str, table: str, column: str, row: int, place: int) -> str:
    """Change one byte of one cell; return the row's address."""
    admin = await asyncpg.connect(dsn)
    owner = Owner(admin, dsn)
    # Partitions have rows of the same address, so the table itself is part of it.
    rows = await admin.fetch(
        f"SELECT tableoid::regclass::text || ' ' || ctid::text AS at FROM audit.{table}"  # noqa: S608
        f" WHERE {column} IS NOT NULL ORDER BY 1"
    )
    where, address = rows[row % len(rows)]["at"].split(" ", 1)
    change = COLUMNS[table][column].format(column)
    await owner.do(
        f"UPDATE {where} SET {column} = {change} WHERE ctid = $1::text::tid",  # noqa: S608
        address,
        place,
    )
    await admin.close()
    return f"{table}.{column} {address}"


@pytest.mark.parametrize(("table", "column"), CELLS)
async def test_a_changed_byte_is_found(
    table: str, column: str, copy: str, reference: Reference
) -> None:
    row, place = secrets.randbelow(10_000), secrets.randbelow(10_000)
    where = await _flipped(copy, table, column, row, place)

    report = await verified(copy, reference.rules())

    assert report.verdict is Verdict.TAMPERED, (where, row, place)
