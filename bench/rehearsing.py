"""(h) How long the rehearsal of the three sample campaigns takes, side by side, servers included.

Goal: issue 2 "Speed and size".
"""

import time

from bench.campaigns import sample
from bench.figures import Figure, Goal
from bench.ground import Ground
from duban.rehearsal import Rehearsal, rehearse

SAMPLES = ("business", "formalism", "rule-of-law")


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
    ]
