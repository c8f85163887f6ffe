"""Decisions of weight about an inspection: those whose proof its history keeps (audit.md 3.4)."""

from collections.abc import Iterable
from typing import Final

from duban.domain.events import Event, Outcome

WEIGHTY: Final = frozenset(
    {
        # By what authority, within what bounds, and to what target it was bound beforehand.
        "inspection:inspection:ordered",
        "inspection:inspection:authorised",
        "inspection:scope:amended",
        "inspection:target:sealed",
        # Who knew, and when; that it was the one that was drawn, or was not.
        "inspection:target:released",
        "inspection:target:read",
        "inspection:target:unsealed",
        "inspection:target:mismatched",
        "inspection:target:burned",
        "inspection:leak:suspected",
        "inspection:invariant:broken",
        # What was found and said of it, and what was made of that.
        "inspection:opinion:taken",
        "inspection:opinion:refused",
        "inspection:conclusion:drafted",
        "inspection:conclusion:issued",
        "inspection:review:decided",
        "inspection:inspection:aborted",
        "inspection:stream:closed",
    }
)
"""Tags of what weighs."""


def weighty(events: Iterable[Event]) -> list[int]:
    """Return the ordinals of the decisions of weight among events, in their order."""
    return [each.seq for each in events if each.tag in WEIGHTY and each.outcome is Outcome.ACCEPTED]
