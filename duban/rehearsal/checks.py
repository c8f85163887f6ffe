"""Inspections and their draws in a rehearsal: lists sealed, targets handed over and opened.

A target is learnt in a rehearsal as it is in earnest: by the leader alone, who has it sealed to a
key made a moment ago. How far a draw has come is what the ledger tells.
"""

from functools import partial
from typing import Any, Final

from pydantic import TypeAdapter

from duban.contracts import Receipt, campaign_stream, inspection_stream
from duban.domain.campaign.draw_records import DrawState
from duban.domain.draw.drawing import Target
from duban.domain.draw.places import Lists
from duban.domain.events import Event
from duban.domain.inspection.commands import AnyInspectionCommand
from duban.domain.inspection.standing import is_news
from duban.domain.inspection.tables import BEFORE_SITE
from duban.domain.inspection.words import InspectionState
from duban.domain.model import Document
from duban.proof.sealing import OpeningKey
from duban.rehearsal.books import Book
from duban.store import trail
from duban.store.given_inspections import asked_about_inspection

_COMMANDS: TypeAdapter[AnyInspectionCommand] = TypeAdapter(AnyInspectionCommand)
_LEADER: Final = "team-leader"
_ORDERED: Final = "campaign:spot_check:ordered"
_UNDER_WAY: Final = {
    "open_inspection_draw": DrawState.ASKED,
    "witness_draw": DrawState.WITNESSED,
    "reveal_draw": DrawState.DRAWN,
}
"""Commands after which something is done outside for a draw, each with the state it leaves."""


class Inspections(Book):
    """The inspections of a campaign, and what their leaders have learnt of their targets."""

    def stream(self, no: str) -> str:
        """Return the stream of an inspection."""
        return inspection_stream(no)

    async def opened(self, no: str) -> None:
        """Wait until the campaign has opened the inspection."""
        await self._there("inspection", no)

    async def carry_out(self, no: str, fields: Document) -> Receipt:
        """Carry a command out; a target that is released is opened by who released it."""
        key = OpeningKey.make(_LEADER)
        if fields["type"] == "release_target":
            fields = {"key": key.public.public.hex(), **fields}
        command = _COMMANDS.validate_python(fields)
        [row] = await self._look("inspection", None, {"no": no})
        asked = await asked_about_inspection(self._look, row, command, await self._people())
        receipt = await self._stage.gateway.execute_inspection(no, asked)
        if command.type == "release_target":
            handed = await self._stage.gateway.hand(no, key.public.public.hex())
            self._learn(no, Target.model_validate_json(key.open(bytes.fromhex(handed.box)).body))
        if command.type == "check_in":
            await self._until(no, partial(self._is_there, no))
        return receipt

    def _learn(self, no: str, target: Target) -> None:
        told = target.model_dump(include={"site", "name", "unit", "address"})
        team = {f"inspector{place}": each for place, each in enumerate(target.inspectors, start=1)}
        self.learnt[no] = {**told, **team}

    async def _is_there(self, no: str) -> bool:
        [row] = await self._look("inspection", None, {"no": no})
        return InspectionState(row["state"]) not in BEFORE_SITE

    async def rest(self, no: str) -> None:
        """Wait until the campaign knows how the inspection stands."""
        [row] = await self._look("inspection", None, {"no": no})
        if not row["is_over"]:
            await self._stage.gateway.settle_inspection(no)
        said = await self._events(no)
        await self._heard("inspection_line", no, max(each.seq for each in said if is_news(each)))

    async def ordered(self, request_id: str) -> list[str]:
        """Return the inspections that an order opened, once they take commands."""
        said = await trail.stream_events(self._stage.reader, campaign_stream(self._campaign))
        numbers = [no for each in said if _is_of(each, request_id) for no in _opened(each)]
        for no in numbers:
            await self.opened(no)
        return numbers

    async def sealed(self, fields: Document) -> Document:
        """Return a command of a draw with its `lists` handed in sealed, as an operator would."""
        given: Any = {name: value for name, value in fields.items() if name != "lists"}
        if "lists" not in fields:
            return dict(given)
        lists = Lists.model_validate(fields["lists"]).in_order()
        kept = await self._stage.sealed.hand_in(campaign_stream(self._campaign), lists)
        return {**given, **kept.plain()}

    async def settled(self, command: str, receipt: Receipt) -> None:
        """Wait until what a command has done outside for a draw of inspections is done."""
        if command not in _UNDER_WAY:
            return
        draw = receipt.object_id
        await self._until(draw, partial(self._is_done, draw, _UNDER_WAY[command]))
        for row in await self._look("inspection_line", self._campaign, {"draw": draw}):
            if command == "witness_draw":
                await self._until(draw, partial(self._is_told, str(row["no"])))

    async def _is_done(self, draw: str, under_way: DrawState) -> bool:
        [row] = await self._look("draw", self._campaign, {"no": draw})
        return bool(row["purpose"] != "inspection" or row["state"] != under_way)

    async def _is_told(self, no: str) -> bool:
        [row] = await self._look("inspection", None, {"no": no})
        return bool(row["state"] != InspectionState.AUTHORISED)


def _is_of(event: Event, request_id: str) -> bool:
    return event.tag == _ORDERED and event.request_id == request_id


def _opened(event: Event) -> list[str]:
    found = (each.after.get("inspections") for each in event.changes)
    return [str(no) for numbers in found if isinstance(numbers, list) for no in numbers]
