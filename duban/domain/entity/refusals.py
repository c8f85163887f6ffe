"""Refusals that several entities give."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from duban.domain.errors import Code, RuleViolation

P = TypeVar("P", bound=StrEnum)


def out_of_order(object_id: str, state: str, wanted: str) -> RuleViolation:
    """Return the refusal STATE_ORDER of a step that an object is not ready for as it stands."""
    return RuleViolation(Code.STATE_ORDER, id=object_id, state=str(state), wanted=str(wanted))


def require_move(moves: Mapping[P, frozenset[P]], old: P, new: P, object_id: str) -> None:
    """Refuse a move that the table does not hold. Raises `RuleViolation` STATE_ORDER."""
    if new not in moves[old]:
        raise out_of_order(object_id, old, new)


def require_state(state: P, wanted: frozenset[P], object_id: str, act: str) -> None:
    """Refuse an act out of its states. Raises `RuleViolation` STATE_ORDER."""
    if state not in wanted:
        raise out_of_order(object_id, state, act)
