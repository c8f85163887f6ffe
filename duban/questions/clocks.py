"""Questions 5 to 7: dates under another calendar, breaches, and clocks that were stopped."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

from duban.domain.campaign.proof import is_paper
from duban.domain.counting import Span, TimeUnit, due_on, local_date
from duban.domain.deadlines import Deadline
from duban.domain.events import Change
from duban.domain.model import Document
from duban.domain.policy import ActsBy
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, CLOCK, REASON, WHO, clock, moment, named
from duban.questions.entries import Entry
from duban.questions.history import History, either
from duban.questions.question import Asked, Reply

_CLIMBED = either("deadline:urged", "deadline:yellow_card")
_STOPPED = (*either("deadline:stopped"), "campaign:stage:suspended")
_SUMMONS = "summons_notice"
"""The document of the rung that a red card climbs (e.5 L4)."""


def _by_first_calendar(history: History, asked: Asked) -> Iterator[Row]:
    """5: the day each limit ends under the calendar the campaign began with (e.4).

    Without an object named, only limits of which the two calendars tell different days.
    """
    for key, document in history.table("deadline").items():
        deadline = Deadline.model_validate(document)
        if deadline.amount is None or deadline.unit is TimeUnit.FIXED:
            continue
        span = Span(unit=deadline.unit, amount=deadline.amount)
        then, now = (
            due_on(span, deadline.start_on, each, stops=deadline.stops)
            for each in (history.calendars[0], history.calendar)
        )
        if then != now or asked.obj is not None:
            yield _counted(history, key, deadline, (then, now))


def _counted(history: History, key: str, deadline: Deadline, counted: tuple[date, date]) -> Row:
    document = history.get("deadline", key)
    return Row(
        {
            **clock(document),
            "start_on": deadline.start_on.isoformat(),
            "amount": deadline.amount,
            "span": deadline.unit.value,
            "first_version": history.calendars[0].version,
            "first_due_on": counted[0].isoformat(),
            "version": history.calendar.version,
            "counted_due_on": counted[1].isoformat(),
            "current_due_on": deadline.current_due_on.isoformat(),
        },
        (*history.first("deadline", key), *history.setting("deadline", key, "current_due_on")),
        units=(deadline.holder,),
        objects=named(document),
    )


BY_FIRST_CALENDAR = Reply(
    (
        *CLOCK,
        Column("start_on", Shape.DAY),
        Column("amount", Shape.NUMBER),
        Column("span", Shape.WORD, "span"),
        Column("first_version", Shape.NUMBER),
        Column("first_due_on", Shape.DAY),
        Column("version", Shape.NUMBER),
        Column("counted_due_on", Shape.DAY),
        Column("current_due_on", Shape.DAY),
    ),
    _by_first_calendar,
)


def _breaches(history: History, asked: Asked) -> Iterator[Row]:
    """6: every due moment that passed unmet, how long, and which rungs were left out (e.5)."""
    climbed = _rungs(history)
    for key, document in history.table("deadline").items():
        if document.get("breached_at") is None:
            continue
        missed = moment(document["breached_at"])
        ended = _end(history, key, document)
        until = local_date(_ended_at(document, ended) or asked.moment)
        breach, rungs = _breach(history, key), climbed.get(key, {})
        red = _red_card(history, document, breach, ended)
        levels = [*rungs, *_summons(history, red)]
        yield Row(
            {
                **clock(document),
                "breached_at": missed.isoformat(),
                "status": document["status"],
                "ended_at": _iso(_ended_at(document, ended)),
                "working_days_late": _days(history, local_date(missed), until),
                "levels": [*levels],
                "skipped": [*_skipped(history, levels)],
                "climbed_by": red[-1].event.actor.id if red else None,
                "climbed_reason": red[-1].event.reason if red else None,
            },
            (*breach, *rungs.values(), *red, *ended),
            units=(str(document["holder"]),),
            objects=named(document),
        )


def _red_card(
    history: History, deadline: Document, breach: tuple[Entry, ...], ended: tuple[Entry, ...]
) -> tuple[Entry, ...]:
    """Return the signature under the first red card that the unit got while its date was missed."""
    since = history.place(breach[0])
    until = history.place(ended[0]) if ended else len(history.entries)
    found = (
        each
        for each in history.said("problem:card:decided")
        if since < history.place(each) < until
        and each.event.detail.get("approved")
        and (each.no, each.event.unit) == (deadline["object_id"], deadline["holder"])
    )
    return tuple(islice(found, 1))


def _summons(history: History, red: tuple[Entry, ...]) -> list[str]:
    return [each.code for each in history.policy.rungs if red and each.document == _SUMMONS]


def _days(history: History, since: date, until: date) -> int | None:
    days = history.working_days(since, until)
    return None if days is None else max(days, 0)


def _iso(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _rungs(history: History) -> dict[str, dict[str, Entry]]:
    """Return per deadline the rungs above the reminders that spoke, each with its first entry."""
    found: dict[str, dict[str, Entry]] = {}
    for entry in history.said(*_CLIMBED):
        rung = str(entry.event.detail["rung"])
        found.setdefault(entry.event.object_id, {}).setdefault(rung, entry)
    return found


def _skipped(history: History, rungs: list[str]) -> list[str]:
    """Return the system's rungs below the highest that spoke which did not speak themselves."""
    policy = history.policy
    highest = max((policy.rung(each).level for each in rungs), default=0)
    return [
        each.code
        for each in policy.rungs
        if each.acts_by is ActsBy.SYSTEM and 0 < each.level < highest and each.code not in rungs
    ]


def _breach(history: History, key: str) -> tuple[Entry, ...]:
    """Return the entry that recorded the first breach of a deadline."""
    for entry in history.touched("deadline", key):
        for change in entry.event.changes:
            if _is(change, key) and change.after.get("breached_at"):
                return (entry,)
    return ()


def _is(change: Change, key: str) -> bool:
    return change.kind == "deadline" and change.id == key


def _end(history: History, key: str, document: Document) -> tuple[Entry, ...]:
    return history.setting("deadline", key, "status") if document["status"] != "open" else ()


def _ended_at(document: Document, ended: tuple[Entry, ...]) -> datetime | None:
    if document.get("met_at"):
        return moment(document["met_at"])
    return ended[0].event.occurred_at if ended else None


BREACHES = Reply(
    (
        *CLOCK,
        Column("breached_at", Shape.MOMENT),
        Column("status", Shape.WORD, "deadline_end"),
        Column("ended_at", Shape.MOMENT),
        Column("working_days_late", Shape.NUMBER),
        Column("levels", Shape.WORD, "rung"),
        Column("skipped", Shape.WORD, "rung"),
        Column("climbed_by"),
        Column("climbed_reason"),
    ),
    _breaches,
)


def _stops(history: History, _: Asked) -> Iterator[Row]:
    """7: clocks stopped, and campaigns suspended, on a word that is no paper (CNT6)."""
    for entry in history.said(*_STOPPED):
        event = entry.event
        if is_paper(event.basis_doc) or history.head(entry) is not entry:
            continue
        deadline = history.get("deadline", event.object_id)
        yield Row(
            {
                "object_type": deadline.get("object_type", event.object_type),
                "object_id": deadline.get("object_id", event.object_id),
                "deadline": deadline.get("id"),
                "holder": deadline.get("holder"),
                "at": entry.at,
                "actor": event.actor.id,
                "role": event.actor.role.value,
                "how": event.tag,
                "reason": event.reason,
                "basis": event.basis_doc,
            },
            (entry,),
            units=(str(deadline.get("holder")),),
            objects=(event.object_id, *named(deadline)),
        )


STOPS = Reply(
    (
        Column("deadline"),
        *CLOCK[2:],
        AT,
        *WHO,
        Column("how", Shape.WORD, "tag"),
        REASON,
        BASIS,
    ),
    _stops,
)
