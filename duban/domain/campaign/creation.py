"""How a campaign comes to be: from a plan, a calendar and one ruler, in one first event."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import Field

from duban.domain.calendars import Calendar
from duban.domain.campaign.clocks import require_reach
from duban.domain.campaign.commands import RequestId
from duban.domain.campaign.records import CampaignRecord, Goal, PhaseRecord, Task, UnitRecord
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.work import Work
from duban.domain.counting import local_date
from duban.domain.entity.permits import authorise
from duban.domain.entity.state import begun
from duban.domain.errors import Code, RuleViolation
from duban.domain.limits import DeadlineCode
from duban.domain.model import Model
from duban.domain.plan import CampaignPlan
from duban.domain.plan_rules import problems_of
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Action, Actor, Right, Role


class CampaignStart(Model):
    """Everything a new campaign is made from. `clock_offset` is zero on a live database."""

    plan: CampaignPlan
    calendar: Calendar
    policy: PolicyVersion = Field(default_factory=PolicyVersion)
    mode: str
    clock_offset: timedelta = timedelta(0)
    actor: Actor
    request_id: RequestId


def check_start(start: CampaignStart, *, now: datetime) -> None:
    """Refuse a start that cannot be: a shifted clock on a live record, a faulty or past plan.

    Raises `RuleViolation` CLOCK_OFFSET_ON_LIVE, PLAN_INVALID, PLAN_IN_PAST, PLAN_TOO_LARGE (its
    state could not travel between two runs) or CALENDAR_OUT_OF_RANGE.
    """
    if start.mode == "live" and start.clock_offset:
        raise RuleViolation(Code.CLOCK_OFFSET_ON_LIVE)
    problems = problems_of(start.plan, start.calendar, start.policy)
    if problems:
        raise RuleViolation(
            Code.PLAN_INVALID,
            missing=[f"{each.kind} {each.id} {each.field}: {each.code}" for each in problems],
        )
    today = local_date(now)
    size, limit = len(start.plan.model_dump_json().encode()), start.policy.max_plan_bytes
    if size > limit:
        raise RuleViolation(Code.PLAN_TOO_LARGE, missing=[f"{size} > {limit} bytes"])
    require_reach(start.calendar, min(today, start.plan.launch_on), start.plan.close_on)
    if start.plan.launch_on < today:
        raise RuleViolation(
            Code.PLAN_IN_PAST,
            launch_on=start.plan.launch_on.isoformat(),
            today=today.isoformat(),
        )


_CHUNK = 25
"""Objects per entry of the register, so that an entry stays well below the trail's 64 KiB."""


def create(start: CampaignStart, *, now: datetime) -> CampaignState:
    """Return the state of a new campaign in DRAFT, its first events unrecorded (c.1).

    Raises what `check_start` raises, and the refusals of b.3 row 1 for who may create.
    """
    check_start(start, now=now)
    state = CampaignState(mode=start.mode, policy=start.policy)
    work = Work(state, start.actor, now, start.request_id)
    on = ("campaign", start.plan.no)
    work.put(str(start.calendar.version), start.calendar)
    work.put(start.plan.no, _record_of(start))
    work.say_only("policy", start.policy.version, start.policy.plain())
    work.open_deadline(DeadlineCode.DRAFT_AGE, on, Role.OFFICE)
    work.emit("campaign:campaign:created", on, basis_doc=start.plan.basis_doc)
    objects = list(_objects(start.plan))
    for first in range(0, len(objects), _CHUNK):
        for key, value in objects[first : first + _CHUNK]:
            work.put(key, value)
        work.emit("campaign:register:recorded", on)
    authorise(work, Action.CREATE_CAMPAIGN, Right.CREATE)
    return begun(state, work.events)


def _record_of(start: CampaignStart) -> CampaignRecord:
    plan = start.plan
    shared = set(CampaignRecord.model_fields) & set(CampaignPlan.model_fields)
    return CampaignRecord(
        **{name: getattr(plan, name) for name in shared},
        mode=start.mode,
        policy_version=start.policy.version,
        policy_digest=start.policy.digest,
        calendar_version=start.calendar.version,
    )


def _objects(plan: CampaignPlan) -> Iterator[tuple[str, Model]]:
    for person in plan.people:
        yield person.key, person
    for unit in plan.units:
        yield unit.code, UnitRecord(**unit.__dict__)
    for phase in plan.phases:
        yield str(phase.no), PhaseRecord(**phase.__dict__, original_ends_on=phase.ends_on)
    for task in plan.tasks:
        yield task.no, Task(**task.__dict__)
    for goal in plan.goals:
        yield goal.id, Goal(**goal.__dict__)
