"""The gateway on a real server: callers who wait, a crowd of them, and the server's health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from duban import messenger
from duban.domain.campaign import commands as c
from duban.errors import AlreadyExists, Unavailable
from duban.stack.temporal import RETENTION, DevServer, connect
from tests.support.clock import NO, OPENS_AT, STREAM, Stage, note, real_stage, the_worker
from tests.support.rings import RING
from tests.support.trail import WatchedTrail


@pytest_asyncio.fixture
async def client(dev_server: DevServer) -> Client:
    return await connect(dev_server.address, "default", RING)


@pytest_asyncio.fixture
async def real(client: Client) -> AsyncIterator[Stage]:
    async with real_stage(client, WatchedTrail()) as ready:
        yield ready


async def test_a_crowd_of_32_callers_meets_no_error(real: Stage) -> None:
    """The server allows ten updates in flight; the gateway lets eight through (G16)."""
    await real.start()
    await real.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    receipts = await asyncio.gather(
        *(real.do(c.FileDocument, "OF-1", **note(n)) for n in range(32))
    )
    assert len({each.last_seq for each in receipts}) == 32


async def test_caller_without_an_answer_learns_it_with_the_same_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client's timeout is no refusal: the decision is made when a worker comes."""
    monkeypatch.setattr(messenger, "ANSWER_WITHIN", timedelta(seconds=0.5))
    stage = Stage(client, WatchedTrail(), OPENS_AT - datetime.now(UTC))
    command = stage.command(c.Establish, "LG-1", doc_no="会议纪要1号")
    try:
        with pytest.raises(Unavailable, match=r"temporal.pending"):
            await stage.start()
        with pytest.raises(AlreadyExists):
            await stage.start()
        with pytest.raises(Unavailable, match=r"temporal.pending") as told:
            await stage.gateway.execute(NO, command)
        assert told.value.params == {"request_id": command.request_id}
        monkeypatch.setattr(messenger, "ANSWER_WITHIN", timedelta(seconds=20))
        async with the_worker(client, stage.trail):
            receipt = await stage.gateway.execute(NO, command)
        assert stage.events[receipt.last_seq].request_id == command.request_id
        assert stage.trail.stored_per_request(STREAM)[command.request_id] == 1
    finally:
        with suppress(RPCError):
            await stage.handle.terminate()


async def test_terminated_by_hand_is_unavailable(real: Stage) -> None:
    await real.start()
    await real.handle.terminate()
    with pytest.raises(Unavailable, match=r"temporal.failed"):
        await real.do(c.Establish, "LG-1", doc_no="会议纪要1号")


async def test_a_query_that_fails_in_the_worker_is_unavailable(client: Client) -> None:
    async def ask() -> None:
        raise WorkflowQueryFailedError("Encoded failure")

    with pytest.raises(Unavailable, match=r"temporal.failed") as told:
        await messenger.Messenger(client).translated(STREAM, ask)
    assert told.value.params == {"reason": "Encoded failure"}


async def test_health_tells_namespace_retention_and_workers(real: Stage) -> None:
    await real.start()
    health = await real.gateway.health()
    assert health["namespace"] == "default"
    assert health["retention_days"] == RETENTION.days
    assert int(health["pollers"]) >= 1
