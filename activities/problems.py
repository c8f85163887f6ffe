"""The way from a campaign to its problems: they are opened and told news through the server."""

import asyncio
from typing import Protocol

from temporalio import activity

from duban.contracts import OPEN_ACTIVITY, TELL_ACTIVITY, ToTell
from duban.domain.problem.creation import ProblemStart
from duban.domain.problem.news import CampaignNews

AT_ONCE = 20
"""Problems that are told at the same time."""


class ProblemDoor(Protocol):
    """What these activities need of the server; `duban.opening.Opener` is one."""

    async def open_problem(self, start: ProblemStart) -> None:
        """Start a problem's workflow; one that is there already is left alone."""

    async def tell_problem(self, no: str, news: CampaignNews) -> None:
        """Signal news to a problem; one that is gone, or never was, need not know."""


class ProblemActivities:
    """Open problems and tell them news through a door made once per worker."""

    def __init__(self, door: ProblemDoor) -> None:
        self._door = door

    @activity.defn(name=OPEN_ACTIVITY)
    async def open_problem(self, start: ProblemStart) -> None:
        """Open a problem, once, however often it is asked for."""
        await self._door.open_problem(start)

    @activity.defn(name=TELL_ACTIVITY)
    async def tell_problems(self, asked: ToTell) -> None:
        """Tell every problem of a campaign; told twice, a problem passes over what it knows."""
        numbers = range(1, asked.problems + 1)
        for first in range(0, len(numbers), AT_ONCE):
            some = numbers[first : first + AT_ONCE]
            told = (self._door.tell_problem(asked.number(each), asked.news) for each in some)
            await asyncio.gather(*told)
            activity.heartbeat(first)
