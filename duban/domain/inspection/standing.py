"""How an inspection stands, as its campaign has to know it: no target before check-in (SEC1)."""

from datetime import date

from duban.domain.counting import local_date
from duban.domain.events import Event
from duban.domain.inspection import state as remembered
from duban.domain.inspection.words import InspectionEnd, InspectionKind, InspectionState, Invariant
from duban.domain.model import Ident, Model, Text


class InspectionStanding(Model):
    """How an inspection stands since its entry `seq`; heard twice or late, it changes nothing.

    `unit` and `on` are told after check-in alone. `draw` is the one it goes by or went by last;
    `ended` is why nobody went there. `findings` counts what was upheld, `orphans` of how many
    nothing has come yet.
    """

    no: Ident
    seq: int
    state: InspectionState
    kind: InspectionKind
    theme: Text
    draw: Ident | None = None
    unit: Ident | None = None
    on: date | None = None
    ended: InspectionEnd | None = None
    burned: bool = False
    broken: tuple[Invariant, ...] = ()
    findings: int = 0
    orphans: int = 0
    is_over: bool = False


def is_news(event: Event) -> bool:
    """Say whether a campaign must hear of what an event changed."""
    return any(each.kind == "finding" or _told(each.kind, each.after) for each in event.changes)


def _told(kind: str, after: object) -> bool:
    assert isinstance(after, dict)
    return kind == "inspection" and not after.keys().isdisjoint(_TOLD)


_TOLD = frozenset({"state", "target", "burned", "broken"})
"""The fields of an inspection that its standing tells."""


def standing(state: remembered.InspectionState) -> InspectionStanding:
    """Return how the inspection stands now, by its last recorded or unrecorded entry."""
    it = next(iter(state.inspection.values()))
    upheld = [each for each in state.finding.values() if not each.dropped]
    return InspectionStanding(
        no=it.no,
        seq=state.next_seq - 1,
        state=it.state,
        kind=it.order.kind,
        theme=it.order.theme,
        draw=it.draw.no if it.draw else None,
        unit=it.target.unit if it.target else None,
        on=local_date(it.arrival.at) if it.target and it.arrival else None,
        ended=it.ended,
        burned=it.burned,
        broken=it.broken,
        findings=len(upheld),
        orphans=sum(each.is_orphan for each in upheld),
        is_over=it.is_over,
    )
