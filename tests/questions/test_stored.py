"""The same story on a real trail: stored, read back, asked, and answered with the same bytes."""

import pytest

from duban.cli.question_commands import entry_of
from duban.contracts import Mode, Record
from duban.domain.roles import SYSTEM
from duban.questions import QUESTIONS, Asked, Question, answer
from duban.store import trail
from duban.store.audit import AuditStore
from duban.store.canonical import StoredEntry
from duban.store.pool import WORKER, open_pool
from tests.support.stories import at, story

KEY = bytes(range(32))
ANSWERED = [each for each in QUESTIONS if each.reply is not None and each.number != 45]
ASKED = Asked(at("2019-07-12T17:30"), minutes=10_000, writers=frozenset({WORKER}))


@pytest.fixture
async def stored(database: str) -> list[StoredEntry]:
    """Story ST4 on a trail, written and read as the worker's and a reader's login do."""
    entries = story("st4-late-request")
    stream, campaign = entries[0].stream, entries[0].event.object_id
    pool = await open_pool(database)
    try:
        store = AuditStore(pool, KEY)
        opened = entries[0].event.occurred_at
        await store.open_trail(Mode.REHEARSAL, "test", at=opened, actor=SYSTEM)
        for first in range(0, len(entries), 50):
            events = tuple(each.event for each in entries[first : first + 50])
            record = Record(stream=stream, campaign=campaign, mode=Mode.REHEARSAL, events=events)
            [result] = await store.append([record])
            assert result.error is None
        return await trail.stream_entries(pool, stream)
    finally:
        await pool.close()


async def test_what_was_stored_gives_the_same_answers(stored: list[StoredEntry]) -> None:
    entries = [entry_of(each) for each in stored]

    def told(question: Question) -> tuple[bytes, bytes]:
        pure = answer(question, story("st4-late-request"), ASKED).encoded()
        return answer(question, entries, ASKED).encoded(), pure

    assert len(entries) == len(story("st4-late-request"))
    different = [each.slug for each in ANSWERED if each.number != 50 and len(set(told(each))) > 1]
    assert different == []


async def test_50_names_the_login_that_wrote_in_the_workers_place(
    stored: list[StoredEntry],
) -> None:
    # The test writes with the login of whoever owns the database, not with the worker's.
    found = answer(QUESTIONS[49], [entry_of(each) for each in stored], ASKED)
    known = sum(each.occurred_us <= ASKED.moment.timestamp() * 1e6 for each in stored)

    assert len(found.rows) == known
    assert {row.cells["code"] for row in found.rows} == {"WRITER"}
    assert {row.cells["detail"] for row in found.rows} == {stored[0].by}
