"""Who may see what of a clue (row 31, g.7): all of it, only that there is one, or nothing."""

from collections.abc import Iterable
from enum import StrEnum

from duban.domain.clue.words import ClueAccess
from duban.domain.model import Document
from duban.domain.reading import Post
from duban.domain.roles import UNIT_ROLES, Role


class Sight(StrEnum):
    """How much of a clue somebody sees."""

    WHOLE = "whole"
    EXISTENCE = "existence"
    NOTHING = "nothing"


_HANDLE_IT = frozenset({Role.LEADING_GROUP, Role.OFFICE, Role.SUPERVISION_GROUP})
_SHARE_IT = _HANDLE_IT | {Role.COORDINATION_GROUP, Role.PUBLICITY_GROUP, Role.CAMPAIGN_GROUP}
_SEES = {
    ClueAccess.OPEN: _SHARE_IT,
    ClueAccess.RESTRICTED: _HANDLE_IT,
    ClueAccess.SEALED: frozenset({Role.OFFICE, Role.SUPERVISION_GROUP}),
}
"""Groups share what is open (K84); of the rest those know who handle it."""

EXISTENCE = ("campaign", "no", "report", "access_level")
"""The fields of a clue that show that there is one."""


def sight_of(clue: Document, person: str, posts: Iterable[Post]) -> Sight:
    """Return how much of a clue a person sees, in all posts held.

    Who belongs to the unit it is about sees nothing, in whatever role; who reported it, and the
    receiver who signed for it, see it whole.
    """
    held = [each.person for each in posts if each.person.id == person and not each.person.left]
    if clue.get("object_unit") in {each.unit for each in held} - {None}:
        return Sight.NOTHING
    handover = clue.get("handover")
    signed_by = handover.get("signed_by") if isinstance(handover, dict) else None
    if person in (clue["reported_by"], signed_by):
        return Sight.WHOLE
    roles = {each.role for each in held}
    level = ClueAccess(str(clue["access_level"]))
    if roles & _SEES[level]:
        return Sight.WHOLE
    outside = UNIT_ROLES | {Role.EXTERNAL_DECIDER, Role.SYSTEM}
    return Sight.EXISTENCE if roles - outside else Sight.NOTHING


def seen(clue: Document, sight: Sight) -> Document:
    """Return what is seen of a clue at a sight that is not NOTHING."""
    if sight is Sight.WHOLE:
        return clue
    report = clue["report"]
    assert isinstance(report, dict)
    known: Document = {name: clue[name] for name in EXISTENCE if name in clue}
    return {**known, "report": {"known_on": report["known_on"]}}
