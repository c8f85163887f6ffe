"""How a clue comes to be: numbered by its campaign, with the clock of its report running."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from duban.domain.calendars import Calendar
from duban.domain.clue.records import ClueRecord, ClueReport
from duban.domain.clue.state import ClueRegister, ClueState
from duban.domain.clue.work import Work
from duban.domain.entity.answers import from_beginning
from duban.domain.entity.command import RequestId
from duban.domain.entity.notices import people_in, tell_at_once
from duban.domain.entity.state import apply
from duban.domain.events import Event
from duban.domain.limits import DeadlineCode
from duban.domain.model import Ident, Model
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor, Role

REPORTED = "clue:clue:reported"


class ClueStart(Model):
    """Everything a clue is made from; its campaign has checked and numbered it."""

    no: Ident
    campaign: Ident
    report: ClueReport
    policy: PolicyVersion
    calendar: Calendar
    given: ClueRegister
    mode: str
    clock_offset: timedelta = timedelta(0)
    actor: Actor
    request_id: RequestId


def create(start: ClueStart, *, now: datetime) -> ClueState:
    """Return the state of a new clue in REPORTED, its first event unrecorded."""
    state = ClueState(
        mode=start.mode,
        policy=start.policy,
        calendar={str(start.calendar.version): start.calendar},
    )
    state.be_given(start.given)
    work = Work(state, start.actor, now, start.request_id)
    record = ClueRecord(
        no=start.no,
        campaign=start.campaign,
        report=start.report,
        reported_by=start.actor.id,
        reported_role=start.actor.role,
        reported_unit=start.actor.unit,
        reported_at=now,
        policy_version=start.policy.version,
        policy_digest=start.policy.digest,
        calendar_version=start.calendar.version,
    )
    work.put(start.no, record)
    _start_clocks(work, start.report)
    work.say(REPORTED)
    for event in work.events:
        apply(state, event)
    state.unrecorded.extend(work.events)
    return state


def _start_clocks(work: Work, report: ClueReport) -> None:
    """DL15, K83: the urgent is heard at once and written down within a day; DL16 for the rest."""
    if not report.urgent:
        work.start_since(DeadlineCode.CLUE_REPORT, report.known_to, report.known_on)
        return
    rule = work.policy.clue
    heard = timedelta(minutes=rule.acknowledged_minutes)
    work.start_minutes(DeadlineCode.URGENT, Role.OFFICE, heard)
    passed = work.now - (report.phoned_at or work.now)
    written = timedelta(hours=rule.written_hours) - passed
    work.start_minutes(DeadlineCode.URGENT_WRITTEN, report.known_to, written)
    key = f"{work.clue.no}/URGENT"
    tell_at_once(work, "URGENT_CLUE", key, people_in(work, Role.OFFICE), work.subject)


def restored(events: Iterable[Event], given: ClueState) -> ClueState:
    """Return the state that a clue's events lead to; what it was given is taken from `given`.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its report.
    """
    return from_beginning(events, given, REPORTED, "clue")
