"""The same entries on a real trail: stored, read back, asked, answered with the same bytes."""

from itertools import groupby

import pytest

from duban.cli.question_commands import entry_of
from duban.contracts import Mode, Record
from duban.domain.roles import SYSTEM
from duban.questions import QUESTIONS, Asked, Entry, Question, answer
from duban.store import trail
from duban.store.audit import AuditStore
from duban.store.canonical import StoredEntry
from duban.store.pool import WORKER, open_pool
from tests.questions.small import a_problem
from tests.support.entries import a_record, an_event
from tests.support.stories import at, story, told

KEY = bytes(range(32))
ANSWERED = [each for each in QUESTIONS if each.reply is not None and each.number != 45]
ASKED = Asked(at("2019-07-12T17:30"), minutes=10_000, writers=frozenset({WORKER}))
NEIGHBOURS = ("campaign-BE-2019-2", "campaign-BE-2019.2", "campaign-BE-201")
"""Streams of other campaigns whose names are near."""


def a_campaign() -> list[Entry]:
    """Story ST4 and two problems of its campaign."""
    problems = (a_problem(1).signed_off(), a_problem(2).rectifying())
    return [*story("st4-late-request"), *(e for each in problems for e in told(each.events))]


@pytest.fixture
async def stored(database: str) -> list[StoredEntry]:
    """The campaign on a trail, written and read as the worker's and a reader's login do."""
    entries = a_campaign()
    pool = await open_pool(database)
    try:
        store = AuditStore(pool, KEY)
        opened = entries[0].event.occurred_at
        await store.open_trail(Mode.REHEARSAL, "test", at=opened, actor=SYSTEM)
        await store.append([a_record(name, an_event(0)) for name in NEIGHBOURS])
        for stream, group in groupby(entries, key=lambda each: each.stream):
            events = [each.event for each in group]
            for first in range(0, len(events), 50):
                record = Record(
                    stream=stream,
                    campaign="BE-2019",
                    mode=Mode.REHEARSAL,
                    events=tuple(events[first : first + 50]),
                )
                [result] = await store.append([record])
                assert result.error is None
        return await trail.campaign_entries(pool, "BE-2019")
    finally:
        await pool.close()


async def test_what_was_stored_gives_the_same_answers(stored: list[StoredEntry]) -> None:
    entries, whole = [entry_of(each) for each in stored], a_campaign()

    def told_of(question: Question) -> tuple[bytes, bytes]:
        pure = answer(question, whole, ASKED).encoded()
        return answer(question, entries, ASKED).encoded(), pure

    assert [each.key for each in entries] == [each.key for each in whole]
    different = [
        each.slug for each in ANSWERED if each.number != 50 and len(set(told_of(each))) > 1
    ]
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
