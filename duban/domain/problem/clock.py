"""What a problem does by itself when time passes: the ladder, silence, notice, stagnation."""

from collections.abc import Callable, Iterator

from duban.domain.deadlines import Deadline, at
from duban.domain.entity import ladder
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.notices import Posts
from duban.domain.limits import DeadlineCode
from duban.domain.policy import Rung
from duban.domain.problem.cards import note_overdue
from duban.domain.problem.closing import notice_ends
from duban.domain.problem.opening import take_over
from duban.domain.problem.tables import WORKING
from duban.domain.problem.work import Work


def alarms(work: Work) -> Iterator[Alarm]:
    """Yield every alarm that is set: those of the running clocks, and of work that lies still."""
    problem = work.problem
    if problem.is_over:
        return
    yield from ladder.clock_alarms(work)
    waits = problem.state in WORKING and not problem.stagnant and not problem.is_paused
    if waits and problem.last_action_on is not None:
        day = work.calendar.add_working_days(
            problem.last_action_on, work.policy.stagnation_working_days
        )
        instant = at(day, work.policy.close_of_business)
        yield Alarm(instant=instant, kind="stagnation", object_id=problem.no)


def ring(work: Work, alarm: Alarm) -> None:
    """Let one alarm act."""
    if alarm.kind == "stagnation":
        _stagnate(work)
        return
    deadline = work.get(Deadline, alarm.object_id)
    if alarm.kind == "rung":
        ladder.climb(work, deadline, _posts(work, deadline), lambda r: _flag(work, deadline, r))
    else:
        _ON_DUE.get(deadline.code, ladder.breach)(work, deadline)


def _posts(work: Work, deadline: Deadline) -> Posts | None:
    """Return who is named on the problem, for the unit that must rectify and for no other."""
    problem = work.problem
    if problem.unit != deadline.holder:
        return None
    return Posts(problem.handler, problem.leader_in_charge, problem.principal_leader)


def _flag(work: Work, deadline: Deadline, rung: Rung) -> None:
    """Put urge and card on the problem, unless another than its unit is the one who is late."""
    if deadline.holder == work.problem.unit:
        note_overdue(work, rung)


def _silence_accepts(work: Work, _: Deadline) -> None:
    """K62: silence for one working day makes the unit the owner (首办责任)."""
    take_over(work, by="silence", tag="problem:problem:accepted_by_silence")


def _notice_ends(work: Work, _: Deadline) -> None:
    notice_ends(work)


def _stagnate(work: Work) -> None:
    """K25: ten quiet working days raise the flag for the pressure list (e.7)."""
    work.note(stagnant=True)
    work.say("problem:problem:stagnant")


_ON_DUE: dict[DeadlineCode, Callable[[Work, Deadline], None]] = {
    DeadlineCode.ACCEPT: _silence_accepts,
    DeadlineCode.PUBLIC_NOTICE: _notice_ends,
    DeadlineCode.EXTENSION_DECISION: ladder.escalate,
}
"""What a due moment means where it is more than a breach."""
