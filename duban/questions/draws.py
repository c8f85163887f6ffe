"""Questions 28 and 29: draws computed again, and what was left out of them (f.3).

A draw of look-backs is public from its first step on; one of inspections is told once revealed.
"""

from collections.abc import Iterator
from typing import NamedTuple

from pydantic import JsonValue

from duban.domain.campaign import draw_proof
from duban.domain.campaign.draw_records import Draw, DrawState
from duban.domain.draw.freezing import ExcludedSite, ExclusionCode
from duban.domain.draw.record import DrawRecord
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, REASON, UNIT, WHO, parts
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.inspection_draws import judged, records, revealed
from duban.questions.question import Asked, Reply

DRAW = Column("draw")
_FROZEN, _ASKED = "campaign:draw:frozen", "campaign:draw:asked"


class _Judgement(NamedTuple):
    """What comes of computing a draw again: None where nobody can say yet, or ever."""

    holds: bool | None
    faults: list[str]


def _recomputed(history: History, _: Asked) -> Iterator[Row]:
    """28: every draw by what the trail reveals of it, and the void ones around it.

    It holds when everything comes out again; before it is drawn nobody can say, and of one of
    inspections not before it is revealed. Where a target was burned nobody ever can.
    """
    events = [each.event for each in history.own]
    for no, document in history.table("draw").items():
        draw = draw_proof.revealed(draw_proof.of_draw(events, no), no)
        found = _of_inspections(history, no, document) or _of_look_backs(history, no, draw)
        yield Row(
            {
                "draw": no,
                "holds": found.holds,
                "draw_faults": [*found.faults],
                **(_told(history, draw) if draw else {}),
            },
            tuple(history.touched("draw", no)),
            objects=(no,),
        )


def _of_inspections(history: History, no: str, document: Document) -> _Judgement | None:
    return _Judgement(*judged(history, no)) if document.get("purpose") == "inspection" else None


def _of_look_backs(history: History, no: str, draw: Draw | None) -> _Judgement:
    faults = draw_proof.faults([each.event for each in history.own], no)
    known = draw is None or draw.secret is not None or bool(faults)
    return _Judgement(not faults if known else None, [each.value for each in faults])


def _told(history: History, draw: Draw) -> Document:
    """Return what a draw that can be read says of itself."""
    record = revealed(history, draw.no)
    return {
        "purpose": draw.purpose,
        "draw_state": draw.state.value,
        "phase": draw.phase,
        "sites": draw.size if draw.purpose == "inspection" else len(draw.sites),
        "k": _drawn(draw),
        "run_by": [*draw.run_by],
        "witnesses": [*draw.witnesses],
        "seed": record.seed if record else draw.seed,
        "drawn": _sites(draw, record),
        "void_around": [*_void_around(history, draw)],
    }


def _drawn(draw: Draw) -> int:
    if draw.purpose == "inspection" and draw.terms is not None:
        return len(draw.terms.inspections)
    return len(draw.picks)


def _sites(draw: Draw, record: DrawRecord | None) -> list[JsonValue]:
    """Return what was drawn; of inspections once it is revealed, what was burned left out."""
    picks = [each.pick for each in record.targets] if record else draw.picks
    return [each.site for each in picks if each]


def _void_around(history: History, draw: Draw) -> Iterator[str]:
    """Yield the void draws for the same purpose and phase: what was drawn instead is seen."""
    for no, other in history.table("draw").items():
        same = (other.get("purpose"), other.get("phase")) == (draw.purpose, draw.phase)
        if no != draw.no and same and other.get("state") == DrawState.VOIDED:
            yield no


RECOMPUTED = Reply(
    (
        DRAW,
        Column("purpose", Shape.WORD, "draw_purpose"),
        Column("draw_state", Shape.WORD, "draw_state"),
        Column("phase", Shape.NUMBER),
        Column("sites", Shape.NUMBER),
        Column("k", Shape.NUMBER),
        Column("drawn", Shape.LIST),
        Column("run_by", Shape.LIST),
        Column("witnesses", Shape.LIST),
        Column("seed"),
        Column("holds", Shape.YES_NO),
        Column("draw_faults", Shape.LIST),
        Column("void_around", Shape.LIST),
    ),
    _recomputed,
)


def _left_out(history: History, _: Asked) -> Iterator[Row]:
    """29: what was left out of a population, by which rule or by whom, and why.

    Of a draw of inspections that is known once it is revealed, since it says where nobody goes.
    """
    for entry in history.said(_FROZEN):
        for site, reason in _exclusions(entry):
            named = ExcludedSite(site=site, code=ExclusionCode.NAMED, reason=reason)
            yield _exclusion(named, None, entry, (entry,))
    for told, record in records(history):
        asked = history.about(_ASKED, record.no)[0]
        units = {each.site: each.unit for each in record.frozen.basis.lists.places}
        for each in record.frozen.excluded:
            yield _exclusion(each, units.get(each.site), asked, (asked, told))


def _exclusion(
    out: ExcludedSite, unit: str | None, entry: Entry, entries: tuple[Entry, ...]
) -> Row:
    return Row(
        {
            "draw": entry.event.object_id,
            "site": out.site,
            "unit": unit,
            "exclusion": out.code.value,
            "at": entry.at,
            "actor": entry.event.actor.id,
            "role": entry.event.actor.role.value,
            "reason": out.reason or None,
        },
        entries,
        units=(unit,) if unit else (),
        objects=(entry.event.object_id, out.site),
    )


def _exclusions(entry: Entry) -> Iterator[tuple[str, str]]:
    for change in changes_of(entry, "draw", entry.event.object_id):
        for each in parts(change.after.get("excluded")):
            yield str(each["site"]), str(each["reason"])


LEFT_OUT = Reply(
    (
        DRAW,
        Column("site"),
        UNIT,
        Column("exclusion", Shape.WORD, "exclusion"),
        AT,
        *WHO,
        REASON,
    ),
    _left_out,
)
