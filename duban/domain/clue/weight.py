"""Decisions of weight about a clue: those whose proof its history keeps (audit.md 3.4)."""

from collections.abc import Iterable
from typing import Final

from duban.domain.events import Event, Outcome

WEIGHTY: Final = frozenset(
    {
        # That it was there and what it said, so that it cannot have been made smaller later.
        "clue:clue:written",
        # What was done with it, and by whom it was let go.
        "clue:clue:decided",
        "clue:clue:transferred",
        "clue:receipt:recorded",
        "clue:receipt:refused",
        "clue:result:recorded",
        "clue:custodian:designated",
        "clue:trigger:raised",
        "clue:stream:closed",
    }
)
"""Tags of what weighs."""


def weighty(events: Iterable[Event]) -> list[int]:
    """Return the ordinals of the decisions of weight among events, in their order."""
    return [each.seq for each in events if each.tag in WEIGHTY and each.outcome is Outcome.ACCEPTED]
