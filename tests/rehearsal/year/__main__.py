"""`python -m tests.rehearsal.year`: the whole year of ten thousand inspections, and a verdict."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from duban.rehearsal.theatre import theatre
from tests.rehearsal.year.agenda import SMALL, Size, whole
from tests.rehearsal.year.playing import line, play
from tests.rehearsal.year.summary import Verdict, verdict_on

_SHOWN = 20


async def rehearsed(size: Size, home: Path) -> Verdict:
    """Play a year of some size, and judge it."""
    async with theatre(home) as stage:
        return await verdict_on(stage, await play(stage, size, line))


def show(verdict: Verdict) -> None:
    """Print the figures, and what does not hold."""
    for name, figure in verdict.figures.items():
        sys.stdout.write(f"{name}: {figure}\n")
    for name, wrong in {**verdict.wrong, "trail": list(map(str, verdict.trail))}.items():
        sys.stdout.write(f"{'FAILED' if wrong else 'holds'}: {name}\n")
        sys.stdout.writelines(f"  {each}\n" for each in wrong[:_SHOWN])


def main() -> int:
    """Return the exit status: 1 when something does not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.rehearsal.year", description=__doc__)
    parser.add_argument("--inspections", type=int, default=10_000)
    parser.add_argument("--small", action="store_true", help="seven working days of it")
    told = parser.parse_args()
    size = SMALL if told.small else whole(told.inspections)
    with tempfile.TemporaryDirectory(prefix="duban-year-") as home:
        verdict = asyncio.run(rehearsed(size, Path(home)))
    show(verdict)
    return 0 if verdict.held else 1


if __name__ == "__main__":
    raise SystemExit(main())
