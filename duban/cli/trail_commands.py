"""`duban audit` and `duban ledger`: reading and checking the trail, and what is folded from it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from duban.cli import columns
from duban.cli.errors import AuditBroken, Status, UsageFault
from duban.cli.output import Column, Format, destination, show_json, show_rows, words_of
from duban.cli.parsing import end_of, start_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.session import Session
from duban.cli.typed import CAMPAIGN, OUTPUT, SINCE, UNIT, UNTIL
from duban.cli.verbs import Given, argument, noun, number, option, verb
from duban.domain.events import Outcome
from duban.domain.reading import Asked
from duban.errors import NotFound
from duban.store.canonical import StoredEntry
from duban.store.trail import PAGE, Key, TrailFilter

audit_noun = noun()
ledger_noun = noun()

_PAGE = 50
_FINDINGS = (Column("code"), Column("where"), Column("detail"))
_DIFFERENCES = (Column("kind", "kind"), Column("scope"), Column("id"), Column("difference"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


FILTERS = (
    CAMPAIGN,
    UNIT,
    option("by", "PERSON", flag="--actor"),
    option("action", "TAG"),
    option("object", "ID"),
    option("outcome", "accepted|rejected"),
    SINCE,
    UNTIL,
    option("after", "KEY"),
    number("limit", "N", default=_PAGE),
)
"""What entries are looked for by; read by `filter_of`."""


@verb(audit_noun, "list", *FILTERS, *WHO_READS, OUTPUT)
def list_entries(session: Session, given: Given) -> None:
    """List entries, newest first, a page at a time."""
    to = destination(given.output)
    wanted = filter_of(given)
    asked = asked_of(given, "audit list", scope=(given.campaign, given.unit))
    rows = session.run(_search(session, wanted, asked, given.actor))
    show_rows(session, rows, columns.ENTRIES, to)
    if len(rows) == given.limit:
        session.err.print(session.say("audit.next_page", key=rows[-1]["after"]))


def filter_of(given: Given) -> TrailFilter:
    """Return the filter that was typed. Raises `UsageFault`; a page is kept in memory."""
    if given.limit > PAGE:
        raise UsageFault("audit.page_too_large", limit=given.limit, most=PAGE)
    return TrailFilter(
        campaign=given.campaign,
        unit=given.unit,
        actor=given.by,
        tag=given.action,
        object_id=given.object,
        outcome=_outcome(given.outcome),
        since=start_of(given.since),
        until=end_of(given.until),
        after=_key(given.after) if given.after else None,
        limit=given.limit,
        text=getattr(given, "text", None),
        on_behalf_of=getattr(given, "on_behalf_of", None),
    )


async def _search(
    session: Session, wanted: TrailFilter, asked: Asked, person: str | None
) -> list[dict[str, Any]]:
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, person)
        return [row_of(entry) for entry in await reader.search(wanted)]


def _outcome(said: str | None) -> Outcome | None:
    if said is None:
        return None
    if said not in set(Outcome):
        known = ", ".join(Outcome)
        raise UsageFault("usage.BadParameter", param="--outcome", reason=f"{said} ({known})")
    return Outcome(said)


def _key(said: str) -> Key:
    """Read the key of a page's last entry. Raises `UsageFault`."""
    try:
        moment, seq, event_id = said.split("~")
        return Key(int(moment), int(seq), UUID(event_id))
    except ValueError:
        raise UsageFault("usage.BadParameter", param="--after", reason=said) from None


def row_of(entry: StoredEntry) -> dict[str, Any]:
    """Return an entry as a row: where it stands, who did what to which object, with what outcome.

    `key` names the entry for `duban audit show`; `after` continues a list behind it.
    """
    fields = entry.fields
    actor, subject = _part(fields.get("actor")), _part(fields.get("obj"))
    return {
        "at": (_EPOCH + timedelta(microseconds=entry.occurred_us)).isoformat(),
        "key": f"{entry.stream}#{entry.seq}",
        "id": str(entry.event_id) if entry.event_id else None,
        "after": f"{entry.occurred_us}~{entry.seq}~{entry.event_id}",
        "campaign": entry.campaign,
        "tag": fields.get("tag"),
        "actor": actor.get("id"),
        "role": actor.get("role"),
        "on_behalf_of": actor.get("for"),
        "unit": fields.get("unit"),
        "object_type": subject.get("type"),
        "object_id": subject.get("id"),
        "outcome": fields.get("outcome"),
        "code": fields.get("code"),
        "reason": fields.get("reason"),
        "params": _part(_part(fields.get("detail")).get("params")),
        "basis": fields.get("basis"),
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _part(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


@verb(audit_noun, "show", argument("entry", "ID"), *WHO_READS, OUTPUT)
def show_entry(session: Session, given: Given) -> None:
    """Show one entry whole: what the trail holds, byte for byte."""
    to = destination(given.output)
    found = session.run(_entry(session, given))
    if to.format is Format.CSV:
        show_rows(session, [row_of(found)], columns.ENTRIES, to)
        return
    if to.format is Format.TABLE:
        row = row_of(found)
        session.out.print(f"{row['key']}  {session.term('tag', row['tag'])}")
        session.print("audit.recorded", at=words_of(session, found.recorded_at), by=found.by)
    show_json(session, {"id": str(found.event_id), "recorded_by": found.by, **found.fields})


async def _entry(session: Session, given: Given) -> StoredEntry:
    async with session.services.reader(session.settings) as reader:
        found = await reader.entry(given.entry)
        unit = _text(found.fields.get("unit")) if found else None
        scope = (found.campaign, unit) if found else (None, None)
        await permitted(session, reader, asked_of(given, "audit show", scope=scope), given.actor)
    if found is None:
        raise NotFound("audit.no_such_entry", id=given.entry)
    return found


@verb(audit_noun, "check", OUTPUT)
def check(session: Session, given: Given) -> int:
    """Check every entry: bytes, projections, ordinals, counts, and the ledger."""
    to = destination(given.output)
    report = session.run(_checked(session))
    rows = [{"code": e.code, "where": e.where, "detail": e.detail} for e in report]
    if to.format is Format.JSON:
        counts = {"entries": report.entries, "streams": report.streams, "ok": report.ok}
        show_json(session, {**counts, "findings": rows})
    elif rows:
        show_rows(session, rows, _FINDINGS, to)
    session.err.print(
        session.say(
            "audit.checked",
            entries=report.entries,
            streams=report.streams,
            closed=report.closed_streams,
        )
    )
    if not report.ok:
        raise AuditBroken(count=len(rows))
    return Status.DONE


async def _checked(session: Session) -> Any:
    async with session.services.keeper(session.settings) as keeper:
        return await keeper.check()


@verb(ledger_noun, "diff", OUTPUT)
def diff(session: Session, given: Given) -> None:
    """Compare the ledger with what the trail alone tells."""
    to = destination(given.output)

    async def compared() -> list[dict[str, Any]]:
        async with session.services.keeper(session.settings) as keeper:
            found = await keeper.differences()
        names = ("kind", "scope", "id", "difference", "stored", "folded")
        return [{name: getattr(each, name) for name in names} for each in found]

    rows = session.run(compared())
    if rows or to.format is not Format.TABLE:
        show_rows(session, rows, _DIFFERENCES, to)
    if rows:
        raise AuditBroken("ledger.differs", count=len(rows))
    session.err.print(session.say("ledger.same"))


@verb(ledger_noun, "rebuild")
def rebuild(session: Session, _: Given) -> None:
    """Fold the whole ledger again from the trail alone."""

    async def rebuilt() -> int:
        async with session.services.keeper(session.settings) as keeper:
            return await keeper.rebuild()

    session.print("ledger.rebuilt", count=session.run(rebuilt()))
