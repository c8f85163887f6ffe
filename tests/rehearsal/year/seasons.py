"""Goes on with another Temporal server: whatever runs is restored from the trail alone (l.1).

The server that skips time keeps a list of all it ever did and searches it at every step: each day
takes it longer than the one before. A year therefore has seasons, and shows by the way that nothing
is lost with Temporal. Now and then that server hands a task to nobody; then the season ends early.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from temporalio.service import RPCError

from duban.domain.events import Event
from duban.errors import NotFound, Unavailable
from duban.restoring import restore
from duban.store import trail
from tests.rehearsal.year.standing import Standing

T = TypeVar("T")

_LOST: Final = 5
"""Servers in a row that may be lost before one call is answered."""
_UNFINISHED: Final = """
SELECT i.id FROM ledger.object AS i
LEFT JOIN ledger.object AS l ON l.kind = 'inspection_line' AND l.scope = $1 AND l.id = i.id
WHERE i.kind = 'inspection' AND NOT (
    coalesce((i.doc ->> 'is_over')::boolean, false)
    AND coalesce((l.doc ->> 'is_over')::boolean, false))
ORDER BY i.id
"""


class Seasons:
    """The Temporal servers of a year, one after another; `offset` is from theirs to its time."""

    def __init__(self, standing: Standing, offset: timedelta) -> None:
        self._standing, self._stage = standing, standing.stage
        self.offset = offset
        self.number = 1
        self.lost = 0
        self._change = asyncio.Lock()
        self._last: datetime | None = None

    async def now(self) -> datetime:
        """Return the business time; of a server that is gone, the last that was asked for."""
        try:
            self._last = await self._stage.environment.get_current_time() + self.offset
        except RPCError:
            if self._last is None:
                raise
        return self._last

    async def end(self) -> None:
        """Go on with another server, when nobody is at work."""
        async with self._change:
            await self._begin(is_lost=False)

    async def outlasting(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call; where the server answers no more, go on with another one and call again.

        Request ids make that safe. Raises what `call` raises.
        """
        for _ in range(_LOST):
            async with self._change:
                number = self.number
            try:
                return await call()
            except (Unavailable, NotFound) as why:
                await self._lose(number, why)
        return await call()

    async def _lose(self, number: int, why: Unavailable | NotFound) -> None:
        async with self._change:
            if self.number != number:
                return
            if isinstance(why, NotFound):
                raise why
            self._say(why)
            await self._begin(is_lost=True)

    async def _begin(self, *, is_lost: bool) -> None:
        business = await self.now()
        for _ in range(_LOST):
            await self._stage.renew(is_lost=is_lost)
            self.offset = business - await self._stage.environment.get_current_time()
            self.number += 1
            try:
                return await self._restore()
            except Unavailable as why:
                is_lost = True
                self._say(why)
        raise Unavailable("temporal.unreachable", address="-")

    def _say(self, why: Unavailable) -> None:
        self.lost += 1
        sys.stderr.write(f"season {self.number} ends early: {why}\n")

    async def _restore(self) -> None:
        """Restore all that ran, and wait until the campaign has heard how it stands."""
        reader, no = self._stage.reader, self._standing.no

        async def events(stream: str) -> list[Event]:
            return await trail.stream_events(reader, stream)

        numbers = [row["id"] for row in await reader.fetch(_UNFINISHED, no)]
        await restore(no, events, self._stage.gateway, clock_offset=self.offset)
        await self._standing.heard(numbers)
        await self._standing.rest()
