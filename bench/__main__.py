"""`python -m bench`: run the measurements, print the table, write bench/results.json."""

import argparse
import asyncio
import json
import os
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.append import append
from bench.asking import questions
from bench.deciding import deciding
from bench.docket import docket
from bench.enciphering import enciphering
from bench.figures import Figure
from bench.finding import terms
from bench.ground import SERVERS, Ground, ground
from bench.latency import history, latency
from bench.listing import listing
from bench.memory import memory, problems_asleep
from bench.outage import outage
from bench.proving import proving
from bench.rehearsing import rehearsing
from bench.renewal import renewal
from bench.replay import encoding, replay
from bench.report import results, show
from bench.searching import searching
from bench.sequencing import sequenced
from bench.throughput import crowd, throughput
from bench.weighing import weighing

ROUNDS = 9
"""Enough that one bad moment of a shared machine does not move a median."""
ROUNDS_OF_LARGEST = 3
"""Over ten million entries a round takes minutes, and no moment moves it."""
LARGE = 1_000_000
LARGEST = 10_000_000
QUICK = 50_000
"""Entries of the large trail."""
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
    Measure("k", "verification of a large trail", proving),
    Measure("l", "pages of search", searching),
    Measure("m", "Chinese words", terms),
    Measure("n", "questions", questions),
    Measure("o", "bytes per entry", weighing),
    Measure("p", "entries while the log is signed", sequenced),
    Measure("q", "kills and an outage", outage),
    Measure("r", "decisions on problems", deciding),
    Measure("s", "memory of sleeping problems", problems_asleep),
    Measure("t", "two thousand problems of one campaign", docket),
    Measure("u", "the problem list", listing),
    Measure("v", "what enciphering costs", enciphering),
)
OF_LARGE = "klmnop"
"""Measures whose figures depend on how much is on the trail."""


async def run(chosen: Sequence[Measure], rounds: int, entries: int) -> dict[str, list[Figure]]:
    """Run the measurements one after the other; return their figures by letter.

    The large trail is to have `entries`. One that comes to no end has no figures, and the others go
    on: what took most of an hour is not lost for it.
    """
    found: dict[str, list[Figure]] = {}
    print(SERVERS)
    async with ground(entries) as built:
        for measure in chosen:
            began = time.perf_counter()
            print(f"({measure.letter}) {measure.title} …", flush=True)
            try:
                found[measure.letter] = await measure.run(built, rounds)
                show(found[measure.letter])
            except Exception:  # noqa: BLE001 - whatever it is, it is told and counts as missed
                traceback.print_exc()
            print(f"    {time.perf_counter() - began:.0f} s", flush=True)
    return found


def main() -> int:
    """Measure; exit status 1 when a goal is missed."""
    told = _told()
    letters = OF_LARGE if told.large else [each for each in told.only.split(",") if each]
    chosen = [each for each in MEASURES if not letters or each.letter in letters]
    entries = LARGEST if told.large else QUICK if told.quick else LARGE
    rounds = 2 if told.quick else ROUNDS_OF_LARGEST if told.large else ROUNDS
    found = asyncio.run(run(chosen, rounds, told.entries or entries))
    print()
    for figures in found.values():
        show(figures)
    if not (told.quick or told.only or told.entries):
        path = RESULTS.with_stem("results-large") if told.large else RESULTS
        text = json.dumps(results(found, entries), ensure_ascii=False, indent=2)
        path.write_text(text + "\n", encoding="utf-8")
        print(f"bench/{path.name} written")
    missed = [each.text for figures in found.values() for each in figures if each.is_met is False]
    missed += [each.title for each in chosen if each.letter not in found]
    print(f"{len(missed)} goals missed" if missed else "all goals met")
    return 1 if missed else 0


def _told() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"two rounds, {QUICK:,} entries")
    parser.add_argument("--only", default="", help="letters of measurements, such as a,g")
    parser.add_argument("--large", action="store_true", help=f"{OF_LARGE} over {LARGEST:,} entries")
    parser.add_argument("--entries", type=int, help="entries of the large trail")
    return parser.parse_args()


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    # The core's threads may call back while the interpreter goes away and abort it.
    os._exit(status)
