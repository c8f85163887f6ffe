"""What an inspection does by itself when time passes: SEC5 burns, K48 flags, DL26 lapses."""

from collections.abc import Callable, Iterator

from duban.domain.deadlines import Deadline
from duban.domain.entity import ladder
from duban.domain.entity.ladder import Alarm
from duban.domain.inspection.ending import end
from duban.domain.inspection.words import InspectionEnd
from duban.domain.inspection.work import Work
from duban.domain.limits import DeadlineCode
from duban.domain.policy import Rung
from duban.domain.roles import Role


def alarms(work: Work) -> Iterator[Alarm]:
    """Yield every alarm that is set."""
    if not work.inspection.is_over:
        yield from ladder.clock_alarms(work)


def ring(work: Work, alarm: Alarm) -> None:
    """Let one alarm act."""
    deadline = work.get(Deadline, alarm.object_id)
    if alarm.kind == "rung":
        ladder.climb(work, deadline, None, lambda rung: _flag(work, rung))
    else:
        _ON_DUE.get(deadline.code, ladder.breach)(work, deadline)


def _flag(work: Work, rung: Rung) -> None:
    work.note(breach_level=max(work.inspection.breach_level, rung.level))


def _expire(work: Work, deadline: Deadline) -> None:
    """SEC5: nobody went there in time; the target is burned and its draw is unused."""
    ladder.miss(work, deadline)
    end(work, InspectionEnd.EXPIRED, DeadlineCode.CHECK_IN.value)


def _orphaned(work: Work, deadline: Deadline) -> None:
    """K48: a finding without a problem or an exemplar after a working day is a flag."""
    ladder.miss(work, deadline)
    work.note(findings_late=True)
    ladder.tell_body(work, "FINDING_LATE", deadline, Role.SUPERVISION_GROUP, work.subject)
    findings = [each.id for each in work.orphans()]
    work.say("inspection:finding:late", findings=findings)


def _lapse(work: Work, _: Deadline) -> None:
    """DL26: the unit did not ask for a review; that is its right, and nobody's breach."""
    work.cancel(work.subject, DeadlineCode.REVIEW_APPLY)
    work.say("inspection:review:lapsed")


_ON_DUE: dict[DeadlineCode, Callable[[Work, Deadline], None]] = {
    DeadlineCode.CHECK_IN: _expire,
    DeadlineCode.FINDING: _orphaned,
    DeadlineCode.REVIEW_APPLY: _lapse,
}
"""What a due moment means where it is more, or less, than a breach."""
