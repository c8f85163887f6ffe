"""How a problem comes to be: registered by its campaign, under a number never used again."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from duban.domain.calendars import Calendar
from duban.domain.entity.answers import from_beginning
from duban.domain.entity.command import RequestId
from duban.domain.entity.state import apply
from duban.domain.events import Event
from duban.domain.model import Ident, Model
from duban.domain.policy import PolicyVersion
from duban.domain.problem.records import ProblemRecord
from duban.domain.problem.registration import Registration
from duban.domain.problem.state import ProblemState, Register
from duban.domain.problem.work import Work
from duban.domain.roles import Actor, Role

REGISTERED = "problem:problem:registered"


class ProblemStart(Model):
    """Everything a problem is made from; its campaign has checked and numbered it."""

    no: Ident
    campaign: Ident
    registration: Registration
    lead_body: Role
    policy: PolicyVersion
    calendar: Calendar
    given: Register
    mode: str
    clock_offset: timedelta = timedelta(0)
    actor: Actor
    request_id: RequestId


def create(start: ProblemStart, *, now: datetime) -> ProblemState:
    """Return the state of a new problem in REGISTERED, its first event unrecorded (d.1)."""
    state = _empty(start)
    work = Work(state, start.actor, now, start.request_id)
    said = start.registration
    record = ProblemRecord(
        **said.model_dump(),
        no=start.no,
        campaign=start.campaign,
        registered_by=start.actor.id,
        registered_role=start.actor.role,
        lead_body=start.lead_body,
        policy_version=start.policy.version,
        policy_digest=start.policy.digest,
        calendar_version=start.calendar.version,
    )
    work.put(start.no, record)
    work.emit(REGISTERED, ("problem", start.no), unit=said.unit)
    for event in work.events:
        apply(state, event)
    state.unrecorded.extend(work.events)
    return state


def _empty(start: ProblemStart) -> ProblemState:
    state = ProblemState(
        mode=start.mode,
        policy=start.policy,
        calendar={str(start.calendar.version): start.calendar},
    )
    state.be_given(start.given)
    return state


def restored(events: Iterable[Event], given: ProblemState) -> ProblemState:
    """Return the state that a problem's events lead to; what it was given is taken from `given`.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its registration.
    """
    return from_beginning(events, given, REGISTERED, "problem")
