"""`duban ledger export`: the rectification ledger of a campaign as a file to change, or to read."""

import asyncio
import csv
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from pydantic import JsonValue

from duban.cli.errors import UsageFault
from duban.cli.ledger_names import LedgerNames, names_of
from duban.cli.output import guarded
from duban.cli.problem_lists import FILTERS, filter_of
from duban.cli.reading import WHO_READS, asked_of, permitted
from duban.cli.services import Reader
from duban.cli.session import Session
from duban.cli.streaming import Written, digest_of
from duban.cli.trail_commands import ledger_noun
from duban.cli.verbs import Given, argument, required, verb
from duban.domain.counting import SHANGHAI
from duban.domain.problem.columns import known_to
from duban.domain.reading import Reading
from duban.store.problems import ListedProblem, ProblemFilter
from duban.workbook.ledger_rows import LedgerRows, plain
from duban.workbook.ledger_words import CHOICES, FIELDS
from duban.workbook.ledger_writer import LedgerBook

_SUFFIXES = (".xlsx", ".csv")


class _Made(NamedTuple):
    """What a file is made from: whose ledger, which problems, with which names, how many hidden."""

    wanted: ProblemFilter
    names: LedgerNames
    rows: LedgerRows
    about: Sequence[tuple[str, str]]
    hidden: int


@verb(
    ledger_noun,
    "export",
    argument("out", "FILE"),
    required("campaign", "NO"),
    *FILTERS,
    *WHO_READS,
)
def export(session: Session, given: Given) -> None:
    """Write the ledger of a campaign, as it stands now, with everything a change of it needs."""
    out = Path(given.out)
    if out.suffix.lower() not in _SUFFIXES:
        raise UsageFault("ledger.suffix", file=out.name)
    wanted = filter_of(given, given.campaign)
    session.run(_export(session, given, wanted, out))


async def _export(session: Session, given: Given, wanted: ProblemFilter, out: Path) -> None:
    asked = asked_of(given, "ledger export", scope=(given.campaign, given.unit))
    async with session.services.reader(session.settings) as reader:
        actor = await permitted(session, reader, asked, given.actor)
        levels = tuple(level.value for level in known_to(actor.role))
        made = await _made(session, reader, replace(wanted, levels=levels), actor.id)
        pages = reader.ledger(made.wanted)
        async with aclosing(pages):
            write = _workbook if out.suffix.lower() == ".xlsx" else _csv
            written = await write(out, made, pages)
        try:
            detail: dict[str, JsonValue] = {
                **asked.detail,
                "file": out.name,
                "rows": written.rows,
                "hidden": made.hidden,
                "sha256": written.sha256,
            }
            told = {"kind": Reading.EXPORT, "detail": detail}
            await permitted(session, reader, asked.model_copy(update=told), given.actor)
        except BaseException:
            # What is not on the trail is not handed out.
            out.unlink(missing_ok=True)
            raise
    session.err.print(session.say("written", path=str(out)))
    session.err.print(
        session.say("ledger.exported", rows=written.rows, hidden=made.hidden, digest=written.sha256)
    )


async def _made(session: Session, reader: Reader, wanted: ProblemFilter, person: str) -> _Made:
    names = await names_of(reader, str(wanted.campaign))
    seen = await reader.problem_counts(wanted, most=None)
    every = await reader.problem_counts(replace(wanted, levels=None), most=None)
    rows, hidden = seen.total, every.total - seen.total
    at = session.services.now().astimezone(SHANGHAI)
    told = {
        "campaign": f"{wanted.campaign} {names.title}",
        "made_at": f"{at:%Y-%m-%d %H:%M}",
        "made_by": f"{person} {names.people.get(person, '')}".strip(),
        "filter": _filter(wanted),
        "rows": str(rows),
        "hidden": str(hidden),
        "trail": await reader.origin(),
        "position": str(await reader.feed_end()),
    }
    about = [(session.say(f"ledger.about.{name}"), value) for name, value in told.items()]
    about += [
        (session.say("ledger.about.how"), session.say(f"ledger.about.{name}"))
        for name in ("register", "triage", "assign", "rest")
    ]
    return _Made(wanted, names, names.rows(session.lang), about, hidden)


def _filter(wanted: ProblemFilter) -> str:
    """Return a filter as `name=value`, without what every export has."""
    left_out = {"campaign", "levels", "after", "limit"}
    said = {name: getattr(wanted, name) for name in wanted.__dataclass_fields__}
    return " ".join(
        f"{name}={','.join(value) if isinstance(value, tuple) else value}"
        for name, value in said.items()
        if name not in left_out and value is not None
    )


async def _workbook(out: Path, made: _Made, pages: AsyncGenerator[list[ListedProblem]]) -> Written:
    rows = made.rows
    offered = (
        [rows.units[code] for code in made.names.units],
        [rows.people[key] for key in made.names.present],
    )
    with LedgerBook(out, rows.lang, made.about, offered) as book:
        async for page in pages:
            # In a thread, so that the next page is taken in meanwhile.
            await asyncio.to_thread(book.add_problems, rows, page)
    return Written(book.rows, digest_of(out))


async def _csv(out: Path, made: _Made, pages: AsyncGenerator[list[ListedProblem]]) -> Written:
    """Write codes and the names of d.6, which no script has to translate."""
    part, count = out.with_name(f".{out.name}.part"), 0
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(FIELDS)
            async for page in pages:
                for each in page:
                    count += 1
                    cells = made.rows.cells(each, count)
                    told = zip(FIELDS, map(plain, cells), strict=True)
                    table.writerow([_code(each, name, text) for name, text in told])
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return Written(count, digest_of(out))


def _code(listed: ListedProblem, field: str, text: str) -> str:
    if field in CHOICES:
        return str(listed.doc.get(field) or "")
    if field == "hard_bone":
        return "true" if listed.doc.get(field) else "false"
    return guarded(text)
