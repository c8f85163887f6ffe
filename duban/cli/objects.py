"""Lists and single objects of the ledger: tasks, goals, units, people, deadlines, notices."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import typer

from duban.cli import columns
from duban.cli.calendar_books import calendar_for
from duban.cli.lights import span_of_rows, with_lights
from duban.cli.output import Column, destination, show_fields, show_rows
from duban.cli.parsing import day, end_of, start_of
from duban.cli.services import Row
from duban.cli.session import Session
from duban.cli.typed import CAMPAIGN, LIMIT, NO, OUTPUT, SINCE, STATE, UNIT, UNTIL
from duban.cli.verbs import Given, Param, Verb, argument, number, option, verb
from duban.errors import NotFound
from duban.store.ledger import DeadlineFilter, NoticeFilter


async def objects(session: Session, kind: str, scope: str | None, **where: object) -> list[Row]:
    """Return the objects of a kind whose fields are as given; None does not matter."""
    wanted = {name: value for name, value in where.items() if value is not None}
    async with session.services.reader(session.settings) as reader:
        return await reader.objects(kind, scope, wanted)  # type: ignore[arg-type]


async def lit(session: Session, rows: Sequence[Row]) -> list[Row]:
    """Return deadlines with their lights of today."""
    first, last = span_of_rows(list(rows), session.today)
    calendar = await calendar_for(session, first, last)
    return list(with_lights(list(rows), session.today, calendar))


def cut(session: Session, rows: Sequence[Row], limit: int) -> Sequence[Row]:
    """Return at most `limit` rows, and say when some were left out."""
    if len(rows) > limit:
        session.err.print(session.say("list.cut", shown=limit, count=len(rows)))
    return rows[:limit]


def _list(session: Session, rows: Sequence[Row], shown: Sequence[Column], given: Given) -> None:
    show_rows(session, cut(session, rows, given.limit), shown, destination(given.output))


class Plain(NamedTuple):
    """A list of one kind of objects. `filters` gives the option that must equal a field."""

    noun: str
    kind: str
    shown: Sequence[Column]
    filters: Mapping[str, str]
    params: Sequence[Param] = ()


_PLAIN = (
    Plain("task", "task", columns.TASKS, {"unit": "lead_unit", "state": "state"}, (UNIT, STATE)),
    Plain(
        "goal",
        "goal",
        columns.GOALS,
        {"task": "task", "phase": "phase", "state": "state"},
        (option("task", "TASK"), number("phase", "K"), STATE),
    ),
    Plain("unit", "unit", columns.UNITS, {}),
    Plain(
        "person",
        "person",
        columns.PEOPLE,
        {"unit": "unit", "role": "role"},
        (UNIT, option("role", "ROLE")),
    ),
    # EXT7: every extension is open to everybody.
    Plain(
        "extension",
        "extension",
        columns.EXTENSIONS,
        {"unit": "unit", "state": "state"},
        (UNIT, STATE),
    ),
)
_SINGLE = (
    ("task", "no", columns.TASK),
    ("goal", "id", columns.GOAL),
    ("deadline", "id", columns.DEADLINE),
)
_DEADLINES = (
    CAMPAIGN,
    UNIT,
    option("status", "open|met|cancelled|all", default="open"),
    option("code", "DL01"),
    option("due_until", "YYYY-MM-DD"),
    LIMIT,
    OUTPUT,
)
_NOTICES = (
    CAMPAIGN,
    UNIT,
    option("to", "PERSON"),
    option("rung", "RUNG"),
    SINCE,
    UNTIL,
    LIMIT,
    OUTPUT,
)


def add_lists(nouns: Mapping[str, typer.Typer]) -> None:
    """Give every noun its verbs that only read."""
    for plain in _PLAIN:
        params = (CAMPAIGN, *plain.params, LIMIT, OUTPUT)
        verb(nouns[plain.noun], "list", *params)(_listing(plain))
    for kind, key, shown in _SINGLE:
        params = (NO, argument("id"), OUTPUT)
        verb(nouns[kind], "show", *params)(_showing(kind, key, shown))
    verb(nouns["deadline"], "list", *_DEADLINES)(deadline_list)
    verb(nouns["notice"], "list", *_NOTICES)(notice_list)


def _listing(plain: Plain) -> Verb:
    def list_plain(session: Session, given: Given) -> None:
        where = {field: getattr(given, name) for name, field in plain.filters.items()}
        rows = session.run(objects(session, plain.kind, given.campaign, **where))
        _list(session, rows, plain.shown, given)

    return list_plain


def _showing(kind: str, key: str, shown: Sequence[Column]) -> Verb:
    def show_one(session: Session, given: Given) -> None:
        to = destination(given.output)
        rows = session.run(objects(session, kind, given.no, **{key: given.id}))
        if not rows:
            raise NotFound("object.not_found", kind=kind, id=f"{given.no} {given.id}")
        if kind == "deadline":
            rows = session.run(lit(session, rows))
        show_fields(session, rows[0], shown, to)

    return show_one


def deadline_list(session: Session, given: Given) -> None:
    """List clocks with their lights."""
    wanted = DeadlineFilter(
        campaign=given.campaign,
        holder=given.unit,
        status=None if given.status == "all" else given.status,
        code=given.code,
        due_until=day(given.due_until) if given.due_until else None,
    )

    async def read() -> list[Row]:
        async with session.services.reader(session.settings) as reader:
            rows = await reader.deadlines(wanted)
        return await lit(session, rows)

    _list(session, session.run(read()), columns.DEADLINES, given)


def notice_list(session: Session, given: Given) -> None:
    """List the outbox, newest first."""
    wanted = NoticeFilter(
        campaign=given.campaign,
        recipient=given.to,
        unit=given.unit,
        rung=given.rung,
        since=start_of(given.since),
        until=end_of(given.until),
    )

    async def read() -> list[Row]:
        async with session.services.reader(session.settings) as reader:
            return await reader.notices(wanted)

    _list(session, session.run(read())[::-1], columns.NOTICES, given)
