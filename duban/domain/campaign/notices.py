"""Notices: who is told what, why and when; one per deadline, rung, date and person.

A notice is a value on the trail. Its id is its unique key, so the same rung can never reach the
same person twice for the same date, whatever is retried. Channels carry notices out later.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from duban.domain.campaign.records import Goal, Task
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline, sendable
from duban.domain.policy import Recipient, Rung
from duban.domain.roles import Person, Role


def task_behind(work: Work, deadline: Deadline) -> Task | None:
    """Return the task a deadline is about, if it is about one."""
    if deadline.object_type == "goal":
        return work.task(work.get(Goal, deadline.object_id).task)
    return work.task(deadline.object_id) if deadline.object_type == "task" else None


def people_in(work: Work, role: Role, unit: str | None = None) -> list[Person]:
    """Return the people of a role, of one unit where that is given."""
    return [
        each
        for each in work.all(Person)
        if each.role is role and not each.left and (unit is None or each.unit == unit)
    ]


def recipients(work: Work, deadline: Deadline, rung: Rung) -> list[Person]:
    """Return whom a rung speaks to (e.5), each person once; at worst the office."""
    chosen: dict[str, Person] = {}
    for recipient in rung.to:
        for person in _resolve(work, deadline, recipient):
            chosen.setdefault(person.id, person)
    return list(chosen.values()) or people_in(work, Role.OFFICE)


def _resolve(work: Work, deadline: Deadline, recipient: Recipient) -> Iterator[Person]:
    if recipient is Recipient.SUPERVISION_DESK:
        yield from people_in(work, Role.SUPERVISION_GROUP)
        return
    if deadline.holder in set(Role):
        yield from people_in(work, Role(deadline.holder))
        return
    unit = str(deadline.holder)
    task = task_behind(work, deadline)
    if task is not None and task.lead_unit != unit:
        # The people named on a task are those of its lead unit, not of one that assists (K91).
        task = None
    named = {
        Recipient.HANDLER: task.handler if task else None,
        Recipient.LEADER_IN_CHARGE: task.leader_in_charge if task else None,
        Recipient.PRINCIPAL_LEADER: task.principal_leader if task else None,
    }.get(recipient)
    if named is not None:
        yield from (each for each in work.all(Person) if each.id == named and each.unit == unit)
        return
    if recipient is Recipient.PRINCIPAL_LEADER:
        yield from people_in(work, Role.PRINCIPAL_LEADER, unit)
    if recipient is Recipient.LIAISON or (recipient is Recipient.HANDLER and task is None):
        in_charge = task.leader_in_charge if task else None
        yield from (p for p in people_in(work, Role.LIAISON, unit) if p.id != in_charge)


def send_rung(work: Work, deadline: Deadline, rung: Rung, scheduled_at: datetime) -> int:
    """Put one notice per recipient of a rung into the outbox; return how many."""
    people = recipients(work, deadline, rung)
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
    for person in people:
        _put(
            work,
            f"{key}/{person.id}",
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
