"""`python -m tests.rehearsal.year`: the whole year of ten thousand inspections, and a verdict."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from duban.rehearsal.theatre import theatre
from tests.rehearsal.year.agenda import SMALL, whole
from tests.rehearsal.year.playing import line, play


async def main(most: int) -> int:
    size = whole(most) if most > 100 else SMALL
    with tempfile.TemporaryDirectory() as home:
        async with theatre(Path(home)) as stage:
            played = await play(stage, size, line)
            print(played.director.count, played.seconds, played.state, played.runs)
    return 0


parser = argparse.ArgumentParser()
parser.add_argument("--inspections", type=int, default=10_000)
raise SystemExit(asyncio.run(main(parser.parse_args().inspections)))
