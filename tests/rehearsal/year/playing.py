"""Rehearses the year: the campaign's own course by the player, its inspections by the director."""

import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple

from duban.contracts import campaign_stream
from duban.domain.counting import SHANGHAI
from duban.rehearsal import Rehearsal
from duban.rehearsal.player import Player
from duban.rehearsal.theatre import Theatre
from duban.rehearsal.waiting import wait_until
from tests.rehearsal.year.agenda import Agenda, Size
from tests.rehearsal.year.desk import Desk
from tests.rehearsal.year.director import Director
from tests.rehearsal.year.plan import a_calendar, a_year
from tests.rehearsal.year.seasons import Seasons
from tests.rehearsal.year.standing import Standing


@dataclass(frozen=True)
class Progress:
    """How far the year is: the business day, inspections made, per second, the state in KiB."""

    day: date
    made: int
    rate: float
    state: float


@dataclass(frozen=True)
class Played:
    """A played year: how long the inspections took, and the largest state that was carried.

    `servers` of Temporal served it, of which so many were `lost`.
    """

    rehearsal: Rehearsal
    director: Director
    seconds: float
    state: float
    runs: int
    servers: int
    lost: int


OnProgress = Callable[[Progress], None]


async def play(stage: Theatre, size: Size, on_progress: OnProgress) -> Played:
    """Play a year of some size on a stage, from the campaign's launch until all is over."""
    rehearsal = a_year(size.spans)
    offset = rehearsal.opens_at - await stage.environment.get_current_time()
    player, agenda = Player(rehearsal, stage, offset), Agenda(size, a_calendar())
    standing = Standing(stage, rehearsal.plan.no)
    seasons = Seasons(standing, offset)
    desk = Desk(rehearsal, standing, seasons)
    director = Director(desk, agenda)
    watch = _Watch(stage, rehearsal.plan.no)
    days = set[date]()
    for instant, together in groupby(_cues(player, director), key=lambda cue: cue.at):
        day = instant.astimezone(SHANGHAI).date()
        if day > size.last and director.is_done:
            break
        if len(days) == size.season and day not in days:
            await seasons.end()
            days.clear()
        days.add(day)
        await wait_until(stage.environment, instant - seasons.offset, stage.entries)
        for cue in together:
            await cue.act()
        await desk.rest()
        if instant.astimezone(SHANGHAI).hour == 15:
            on_progress(await watch.told(day, director))
    assert not player.surprises, player.surprises
    sizes = (watch.seconds, watch.largest, len(watch.runs))
    return Played(rehearsal, director, *sizes, seasons.number, seasons.lost)


class _Cue(NamedTuple):
    """Something that is done at an instant."""

    at: datetime
    act: Callable[[], Awaitable[None]]


def _cues(player: Player, director: Director) -> list[_Cue]:
    """Return what is done in the year, in its order."""
    steps = [_Cue(e.instant, partial(player.play, e)) for e in player.rehearsal.steps()]
    acts = [_Cue(at, partial(act, day)) for at, day, act in director.acts()]
    begin = _Cue(player.rehearsal.opens_at, player.start)
    return sorted([begin, *steps, *acts], key=lambda cue: cue.at)


class _Watch:
    """Looks at how large the campaign's state is, and how long it takes."""

    def __init__(self, stage: Theatre, no: str) -> None:
        self._stage, self._stream = stage, campaign_stream(no)
        self._began = time.monotonic()
        self.largest = 0.0
        self.runs: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        """How long it has taken so far."""
        return time.monotonic() - self._began

    async def told(self, day: date, director: Director) -> Progress:
        """Return how far it is."""
        size = await self._carried()
        self.largest = max(self.largest, size)
        return Progress(day, director.count.made, director.count.made / self.seconds, size)

    async def _carried(self) -> float:
        """Return with how much the newest run of the campaign began, in KiB (as bench t)."""
        handle = self._stage.environment.client.get_workflow_handle(self._stream)
        async for event in handle.fetch_history_events(page_size=1):
            begun = event.workflow_execution_started_event_attributes
            size = sum(len(each.data) for each in begun.input.payloads) / 1024
            self.runs[begun.original_execution_run_id] = size
            return size
        return 0.0


def line(progress: Progress) -> None:
    """Print how far it is."""
    told = f"{progress.day}  {progress.made:6}  {progress.rate:6.2f}/s  {progress.state:7.1f} KiB"
    sys.stdout.write(f"{told}\n")
    sys.stdout.flush()
