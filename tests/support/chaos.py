"""Kill the sequencer, the worker and PostgreSQL in turn under load, then see whether all is well.

`python -m tests.support.chaos 100` does it a hundred times and prints what came of it; the tests
do the same a few times.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from tests.e2e.site import until
from tests.support.chaos_crowd import Crowd
from tests.support.chaos_judge import Judgement, judge
from tests.support.chaos_site import ChaosSite, Victim

TURNS: Final = (Victim.SEQUENCER, Victim.WORKER, Victim.POSTGRES)
HASTY: Final = 0.25
"""In how many cases the next one is killed before the one before is back."""
PATIENCE: Final = 120.0
"""Seconds after which something that is not back will not come back."""
LONGEST_PAUSE: Final = 0.4
"""Seconds between that everything is back and the next kill, at most."""


@dataclass(frozen=True)
class Kill:
    """One kill: whom it hit, and whether in the middle of something.

    `back_after` tells after how many seconds that went on which needs the victim; None where the
    next kill did not wait for it.
    """

    victim: Victim
    at_work: bool
    back_after: float | None


@dataclass(frozen=True)
class Outcome:
    """All kills, what was found after them, and how many seconds it took."""

    kills: list[Kill]
    found: Judgement
    gave_up: int
    seconds: float


async def run(folder: Path, kills: int, seed: int, tell: Callable[[Kill], object]) -> Outcome:
    """Run everything under a folder, kill so many times, and judge what is left."""
    begun, done = time.monotonic(), list[Kill]()
    chance = random.Random(seed)  # noqa: S311 - when to kill
    async with ChaosSite(folder).open() as place:
        crowd = Crowd(place.site)
        await crowd.begin()
        for nth in range(kills):
            await asyncio.sleep(chance.uniform(0, LONGEST_PAUSE))
            hasty = nth < kills - len(TURNS) and chance.random() < HASTY
            done.append(await _kill(place, crowd, TURNS[nth % len(TURNS)], hasty=hasty))
            tell(done[-1])
        await crowd.finish()
        await place.settle()
        found = await judge(place, crowd)
        return Outcome(done, found, place.gave_up, time.monotonic() - begun)


async def _kill(place: ChaosSite, crowd: Crowd, victim: Victim, *, hasty: bool) -> Kill:
    if victim is Victim.WORKER:
        # Campaigns come back slowly, so each worker must have been of use before it is killed.
        await until(crowd.was_answered, PATIENCE)
    at_work = await place.kill(victim)
    if victim is Victim.WORKER:
        crowd.count_anew()
    begun = time.monotonic()
    await place.revive(victim)
    if hasty:
        return Kill(victim, at_work, None)
    await until(lambda: place.is_back(victim), PATIENCE)
    return Kill(victim, at_work, time.monotonic() - begun)


def summary(outcome: Outcome) -> Table:
    """Return what came of it as a table."""
    table = Table(title=f"{len(outcome.kills)} kills in {outcome.seconds:.0f} s")
    for name in ("killed", "times", "at work then", "back after, median", "at most"):
        table.add_column(name, justify="left" if name == "killed" else "right")
    for victim in TURNS:
        hits = [each for each in outcome.kills if each.victim is victim]
        took = [each.back_after for each in hits if each.back_after is not None] or [0.0]
        at_work = sum(each.at_work for each in hits)
        times = (f"{statistics.median(took):.1f} s", f"{max(took):.1f} s")
        table.add_row(victim.value, str(len(hits)), str(at_work), *times)
    return table


def sentences(outcome: Outcome) -> Iterator[str]:
    """Say what was found."""
    found = outcome.found
    yield f"{found.acknowledged} entries were acknowledged: each is there once."
    yield (
        f"{found.unanswered} were never acknowledged: {found.unanswered_found} of them are there, "
        "none twice."
    )
    yield f"{found.papers} papers filed in campaigns were answered: each is there once."
    yield f"{found.problems} of them registered a problem: each is opened once."
    yield (
        f"The log has {found.size} entries and {found.checkpoints} checkpoints; "
        f"{found.cosigned} were cosigned."
    )
    yield f"The witness cosigned the first {found.witness_size}; the database leads to its root."
    yield f"duban audit verify: {found.verdict.name.lower()} ({found.verdict.value})."
    yield f"Started again because PostgreSQL was away: {outcome.gave_up} times."


def main(kills: int) -> int:
    """Do it under a temporary folder; exit status 1 when anything is wrong."""
    console, seed = Console(), time.time_ns() % 1_000_000
    console.print(f"{kills} kills, seed {seed}")

    def tell(kill: Kill) -> None:
        after = "not waited for" if kill.back_after is None else f"{kill.back_after:.1f} s"
        console.print(f"  {kill.victim.value}{', at work' if kill.at_work else ''}: {after}")

    with tempfile.TemporaryDirectory(prefix="duban-chaos-") as folder:
        outcome = asyncio.run(run(Path(folder), kills, seed, tell))
    console.print(summary(outcome))
    if outcome.found.faults:
        console.print("WRONG:", *outcome.found.faults[:50], sep="\n  ", markup=False)
        return 1
    for each in sentences(outcome):
        console.print(each)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
