"""What a large trail is made of: the sample campaigns and stories, entry by entry, to be repeated.

Every entry is the canonical one that the store would make; of a repetition only the campaign's
number and the time are others. So its bytes, columns, words and objects are known beforehand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson

from duban.contracts import Mode, Record, campaign_stream, problem_stream
from duban.domain.events import Event
from duban.domain.model import Document
from duban.rehearsal.demo import PLANS, STORIES
from duban.store.canonical import StoredEntry, encode, entry
from duban.store.grams import entry_grams
from duban.store.pool import WORKER
from tests.support.problems import NO, ProblemDesk
from tests.support.stories import sample, story

PLACE: Final = "QZ00000000"
"""Stands for the campaign's number, as long as every number is; a word of its own."""
RARE: Final = "蓝藻打捞"
"""Words of a handful of entries of a trail of any size."""
ONCE: Final = "政务事"
"""Words of the oldest entry and of no other; both of their pairs stand in one entry of forty."""
PROBLEMS: Final = 40
"""Problems of each sample campaign."""
PRINCIPAL: Final = "U07-L1"
"""On whose behalf some entries are made."""

_DEPUTISED: Final = 37
"""Every so many entries of people are made by a deputy."""


@dataclass(frozen=True, slots=True)
class Folded:
    """An object of the ledger as a course leaves it; `doc` is JSON."""

    kind: str
    id: str
    doc: str
    first_seq: int
    last_seq: int


@dataclass(frozen=True, slots=True)
class Part:
    """One entry of a course: what stands before and after its time, and what is read from it.

    `columns` are tag, unit, actor, object's type, object's id, outcome; `objects` are those that no
    later entry changes; `closing` says that it closes the stream.
    """

    head: str
    tail: str
    words: str
    columns: tuple[str | None, ...]
    objects: tuple[Folded, ...]
    closing: bool

    def entry(self, number: str, occurred_us: int) -> str:
        """Return the canonical entry of a campaign at a moment (microseconds)."""
        tail = self.tail.replace(PLACE, number)
        return f"{self.head.replace(PLACE, number)}{occurred_us}{tail}"


Course = Sequence[Part]


@cache
def courses() -> tuple[Course, ...]:
    """Return the courses that a large trail repeats in turns."""
    told = [*(sample(name) for name in PLANS), *(story(name) for name in STORIES)]
    return tuple(_course([each.event for each in entries]) for entries in told)


def samples() -> list[Record]:
    """Return the sample campaigns themselves."""
    return [_record([each.event for each in sample(name)]) for name in PLANS]


def ledgers() -> list[Record]:
    """Return the problems of the sample campaigns: some closed, some urged, some under way."""
    closed, late = ProblemDesk().signed_off(), ProblemDesk().rectifying().at("2019-05-28", "18:00")
    desks = (closed, late, ProblemDesk().verified())
    return [
        _problem(desks[serial % len(desks)].events, str(record.campaign), serial)
        for record in samples()
        for serial in range(1, PROBLEMS + 1)
    ]


def _problem(events: Sequence[Event], campaign: str, serial: int) -> Record:
    """Return a course of the tests' problem under another number and campaign."""
    no, old = f"{campaign}-{serial:04}", (NO, NO.rpartition("-")[0])
    told = (each.model_dump_json().replace(old[0], no).replace(old[1], campaign) for each in events)
    return Record(
        stream=problem_stream(no),
        campaign=campaign,
        mode=Mode.REHEARSAL,
        events=tuple(Event.model_validate_json(each) for each in told),
    )


@cache
def single(words: str) -> Course:
    """Return a course of one entry that is found by these words."""
    fields = _fields([sample(PLANS[0])[0].event])[0]
    return (_part({**fields, "reason": f"关于{words}的情况", "changes": []}, ()),)


def _course(events: Sequence[Event]) -> Course:
    objects = _objects(events)
    return tuple(_part(*each) for each in zip(_deputised(events), objects, strict=True))


def _deputised(events: Sequence[Event]) -> Iterator[dict[str, Any]]:
    """Yield the entries' fields; what a few people do, they do for another."""
    for nth, fields in enumerate(_fields(events)):
        actor = fields["actor"]
        if nth % _DEPUTISED == 0 and actor["role"] != "system":
            fields["actor"] = {**actor, "for": PRINCIPAL, "delegation": "DG-1"}
        yield fields


def _fields(events: Sequence[Event]) -> list[dict[str, Any]]:
    number, record = events[0].object_id, _record(events)
    made = [entry(record, each).decode().replace(number, PLACE) for each in events]
    return [orjson.loads(each) for each in made]


def _record(events: Sequence[Event]) -> Record:
    number = events[0].object_id
    stream = campaign_stream(number)
    return Record(stream=stream, campaign=number, mode=Mode.REHEARSAL, events=tuple(events))


def _part(fields: dict[str, Any], objects: tuple[Folded, ...]) -> Part:
    encoded = encode(fields)
    head, _, tail = encoded.decode().rpartition(f'"occ":{fields["occ"]},')
    stored = StoredEntry(leaf=encoded, recorded_us=0, by=WORKER, fields=fields)
    seen = fields["obj"]
    names = (fields["tag"], fields.get("unit"), fields["actor"]["id"], seen["type"], seen["id"])
    return Part(
        head=f'{head}"occ":',
        tail=f",{tail}",
        words=" ".join(sorted(entry_grams(stored))),
        columns=(*names, fields["outcome"]),
        objects=objects,
        closing="closing" in fields,
    )


def _objects(events: Sequence[Event]) -> list[tuple[Folded, ...]]:
    """Return for each event the objects that no later one changes, folded as the ledger does."""
    number, docs = events[0].object_id, dict[tuple[str, str], Document]()
    reach: dict[tuple[str, str], tuple[int, int]] = {}
    for event in events:
        for change in event.changes:
            key = (change.kind, change.id)
            docs[key] = {**docs.get(key, {}), **change.after}
            reach[key] = (reach.get(key, (event.seq, 0))[0], event.seq)
    left: list[list[Folded]] = [[] for _ in events]
    for (kind, key_id), doc in docs.items():
        text = orjson.dumps(doc).decode().replace(number, PLACE)
        first, last = reach[kind, key_id]
        left[last].append(Folded(kind, key_id.replace(number, PLACE), text, first, last))
    return [tuple(each) for each in left]
