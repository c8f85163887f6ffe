"""`duban calendar`: show a year, count a limit, import and publish a new version."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from duban.cli import calendar_books as books
from duban.cli.output import Column, Format, Row, destination, show_json, show_rows
from duban.cli.parsing import day
from duban.cli.session import Session
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, argument, noun, required, verb
from duban.cli.year import drawn_year
from duban.domain.calendars import Calendar, CalendarDay
from duban.domain.counting import due_on
from duban.domain.spans import Span, TimeUnit, parse_span
from duban.seeds import CalendarRowProblem, read_calendar_csv
from duban.texts import Language, explain, text

calendar_noun = noun()


def _weekday(session: Session, row: Row) -> str:
    return session.say(f"weekday.{date.fromisoformat(row['date']).weekday()}")


_DAYS = (
    Column("date"),
    Column("weekday", shown=_weekday),
    Column("kind", "day"),
    Column("name"),
    Column("provisional"),
    Column("source_doc"),
)
_VERSIONS = (
    Column("version", right=True),
    Column("title"),
    Column("source_doc"),
    Column("first_on"),
    Column("last_on"),
    Column("published_through"),
    Column("status", "calendar_status"),
)
_FARTHEST = date(2099, 12, 31)


@verb(calendar_noun, "show", argument("year", kind=int), OUTPUT)
def show(session: Session, given: Given) -> None:
    """Draw a year, or list its days."""
    to, year = destination(given.output), given.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    calendar = session.run(books.calendar_for(session, first, last))
    if to.format is Format.TABLE:
        for line in drawn_year(session, calendar, year):
            session.out.print(line)
        return
    days = [calendar.day(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    show_rows(session, [each.plain() for each in days], _DAYS, to)


@verb(
    calendar_noun,
    "check",
    required("start", "YYYY-MM-DD", flag="--from"),
    required("plus", "5wd"),
    OUTPUT,
)
def check(session: Session, given: Given) -> None:
    """Count a limit from a day and show every day that was counted."""
    to = destination(given.output)
    begun, span = day(given.start), parse_span(given.plus)
    calendar = session.run(books.calendar_for(session, begun, _reach(begun, span)))
    due = due_on(span, begun, calendar)
    counted = [calendar.day(on) for on in _counted(calendar, span, begun, due)]
    if to.format is Format.TABLE:
        _show_count(session, calendar, calendar.day(due), counted)
    elif to.format is Format.CSV:
        show_rows(session, [each.plain() for each in counted], _DAYS, to)
    else:
        show_json(session, _told(calendar, span, begun, calendar.day(due), counted))


def _reach(begun: date, span: Span) -> date:
    """Return a day that no counting of `span` passes, as far as the tables go at all."""
    if span.on is not None:
        return max(span.on, begun)
    # Half of the days are worked at the very least, and a month has at most 31.
    days = (span.amount or 0) * {TimeUnit.MONTHS: 31}.get(span.unit, 2) + 60
    return min(begun + timedelta(days=days), _FARTHEST)


def _counted(calendar: Calendar, span: Span, begun: date, due: date) -> list[date]:
    after = [begun + timedelta(days=n) for n in range(1, (due - begun).days + 1)]
    if span.unit is TimeUnit.WORKING_DAYS:
        return [on for on in after if calendar.is_working_day(on)]
    return after


def _told(
    calendar: Calendar, span: Span, begun: date, due: CalendarDay, counted: list[CalendarDay]
) -> dict[str, Any]:
    return {
        "from": begun.isoformat(),
        "unit": span.unit.value,
        "amount": span.amount,
        "due_on": due.date.isoformat(),
        "provisional": due.provisional,
        "calendar_version": calendar.version,
        "counted": [each.plain() for each in counted],
    }


def _show_count(
    session: Session, calendar: Calendar, due: CalendarDay, counted: list[CalendarDay]
) -> None:
    session.out.print(_line(session, due))
    session.out.print()
    for number, each in enumerate(counted, start=1):
        session.out.print(f"{number:>4}  {_line(session, each)}")
    session.print("year.source", version=calendar.version, title=calendar.title)


def _line(session: Session, on: CalendarDay) -> str:
    words = [on.date.isoformat(), session.say(f"weekday.{on.date.weekday()}")]
    words += [session.term("day", on.kind.value), on.name]
    if on.provisional:
        words.append(session.say("provisional"))
    return "  ".join(filter(None, words))


@verb(calendar_noun, "list", OUTPUT)
def list_versions(session: Session, given: Given) -> None:
    """List the published versions, or the table that came along."""
    show_rows(session, session.run(_versions(session)), _VERSIONS, destination(given.output))


async def _versions(session: Session) -> list[dict[str, Any]]:
    if not books.has_database(session):
        known: list[Calendar] = []
    else:
        async with session.services.reader(session.settings) as reader:
            known = await reader.calendars()
    rows = [{**each.plain(), "status": "published"} for each in known]
    if not rows:
        rows = [{**books.seeded(*books.years_around(session)).plain(), "status": "seeded"}]
    return rows


@verb(calendar_noun, "import", argument("file"), OUTPUT)
def import_file(session: Session, given: Given) -> None:
    """Check a calendar file, keep it for publishing, and show which days would change."""
    to = destination(given.output)
    calendar = read_calendar_csv(Path(given.file), version=1)
    known = session.run(books.calendar_for(session, calendar.first_on, calendar.last_on))
    calendar = calendar.model_copy(update={"version": known.version + 1})
    changed = [each.plain() for each in _changed(known, calendar)]
    books.keep_draft(session, calendar)
    show_rows(session, changed, _DAYS, to)
    session.err.print(session.say("calendar.imported", count=len(changed)))


def _changed(known: Calendar, new: Calendar) -> list[CalendarDay]:
    days = range(new.first_on.toordinal(), new.last_on.toordinal() + 1)
    told = [new.day(date.fromordinal(each)) for each in days]
    facts = ("kind", "provisional")
    return [
        each
        for each in told
        if any(getattr(each, fact) != getattr(known.day(each.date), fact) for fact in facts)
    ]


def problem_lines(problems: Sequence[CalendarRowProblem], lang: Language) -> Iterator[str]:
    """Yield a line per fault of a calendar file: row, column, code, reason."""
    for each in problems:
        place = text("calendar.place", lang, row=each.row, column=each.column)
        yield f"{place}  {each.code}  {explain(each.code, each.params, lang)}"
