"""What a clue does by itself when time passes: ladder, escalation, chasing, WITHHELD_CLUE."""

from collections.abc import Callable, Iterator
from datetime import datetime

from duban.domain.clue.answering import raise_trigger
from duban.domain.clue.tables import AWAITING, WITHHOLDING
from duban.domain.clue.words import ClueTrigger
from duban.domain.clue.work import Work
from duban.domain.deadlines import Deadline, at
from duban.domain.entity import ladder
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.notices import people_in, tell, tell_at_once
from duban.domain.limits import DeadlineCode
from duban.domain.policy import Rung
from duban.domain.roles import Role


def alarms(work: Work) -> Iterator[Alarm]:
    """Yield every alarm that is set: clocks, what is held back for days, who must be chased."""
    clue = work.clue
    if clue.is_over:
        return
    yield from ladder.clock_alarms(work)
    for deadline in work.open_deadlines():
        if deadline.code in WITHHOLDING and deadline.id not in clue.withheld:
            yield Alarm(_withheld_at(work, deadline), "withheld", deadline.id)
    if clue.chase_at is not None:
        yield Alarm(clue.chase_at, "chase", clue.no)


def _withheld_at(work: Work, deadline: Deadline) -> datetime:
    """g.1: five working days behind the due day, at the close of business."""
    days = work.policy.clue.withheld_working_days
    day = work.calendar.add_working_days(deadline.current_due_on, days)
    return at(day, work.policy.close_of_business)


def ring(work: Work, alarm: Alarm) -> None:
    """Let one alarm act."""
    if alarm.kind == "chase":
        _chase(work)
        return
    deadline = work.get(Deadline, alarm.object_id)
    if alarm.kind == "rung":
        ladder.climb(work, deadline, None, lambda rung: _flag(work, rung))
    elif alarm.kind == "withheld":
        _withheld(work, deadline)
    else:
        _ON_DUE.get(deadline.code, ladder.breach)(work, deadline)


def _flag(work: Work, rung: Rung) -> None:
    work.note(breach_level=max(work.clue.breach_level, rung.level))


def _escalate(work: Work, deadline: Deadline) -> None:
    """K83: the office was silent; the leading group is told, whatever the hour."""
    ladder.miss(work, deadline)
    work.note(escalated=True)
    leaders = people_in(work, Role.LEADING_GROUP)
    tell_at_once(work, "URGENT_CLUE", f"{work.clue.no}/ESCALATED", leaders, work.subject)
    work.say("clue:urgent:escalated", breached_at=deadline.due_at.isoformat())


def _silent(work: Work, deadline: Deadline) -> None:
    """The receiver is late: that is a breach, and from now on asked about again and again."""
    ladder.breach(work, deadline)
    if work.clue.state in AWAITING:
        _chase(work)


def _chase(work: Work) -> None:
    """K82: through the office first, then through the leading group, without end."""
    clue, rule = work.clue, work.policy.clue
    times = clue.chased + 1
    through = Role.OFFICE if times <= rule.office_chases else Role.LEADING_GROUP
    day = work.calendar.add_working_days(work.today, rule.chase_working_days)
    work.note(chased=times, chase_at=at(day, work.policy.rung("T0").at))
    awaited = AWAITING[clue.state]
    key = f"{clue.no}/{awaited.value}/CHASE/{times}"
    tell(work, "CHASE", key, people_in(work, through), work.subject)
    work.say("clue:receiver:chased", awaited=awaited.value, times=times, through=through.value)


def _withheld(work: Work, deadline: Deadline) -> None:
    """压案不移 (g.1): report or transfer is late by days; the question is put to people."""
    work.note(withheld=(*work.clue.withheld, deadline.id))
    raise_trigger(
        work,
        ClueTrigger.WITHHELD_CLUE,
        deadline=deadline.id,
        code=deadline.code.value,
        holder=deadline.holder,
    )


_ON_DUE: dict[DeadlineCode, Callable[[Work, Deadline], None]] = {
    DeadlineCode.URGENT: _escalate,
    DeadlineCode.RECEIPT: _silent,
    DeadlineCode.TRANSFER_RESULT: _silent,
}
"""What a due moment means where it is more than a breach."""
