"""Waits until what was done in the year is known to all whom it concerns."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import Final

from duban.contracts import inspection_stream
from duban.errors import Unavailable
from duban.rehearsal.theatre import Theatre
from duban.store import ledger

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


class Standing:
    """How the campaign's inspections and draws stand, by the ledger."""

    def __init__(self, stage: Theatre, no: str) -> None:
        self.stage, self.no = stage, no
        self._touched = set[str]()
        self._door = asyncio.Semaphore(_AT_ONCE)

    async def of(self, numbers: Collection[str]) -> dict[str, str]:
        """Return the states of inspections."""
        rows = await self.stage.reader.fetch(_STATES, _streams(numbers))
        return {row["id"]: row["state"] for row in rows}

    async def drawn_as(self, draw: str, *wanted: str) -> str:
        """Wait until a draw is in one of some states; return the one it is in."""
        found = ""

        async def is_there() -> bool:
            nonlocal found
            row = await ledger.one(self.stage.reader, "draw", self.no, draw)
            found = str(row.doc["state"]) if row else ""
            return found in wanted

        await _until(is_there, draw)
        return found

    async def reached(self, numbers: Collection[str], *wanted: str) -> None:
        """Wait until inspections are in one of some states."""

        async def are_there() -> bool:
            found = await self.of(numbers)
            return len(found) == len(numbers) and set(found.values()) <= set(wanted)

        await _until(are_there, str(sorted(numbers)[:3]))

    async def heard(self, numbers: Collection[str]) -> None:
        """Wait until the campaign knows how inspections stand."""

        async def is_known() -> bool:
            asked = (_UNHEARD, _streams(numbers), self.no)
            return not await self.stage.reader.fetchval(*asked)

        await _until(is_known, "heard")
        self._touched.update(numbers)

    async def rest(self) -> None:
        """Wait until nobody is at work any more: the clock may move only then.

        A workflow whose task is under way while hours pass loses it, and follows the trail. An
        answer comes behind what was under way before it.
        """
        await asyncio.gather(*(self._answered(each) for each in sorted(self._touched)))
        await self.stage.gateway.settle(self.no)
        self._touched.clear()

    async def _answered(self, no: str) -> None:
        async with self._door:
            await self.stage.gateway.inspection_summary(no)


async def _until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await holds():  # noqa: ASYNC110 -- it sets no event of ours
                await asyncio.sleep(_PAUSE)
    except TimeoutError as error:
        raise Unavailable("temporal.pending", request_id=what) from error


def _streams(numbers: Iterable[str]) -> list[str]:
    return [inspection_stream(each) for each in numbers]
