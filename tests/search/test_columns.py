"""Entries are found by their columns wherever they are: taken in, in the log only, or waiting."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio

from duban.domain.events import Outcome
from duban.domain.roles import Actor, Role
from duban.store import migrations, projector
from duban.store import trail as reading
from duban.store.canonical import StoredEntry
from duban.store.projector import RUSH, Pace
from duban.store.trail import TrailFilter
from tests.search.conftest import MakeTrail, Trail, some_looks
from tests.support.entries import START, an_event

OTHER = Actor(id="P-2", role=Role.OFFICE)
TAGS = ("goal:value:recorded", "goal:note:made", "campaign:note:made")
EACH = 12
"""Entries of each of the three parts of the trail."""
KINDS: tuple[dict[str, Any], ...] = (
    {"unit": "U09"},
    {"actor": "P-2"},
    {"tag": "goal:value:recorded"},
    {"tag": "goal:"},
    {"tag": "campaign:note:", "unit": "U03"},
    {"object_type": "goal"},
    {"object_id": "G-1"},
    {"object_type": "goal", "object_id": "G-2"},
    {"outcome": Outcome.REJECTED},
    {"outcome": Outcome.ACCEPTED, "actor": "P-2"},
    {"campaign": "A", "actor": "P-2"},
    {"campaign": "B", "unit": "U09", "tag": "goal:"},
    {"campaign": "nowhere", "unit": "U09"},
)
"""What is looked for, by all columns and some together."""


async def tell_some(trail: Trail, first: int) -> None:
    """Append entries that differ in every column, those of two campaigns at the same moments."""
    for campaign in ("A", "B"):
        events = [
            an_event(
                seq,
                tag=TAGS[seq % 3],
                occurred_at=START + timedelta(hours=seq // 2),
                unit="U09" if seq % 2 else "U03",
                object_type="goal" if seq % 3 == 0 else "task",
                object_id=f"G-{seq % 4}",
                outcome=Outcome.REJECTED if seq % 5 == 0 else Outcome.ACCEPTED,
                code="state.stage" if seq % 5 == 0 else None,
                **({"actor": OTHER} if seq % 7 < 3 else {}),
            )
            for seq in range(first, first + EACH)
        ]
        await trail.tell(f"campaign-{campaign}", *events, campaign=campaign)


@pytest_asyncio.fixture(scope="module")
async def parted(make_trail: MakeTrail) -> Trail:
    """A third is taken in, a third is in the log, a third waits; two wait that need not."""
    trail = await make_trail()
    await tell_some(trail, 0)
    await trail.settle()
    await tell_some(trail, EACH)
    await trail.grow()
    await tell_some(trail, 2 * EACH)
    await trail.admin.execute(
        "INSERT INTO audit.inbox SELECT event_id FROM audit.leaf WHERE leaf_index IN (3, 30)"
    )
    return trail


def of(entry: StoredEntry) -> dict[str, Any]:
    """The columns of an entry as its leaf tells them."""
    fields: dict[str, Any] = dict(entry.fields)
    return {
        "campaign": fields.get("camp"),
        "unit": fields.get("unit"),
        "actor": fields["actor"]["id"],
        "tag": fields["tag"],
        "object_type": fields["obj"]["type"],
        "object_id": fields["obj"]["id"],
        "outcome": Outcome(fields["outcome"]),
    }


def fits(entry: StoredEntry, wanted: dict[str, Any]) -> bool:
    columns = of(entry)
    return all(
        columns[name].startswith(each) if name == "tag" else columns[name] == each
        for name, each in wanted.items()
    )


def order(entry: StoredEntry) -> tuple[int, int, Any]:
    return entry.occurred_us, entry.seq, entry.event_id


async def everything(trail: Trail, fitting: Callable[[StoredEntry], bool]) -> list[StoredEntry]:
    """What fits of all there is, newest first."""
    found = [e async for e in reading.every(trail.reader, TrailFilter()) if fitting(e)]
    return sorted(found, key=order, reverse=True)


@pytest.mark.parametrize("wanted", KINDS, ids="+".join)
async def test_nothing_is_left_out_and_nothing_told_twice(
    parted: Trail, wanted: dict[str, Any]
) -> None:
    expected = await everything(parted, lambda entry: fits(entry, wanted))
    assert bool(expected) == (wanted.get("campaign") != "nowhere")
    asked = TrailFilter(**wanted, limit=1000)
    assert await reading.search(parted.reader, asked) == expected
    since, until = START + timedelta(hours=3), START + timedelta(hours=14)
    between = [e for e in expected if since <= e.event.occurred_at < until]
    assert await reading.search(parted.reader, replace(asked, since=since, until=until)) == between


@pytest.mark.parametrize("limit", [1, 2, 5])
@pytest.mark.parametrize("wanted", KINDS, ids="+".join)
async def test_pages_join_without_a_seam(parted: Trail, wanted: dict[str, Any], limit: int) -> None:
    """Every page is full but the last, also where it ends within one moment."""
    expected = await everything(parted, lambda entry: fits(entry, wanted))
    asked = TrailFilter(**wanted, limit=limit)
    for first in range(0, len(expected), limit):
        page = await reading.search(parted.reader, asked)
        assert page == expected[first : first + limit]
        asked = replace(asked, after=reading.key_of(page[-1]))
    assert await reading.search(parted.reader, asked) == []


async def test_an_entry_that_is_gone_hides_no_other(make_trail: MakeTrail) -> None:
    trail = await make_trail()
    await trail.tell("A", *(an_event(n) for n in range(6)))
    await trail.settle()
    await trail.admin.execute(
        "ALTER TABLE audit.event DISABLE TRIGGER deny_row;"
        "DELETE FROM audit.event WHERE stream = 'A' AND seq = 4;"
        "ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_row;"
    )
    found = [each.seq async for each in reading.every(trail.reader, TrailFilter(unit="U03"))]
    assert found == [5, 3, 2, 1, 0]


async def test_what_was_taken_in_before_has_its_columns_after_the_migration(
    make_trail: MakeTrail,
) -> None:
    trail = await make_trail()
    await tell_some(trail, 0)
    await trail.settle()
    wanted = TrailFilter(object_id="G-1", unit="U09")
    before = await reading.search(trail.reader, wanted)
    names = ("found", "fresh")
    drops = [f"DROP VIEW audit.{name}" for name in names]
    columns = ("campaign", "unit", "actor", "tag", "object_type", "object_id", "outcome")
    drops += [f"ALTER TABLE audit.search DROP COLUMN {each}" for each in columns]
    drops += ["DROP TABLE audit.tag", f"DROP FUNCTION {PROJECT_NOW}", PROJECT_BEFORE]
    drops += [
        f"CREATE INDEX event_{name} ON audit.event (occurred_us)"
        for name in ("actor", "unit", "tag", "object", "kind", "refusal")
    ]
    await trail.admin.execute(";".join(drops))
    [this] = [each for each in migrations.shipped() if each.name == "0014_search_columns.sql"]
    async with trail.admin.acquire() as connection, connection.transaction():
        await connection.execute(this.sql)
    assert await reading.search(trail.reader, wanted) == before != []
    assert await reading.unindexed(trail.reader) == 0


PROJECT_NOW = "audit.project(bigint, bigint, bigint[], uuid[], text[])"
PROJECT_BEFORE = """
CREATE FUNCTION audit.project(bigint, bigint, bigint[], bigint[], uuid[], text[], text[], text[])
RETURNS boolean LANGUAGE sql AS 'SELECT true'
"""


def test_a_rush_is_seen_once_an_interval_and_over_one() -> None:
    pace = Pace(0.5)
    assert not pace.rushing(1_000_000, 100.0)
    assert not pace.rushing(1_000_000 + RUSH, 100.1)
    assert pace.rushing(1_000_000 + RUSH, 100.6)
    assert pace.rushing(1_000_000 + RUSH, 100.8)
    assert not pace.rushing(1_000_000 + RUSH + 10, 101.2)


async def test_in_a_rush_it_stands_back_until_too_much_waits(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Pace, "rushing", lambda *_: True)
    await tell_some(trail, 0)
    await trail.grow()
    waiting = await reading.unindexed(trail.reader)
    async with projector.following(trail.sequencer, interval=0.001):
        await some_looks(monkeypatch)
        assert await reading.unindexed(trail.reader) == waiting
        monkeypatch.setattr(projector, "PATIENCE", 1)
        async with asyncio.timeout(30):
            while await reading.unindexed(trail.reader):  # noqa: ASYNC110 - nor does the search
                await asyncio.sleep(0.001)
