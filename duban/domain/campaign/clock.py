"""What the campaign does by itself when time passes: reminders, urges, cards, stage timers.

The system reminds, computes and flags; it never decides about a person (SOD11).
"""

from collections.abc import Callable, Iterator

from duban.domain.campaign.records import CampaignStage, Goal, GoalState, Task
from duban.domain.campaign.stages import open_review
from duban.domain.campaign.tables import GOAL_OPEN, TASK_WORKING
from duban.domain.campaign.tasks import take_over
from duban.domain.campaign.work import Work
from duban.domain.deadlines import Deadline, at
from duban.domain.entity import ladder
from duban.domain.entity.ladder import Alarm, miss, tell_body
from duban.domain.entity.notices import Posts
from duban.domain.limits import DeadlineCode
from duban.domain.policy import Rung
from duban.domain.roles import Role


def alarms(work: Work) -> Iterator[Alarm]:
    """Yield every alarm that is set: those of the running clocks, and of tasks that lie still."""
    if work.campaign.is_over:
        return
    yield from ladder.clock_alarms(work)
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


def ring(work: Work, alarm: Alarm) -> None:
    """Let one alarm act."""
    if alarm.kind == "stagnation":
        _stagnate(work, work.task(alarm.object_id))
        return
    deadline = work.get(Deadline, alarm.object_id)
    if alarm.kind == "rung":
        posts = _posts(work, deadline)
        ladder.climb(work, deadline, posts, lambda rung: _flag(work, deadline, rung))
    else:
        _ON_DUE.get(deadline.code, _breach)(work, deadline)


def _task_behind(work: Work, deadline: Deadline) -> Task | None:
    """Return the task a deadline is about, if it is about one."""
    if deadline.object_type == "goal":
        return work.task(work.get(Goal, deadline.object_id).task)
    return work.task(deadline.object_id) if deadline.object_type == "task" else None


def _posts(work: Work, deadline: Deadline) -> Posts | None:
    """Return who is named on the task, for its lead unit and for none that assists (K91)."""
    task = _task_behind(work, deadline)
    if task is None or task.lead_unit != deadline.holder:
        return None
    return Posts(task.handler, task.leader_in_charge, task.principal_leader)


def _flag(work: Work, deadline: Deadline, rung: Rung) -> None:
    """Put the card on the task, unless a body or an assisting unit is the one who is late (K91)."""
    task = _task_behind(work, deadline)
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


def _breach(work: Work, deadline: Deadline) -> None:
    """Record that a due moment passed unmet; a goal is overdue then (c.5)."""
    miss(work, deadline)
    if deadline.object_type == "goal":
        goal = work.get(Goal, deadline.object_id)
        if goal.state in GOAL_OPEN:
            work.set(goal.id, goal, state=GoalState.OVERDUE)
    ladder.say_breach(work, deadline)


def _silence_accepts(work: Work, deadline: Deadline) -> None:
    """K62: silence for one working day makes the unit the owner."""
    take_over(
        work, work.task(deadline.object_id), by="silence", tag="campaign:task:accepted_by_silence"
    )


def _phase_ends(work: Work, _: Deadline) -> None:
    """The phase's last day is over: REVIEW(k) opens by itself (c.1)."""
    open_review(work, early=False)


def _draft_is_old(work: Work, deadline: Deadline) -> None:
    """A draft older than its limit is brought to the office's mind (c.1)."""
    on = ("campaign", work.campaign.no)
    miss(work, deadline)
    tell_body(work, "DRAFT", deadline, Role.OFFICE, on)
    work.emit("campaign:draft:aged", on)


def _watch_is_over(work: Work, deadline: Deadline) -> None:
    """The watch period is over: the campaign may be archived (c.1)."""
    campaign = work.campaign
    on = ("campaign", campaign.no)
    work.meet(on, DeadlineCode.WATCH_END)
    work.set(campaign.no, work.campaign, watch_over=True)
    tell_body(work, "WATCH_OVER", deadline, Role.OFFICE, on)
    work.emit("campaign:watch:over", on)


def _stagnate(work: Work, task: Task) -> None:
    """K25: ten quiet working days raise the flag for the pressure list (e.7)."""
    work.set(task.no, task, stagnant=True)
    work.emit("campaign:task:stagnant", ("task", task.no), unit=task.lead_unit)


_ON_DUE: dict[DeadlineCode, Callable[[Work, Deadline], None]] = {
    DeadlineCode.ACCEPT: _silence_accepts,
    DeadlineCode.PHASE_END: _phase_ends,
    DeadlineCode.EXTENSION_DECISION: ladder.escalate,
    DeadlineCode.DRAFT_AGE: _draft_is_old,
    DeadlineCode.WATCH_END: _watch_is_over,
}
"""What a due moment means where it is more than a breach."""
