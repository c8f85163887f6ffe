"""Moving any clock: stops on listed grounds (CNT6), remedial dates, a new calendar (e.4)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from duban.domain.calendars import Calendar
from duban.domain.counting import (
    ClockStopGround,
    Span,
    Stop,
    check_fixed,
    due_on,
    parse_span,
    recalculated,
)
from duban.domain.deadlines import Deadline, armed, redated
from duban.domain.entity.clock_commands import ResumeClock, SetRemedialDate, StopClock
from duban.domain.entity.ladder import unit_of
from duban.domain.entity.member import MemberWork
from duban.domain.entity.notices import people_in, tell
from duban.domain.entity.permits import authorise
from duban.domain.entity.refusals import out_of_order
from duban.domain.entity.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Action, Person, Right, Role

ONE_DAY = timedelta(days=1)


def limited(work: Work, code: DeadlineCode, text: str) -> Span:
    """Read a limit that is ahead, on a working day if it is a date (CNT4), and within the cap.

    The cap counts working days, however the limit itself is counted (DL10).
    """
    span, cap = parse_span(text), work.policy.rule(code).cap
    if span.on is not None:
        check_fixed(span.on, work.calendar)
        if span.on <= work.today:
            raise RuleViolation(Code.DEADLINE_IN_PAST, on=span.on.isoformat())
    last = due_on(span, work.today, work.calendar)
    days = work.calendar.working_days_between(work.today, last)
    if cap is not None and days > cap:
        raise RuleViolation(Code.DEADLINE_OVER_CAP, amount=days, cap=cap)
    return span


def stop_clock(work: Work, command: StopClock) -> None:
    """Stop one clock on a listed ground with proof (CNT6); suspension has its own command."""
    deadline = _running(work, command.deadline)
    authorise(work, Action.DECIDE_LONG_EXTENSION, Right.APPROVE)
    if command.ground is ClockStopGround.CAMPAIGN_SUSPENDED:
        raise RuleViolation(Code.CLOCK_STOP_GROUND, ground=command.ground.value)
    stop(work, deadline, command.ground, command.proof)
    work.emit(
        f"{work.NOUN}:deadline:stopped",
        ("deadline", deadline.id),
        reason=command.ground.value,
        basis_doc=command.proof,
    )


def resume_clock(work: Work, command: ResumeClock) -> None:
    """Let one clock run again, later by the working days it stood still (CNT6)."""
    deadline = work.get(Deadline, command.deadline)
    authorise(work, Action.DECIDE_LONG_EXTENSION, Right.APPROVE)
    if deadline.stopped_from is None or work.is_paused:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=deadline.id)
    moved = restart(work, deadline)
    work.emit(
        f"{work.NOUN}:deadline:resumed",
        ("deadline", deadline.id),
        reason=command.reason,
        due_on=moved.current_due_on.isoformat(),
    )


def set_remedial_date(work: Work, command: SetRemedialDate) -> None:
    """Date the mending of a breach; the breach stays recorded (EXT1)."""
    deadline = work.get(Deadline, command.deadline)
    authorise(work, Action.DECIDE_LONG_EXTENSION, Right.APPROVE)
    if deadline.breached_at is None:
        raise out_of_order(deadline.id, "in_time", "breached")
    if command.on <= work.today:
        raise RuleViolation(Code.DEADLINE_IN_PAST, on=command.on.isoformat())
    check_fixed(command.on, work.calendar)
    moved = redated(deadline, command.on, work.now, work.policy, work.calendar)
    work.put(moved.id, moved.model_copy(update={"remedial_on": command.on}))
    work.emit(
        f"{work.NOUN}:deadline:remedial_date_set",
        ("deadline", deadline.id),
        unit=deadline.holder,
        reason=command.reason,
    )


def _running(work: Work, key: str) -> Deadline:
    deadline = work.get(Deadline, key)
    if not deadline.is_running:
        raise RuleViolation(Code.DEADLINE_NOT_OPEN, id=key)
    return deadline


def stop(work: Work, deadline: Deadline, ground: ClockStopGround, proof: str) -> None:
    """Let a clock stand still from today on."""
    work.set(deadline.id, deadline, stopped_from=work.today, stop_ground=ground, stop_proof=proof)


def restart(work: Work, deadline: Deadline) -> Deadline:
    """Let a clock run again, later by the working days it stood still, and return it."""
    assert deadline.stopped_from is not None
    assert deadline.stop_ground is not None
    stops = deadline.stops
    if deadline.stopped_from < work.today:
        stop = Stop(
            from_on=deadline.stopped_from,
            until_on=work.today - ONE_DAY,
            ground=deadline.stop_ground,
            proof=deadline.stop_proof,
        )
        stops = (*stops, stop)
    fixed = later_by_stop(deadline.current_due_on, deadline.stopped_from, work)
    # Whoever had missed the date before the clock stopped does not miss it a second time.
    missed = deadline.passed == deadline.generation
    return work.redate(
        deadline,
        max(fixed, _counted(deadline, stops, work.calendar)),
        stops=stops,
        stopped_from=None,
        stop_ground=None,
        stop_proof="",
        passed=deadline.generation + 1 if missed else deadline.passed,
    )


def later_by_stop(on: date, stopped_from: date, work: Work) -> date:
    """Return a date moved by the working days from the stop's first day to yesterday (CNT6)."""
    calendar = work.calendar
    days = sum(
        1
        for ordinal in range(stopped_from.toordinal(), work.today.toordinal())
        if calendar.is_working_day(date.fromordinal(ordinal))
    )
    return calendar.add_working_days(on, days) if days else on


def recalculate(work: Work, deadline: Deadline, old: Calendar, new: Calendar) -> None:
    """Count a clock under a new calendar, never shortening it; say so and tell its people."""
    recomputed = _counted(deadline, deadline.stops, new)
    due = recalculated(recomputed, deadline.current_due_on, before=old, after=new)
    provisional = new.is_provisional(due)
    if due == deadline.current_due_on:
        # The date stays, but the days before it may not: the next rung is set anew (l.5).
        again = armed(deadline, work.policy, new)
        if (provisional, again.next_at) != (deadline.provisional, deadline.next_at):
            work.set(deadline.id, again, provisional=provisional, calendar_version=new.version)
            work.emit(f"{work.NOUN}:deadline:confirmed", ("deadline", deadline.id))
        return
    work.redate(deadline, due)
    on = ("deadline", deadline.id)
    unit = unit_of(deadline)
    if unit is not None:
        tell(work, "CALENDAR", f"{deadline.id}/CALENDAR/{new.version}", _people(work, unit), on)
    work.emit(
        f"{work.NOUN}:deadline:recalculated",
        on,
        unit=unit,
        old_due_on=deadline.current_due_on.isoformat(),
        new_due_on=due.isoformat(),
        old_version=old.version,
        new_version=new.version,
    )


def adopt(
    work: MemberWork[Any, Any], new: Calendar, basis_doc: str | None, clocks: Iterable[Deadline]
) -> None:
    """Count a member's clocks anew under a published calendar, never shortening one (e.4, ST1b)."""
    old = work.calendar
    if new.version <= old.version:
        work.say(f"{work.NOUN}:calendar:known", new_version=new.version)
        return
    work.note(calendar_version=new.version)
    work.say(
        f"{work.NOUN}:calendar:adopted",
        basis_doc=basis_doc,
        old_version=old.version,
        new_version=new.version,
    )
    for deadline in clocks:
        recalculate(work, deadline, old, new)


def _people(work: Work, unit: str) -> list[Person]:
    return [
        *people_in(work, Role.PRINCIPAL_LEADER, unit),
        *people_in(work, Role.LIAISON, unit),
    ]


def _counted(deadline: Deadline, stops: tuple[Stop, ...], calendar: Calendar) -> date:
    """Return the due day as the rules count it; a date once moved by decision is what it is."""
    if deadline.extensions or deadline.remedial_on or deadline.amount is None:
        return deadline.current_due_on
    span = Span(unit=deadline.unit, amount=deadline.amount)
    return due_on(span, deadline.start_on, calendar, stops=stops)
