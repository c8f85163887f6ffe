"""How an inspection comes to be: numbered by its campaign, with its authority or waiting for it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from duban.domain.calendars import Calendar
from duban.domain.entity.answers import from_beginning
from duban.domain.entity.command import RequestId
from duban.domain.entity.state import apply
from duban.domain.events import Event
from duban.domain.inspection.kinds import check_order, require_entitled, rule_of
from duban.domain.inspection.records import InspectionRecord, Order
from duban.domain.inspection.state import InspectionRegister, InspectionState
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.work import Work
from duban.domain.model import Ident, Model
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor

ORDERED = "inspection:inspection:ordered"


class InspectionStart(Model):
    """Everything an inspection is made from; its campaign has checked and numbered it."""

    no: Ident
    campaign: Ident
    order: Order
    policy: PolicyVersion
    calendar: Calendar
    given: InspectionRegister
    mode: str
    clock_offset: timedelta = timedelta(0)
    actor: Actor
    request_id: RequestId


def create(start: InspectionStart, *, now: datetime) -> InspectionState:
    """Return the state of a new inspection, its first event unrecorded.

    A planned kind is PLANNED, another comes with its authority. Raises `RuleViolation` for an
    order that its campaign should not have let through (`check_order`, `require_entitled`).
    """
    order = start.order
    check_order(order, start.policy)
    if not rule_of(order.kind).planned:
        require_entitled(order, order.body_kind)
    state = InspectionState(
        mode=start.mode,
        policy=start.policy,
        calendar={str(start.calendar.version): start.calendar},
    )
    state.be_given(start.given)
    work = Work(state, start.actor, now, start.request_id)
    work.put(start.no, _record(start, now))
    work.say(ORDERED, basis_doc=order.authorising_doc or None)
    for event in work.events:
        apply(state, event)
    state.unrecorded.extend(work.events)
    return state


def _record(start: InspectionStart, now: datetime) -> InspectionRecord:
    by, planned = start.actor, rule_of(start.order.kind).planned
    return InspectionRecord(
        no=start.no,
        campaign=start.campaign,
        order=start.order,
        ordered_by=by.id,
        ordered_role=by.role,
        ordered_at=now,
        policy_version=start.policy.version,
        policy_digest=start.policy.digest,
        calendar_version=start.calendar.version,
        state=S.PLANNED if planned else S.AUTHORISED,
        authorised_by=None if planned else by.id,
        authorised_role=None if planned else by.role,
    )


def restored(events: Iterable[Event], given: InspectionState) -> InspectionState:
    """Return the state that the events lead to; what was given is taken from `given`.

    Raises:
        RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its order.
    """
    return from_beginning(events, given, ORDERED, "inspection")
