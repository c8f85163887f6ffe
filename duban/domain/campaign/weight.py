"""Decisions of weight: those whose inclusion proof a campaign keeps with itself (audit.md 3.4).

They say how far a campaign has come, whether it goes on, who is let off, and who is called to
account: what somebody would gain most by changing afterwards. A proof costs half a dozen events of
a history, so what only reports on work (filed papers, values, reminders) has none of its own.
"""

from collections.abc import Iterable
from typing import Final

from duban.domain.events import Event, Outcome

WEIGHTY: Final = frozenset(
    {
        # How far it has come (domain.md c.1, c.2), whether it goes on (c.3), that it is over (i.1).
        "campaign:gate:signed",
        "campaign:stage:entered",
        "campaign:stage:suspended",
        "campaign:stage:resumed",
        "campaign:stage:terminated",
        "campaign:stream:closed",
        # What was drawn, out of what nobody could foresee, and what of it is void (f.3).
        "campaign:draw:committed",
        "campaign:draw:drawn",
        "campaign:draw:voided",
        # Who is let off: a later date (EXT1-EXT8), a goal waived (c.5).
        "campaign:extension:approved",
        "campaign:extension:refused",
        "campaign:goal:waived",
        # Who is called to account: the first rung of the ladder that counts against a unit (e.2).
        "campaign:deadline:yellow_card",
    }
)
"""Tags of what weighs."""


def weighty(events: Iterable[Event]) -> list[int]:
    """Return the ordinals of the decisions of weight among events, in their order."""
    return [each.seq for each in events if each.tag in WEIGHTY and each.outcome is Outcome.ACCEPTED]
