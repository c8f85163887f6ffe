"""Publishing a calendar: one entry on a stream of its own, so that tables are evidence too."""

from datetime import datetime

from duban.domain.calendars import Calendar
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event
from duban.domain.roles import Actor, Role, not_permitted

CALENDAR_STREAM = "calendar"
"""The stream of published calendar versions; its ordinals are publications."""

_PUBLISHERS = (Role.LEADING_GROUP, Role.OFFICE)


def publication(
    calendar: Calendar, latest: Calendar | None, *, seq: int, actor: Actor, now: datetime
) -> Event:
    """Return the event that publishes a calendar version (domain.md e.4).

    The system may import the first version (SOD11); later ones are published by the office.

    Raises:
        RuleViolation: ROLE_NOT_PERMITTED, or CALENDAR_NOT_NEWER than the latest version.
    """
    imports = actor.role is Role.SYSTEM and latest is None
    if actor.role not in _PUBLISHERS and not imports:
        raise not_permitted(actor, "calendar.publish", _PUBLISHERS)
    if latest is not None and calendar.version <= latest.version:
        raise RuleViolation(Code.CALENDAR_NOT_NEWER, version=calendar.version, known=latest.version)
    version = str(calendar.version)
    return Event(
        seq=seq,
        tag="calendar:version:published",
        occurred_at=now,
        actor=actor,
        object_type="calendar",
        object_id=version,
        basis_doc=calendar.source_doc,
        policy_version="none",
        calendar_version=calendar.version,
        changes=(Change(kind="calendar", id=version, after=calendar.plain()),),
    )
