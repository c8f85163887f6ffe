"""The way from a campaign to its inspections: they are opened and told news through the server."""

import asyncio
from typing import Protocol

from temporalio import activity

from activities.problems import AT_ONCE
from duban.domain.inspection.creation import InspectionStart
from duban.domain.inspection.news import InspectionNews
from duban.inspection_contracts import (
    OPEN_INSPECTION_ACTIVITY,
    TELL_INSPECTIONS_ACTIVITY,
    InspectionsToTell,
)


class InspectionDoor(Protocol):
    """What these activities need of the server; `duban.opener.Opener` is one."""

    async def open_inspection(self, start: InspectionStart) -> None:
        """Start an inspection's workflow; one that is there already is left alone."""

    async def tell_inspection(self, no: str, news: InspectionNews) -> None:
        """Signal news to an inspection; one that is gone, or never was, need not know."""


class InspectionActivities:
    """Open inspections and tell them news through a door made once per worker."""

    def __init__(self, door: InspectionDoor) -> None:
        self._door = door

    @activity.defn(name=OPEN_INSPECTION_ACTIVITY)
    async def open_inspection(self, start: InspectionStart) -> None:
        """Open an inspection, once, however often it is asked for."""
        await self._door.open_inspection(start)

    @activity.defn(name=TELL_INSPECTIONS_ACTIVITY)
    async def tell_inspections(self, asked: InspectionsToTell) -> None:
        """Tell some inspections; told twice, one passes over what it knows."""
        for first in range(0, len(asked.numbers), AT_ONCE):
            some = asked.numbers[first : first + AT_ONCE]
            await asyncio.gather(*(self._door.tell_inspection(no, asked.news) for no in some))
            activity.heartbeat(first)
