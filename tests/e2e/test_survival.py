"""Whatever is killed: the same campaign goes on, the same answers come, nothing lost or doubled."""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
from temporalio.api.enums.v1 import EventType

from duban.domain.campaign import commands as c
from duban.errors import AlreadyExists
from duban.stack.temporal import DevServer
from tests.e2e.site import (
    PYTHON_WORKER,
    ROOT,
    LiveCampaign,
    Site,
    frozen,
    hangs,
    kill,
    trail_held,
    until,
)
from tests.support.clock import note

pytestmark = pytest.mark.slow

DUBAN = str(Path(sys.executable).with_name("duban"))


@pytest_asyncio.fixture(scope="module")
async def site(
    tmp_path_factory: pytest.TempPathFactory, dev_server: DevServer, postgres_dsn: str
) -> AsyncIterator[Site]:
    """Servers of this module's own; the session's only say that their programs are there."""
    place = Site(tmp_path_factory.mktemp("site"))
    await place.open()
    yield place
    await place.close()


async def _assert_whole(campaign: LiveCampaign, asked: int) -> None:
    events = await campaign.events()
    assert [each.seq for each in events] == list(range(len(events)))
    per_request = Counter(e.request_id for e in events if e.tag == "campaign:document:filed")
    assert (len(per_request), set(per_request.values())) == (asked, {1})
    report = await campaign.site.checked()
    assert (report.ok, list(report)) == (True, [])


def _file(campaign: LiveCampaign, number: int) -> c.AnyCommand:
    return campaign.command(c.FileDocument, "OF-1", **note(number))


@pytest.mark.parametrize(
    "argv",
    [
        (sys.executable, str(ROOT / "worker.py")),
        (DUBAN, "worker"),
    ],
    ids=["python_worker_py", "duban_worker"],
)
async def test_worker_starts_and_ends_on_sigterm(site: Site, argv: tuple[str, ...]) -> None:
    async with site.working(argv) as worker:
        os.kill(worker.pid, signal.SIGTERM)
        assert await asyncio.wait_for(worker.wait(), 20) == 0


async def test_worker_told_to_stop_finishes_what_it_began(site: Site) -> None:
    campaign = await site.campaign("STOP-1")
    async with site.working() as worker:
        await campaign.start()
        await campaign.establish()
        async with trail_held(site):
            asked = asyncio.create_task(campaign.gateway.execute("STOP-1", _file(campaign, 1)))
            await until(lambda: hangs(site))
            os.kill(worker.pid, signal.SIGTERM)
        assert await asyncio.wait_for(worker.wait(), 20) == 0
    async with site.working():
        await asked
    await _assert_whole(campaign, 1)


async def test_worker_killed_in_the_middle_of_an_update(site: Site) -> None:
    campaign = await site.campaign("KILL-1")
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(site.working())
        await campaign.start()
        await campaign.establish()
        command = _file(campaign, 1)
        async with trail_held(site):
            asked = asyncio.create_task(campaign.gateway.execute("KILL-1", command))
            await until(lambda: hangs(site))
            kill(worker)
            await worker.wait()
        await stack.enter_async_context(site.working())
        receipt = await asked
        assert await campaign.gateway.execute("KILL-1", command) == receipt
        with pytest.raises(AlreadyExists):
            await campaign.start()
    await _assert_whole(campaign, 1)


async def test_crowd_of_32_callers_while_a_worker_is_killed(site: Site) -> None:
    campaign = await site.campaign("CROWD-1")
    async with AsyncExitStack() as stack:
        worker = await stack.enter_async_context(site.working())
        await campaign.start()
        await campaign.establish()
        asked = [
            asyncio.create_task(campaign.gateway.execute("CROWD-1", _file(campaign, n)))
            for n in range(32)
        ]
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        kill(worker)
        await worker.wait()
        await stack.enter_async_context(site.working())
        receipts = await asyncio.gather(*asked)
    assert len({each.last_seq for each in receipts}) == 32
    await _assert_whole(campaign, 32)


async def test_everything_killed_and_started_again_on_the_same_data(site: Site) -> None:
    campaign = await site.campaign("CUT-1")
    command = _file(campaign, 1)
    async with site.working() as worker:
        await campaign.start()
        await campaign.establish()
        receipt = await campaign.gateway.execute("CUT-1", command)
        for child in (worker, site.temporal.child, site.postgres.child):
            kill(child)
            await child.wait()
    await site.postgres.start()
    await site.temporal.start()
    again = await site.campaign("CUT-1")
    another = _file(again, 2).model_copy(update={"request_id": "asking-after-the-cut"})
    async with site.working():
        assert await again.gateway.execute("CUT-1", command) == receipt
        assert (await again.gateway.summary("CUT-1")).stage == "plan"
        await again.gateway.execute("CUT-1", another)
    await _assert_whole(again, 2)


async def test_postgres_frozen_while_an_update_is_in_flight(site: Site) -> None:
    """It hangs for longer than a workflow task may last; the answer comes when it thaws."""
    campaign = await site.campaign("FROST-1")
    async with site.working(PYTHON_WORKER):
        await campaign.start()
        await campaign.establish()
        with frozen(site.postgres.child):
            asked = asyncio.create_task(campaign.gateway.execute("FROST-1", _file(campaign, 1)))
            await until(campaign.waits_steadily)
            assert not asked.done()
        await asked
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT not in await campaign.types()
    await _assert_whole(campaign, 1)


async def test_postgres_killed_while_an_update_is_in_flight(site: Site) -> None:
    campaign = await site.campaign("GONE-1")
    async with site.working():
        await campaign.start()
        await campaign.establish()
        kill(site.postgres.child)
        await site.postgres.child.wait()
        asked = asyncio.create_task(campaign.gateway.execute("GONE-1", _file(campaign, 1)))
        await until(campaign.waits_steadily)
        await site.postgres.start()
        await asked
    await _assert_whole(campaign, 1)
