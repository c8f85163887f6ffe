"""Tickets become problems: each number once in the whole programme, however often it is sent (O11).

A number is taken, its problem is registered under a request id made from it, and the number is
noted with its problem. Whatever breaks off in between, the next import goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Final

from duban.cli.services import Gateway, Intake, Reader
from duban.cli.session import Session
from duban.contracts import Receipt
from duban.domain.campaign.commands import RegisterProblem
from duban.domain.errors import Code, RuleViolation
from duban.domain.model import Document
from duban.domain.outside import Import
from duban.domain.problem.registration import Registration
from duban.domain.problem.words import ProblemSource
from duban.domain.roles import Person
from duban.domain.tickets import Taken, request_of

CHUNK: Final = 50
"""Tickets per entry of the trail; far fewer than the answers a campaign remembers."""

Wanted = Mapping[str, Registration]
"""The problems that tickets are to become, by the tickets' numbers."""


@dataclass(slots=True)
class Outcome:
    """What came of the tickets, by their numbers; `broken` is the first that had no answer."""

    new: dict[str, Receipt] = field(default_factory=dict)
    known: dict[str, Taken] = field(default_factory=dict)
    refused: dict[str, RuleViolation] = field(default_factory=dict)
    broken: BaseException | None = None


async def register_tickets(
    session: Session,
    asked: Import,
    wanted: Wanted,
    people: Sequence[Person],
    tell: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Register what nobody has registered yet; `tell` hears how many tickets are done.

    Raises:
        RuleViolation: the actor may not register problems; that is on the trail.
        Unavailable: no answer yet; what was registered until then is noted.
    """
    outcome = Outcome()
    async with _opened(session) as doors:
        for some in _chunks(wanted):
            await _one_chunk(doors, asked, some, people, outcome)
            if outcome.broken is not None:
                raise outcome.broken
            tell(len(some))
    return outcome


@dataclass(frozen=True, slots=True)
class _Doors:
    intake: Intake
    gateway: Gateway
    reader: Reader
    now: datetime


@asynccontextmanager
async def _opened(session: Session) -> AsyncIterator[_Doors]:
    services, settings = session.services, session.settings
    async with AsyncExitStack() as stack:
        yield _Doors(
            await stack.enter_async_context(services.intake(settings)),
            await stack.enter_async_context(services.gateway(settings)),
            await stack.enter_async_context(services.reader(settings)),
            services.now(),
        )


def _chunks(wanted: Wanted) -> Iterator[Wanted]:
    numbers = iter(wanted)
    while some := list(islice(numbers, CHUNK)):
        yield {no: wanted[no] for no in some}


async def _one_chunk(
    doors: _Doors, asked: Import, some: Wanted, people: Sequence[Person], outcome: Outcome
) -> None:
    known = await doors.intake.take(asked, tuple(some), (people, doors.now))
    done: dict[str, str] = {}
    wanting: dict[str, Registration] = {}
    for no, registration in some.items():
        taken = known.get(no)
        if taken is None:
            wanting[no] = registration
        elif taken.campaign != asked.campaign or taken.problem is not None:
            outcome.known[no] = taken
        elif found := await _problem_of(doors.reader, taken):
            # An import broke off between the problem and its note.
            outcome.known[no] = taken.model_copy(update={"problem": found})
            done[no] = found
        else:
            wanting[no] = registration
    answers = await asyncio.gather(
        *(_register(doors.gateway, asked, no, wanting[no]) for no in wanting),
        return_exceptions=True,
    )
    for no, answer in zip(wanting, answers, strict=True):
        _sort(outcome, asked, no, answer)
        if isinstance(answer, Receipt):
            done[no] = answer.object_id
    if done:
        await doors.intake.note(asked, done, doors.now)


async def _problem_of(reader: Reader, taken: Taken) -> str | None:
    wanted: Document = {"source": ProblemSource.HOTLINE.value, "source_ref": taken.no}
    rows = await reader.objects("problem", taken.campaign, wanted)
    return str(rows[0]["no"]) if rows else None


async def _register(gateway: Gateway, asked: Import, no: str, said: Registration) -> Receipt:
    command = RegisterProblem(registration=said, actor=asked.actor, request_id=request_of(no))
    return await gateway.execute(str(asked.campaign), command)


def _sort(outcome: Outcome, asked: Import, no: str, answer: Receipt | BaseException) -> None:
    """Put an answer where it belongs."""
    if isinstance(answer, Receipt):
        outcome.new[no] = answer
    elif isinstance(answer, RuleViolation) and answer.code is Code.REQUEST_REUSED:
        # Somebody else has registered it in this very moment.
        outcome.known[no] = Taken(no=no, campaign=str(asked.campaign))
    elif isinstance(answer, RuleViolation):
        outcome.refused[no] = answer
    else:
        outcome.broken = outcome.broken or answer
