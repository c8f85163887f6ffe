"""Campaigns to measure with, made from a sample plan; a cheap decision; the floor's twins."""

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from datetime import time as clock
from functools import cache
from typing import Any

from pydantic import BaseModel
from temporalio.client import WorkflowHandle

from bench.floor import Bare
from bench.ground import ROOT, Ground
from duban.contracts import CampaignInput, Mode, Receipt, Record
from duban.domain.calendars import Calendar
from duban.domain.campaign.commands import DocumentKind, Establish, FileDocument
from duban.domain.campaign.creation import CampaignStart
from duban.domain.counting import SHANGHAI
from duban.domain.events import Change, Event
from duban.domain.plan import CampaignPlan
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor, Role
from duban.gateway import CampaignGateway
from duban.seeds import amended_2019_calendar
from duban.workbook import read_plan

Call = Callable[[], Awaitable[Any]]
"""Something to be measured: one call, made anew each time."""

_numbers = itertools.count(1)


@cache
def sample(name: str = "business") -> tuple[CampaignPlan, Calendar]:
    """Return a sample plan and the calendar it lies in."""
    calendar = amended_2019_calendar()
    path = ROOT / "examples" / f"{name}.xlsx"
    return read_plan(path, calendar=calendar, policy=PolicyVersion()), calendar


def _actor(role: Role) -> Actor:
    person = next(each for each in sample()[0].people if each.role is role)
    return Actor(id=person.id, role=person.role, unit=person.unit)


def start_of(no: str) -> CampaignStart:
    """Return the start of a campaign whose business time begins on its launch day, now."""
    plan, calendar = sample()
    opens_at = datetime.combine(plan.launch_on, clock(9), SHANGHAI)
    return CampaignStart(
        plan=plan.model_copy(update={"no": no}),
        calendar=calendar,
        mode="rehearsal",
        clock_offset=opens_at - datetime.now(UTC),
        actor=_actor(Role.OFFICE),
        request_id=f"bench-start-{no}",
    )


def a_decision() -> FileDocument:
    """Return a decision of an office: a document is put on file."""
    number = next(_numbers)
    return FileDocument(
        actor=_actor(Role.OFFICE),
        request_id=f"bench-{number:08}",
        kind=DocumentKind.OTHER,
        doc_no=f"整办〔2019〕{number}号",
        title="关于报送重点任务推进情况的通知",
    )


def an_entry(stream: str, seq: int, *, changes: bool) -> Record:
    """Return the trail's record of a filed document, with or without its two ledger changes."""
    key = f"F{seq:05}"
    document = {
        "id": key,
        "kind": "other",
        "doc_no": f"整办〔2019〕{seq}号",
        "title": "关于报送重点任务推进情况的通知",
        "filed_by": "OF-1",
        "filed_on": "2019-03-04",
    }
    filed = Change(kind="document", id=key, after={**document})
    before, after = {"documents_filed": seq}, {"documents_filed": seq + 1}
    counted = Change(kind="campaign", id=stream, before={**before}, after={**after})
    event = Event(
        seq=seq,
        tag="campaign:document:filed",
        occurred_at=datetime.now(UTC),
        actor=_actor(Role.OFFICE),
        object_type="document",
        object_id=key,
        basis_doc=str(document["doc_no"]),
        request_id=f"bench-{seq:08}",
        policy_version="2019-1",
        calendar_version=2,
        detail={} if changes else {"document": {**document}, "before": {**before}},
        changes=(filed, counted) if changes else (),
    )
    return Record(stream=stream, campaign=stream, mode=Mode.REHEARSAL, events=(event,))


async def a_campaign(gateway: CampaignGateway, *, established: bool = True) -> str:
    """Start a campaign, found its leading group, and return its number."""
    no = f"BENCH-{next(_numbers):06}"
    await gateway.start(start_of(no))
    if established:
        await establish(gateway, no)
    return no


async def establish(gateway: CampaignGateway, no: str) -> None:
    """Found a campaign's leading group."""
    by, request = _actor(Role.LEADING_GROUP), f"bench-found-{no}"
    await gateway.execute(no, Establish(actor=by, request_id=request, doc_no="会议纪要1号"))


async def a_twin(ground: Ground, queue: str | None = None) -> WorkflowHandle[Any, Any]:
    """Start the floor's entity with a payload as large as a campaign's."""
    start = start_of("BENCH-000000")
    payload = CampaignInput(start=start, clock_offset=start.clock_offset)
    return await a_twin_of(ground, payload, queue)


async def a_twin_of(
    ground: Ground, payload: BaseModel, queue: str | None = None
) -> WorkflowHandle[Any, Any]:
    """Start the floor's entity with a payload as large as an entity's."""
    return await ground.bare.start_workflow(
        Bare.run,
        payload.model_dump(mode="json"),
        id=f"bare-{next(_numbers):06}",
        task_queue=queue or ground.floor_queue,
    )


async def decide(gateway: CampaignGateway, no: str) -> Receipt:
    """Take one decision; the answer comes after the commit."""
    return await gateway.execute(no, a_decision())


async def bare_update(twin: WorkflowHandle[Any, Any], update: Any) -> None:
    """Send the floor an update of the same size, one of those of `Bare`."""
    command = a_decision()
    await twin.execute_update(update, command.plain(), id=command.request_id)


async def latencies(call: Call, count: int) -> list[float]:
    """Make `count` calls one after the other and return how long each took, in milliseconds."""
    taken = []
    for _ in range(count):
        began = time.perf_counter()
        await call()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


async def rate(calls: Sequence[Call], callers: int) -> float:
    """Let `callers` tasks share the calls; return calls answered per second."""
    began = time.perf_counter()
    await shared(calls, callers)
    return len(calls) / (time.perf_counter() - began)


async def shared(calls: Iterable[Call], callers: int) -> None:
    """Let `callers` tasks take call after call until none is left."""
    left = iter(calls)

    async def caller() -> None:
        for call in left:
            await call()

    await asyncio.gather(*(caller() for _ in range(callers)))
