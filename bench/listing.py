"""(u) The problem list: pages and counts over 200,000 problems, and a ledger of 50,000 taken out.

Goals: issue 4 "Speed and size". The ledger is filled with rows as the store folds them from what
problems say; every page is the next one behind a place chosen anew.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import asyncpg
import orjson

from bench.figures import Figure, Goal, percentile
from bench.filling import binary_json
from bench.ground import Ground
from bench.problems import asleep
from duban.contracts import problem_stream
from duban.domain.problem.columns import NAMELESS
from duban.store import problems
from duban.store.migrations import migrate
from duban.store.pool import READER, open_pool
from duban.store.problems import ProblemFilter
from duban.texts import Language
from duban.workbook.ledger_rows import LedgerRows
from duban.workbook.ledger_writer import LedgerBook

CAMPAIGNS: Final = 76
LARGEST: Final = "QZ0000"
LARGE: Final = 50_000
"""Problems of the first campaign, which is taken out as a file."""
USUAL: Final = 2_000
"""Problems of each of the others: 200,000 in all."""
FEW: Final = 10
"""How many times smaller a quick run is."""
PAGES: Final = 100
"""Pages of each kind in one round."""
PAGE: Final = 50
COMMON: Final = ("窗口", "窗", "工作人员离岗 叫号系统")
"""Words that stand in every problem."""
SOME: Final = "涉企检查"
"""A word that stands in about one problem of a hundred."""
NONE: Final = ("口窗", "渔政执法")
"""Words that stand in none; the letters of the first do."""
SEEN: Final = tuple(level.value for level in NAMELESS)
"""The levels of access that the command line shows to whoever says no name."""
STATES: Final = ("registered", "assigned", "accepted", "rectifying", "watched", "archived")


Ask = Callable[[random.Random], ProblemFilter]
Call = Callable[[ProblemFilter], Awaitable[object]]


@dataclass(frozen=True)
class Ledger:
    """How many problems the campaigns have: the first is `large`, all others have `usual`."""

    large: int
    usual: int

    def numbers(self) -> Iterator[tuple[str, str]]:
        """Yield campaign and number of every problem."""
        for nth in range(CAMPAIGNS):
            for serial in range(1, (self.usual if nth else self.large) + 1):
                yield f"QZ{nth:04}", f"QZ{nth:04}-{serial:04d}"

    @property
    def problems(self) -> int:
        """How many there are in all."""
        return self.large + (CAMPAIGNS - 1) * self.usual

    def place(self, chance: random.Random) -> str:
        """Return a number somewhere in a usual campaign."""
        return f"QZ{chance.randrange(1, CAMPAIGNS):04}-{chance.randint(1, self.usual):04d}"


def _campaign(chance: random.Random) -> str:
    return f"QZ{chance.randrange(1, CAMPAIGNS):04}"


def _unit(chance: random.Random) -> str:
    return f"U{chance.randint(1, 16):02}"


def _kinds(ledger: Ledger) -> dict[str, Ask]:
    """Return what is asked for, each behind another place of the list."""
    return {
        "first of a campaign": lambda c: ProblemFilter(campaign=_campaign(c)),
        "behind a place": lambda c: ProblemFilter(after=ledger.place(c)),
        "of a unit": lambda c: ProblemFilter(unit=_unit(c), after=ledger.place(c)),
        "in a state": lambda c: ProblemFilter(states=(c.choice(STATES),), after=ledger.place(c)),
        "of a unit in a state": lambda c: ProblemFilter(
            unit=_unit(c), states=(c.choice(STATES),), after=ledger.place(c)
        ),
    }


def _by_words(ledger: Ledger) -> dict[str, Ask]:
    """Return what is asked for by words: in a campaign, in the large one, in all of them."""

    def somewhere(chance: random.Random, text: str) -> ProblemFilter:
        asked = (
            ProblemFilter(text=text, campaign=_campaign(chance)),
            ProblemFilter(text=text, campaign=LARGEST),
            ProblemFilter(text=text, after=ledger.place(chance)),
        )
        return chance.choice(asked)

    return {
        "by words of all": lambda c: somewhere(c, c.choice(COMMON)),
        "by words of one in a hundred": lambda c: somewhere(c, SOME),
        "by words of one or none": lambda c: somewhere(c, c.choice((ledger.place(c), *NONE))),
    }


def _measured(pool: asyncpg.Pool, ledger: Ledger) -> Iterator[tuple[str, Call, Ask]]:
    """Yield what is measured: its name, what is called, and what is asked for."""
    words = _by_words(ledger)
    for name, ask in {**_kinds(ledger), **words}.items():
        yield f"page of problems {name}", partial(problems.page, pool), ask
    counted: dict[str, Ask] = {
        "of a campaign by state": lambda c: ProblemFilter(campaign=_campaign(c)),
        "of all problems by state": lambda _: ProblemFilter(),
        "of all that is seen without a name": lambda _: ProblemFilter(levels=SEEN),
    }
    for name, ask in {**counted, **words}.items():
        yield f"counts {name}", partial(_counted, pool), ask


async def listing(ground: Ground, rounds: int) -> list[Figure]:
    """Fill a ledger, turn pages, count, and take its largest campaign out."""
    few = rounds <= 2
    ledger = Ledger(LARGE // FEW, USUAL // FEW) if few else Ledger(LARGE, USUAL)
    await ground.postgres.ensure_database("listing")
    dsn = ground.postgres.dsn("listing")
    await migrate(dsn)
    await fill(dsn, ledger)
    pool = await open_pool(dsn, role_login=READER, max_size=1)
    try:
        found = [await _timed(*each, rounds) for each in _measured(pool, ledger)]
        began = time.perf_counter()
        rows = await taken_out(pool, LARGEST)
        took = time.perf_counter() - began
    finally:
        await pool.close()
    assert rows == ledger.large
    text = f"a ledger of {rows} problems read page by page and written as a workbook"
    return [*found, Figure(text, "s", [took], Goal("<", 5, "issue 4"), {"per_s": rows / took})]


async def fill(dsn: str, ledger: Ledger) -> None:
    """Put the problems into the ledger of a migrated database, as the store folds them."""
    columns = ["kind", "scope", "id", "doc", "stream", "first_seq", "last_seq", "updated_us"]
    async with binary_json(dsn) as admin:
        await admin.copy_records_to_table(
            "object", schema_name="ledger", columns=columns, records=_rows(ledger)
        )
        await admin.execute("SELECT ledger.relist_problems()")
        await admin.execute("VACUUM ANALYZE")


def _rows(ledger: Ledger) -> Iterator[tuple[Any, ...]]:
    state = asleep(f"{LARGEST}-0001", LARGEST).state
    assert state is not None
    [made] = state.problem.values()
    known = made.plain()
    for nth, (campaign, no) in enumerate(ledger.numbers()):
        doc = {
            **known,
            "no": no,
            "campaign": campaign,
            "unit": f"U{nth % 16 + 1:02}",
            "state": STATES[nth // 16 % len(STATES)],
            "description": f"{made.description}{SOME}。" if nth % 101 == 0 else made.description,
        }
        text = orjson.dumps(doc).decode()
        yield ("problem", campaign, no, text, problem_stream(no), 0, 2, nth)


async def taken_out(pool: asyncpg.Pool, campaign: str) -> int:
    """Write all problems of a campaign into a workbook; return how many there are."""
    rows = LedgerRows(Language.ZH, {}, {})
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder, "ledger.xlsx")
        with LedgerBook(out, Language.ZH, (), ((), ())) as book:
            async for page in problems.every(pool, ProblemFilter(campaign=campaign)):
                await asyncio.to_thread(book.add_problems, rows, page)
        return book.rows


async def _counted(pool: asyncpg.Pool, wanted: ProblemFilter) -> object:
    return (await problems.counts(pool, wanted)).numbers


async def _timed(text: str, call: Call, ask: Ask, rounds: int) -> Figure:
    """Return the 99th percentile of every round; each asks for the same places."""
    waits: list[list[float]] = []
    for nth in range(rounds):
        chance = random.Random(nth)  # noqa: S311 - the same places every time
        asked = [ask(chance) for _ in range(PAGES)]
        taken = []
        for wanted in asked:
            began = time.perf_counter()
            assert await call(wanted) or wanted.text
            taken.append((time.perf_counter() - began) * 1000)
        waits.append(taken)
    slow = [percentile(each, 0.99) for each in waits]
    median = percentile([each for taken in waits for each in taken], 0.5)
    return Figure(f"{text}, p99", "ms", slow, Goal("<", 50, "issue 4"), {"p50_ms": median})
