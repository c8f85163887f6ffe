"""What the campaign does by itself when time passes: reminders, urges, cards, stage timers.

The system reminds, computes and flags; it never decides about a person (SOD11).
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import NamedTuple

from duban.domain.campaign.extensions import SUPERIOR
from duban.domain.campaign.notices import people_in, send_rung, task_behind, tell
from duban.domain.campaign.records import CampaignStage, Extension, Goal, GoalState, Task
from duban.domain.campaign.stages import open_review
from duban.domain.campaign.tables import GOAL_OPEN, TASK_WORKING
from duban.domain.campaign.tasks import take_over
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline, armed, at, sendable
from duban.domain.policy import DeadlineCode, Rung
from duban.domain.roles import Role


class Alarm(NamedTuple):
    """Something that happens by itself at `instant`; `kind` is rung, due or stagnation.

    A plain tuple: every decision looks at all of them several times, and none is ever kept.
    """

    instant: datetime
    kind: str
    object_id: str


def alarms(work: Work) -> Iterator[Alarm]:
    """Yield every alarm that is set: per running clock its next rung and its due moment."""
    if work.campaign.is_over:
        return
    for deadline in work.all(Deadline):
        if not deadline.is_running:
            continue
        if deadline.next_at is not None:
            yield Alarm(instant=deadline.next_at, kind="rung", object_id=deadline.id)
        if deadline.passed != deadline.generation:
            yield Alarm(instant=deadline.due_at, kind="due", object_id=deadline.id)
    if work.campaign.stage is CampaignStage.IMPLEMENT:
        yield from _stagnations(work)


def _stagnations(work: Work) -> Iterator[Alarm]:
    for task in work.all(Task):
        if task.state in TASK_WORKING and not task.stagnant and task.last_action_on is not None:
            day = work.calendar.add_working_days(
                task.last_action_on, work.policy.stagnation_working_days
            )
            yield Alarm(
                instant=at(day, work.policy.close_of_business),
                kind="stagnation",
                object_id=task.no,
            )


def next_alarm(work: Work) -> datetime | None:
    """Return when the campaign next wants to be woken, or None.

    A notice that is owed waits for sending hours on a working day (e.5).
    """
    waking, owed = None, False
    for alarm in alarms(work):
        if alarm.kind == "rung" and alarm.instant <= work.now:
            owed = True
        elif waking is None or alarm.instant < waking:
            waking = alarm.instant
    if not owed:
        return waking
    opening = sendable(work.now, work.policy, work.calendar)
    return opening if waking is None else min(waking, opening)


def due_alarm(work: Work) -> Alarm | None:
    """Return the earliest alarm that can act now, in the order of the instants they were set to."""
    ready = [alarm for alarm in alarms(work) if alarm.instant <= work.now]
    if ready and sendable(work.now, work.policy, work.calendar) > work.now:
        ready = [alarm for alarm in ready if alarm.kind != "rung"]
    return min(ready, default=None)


def ring(work: Work, alarm: Alarm) -> None:
    """Let one alarm act."""
    if alarm.kind == "stagnation":
        _stagnate(work, work.task(alarm.object_id))
        return
    deadline = work.get(Deadline, alarm.object_id)
    if alarm.kind == "rung":
        _climb(work, deadline)
    else:
        _ON_DUE.get(deadline.code, _breach)(work, deadline)


def _climb(work: Work, deadline: Deadline) -> None:
    """Send the next rung of a ladder, once; L1 and above raise flags (e.5)."""
    assert deadline.next_rung is not None
    assert deadline.next_at is not None
    rung = work.policy.rung(deadline.next_rung)
    notices = send_rung(work, deadline, rung, deadline.next_at)
    sent = deadline.model_copy(update={"sent": (*deadline.sent, rung.code)})
    sent = armed(sent, work.policy, work.calendar)
    level = max(deadline.breach_level, rung.level)
    work.put(deadline.id, sent.model_copy(update={"breach_level": level}))
    if rung.level:
        _flag(work, deadline, rung)
    verb = {0: "reminded", 1: "urged", 2: "yellow_card"}[min(rung.level, 2)]
    work.emit(
        f"campaign:deadline:{verb}",
        ("deadline", deadline.id),
        unit=None if deadline.holder in set(Role) else deadline.holder,
        rung=rung.code,
        scheduled_at=deadline.next_at.isoformat(),
        notices=notices,
    )


def _flag(work: Work, deadline: Deadline, rung: Rung) -> None:
    """Put the card on the task, unless a body or an assisting unit is the one who is late (K91)."""
    task = task_behind(work, deadline)
    if task is None or deadline.holder != task.lead_unit:
        return
    yellow = 1 if rung.document == "yellow_card_slip" else 0
    work.set(
        task.no,
        task,
        breach_level=max(task.breach_level, rung.level),
        yellow_count=task.yellow_count + yellow,
        cards_score=task.cards_score + rung.score,
    )


def _miss(work: Work, deadline: Deadline) -> None:
    # The first breach stays the breach, whatever later dates are missed as well (e.2).
    first = deadline.breached_at or deadline.due_at
    work.set(deadline.id, deadline, breached_at=first, passed=deadline.generation)


def _breach(work: Work, deadline: Deadline) -> None:
    """Record that a due moment passed unmet. A flag with its instant, never a state."""
    _miss(work, deadline)
    if deadline.object_type == "goal":
        goal = work.get(Goal, deadline.object_id)
        if goal.state in GOAL_OPEN:
            work.set(goal.id, goal, state=GoalState.OVERDUE)
    holder = None if deadline.holder in set(Role) else deadline.holder
    work.emit(
        "campaign:deadline:breached",
        ("deadline", deadline.id),
        unit=holder,
        breached_at=deadline.due_at.isoformat(),
    )


def _silence_accepts(work: Work, deadline: Deadline) -> None:
    """K62: silence for one working day makes the unit the owner."""
    take_over(
        work, work.task(deadline.object_id), by="silence", tag="campaign:task:accepted_by_silence"
    )


def _phase_ends(work: Work, _: Deadline) -> None:
    """The phase's last day is over: REVIEW(k) opens by itself (c.1)."""
    open_review(work, early=False)


def _tell(work: Work, news: str, deadline: Deadline, role: Role, on: tuple[str, str]) -> None:
    """Tell a body, once for each date that the clock was ever set to."""
    key = f"{deadline.id}/{news}/{deadline.generation}"
    tell(work, news, key, people_in(work, role), on)


def _escalate(work: Work, deadline: Deadline) -> None:
    """EXT5: no decision in time is no consent; the request rises to the decider's superior.

    Above the leading group there is nobody: it is told once more and its breach stands.
    """
    extension = work.get(Extension, deadline.object_id)
    decider = SUPERIOR.get(extension.decider, extension.decider)
    on = ("extension", extension.id)
    _miss(work, deadline)
    if decider is not extension.decider:
        work.cancel(on)
        work.set(extension.id, extension, decider=decider)
        work.open_deadline(DeadlineCode.EXTENSION_DECISION, on, decider)
    _tell(work, "ESCALATED", deadline, decider, on)
    work.emit("campaign:extension:escalated", on, unit=extension.unit, decider=decider.value)


def _draft_is_old(work: Work, deadline: Deadline) -> None:
    """A draft older than its limit is brought to the office's mind (c.1)."""
    on = ("campaign", work.campaign.no)
    _miss(work, deadline)
    _tell(work, "DRAFT", deadline, Role.OFFICE, on)
    work.emit("campaign:draft:aged", on)


def _watch_is_over(work: Work, deadline: Deadline) -> None:
    """The watch period is over: the campaign may be archived (c.1)."""
    campaign = work.campaign
    on = ("campaign", campaign.no)
    work.meet(on, DeadlineCode.WATCH_END)
    work.set(campaign.no, work.campaign, watch_over=True)
    _tell(work, "WATCH_OVER", deadline, Role.OFFICE, on)
    work.emit("campaign:watch:over", on)


def _stagnate(work: Work, task: Task) -> None:
    """K25: ten quiet working days raise the flag for the pressure list (e.7)."""
    work.set(task.no, task, stagnant=True)
    work.emit("campaign:task:stagnant", ("task", task.no), unit=task.lead_unit)


_ON_DUE: dict[DeadlineCode, Callable[[Work, Deadline], None]] = {
    DeadlineCode.ACCEPT: _silence_accepts,
    DeadlineCode.PHASE_END: _phase_ends,
    DeadlineCode.EXTENSION_DECISION: _escalate,
    DeadlineCode.DRAFT_AGE: _draft_is_old,
    DeadlineCode.WATCH_END: _watch_is_over,
}
"""What a due moment means where it is more than a breach."""
