"""Question 17: how long each task and each problem stood in a state, and on whose desk."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from duban.domain.campaign.records import TaskState
from duban.domain.counting import local_date
from duban.domain.model import Document
from duban.domain.problem.closing import signers
from duban.domain.problem.records import ProblemRecord
from duban.domain.problem.words import ProblemState as P
from duban.domain.roles import Role
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import OBJECT, moment
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

_ENDED: Final = (TaskState.CLOSED.value, TaskState.CANCELLED.value)
_SETTLED: Final = frozenset(
    {P.SIGNED_OFF, P.ARCHIVED, P.DISPROVED, P.MERGED, P.TRANSFERRED, P.FINAL_ANSWERED}
)
"""Where a problem waits for nobody; what is signed off is watched at once."""

_TOP: Final = Role.LEADING_GROUP.value
"""Whom a suspended campaign waits for."""


class Stay(NamedTuple):
    """From an entry on a matter was in a state and on a desk; on none if nobody is waited for."""

    entry: Entry
    state: str
    desk: str


def _waits(history: History, asked: Asked) -> Iterator[Row]:
    """17: how long each task and each problem stood in each state, and on whose desk."""
    for no, task in history.table("task").items():
        yield from _rows(history, asked, ("task", no, task), _of_task(history, no))
    for no, problem in history.table("problem").items():
        yield from _rows(history, asked, ("problem", no, problem), of_problem(history, no))


def _rows(
    history: History, asked: Asked, on: tuple[str, str, Document], stays: Iterable[Stay]
) -> Iterator[Row]:
    stays = list(stays)
    ends = [each.entry for each in stays[1:]]
    for stay, end in zip(stays, [*ends, None], strict=True):
        if stay.desk:
            yield _row(history, asked, on, (stay, end))


def _row(
    history: History,
    asked: Asked,
    on: tuple[str, str, Document],
    waited: tuple[Stay, Entry | None],
) -> Row:
    (kind, no, document), (stay, end) = on, waited
    since = local_date(stay.entry.event.occurred_at)
    until = local_date(end.event.occurred_at if end else asked.moment)
    return Row(
        {
            "object_type": kind,
            "object_id": no,
            "title": document["title"],
            "state": stay.state,
            "desk": stay.desk,
            "since": moment(stay.entry.at).isoformat(),
            "until": end.at if end else None,
            "working_days": history.working_days(since, until),
        },
        (stay.entry, *([end] if end else [])),
        units=(stay.desk,),
        objects=(no,),
    )


def _of_task(history: History, no: str) -> Iterator[Stay]:
    """Yield where a task came to, by the entries that moved it.

    The desk is that of the clock which began with the state, else the lead unit's; a task that is
    verified waits for its sign-off, one that is not sent out yet lies with the lead body, and
    nobody is waited for but the leading group while the campaign is suspended.
    """
    unit, before = "", ""
    for entry in history.touched("task", no):
        for change in changes_of(entry, "task", no):
            unit = str(change.after.get("lead_unit", unit))
            if "state" not in change.after:
                continue
            state = str(change.after["state"])
            desk = _holder(entry, ("task", no)) or _desk(history, state, unit)
            if change.before.get("state") == TaskState.SUSPENDED and desk:
                desk = before
            yield Stay(entry, state, desk)
            before = before if state == TaskState.SUSPENDED else desk


def of_problem(history: History, no: str) -> Iterator[Stay]:
    """Yield where a problem came to, by the entries that moved it or laid it on another desk.

    The desk is that of the clock which began with the state, else its unit's; what is not handed
    out lies with the body that leads, and what is verified and no longer under notice with the
    first of those who have not signed. A suspension changes the desk and not the state.
    """
    problem: Document = {}
    held, last = "", ("", "")
    for entry in history.touched("problem", no):
        moved = False
        for change in changes_of(entry, "problem", no):
            moved = "state" in change.after
            problem = {**problem, **change.after}
        if moved:
            held = _holder(entry, ("problem", no)) or ""
        desk = _TOP if problem["is_paused"] else _desk_of(problem, held)
        if moved or (str(problem["state"]), desk) != last:
            last = (str(problem["state"]), desk)
            yield Stay(entry, *last)


def _desk_of(problem: Document, held: str) -> str:
    state = problem["state"]
    if state in _SETTLED or problem["lookback_passed"] or problem["is_over"]:
        return ""
    if problem["notice_over"] and state in (P.PUBLIC_NOTICE, P.VERIFYING):
        record = ProblemRecord.model_validate(problem)
        signed = {each.role for each in record.signatures}
        return next((each.value for each in signers(record) if each not in signed), "")
    if state in (P.REGISTERED, P.TRIAGED, P.REOPENED):
        return str(problem["lead_body"])
    return held or str(problem["unit"])


def _holder(entry: Entry, on: tuple[str, str]) -> str | None:
    """Return who answers for the clock that an entry starts on a matter; None if it starts none."""
    for change in entry.event.changes:
        started = (change.after.get("object_type"), change.after.get("object_id"))
        if change.kind == "deadline" and started == on:
            return str(change.after["holder"])
    return None


def _desk(history: History, state: str, unit: str) -> str:
    bodies = {
        TaskState.DRAFTED.value: history.campaign["lead_body"],
        TaskState.VERIFIED.value: history.campaign["sign_off_body"],
        TaskState.SUSPENDED.value: _TOP,
        **dict.fromkeys(_ENDED, ""),
    }
    return str(bodies.get(state, unit))


WAITS = Reply(
    (
        *OBJECT,
        Column("title"),
        Column("state", Shape.STATE),
        Column("desk", Shape.WORD, "role"),
        Column("since", Shape.MOMENT),
        Column("until", Shape.MOMENT),
        Column("working_days", Shape.NUMBER),
    ),
    _waits,
)
