"""The deadline entity (domain.md e.2) and when each rung of the ladder speaks (e.5).

A rung is a row of the policy. This module only turns rows into instants; what happens at an
instant is decided by `duban.domain.campaign.clock`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from duban.domain.calendars import Calendar
from duban.domain.counting import (
    ClockStopGround,
    Stop,
    TimeUnit,
    due_at,
    next_sending_instant,
)
from duban.domain.limits import DeadlineCode
from duban.domain.model import Ident, Model
from duban.domain.policy import ActsBy, Anchor, PolicyVersion, Rung


class DeadlineStatus(StrEnum):
    """Whether the clock is still answerable for; a breach is a flag beside it, never a status."""

    OPEN = "open"
    MET = "met"
    CANCELLED = "cancelled"


class Deadline(Model):
    """One clock. `original_due_on` never changes; `generation` counts re-datings.

    `holder` is the unit or body that answers for it. `held_at` is when it was claimed as met: the
    ladder waits for the verification, which makes that instant `met_at` or void. `rungs_from` is
    the instant from which rungs count: earlier ones lie before the assignment (or the new date)
    and are not owed. `breached_at` is the first due moment that passed unmet and stays whatever
    date is set afterwards; `passed` is the generation whose due moment has passed.
    """

    id: str
    code: DeadlineCode
    object_type: str
    object_id: Ident
    matter: str = ""
    holder: str
    start_on: date
    unit: TimeUnit
    amount: int | None = None
    calendar_version: int
    provisional: bool = False
    original_due_on: date
    current_due_on: date
    due_at: datetime
    rungs_from: datetime
    generation: int = 0
    stops: tuple[Stop, ...] = ()
    stopped_from: date | None = None
    stop_ground: ClockStopGround | None = None
    stop_proof: str = ""
    held_at: datetime | None = None
    extensions: int = 0
    remedial_on: date | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    passed: int | None = None
    breach_level: int = 0
    sent: tuple[str, ...] = ()
    next_rung: str | None = None
    next_at: datetime | None = None
    status: DeadlineStatus = DeadlineStatus.OPEN

    @property
    def is_open(self) -> bool:
        """Whether it can still be met, extended or breached."""
        return self.status is DeadlineStatus.OPEN

    @property
    def is_running(self) -> bool:
        """Whether its clock runs: open, not stopped (CNT6), not waiting for a verification."""
        return self.is_open and self.stopped_from is None and self.held_at is None


def at(on: date, clock: time) -> datetime:
    """Return the UTC instant of `clock` Shanghai time on the date `on`."""
    return due_at(on, clock)


def period(deadline: Deadline, calendar: Calendar) -> int:
    """Return the length of the deadline's period in working days; 0 if its date is already past."""
    return max(0, calendar.working_days_between(deadline.start_on, deadline.current_due_on))


def _day_of(rung: Rung, deadline: Deadline, calendar: Calendar, length: int) -> date:
    if rung.anchor is Anchor.HALF:
        return calendar.add_working_days(deadline.start_on, max(length // 2, 1))
    sign = -1 if rung.anchor is Anchor.BEFORE else 1
    return calendar.add_working_days(deadline.current_due_on, sign * rung.working_days)


def schedule(
    deadline: Deadline, policy: PolicyVersion, calendar: Calendar
) -> Iterator[tuple[datetime, Rung]]:
    """Yield (instant, rung) for each rung the system climbs on this deadline, unsorted (e.5).

    Every instant lies on a working day inside sending hours. Rungs that would lie before
    `rungs_from` are left out, the assignment notice excepted.
    """
    if not policy.rule(deadline.code).ladder:
        return
    length = period(deadline, calendar)
    for rung in policy.rungs:
        if rung.acts_by is ActsBy.PERSON or length < rung.min_period:
            continue
        instant = deadline.rungs_from
        if rung.anchor is not Anchor.ASSIGNED:
            instant = at(_day_of(rung, deadline, calendar, length), rung.at)
            if instant < deadline.rungs_from:
                continue
        yield sendable(instant, policy, calendar), rung


def sendable(instant: datetime, policy: PolicyVersion, calendar: Calendar) -> datetime:
    """Return the first moment from `instant` on at which a notice may go out."""
    return next_sending_instant(instant, calendar, policy.sending_opens, policy.sending_closes)


def armed(deadline: Deadline, policy: PolicyVersion, calendar: Calendar) -> Deadline:
    """Return the deadline with `next_rung` and `next_at` set to its first unsent rung."""
    owed = [
        (instant, rung.level, rung.code)
        for instant, rung in schedule(deadline, policy, calendar)
        if rung.code not in deadline.sent
    ]
    instant, _, code = min(owed, default=(None, 0, None))
    return deadline.model_copy(update={"next_rung": code, "next_at": instant})


def dated(due_on: date, now: datetime, policy: PolicyVersion, calendar: Calendar) -> dict[str, Any]:
    """Return the fields of a deadline that is set to `due_on` at the instant `now`."""
    return {
        "current_due_on": due_on,
        "due_at": at(due_on, policy.close_of_business),
        "calendar_version": calendar.version,
        "provisional": calendar.is_provisional(due_on),
        "rungs_from": now,
    }


def redated(
    deadline: Deadline, due_on: date, now: datetime, policy: PolicyVersion, calendar: Calendar
) -> Deadline:
    """Return the deadline moved to `due_on`: the ladder starts again towards the new date.

    The original date and a recorded breach stay (e.2). Nobody is told twice of the assignment,
    but whoever was not told yet still is.
    """
    told = tuple(code for code in deadline.sent if policy.rung(code).anchor is Anchor.ASSIGNED)
    moved = deadline.model_copy(
        update={
            **dated(due_on, now, policy, calendar),
            "generation": deadline.generation + 1,
            "sent": told,
        }
    )
    return armed(moved, policy, calendar)
