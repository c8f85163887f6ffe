"""A state led on by events that are on the trail already, with the answers they stand for."""

from collections.abc import Iterable
from typing import Final, TypeVar

from duban.domain.entity.records import SavedReceipt
from duban.domain.entity.state import EntityState, apply
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome

S = TypeVar("S", bound=EntityState)

UNKNOWN_FINGERPRINT: Final = ""
"""The trail keeps who asked for what and under which id, not the bytes of the request."""

SIGNAL: Final = "OrderSpotCheck"
"""The command that comes as a signal."""

_BEGINNINGS: Final = ("campaign:campaign:created", "campaign:register:recorded")
"""Events under the id with which an entity was started; no later command has that id."""


def continued(state: S, events: Iterable[Event]) -> S:
    """Return `state`, led on by events that are on the trail already."""
    for event in events:
        apply(state, event)
        _note_answer(state, event)
    return state


def _note_answer(state: EntityState, event: Event) -> None:
    # A refused command may be sent again under its id; a signal, refused or not, may not.
    unanswered = event.outcome is Outcome.REJECTED and event.detail.get("command") != SIGNAL
    if event.request_id is None or unanswered or event.tag in _BEGINNINGS:
        return
    known = state.receipts.get(event.request_id)
    receipt = SavedReceipt(
        fingerprint=UNKNOWN_FINGERPRINT,
        first_seq=known.first_seq if known else event.seq,
        last_seq=event.seq,
        object_type=event.object_type,
        object_id=event.object_id,
    )
    state.remember(event.request_id, receipt)


def from_beginning(events: Iterable[Event], given: S, begins: str, noun: str) -> S:
    """Return the state that the events lead to; what was given is taken from `given`.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when the first event is not tagged `begins`.
    """
    history = list(events)
    if not history or history[0].tag != begins:
        raise RuleViolation(Code.OBJECT_NOT_FOUND, kind=noun, id="-")
    state = type(given)(
        mode=given.mode,
        policy=given.policy,
        calendar=dict(given.calendar),
        person=dict(given.person),
        delegation=dict(given.delegation),
    )
    return continued(state, history)
