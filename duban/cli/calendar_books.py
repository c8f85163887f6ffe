"""Which calendar holds: the one published in the database, else the schedules that came along.

A file kept aside by `duban calendar import` waits under the home folder until it is published.
"""

from datetime import date
from pathlib import Path

from pydantic import ValidationError

from duban.cli.errors import UsageFault
from duban.cli.session import Session
from duban.domain.calendars import Calendar
from duban.errors import Unavailable
from duban.seeds import published_calendar
from duban.stack import home

_YEARS_BACK = 1
_YEARS_AHEAD = 3


def has_database(session: Session) -> bool:
    """Say whether a database is configured or a stack of ours is running."""
    settings = session.settings
    return settings.database_url is not None or home.running(settings.home) is not None


def seeded(first: date, last: date) -> Calendar:
    """Return the schedules that came along, for all days from `first` to `last`."""
    return published_calendar(first.year, last.year)


async def published(session: Session) -> Calendar | None:
    """Return the version in force in the database; None without one, with a word if it is away."""
    if not has_database(session):
        return None
    try:
        async with session.services.reader(session.settings) as reader:
            versions = await reader.calendars()
    except Unavailable:
        session.err.print(session.say("calendar.seeds_instead"))
        return None
    return versions[-1] if versions else None


async def calendar_for(session: Session, first: date, last: date) -> Calendar:
    """Return the calendar for all days from `first` to `last`: published days over seeded ones."""
    known = await published(session)
    base = seeded(first, last)
    return base if known is None else merged(base, known)


def years_around(session: Session, *days: date) -> tuple[date, date]:
    """Return the first and last day of the years a new version covers: this one and `days`."""
    first = min([session.today.year - _YEARS_BACK, *(each.year for each in days)])
    last = max([session.today.year + _YEARS_AHEAD, *(each.year for each in days)])
    return date(first, 1, 1), date(last, 12, 31)


def merged(base: Calendar, newer: Calendar) -> Calendar:
    """Return `base` with every day that `newer` holds as `newer` has it, under its version.

    The table reaches as far as `base` does. It counts as published up to the end of `newer` only
    when no unpublished day lies between the two.
    """
    first, last = max(base.first_on, newer.first_on), min(base.last_on, newer.last_on)
    if first > last:
        return base.model_copy(update={"version": newer.version})

    def joined(old: dict[date, str], new: dict[date, str]) -> dict[date, str]:
        kept = {on: text for on, text in old.items() if not first <= on <= last}
        return kept | {on: text for on, text in new.items() if first <= on <= last}

    reaches = base.published_through.toordinal() >= first.toordinal() - 1
    through = max(base.published_through, newer.published_through)
    return Calendar(
        version=newer.version,
        title=newer.title,
        source_doc=newer.source_doc,
        first_on=base.first_on,
        last_on=base.last_on,
        published_through=min(through, base.last_on) if reaches else base.published_through,
        holidays=joined(base.holidays, newer.holidays),
        makeup_workdays=joined(base.makeup_workdays, newer.makeup_workdays),
        day_docs=joined(_documents(base), _documents(newer)),
    )


def attributed(calendar: Calendar, doc: str) -> Calendar:
    """Return the calendar as published by `doc`; days keep the documents they rest on."""
    return calendar.model_copy(update={"source_doc": doc, "day_docs": _documents(calendar)})


def _documents(calendar: Calendar) -> dict[date, str]:
    """Return the document behind every day that is not as its weekday says."""
    listed = sorted(calendar.holidays.keys() | calendar.makeup_workdays.keys())
    return {on: calendar.day(on).source_doc for on in listed}


def keep_draft(session: Session, calendar: Calendar) -> Path:
    """Keep a calendar aside until it is published; return where."""
    path = _draft(session)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(calendar.model_dump_json(), encoding="utf-8")
    return path


def draft(session: Session) -> Calendar:
    """Return the calendar kept aside. Raises `UsageFault` when there is none."""
    try:
        return Calendar.model_validate_json(_draft(session).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValidationError):
        raise UsageFault("usage.no_calendar_draft") from None


def drop_draft(session: Session) -> None:
    """Let the calendar kept aside go."""
    _draft(session).unlink(missing_ok=True)


def _draft(session: Session) -> Path:
    return session.settings.home / "calendars" / "draft.json"
