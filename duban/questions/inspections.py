"""Questions 27 and 31: who read a sealed target before check-in, and who had ties to the unit.

An inspection speaks on a stream of its own: its entries come beside those of the campaign
(`Asked.beside`). Before check-in none of them holds a target, so no answer can tell one (SEC1).
"""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import NamedTuple

from duban.domain.draw.places import Candidate
from duban.domain.inspection.records import InspectionRecord
from duban.domain.inspection.words import InspectionKind
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, UNIT, WHO
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.inspection_draws import records
from duban.questions.question import Asked, Reply

INSPECTION = Column("inspection")
KIND = Column("inspection_kind", Shape.WORD, "inspection_kind")
_READ = ("inspection:target:released", "inspection:target:read")
_REFUSED, _ARRIVED = "inspection:command:refused", "inspection:site:arrived"
_ON_SITE = ("inspection:target:unsealed", "inspection:target:reached")
_A_MINUTE = timedelta(minutes=1)


class Seen(NamedTuple):
    """An inspection as its entries tell it."""

    history: History
    record: InspectionRecord

    @property
    def kind(self) -> InspectionKind:
        """What kind of inspection it is (f.1)."""
        return self.record.order.kind

    @property
    def unit(self) -> str | None:
        """The inspected unit, once the team is there."""
        return self.record.target.unit if self.record.target else None

    @property
    def units(self) -> tuple[str, ...]:
        """The inspected unit, for who asks about one alone."""
        return (self.unit,) if self.unit else ()


def inspections(asked: Asked) -> Iterator[Seen]:
    """Yield every inspection with its history, in the order of their numbers."""
    told = [each for each in asked.beside if each.noun == "inspection"]
    for _, entries in groupby(sorted(told, key=_place), key=lambda each: each.stream):
        history = History(entries)
        document = next(iter(history.table("inspection").values()))
        yield Seen(history, InspectionRecord.model_validate(document))


def _place(entry: Entry) -> tuple[str, int]:
    return entry.stream, entry.event.seq


def _knew(_: History, asked: Asked) -> Iterator[Row]:
    """27: who was handed a sealed target before check-in and when, and who asked in vain (SEC3)."""
    for seen in inspections(asked):
        arrival = next(seen.history.said(_ARRIVED), None)
        for entry in seen.history.said(*_READ, _REFUSED):
            if _asks_for_it(entry) and (arrival is None or _is_before(entry, arrival)):
                yield _reading(seen, entry, arrival)


def _asks_for_it(entry: Entry) -> bool:
    return entry.event.tag in _READ or entry.event.detail.get("command") == "ReleaseTarget"


def _is_before(entry: Entry, arrival: Entry) -> bool:
    return entry.event.seq < arrival.event.seq


def _reading(seen: Seen, entry: Entry, arrival: Entry | None) -> Row:
    event, checked_in = entry.event, seen.record.arrival
    told = [
        str(each.after["recipient"])
        for each in event.changes
        if each.kind == "notice" and each.after.get("rung") == "TARGET_READ"
    ]
    return Row(
        {
            "inspection": seen.record.no,
            "at": entry.at,
            "actor": event.actor.id,
            "role": event.actor.role.value,
            "outcome": event.outcome.value,
            "code": event.code,
            "draw": seen.record.draw.no if seen.record.draw else None,
            "signer_told": [*told],
            "checked_in_at": arrival.at if arrival else None,
            "minutes_before": (checked_in.at - event.occurred_at) // _A_MINUTE
            if checked_in
            else None,
        },
        (entry, *([arrival] if arrival else [])),
        units=seen.units,
        objects=(seen.record.no, event.actor.id),
    )


WHO_KNEW = Reply(
    (
        INSPECTION,
        AT,
        *WHO,
        Column("outcome", Shape.WORD, "outcome"),
        Column("code"),
        Column("draw"),
        Column("signer_told", Shape.LIST),
        Column("checked_in_at", Shape.MOMENT),
        Column("minutes_before", Shape.NUMBER),
    ),
    _knew,
)


def _tied(history: History, asked: Asked) -> Iterator[Row]:
    """31: who inspected a unit with ties to it: by the register, and as declared for the draw.

    What was declared is known once the draw is revealed.
    """
    declared = {
        record.no: (entry, {each.person: each for each in record.frozen.pool})
        for entry, record in records(history)
    }
    for seen in inspections(asked):
        there = next(seen.history.said(*_ON_SITE), None)
        if there is None:
            continue
        flagged = seen.history.setting("inspection", seen.record.no, "tied")
        for person in seen.record.tied:
            cells: Document = {"known_by": "register", "ties": []}
            yield _bound(seen, person, cells, (there, *flagged))
        draw = seen.record.draw.no if seen.record.draw else ""
        if draw in declared:
            entry, pool = declared[draw]
            yield from _as_declared(seen, pool, (there, entry))


def _as_declared(
    seen: Seen, pool: dict[str, Candidate], entries: tuple[Entry, ...]
) -> Iterator[Row]:
    for person in sorted(seen.record.people & pool.keys()):
        ties = [each.kind.value for each in pool[person].ties if each.unit == seen.unit]
        if ties:
            yield _bound(seen, person, {"known_by": "declared", "ties": [*ties]}, entries)


def _bound(seen: Seen, person: str, cells: Document, entries: tuple[Entry, ...]) -> Row:
    return Row(
        {
            "inspection": seen.record.no,
            "inspection_kind": seen.kind.value,
            "unit": seen.unit,
            "person": person,
            "leads": person == seen.record.order.leader,
            "signed": person in {each.person for each in seen.record.signatures},
            **cells,
        },
        entries,
        units=seen.units,
        objects=(seen.record.no, person),
    )


WITH_TIES = Reply(
    (
        INSPECTION,
        KIND,
        UNIT,
        Column("person"),
        Column("leads", Shape.YES_NO),
        Column("signed", Shape.YES_NO),
        Column("known_by", Shape.WORD, "known_by"),
        Column("ties", Shape.LIST),
    ),
    _tied,
)
