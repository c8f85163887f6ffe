"""What the address books of a rehearsal share: entities that are workflows of their own."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Final

from duban.contracts import Receipt
from duban.domain.events import Event
from duban.domain.model import Document
from duban.domain.roles import Person
from duban.errors import Unavailable
from duban.rehearsal.theatre import Theatre
from duban.store import ledger, trail
from duban.store.earlier import known
from duban.store.ledger import Row

_PAUSE: Final = 0.01


class Book(ABC):
    """The entities of a kind of one campaign; the ledger is looked into until it tells enough.

    `patience` is the seconds of real time within which campaign and entity hear of each other.
    `learnt` is what people were told of an entity that stands on no trail, by its number.
    """

    patience = 60.0

    def __init__(self, stage: Theatre, campaign: str) -> None:
        self._stage = stage
        self._campaign = campaign
        self.learnt: dict[str, dict[str, str]] = {}

    async def _look(
        self, kind: str, scope: str | None = None, where: Document | None = None
    ) -> list[Row]:
        found = await ledger.objects(self._stage.reader, kind, scope=scope, where=where)
        return [{"campaign": each.scope, **each.doc} for each in found]

    @abstractmethod
    def stream(self, no: str) -> str:
        """Return the stream, which is also the workflow, of a number."""

    @abstractmethod
    async def opened(self, no: str) -> None:
        """Wait until what was registered under a number takes commands."""

    @abstractmethod
    async def carry_out(self, no: str, fields: Document) -> Receipt:
        """Carry a command out. Raises `RuleViolation`, and `ValidationError` for a wrong field."""

    @abstractmethod
    async def rest(self, no: str) -> None:
        """Wait until all that was said is on the trail, and the campaign has heard of it."""

    async def _events(self, no: str) -> list[Event]:
        return await trail.stream_events(self._stage.reader, self.stream(no))

    async def _people(self) -> list[Person]:
        return [known(Person, row) for row in await self._look("person", self._campaign)]

    async def _heard(self, line: str, no: str, newest: int) -> None:
        """Wait until the campaign's line about an entity tells its newest news."""

        async def is_known() -> bool:
            [entry] = await self._look(line, self._campaign, {"no": no})
            return int(entry["heard"]) >= newest

        await self._until(no, is_known)

    async def _there(self, kind: str, no: str) -> None:
        async def is_open() -> bool:
            return bool(await self._look(kind, None, {"no": no}))

        await self._until(no, is_open)

    async def _until(self, no: str, holds: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(self.patience):
                while not await holds():  # noqa: ASYNC110 -- it sets no event of ours
                    await asyncio.sleep(_PAUSE)
        except TimeoutError as error:
            raise Unavailable("temporal.pending", request_id=no) from error
