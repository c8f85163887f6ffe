"""Questions 35, 36 and 43: clues of a day, clues kept back, reads of a reporter's identity.

A clue speaks on a stream of its own, and so do the custodians: their entries come beside those of
the campaign (`Asked.beside`). The answers tell where clues are, and nothing of what they say.
"""

from collections.abc import Iterator
from itertools import groupby

from duban.domain.clue.tables import WITHHOLDING
from duban.domain.clue.words import ClueTrigger
from duban.domain.counting import local_date
from duban.domain.custody import Deed
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, BASIS, WHO, moment
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply

CLUE = Column("clue")
_CODES = frozenset(each.value for each in WITHHOLDING)


def _clues(asked: Asked) -> Iterator[tuple[History, Document]]:
    """Yield every clue with its history, in the order of their numbers."""
    told = [each for each in asked.beside if each.noun == "clue"]
    for _, entries in groupby(sorted(told, key=_place), key=lambda each: each.stream):
        history = History(entries)
        yield history, next(iter(history.table("clue").values()))


def _place(entry: Entry) -> tuple[str, int]:
    return entry.stream, entry.event.seq


def _received(_: History, asked: Asked) -> Iterator[Row]:
    """35: which clues came in, from whom (class), and where each is at the moment.

    `--object` keeps those of a day (YYYY-MM-DD) or one clue.
    """
    for history, clue in _clues(asked):
        report, no = _part(clue, "report"), str(clue["no"])
        on = local_date(moment(clue["reported_at"])).isoformat()
        package = _part(clue, "package")
        yield Row(
            {
                "clue": no,
                "received_on": on,
                "clue_source": report["source"],
                "reporter_class": clue.get("reporter_class"),
                "clue_state": clue["state"],
                "since": history.setting("clue", no, "state")[0].at,
                "receiver": package.get("receiver"),
                "problem": clue.get("problem"),
            },
            (*history.first("clue", no), *history.setting("clue", no, "state")),
            objects=(no, on),
        )


def _part(document: Document, name: str) -> Document:
    found = document.get(name)
    return found if isinstance(found, dict) else {}


CLUES_OF_A_DAY = Reply(
    (
        CLUE,
        Column("received_on", Shape.DAY),
        Column("clue_source", Shape.WORD, "clue_source"),
        Column("reporter_class", Shape.WORD, "reporter"),
        Column("clue_state", Shape.WORD, "clue_state"),
        Column("since", Shape.MOMENT),
        Column("receiver", Shape.WORD, "receiver"),
        Column("problem"),
    ),
    _received,
)


def _kept_back(_: History, asked: Asked) -> Iterator[Row]:
    """36: clues that a body knew and did not report, write down or transfer in time."""
    for history, clue in _clues(asked):
        for entry in history.said("clue:deadline:breached"):
            deadline = history.get("deadline", entry.event.object_id)
            if deadline["code"] not in _CODES:
                continue
            holder, no = str(deadline["holder"]), str(clue["no"])
            raised = _trigger(history, str(deadline["id"]))
            yield Row(
                {
                    "clue": no,
                    "code": deadline["code"],
                    "holder": holder,
                    "known_on": _part(clue, "report")["known_on"],
                    "breached_at": deadline["breached_at"],
                    "met_at": deadline.get("met_at"),
                    "hours_late": _hours_late(deadline, asked),
                    "withheld": bool(raised),
                },
                (entry, *raised, *history.setting("deadline", deadline["id"], "met_at")),
                units=(holder,),
                objects=(no, holder),
            )


def _trigger(history: History, deadline: str) -> tuple[Entry, ...]:
    wanted = (ClueTrigger.WITHHELD_CLUE, deadline)
    return tuple(
        each
        for each in history.said("clue:trigger:raised")
        if (each.event.detail["trigger"], each.event.detail.get("deadline")) == wanted
    )


def _hours_late(deadline: Document, asked: Asked) -> int:
    """Return the whole hours from the breach to when it was met, or to the moment asked about."""
    met = deadline.get("met_at")
    until = moment(met) if met else asked.moment
    return int((until - moment(deadline["breached_at"])).total_seconds() // 3600)


KEPT_BACK = Reply(
    (
        CLUE,
        Column("code", Shape.WORD, "deadline"),
        Column("holder"),
        Column("known_on", Shape.DAY),
        Column("breached_at", Shape.MOMENT),
        Column("met_at", Shape.MOMENT),
        Column("hours_late", Shape.NUMBER),
        Column("withheld", Shape.YES_NO),
    ),
    _kept_back,
)


def _reads(_: History, asked: Asked) -> Iterator[Row]:
    """43: who opened, or tried to open, the identity of a clue's reporter, and on what ground."""
    numbers = {clue["no"] for _, clue in _clues(asked)}
    for entry in asked.beside:
        event = entry.event
        if event.tag != Deed.OPEN_IDENTITY or event.detail.get("clue") not in numbers:
            continue
        yield Row(
            {
                "at": entry.at,
                "actor": event.detail.get("asked_by", event.actor.id),
                "role": event.actor.role.value,
                "clue": event.detail["clue"],
                "outcome": event.outcome.value,
                "code": event.code,
                "basis": event.basis_doc,
            },
            (entry,),
            objects=(str(event.detail["clue"]), event.actor.id),
        )


IDENTITY_READS = Reply(
    (
        AT,
        *WHO,
        CLUE,
        Column("outcome", Shape.WORD, "outcome"),
        Column("code"),
        BASIS,
    ),
    _reads,
)
