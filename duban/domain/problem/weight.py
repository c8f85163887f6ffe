"""Decisions of weight about a problem: those whose proof its history keeps (audit.md 3.4)."""

from collections.abc import Iterable
from typing import Final

from duban.domain.events import Event, Outcome

WEIGHTY: Final = frozenset(
    {
        # That it is closed, by whom it was verified, and what came of it later (d.1, d.7).
        "problem:verification:passed",
        "problem:problem:signed_off",
        "problem:look_back:passed",
        "problem:look_back:failed",
        "problem:trigger:raised",
        "problem:stream:closed",
        # Who is let off (EXP5): a later date, a fact that was none, a demand that cannot be met.
        "problem:extension:approved",
        "problem:extension:refused",
        "problem:objection:decided",
        "problem:final_answer:decided",
        # Who is called to account.
        "problem:deadline:yellow_card",
        "problem:card:decided",
        "problem:card:voided",
    }
)
"""Tags of what weighs."""


def weighty(events: Iterable[Event]) -> list[int]:
    """Return the ordinals of the decisions of weight among events, in their order."""
    return [each.seq for each in events if each.tag in WEIGHTY and each.outcome is Outcome.ACCEPTED]
