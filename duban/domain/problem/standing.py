"""How a problem stands, as its campaign has to know it."""

from datetime import date

from duban.domain.events import Event
from duban.domain.model import Ident, Model
from duban.domain.problem import state as remembered
from duban.domain.problem.opening import RECTIFYING_CLOCKS
from duban.domain.problem.records import CardState
from duban.domain.problem.words import ProblemState

_TOLD_OF = frozenset({"state", "unit", "successor"})
_TOLD_OF_CLOCKS = frozenset({"current_due_on", "remedial_on", "breached_at", "status"})


class ProblemNews(Model):
    """How a problem stands since its entry `seq`; heard twice or late, it changes nothing.

    `is_answered` says that its breach has a decided measure: a remedial date or a card (G2.2).
    """

    no: Ident
    seq: int
    state: ProblemState
    unit: Ident | None = None
    due_on: date | None = None
    is_answered: bool = False


def is_news(event: Event) -> bool:
    """Say whether a campaign must hear of what an event changed: state, unit, date or breach."""
    return any(
        (each.kind == "problem" and _TOLD_OF & each.after.keys())
        or (each.kind == "deadline" and _TOLD_OF_CLOCKS & each.after.keys())
        or each.kind == "card"
        for each in event.changes
    )


def standing(state: remembered.ProblemState) -> ProblemNews:
    """Return how the problem stands now, by its last recorded or unrecorded entry."""
    problem = next(iter(state.problem.values()))
    clocks = [each for each in state.deadline.values() if each.code in RECTIFYING_CLOCKS]
    answered = any(each.state is CardState.ISSUED for each in state.card.values())
    return ProblemNews(
        no=problem.no,
        seq=state.next_seq - 1,
        state=problem.state,
        unit=problem.successor or problem.unit,
        due_on=max((each.current_due_on for each in clocks), default=None),
        is_answered=answered or any(each.remedial_on is not None for each in clocks),
    )
