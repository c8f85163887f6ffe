"""What can be checked on the trail without a tree: bytes, projections, ordinals, counts, ledger.

One pass over the entries in the order of their streams, in one snapshot, with the state of one
stream in memory. Codes are those of audit.md 6.
"""

from dataclasses import dataclass
from typing import Any, Final

import asyncpg

from duban.store.audit import LOG_STREAM, OPENED_TAG, TRAIL_STREAM
from duban.store.canonical import StoredEntry, encode, is_canonical, parse
from duban.store.errors import TrailUnreadable
from duban.store.identity import event_id, request_mac
from duban.store.pool import SEQUENCER, WORKER, reachable
from duban.store.queries import SQL

_FETCH: Final = 2000
"""Entries fetched at once."""
_TAIL_BITS: Final = 80
"""Bits of an event id after its milliseconds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it must be: what (code), where (stream#seq), in which detail."""

    code: str
    where: str
    detail: str


class TrailReport(list[Finding]):
    """All findings, and over how much they were looked for. An empty trail proves nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.entries = 0
        self.streams = 0
        self.closed_streams = 0
        self.in_default_partition = 0

    @property
    def ok(self) -> bool:
        """Whether entries were checked and nothing was found."""
        return not self and self.entries > 0

    def note(self, code: str, where: str, detail: str) -> None:
        """Add a finding."""
        self.append(Finding(code, where, detail))


@dataclass(frozen=True, slots=True)
class TrailRules:
    """What the checks go by. With the trail's `key`, ids and macs are recomputed too."""

    writers: frozenset[str] = frozenset({WORKER, SEQUENCER})
    key: bytes | None = None


async def check_trail(pool: asyncpg.Pool, rules: TrailRules | None = None) -> TrailReport:
    """Check every entry and the ledger; needs the verifier's login.

    Findings: PARSE, NONCANONICAL, WRITER, PROJECTION, ORDINAL_GAP, DUP_ORDINAL, CLOSED_COUNT,
    ORIGIN, LEDGER, and EMPTY when there was nothing to check.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer, so nothing is known.
    """
    with reachable():
        async with (
            pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            return await _check(connection, rules or TrailRules())


async def _check(connection: asyncpg.Connection, rules: TrailRules) -> TrailReport:
    heads = {row["stream"]: row["next_seq"] for row in await connection.fetch(SQL["heads"])}
    walk = _Walk(rules, heads, await connection.fetchrow(SQL["origin"]))
    async for row in connection.cursor(SQL["every_entry"], prefetch=_FETCH):
        walk.visit(row)
    report = walk.finish()
    report.in_default_partition = await connection.fetchval(SQL["in_default"])
    await _check_ledger(connection, report)
    return report


async def _check_ledger(connection: asyncpg.Connection, report: TrailReport) -> None:
    try:
        # A leaf that is no JSON spoils this statement only, not the snapshot.
        async with connection.transaction():
            rows = await connection.fetch(SQL["differences"])
    except asyncpg.DataError as error:
        report.note("LEDGER", "ledger", f"the leaves cannot be folded: {error}")
        return
    for row in rows:
        report.note("LEDGER", f"{row['kind']} {row['scope']}/{row['id']}", row["difference"])


class _Walk:
    """The pass over all entries: which stream is being read, and what was found so far."""

    def __init__(
        self, rules: TrailRules, heads: dict[str, int], origin: asyncpg.Record | None
    ) -> None:
        self._rules = rules
        self._unseen = heads
        self._origin = origin
        self._opened = False
        self._report = TrailReport()
        self._stream: str | None = None
        self._count = 0
        self._expected = 0
        self._closing: int | None = None

    def visit(self, row: asyncpg.Record) -> None:
        """Check one entry, in the order of stream and ordinal."""
        if row["stream"] != self._stream:
            self._end_stream()
            self._stream, self._count, self._expected, self._closing = row["stream"], 0, 0, None
            self._report.streams += 1
        self._report.entries += 1
        self._count += 1
        where = f"{row['stream']}#{row['seq']}"
        self._visit_ordinal(row["seq"], where)
        try:
            stored = parse(row["leaf"], row["event_id"])
        except TrailUnreadable:
            self._report.note("PARSE", where, "the leaf is not an entry")
            return
        self._visit_leaf(stored, where)
        self._visit_projection(stored, row, where)
        self._visit_origin(stored, where)

    def finish(self) -> TrailReport:
        """Return the findings, with what is missing as a whole."""
        self._end_stream()
        for stream, next_seq in self._unseen.items():
            self._report.note("ORDINAL_GAP", stream, f"all {next_seq} entries are missing")
        if not self._report.entries:
            self._report.note("EMPTY", "trail", "no entry was checked")
        elif not self._opened:
            self._report.note("ORIGIN", f"{TRAIL_STREAM}#0", "the opening entry is missing")
        return self._report

    def _visit_ordinal(self, seq: int, where: str) -> None:
        if seq < self._expected:
            self._report.note("DUP_ORDINAL", where, "this ordinal is there twice")
        elif seq > self._expected:
            missing = f"{seq - self._expected} before it missing"
            self._report.note("ORDINAL_GAP", where, missing)
        self._expected = max(self._expected, seq + 1)
        if self._closing is not None:
            self._report.note("CLOSED_COUNT", where, "it follows the closing entry")

    def _visit_leaf(self, stored: StoredEntry, where: str) -> None:
        if not is_canonical(stored):
            self._report.note("NONCANONICAL", where, "the bytes are not the canonical encoding")
        strays = stored.by == SEQUENCER and stored.stream != LOG_STREAM
        if strays or stored.by not in self._rules.writers:
            self._report.note("WRITER", where, f"written by {stored.by}")
        if stored.closing is not None:
            self._closing = stored.closing
            self._report.closed_streams += 1

    def _visit_projection(self, stored: StoredEntry, row: asyncpg.Record, where: str) -> None:
        wrong = wrong_columns(stored, row, self._rules.key)
        if wrong:
            self._report.note("PROJECTION", where, ", ".join(wrong))

    def _visit_origin(self, stored: StoredEntry, where: str) -> None:
        mode = stored.fields.get("mode")
        if self._origin is None or mode != self._origin["mode"]:
            self._report.note("ORIGIN", where, f"an entry of mode {mode}")
        if (stored.stream, stored.seq) != (TRAIL_STREAM, 0):
            return
        self._opened = stored.fields.get("tag") == OPENED_TAG
        named = _inner(stored, "detail", "origin")
        if self._origin is not None and named != self._origin["origin"]:
            self._report.note("ORIGIN", where, f"opened as {named}")

    def _end_stream(self) -> None:
        if self._stream is None:
            return
        if self._closing is not None and self._closing != self._count:
            self._report.note(
                "CLOSED_COUNT", self._stream, f"{self._closing} said, {self._count} there"
            )
        next_seq = self._unseen.pop(self._stream, 0)
        if next_seq != self._expected:
            told = f"{next_seq} entries were appended, the last there is {self._expected - 1}"
            self._report.note("ORDINAL_GAP", self._stream, told)


def wrong_columns(stored: StoredEntry, row: asyncpg.Record, key: bytes | None) -> list[str]:
    """Name the columns of a row of audit.event that are not what the leaf tells.

    With the trail's key, the id and the mac are recomputed too.
    """
    wrong = [name for name, value in _columns(stored).items() if row[name] != value]
    if row["event_id"].int >> _TAIL_BITS != stored.occurred_us // 1000:
        wrong.append("event_id")
    elif key is not None:
        wrong += _keyed_columns(stored, row, key)
    return wrong


def _columns(stored: StoredEntry) -> dict[str, Any]:
    """Return the projection columns as the leaf tells them."""
    fields = stored.fields
    return {
        "recorded_us": stored.recorded_us,
        "occurred_us": stored.occurred_us,
        "stream": stored.stream,
        "seq": stored.seq,
        "tag": fields.get("tag"),
        "campaign": fields.get("camp"),
        "unit": fields.get("unit"),
        "actor": _inner(stored, "actor", "id"),
        "object_type": _inner(stored, "obj", "type"),
        "object_id": _inner(stored, "obj", "id"),
        "outcome": fields.get("outcome"),
        "sealed": fields.get("sealed", False),
    }


def _keyed_columns(stored: StoredEntry, row: asyncpg.Record, key: bytes) -> list[str]:
    wrong = []
    if row["event_id"] != event_id(key, stored.stream, stored.seq, stored.occurred_us):
        wrong.append("event_id")
    if is_canonical(stored) and row["request_mac"] != request_mac(key, encode(stored.fields)):
        wrong.append("request_mac")
    return wrong


def _inner(stored: StoredEntry, name: str, inner: str) -> Any:
    value = stored.fields.get(name)
    return value.get(inner) if isinstance(value, dict) else None
