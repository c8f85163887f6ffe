"""What any clock does when its moment comes: the rungs of the ladder, and the breach (e.5).

The system reminds, computes and flags; it never decides about a person (SOD11).
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import NamedTuple

from duban.domain.deadlines import Deadline, armed, sendable
from duban.domain.entity.notices import Posts, people_in, send_rung, tell
from duban.domain.entity.records import Extension
from duban.domain.entity.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.policy import Rung
from duban.domain.roles import Role

SUPERIOR = {
    Role.CAMPAIGN_GROUP: Role.OFFICE,
    Role.OFFICE: Role.LEADING_GROUP,
}
"""To whom an undecided request rises (EXT5)."""


class Alarm(NamedTuple):
    """Something that happens by itself at `instant`; `kind` is rung, due or stagnation.

    A plain tuple: every decision looks at all of them several times, and none is ever kept.
    """

    instant: datetime
    kind: str
    object_id: str


def clock_alarms(work: Work) -> Iterator[Alarm]:
    """Yield the alarms of the running clocks: per clock its next rung and its due moment."""
    for deadline in work.all(Deadline):
        if not deadline.is_running:
            continue
        if deadline.next_at is not None:
            yield Alarm(instant=deadline.next_at, kind="rung", object_id=deadline.id)
        if deadline.passed != deadline.generation:
            yield Alarm(instant=deadline.due_at, kind="due", object_id=deadline.id)


def soonest(work: Work, alarms: Iterable[Alarm]) -> datetime | None:
    """Return when the first of the alarms wants to act, or None.

    A notice that is owed waits for sending hours on a working day (e.5).
    """
    waking, owed = None, False
    for alarm in alarms:
        if alarm.kind == "rung" and alarm.instant <= work.now:
            owed = True
        elif waking is None or alarm.instant < waking:
            waking = alarm.instant
    if not owed:
        return waking
    opening = sendable(work.now, work.policy, work.calendar)
    return opening if waking is None else min(waking, opening)


def ready(work: Work, alarms: Iterable[Alarm]) -> Alarm | None:
    """Return the earliest alarm that can act now, in the order of the instants they were set to."""
    due = [alarm for alarm in alarms if alarm.instant <= work.now]
    if due and sendable(work.now, work.policy, work.calendar) > work.now:
        due = [alarm for alarm in due if alarm.kind != "rung"]
    return min(due, default=None)


def climb(
    work: Work,
    deadline: Deadline,
    posts: Posts | None,
    flag: Callable[[Rung], None],
) -> None:
    """Send the next rung of a ladder, once; from L1 on `flag` puts it on the matter (e.5)."""
    assert deadline.next_rung is not None
    assert deadline.next_at is not None
    rung = work.policy.rung(deadline.next_rung)
    notices = send_rung(work, deadline, rung, deadline.next_at, posts)
    sent = deadline.model_copy(update={"sent": (*deadline.sent, rung.code)})
    sent = armed(sent, work.policy, work.calendar)
    level = max(deadline.breach_level, rung.level)
    work.put(deadline.id, sent.model_copy(update={"breach_level": level}))
    if rung.level:
        flag(rung)
    verb = {0: "reminded", 1: "urged", 2: "yellow_card"}[min(rung.level, 2)]
    work.emit(
        f"{work.NOUN}:deadline:{verb}",
        ("deadline", deadline.id),
        unit=unit_of(deadline),
        rung=rung.code,
        scheduled_at=deadline.next_at.isoformat(),
        notices=notices,
    )


def unit_of(deadline: Deadline) -> str | None:
    """Return the unit that answers for a clock; None where a body does."""
    return None if deadline.holder in set(Role) else deadline.holder


def miss(work: Work, deadline: Deadline) -> None:
    """Note that a due moment passed: the first breach stays the breach (e.2)."""
    first = deadline.breached_at or deadline.due_at
    work.set(deadline.id, deadline, breached_at=first, passed=deadline.generation)


def say_breach(work: Work, deadline: Deadline) -> None:
    """Put on the trail that a due moment passed unmet. A flag with its instant, never a state."""
    work.emit(
        f"{work.NOUN}:deadline:breached",
        ("deadline", deadline.id),
        unit=unit_of(deadline),
        breached_at=deadline.due_at.isoformat(),
    )


def breach(work: Work, deadline: Deadline) -> None:
    """Note a due moment that passed unmet, and say so."""
    miss(work, deadline)
    say_breach(work, deadline)


def tell_body(work: Work, news: str, deadline: Deadline, role: Role, on: tuple[str, str]) -> None:
    """Tell a body, once for each date that the clock was ever set to."""
    key = f"{deadline.id}/{news}/{deadline.generation}"
    tell(work, news, key, people_in(work, role), on)


def escalate(work: Work, deadline: Deadline) -> None:
    """EXT5: no decision in time is no consent; the request rises to the decider's superior.

    Above the leading group there is nobody: it is told once more and its breach stands.
    """
    extension = work.get(Extension, deadline.object_id)
    decider = SUPERIOR.get(extension.decider, extension.decider)
    on = ("extension", extension.id)
    miss(work, deadline)
    if decider is not extension.decider:
        work.cancel(on)
        work.set(extension.id, extension, decider=decider)
        work.open_deadline(DeadlineCode.EXTENSION_DECISION, on, decider)
    tell_body(work, "ESCALATED", deadline, decider, on)
    work.emit(f"{work.NOUN}:extension:escalated", on, unit=extension.unit, decider=decider.value)
