"""Rehearses: starts the servers, moves their clock from step to step, and has the steps played."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from duban.domain.counting import SHANGHAI
from duban.rehearsal.player import Player, Rehearsal
from duban.rehearsal.report import RehearsalReport, collect
from duban.rehearsal.theatre import Theatre, theatre
from duban.rehearsal.waiting import wait_until
from duban.store.checks import TrailRules, check_trail


@dataclass(frozen=True)
class Tick:
    """Progress of one campaign: the business instant, how many steps were played just now."""

    now: datetime
    campaign: str
    steps: int
    step: str


OnProgress = Callable[[Tick], None]
Finale = Callable[[Theatre], Awaitable[None]]


async def rehearse(
    rehearsals: Sequence[Rehearsal],
    *,
    home: Path,
    on_progress: OnProgress,
    finale: Finale | None = None,
) -> list[RehearsalReport]:
    """Play campaigns side by side from launch to their last step; return one report each.

    `finale` is run at the end, while the servers still stand.

    Raises:
        RuleViolation: a campaign cannot be started from its plan.
        ScriptInvalid: a step names no command, or a field of it is wrong.
        StackError: a server did not start.
    """
    async with theatre(home) as stage:
        opens_at = min(each.opens_at for each in rehearsals)
        offset = opens_at - await stage.environment.get_current_time()
        players = [Player(each, stage, offset) for each in rehearsals]
        await _play(players, stage, offset, on_progress)
        checked = await check_trail(stage.verifier, TrailRules(key=stage.key))
        reports = [await collect(stage, player.played, checked) for player in players]
        if finale is not None:
            await finale(stage)
        return reports


class _Cue(NamedTuple):
    """Something that a player does at an instant; what has no `name` is no step of the script."""

    at: datetime
    who: int
    name: str
    act: Callable[[], Awaitable[None]]


def _cues(index: int, player: Player) -> Iterator[_Cue]:
    """Yield what a player does: he comes on, plays his steps, and leaves where his story ends."""
    rehearsal = player.rehearsal
    yield _Cue(rehearsal.opens_at, index, "start", player.start)
    for step in rehearsal.steps():
        yield _Cue(step.instant, index, step.name or step.do, partial(player.play, step))
    if rehearsal.script.until is not None:
        night = datetime.combine(rehearsal.script.until, time(23, 59), SHANGHAI)
        yield _Cue(night, index, "", player.leave)


async def _play(
    players: Sequence[Player], stage: Theatre, offset: timedelta, on_progress: OnProgress
) -> None:
    every = [cue for index, player in enumerate(players) for cue in _cues(index, player)]
    every.sort(key=lambda cue: (cue.at, cue.who))
    for instant, group in groupby(every, key=lambda cue: cue.at):
        together = {
            players[index]: list(own) for index, own in groupby(group, key=lambda cue: cue.who)
        }
        await wait_until(stage.environment, instant - offset, stage.entries)
        await asyncio.gather(*(_in_turn(player, own) for player, own in together.items()))
        for player, own in together.items():
            names = [cue.name for cue in own if cue.name]
            if names:
                on_progress(Tick(instant, player.no, len(names), names[-1]))


async def _in_turn(player: Player, cues: Sequence[_Cue]) -> None:
    for cue in cues:
        await cue.act()
    # The clock moves on only when everybody has heard of everything.
    await player.rest()
