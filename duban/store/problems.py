"""The problem list: pages and counts by filters and words, and what a ledger shows beside."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import asyncpg

from duban.domain.limits import DeadlineCode
from duban.domain.model import Document
from duban.domain.problem.records import ProblemRecord
from duban.store.errors import NothingToSearch
from duban.store.pool import reachable
from duban.store.queries import SQL

PAGE: Final = 1000
"""Problems fetched at once where all are wanted."""

FEW: Final = 1000
"""A text is looked for in as many problems first, and in ten times as many where they fill a tenth
of the page; then the index is asked, and as many as this are looked up one by one. Where more hold
it, the next page is seldom far in the order of the list."""
_TENTH: Final = 10

MOST: Final = 5000
"""So many problems that hold a text are counted; that there are more is said."""

RECTIFYING: Final = (DeadlineCode.IMMEDIATE, DeadlineCode.TASK_ITEM, DeadlineCode.LONG_TERM)
_CODES: Final = (*RECTIFYING, DeadlineCode.PUBLIC_NOTICE, DeadlineCode.LOOK_BACK)


_SHOWN: Final = frozenset(
    {
        "access_level",
        "assigned_at",
        "assisting",
        "campaign",
        "description",
        "explanations",
        "found_on",
        "handler",
        "hard_bone",
        "lookback_passed",
        "no",
        "plan",
        "principal_leader",
        "problem_type",
        "rectify_class",
        "recurrence_no",
        "red_count",
        "severity",
        "signatures",
        "signed_off_on",
        "source",
        "source_ref",
        "state",
        "target",
        "unit",
        "verification",
        "yellow_count",
    }
)
_LEFT_OUT: Final = sorted(ProblemRecord.model_fields.keys() - _SHOWN)
"""What the rows of a ledger are not made from: half of a problem, which costs time to carry."""


@dataclass(frozen=True, slots=True)
class ProblemFilter:
    """Which problems; a field left out does not matter.

    `text` is words that must all stand in number, title, description or source number; width and
    letter case do not matter. `levels` are the levels of access that may be seen; `after` is the
    number of the last problem of the page before.
    """

    campaign: str | None = None
    states: tuple[str, ...] | None = None
    unit: str | None = None
    problem_type: str | None = None
    severity: str | None = None
    rectify_class: str | None = None
    source: str | None = None
    levels: tuple[str, ...] | None = None
    hard_bone: bool | None = None
    stagnant: bool | None = None
    breached: bool | None = None
    streak: int | None = None
    recurred: bool | None = None
    text: str | None = None
    after: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class ListedProblem:
    """One problem of the ledger, the ordinal of its last change, and what stands `beside` it."""

    campaign: str
    no: str
    doc: Document
    last_seq: int
    beside: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Counts:
    """Numbers of problems by state and level of access.

    With `at_least`, more problems hold the text than were counted: each number may be larger, and
    states may be missing.
    """

    numbers: Mapping[tuple[str, str], int]
    at_least: bool = False

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.numbers.values())


async def page(pool: asyncpg.Pool, wanted: ProblemFilter, *, few: int = FEW) -> list[ListedProblem]:
    """Return one page of problems, by campaign and number.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        NothingToSearch: the text holds nothing but blanks.
    """
    return await _page(pool, wanted, few, [])


async def _page(
    pool: asyncpg.Pool, wanted: ProblemFilter, few: int, left_out: list[str]
) -> list[ListedProblem]:
    with reachable():
        if wanted.text is None:
            return await _rows(pool, wanted, left_out)
        words = await _words(pool, wanted.text)
        for walk in (few, _TENTH * few):
            found = await _rows(pool, wanted, left_out, (None, words.patterns, walk))
            if len(found) == wanted.limit:
                return found
            if _TENTH * len(found) < wanted.limit:
                break
        numbers = await _holding(pool, words, wanted.campaign, few + 1)
        if len(numbers) <= few:
            return await _rows(pool, wanted, left_out, (numbers, None, None))
        return await _rows(pool, wanted, left_out, (None, words.patterns, None))


class _Words(NamedTuple):
    """What the parts of a text look like in the list, and what they share with it."""

    patterns: list[str]
    pairs: list[str]


_Among = tuple[list[str] | None, list[str] | None, int | None]
"""Where to look: in these numbers, for these patterns, in so many problems at most."""


async def _rows(
    pool: asyncpg.Pool,
    wanted: ProblemFilter,
    left_out: list[str],
    among: _Among = (None, None, None),
) -> list[ListedProblem]:
    numbers, patterns, walk = among
    if patterns is None:
        # The page itself. The planner must know: all of them in their order it would sort first.
        walk = wanted.limit
    key = (campaign_of(wanted.after), wanted.after) if wanted.after else (None, None)
    given = (*_columns(wanted), numbers, patterns, *key, wanted.limit, left_out, walk)
    rows = await pool.fetch(SQL["problem_page"], *given)
    return [ListedProblem(**row, beside={}) for row in rows]


async def counts(pool: asyncpg.Pool, wanted: ProblemFilter, *, most: int | None = MOST) -> Counts:
    """Return how many problems there are; where a page ended does not matter.

    Where more than `most` problems hold a text (of the campaign, if one is wanted), so many of
    them are counted. Without a text, or a bound, all are.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        NothingToSearch: the text holds nothing but blanks.
    """
    numbers, more = None, False
    with reachable():
        if wanted.text is not None:
            words = await _words(pool, wanted.text)
            bound = None if most is None else most + 1
            numbers = await _holding(pool, words, wanted.campaign, bound)
            more = len(numbers) == bound
            numbers = numbers[:most]
        rows = await pool.fetch(SQL["problem_counts"], *_columns(wanted), numbers)
    found = {(row["state"] or "", row["access_level"] or ""): row["n"] for row in rows}
    return Counts(found, more)


async def every(pool: asyncpg.Pool, wanted: ProblemFilter) -> AsyncGenerator[list[ListedProblem]]:
    """Yield all problems of one campaign by pages, each with what a ledger shows beside it.

    `wanted.campaign` must be given. Problems that come meanwhile stand behind all others: none is
    told twice and none is left out.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        NothingToSearch: the text holds nothing but blanks.
    """
    coming = asyncio.create_task(_whole(pool, replace(wanted, limit=PAGE)))
    try:
        while page := await coming:
            # The next page is read while whoever asked does something with this one.
            after = replace(wanted, limit=PAGE, after=page[-1].no)
            coming = asyncio.create_task(_whole(pool, after))
            yield page
    finally:
        coming.cancel()
        await asyncio.gather(coming, return_exceptions=True)


async def _whole(pool: asyncpg.Pool, wanted: ProblemFilter) -> list[ListedProblem]:
    """Return one page of a campaign's problems with what a ledger shows beside them."""
    assert wanted.campaign is not None
    found = await _page(pool, wanted, FEW, _LEFT_OUT)
    return await _beside(pool, wanted.campaign, found) if found else []


def campaign_of(no: str) -> str:
    """Return the campaign of a problem by its number; the serial stands behind the last dash."""
    return no.rpartition("-")[0]


def _columns(wanted: ProblemFilter) -> tuple[Any, ...]:
    return (
        wanted.campaign,
        wanted.states,
        wanted.unit,
        wanted.problem_type,
        wanted.severity,
        wanted.rectify_class,
        wanted.source,
        wanted.levels,
        wanted.hard_bone,
        wanted.stagnant,
        wanted.breached,
        wanted.streak,
        wanted.recurred,
    )


async def _words(pool: asyncpg.Pool, text: str) -> _Words:
    parts = text.split()
    if not parts:
        raise NothingToSearch(text=text)
    return _Words(**await pool.fetchrow(SQL["problem_asked"], parts))


async def _holding(
    pool: asyncpg.Pool, asked: _Words, campaign: str | None, most: int | None
) -> list[str]:
    """Return the numbers of the problems that hold a text, at most `most` of them.

    If there are fewer, they may be of other campaigns too.
    """
    given = (asked.pairs, asked.patterns, campaign, most)
    found: list[str] = await pool.fetchval(SQL["problem_words"], *given)
    return found


async def _beside(
    pool: asyncpg.Pool, campaign: str, found: list[ListedProblem]
) -> list[ListedProblem]:
    """Return problems with their clocks, newest replies and files, fetched for all at once."""
    span = campaign, found[0].no, found[-1].no
    with reachable():
        clocks = await pool.fetch(SQL["problem_clocks"], *span, list(_CODES))
        replies = await pool.fetch(SQL["problem_replies"], *span)
        files = await pool.fetch(SQL["problem_evidence"], *span)
    beside: dict[str, dict[str, Any]] = {each.no: {} for each in found}
    for row in clocks:
        name = "clock" if row["code"] in RECTIFYING else row["code"]
        _put(beside, row["no"], name, row)
    for row in replies:
        _put(beside, row["no"], "reply", row)
    for row in files:
        _put(beside, row["no"], "evidence", row["titles"])
    return [replace(each, beside=beside[each.no]) for each in found]


def _put(beside: dict[str, dict[str, Any]], no: str, name: str, value: object) -> None:
    if no in beside:
        beside[no][name] = value
