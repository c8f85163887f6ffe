"""What guards the trail inside its database, as it must be and as it is: rights and triggers.

An obstacle and not evidence: a superuser can change all of it, and then this says so (audit.md 6,
CFG_GRANT and CFG_TRIGGER). A migration that grants or guards adds its line here; a test compares.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import asyncpg

from duban.store.pool import reachable
from duban.store.queries import SQL

EVIDENCE: Final = (
    "audit.event",
    "audit.origin",
    "audit.leaf",
    "audit.tile",
    "audit.checkpoint",
    "audit.cosignature",
    "audit.draw_secret",
)
"""Tables that nobody may change; the partitions of the entries are found by themselves."""

_LOG: Final = "audit.leaf audit.tile audit.checkpoint"
_SECRETS: Final = "audit.draw_secret audit.sealed_draw"
_DRAWN: Final = "audit.burn(text,text,text,text) audit.checks_of(text) audit.doubts_of(text)"
_LEDGER: Final = (
    "ledger.calendar ledger.calendar_days ledger.calendars ledger.campaign ledger.campaigns "
    "ledger.deadline ledger.deadlines ledger.delegation ledger.document ledger.documents "
    "ledger.extension ledger.extensions ledger.goal ledger.goals ledger.notice "
    "ledger.notices ledger.object ledger.other ledger.people ledger.person ledger.phase "
    "ledger.phases ledger.plan ledger.problem_fields ledger.problem_list ledger.problem_text "
    "ledger.problem_words ledger.spot_check ledger.task ledger.tasks ledger.unit "
    "ledger.units"
)
_READ: Final = (
    "audit.event_ops audit.found audit.fresh audit.tag audit.origin audit.stream "
    f"{_LOG} audit.cosignature {_LEDGER}"
)
_APPEND: Final = "audit.append(text,uuid[],text[],bytea[])"
_APPEND_WITH: Final = (
    "audit.append_with(text,uuid[],text[],bytea[],uuid[],text[],text[],text[],bytea[],bytea[])"
)
_COUNTS: Final = "audit.rollup audit.projection"
_WHOLE: Final = "audit.event audit.search ledger.folded"
_FIND: Final = (
    "audit.find_text(text,text,text,text,text,text,text,text,"
    "bigint,bigint,bigint,bigint,uuid,integer,integer[])"
)
_PROJECT: Final = (
    "audit.project(bigint,bigint,bigint[],uuid[],text[]) "
    "audit.store_block(bigint,bigint,bigint,integer[])"
)
_LIST: Final = (
    "ledger.plain(text) ledger.pairs(text) ledger.number_of(jsonb) "
    "ledger.problems_like(text[],text[],text,bigint)"
)
_FOLD: Final = "ledger.differences() ledger.changes(jsonb) ledger.merge(jsonb)"
_APPLIED: Final = "duban.schema_migration"

RIGHTS: Final[Mapping[str, Mapping[str, str]]] = {
    "audit_writer": {
        "USAGE": "audit",
        "EXECUTE": f"{_APPEND} {_APPEND_WITH} {_DRAWN} audit.tail(text,bigint,integer)",
        "SELECT": f"{_LOG} audit.cosignature {_SECRETS}",
        "INSERT": _SECRETS,
    },
    "audit_sequencer": {
        "USAGE": "audit duban",
        "EXECUTE": f"{_APPEND} {_PROJECT}",
        "SELECT": "audit.event audit.inbox audit.origin audit.stream audit.found "
        f"audit.search_block {_LOG} {_COUNTS} {_APPLIED}",
        "INSERT": f"{_LOG} audit.cosignature",
        "DELETE": "audit.inbox",
    },
    "audit_reader": {
        "USAGE": "audit duban ledger",
        "EXECUTE": f"{_FIND} {_LIST}",
        "SELECT": f"{_READ} {_COUNTS} audit.payload {_APPLIED}",
    },
    "audit_verifier": {
        "USAGE": "audit duban ledger",
        "EXECUTE": f"{_FOLD} {_FIND} {_LIST}",
        "SELECT": f"{_READ} {_COUNTS} {_WHOLE} audit.payload {_APPLIED}",
    },
    "audit_supervisor": {
        "USAGE": "audit duban ledger",
        "EXECUTE": f"{_FOLD} {_FIND} {_LIST}",
        "SELECT": f"{_READ} {_COUNTS} {_WHOLE} audit.payload {_APPLIED}",
    },
    "audit_eraser": {"USAGE": "audit", "EXECUTE": "audit.erase(text,uuid,text,bytea)"},
}
"""Every right there is, by role and verb; the owner's own are not listed."""

MEMBERS: Final = frozenset(
    {
        ("duban_eraser", "audit_eraser"),
        ("duban_worker", "audit_writer"),
        ("duban_reader", "audit_reader"),
        ("duban_sequencer", "audit_sequencer"),
        ("duban_supervisor", "audit_supervisor"),
        ("duban_verifier", "audit_verifier"),
    }
)
"""Who may act as which role."""

STANDING: Final = frozenset(
    {
        "policy audit.payload payload_owned",
        "policy audit.payload payload_read",
        "policy audit.payload payload_supervised",
        "policy audit.payload payload_verified",
        "rowsecurity audit.payload",
    }
)
"""What acts on tables by itself, the denying triggers apart."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Where a database's guards are not as they must be: `+` is too much, `-` is missing."""

    rights: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()


async def drift(connection: asyncpg.Connection) -> Drift:
    """Compare a migrated database's rights and triggers with what they must be; any login may ask.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    with reachable():
        granted = await connection.fetch(SQL["granted"])
        members = await connection.fetch(SQL["members"])
        unguarded = await connection.fetch(SQL["unguarded"], list(EVIDENCE))
        strange = await connection.fetch(SQL["strange"])
    found = {" ".join(row) for row in (*granted, *members)}
    triggers = _differences({row["found"] for row in strange}, set(STANDING))
    missing = (f"-{row['missing']}" for row in unguarded)
    return Drift(tuple(_differences(found, set(_wanted()))), (*triggers, *missing))


def _wanted() -> Iterator[str]:
    for role, verbs in RIGHTS.items():
        for verb, things in verbs.items():
            yield from (f"{role} {verb} {thing}" for thing in things.split())
    yield from (" ".join(pair) for pair in MEMBERS)


def _differences(found: set[str], wanted: set[str]) -> list[str]:
    return [f"+{each}" for each in sorted(found - wanted)] + [
        f"-{each}" for each in sorted(wanted - found)
    ]
