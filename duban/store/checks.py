"""What can be checked on the trail without a tree: bytes, projections, ordinals, counts, ledger.

One pass over the entries in the order of their streams, in one snapshot, with the state of one
stream in memory. Codes are those of audit.md 6.
"""

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

import asyncpg

from duban.domain.custody import ERASURE_STREAM
from duban.store.audit import LOG_STREAM, OPENED_TAG, TRAIL_STREAM
from duban.store.canonical import StoredEntry, encode, is_canonical
from duban.store.findings import Finding
from duban.store.identity import TAIL_BITS, event_id, request_mac
from duban.store.ordinals import Seen, judge
from duban.store.pool import ERASER, SEQUENCER, WORKER, reachable
from duban.store.queries import SQL

_FETCH: Final = 2000
"""Entries fetched at once."""
_MILLION: Final = 1_000_000
_ONLY: Final = {SEQUENCER: LOG_STREAM, ERASER: ERASURE_STREAM}
"""Logins that speak in one stream only."""
_COLUMNS: Final = (
    "recorded_us",
    "occurred_us",
    "stream",
    "seq",
    "tag",
    "campaign",
    "unit",
    "actor",
    "object_type",
    "object_id",
    "outcome",
    "sealed",
)
_PROJECTED: Final = itemgetter(*_COLUMNS)


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


@dataclass(frozen=True, slots=True)
class TrailRules:
    """What the checks go by.

    Without `writers` any login may have written. With the trail's `key`, ids and macs are
    recomputed too. By `ahead_us` an entry's time may lie after its recording; None leaves it be.
    """

    writers: frozenset[str] = frozenset({WORKER, SEQUENCER, ERASER})
    key: bytes | None = None
    ahead_us: int | None = None


@dataclass(frozen=True, slots=True)
class Marked:
    """What a database was opened as; both None where it never was."""

    mode: str | None = None
    origin: str | None = None

    @classmethod
    async def read(cls, connection: asyncpg.Connection) -> "Marked":
        """Read the mark of a database."""
        row = await connection.fetchrow(SQL["origin"])
        return cls(row["mode"], row["origin"]) if row else cls()


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
    walk = _Walk(rules, heads, await Marked.read(connection))
    async for row in connection.cursor(SQL["every_entry"], prefetch=_FETCH):
        walk.visit(row)
    report = walk.finish()
    report.in_default_partition = await connection.fetchval(SQL["in_default"])
    report += await ledger_findings(connection)
    return report


async def ledger_findings(connection: asyncpg.Connection) -> list[Finding]:
    """Return where the ledger is not the fold of the entries; within a transaction.

    Raises:
        asyncpg.PostgresError: PostgreSQL cannot answer.
    """
    try:
        # A leaf that is no JSON spoils this statement only, not the snapshot.
        async with connection.transaction():
            rows = await connection.fetch(SQL["differences"])
    except asyncpg.DataError as error:
        return [Finding("LEDGER", "ledger", f"the leaves cannot be folded: {error}")]
    return [
        Finding("LEDGER", f"{row['kind']} {row['scope']}/{row['id']}", row["difference"])
        for row in rows
    ]


class _Walk:
    """The pass over all entries: which stream is being read, and what was found so far."""

    def __init__(self, rules: TrailRules, heads: dict[str, int], marked: Marked) -> None:
        self._rules = rules
        self._unseen = heads
        self._marked = marked
        self._report = TrailReport()
        self._opened = False
        self._stream: str | None = None
        self._seen = Seen()

    def visit(self, row: asyncpg.Record) -> None:
        """Check one entry, in the order of stream and ordinal."""
        if row["stream"] != self._stream:
            self._end_stream()
            self._stream, self._seen = row["stream"], Seen()
            self._report.streams += 1
        self._report.entries += 1
        where = f"{row['stream']}#{row['seq']}"
        stored = self._seen.take(row)
        self._report += judge_entry(stored, row, where, self._rules, self._marked)

    def finish(self) -> TrailReport:
        """Return the findings, with what is missing as a whole."""
        self._end_stream()
        for stream, next_seq in self._unseen.items():
            self._report += judge(stream, Seen(), next_seq)
        if not self._report.entries:
            self._report.append(Finding("EMPTY", "trail", "no entry was checked"))
        elif not self._opened:
            self._report.append(opening_missing())
        return self._report

    def _end_stream(self) -> None:
        if self._stream is not None:
            self._opened |= self._stream == TRAIL_STREAM and self._seen.begins
            self._report.closed_streams += self._seen.closing is not None
            head = self._unseen.pop(self._stream, 0)
            self._report += judge(self._stream, self._seen, head)


def judge_entry(
    stored: StoredEntry | None, row: asyncpg.Record, where: str, rules: TrailRules, marked: Marked
) -> list[Finding]:
    """Return what is wrong with an entry by itself; `stored` is None if its leaf cannot be read."""
    if stored is None:
        return [Finding("PARSE", where, "the leaf is not an entry")]
    found: list[Finding] = []
    if not is_canonical(stored):
        told = "the bytes are not the canonical encoding"
        found.append(Finding("NONCANONICAL", where, told))
    only = _ONLY.get(stored.by)
    strays = only is not None and only != stored.stream
    if strays or (rules.writers and stored.by not in rules.writers):
        found.append(Finding("WRITER", where, f"written by {stored.by}"))
    wrong = wrong_columns(stored, row, rules.key)
    if wrong:
        found.append(Finding("PROJECTION", where, ", ".join(wrong)))
    ahead_us = stored.occurred_us - stored.recorded_us
    if rules.ahead_us is not None and ahead_us > rules.ahead_us:
        told = f"said to be {ahead_us / _MILLION:.1f} s after it was recorded"
        found.append(Finding("FUTURE", where, told))
    return found + _judge_mark(stored, where, marked)


def opening_missing() -> Finding:
    """Return what is to be said where the trail's first entry is not there."""
    return Finding("ORIGIN", f"{TRAIL_STREAM}#0", "the opening entry is missing")


def _judge_mark(stored: StoredEntry, where: str, marked: Marked) -> list[Finding]:
    found: list[Finding] = []
    mode = stored.fields.get("mode")
    if mode != marked.mode:
        found.append(Finding("ORIGIN", where, f"an entry of mode {mode}"))
    if stored.seq == 0 and stored.stream == TRAIL_STREAM:
        tag, named = stored.fields.get("tag"), _inner(stored, "detail", "origin")
        if (tag, named) != (OPENED_TAG, marked.origin):
            found.append(Finding("ORIGIN", where, f"{tag} as {named}"))
    return found


def wrong_columns(stored: StoredEntry, row: asyncpg.Record, key: bytes | None) -> list[str]:
    """Name the columns of a row of audit.event that are not what the leaf tells.

    With the trail's key, the id and the mac are recomputed too.
    """
    told = _columns(stored)
    wrong: list[str] = []
    if _PROJECTED(row) != told:
        wrong += [name for name, value in zip(_COLUMNS, told, strict=True) if row[name] != value]
    if row["event_id"].int >> TAIL_BITS != stored.occurred_us // 1000:
        wrong.append("event_id")
    elif key is not None:
        wrong += _keyed_columns(stored, row, key)
    return wrong


def _columns(stored: StoredEntry) -> tuple[Any, ...]:
    """Return the projection columns as the leaf tells them, in the order of `_COLUMNS`."""
    fields = stored.fields
    actor, subject = fields.get("actor"), fields.get("obj")
    subject = subject if isinstance(subject, dict) else {}
    return (
        stored.recorded_us,
        fields["occ"],
        fields["stream"],
        fields["seq"],
        fields.get("tag"),
        fields.get("camp"),
        fields.get("unit"),
        actor.get("id") if isinstance(actor, dict) else None,
        subject.get("type"),
        subject.get("id"),
        fields.get("outcome"),
        fields.get("sealed", False),
    )


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
