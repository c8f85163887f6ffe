"""(h) How long rehearsals take: the three sample campaigns, and a year in which nobody acts.

The three are played side by side, servers included. The year is that of a campaign in which nothing
is done after gate 1: every clock runs out, every rung is sent. Its floor is a workflow that sleeps
twelve months, with an activity after each. Goals: issue 2 "Speed and size", temporal.md 7 G13.
"""

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from bench.campaigns import sample
from bench.figures import Figure, Goal, ratio
from bench.floor import Year, build_worker
from bench.ground import Ground
from duban.rehearsal import Rehearsal, Script, Tick, rehearse
from duban.rehearsal.theatre import Theatre
from duban.stack.skipping import time_skipping

SAMPLES: Final = ("business", "formalism", "rule-of-law")
DONE: Final = ("record_goal_value:*", "claim_*", "verify_*", "close_task:*")
SIGNED: Final = ("sign_gate:G2*", "sign_gate:G3*", "sign_gate:G4*", "archive*")
IDLE: Final = Script(title="无人推进的一年", skip=(*DONE, *SIGNED), until=date(2020, 3, 29))
_QUEUE: Final = "bench-year"


async def rehearsing(ground: Ground, rounds: int) -> list[Figure]:
    """Rehearse from launch to archive; the first time its PostgreSQL is made, too."""
    seconds = []
    surprises = 0
    for _ in range(min(rounds, 3)):
        rehearsals = [Rehearsal(*sample(name)) for name in SAMPLES]
        began = time.perf_counter()
        reports = await rehearse(
            rehearsals, home=ground.home / "rehearsal", on_progress=lambda _: None
        )
        seconds.append(time.perf_counter() - began)
        surprises += sum(len(report.surprises) for report in reports)
    return [
        Figure("rehearsal of the three sample campaigns", "s", seconds, Goal("<", 20, "issue 2")),
        Figure("answers nobody expected in it", "count", [surprises], Goal("==", 0)),
        await _years(ground, rounds),
    ]


async def _years(ground: Ground, rounds: int) -> Figure:
    """Let a year pass over an idle campaign and over the floor, in turns."""
    floor: list[float] = []
    product: list[float] = []
    sent = 0
    async with time_skipping() as environment, build_worker(environment.client, _QUEUE):
        for nth in range(min(rounds, 5)):
            began = time.perf_counter()
            await environment.client.execute_workflow(Year.run, id=f"year-{nth}", task_queue=_QUEUE)
            floor.append(time.perf_counter() - began)
            seconds, sent = await _idle_year(ground.home / "rehearsal")
            product.append(seconds)
    figure = ratio(
        "a year of a campaign in which nobody acts / twelve months of a bare workflow",
        product,
        floor,
        Goal("<=", 20, "G13"),
        unit="s",
    )
    return replace(figure, beside={**figure.beside, "notices": float(sent)})


async def _idle_year(home: Path) -> tuple[float, int]:
    """Return how many seconds the year after gate 1 takes, and how many notices are sent."""
    passed: dict[str, float] = {}

    def note(tick: Tick) -> None:
        passed[tick.step] = time.perf_counter()

    async def end(_: Theatre) -> None:
        passed["end"] = time.perf_counter()

    [report] = await rehearse([Rehearsal(*sample(), IDLE)], home=home, on_progress=note, finale=end)
    assert not report.surprises
    return passed["end"] - passed["sign_gate:G1"], len(report.notices)
