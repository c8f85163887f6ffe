"""How an inspection comes to be: numbered by its campaign, with its authority or waiting for it."""

from datetime import datetime

from duban.domain.entity.given import LinkedRegister, MemberStart
from duban.domain.entity.state import begun
from duban.domain.inspection.kinds import check_order, require_entitled, rule_of
from duban.domain.inspection.records import InspectionRecord, Order
from duban.domain.inspection.state import InspectionState
from duban.domain.inspection.words import InspectionState as S
from duban.domain.inspection.work import Work

ORDERED = "inspection:inspection:ordered"


class InspectionStart(MemberStart):
    """Everything an inspection is made from; its campaign has checked and numbered it."""

    order: Order
    given: LinkedRegister


def create(start: InspectionStart, *, now: datetime) -> InspectionState:
    """Return the state of a new inspection, its first event unrecorded.

    A planned kind is PLANNED, another comes with its authority. Raises `RuleViolation` for an
    order that its campaign should not have let through (`check_order`, `require_entitled`).
    """
    order = start.order
    check_order(order, start.policy)
    if not rule_of(order.kind).planned:
        require_entitled(order, order.body_kind)
    state = InspectionState.empty(start)
    work = Work(state, start.actor, now, start.request_id)
    work.put(start.no, _record(start, now))
    work.say(ORDERED, basis_doc=order.authorising_doc or None)
    return begun(state, work.events)


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
