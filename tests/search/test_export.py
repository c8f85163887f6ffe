"""Many entries on a real database: flat memory, whole exports, a feed without gap or double."""

import asyncio
import gc
import hashlib
import io
import json
import random
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from duban.cli import reality, streaming
from duban.cli.session import Session, console
from duban.cli.trail_commands import row_of
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.reading import Asked, Reading, refusal_of
from duban.domain.roles import Person, Role
from duban.settings import Settings
from duban.store import checks, feed
from duban.store import trail as reading
from duban.store.stats import By
from duban.store.trail import TrailFilter
from duban.texts import Language
from tests.search.conftest import MakeTrail, Trail
from tests.support.entries import KEY, START, a_change, an_event

COUNT = 18_500
BATCH = 500
FEW = 3_002
FLAT = 2_000_000
"""Bytes that all entries may take more than few; what is kept of 7,000 is ten times as much."""


@pytest_asyncio.fixture(scope="module")
async def large(make_trail: MakeTrail) -> Trail:
    """18,500 entries of one stream; every tenth speaks of a spot that is blocked."""
    trail = await make_trail()
    words = "检查整改落实消防通道长江大桥西湖区" * 4
    for first in range(0, COUNT, BATCH):
        events = [
            an_event(n, reason=f"{words[n % 50 :]}{'堵塞' if n % 10 == 0 else ''}{n}")
            for n in range(first, first + BATCH)
        ]
        await trail.tell("A", *(replace_time(each) for each in events))
    await trail.settle()
    return trail


def replace_time(event: Event) -> Event:
    """Seven entries share one moment, as those of one decision do."""
    moment = START.timestamp() + event.seq // 7
    return event.model_copy(update={"occurred_at": type(START).fromtimestamp(moment, START.tzinfo)})


def session_for(trail: Trail, home: Path) -> tuple[Session, reality.StoreReader]:
    settings = Settings.model_validate(
        {"home": home, "database_url": trail.dsn, "trail_key": KEY.hex()}
    )
    services = reality.real_services()
    out = console(io.StringIO())
    return Session(settings, Language.EN, services, out, out), reality.StoreReader(
        trail.reader, settings
    )


async def peak_of(trail: Trail, folder: Path, how: tuple[str, str | None], many: int) -> int:
    """Export the newest entries, check the file, and return the bytes that took at most."""
    session, reader = session_for(trail, folder)
    (kind, text), first = how, COUNT - many
    path = folder / f"{many}.{kind}"
    since = replace_time(an_event(first)).occurred_at
    wanted = TrailFilter(text=text, tag="campaign:" if text is None else None, since=since)
    gc.collect()
    tracemalloc.start()
    try:
        written = await streaming.write_entries(session, reader.every(wanted), (kind, path), row_of)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert written.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert written.rows == sum(1 for n in range(first, COUNT) if text is None or found(n))
    return peak


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "text", "many"),
    [
        ("jsonl", None, COUNT),
        ("csv", None, 15_000),
        ("xlsx", None, 10_002),
        ("jsonl", "检查", 17_002),
    ],
)
async def test_an_export_takes_the_same_memory_for_any_number(
    large: Trail, tmp_path: Path, kind: str, text: str | None, many: int
) -> None:
    few = await peak_of(large, tmp_path, (kind, text), FEW)
    all_of_them = await peak_of(large, tmp_path, (kind, text), many)

    assert all_of_them < few + FLAT, f"{few:,} {all_of_them:,}"


def found(n: int) -> bool:
    return "检查" in ("检查整改落实消防通道长江大桥西湖区" * 4)[n % 50 :]


@pytest.mark.parametrize("limit", [1, 5, 49])
@pytest.mark.parametrize(
    "wanted", [TrailFilter(), TrailFilter(object_id="B-04"), TrailFilter(campaign="BE-2019")]
)
async def test_pages_by_time_keep_the_order_within_a_moment(
    large: Trail, wanted: TrailFilter, limit: int
) -> None:
    seen: list[int] = []
    wanted = replace(wanted, limit=limit)
    while len(seen) < 120:
        page = await reading.search(large.reader, wanted)
        seen += [each.seq for each in page]
        wanted = replace(wanted, after=reading.key_of(page[-1]))
    assert seen == list(range(COUNT - 1, COUNT - 1 - len(seen), -1))


async def test_the_feed_has_every_place_once_however_it_is_read(large: Trail) -> None:
    chance = random.Random(7)  # noqa: S311 - which pages are read, not a secret
    after, places = feed.BEGINNING, list[int]()
    ids: set[Any] = set()
    while page := await feed.feed(large.reader, after, chance.randint(1, 3000)):
        # A receiver that lost the end of a page asks again from what it kept.
        kept = page[: chance.randint(1, len(page))]
        places += [each.index for each in kept]
        ids |= {each.entry.event_id for each in kept if each.entry}
        after = kept[-1].index
    assert places == list(range(COUNT + 1))
    assert len(ids) == COUNT + 1
    assert after == await feed.feed_end(large.reader)


async def test_a_cloud_event_carries_the_exact_bytes(large: Trail) -> None:
    [placed] = await feed.feed(large.reader, 41, 1)
    line = feed.cloud_event(placed, "duban.test")
    told = json.loads(line)
    assert placed.entry is not None
    assert line.endswith(f',"data":{placed.entry.leaf.decode()}}}')
    assert told["data"]["e"]["seq"] == placed.entry.seq
    assert {**told, "data": 0} == {
        "specversion": "1.0",
        "id": str(placed.entry.event_id),
        "source": "duban.test/wf/A",
        "type": "campaign:note:made",
        "subject": "task/B-04",
        "time": placed.entry.event.occurred_at.isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "sequence": f"{42:020}",
        "data": 0,
    }


async def test_a_sealed_entry_keeps_its_place_in_the_feed(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n) for n in range(3)))
    await trail.admin.execute(
        "ALTER TABLE audit.event DISABLE TRIGGER deny_row;"
        "UPDATE audit.event SET sealed = true WHERE stream = 'A' AND seq = 1;"
        "ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_row;"
    )
    await trail.settle()
    page = await feed.feed(trail.reader, 0, 10)
    assert [each.index for each in page] == [1, 2, 3]
    [sealed] = [each for each in page if each.entry is None]
    with pytest.raises(ValueError, match="sealed"):
        feed.cloud_event(sealed, "x")


async def registered(trail: Trail) -> None:
    """A campaign with one officer and one liaison."""
    people = (
        Person(id="OF-1", name="甲", role=Role.OFFICE),
        Person(id="U03-L1", name="乙", role=Role.LIAISON, unit="U03"),
    )
    changes = (a_change("person", each.key, **each.plain()) for each in people)
    await trail.tell("campaign-BE-2019", an_event(0, *changes))


async def test_readings_and_refused_attempts_stand_in_a_stream_of_their_own(
    trail: Trail, tmp_path: Path
) -> None:
    await registered(trail)
    _, reader = session_for(trail, tmp_path)
    asked = Asked(kind=Reading.QUERY, surface="audit search", campaign="BE-2019")
    who = ("OF-1", "U03-L1", "stranger", "OF-1")
    each = [asked.model_copy(update={"request_id": f"r{n}"}) for n in range(len(who))]
    events = await asyncio.gather(
        *(reader.asks(one, person, START) for one, person in zip(each, who, strict=True))
    )
    refused = [isinstance(refusal_of(each), RuleViolation) for each in events]
    assert refused == [False, True, True, False]
    stored = await reading.stream_events(trail.reader, "reading")
    assert [each.seq for each in stored] == [0, 1, 2, 3]
    assert sorted(each.code or "" for each in stored) == [
        "",
        "",
        "actor.unknown",
        "role.not_permitted",
    ]
    rules = checks.TrailRules(frozenset({"duban_worker", "postgres"}), KEY)
    assert (await checks.check_trail(trail.admin, rules)).ok


async def test_the_real_doors(trail: Trail, tmp_path: Path) -> None:
    await registered(trail)
    await trail.settle()
    session, reader = session_for(trail, tmp_path)
    assert await reader.origin() == "duban.test"
    assert await reader.feed_end() == 1
    assert [each.index for each in await reader.feed(0, 5)] == [1]
    assert await reader.unindexed() == 0
    assert (await reader.stats(By.CAMPAIGN, None)).counts == {"": 1, "BE-2019": 1}
    async with session.services.keeper(session.settings) as keeper:
        assert await keeper.reindex() == 2
