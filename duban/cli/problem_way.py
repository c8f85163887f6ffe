"""The way of a problem or an inspection: its states, on whose desk, for how many working days."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from rich.cells import set_cell_size

from duban.cli.services import Row
from duban.cli.session import Session
from duban.domain.calendars import Calendar
from duban.domain.counting import local_date
from duban.domain.roles import Role
from duban.questions import Entry
from duban.questions.history import History
from duban.questions.waits import of_problem

_STATE: Final = 18
"""Cells of the longest word for a state in either language."""
_BAR: Final = 24
"""Cells of the longest stay; shorter ways are drawn a cell a day."""
_BODIES: Final = frozenset(Role)


def stays(entries: Iterable[Entry], no: str, calendar: Calendar | None, today: date) -> list[Row]:
    """Return the states of a problem in their order: since, until, desk, working days (d.1).

    The last one lasts until today; without a calendar that reaches it, nobody counts its days.
    """
    found = [
        (each.state, local_date(each.entry.event.occurred_at), each.desk)
        for each in of_problem(History(entries), no)
    ]
    return _rows(found, calendar, today)


def stays_of(
    entries: Iterable[Entry], kind: str, calendar: Calendar | None, today: date
) -> list[Row]:
    """Return the states that the entries of one object of a kind tell, as `stays` does."""
    said = (each.event for each in entries)
    found = [
        (str(change.after["state"]), local_date(event.occurred_at), "")
        for event in said
        for change in event.changes
        if change.kind == kind and "state" in change.after
    ]
    return _rows(found, calendar, today)


def _rows(
    found: Sequence[tuple[str, date, str]], calendar: Calendar | None, today: date
) -> list[Row]:
    """Return a row for each state, since and desk; the last one lasts until today."""
    ends = [since for _, since, _ in found[1:]]
    rows: list[Row] = []
    for (state, since, desk), end in zip(found, [*ends, None], strict=False):
        row = {"state": state, "since": since.isoformat(), "desk": desk or None}
        row |= {"until": end.isoformat() if end else None}
        rows.append({**row, "working_days": _counted(calendar, since, end or max(today, since))})
    return rows


def _counted(calendar: Calendar | None, since: date, until: date) -> int | None:
    if calendar is None or until > calendar.last_on:
        return None
    return calendar.working_days_between(since, until)


def drawn_way(session: Session, rows: Sequence[Row], words: str = "problem_state") -> Iterator[str]:
    """Yield a line for each stay: its state, its first day, its length, whose desk it was on.

    `words` is the kind of words that the states are.
    """
    if rows:
        yield session.say("problem.way")
    longest = max([each["working_days"] or 0 for each in rows], default=0)
    for row in rows:
        days = row["working_days"]
        length = (days or 0) * _BAR // longest if longest > _BAR else days or 0
        mark = "◉" if row["until"] is None and row["desk"] else "●"
        state = set_cell_size(session.term(words, row["state"]), _STATE)
        desk = session.term("role", row["desk"]) if row["desk"] in _BODIES else row["desk"] or ""
        lasted = session.say("problem.days", days="—" if days is None else days)
        yield f"  {mark} {state} {row['since']} {'━' * length}{lasted}  {desk}".rstrip()
