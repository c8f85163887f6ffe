"""What whoever records may rely on: the fake trail and the real one keep the same promises."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import asyncpg
import pytest
import pytest_asyncio

from duban.contracts import Mode, Record
from duban.domain.events import Event
from duban.store import trail
from duban.store.audit import AuditStore
from duban.store.batcher import Batcher
from duban.store.errors import (
    ProfileViolation,
    StoreError,
    TrailClosed,
    TrailConflict,
    TrailGap,
    TrailOwner,
    WrongMode,
)
from tests.support.entries import a_change, a_closing, a_record, a_run, an_event
from tests.support.fakes import FakeTrail

A = "campaign-A"


class Trail(Protocol):
    async def append(self, record: Record) -> None: ...


@dataclass
class Subject:
    trail: Trail
    read: Callable[[str], Awaitable[list[Event]]]


@pytest.fixture
def fake() -> Subject:
    trail_in_memory = FakeTrail(Mode.REHEARSAL)

    async def read(stream: str) -> list[Event]:
        return trail_in_memory.events(stream)

    return Subject(trail_in_memory, read)


@pytest_asyncio.fixture
async def real(store: AuditStore, reader: asyncpg.Pool) -> AsyncIterator[Subject]:
    async def read(stream: str) -> list[Event]:
        return await trail.stream_events(reader, stream)

    async with Batcher(store) as batcher:
        yield Subject(batcher, read)


@pytest.fixture(params=["fake", "real"])
def subject(request: pytest.FixtureRequest) -> Subject:
    chosen = request.getfixturevalue(request.param)
    assert isinstance(chosen, Subject)
    return chosen


async def test_events_come_back_as_they_were(subject: Subject) -> None:
    events = (
        an_event(0, a_change("task", "B-04", state="accepted", flags=[1, None, "乙"])),
        an_event(1, reason="理由", basis_doc="〔2019〕1号", request_id="r-1", unit=None),
    )
    await subject.trail.append(a_record(A, *events))
    assert await subject.read(A) == list(events)


async def test_a_second_delivery_is_no_second_entry(subject: Subject) -> None:
    for record in (a_run(A, 0, 2), a_run(A, 0, 2), a_run(A, 1, 2)):
        await subject.trail.append(record)
    assert [each.seq for each in await subject.read(A)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (a_record(A, an_event(1, reason="another"), an_event(2)), TrailConflict),
        (a_run(A, 3, 1), TrailGap),
        (a_run(A, 2, 1, mode=Mode.LIVE), WrongMode),
        (a_record(A, an_event(2), an_event(4)), ProfileViolation),
        (a_record(A, an_event(2, detail={"share": 0.5})), ProfileViolation),
        (a_record(A), ProfileViolation),
    ],
)
async def test_a_refused_record_leaves_nothing(
    subject: Subject, record: Record, expected: type[StoreError]
) -> None:
    await subject.trail.append(a_run(A, 0, 2))
    before = await subject.read(A)
    with pytest.raises(expected):
        await subject.trail.append(record)
    assert await subject.read(A) == before


async def test_a_closed_stream_is_closed(subject: Subject) -> None:
    await subject.trail.append(a_record(A, an_event(0), a_closing(1)))
    with pytest.raises(TrailClosed):
        await subject.trail.append(a_run(A, 2, 1))
    await subject.trail.append(a_record(A, a_closing(1)))
    assert len(await subject.read(A)) == 2


async def test_an_object_has_one_stream(subject: Subject) -> None:
    change = a_change("task", "B-04", state="accepted")
    await subject.trail.append(a_record(A, an_event(0, change)))
    with pytest.raises(TrailOwner):
        await subject.trail.append(a_record("campaign-B", an_event(0, change)))
    elsewhere = a_record("campaign-B", an_event(0, change), campaign="BE-2020")
    await subject.trail.append(elsewhere)
    assert len(await subject.read("campaign-B")) == 1
