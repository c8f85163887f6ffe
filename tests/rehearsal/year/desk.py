"""Everybody's desk in the year: commands go in one by one, the ledger is asked for many at once."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import datetime, timedelta
from itertools import count
from typing import Any, Final

from pydantic import TypeAdapter

from duban.contracts import Receipt, campaign_stream, inspection_stream
from duban.domain.campaign.commands import AnyCommand
from duban.domain.draw.drawing import Target
from duban.domain.entity.given import LinkedRegister
from duban.domain.inspection.commands import AnyInspectionCommand
from duban.domain.model import Document
from duban.domain.roles import UNIT_ROLES, Actor, Person
from duban.errors import Unavailable
from duban.inspection_contracts import InspectionAsked
from duban.proof.sealing import OpeningKey
from duban.rehearsal import Rehearsal
from duban.rehearsal.theatre import Theatre
from duban.store import ledger

_COMMANDS: Final = TypeAdapter[AnyCommand](AnyCommand)
_ABOUT: Final = TypeAdapter[AnyInspectionCommand](AnyInspectionCommand)
_LEADER: Final = "team-leader"
PATIENCE: Final = 60.0
"""Seconds of real time within which what was done is known to all whom it concerns."""
_PAUSE: Final = 0.02
_AT_ONCE: Final = 32

_STATES: Final = """
SELECT id, doc ->> 'state' AS state FROM ledger.object WHERE kind = 'inspection' AND scope = ANY($1)
"""
_UNHEARD: Final = """
SELECT count(*) FROM ledger.object AS i
JOIN ledger.object AS l ON l.kind = 'inspection_line' AND l.scope = $2 AND l.id = i.id
WHERE i.kind = 'inspection' AND i.scope = ANY($1)
  AND (i.doc ->> 'state', i.doc ->> 'is_over') IS DISTINCT FROM
      (l.doc ->> 'state', l.doc ->> 'is_over')
"""


class Desk:
    """Sends the commands of one campaign and of its inspections, and waits for what they cause."""

    def __init__(self, stage: Theatre, rehearsal: Rehearsal, offset: timedelta) -> None:
        self.stage = stage
        self.offset = offset
        self.no = rehearsal.plan.no
        self._people = {each.id: each for each in rehearsal.plan.people}
        told = tuple(e for e in rehearsal.plan.people if e.role not in UNIT_ROLES)
        self._register = LinkedRegister(people=told)
        self._numbers = count(1)
        self._door = asyncio.Semaphore(_AT_ONCE)
        self._touched = set[str]()

    def actor(self, person: str) -> Document:
        """Return somebody of the register as an actor."""
        held: Person = self._people[person]
        return Actor(id=held.id, role=held.role, unit=held.unit).plain()

    def _said(self, do: str, by: str, fields: dict[str, Any]) -> dict[str, Any]:
        request_id = f"year-{next(self._numbers):07}"
        return {"type": do, "actor": self.actor(by), "request_id": request_id, **fields}

    async def campaign(self, do: str, by: str, **fields: Any) -> Receipt:
        """Carry a command of the campaign out. Raises `RuleViolation`."""
        command = _COMMANDS.validate_python(self._said(do, by, fields))
        return await self.stage.gateway.execute(self.no, command)

    async def order(self, by: str, **fields: Any) -> list[str]:
        """Send the signal of a spot check; return what it opened, nothing where it was refused."""
        order = self._said("", by, fields)
        del order["type"]
        await self.stage.gateway.order_spot_check(self.no, order)
        await self.stage.gateway.settle(self.no)
        where: Document = {"authorising_doc": fields["authorising_doc"]}
        found = await ledger.objects(self.stage.reader, "spot_check", scope=self.no, where=where)
        return [str(no) for each in found for no in _listed(each.doc["inspections"])]

    async def about(self, no: str, do: str, by: str, **fields: Any) -> Receipt:
        """Carry a command about an inspection out. Raises `RuleViolation`."""
        command = _ABOUT.validate_python(self._said(do, by, fields))
        asked = InspectionAsked(command=command, given=self._register)
        async with self._door:
            return await self.stage.gateway.execute_inspection(no, asked, just_ordered=True)

    async def released(self, no: str, leader: str) -> Target:
        """Have a target released to its leader, handed over, and opened."""
        key = OpeningKey.make(_LEADER)
        public = key.public.public.hex()
        await self.about(no, "release_target", leader, key=public)
        async with self._door:
            box = (await self.stage.gateway.hand(no, public)).box
        return Target.model_validate_json(key.open(bytes.fromhex(box)).body)

    async def drawn_as(self, draw: str, *wanted: str) -> str:
        """Wait until a draw is in one of some states; return the one it is in."""

        async def state() -> str:
            row = await ledger.one(self.stage.reader, "draw", self.no, draw)
            return str(row.doc["state"]) if row else ""

        found = ""

        async def is_there() -> bool:
            nonlocal found
            found = await state()
            return found in wanted

        await self._until(is_there, draw)
        return found

    async def states(self, numbers: Collection[str]) -> dict[str, str]:
        """Return the states of inspections."""
        rows = await self.stage.reader.fetch(_STATES, _streams(numbers))
        return {row["id"]: row["state"] for row in rows}

    async def reached(self, numbers: Collection[str], *wanted: str) -> None:
        """Wait until inspections are in one of some states, and their campaign has heard of it."""

        async def are_there() -> bool:
            found = await self.states(numbers)
            return len(found) == len(numbers) and set(found.values()) <= set(wanted)

        await self._until(are_there, str(sorted(numbers)[:3]))
        await self.heard(numbers)

    async def heard(self, numbers: Collection[str]) -> None:
        """Wait until the campaign knows how inspections stand."""

        async def is_known() -> bool:
            asked = (_UNHEARD, _streams(numbers), self.no)
            return not await self.stage.reader.fetchval(*asked)

        await self._until(is_known, "heard")
        self._touched.update(numbers)

    async def rest(self) -> None:
        """Wait until nobody is at work any more: the clock may move only then.

        A workflow whose task is under way while hours pass loses it, and follows the trail. An
        answer comes behind what was under way before it.
        """
        touched, self._touched = self._touched, set()
        await asyncio.gather(*(self._answered(each) for each in sorted(touched)))
        await self.stage.gateway.settle(self.no)

    async def _answered(self, no: str) -> None:
        async with self._door:
            await self.stage.gateway.inspection_summary(no)

    async def now(self) -> datetime:
        """Return the business time."""
        return await self.stage.environment.get_current_time() + self.offset

    async def _until(self, holds: Callable[[], Awaitable[bool]], what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not await holds():  # noqa: ASYNC110 -- it sets no event of ours
                    await asyncio.sleep(_PAUSE)
        except TimeoutError as error:
            raise Unavailable("temporal.pending", request_id=what) from error

    async def hand_in(self, lists: Any) -> Document:
        """Hand the lists of a draw in sealed."""
        kept = await self.stage.sealed.hand_in(campaign_stream(self.no), lists)
        return kept.plain()


def _streams(numbers: Iterable[str]) -> list[str]:
    return [inspection_stream(each) for each in numbers]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
