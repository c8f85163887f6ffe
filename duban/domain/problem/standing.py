"""How a problem stands, as its campaign has to know it."""

from collections.abc import Iterator
from datetime import date

from duban.domain.events import Event
from duban.domain.model import Ident, Model
from duban.domain.problem import state as remembered
from duban.domain.problem.cards import RED
from duban.domain.problem.opening import RECTIFYING_CLOCKS
from duban.domain.problem.records import CardState, ProblemRecord
from duban.domain.problem.words import DrawMark, ProblemSource, ProblemState

_TOLD_OF = frozenset({"state", "unit", "successor"})
_TOLD_OF_CLOCKS = frozenset({"current_due_on", "remedial_on", "breached_at", "status"})


class LookedBack(Model):
    """What the last look-back found, as far as a draw has to know."""

    batch: Ident | None
    on: date
    passed: bool


class ProblemNews(Model):
    """How a problem stands since its entry `seq`; heard twice or late, it changes nothing.

    `is_answered` says that its breach has a decided measure: a remedial date or a card (G2.2).
    `signed_off_on`, the last red card and the marks are what a look-back is drawn by (f.3).
    """

    no: Ident
    seq: int
    state: ProblemState
    unit: Ident | None = None
    due_on: date | None = None
    is_answered: bool = False
    signed_off_on: date | None = None
    red_on: date | None = None
    marks: tuple[DrawMark, ...] = ()
    look_back: LookedBack | None = None


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
        signed_off_on=problem.signed_off_on,
        red_on=max(_reds(state), default=None),
        marks=tuple(marks(problem)),
        look_back=_last(problem),
    )


def marks(problem: ProblemRecord) -> Iterator[DrawMark]:
    """Yield what makes it likelier that the problem is drawn (f.3)."""
    if problem.from_person or problem.source is ProblemSource.HOTLINE:
        yield DrawMark.COMPLAINT
    if problem.verification is not None and not problem.verification.on_site:
        yield DrawMark.UNSEEN
    if problem.false_rectification:
        yield DrawMark.FALSE_RECTIFICATION


def _reds(state: remembered.ProblemState) -> Iterator[date]:
    for card in state.card.values():
        if card.colour == RED and card.state is CardState.ISSUED:
            yield card.on


def _last(problem: ProblemRecord) -> LookedBack | None:
    if not problem.look_backs:
        return None
    last = problem.look_backs[-1]
    return LookedBack(batch=last.batch, on=last.on, passed=last.passed)
