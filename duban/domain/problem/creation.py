"""How a problem comes to be: registered by its campaign, under a number never used again."""

from datetime import datetime

from duban.domain.entity.given import MemberStart
from duban.domain.entity.state import begun
from duban.domain.problem.records import ProblemRecord
from duban.domain.problem.registration import Registration
from duban.domain.problem.state import ProblemState, Register
from duban.domain.problem.work import Work
from duban.domain.roles import Role

REGISTERED = "problem:problem:registered"


class ProblemStart(MemberStart):
    """Everything a problem is made from; its campaign has checked and numbered it."""

    registration: Registration
    lead_body: Role
    given: Register


def create(start: ProblemStart, *, now: datetime) -> ProblemState:
    """Return the state of a new problem in REGISTERED, its first event unrecorded (d.1)."""
    state = ProblemState.empty(start)
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
    return begun(state, work.events)
