"""Problems to measure with: registered in a campaign, assigned with their clocks; a decision.

A decision on a problem is a piece of evidence put on it: one object, as a paper that is filed in a
campaign. A problem takes sixty of them, so calls go to many problems in turns.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any, Final

from bench.campaigns import a_campaign, sample, shared, start_of
from bench.ground import Ground
from duban.contracts import ProblemAsked, ProblemInput, Receipt, problem_stream
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.campaign.creation import CampaignStart
from duban.domain.entity.command import Command
from duban.domain.entity.records import EvidenceKind
from duban.domain.plan import PlannedUnit
from duban.domain.problem import commands as c
from duban.domain.problem.creation import ProblemStart, create
from duban.domain.problem.problem import Problem
from duban.domain.problem.registration import Registration
from duban.domain.problem.state import Register
from duban.domain.problem.words import ProblemSource, ProblemType, RectifyClass
from duban.domain.roles import UNIT_ROLES, Actor, Person, Role
from duban.gateway import CampaignGateway
from duban.store.given import concerned
from duban.store.pool import connected

UNITS: Final = 60
"""Units of a campaign with very many problems."""
CALLERS: Final = 8
PATIENCE_SECONDS: Final = 600.0
_PAUSE_SECONDS: Final = 0.2
_QUIET: Final = timedelta(hours=1)

_FIRST: Final = "U01"
_numbers = itertools.count(1)


def with_units(start: CampaignStart, count: int = UNITS) -> CampaignStart:
    """Return a start whose plan has so many units, each with leader, deputy and liaison."""
    plan = start.plan
    posts = [each for each in plan.people if each.unit == _FIRST and each.role in UNIT_ROLES]
    codes = [f"W{nth:02}" for nth in range(count - len(plan.units))]
    units = [PlannedUnit(code=each, name=f"市某某局{each}") for each in codes]
    people = [_moved(each, code) for code in codes for each in posts]
    more = {"units": (*plan.units, *units), "people": (*plan.people, *people)}
    return start.model_copy(update={"plan": plan.model_copy(update=more)})


def _moved(person: Person, unit: str) -> Person:
    return person.model_copy(update={"id": person.id.replace(_FIRST, unit), "unit": unit})


def _request() -> str:
    return f"bench-problem-{next(_numbers):08}"


def _body(role: Role) -> Actor:
    person = next(each for each in sample()[0].people if each.role is role)
    return Actor(id=person.id, role=person.role, unit=person.unit)


@cache
def given(unit: str = _FIRST) -> Register:
    """Return what the register has of the bodies and of one unit."""
    people = with_units(start_of("-")).plan.people
    return Register(people=tuple(p for p in people if p.role not in UNIT_ROLES or p.unit == unit))


def a_registration(unit: str = _FIRST) -> Registration:
    """Return what is said of a problem when it is found."""
    return Registration(
        title="不动产登记3号窗口午间无人值守",
        description="暗访时3号窗口工作人员离岗27分钟,无顶岗人员,群众等候12人,叫号系统未提示。",
        source=ProblemSource.INSPECTION,
        source_ref="暗访记录17号",
        found_on=sample()[0].launch_on.isoformat(),
        unit=unit,
    )


def _way(unit: str = _FIRST) -> list[Command]:
    """Return what brings a problem to its unit: triage and assignment."""
    named: dict[str, Any] = {
        "unit": unit,
        "principal_leader": f"{unit}-L1",
        "handler": f"{unit}-H1",
    }
    judged: dict[str, Any] = {
        "problem_type": ProblemType.SLOW_ACTION,
        "rectify_class": RectifyClass.TIME_LIMITED,
        "target": "窗口全时段有人值守",
    }
    office = _body(Role.OFFICE)
    return [
        c.TriageProblem(**judged, actor=office, request_id=_request()),
        c.AssignProblem(**named, actor=office, basis_doc="交办单1号", request_id=_request()),
    ]


def a_decision(unit: str = _FIRST) -> c.AddEvidence:
    """Return a decision of a unit: evidence on its problem."""
    number = next(_numbers)
    return c.AddEvidence(
        actor=Actor(id=f"{unit}-H1", role=Role.LIAISON, unit=unit),
        request_id=_request(),
        kind=EvidenceKind.PROCESS,
        title="3号窗口叫号系统日志",
        digest=f"{number:064x}",
        size=20_480,
        media_type="text/plain",
        source="叫号系统导出",
    )


async def register(gateway: CampaignGateway, campaign: str, unit: str = _FIRST) -> str:
    """Register a problem and return its number; it is opened soon after."""
    by = _body(Role.SUPERVISION_GROUP)
    said = RegisterProblem(registration=a_registration(unit), actor=by, request_id=_request())
    return (await gateway.execute(campaign, said)).object_id


async def send(gateway: CampaignGateway, no: str, command: Command, unit: str) -> Receipt:
    """Have a command about a problem carried out."""
    known = Register(people=concerned(command, given(unit).people))
    asked = ProblemAsked.model_validate({"command": command, "given": known})
    return await gateway.execute_problem(no, asked)


async def assign(gateway: CampaignGateway, no: str, unit: str = _FIRST) -> None:
    """Triage a problem that is open and hand it to its unit."""
    for command in _way(unit):
        await send(gateway, no, command, unit)


async def decide(gateway: CampaignGateway, no: str, unit: str = _FIRST) -> Receipt:
    """Take one decision; the answer comes after the commit."""
    return await send(gateway, no, a_decision(unit), unit)


async def assigned(ground: Ground, count: int) -> list[str]:
    """Return so many problems of a new campaign, handed to their unit with their clocks."""
    campaign = await a_campaign(ground.gateway)
    registering = [partial(register, ground.gateway, campaign)] * count
    await shared(registering, CALLERS)
    await reached(partial(opened, ground, campaign), count)
    numbers = [f"{campaign}-{serial:04d}" for serial in range(1, count + 1)]
    await shared([partial(assign, ground.gateway, no) for no in numbers], CALLERS)
    return numbers


async def opened(ground: Ground, campaign: str) -> int:
    """Return how many problems of a campaign have their first entry on the trail."""
    question = "SELECT count(*) FROM audit.stream WHERE stream LIKE $1"
    async with connected(ground.postgres.dsn("bench")) as connection:
        return int(await connection.fetchval(question, problem_stream(f"{campaign}-%")))


async def reached(count: Callable[[], Awaitable[int]], wanted: int) -> None:
    """Return when a count is reached. Raises `TimeoutError` when it is not in ten minutes."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while await count() < wanted:  # noqa: ASYNC110 - another process sets no event of ours
            await asyncio.sleep(_PAUSE_SECONDS)


def handed_out(no: str, start: CampaignStart, unit: str = _FIRST) -> Problem:
    """Return a problem of a campaign that is with its unit, all of it still unrecorded."""
    made = ProblemStart(
        no=no,
        campaign=start.plan.no,
        registration=a_registration(unit),
        lead_body=start.plan.lead_body,
        policy=start.policy,
        calendar=start.calendar,
        given=given(unit),
        mode=start.mode,
        actor=_body(Role.SUPERVISION_GROUP),
        request_id=_request(),
    )
    now = datetime.now(UTC) + start.clock_offset
    problem = Problem(create(made, now=now))
    for command in _way(unit):
        problem.handle(command, now=now)
    return problem


def asleep(no: str, campaign: str) -> ProblemInput:
    """Return what a problem goes on from that is with its unit: recorded, told, its clock set."""
    start = start_of(campaign)
    problem = handed_out(no, start)
    # An hour on, so that no clock rings while it is looked at.
    problem.tick(now=datetime.now(UTC) + start.clock_offset + _QUIET)
    problem.recorded(len(problem.state.unrecorded))
    return ProblemInput(state=problem.state, clock_offset=start.clock_offset, told=True)
