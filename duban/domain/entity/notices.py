"""Notices: who is told what, why and when; one per deadline, rung, date and person.

A notice is a value on the trail. Its id is its unique key, so the same rung can never reach the
same person twice for the same date, whatever is retried. Channels carry notices out later.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from duban.domain.deadlines import Deadline, sendable
from duban.domain.entity.work import Work
from duban.domain.policy import Recipient, Rung
from duban.domain.roles import Person, Role


class Posts(NamedTuple):
    """The people named on a matter in its unit, by their ids; None where nobody is named."""

    handler: str | None = None
    leader_in_charge: str | None = None
    principal_leader: str | None = None


def people_in(work: Work, role: Role, unit: str | None = None) -> list[Person]:
    """Return the people of a role, of one unit where that is given."""
    return [
        each
        for each in work.all(Person)
        if each.role is role and not each.left and (unit is None or each.unit == unit)
    ]


def recipients(
    work: Work, deadline: Deadline, rung: Rung, posts: Posts | None = None
) -> list[Person]:
    """Return whom a rung speaks to (e.5), each person once; at worst the office."""
    chosen: dict[str, Person] = {}
    for recipient in rung.to:
        for person in _resolve(work, deadline, recipient, posts):
            chosen.setdefault(person.id, person)
    return list(chosen.values()) or people_in(work, Role.OFFICE)


def _resolve(
    work: Work, deadline: Deadline, recipient: Recipient, posts: Posts | None
) -> Iterator[Person]:
    if recipient is Recipient.SUPERVISION_DESK:
        yield from people_in(work, Role.SUPERVISION_GROUP)
        return
    if deadline.holder in set(Role):
        yield from people_in(work, Role(deadline.holder))
        return
    unit, named = str(deadline.holder), posts or Posts()
    person = {
        Recipient.HANDLER: named.handler,
        Recipient.LEADER_IN_CHARGE: named.leader_in_charge,
        Recipient.PRINCIPAL_LEADER: named.principal_leader,
    }.get(recipient)
    if person is not None:
        yield from (each for each in work.all(Person) if each.id == person and each.unit == unit)
        return
    if recipient is Recipient.PRINCIPAL_LEADER:
        yield from people_in(work, Role.PRINCIPAL_LEADER, unit)
    if recipient is Recipient.LIAISON or (recipient is Recipient.HANDLER and posts is None):
        yield from (
            p for p in people_in(work, Role.LIAISON, unit) if p.id != named.leader_in_charge
        )


def send_rung(
    work: Work,
    deadline: Deadline,
    rung: Rung,
    scheduled_at: datetime,
    posts: Posts | None = None,
) -> int:
    """Put one notice per recipient of a rung into the outbox; return how many."""
    people = recipients(work, deadline, rung, posts)
    grace = timedelta(minutes=work.policy.late_after_minutes)
    for person in people:
        key = f"{deadline.id}/{rung.code}/{deadline.generation}/{person.id}"
        _put(
            work,
            key,
            person,
            subject=(deadline.object_type, deadline.object_id),
            rung=rung.code,
            level=rung.level,
            document=rung.document,
            deadline=deadline.id,
            code=deadline.code.value,
            matter=deadline.matter,
            due_on=deadline.current_due_on.isoformat(),
            provisional=deadline.provisional,
            scheduled_at=scheduled_at.isoformat(),
            sent_at=work.now.isoformat(),
            late=work.now - scheduled_at > grace,
        )
    return len(people)


def tell(work: Work, news: str, key: str, people: list[Person], on: tuple[str, str]) -> None:
    """Tell people of a decision that concerns them, at the next moment notices may go out."""
    when = sendable(work.now, work.policy, work.calendar)
    for each in people:
        _tell(work, news, f"{key}/{each.id}", each, (on, when))


def tell_at_once(
    work: Work, news: str, key: str, people: list[Person], on: tuple[str, str]
) -> None:
    """Tell people of what cannot wait, at night as well (K83)."""
    for each in people:
        _tell(work, news, f"{key}/{each.id}", each, (on, work.now))


def _tell(
    work: Work, news: str, key: str, person: Person, about: tuple[tuple[str, str], datetime]
) -> None:
    on, when = about
    _put(
        work,
        key,
        person,
        subject=on,
        rung=news,
        level=0,
        document="notice",
        scheduled_at=when.isoformat(),
        sent_at=when.isoformat(),
        late=False,
    )


def _put(
    work: Work, key: str, person: Person, *, subject: tuple[str, str], **fields: object
) -> None:
    work.say_only(
        "notice",
        key,
        {
            "id": key,
            "recipient": person.id,
            "recipient_role": person.role.value,
            "recipient_unit": person.unit,
            "object_type": subject[0],
            "object_id": subject[1],
            "channel": "outbox",
            **fields,  # type: ignore[dict-item]
        },
    )
