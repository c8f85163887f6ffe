"""`python -m bench`: run the measurements, print the table, write bench/results.json."""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.append import append
from bench.figures import Figure
from bench.ground import SERVERS, Ground, ground
from bench.latency import history, latency
from bench.memory import memory
from bench.rehearsing import rehearsing
from bench.renewal import renewal
from bench.replay import encoding, replay
from bench.report import results, show
from bench.throughput import crowd, throughput

ROUNDS = 9
"""Enough that one bad moment of a shared machine does not move a median."""
RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Measure:
    """A measurement by its letter."""

    letter: str
    title: str
    run: Callable[[Ground, int], Awaitable[list[Figure]]]


MEASURES = (
    Measure("a", "decision latency", latency),
    Measure("b", "decisions per second", throughput),
    Measure("c", "many callers on one campaign", crowd),
    Measure("d", "history per decision", history),
    Measure("e", "replay", replay),
    Measure("f", "continue-as-new under load", renewal),
    Measure("g", "entries onto the trail", append),
    Measure("h", "rehearsal", rehearsing),
    Measure("i", "memory of sleeping campaigns", memory),
    Measure("j", "the state, encoded", encoding),
)


async def run(chosen: Sequence[Measure], rounds: int) -> dict[str, list[Figure]]:
    """Run the measurements one after the other; return their figures by letter."""
    found: dict[str, list[Figure]] = {}
    print(SERVERS)
    async with ground() as built:
        for measure in chosen:
            began = time.perf_counter()
            print(f"({measure.letter}) {measure.title} …", flush=True)
            found[measure.letter] = await measure.run(built, rounds)
            show(found[measure.letter])
            print(f"    {time.perf_counter() - began:.0f} s", flush=True)
    return found


def main() -> int:
    """Measure; exit status 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="two rounds instead of five")
    parser.add_argument("--only", default="", help="letters of measurements, such as a,g")
    told = parser.parse_args()
    letters = [each for each in told.only.split(",") if each]
    chosen = [each for each in MEASURES if not letters or each.letter in letters]
    found = asyncio.run(run(chosen, 2 if told.quick else ROUNDS))
    print()
    for figures in found.values():
        show(figures)
    if len(chosen) == len(MEASURES) and not told.quick:
        text = json.dumps(results(found), ensure_ascii=False, indent=2)
        RESULTS.write_text(text + "\n", encoding="utf-8")
        print(f"bench/{RESULTS.name} written")
    missed = [each.text for figures in found.values() for each in figures if each.is_met is False]
    print(f"{len(missed)} goals missed" if missed else "all goals met")
    return 1 if missed else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # The core's threads may call back while the interpreter goes away and abort it.
    os._exit(status)
