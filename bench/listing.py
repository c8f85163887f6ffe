"""(u) The problem list: pages and counts over 200,000 problems, and a ledger of 50,000 taken out.

Goals: issue 4 "Speed and size". The ledger is filled with rows as the store folds them from what
problems say; every page is the next one behind a place chosen anew.

`page`, `counts`, `every` and `relist` are the seam to the product's own list. While that lies on
another branch, they hold statements of the same form; to switch, let them call `page`, `counts` and
`every` of `duban.store.problems`, and `SELECT ledger.relist_problems()`.
"""

import csv
import random
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import asyncpg
import orjson

from bench.figures import Figure, Goal, percentile
from bench.filling import binary_json
from bench.ground import Ground
from bench.problems import asleep
from duban.contracts import problem_stream
from duban.store.migrations import migrate
from duban.store.pool import READER, open_pool

CAMPAIGNS: Final = 76
LARGE: Final = 50_000
"""Problems of the first campaign, which is taken out as a file."""
USUAL: Final = 2_000
"""Problems of each of the others: 200,000 in all."""
FEW: Final = 10
"""How many times smaller a quick run is."""
PAGES: Final = 100
"""Pages of each kind in one round."""
PAGE: Final = 50
STATES: Final = ("registered", "assigned", "accepted", "rectifying", "watched", "archived")


@dataclass(frozen=True)
class Wanted:
    """Which problems of the ledger; `after` is the last number of the page before."""

    campaign: str | None = None
    unit: str | None = None
    state: str | None = None
    after: str | None = None
    limit: int = PAGE

    @property
    def fields(self) -> dict[str, str]:
        """What the documents hold."""
        said = {"unit": self.unit, "state": self.state}
        return {name: value for name, value in said.items() if value is not None}


# The seam --------------------------------------------------------------------------------------

_WHERE: Final = (
    "FROM ledger.object WHERE kind = 'problem' AND ($1::text IS NULL OR scope = $1)"
    " AND ($2::jsonb = '{}' OR doc @> $2)"
)


async def page(pool: asyncpg.Pool, wanted: Wanted) -> Sequence[asyncpg.Record]:
    """Return one page of problems, by campaign and number. To switch: see above."""
    key = (wanted.after.rpartition("-")[0], wanted.after) if wanted.after else (None, None)
    rows: list[asyncpg.Record] = await pool.fetch(
        f"SELECT scope, id, doc {_WHERE} AND ($3::text IS NULL OR (scope, id) > ($3, $4::text))"
        " ORDER BY scope, id LIMIT $5",
        wanted.campaign,
        wanted.fields,
        *key,
        wanted.limit,
    )
    return rows


async def counts(pool: asyncpg.Pool, wanted: Wanted) -> Sequence[asyncpg.Record]:
    """Return how many problems there are by state. To switch: see above."""
    asked = f"SELECT doc ->> 'state' AS state, count(*) AS n {_WHERE} GROUP BY 1"
    rows: list[asyncpg.Record] = await pool.fetch(asked, wanted.campaign, wanted.fields)
    return rows


async def every(pool: asyncpg.Pool, campaign: str) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """Yield all problems of a campaign by pages. To switch: see above."""
    wanted = Wanted(campaign=campaign, limit=1000)
    while rows := await page(pool, wanted):
        yield rows
        wanted = replace(wanted, after=rows[-1]["id"])


async def relist(_: asyncpg.Connection) -> None:
    """Make what lists are read from. To switch: see above."""


# The measurement -------------------------------------------------------------------------------

Ask = Callable[[random.Random], Wanted]


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
        "first of a campaign": lambda c: Wanted(campaign=_campaign(c)),
        "behind a place": lambda c: Wanted(after=ledger.place(c)),
        "of a unit": lambda c: Wanted(unit=_unit(c), after=ledger.place(c)),
        "in a state": lambda c: Wanted(state=c.choice(STATES), after=ledger.place(c)),
        "of a unit in a state": lambda c: Wanted(
            unit=_unit(c), state=c.choice(STATES), after=ledger.place(c)
        ),
    }


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
        found = [
            await _timed(f"page of problems {name}", partial(page, pool), ask, rounds)
            for name, ask in _kinds(ledger).items()
        ]
        some: Ask = lambda c: Wanted(campaign=_campaign(c))  # noqa: E731 - as those of the pages
        found.append(
            await _timed("counts of a campaign by state", partial(counts, pool), some, rounds)
        )
        began = time.perf_counter()
        rows = await taken_out(pool, "QZ0000")
        took = time.perf_counter() - began
    finally:
        await pool.close()
    assert rows == ledger.large
    text = f"a ledger of {rows} problems read page by page and written as CSV"
    return [*found, Figure(text, "s", [took], None, {"per_s": rows / took})]


async def fill(dsn: str, ledger: Ledger) -> None:
    """Put the problems into the ledger of a migrated database, as the store folds them."""
    columns = ["kind", "scope", "id", "doc", "stream", "first_seq", "last_seq", "updated_us"]
    async with binary_json(dsn) as admin:
        await admin.copy_records_to_table(
            "object", schema_name="ledger", columns=columns, records=_rows(ledger)
        )
        await relist(admin)
        await admin.execute("VACUUM ANALYZE")


def _rows(ledger: Ledger) -> Iterator[tuple[Any, ...]]:
    state = asleep("QZ0000-0001", "QZ0000").state
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
        }
        text = orjson.dumps(doc).decode()
        yield ("problem", campaign, no, text, problem_stream(no), 0, 2, nth)


async def taken_out(pool: asyncpg.Pool, campaign: str) -> int:
    """Write all problems of a campaign into a file; return how many there are."""
    count = 0
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        async for rows in every(pool, campaign):
            writer.writerows([str(value) for value in row["doc"].values()] for row in rows)
            count += len(rows)
    return count


async def _timed(
    text: str, call: Callable[[Wanted], Awaitable[Sequence[Any]]], ask: Ask, rounds: int
) -> Figure:
    """Return the 99th percentile of every round; each asks for the same places."""
    waits: list[list[float]] = []
    for nth in range(rounds):
        chance = random.Random(nth)  # noqa: S311 - the same places every time
        asked = [ask(chance) for _ in range(PAGES)]
        taken = []
        for wanted in asked:
            began = time.perf_counter()
            assert await call(wanted)
            taken.append((time.perf_counter() - began) * 1000)
        waits.append(taken)
    slow = [percentile(each, 0.99) for each in waits]
    median = percentile([each for taken in waits for each in taken], 0.5)
    return Figure(f"{text}, p99", "ms", slow, Goal("<", 50, "issue 4"), {"p50_ms": median})
