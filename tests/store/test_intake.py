"""Tickets and circulars on the trail: a number once, across campaigns, at one time (O11, K87)."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import pytest_asyncio

from duban.cli.intake_door import opened
from duban.domain.circulars import CIRCULAR_STREAM
from duban.domain.errors import Code, RuleViolation
from duban.domain.outside import Import
from duban.domain.tickets import TICKET_STREAM, Taken
from duban.settings import Settings
from duban.store import ledger, trail
from duban.store.audit import AuditStore
from duban.store.checks import check_trail
from duban.store.intake import Intake
from duban.store.pool import SUPERVISOR, open_pool
from tests.domain.test_circulars import an_entry
from tests.support.builders import an_actor, people
from tests.support.entries import KEY, START

WHO = (people(), START)
BE = Import(actor=an_actor("OF-1"), file="0" * 64, request_id="import-0001", campaign="BE-2019")
RL = BE.model_copy(update={"campaign": "RL-2019", "request_id": "import-0002"})
HISTORY = BE.model_copy(update={"campaign": None})
NAMED = "张三，窗口科科员"


@pytest_asyncio.fixture
async def intake(store: AuditStore, reader: asyncpg.Pool, dsn: str) -> AsyncIterator[Intake]:
    supervisor = await open_pool(dsn, role_login=SUPERVISOR)
    yield Intake(reader, store, supervisor)
    await supervisor.close()


async def said(intake: Intake, stream: str) -> list[str]:
    return [each.tag for each in await trail.stream_events(intake.pool, stream)]


async def test_o11_a_number_is_taken_once_across_campaigns(intake: Intake) -> None:
    assert await intake.take(BE, ["A-1", "A-2"], WHO) == {}

    known = await intake.take(RL, ["A-2", "A-3"], WHO)

    assert known == {"A-2": Taken(no="A-2", campaign="BE-2019")}
    rows = await ledger.objects(intake.pool, "ticket")
    assert {each.id: each.doc["campaign"] for each in rows} == {
        "A-1": "BE-2019",
        "A-2": "BE-2019",
        "A-3": "RL-2019",
    }


async def test_o11_of_many_who_take_one_number_at_a_time_one_has_it(intake: Intake) -> None:
    both = [BE if each % 2 else RL for each in range(8)]
    asked = [
        each.model_copy(update={"request_id": f"import-{n:04}"}) for n, each in enumerate(both)
    ]

    known = await asyncio.gather(*(intake.take(each, ["A-1"], WHO) for each in asked))

    assert [each for each in known if not each] == [{}]
    assert await said(intake, TICKET_STREAM) == ["hotline:tickets:taken"]


async def test_o11_a_second_import_of_the_same_numbers_says_nothing(intake: Intake) -> None:
    await intake.take(BE, ["A-1"], WHO)
    await intake.note(BE, {"A-1": "BE-2019-0001"}, START)
    before = await said(intake, TICKET_STREAM)

    known = await intake.take(BE, ["A-1"], WHO)

    assert known["A-1"].problem == "BE-2019-0001"
    assert (
        await said(intake, TICKET_STREAM)
        == before
        == [
            "hotline:tickets:taken",
            "hotline:tickets:registered",
        ]
    )


@pytest.mark.parametrize("what", ["take", "record"])
async def test_a_refusal_is_on_the_trail_and_nothing_is_taken(intake: Intake, what: str) -> None:
    stranger = BE.model_copy(update={"actor": an_actor("LG-1")})
    attempt: dict[str, Any] = {
        "take": lambda: intake.take(stranger, ["A-1"], WHO),
        "record": lambda: intake.record(stranger, [an_entry()], {}, WHO),
    }

    with pytest.raises(RuleViolation) as why:
        await attempt[what]()

    assert why.value.code is Code.ROLE_NOT_PERMITTED
    stream = TICKET_STREAM if what == "take" else CIRCULAR_STREAM
    [event] = await trail.stream_events(intake.pool, stream)
    assert (event.code, event.changes) == ("role.not_permitted", ())


async def test_k87_entries_are_recorded_once_and_the_person_stands_apart(
    intake: Intake, verifier: asyncpg.Pool
) -> None:
    entries = [an_entry(1), an_entry(2)]
    key = entries[1].key

    assert await intake.record(HISTORY, entries, {key: NAMED}, WHO) == {}
    known = await intake.record(HISTORY, [*entries, an_entry(3)], {key: NAMED}, WHO)

    assert sorted(known) == [entries[0].key, key]
    assert known[key].tells(entries[1])
    assert await intake.named_in(key) == NAMED
    assert await intake.named_in(entries[0].key) is None
    assert await intake.named_in("没有#1") is None
    stored = await trail.stream_entries(intake.pool, CIRCULAR_STREAM)
    assert not [each for each in stored if "张三" in str(each.fields)]
    assert (await check_trail(verifier)).ok


async def test_k87_who_reads_for_operations_cannot_read_the_person(intake: Intake) -> None:
    entry = an_entry()
    await intake.record(HISTORY, [entry], {entry.key: NAMED}, WHO)
    poor = Intake(intake.pool, intake.store, intake.pool)

    assert await poor.named_in(entry.key) is None
    assert await intake.named_in(entry.key) == NAMED


async def test_two_who_record_the_same_circular_at_a_time_make_it_once(intake: Intake) -> None:
    entries = [an_entry(item) for item in range(1, 6)]
    named = {entries[0].key: NAMED}

    known = await asyncio.gather(*(intake.record(HISTORY, entries, named, WHO) for _ in range(4)))

    assert sorted(map(len, known)) == [0, 5, 5, 5]
    assert len(await ledger.objects(intake.pool, "circular")) == 5


async def test_the_door_of_the_command_line_opens(store: AuditStore, dsn: str) -> None:
    settings = Settings.from_env({"DATABASE_URL": dsn, "DUBAN_TRAIL_KEY": KEY.hex()})

    async with opened(settings) as door:
        assert await door.take(BE, ["A-9"], WHO) == {}
        rows = await ledger.objects(door.pool, "ticket")

    assert [each.id for each in rows] == ["A-9"]
