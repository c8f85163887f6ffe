"""How a clue stands, as its campaign has to know it: whether a receipt is owed, and no more."""

from duban.domain.clue import state as remembered
from duban.domain.clue.words import ClueState
from duban.domain.events import Event
from duban.domain.model import Ident, Model


class ClueNews(Model):
    """How a clue stands since its entry `seq`; heard twice or late, it changes nothing."""

    no: Ident
    seq: int
    awaits_receipt: bool = False
    is_over: bool = False


def is_news(event: Event) -> bool:
    """Say whether a campaign must hear of what an event changed."""
    return any(each.kind == "clue" and "state" in each.after for each in event.changes)


def standing(state: remembered.ClueState) -> ClueNews:
    """Return how the clue stands now, by its last recorded or unrecorded entry."""
    clue = next(iter(state.clue.values()))
    return ClueNews(
        no=clue.no,
        seq=state.next_seq - 1,
        awaits_receipt=clue.state is ClueState.TRANSFERRED,
        is_over=clue.is_over,
    )
