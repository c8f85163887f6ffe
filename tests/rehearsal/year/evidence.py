"""What the trail tells of a year when all is over, in the words that its judge needs.

Nothing of it comes from who played: only the ledger, which `check_trail` holds against its leaves.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from duban.domain.counting import local_date
from duban.domain.draw.record import DrawRecord
from duban.domain.draw.sheets import Sheet, joined
from duban.domain.events import Outcome
from duban.rehearsal.theatre import Theatre
from duban.store import ledger
from duban.store.ledger import LedgerObject
from duban.store.trail import TrailFilter, every


class Contact(NamedTuple):
    """A team that was on site. `settled` is the ordinal at which its target was settled."""

    no: str
    unit: str
    on: date
    theme: str
    settled: int
    draw: str | None = None
    budget_doc: str = ""
    repeat_reason: str = ""


class DrawTold(NamedTuple):
    """A draw of the campaign, the ordinal at which it was asked for, and its record."""

    no: str
    state: str
    settled: int
    phase: int
    record: DrawRecord | None = None


class Clock(NamedTuple):
    """A deadline: the day it counts from, how many working days if it counts those, and its due."""

    about: str
    code: str
    start_on: date
    working_days: int | None
    due_on: date


class Moment(NamedTuple):
    """Something that happened, and when: a release, a check-in, a notice."""

    what: str
    about: str
    at: datetime


class Told(NamedTuple):
    """Everything of a year. `numbers` are all inspections, `open_ones` those that are not over."""

    numbers: tuple[str, ...]
    open_ones: tuple[str, ...]
    contacts: tuple[Contact, ...]
    draws: tuple[DrawTold, ...]
    cycles: Mapping[int, date]
    clocks: tuple[Clock, ...]
    moments: tuple[Moment, ...]
    refused: Counter[str]


async def told_of(stage: Theatre, campaign: str) -> Told:
    """Read a year of one campaign from the ledger of a stage."""
    inspections = await ledger.objects(stage.reader, "inspection")
    lines = await ledger.objects(stage.reader, "inspection_line", scope=campaign)
    draws = await _draws(stage, campaign)
    settled = {each.id: each.first_seq for each in lines} | {e.no: e.settled for e in draws}
    phases = await ledger.objects(stage.reader, "phase", scope=campaign)
    return Told(
        numbers=tuple(each.id for each in inspections),
        open_ones=tuple(each.id for each in inspections if not each.doc["is_over"]),
        contacts=tuple(_contact(each.doc, settled) for each in inspections if each.doc["target"]),
        draws=draws,
        cycles={int(each.id): _day(each.doc["starts_on"]) for each in phases},
        clocks=tuple(map(_clock, await ledger.objects(stage.reader, "deadline"))),
        moments=(*_moments(inspections), *await _notices(stage)),
        refused=await _refused(stage),
    )


async def _draws(stage: Theatre, campaign: str) -> tuple[DrawTold, ...]:
    sheets: dict[str, list[Sheet]] = {}
    for each in await ledger.objects(stage.reader, "draw_record", scope=campaign):
        sheet = Sheet.model_validate(each.doc)
        sheets.setdefault(sheet.draw, []).append(sheet)
    return tuple(
        DrawTold(
            each.id,
            str(each.doc["state"]),
            each.first_seq,
            int(str(each.doc["phase"])),
            joined(sheets.get(each.id, [])),
        )
        for each in await ledger.objects(stage.reader, "draw", scope=campaign)
    )


def _contact(doc: Mapping[str, Any], settled: Mapping[str, int]) -> Contact:
    order, draw = doc["order"], doc["draw"]["no"] if doc["draw"] else None
    return Contact(
        no=doc["no"],
        unit=doc["target"]["unit"],
        on=local_date(_moment(doc["arrival"]["at"])),
        theme=order["theme"],
        settled=settled[draw or doc["no"]],
        draw=draw,
        budget_doc=order["budget_doc"] or "",
        repeat_reason=order["repeat_reason"] or "",
    )


def _clock(deadline: LedgerObject) -> Clock:
    doc: Mapping[str, Any] = deadline.doc
    counted = doc["amount"] if doc["unit"] == "working_days" else None
    days = (_day(doc["start_on"]), counted, local_date(_moment(doc["due_at"])))
    return Clock(doc["object_id"], doc["code"], *days)


def _moments(inspections: list[LedgerObject]) -> list[Moment]:
    found = []
    for each in inspections:
        doc: Mapping[str, Any] = each.doc
        if doc["draw"]:
            found.append(Moment("release", each.id, _moment(doc["draw"]["release_at"])))
        found += [Moment("read", each.id, _moment(one["first_at"])) for one in doc["readers"]]
        if doc["arrival"]:
            found.append(Moment("check_in", each.id, _moment(doc["arrival"]["at"])))
    return found


async def _notices(stage: Theatre) -> list[Moment]:
    """Return the notices but those that go out at once, at night as well (K83, SEC3)."""
    rows = await ledger.notices(stage.reader)
    return [
        Moment("notice", str(row["object_id"]), row["sent_at"])
        for row in rows
        if row["rung"] != "TARGET_READ"
    ]


async def _refused(stage: Theatre) -> Counter[str]:
    wanted = TrailFilter(outcome=Outcome.REJECTED)
    return Counter([str(each.event.code) async for each in every(stage.reader, wanted)])


def _day(value: object) -> date:
    return date.fromisoformat(str(value))


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
