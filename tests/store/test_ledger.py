"""The ledger: folded in the transaction of the entries, and the same when folded again."""

import random
from datetime import date, datetime
from typing import Any

import asyncpg
import pytest

from duban.contracts import Record
from duban.domain.counting import TimeUnit
from duban.domain.deadlines import Deadline
from duban.domain.events import Change
from duban.domain.limits import DeadlineCode
from duban.store import ledger
from duban.store.audit import AuditStore
from duban.store.ledger import DeadlineFilter, NoticeFilter
from tests.support.entries import START, a_change, a_record, an_event

A = "campaign-BE-2019"
KINDS = ("task", "goal", "deadline", "notice", "campaign", "unheard_of")


async def put(store: AuditStore, stream: str, *changes: Any, seq: int = 0, **fields: Any) -> None:
    [result] = await store.append([a_record(stream, an_event(seq, *changes), **fields)])
    assert result.error is None


async def test_later_fields_win_and_others_stay(store: AuditStore, reader: asyncpg.Pool) -> None:
    await put(
        store,
        A,
        a_change("task", "B-04", state="accepted", handler="P1", title="审批"),
        a_change("task", "B-04", state="in_progress"),
    )
    await put(store, A, a_change("task", "B-04", handler=None, note="x"), seq=1)
    found = await ledger.one(reader, "task", "BE-2019", "B-04")
    assert found is not None
    assert found.doc == {"state": "in_progress", "handler": None, "title": "审批", "note": "x"}
    assert (found.stream, found.first_seq, found.last_seq) == (A, 0, 1)
    assert found.updated_us == int(an_event(1).occurred_at.timestamp() * 1_000_000)


async def test_an_entry_without_campaign_is_kept_under_its_stream(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    await put(store, "calendar", a_change("calendar", "2", version=2), campaign=None)
    assert await ledger.one(reader, "calendar", "BE-2019", "2") is None
    found = await ledger.one(reader, "calendar", "calendar", "2")
    assert found is not None
    assert found.doc == {"version": 2}


async def test_objects_are_found_by_scope_and_fields(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    await put(store, A, a_change("task", "B-05", state="closed"), a_change("task", "B-04", n=1))
    await put(store, "campaign-X", a_change("task", "B-05", state="closed"), campaign="X")
    every = await ledger.objects(reader, "task")
    assert [(each.scope, each.id) for each in every] == [
        ("BE-2019", "B-04"),
        ("BE-2019", "B-05"),
        ("X", "B-05"),
    ]
    closed = await ledger.objects(reader, "task", scope="X", where={"state": "closed"})
    assert [(each.scope, each.id) for each in closed] == [("X", "B-05")]


def chance_fields(chance: random.Random) -> dict[str, Any]:
    values = [None, 1, "二", {"x": [1]}]
    return {chance.choice("abcd"): chance.choice(values) for _ in range(chance.randint(0, 3))}


def chance_change(chance: random.Random) -> Change:
    return a_change(chance.choice(KINDS), f"K{chance.randint(0, 3)}", **chance_fields(chance))


def chance_records(seed: int) -> list[Record]:
    """Records of six streams, each of several events with changes of a few objects."""
    chance = random.Random(seed)  # noqa: S311 - a choice of changes is no secret
    records = []
    for number in range(6):
        campaign = f"C-{number}" if number else None
        position = 0
        for _ in range(chance.randint(1, 6)):
            size = chance.randint(1, 4)
            events = [
                an_event(
                    position + at, *(chance_change(chance) for _ in range(chance.randint(0, 4)))
                )
                for at in range(size)
            ]
            position += size
            records.append(a_record(f"stream-{number}", *events, campaign=campaign))
    return records


@pytest.mark.parametrize("seed", range(4))
async def test_rebuilt_equals_live(
    store: AuditStore, admin: asyncpg.Pool, verifier: asyncpg.Pool, seed: int
) -> None:
    records = chance_records(seed)
    for at in range(0, len(records), 5):
        results = await store.append(records[at : at + 5])
        assert not any(each.error for each in results)
    assert await ledger.differences(verifier) == []
    rows = "SELECT * FROM ledger.object ORDER BY kind, scope, id"
    live = await admin.fetch(rows)
    assert await ledger.rebuild(admin) == len(live) > 10
    assert await admin.fetch(rows) == live


async def test_a_ledger_that_was_tampered_with_is_seen_and_mended(
    store: AuditStore, admin: asyncpg.Pool, verifier: asyncpg.Pool
) -> None:
    await put(store, A, *(a_change("task", key, state="accepted") for key in ("a", "b", "c")))
    await admin.execute("UPDATE ledger.object SET doc = doc || '{\"state\": \"x\"}' WHERE id = 'a'")
    await admin.execute("DELETE FROM ledger.object WHERE id = 'b'")
    await admin.execute("UPDATE ledger.object SET last_seq = 9 WHERE id = 'c'")
    await admin.execute("INSERT INTO ledger.object VALUES ('goal', 's', 'd', '{}', 's', 0, 0, 0)")
    found = await ledger.differences(verifier)
    assert {each.id: each.difference for each in found} == {
        "a": "different",
        "b": "missing",
        "c": "different",
        "d": "extra",
    }
    assert next(each for each in found if each.id == "b").stored is None
    await ledger.rebuild(admin)
    assert await ledger.differences(verifier) == []


async def test_entries_go_on_after_a_rebuild(store: AuditStore, admin: asyncpg.Pool) -> None:
    await put(store, A, a_change("task", "B-04", state="accepted"))
    await ledger.rebuild(admin)
    await put(store, A, a_change("task", "B-04", state="closed"), seq=1)
    found = await ledger.one(admin, "task", "BE-2019", "B-04")
    assert found is not None
    assert (found.doc, found.last_seq) == ({"state": "closed"}, 1)


def a_deadline(key: str, holder: str, due_on: date) -> Deadline:
    return Deadline(
        id=key,
        code=DeadlineCode.TASK,
        object_type="task",
        object_id="B-04",
        holder=holder,
        start_on=date(2019, 3, 4),
        unit=TimeUnit.WORKING_DAYS,
        calendar_version=1,
        original_due_on=due_on,
        current_due_on=due_on,
        due_at=START,
        rungs_from=START,
    )


async def test_deadlines_are_found_and_typed(store: AuditStore, reader: asyncpg.Pool) -> None:
    due = {"D1": date(2019, 4, 30), "D2": date(2019, 5, 5), "D3": date(2019, 5, 6)}
    await put(
        store,
        A,
        *(
            a_change("deadline", key, **a_deadline(key, f"U0{key[1]}", on).plain())
            for key, on in due.items()
        ),
        a_change("deadline", "D4", id="D4"),
    )

    async def ids(**wanted: Any) -> list[str]:
        return [row["id"] for row in await ledger.deadlines(reader, DeadlineFilter(**wanted))]

    [first, *_] = await ledger.deadlines(reader)
    assert (first["id"], first["current_due_on"], first["due_at"]) == ("D1", due["D1"], START)
    assert (first["status"], first["breach_level"], first["next_at"]) == ("open", 0, None)
    assert await ids() == ["D1", "D2", "D3", "D4"]
    assert await ids(due_from=due["D2"], due_until=due["D2"]) == ["D2"]
    assert await ids(holder="U03", campaign="BE-2019") == ["D3"]
    assert await ids(status="open", code="TASK", due_until=due["D2"]) == ["D1", "D2"]
    assert await ids(campaign="X") == await ids(status="met") == await ids(code="DL01") == []


async def test_notices_are_found_and_typed(store: AuditStore, reader: asyncpg.Pool) -> None:
    def notice(key: str, **fields: Any) -> Any:
        return a_change("notice", key, id=key, recipient="P1", recipient_unit="U03", **fields)

    await put(
        store,
        A,
        notice("D1/T-1/0/P1", rung="T-1", sent_at="2019-04-29T01:00:00+00:00", late=False),
        notice("D1/T0/0/P1", rung="T0", sent_at="2019-04-30T09:00:00+08:00", late=True),
    )

    async def rungs(**wanted: Any) -> list[str]:
        return [row["rung"] for row in await ledger.notices(reader, NoticeFilter(**wanted))]

    noon = datetime.fromisoformat("2019-04-29T12:00:00+00:00")
    assert await rungs() == ["T-1", "T0"]
    assert await rungs(since=noon) == await rungs(rung="T0") == ["T0"]
    assert await rungs(until=noon, recipient="P1", unit="U03", campaign="BE-2019") == ["T-1"]
    assert await rungs(recipient="P2") == await rungs(unit="U04") == await rungs(campaign="X") == []
    assert [row["late"] for row in await ledger.notices(reader)] == [False, True]


async def test_the_days_of_a_calendar(store: AuditStore, reader: asyncpg.Pool) -> None:
    calendar: dict[str, Any] = {
        "version": 2,
        "title": "2019",
        "source_doc": "国办发明电〔2019〕3号",
        "first_on": "2019-04-26",
        "published_through": "2019-05-05",
        "last_on": "2019-05-06",
        "holidays": {"2019-05-01": "劳动节", "2019-05-02": "劳动节", "2019-05-03": "劳动节"},
        "makeup_workdays": {"2019-04-28": "劳动节", "2019-05-05": "劳动节"},
    }
    await put(store, "calendar", a_change("calendar", "2", **calendar), campaign=None)
    days = await ledger.calendar_days(
        reader, "calendar", 2, first=date(2019, 4, 27), last=date(2019, 5, 31)
    )
    kinds = [row["kind"] for row in days]
    assert kinds[:4] == ["weekend", "makeup_work", "work", "work"]
    assert kinds[4:] == ["holiday"] * 3 + ["weekend", "makeup_work", "work"]
    assert days[0]["date"] == date(2019, 4, 27)
    assert (days[1]["name"], days[2]["name"]) == ("劳动节", "")
    assert [row["date"].day for row in days if row["provisional"]] == [6]


VIEWS = {
    "campaigns": "campaign",
    "phases": "phase",
    "units": "unit",
    "people": "person",
    "tasks": "task",
    "goals": "goal",
    "deadlines": "deadline",
    "extensions": "extension",
    "documents": "document",
    "notices": "notice",
    "calendars": "calendar",
}


async def test_a_view_bears_a_document_without_fields(
    store: AuditStore, reader: asyncpg.Pool
) -> None:
    await put(store, A, *(a_change(kind, "K1", odd=[1]) for kind in VIEWS.values()))
    for view in VIEWS:
        [row] = await reader.fetch(f"SELECT * FROM ledger.{view}")  # noqa: S608 - of the list
        assert row["doc"] == {"odd": [1]}, view
        assert row["stream"] == A


async def test_campaigns_are_listed_by_launch(store: AuditStore, reader: asyncpg.Pool) -> None:
    for no, launch in (("B", "2019-03-04"), ("A", "2019-05-06")):
        change = a_change("campaign", no, no=no, launch_on=launch, stage="plan", current_phase=0)
        await put(store, f"campaign-{no}", change, campaign=no)
    rows = await ledger.campaigns(reader)
    assert [(row["no"], row["launch_on"].month, row["stage"]) for row in rows] == [
        ("B", 3, "plan"),
        ("A", 5, "plan"),
    ]
