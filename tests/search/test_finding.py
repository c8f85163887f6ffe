"""Entries are found by their words: short and long terms, rare and common, never a sealed one."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from duban.domain.events import Outcome
from duban.domain.roles import Actor, Role
from duban.store import trail as reading
from duban.store.canonical import StoredEntry
from duban.store.errors import NothingToSearch
from duban.store.trail import TrailFilter
from tests.search.conftest import MakeTrail, Trail
from tests.support.entries import START, an_event

DEPUTY = Actor(id="P-2", role=Role.OFFICE, on_behalf_of="P-1", delegation_id="D-1")
LINES = (
    "消防通道堵塞",  # 0
    "检查整改落实",  # 1
    "西湖区整改完成",  # 2
    "西湖 区级整改",  # 3
    "依据 BE-2019 号方案",  # 4
    "编号ＡＢ１２已核",  # 5
    "第3号决定",  # 6
    "第13号决定",  # 7
    "龙卷风",  # 8
    "塌方",  # 9
)


@pytest_asyncio.fixture(scope="module")
async def told(make_trail: MakeTrail) -> Trail:
    """One entry per line, an hour apart, and one made by a deputy in another campaign."""
    trail = await make_trail()
    events = [an_event(n, reason=said, detail={}) for n, said in enumerate(LINES)]
    await trail.tell("lines", *events)
    made = an_event(0, actor=DEPUTY, reason="检查无误", unit="U09", detail={})
    await trail.tell("deputy", made, campaign="X-1")
    await trail.settle()
    return trail


def places(found: list[StoredEntry]) -> list[int]:
    return sorted(each.seq if each.stream == "lines" else 100 + each.seq for each in found)


async def found(trail: Trail, **wanted: Any) -> list[int]:
    return places(await reading.search(trail.reader, TrailFilter(**wanted)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("塌方", [9]),
        ("查整", [1]),
        ("整改", [1, 2, 3]),
        ("西湖区整改", [2]),
        ("西湖 整改", [2, 3]),
        ("湖区", [2]),
        ("风", [8]),
        ("消", [0]),
        ("塞", [0]),
        ("防", [0]),
        ("BE-2019", [4]),
        ("be－２０１９", [4]),
        ("ab12", [5]),
        ("ａｂ１２已", [5]),
        ("AB", []),
        ("第3号", [6]),
        ("13", [7]),
        ("3", [6]),
        ("长江", []),
        ("塌 风", []),
    ],
)
async def test_terms(told: Trail, text: str, expected: list[int]) -> None:
    assert await found(told, text=text) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"on_behalf_of": "P-1"}, [100]),
        ({"on_behalf_of": "P-2"}, []),
        ({"on_behalf_of": "P-1", "text": "检查"}, [100]),
        ({"text": "检查", "campaign": "BE-2019"}, [1]),
        ({"text": "检查", "unit": "U09"}, [100]),
        ({"text": "检查", "actor": "P-2"}, [100]),
        ({"text": "检查", "tag": "campaign:note"}, [1, 100]),
        ({"text": "检查", "tag": "goal"}, []),
        ({"text": "检查", "object_type": "task", "object_id": "B-04"}, [1, 100]),
        ({"text": "检查", "outcome": Outcome.REJECTED}, []),
        ({"text": "整改", "since": START + timedelta(hours=2)}, [2, 3]),
        ({"text": "整改", "until": START + timedelta(hours=2)}, [1]),
        ({"text": "整改", "limit": 1}, [3]),
    ],
)
async def test_terms_with_filters(told: Trail, wanted: dict[str, Any], expected: list[int]) -> None:
    assert await found(told, **wanted) == expected


@pytest.mark.parametrize("text", ["", "！", " —— "])
async def test_nothing_to_search(told: Trail, text: str) -> None:
    with pytest.raises(NothingToSearch):
        await reading.search(told.reader, TrailFilter(text=text))


MONTHS = 6
PER_MONTH = 60
LIFTS = MONTHS * PER_MONTH // 10 + PER_MONTH // 4


def _lifts(month: int, n: int) -> bool:
    """In one entry of ten, and more of late: how often it stands now says little of before."""
    return n % 10 == 7 or (month == MONTHS and n % 4 == 0)


@pytest_asyncio.fixture(scope="module")
async def deep(make_trail: MakeTrail) -> AsyncIterator[Trail]:
    """Half a year of entries: all hold 整改, one a month 塌方, some 电梯; three are few."""
    trail = await make_trail()
    for month in range(1, MONTHS + 1):
        events = [
            an_event(
                n,
                occurred_at=datetime(2026, month, 3 + n // 10, tzinfo=UTC),
                reason="整改" + ("塌方" if n == 7 else "") + ("电梯" if _lifts(month, n) else ""),
            )
            for n in range(PER_MONTH)
        ]
        await trail.tell(f"month-{month}", *events)
    await trail.settle()
    body = await trail.admin.fetchval(
        "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'find_text'"
    )
    assert body.count(":= 2000;") == body.count(":= 500;") == 1
    await trail.admin.execute(body.replace(":= 2000;", ":= 50;").replace(":= 500;", ":= 3;"))
    yield trail


TIED = [(f"tied-{n}", seq) for n in range(4) for seq in range(3)]


@pytest_asyncio.fixture(scope="module")
async def tied(make_trail: MakeTrail) -> Trail:
    """Four streams with three entries each, all of one moment."""
    trail = await make_trail()
    for stream in sorted({stream for stream, _ in TIED}):
        events = (an_event(n, occurred_at=START, object_id="tied", reason="整改") for n in range(3))
        await trail.tell(stream, *events, campaign="T-1")
    await trail.settle()
    return trail


async def pages(reader: asyncpg.Pool, wanted: TrailFilter) -> list[StoredEntry]:
    all_of_them: list[StoredEntry] = []
    while page := await reading.search(reader, wanted):
        all_of_them += page
        wanted = replace(wanted, after=reading.key_of(page[-1]))
    return all_of_them


@pytest.mark.parametrize("limit", [1, 7, 50, 500])
@pytest.mark.parametrize("text", ["整改", "塌方", "电梯"])
async def test_all_paths_join_without_gap_or_double(deep: Trail, text: str, limit: int) -> None:
    said = await pages(deep.reader, TrailFilter(text=text, limit=limit))
    keys = [reading.key_of(each) for each in said]
    order = [(k.occurred_us, k.seq, k.event_id) for k in keys]
    assert order == sorted(order, reverse=True)
    known = {"整改": MONTHS * PER_MONTH, "塌方": MONTHS, "电梯": LIFTS}
    assert len(set(keys)) == len(said) == known[text]
    # A page that came short would be made up for by the next.
    assert await reading.search(deep.reader, TrailFilter(text=text, limit=limit)) == said[:limit]


async def test_all_paths_heed_the_window(deep: Trail) -> None:
    window: dict[str, Any] = {
        "since": datetime(2026, 2, 3, tzinfo=UTC),
        "until": datetime(2026, 4, 4, tzinfo=UTC),
    }
    common = await pages(deep.reader, TrailFilter(text="整改", limit=9, **window))
    rare = await pages(deep.reader, TrailFilter(text="塌方", limit=9, **window))
    assert len(common) == 2 * PER_MONTH + 10
    assert [each.stream for each in rare] == ["month-4", "month-3", "month-2"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5])
@pytest.mark.parametrize("wanted", [{"text": "整改"}, {"campaign": "T-1"}, {"object_id": "tied"}])
async def test_entries_of_one_moment_and_one_ordinal_are_each_on_one_page(
    tied: Trail, wanted: dict[str, Any], limit: int
) -> None:
    said = await pages(tied.reader, TrailFilter(limit=limit, **wanted))
    assert sorted((each.stream, each.seq) for each in said) == TIED
    assert [each.seq for each in said] == sorted((each.seq for each in said), reverse=True)


async def test_pages_by_words_are_stable_while_entries_come(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n, reason="整改") for n in range(30)))
    await trail.settle()
    wanted = TrailFilter(text="整改", limit=10)
    first = await reading.search(trail.reader, wanted)
    await trail.tell("A", *(an_event(n, reason="整改") for n in range(30, 45)))
    await trail.settle()
    rest = await pages(trail.reader, replace(wanted, after=reading.key_of(first[-1])))
    assert [each.seq for each in (*first, *rest)] == list(range(29, -1, -1))


async def test_a_sealed_entry_is_never_found(trail: Trail) -> None:
    await trail.tell("A", *(an_event(n, reason="密封整改") for n in range(4)))
    seal = """
    ALTER TABLE audit.event DISABLE TRIGGER deny_row;
    UPDATE audit.event SET sealed = true WHERE stream = 'A' AND seq = {};
    ALTER TABLE audit.event ENABLE ALWAYS TRIGGER deny_row;
    """
    await trail.admin.execute(seal.format(1))
    await trail.settle()
    # Sealed after it was taken in, as no program does: it is not told all the same.
    await trail.admin.execute(seal.format(2))
    for wanted in (TrailFilter(text="密封"), TrailFilter(tag="campaign:"), TrailFilter()):
        said = await reading.search(trail.reader, wanted)
        assert {each.seq for each in said if each.stream == "A"} == {0, 3}
    assert await trail.admin.fetchval("SELECT count(*) FROM audit.search") == 4


async def test_a_text_is_no_statement(told: Trail) -> None:
    for text in ("' | '塌方", "塌方' & !'x", "a\\'b; DROP TABLE audit.search", "塌方:*B"):
        assert await found(told, text=text) == []
    assert await found(told, on_behalf_of="P-1' | 'x") == []
