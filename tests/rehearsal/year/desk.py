"""Everybody's desk in the year: commands go in one by one, the ledger is asked for many at once."""

import asyncio
from collections.abc import Collection
from datetime import datetime
from itertools import count
from typing import Any, Final

from pydantic import TypeAdapter

from duban.contracts import Receipt, campaign_stream
from duban.domain.campaign.commands import AnyCommand
from duban.domain.draw.drawing import Target
from duban.domain.entity.given import LinkedRegister
from duban.domain.inspection.commands import AnyInspectionCommand
from duban.domain.model import Document
from duban.domain.roles import UNIT_ROLES, Actor, Person
from duban.inspection_contracts import InspectionAsked
from duban.proof.sealing import OpeningKey
from duban.rehearsal import Rehearsal
from duban.store import ledger
from tests.rehearsal.year.seasons import Seasons
from tests.rehearsal.year.standing import Standing

_COMMANDS: Final = TypeAdapter[AnyCommand](AnyCommand)
_ABOUT: Final = TypeAdapter[AnyInspectionCommand](AnyInspectionCommand)
_LEADER: Final = "team-leader"
_AT_ONCE: Final = 32


class Desk:
    """Sends the commands of one campaign and of its inspections, and waits for what they cause."""

    def __init__(self, rehearsal: Rehearsal, standing: Standing, seasons: Seasons) -> None:
        self.stage, self.no = standing.stage, standing.no
        self.seasons = seasons
        self._standing = standing
        self._people = {each.id: each for each in rehearsal.plan.people}
        told = tuple(e for e in rehearsal.plan.people if e.role not in UNIT_ROLES)
        self._register = LinkedRegister(people=told)
        self._numbers = count(1)
        self._door = asyncio.Semaphore(_AT_ONCE)

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
        return await self.seasons.outlasting(lambda: self.stage.gateway.execute(self.no, command))

    async def order(self, by: str, **fields: Any) -> list[str]:
        """Send the signal of a spot check; return what it opened, nothing where it was refused."""
        order = self._said("", by, fields)
        del order["type"]
        await self.seasons.outlasting(lambda: self._sent(order))
        where: Document = {"authorising_doc": fields["authorising_doc"]}
        found = await ledger.objects(self.stage.reader, "spot_check", scope=self.no, where=where)
        return [str(no) for each in found for no in _listed(each.doc["inspections"])]

    async def _sent(self, order: Document) -> None:
        await self.stage.gateway.order_spot_check(self.no, order)
        await self.stage.gateway.settle(self.no)

    async def about(self, no: str, do: str, by: str, **fields: Any) -> Receipt:
        """Carry a command about an inspection out. Raises `RuleViolation`."""
        command = _ABOUT.validate_python(self._said(do, by, fields))
        asked = InspectionAsked(command=command, given=self._register)

        async def carry_out() -> Receipt:
            return await self.stage.gateway.execute_inspection(no, asked, just_ordered=True)

        async with self._door:
            return await self.seasons.outlasting(carry_out)

    async def released(self, no: str, leader: str) -> Target:
        """Have a target released to its leader, handed over, and opened."""
        key = OpeningKey.make(_LEADER)
        public = key.public.public.hex()
        await self.about(no, "release_target", leader, key=public)
        async with self._door:
            handed = await self.seasons.outlasting(lambda: self.stage.gateway.hand(no, public))
        return Target.model_validate_json(key.open(bytes.fromhex(handed.box)).body)

    async def drawn_as(self, draw: str, *wanted: str) -> str:
        """Wait until a draw is in one of some states; return the one it is in."""
        return await self.seasons.outlasting(lambda: self._standing.drawn_as(draw, *wanted))

    async def states(self, numbers: Collection[str]) -> dict[str, str]:
        """Return the states of inspections."""
        return await self._standing.of(numbers)

    async def reached(self, numbers: Collection[str], *wanted: str) -> None:
        """Wait until inspections are in one of some states, and their campaign has heard of it."""
        await self.seasons.outlasting(lambda: self._standing.reached(numbers, *wanted))
        await self.heard(numbers)

    async def heard(self, numbers: Collection[str]) -> None:
        """Wait until the campaign knows how inspections stand."""
        await self.seasons.outlasting(lambda: self._standing.heard(numbers))

    async def rest(self) -> None:
        """Wait until nobody is at work any more: the clock may move only then."""
        await self.seasons.outlasting(self._standing.rest)

    async def now(self) -> datetime:
        """Return the business time."""
        return await self.seasons.now()

    async def hand_in(self, lists: Any) -> Document:
        """Hand the lists of a draw in sealed."""
        kept = await self.stage.sealed.hand_in(campaign_stream(self.no), lists)
        return kept.plain()


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
