"""Who reads the trail is on the trail: every query and export by a person, every refused attempt.

domain.md b.3 row 43: standing bodies read all, a campaign's group its campaign, a principal leader
the entries of the own unit. Sealed entries are told to none of them.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, cast

from pydantic import Field

from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.model import Document, Model
from duban.domain.roles import (
    MATRIX,
    SYSTEM,
    Action,
    Actor,
    Person,
    Right,
    Role,
    may,
    not_permitted,
)

READING_STREAM = "reading"
"""The stream of those who read; its ordinals are readings and attempts."""


class Reading(StrEnum):
    """What a reading is on the trail: the tag of its entry."""

    QUERY = "trail:query:executed"
    EXPORT = "trail:export:created"
    CLUES = "trail:clues:read"
    PROFILE = "trail:profile:read"
    INSPECTIONS = "trail:inspections:read"


SHARING: Final = (
    Role.LEADING_GROUP,
    Role.OFFICE,
    Role.COORDINATION_GROUP,
    Role.SUPERVISION_GROUP,
    Role.PUBLICITY_GROUP,
    Role.CAMPAIGN_GROUP,
)
"""The groups that share what they find about a unit (g.7, K84)."""


class Asked(Model):
    """What somebody wants to read. No campaign means all of them, no unit all units.

    `surface` is the command; `role` the one he says to read in, where he says one; `request_id`
    tells readings apart that are alike in all else; `detail` is whatever tells what was looked for
    or written, as plain JSON.
    """

    kind: Reading
    surface: str
    campaign: str | None = None
    unit: str | None = None
    role: Role | None = None
    request_id: str | None = None
    detail: Document = Field(default_factory=dict)


class Post(Model):
    """A person's entry in the register of a campaign."""

    campaign: str
    person: Person


def reading(asked: Asked, person: str, posts: Sequence[Post], *, seq: int, now: datetime) -> Event:
    """Return the entry of a reading: accepted in a post that allows it, else refused.

    `posts` are those of the registers, of anybody; a refusal has the outcome REJECTED, and
    `refusal_of` makes the error of it.
    """
    who = person, asked.role
    actor, refusal = chosen(
        who, posts, lambda post: _allows(post, asked), lambda held: _refused(held, asked)
    )
    detail: Document = {"surface": asked.surface, "asked": asked.detail}
    if refusal is not None:
        detail["params"] = cast(Document, refusal.params)
    if actor.id != person:
        detail["asked_by"] = person
    return Event(
        seq=seq,
        tag=asked.kind.value,
        occurred_at=now,
        actor=actor,
        object_type="campaign" if asked.campaign else "trail",
        object_id=asked.campaign or "all",
        outcome=Outcome.REJECTED if refusal else Outcome.ACCEPTED,
        code=refusal.code.value if refusal else None,
        request_id=asked.request_id,
        policy_version="none",
        calendar_version=0,
        detail=detail,
    )


def refusal_of(event: Event) -> RuleViolation | None:
    """Return the refusal that the entry of a reading stands for, or None for an accepted one."""
    if event.code is None:
        return None
    return RuleViolation(Code(event.code), **cast(dict[str, Any], event.detail["params"]))


def chosen(
    who: tuple[str, Role | None],
    posts: Sequence[Post],
    allows: Callable[[Post], bool],
    refused: Callable[[Sequence[Post]], RuleViolation],
) -> tuple[Actor, RuleViolation | None]:
    """Return who acts, in the first post that allows it or else in the first, and a refusal.

    `who` is the person, and the role he says to act in, where he says one; `refused` makes the
    refusal of the posts he has.
    """
    person, role = who
    held = [each for each in posts if each.person.id == person and not each.person.left]
    if not held:
        # Nobody of that name is known, so no role of his can stand on the trail.
        return SYSTEM, RuleViolation(Code.ACTOR_UNKNOWN, actor=person)
    wanted = [each for each in held if role in (None, each.person.role)]
    if not wanted:
        assert role is not None
        roles = sorted({each.person.role.value for each in held})
        refusal = RuleViolation(Code.ACTOR_ROLE_NOT_HELD, actor=person, role=role.value, held=roles)
        return Actor(id=person, role=role), refusal
    allowed = next((each for each in wanted if allows(each)), None)
    if allowed is not None:
        return _actor(allowed), None
    return _actor(wanted[0]), refused(wanted)


def _allows(post: Post, asked: Asked) -> bool:
    role = post.person.role
    if asked.kind is Reading.INSPECTIONS:
        # What is seen of each is judged by itself (`duban.domain.inspection.sight`).
        return True
    if asked.kind is Reading.PROFILE:
        return role in SHARING
    if may(role, Action.QUERY_AUDIT, Right.READ_ALL):
        return True
    if asked.kind is Reading.CLUES:
        # What is seen of each is judged by itself (`duban.domain.clue.sight`).
        return may(role, Action.REPORT_CLUE, Right.READ_ALL, Right.CREATE)
    if not may(role, Action.QUERY_AUDIT, Right.READ_OWN) or asked.campaign != post.campaign:
        return False
    return role is not Role.PRINCIPAL_LEADER or (
        asked.unit is not None and asked.unit == post.person.unit
    )


def _refused(posts: Sequence[Post], asked: Asked) -> RuleViolation:
    if asked.kind is Reading.PROFILE:
        return not_permitted(_actor(posts[0]), "K84", SHARING)
    own = [each for each in posts if may(each.person.role, Action.QUERY_AUDIT, Right.READ_OWN)]
    if own:
        names = sorted({" ".join(filter(None, (e.campaign, e.person.unit))) for e in own})
        return RuleViolation(Code.READING_OUT_OF_SCOPE, actor=own[0].person.id, own=names)
    readers = [
        role for role in MATRIX[Action.QUERY_AUDIT] if may(role, Action.QUERY_AUDIT, Right.READ_ALL)
    ]
    return not_permitted(_actor(posts[0]), Action.QUERY_AUDIT.value, readers)


def _actor(post: Post) -> Actor:
    return Actor(id=post.person.id, role=post.person.role, unit=post.person.unit)
