"""Questions 28 and 29: draws computed again, and what was left out of them (f.3).

Look-backs are drawn so far; draws of inspections will speak with the same tags.
"""

from collections.abc import Iterator

from duban.domain.campaign import draw_proof
from duban.domain.campaign.draw_records import Draw, DrawState
from duban.domain.model import Document
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import AT, REASON, WHO
from duban.questions.entries import Entry
from duban.questions.history import History, changes_of
from duban.questions.question import Asked, Reply

DRAW = Column("draw")
_FROZEN = "campaign:draw:frozen"


def _recomputed(history: History, _: Asked) -> Iterator[Row]:
    """28: every draw by what the trail reveals of it, and the void ones around it.

    It holds when everything comes out again; before it is drawn nobody can say.
    """
    events = [each.event for each in history.own]
    for no in history.table("draw"):
        draw = draw_proof.revealed(draw_proof.of_draw(events, no), no)
        faults = draw_proof.faults(events, no)
        known = draw is None or draw.secret is not None or bool(faults)
        yield Row(
            {
                "draw": no,
                "holds": not faults if known else None,
                "draw_faults": [each.value for each in faults],
                **(_told(history, draw) if draw else {}),
            },
            tuple(history.touched("draw", no)),
            objects=(no,),
        )


def _told(history: History, draw: Draw) -> Document:
    """Return what a draw that can be read says of itself."""
    return {
        "draw_state": draw.state.value,
        "phase": draw.phase,
        "sites": len(draw.sites),
        "k": len(draw.picks),
        "run_by": [*draw.run_by],
        "witnesses": [*draw.witnesses],
        "seed": draw.seed,
        "void_around": [*_void_around(history, draw)],
    }


def _void_around(history: History, draw: Draw) -> Iterator[str]:
    """Yield the void draws for the same purpose and phase: what was drawn instead is seen."""
    for no, other in history.table("draw").items():
        same = (other.get("purpose"), other.get("phase")) == (draw.purpose, draw.phase)
        if no != draw.no and same and other.get("state") == DrawState.VOIDED:
            yield no


RECOMPUTED = Reply(
    (
        DRAW,
        Column("draw_state", Shape.WORD, "draw_state"),
        Column("phase", Shape.NUMBER),
        Column("sites", Shape.NUMBER),
        Column("k", Shape.NUMBER),
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
    """29: who left what out of a population, and why."""
    for entry in history.said(_FROZEN):
        for each in _exclusions(entry):
            yield Row(
                {
                    "draw": entry.event.object_id,
                    "site": each["site"],
                    "at": entry.at,
                    "actor": entry.event.actor.id,
                    "role": entry.event.actor.role.value,
                    "reason": each["reason"],
                },
                (entry,),
                objects=(entry.event.object_id, str(each["site"])),
            )


def _exclusions(entry: Entry) -> Iterator[dict[str, str]]:
    for change in changes_of(entry, "draw", entry.event.object_id):
        found = change.after.get("excluded")
        for each in found if isinstance(found, list) else ():
            if isinstance(each, dict):
                yield {name: str(value) for name, value in each.items()}


LEFT_OUT = Reply((DRAW, Column("site"), AT, *WHO, REASON), _left_out)
