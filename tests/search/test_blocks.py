"""Blocks say where a long term may stand; what a search finds is the same without them."""

import asyncio
import itertools
import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from duban.domain.events import Outcome
from duban.store import blocks, grams, projector
from duban.store import trail as reading
from duban.store.canonical import parse
from duban.store.payloads import Payload, PayloadClass
from duban.store.projector import Pace
from duban.store.queries import SQL
from duban.store.trail import TrailFilter
from tests.search.conftest import MakeTrail, Trail, some_looks
from tests.support.entries import START, a_record, an_event

SMALL = 5
"""Entries of a block here."""
BLOCKS = "SELECT * FROM audit.search_block ORDER BY from_us"
SMALLER = {"find_text": {":= 500;": ":= 3;", ":= 2000;": ":= 4;"}, "find_in_blocks": {"16;": "2;"}}
"""Bounds of a search, so low that a few hundred entries go every way there is."""


async def made(trail: Trail) -> list[list[int] | None]:
    """Return what each block knows, having seen that they follow on each other from 0 on."""
    rows = await trail.admin.fetch(BLOCKS)
    ends = [0, *(row["until_us"] for row in rows)]
    assert [row["from_us"] for row in rows] == ends[:-1]
    return [row["triples"] for row in rows]


async def all_made(trail: Trail, entries: int = SMALL) -> int:
    total = 0
    while count := await blocks.step(trail.sequencer, entries):
        total += count
    return total


async def hold(trail: Trail, term: str) -> list[bool]:
    wanted = grams.triples([term])
    return [wanted <= set(each or ()) for each in await made(trail)]


async def told(trail: Trail, count: int, **fields: Any) -> None:
    await trail.tell("A", *(an_event(n, **{"reason": "政务服务", **fields}) for n in range(count)))
    await trail.settle()


async def make_smaller(admin: asyncpg.Pool) -> None:
    for name, bounds in SMALLER.items():
        asked = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = $1"
        body = await admin.fetchval(asked, name)
        for old, new in bounds.items():
            assert body.count(old) == 1
            body = body.replace(old, new)
        await admin.execute(body)


@dataclass
class Story:
    """Entries of several streams, whose words, times and order of coming are left to chance."""

    chance: random.Random
    seqs: Iterator[int] = field(default_factory=itertools.count)
    letters: str = "政务服3 "

    def text(self, most: int) -> str:
        return "".join(self.chance.choices(self.letters, k=self.chance.randint(1, most)))

    async def go_on(self, trail: Trail, most_days: int) -> None:
        for stream in map(str, itertools.islice(self.seqs, self.chance.randint(1, 6))):
            events = [
                an_event(
                    n,
                    occurred_at=START + timedelta(days=self.chance.randint(0, most_days)),
                    reason=self.text(14),
                    unit=f"U0{self.chance.randint(1, 3)}",
                    detail={},
                )
                for n in range(self.chance.randint(1, 12))
            ]
            await trail.tell(f"S{stream}", *events, campaign=f"C-{self.chance.randint(1, 2)}")
        await trail.settle()

    def wanted(self) -> TrailFilter:
        day = START + timedelta(days=self.chance.randint(0, 80))
        some: list[dict[str, Any]] = [
            {},
            {"unit": "U02"},
            {"campaign": "C-1", "tag": "campaign:"},
            {"object_type": "task", "object_id": "B-04", "outcome": Outcome.ACCEPTED},
            {"actor": "P-office", "since": day, "until": day + timedelta(days=20)},
            {"on_behalf_of": "nobody"},
        ]
        limit = self.chance.choice((1, 7, 50))
        return TrailFilter(text=f"政{self.text(4)}", limit=limit, **self.chance.choice(some))


async def whole(trail: Trail, wanted: TrailFilter) -> list[str]:
    """Return all that is found, page by page, in order."""
    found: list[str] = []
    while page := await reading.search(trail.reader, wanted):
        assert len(page) <= wanted.limit
        found += [f"{each.stream}#{each.seq}" for each in page]
        wanted = replace(wanted, after=reading.key_of(page[-1]))
    return found


async def without_blocks(trail: Trail, asked: list[TrailFilter]) -> list[list[str]]:
    """Return what is found while there are no blocks."""
    await trail.admin.execute(
        "CREATE TABLE public.kept AS TABLE audit.search_block; DELETE FROM audit.search_block"
    )
    found = [await whole(trail, each) for each in asked]
    await trail.admin.execute(
        "INSERT INTO audit.search_block TABLE public.kept; DROP TABLE public.kept"
    )
    return found


@pytest.mark.parametrize("seed", range(4))
async def test_a_search_finds_the_same_with_blocks_with_some_and_with_none(
    trail: Trail, seed: int
) -> None:
    await make_smaller(trail.admin)
    story, full = Story(random.Random(seed)), 0  # noqa: S311 - a story, no secret
    for turn in range(6):
        await story.go_on(trail, 15 * (turn + 1))
        for _ in range(story.chance.randint(1, 12)):
            await blocks.step(trail.sequencer, story.chance.randint(1, 9))
        asked = [story.wanted() for _ in range(25)]
        with_blocks = [await whole(trail, each) for each in asked]
        full += sum(map(len, with_blocks))
        assert with_blocks == await without_blocks(trail, asked)
    assert len(await made(trail)) > 10
    assert full > 200


async def test_only_blocks_that_hold_a_term_are_looked_into(trail: Trail) -> None:
    await make_smaller(trail.admin)
    await told(trail, 40)
    wanted = TrailFilter(text="政务服务")
    assert await all_made(trail) == 35
    assert all(await hold(trail, "政务服务"))
    assert not any(await hold(trail, "服务服"))
    assert len(await reading.search(trail.reader, wanted)) == 40
    # What the blocks are told to know is believed; the newest entries are in none.
    await trail.admin.execute("UPDATE audit.search_block SET triples = '{}'")
    assert len(await reading.search(trail.reader, wanted)) == 41 - 35
    await trail.admin.execute("UPDATE audit.search_block SET triples = NULL")
    assert len(await reading.search(trail.reader, wanted)) == 40


async def test_what_comes_late_is_found_at_once_and_its_block_made_anew(trail: Trail) -> None:
    await told(trail, 40)
    await all_made(trail)
    before = await made(trail)
    days = [
        an_event(n, occurred_at=START + timedelta(hours=12), reason="迟到的记录") for n in (0, 1)
    ]
    await trail.tell("late", *days)
    await trail.settle()
    assert [each is None for each in await made(trail)].count(True) == 1
    assert len(await reading.search(trail.reader, TrailFilter(text="迟到的记录"))) == 2
    assert await blocks.step(trail.sequencer, SMALL) == SMALL + 2
    assert len(await made(trail)) == len(before)
    assert (await hold(trail, "迟到的记录")).count(True) == 1
    assert await blocks.step(trail.sequencer, SMALL) == 0


async def test_a_block_that_has_grown_is_cut_and_one_moment_is_not(trail: Trail) -> None:
    await told(trail, 20)
    await all_made(trail)
    early = [START + timedelta(minutes=n // 12) for n in range(24)]
    await trail.tell("late", *(an_event(n, occurred_at=each) for n, each in enumerate(early)))
    await trail.settle()
    before = len(await made(trail))
    sizes = [await blocks.step(trail.sequencer, SMALL) for _ in range(4)]
    assert sizes == [14, 12, 3, 0]
    assert len(await made(trail)) == before + 2
    assert None not in await made(trail)


async def test_the_newest_are_in_no_block_yet(trail: Trail) -> None:
    await told(trail, 2 * SMALL - 2)
    assert await blocks.step(trail.sequencer, SMALL) == 0
    assert await made(trail) == []
    await trail.tell("B", an_event(0, occurred_at=START + timedelta(days=1)))
    assert await blocks.step(trail.sequencer, SMALL) == 0
    await trail.settle()
    assert await blocks.step(trail.sequencer, SMALL) == SMALL


async def test_many_make_blocks_at_once_while_entries_come(trail: Trail) -> None:
    await told(trail, 60)

    async def come() -> int:
        late = timedelta(hours=7)
        for n in range(6):
            await trail.tell("late", an_event(n, occurred_at=START + late, reason="迟到的记录"))
            await trail.settle()
        return 0

    await asyncio.gather(come(), *(all_made(trail) for _ in range(3)))
    await all_made(trail)
    assert None not in await made(trail)
    assert (await hold(trail, "迟到的记录")).count(True) == 1
    assert all((await hold(trail, "政务服务"))[1:])


async def test_what_was_read_before_something_came_is_not_stored(trail: Trail) -> None:
    await told(trail, 20)
    await all_made(trail)
    mark, low, _ = await trail.sequencer.fetchrow(SQL["block_next"])
    first = (await trail.admin.fetch(BLOCKS))[0]["until_us"]
    before = await made(trail)
    for stale in ((mark - 1, low, low + 1), (mark, low + 1, low + 2), (mark, 0, first + 1)):
        assert not await trail.sequencer.fetchval(SQL["store_block"], *stale, [])
    assert await made(trail) == before
    assert await trail.sequencer.fetchval(SQL["store_block"], mark, low, low + 1, [])


async def test_rebuilding_makes_them_anew(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "TOLD", 20)
    await told(trail, 3 * blocks.ENTRIES)
    await blocks.catch_up(trail.sequencer)
    before = await trail.admin.fetch(BLOCKS)
    assert len(before) == 2
    await trail.admin.execute("UPDATE audit.search_block SET triples = '{1}'")
    await projector.rebuild(trail.admin)
    assert await trail.admin.fetch(BLOCKS) == before


async def test_what_is_sealed_erased_or_cannot_be_read_leaves_nothing_in_them(
    trail: Trail,
) -> None:
    await told(trail, 20)
    text = Payload("body", "个人信息文本".encode(), PayloadClass.PERSONAL)
    record = a_record("B", an_event(0, reason="申请删除"))
    [result] = await trail.store.append([record], {("B", 0): (text,)})
    assert result.error is None
    await trail.admin.execute(
        "ALTER TABLE audit.event DISABLE TRIGGER deny_row;"
        "UPDATE audit.event SET leaf = 'x' WHERE stream = 'A' AND seq = 1;"
        "UPDATE audit.event SET sealed = true, leaf = replace(leaf, '政务服务', '密封的文字')"
        " WHERE stream = 'A' AND seq = 2;"
        "ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_row;"
    )
    await trail.settle()
    assert await all_made(trail) > 10
    assert (await hold(trail, "申请删除")).count(True) == 1
    for absent in ("个人信息文本", "密封的文字"):
        assert not any(await hold(trail, absent))


@pytest_asyncio.fixture
async def followed(make_trail: MakeTrail) -> AsyncIterator[Trail]:
    """A trail whose projector has taken everything in, with enough for a block."""
    trail = await make_trail()
    await told(trail, 2 * blocks.ENTRIES)
    yield trail


async def test_they_are_made_when_nothing_waits(followed: Trail) -> None:
    async with asyncio.timeout(30), projector.following(followed.sequencer, interval=0.001):
        while not await made(followed):  # noqa: ASYNC110 - the projector sets no event
            await asyncio.sleep(0.001)


async def test_in_a_rush_none_is_made(followed: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[float] = []

    def rushing(_: Pace, __: int, now: float) -> bool:
        looks.append(now)
        return True

    monkeypatch.setattr(Pace, "rushing", rushing)
    async with asyncio.timeout(30), projector.following(followed.sequencer, interval=0.001):
        while len(looks) < 5:  # noqa: ASYNC110 - a look sets no event
            await asyncio.sleep(0.001)
    assert await made(followed) == []


async def test_what_comes_is_seen_in_the_queue_before_the_log_has_grown(
    followed: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "QUEUE", 3)
    await followed.tell("later", *(an_event(n) for n in range(3)))
    async with asyncio.timeout(30), projector.following(followed.sequencer, interval=0.001):
        await some_looks(monkeypatch)
        assert await made(followed) == []
        await followed.grow()
        while not await made(followed):  # noqa: ASYNC110 - nor does the projector
            await asyncio.sleep(0.001)


async def test_it_rests_three_times_as_long_as_a_block_took(
    followed: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    took, pauses, sleep = 0.02, list[float](), asyncio.sleep

    async def step(_: asyncpg.Pool) -> int:
        await sleep(took)
        return 1

    async def pause(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0.001)

    monkeypatch.setattr(blocks, "step", step)
    monkeypatch.setattr(asyncio, "sleep", pause)
    async with asyncio.timeout(30), projector.following(followed.sequencer):
        while not pauses:
            await sleep(0.001)
    assert pauses[0] > 2.99 * took


async def test_what_they_know_is_what_stands_in_their_entries(trail: Trail) -> None:
    await told(trail, 30)
    await all_made(trail)
    rows = await trail.admin.fetch(BLOCKS)
    for row in rows:
        inside = "SELECT leaf FROM audit.event WHERE occurred_us >= $1 AND occurred_us < $2"
        leaves = await trail.admin.fetch(inside, row["from_us"], row["until_us"])
        texts = [text for each in leaves for text in parse(each["leaf"]).texts]
        assert row["triples"] == sorted(grams.triples(texts))
    assert len(rows) == 5
