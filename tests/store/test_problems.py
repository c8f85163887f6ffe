"""The problem list: filters, pages that hold every problem once, counts, and the same rebuilt."""

from dataclasses import replace
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import Record
from duban.store import ledger, problems
from duban.store.audit import AuditStore
from duban.store.errors import NothingToSearch
from duban.store.problems import Counts, ProblemFilter
from duban.texts import Language
from duban.workbook.ledger_rows import LedgerRows
from tests.support.entries import a_change, a_record, an_event
from tests.support.ledgers import listed
from tests.support.problems import ProblemDesk, a_registration

C = "BE-2019"
STATES = ("registered", "triaged", "rectifying", "archived")
TEXTS = (
    "窗口无人值守，群众反映强烈",
    "审批超时：办理３０个工作日",
    "涉企检查频繁",
    "ＡＰＰ指尖负担，100%_\\N打卡",
)


def doc_of(number: int) -> dict[str, Any]:
    """A problem whose fields follow from its number."""
    return {
        "title": f"第{number}件",
        "description": TEXTS[number % 4],
        "source": ("hotline", "inspection")[number % 2],
        "source_ref": f"单{number}",
        "state": STATES[number // 4 % 4],
        "unit": f"U{number % 3:02d}",
        "problem_type": ("inaction", "other", None)[number % 3],
        "severity": ("ordinary", "major")[number % 5 == 0],
        "rectify_class": ("immediate", "time_limited")[number % 2],
        "access_level": ("open", "confidential")[number % 6 == 0],
        "hard_bone": number % 7 == 0,
        "stagnant": number % 8 == 0,
        "breach_level": number % 4,
        "explanation_streak": number % 3,
        "recurrence_no": int(number % 9 == 0),
    }


def record_of(campaign: str, number: int) -> Record:
    no = f"{campaign}-{number:04d}"
    change = a_change("problem", no, **doc_of(number))
    return a_record(f"campaign-{campaign}/problem-{number}", an_event(0, change), campaign=campaign)


@pytest_asyncio.fixture(scope="module")
async def filled(shared_store: AuditStore, shared_reader: asyncpg.Pool) -> asyncpg.Pool:
    """Ninety problems of one campaign and ten of another."""
    records = [record_of(C, number) for number in range(1, 91)]
    records += [record_of("RL-2019", number) for number in range(1, 11)]
    for at in range(0, len(records), 25):
        results = await shared_store.append(records[at : at + 25])
        assert not any(each.error for each in results)
    return shared_reader


async def every_no(pool: asyncpg.Pool, wanted: ProblemFilter, few: int) -> list[str]:
    found: list[str] = []
    while page := await problems.page(pool, wanted, few=few):
        found += [each.no for each in page]
        wanted = replace(wanted, after=page[-1].no)
    return found


def is_timely_window(doc: dict[str, Any]) -> bool:
    return doc["unit"] == "U02" and "窗口" in doc["description"] and doc["breach_level"] == 0


def is_seen(doc: dict[str, Any]) -> bool:
    return doc["access_level"] == "open" and "群众" in doc["description"]


FILTERS: list[tuple[dict[str, Any], Any]] = [
    ({}, lambda doc: True),
    (
        {"states": ("registered", "archived")},
        lambda doc: doc["state"] in ("registered", "archived"),
    ),
    ({"unit": "U01"}, lambda doc: doc["unit"] == "U01"),
    ({"problem_type": "other"}, lambda doc: doc["problem_type"] == "other"),
    ({"severity": "major"}, lambda doc: doc["severity"] == "major"),
    ({"rectify_class": "immediate"}, lambda doc: doc["rectify_class"] == "immediate"),
    ({"source": "hotline"}, lambda doc: doc["source"] == "hotline"),
    ({"levels": ("open",)}, lambda doc: doc["access_level"] == "open"),
    ({"hard_bone": True}, lambda doc: doc["hard_bone"]),
    ({"stagnant": True}, lambda doc: doc["stagnant"]),
    ({"breached": True}, lambda doc: doc["breach_level"] > 0),
    ({"streak": 2}, lambda doc: doc["explanation_streak"] >= 2),
    ({"recurred": True}, lambda doc: doc["recurrence_no"] > 0),
    ({"text": "群众反映"}, lambda doc: "群众反映" in doc["description"]),
    ({"text": "群众 值守"}, lambda doc: "群众" in doc["description"]),
    ({"text": "30个"}, lambda doc: "３０个" in doc["description"]),
    ({"text": "app"}, lambda doc: "ＡＰＰ" in doc["description"]),
    ({"text": "企"}, lambda doc: "企" in doc["description"]),
    ({"text": "众群"}, lambda doc: False),
    ({"text": "口%值"}, lambda doc: False),
    ({"text": "口_人"}, lambda doc: False),
    ({"text": "100%_\\n"}, lambda doc: "\\N" in doc["description"]),
    ({"text": "群众", "levels": ("open",)}, is_seen),
    ({"unit": "U02", "text": "窗口", "breached": False}, is_timely_window),
    (
        {"unit": "U00", "text": "检查", "states": ("triaged",)},
        lambda doc: (
            (doc["unit"], doc["state"]) == ("U00", "triaged") and "检查" in doc["description"]
        ),
    ),
]


@pytest.mark.parametrize("few", [problems.FEW, 3])
@pytest.mark.parametrize(("said", "fits"), FILTERS, ids=[str(at) for at in range(len(FILTERS))])
async def test_pages_hold_every_fitting_problem_once(
    filled: asyncpg.Pool, said: dict[str, Any], fits: Any, few: int
) -> None:
    wanted = ProblemFilter(campaign=C, limit=7, **said)

    found = await every_no(filled, wanted, few)

    assert found == [f"{C}-{n:04d}" for n in range(1, 91) if fits(doc_of(n))]
    for most in (problems.MOST, 40, None):
        counted = await problems.counts(filled, wanted, most=most)
        assert counted.total == len(found)


async def test_pages_go_on_from_one_campaign_to_the_next(filled: asyncpg.Pool) -> None:
    found = await every_no(filled, ProblemFilter(limit=33), problems.FEW)

    assert len(found) == len(set(found)) == 100
    assert found == sorted(found)
    assert found[90] == "RL-2019-0001"


async def test_counts_are_by_state_and_level(filled: asyncpg.Pool) -> None:
    found = await problems.counts(filled, ProblemFilter(campaign="RL-2019"))

    assert not found.at_least
    assert found.numbers == {
        ("registered", "open"): 3,
        ("triaged", "confidential"): 1,
        ("triaged", "open"): 3,
        ("rectifying", "open"): 3,
    }


@pytest.mark.parametrize(
    ("text", "campaign", "holding"),
    [
        ("件", C, 90),
        ("件", "RL-2019", 10),
        ("件", None, 100),
        ("窗口", C, 22),
        ("窗口", "RL-2019", 2),
        ("窗口", None, 24),
        ("众群", None, 0),
    ],
)
@pytest.mark.parametrize("most", [1, 2, 4, 9, 10, 22, 23, 24, 89, 90, 99, 100, None])
async def test_words_are_counted_up_to_a_bound_and_that_there_are_more_is_said(
    filled: asyncpg.Pool, text: str, campaign: str | None, holding: int, most: int | None
) -> None:
    wanted = ProblemFilter(campaign=campaign, text=text)

    found = await problems.counts(filled, wanted, most=most)

    more = most is not None and holding > most
    assert (found.total, found.at_least) == (most if more else holding, more)


@pytest.mark.parametrize("campaign", [C, None])
@pytest.mark.parametrize("most", [3, None])
async def test_what_may_not_be_seen_is_neither_counted_nor_paged_by_its_words(
    filled: asyncpg.Pool, campaign: str | None, most: int | None
) -> None:
    wanted = ProblemFilter(campaign=campaign, text="窗口", levels=("open",), limit=100)

    found = await problems.counts(filled, wanted, most=most)
    page = await problems.page(filled, wanted, few=3)

    assert {level for _, level in found.numbers} == {"open"}
    assert {each.doc["access_level"] for each in page} == {"open"}


async def test_counts_without_words_know_no_bound(filled: asyncpg.Pool) -> None:
    found = await problems.counts(filled, ProblemFilter(), most=1)

    assert (found.total, found.at_least) == (100, False)


@pytest.mark.parametrize("text", ["", " "])
async def test_there_must_be_something_to_look_for(filled: asyncpg.Pool, text: str) -> None:
    with pytest.raises(NothingToSearch):
        await problems.page(filled, ProblemFilter(text=text))


async def test_a_page_of_the_ledger_has_what_stands_beside_each_problem(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    desks = [ProblemDesk(no=f"{C}-0001").signed_off(), ProblemDesk(no=f"{C}-0002")]
    for desk in desks:
        stream = f"campaign-{C}/problem-{desk.record.no}"
        [result] = await store.append([a_record(stream, *desk.events)])
        assert result.error is None

    [page] = [page async for page in problems.every(reader, ProblemFilter(campaign=C))]

    first, second = page
    book = LedgerRows(Language.ZH, {}, {})
    for each, desk in zip(page, desks, strict=True):
        assert book.cells(each, 1) == book.cells(listed(desk), 1)
    assert (first.doc["state"], first.last_seq) == ("watched", desks[0].events[-1].seq)
    assert second.beside == {}
    assert first.beside["clock"]["due_on"] == "2019-05-23"
    assert first.beside["DL13"]["status"] == "met"
    assert first.beside["evidence"] == ["F01 叫号系统日志", "F02 叫号系统日志"]
    assert first.beside["reply"]["actions"] == ["整改"]


async def test_the_list_follows_a_problem_and_is_the_same_rebuilt(
    store: AuditStore, reader: asyncpg.Pool, admin: asyncpg.Pool, verifier: asyncpg.Pool
) -> None:
    desk = ProblemDesk(a_registration(description="离岗"), no=f"{C}-0001").rectifying()
    for event in desk.events:
        [result] = await store.append([a_record("campaign-BE-2019/problem-1", event)])
        assert result.error is None
    rows = (
        "SELECT l.*, t.words FROM ledger.problem_list AS l JOIN ledger.problem_text AS t USING (no)"
    )
    live = await admin.fetch(rows)

    assert [row["state"] for row in live] == ["rectifying"]
    assert await ledger.differences(verifier) == []
    await ledger.rebuild(admin)
    assert await admin.fetch(rows) == live


@pytest.mark.parametrize(
    ("harm", "difference"),
    [
        ("UPDATE ledger.problem_list SET state = 'archived'", "different"),
        ("UPDATE ledger.problem_text SET words = 'x'", "different"),
        ("DELETE FROM ledger.problem_list", "different"),
        ("DELETE FROM ledger.problem_list; DELETE FROM ledger.problem_text", "missing"),
        ("INSERT INTO ledger.problem_list (campaign, no) VALUES ('X', 'X-1')", "extra"),
    ],
)
async def test_a_list_that_was_tampered_with_is_seen_and_mended(
    store: AuditStore, admin: asyncpg.Pool, verifier: asyncpg.Pool, harm: str, difference: str
) -> None:
    await store.append([record_of(C, 1)])
    await admin.execute(harm)

    found = await ledger.differences(verifier)

    assert difference in {each.difference for each in found}
    assert {each.kind for each in found} == {"problem_list"}
    await ledger.rebuild(admin)
    assert await ledger.differences(verifier) == []


async def test_what_no_problem_holds_keeps_no_entry_out(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    change = a_change("problem", f"{C}-0001", breach_level="x", hard_bone=[1], recurrence_no=None)
    [result] = await store.append([a_record("campaign-BE-2019/problem-1", an_event(0, change))])

    assert result.error is None
    assert await problems.counts(reader, ProblemFilter(breached=True)) == Counts({})
