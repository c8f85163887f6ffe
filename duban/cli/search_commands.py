"""`duban audit search`, `tail`, `feed`, `stats`, `reindex`: the trail asked, followed, counted."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import JsonValue

from duban.cli import columns
from duban.cli.errors import UsageFault
from duban.cli.output import Column, cell_of, destination, show_json, show_rows
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader
from duban.cli.session import Session
from duban.cli.streaming import FORMATS, hang_up, json_line, whole, write_entries
from duban.cli.trail_commands import FILTERS, audit_noun, filter_of, row_of
from duban.cli.typed import CAMPAIGN, OUT, OUTPUT, output
from duban.cli.verbs import Given, Param, number, option, verb
from duban.domain.reading import Asked, Reading
from duban.store.canonical import StoredEntry
from duban.store.feed import BEGINNING, Placed, cloud_event
from duban.store.stats import By, Stats
from duban.store.trail import TrailFilter

POLL_SECONDS = 0.5
"""How often a follower looks for new places; checkpoints come as often by default."""

_PLACES = 500
_TAIL = 20
_FOLLOW = Param("follow", Annotated[bool, typer.Option("--follow", "-f")], False)
_ALL = Param("all", Annotated[bool, typer.Option("--all")], False)
_SHOWN = ("table", "json", *FORMATS)
_COUNTS = (Column("name"), Column("counted", right=True))
_SIZES = (
    Column("table"),
    Column("table_bytes", right=True),
    Column("index_bytes", right=True),
)


@verb(
    audit_noun,
    "search",
    option("text", "WORDS"),
    *FILTERS,
    option("on_behalf_of", "PERSON"),
    _ALL,
    *WHO_READS,
    output("|".join(_SHOWN)),
    OUT,
)
def search(session: Session, given: Given) -> None:
    """Find entries by their words and fields, newest first: a page, or all of them to a file."""
    out = Path(given.out) if given.out else None
    if given.output not in _SHOWN or (given.all and given.output not in FORMATS):
        known = ", ".join(FORMATS if given.all else _SHOWN)
        raise UsageFault("usage.not_a_format", format=given.output, known=known)
    if given.output == "xlsx" and out is None:
        raise UsageFault("usage.needs_out")
    wanted = filter_of(given)
    asked = asked_of(given, "audit search", scope=(given.campaign, given.unit))
    _to_the_end(session, _search(session, given, wanted, asked))


async def _search(session: Session, given: Given, wanted: TrailFilter, asked: Asked) -> None:
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, given.actor)
        if given.output in FORMATS:
            await _export(session, reader, given, wanted)
        else:
            rows = [row_of(each) for each in await reader.search(wanted)]
            show_rows(session, rows, columns.ENTRIES, destination(given.output))
            if len(rows) == given.limit:
                session.err.print(session.say("audit.next_page", key=rows[-1]["after"]))
        waiting = await reader.unindexed() if wanted.text or wanted.on_behalf_of else 0
    if waiting:
        session.err.print(session.say("audit.unindexed", count=waiting))


async def _export(session: Session, reader: Reader, given: Given, wanted: TrailFilter) -> None:
    entries = reader.every(wanted) if given.all else _page(reader, wanted)
    out = Path(given.out) if given.out else None
    async with aclosing(entries):
        try:
            written = await write_entries(session, entries, (given.output, out), row_of)
        except (BrokenPipeError, asyncio.CancelledError):
            if out is None:
                # What was written by then has left all the same.
                await _exported(session, reader, given, broken_off=True)
            raise
    try:
        await _exported(session, reader, given, rows=written.rows, sha256=written.sha256)
    except BaseException:
        # What is not on the trail is not handed out.
        if out is not None:
            out.unlink(missing_ok=True)
        raise
    session.err.print(session.say("audit.exported", rows=written.rows, digest=written.sha256))


async def _exported(session: Session, reader: Reader, given: Given, **told: JsonValue) -> None:
    asked = asked_of(given, "audit search", scope=(given.campaign, given.unit))
    file = Path(given.out).name if given.out else "-"
    detail = {**asked.detail, "format": given.output, "file": file, **told}
    exported = {"kind": Reading.EXPORT, "detail": detail}
    await permitted(session, reader, asked.model_copy(update=exported), given.actor)


async def _page(reader: Reader, wanted: TrailFilter) -> AsyncGenerator[StoredEntry]:
    for each in await reader.search(wanted):
        yield each


@verb(
    audit_noun,
    "tail",
    CAMPAIGN,
    option("action", "TAG"),
    number("lines", "N", default=_TAIL),
    _FOLLOW,
    *WHO_READS,
    output("table|jsonl"),
)
def tail(session: Session, given: Given) -> None:
    """Show the newest entries in the order of the log, and with -f each new one as it comes."""
    if given.output not in ("table", "jsonl"):
        raise UsageFault("usage.not_a_format", format=given.output, known="table, jsonl")
    asked = asked_of(given, "audit tail", scope=(given.campaign, None))
    _to_the_end(session, _tail(session, given, asked))


async def _tail(session: Session, given: Given, asked: Asked) -> None:
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, given.actor)
        after = max(BEGINNING, await reader.feed_end() - given.lines)
        async with aclosing(_places(reader, after, follow=given.follow)) as places:
            async for each in places:
                if _wanted(each, given):
                    _put(session, _line(session, each, given.output))


@verb(
    audit_noun,
    "feed",
    option("after", "INDEX"),
    number("limit", "N"),
    _FOLLOW,
    *WHO_READS,
)
def feed(session: Session, given: Given) -> None:
    """Write entries behind a place of the log as CloudEvents, a line each, in its order."""
    after = _index(given.after)
    asked = asked_of(given, "audit feed", scope=(None, None))
    _to_the_end(session, _feed(session, given, after, asked))


async def _feed(session: Session, given: Given, after: int, asked: Asked) -> None:
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, given.actor)
        origin, left = await reader.origin(), given.limit
        async with aclosing(_places(reader, after, follow=given.follow)) as places:
            async for each in places:
                if each.entry is None:
                    continue
                _put(session, cloud_event(each, origin) + "\n")
                left = left and left - 1
                if left == 0:
                    return


async def _places(reader: Reader, after: int, *, follow: bool) -> AsyncGenerator[Placed]:
    """Yield what stands behind a place of the log and, followed, what comes there."""
    while True:
        page = await reader.feed(after, _PLACES)
        for each in page:
            yield each
            after = each.index
        if len(page) < _PLACES:
            if not follow:
                return
            await asyncio.sleep(POLL_SECONDS)


@verb(
    audit_noun,
    "stats",
    option("by", "campaign|tag|day", default="campaign"),
    CAMPAIGN,
    *WHO_READS,
    OUTPUT,
)
def stats(session: Session, given: Given) -> None:
    """Count entries, and say what one takes in bytes and which tables take them."""
    to = destination(given.output)
    if given.by not in set(By):
        known = ", ".join(By)
        raise UsageFault("usage.BadParameter", param="--by", reason=f"{given.by} ({known})")
    found = session.run(_stats(session, given))
    counts = [{"name": name, "counted": n} for name, n in found.counts.items()]
    sizes = [
        {"table": e.name, "table_bytes": e.table_bytes, "index_bytes": e.index_bytes}
        for e in found.sizes
    ]
    totals = {
        "entries": found.entries,
        "entry_bytes": round(found.entry_bytes),
        "bytes_per_entry": round(found.bytes_per_entry),
    }
    if to.format == "json":
        show_json(session, {**totals, "counts": counts, "sizes": sizes})
        return
    show_rows(session, counts, _COUNTS, to)
    if to.format == "table":
        show_rows(session, sizes, _SIZES, to)
    session.err.print(session.say("audit.stats", **totals))


async def _stats(session: Session, given: Given) -> Stats:
    asked = asked_of(given, "audit stats", scope=(given.campaign, None))
    async with session.services.reader(session.settings) as reader:
        await permitted(session, reader, asked, given.actor)
        return await reader.stats(By(given.by), given.campaign)


@verb(audit_noun, "reindex")
def reindex(session: Session, _: Given) -> None:
    """Make the search and the counts again from the entries."""

    async def made() -> int:
        async with session.services.keeper(session.settings) as keeper:
            return await keeper.reindex()

    session.print("audit.reindexed", count=session.run(made()))


def _wanted(placed: Placed, given: Given) -> bool:
    entry = placed.entry
    return (
        entry is not None
        and given.campaign in (None, entry.campaign)
        and str(entry.fields.get("tag", "")).startswith(given.action or "")
    )


def _line(session: Session, placed: Placed, kind: str) -> str:
    assert placed.entry is not None
    if kind == "jsonl":
        return json_line({"index": placed.index, **whole(placed.entry)})
    row = row_of(placed.entry)
    cells = (cell_of(session, row, column) for column in columns.ENTRIES)
    return "  ".join([str(placed.index), *filter(None, cells)]) + "\n"


def _put(session: Session, line: str) -> None:
    session.out.file.write(line)
    session.out.file.flush()


def _index(said: str | None) -> int:
    if said is None:
        return BEGINNING
    if not said.isdecimal():
        raise UsageFault("usage.BadParameter", param="--after", reason=said)
    return int(said)


def _to_the_end(session: Session, work: Coroutine[Any, Any, None]) -> None:
    """Run what may be long; Ctrl-C and a reader that has enough are no errors."""
    try:
        session.run(work)
    except KeyboardInterrupt:
        return
    except BrokenPipeError:
        hang_up()
