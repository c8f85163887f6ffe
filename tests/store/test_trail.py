"""Reading the trail: filters, pages, single entries, whole streams, what a database is."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import Mode
from duban.domain.events import Outcome
from duban.domain.roles import Actor, Role
from duban.store import trail
from duban.store.audit import AuditStore
from duban.store.canonical import StoredEntry
from duban.store.errors import TrailNotOpened
from duban.store.trail import Origin, TrailFilter
from tests.support.entries import START, a_record, an_event

A, B = "campaign-A", "campaign-B"
LEADER = Actor(id="P-leader", role=Role.LEADING_GROUP)


@pytest_asyncio.fixture(scope="module")
async def told(shared_store: AuditStore) -> None:
    """Ten entries of one campaign and four of another, after the opening entry."""
    first = [an_event(seq) for seq in range(8)]
    refusal = an_event(
        8, tag="campaign:command:refused", outcome=Outcome.REJECTED, code="stage.order"
    )
    last = an_event(9, tag="goal:value:recorded", object_type="goal", object_id="G-1", unit=None)
    await shared_store.append(
        [
            a_record(A, *first, refusal, last, campaign="A"),
            a_record(B, *(an_event(seq, unit="U09", actor=LEADER) for seq in range(4))),
        ]
    )


def places(entries: list[StoredEntry]) -> list[str]:
    return [f"{each.stream[-1]}{each.seq}" for each in entries]


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"campaign": "A", "limit": 2}, ["A9", "A8"]),
        ({"campaign": "BE-2019"}, ["B3", "B2", "B1", "B0"]),
        ({"unit": "U09", "until": START + timedelta(hours=2)}, ["B1", "B0"]),
        ({"actor": "P-leader", "since": START + timedelta(hours=2)}, ["B3", "B2"]),
        ({"tag": "campaign:command:"}, ["A8"]),
        ({"tag": "goal"}, ["A9"]),
        ({"tag": "oal"}, []),
        ({"object_type": "goal"}, ["A9"]),
        ({"object_type": "task", "object_id": "G-1"}, []),
        ({"object_id": "G-1"}, ["A9"]),
        ({"outcome": Outcome.REJECTED}, ["A8"]),
        ({"tag": "trail:"}, ["l0"]),
    ],
)
async def test_entries_are_found(
    shared_reader: asyncpg.Pool, wanted: dict[str, Any], expected: list[str]
) -> None:
    assert places(await trail.search(shared_reader, TrailFilter(**wanted))) == expected


# By no index and by each of them; entries of both campaigns share their moments.
@pytest.mark.usefixtures("told")
@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({}, 15),
        ({"campaign": "A"}, 10),
        ({"unit": "U03"}, 9),
        ({"actor": "P-leader"}, 4),
        ({"tag": "campaign:note:made"}, 12),
        ({"tag": "campaign:"}, 13),
        ({"tag": "campaign:", "unit": "U03"}, 9),
        ({"object_type": "task"}, 13),
        ({"outcome": Outcome.ACCEPTED}, 14),
        ({"object_type": "task", "object_id": "B-04"}, 13),
    ],
)
async def test_pages_join_without_gap_or_double(
    shared_reader: asyncpg.Pool, filters: dict[str, Any], count: int
) -> None:
    whole = await trail.search(shared_reader, TrailFilter(**filters))
    assert len(whole) == count
    pages: list[StoredEntry] = []
    wanted = TrailFilter(**filters, limit=2)
    while page := await trail.search(shared_reader, wanted):
        pages += page
        wanted = TrailFilter(**filters, limit=2, after=trail.key_of(page[-1]))
    assert pages == whole
    moments = [each.occurred_us for each in whole]
    assert moments == sorted(moments, reverse=True)


@pytest.mark.usefixtures("told")
async def test_one_entry_by_id_and_by_place(shared_reader: asyncpg.Pool) -> None:
    by_place = await trail.get(shared_reader, f"{A}#8")
    assert by_place is not None
    assert (by_place.event.code, by_place.by) == ("stage.order", "duban_worker")
    assert await trail.get(shared_reader, str(by_place.event_id)) == by_place
    missing = ("00000000-0000-8000-8000-000000000000", f"{A}#99", f"{A}#x", "x", "")
    assert [await trail.get(shared_reader, each) for each in missing] == [None] * 5


@pytest.mark.usefixtures("told")
async def test_a_stream_is_read_in_its_order(shared_reader: asyncpg.Pool) -> None:
    events = await trail.stream_events(shared_reader, A)
    assert [each.seq for each in events] == list(range(10))
    assert events[0] == an_event(0)
    assert places(await trail.stream_entries(shared_reader, A, since_seq=8)) == ["A8", "A9"]
    assert await trail.stream_events(shared_reader, "campaign-Z") == []
    assert [await trail.head(shared_reader, each) for each in (A, B, "campaign-Z")] == [10, 4, 0]


async def test_an_entry_from_elsewhere_has_no_place_in_a_search() -> None:
    loose = StoredEntry(leaf=b"", recorded_us=0, by="w", fields={"occ": 0})
    with pytest.raises(ValueError, match="read from a database"):
        trail.key_of(loose)


async def test_a_database_says_what_it_was_opened_as(
    unopened: AuditStore, reader: asyncpg.Pool
) -> None:
    with pytest.raises(TrailNotOpened):
        await trail.origin(reader)
    await unopened.open_trail(Mode.LIVE, "duban.test", at=START, actor=LEADER)
    assert await trail.origin(reader) == Origin(Mode.LIVE, "duban.test")
    [opening] = await trail.stream_events(reader, "trail")
    assert (opening.tag, opening.actor) == ("trail:database:opened", LEADER)
