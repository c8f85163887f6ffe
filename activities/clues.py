"""The way from a campaign to its clues: they are opened and told news through the server."""

import asyncio
from typing import Protocol

from temporalio import activity

from activities.problems import AT_ONCE
from duban.contracts import OPEN_CLUE_ACTIVITY, TELL_CLUES_ACTIVITY, CluesToTell
from duban.domain.clue.creation import ClueStart
from duban.domain.problem.news import CampaignNews


class ClueDoor(Protocol):
    """What these activities need of the server; `duban.opener.Opener` is one."""

    async def open_clue(self, start: ClueStart) -> None:
        """Start a clue's workflow; one that is there already is left alone."""

    async def tell_clue(self, no: str, news: CampaignNews) -> None:
        """Signal news to a clue; one that is gone, or never was, need not know."""


class ClueActivities:
    """Open clues and tell them news through a door made once per worker."""

    def __init__(self, door: ClueDoor) -> None:
        self._door = door

    @activity.defn(name=OPEN_CLUE_ACTIVITY)
    async def open_clue(self, start: ClueStart) -> None:
        """Open a clue, once, however often it is asked for."""
        await self._door.open_clue(start)

    @activity.defn(name=TELL_CLUES_ACTIVITY)
    async def tell_clues(self, asked: CluesToTell) -> None:
        """Tell every clue of a campaign; told twice, a clue passes over what it knows."""
        numbers = range(1, asked.clues + 1)
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            told = (self._door.tell_clue(asked.number(each), asked.news) for each in some)
            await asyncio.gather(*told)
            activity.heartbeat(first)
