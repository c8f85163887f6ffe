"""Releases side by side on a real server: campaigns keep to theirs until they continue as new."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest_asyncio
from temporalio.api.workflowservice.v1 import SetWorkerDeploymentCurrentVersionRequest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from duban.domain.campaign import commands as c
from duban.gateway import CampaignGateway
from duban.settings import Settings
from duban.stack.temporal import DevServer, connect
from tests.support.clock import OPENS_AT, Stage, note
from tests.support.rings import RING
from tests.support.trail import WatchedTrail
from worker import build_worker, deployment

QUEUE = "duban-releases"
DEPLOYMENT = "duban-test"


@pytest_asyncio.fixture
async def client(dev_server: DevServer) -> Client:
    return await connect(dev_server.address, "default", RING)


@pytest_asyncio.fixture
async def stage(client: Client) -> AsyncIterator[Stage]:
    ready = Stage(client, WatchedTrail(), OPENS_AT - datetime.now(UTC))
    ready.gateway = CampaignGateway(client, QUEUE)
    yield ready
    with suppress(RPCError):
        await ready.handle.terminate()


def release(stage: Stage, build_id: str) -> Worker:
    """The worker that is shipped, as a release of its own."""
    settings = Settings(deployment=DEPLOYMENT, build_id=build_id)
    return build_worker(
        stage.client,
        stage.trail,
        QUEUE,
        deployment_config=deployment(settings),
        graceful_shutdown_timeout=timedelta(seconds=2),
    )


async def make_current(client: Client, build_id: str) -> None:
    """What an operator does once the new release's workers ask for work."""
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build_id
    )
    async with asyncio.timeout(20):
        while True:
            try:
                await client.workflow_service.set_worker_deployment_current_version(request)
            except RPCError as error:
                # The server hears of a release when its first worker asks for work.
                early = {RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION}
                if error.status not in early:
                    raise
                await asyncio.sleep(0.1)
            else:
                return


async def where(stage: Stage) -> tuple[str, str]:
    """Return the run of the campaign and the release that works on it."""
    info: Any = (await stage.handle.describe()).raw_description.workflow_execution_info
    return info.execution.run_id, info.versioning_info.deployment_version.build_id


async def decided_until_it_moved(stage: Stage, before: str) -> tuple[str, str]:
    """Take decisions until another run has answered one; the server tells of it within seconds."""
    run = before
    async with asyncio.timeout(20):
        for number in itertools.count():
            moved = run != before
            await stage.do(c.FileDocument, "OF-1", **note(number))
            run, build_id = await where(stage)
            if moved:
                return run, build_id
            await asyncio.sleep(0.05)
    raise AssertionError


async def test_campaign_keeps_to_its_release_until_it_continues_as_new(stage: Stage) -> None:
    async with release(stage, "one"):
        await make_current(stage.client, "one")
        await stage.start()
        await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
        first = await where(stage)
        async with release(stage, "two"):
            await make_current(stage.client, "two")
            still = await where(stage)
            later = await decided_until_it_moved(stage, first[0])
    assert first[1] == "one"
    assert still == first
    assert later[0] != first[0]
    assert later[1] == "two"
    assert [each.seq for each in stage.events] == list(range(len(stage.events)))


def test_releases_are_told_apart_only_where_a_build_id_is_set() -> None:
    assert deployment(Settings()) is None
    told = deployment(Settings(build_id="2026.11"))
    assert told is not None
    assert (told.version.deployment_name, told.version.build_id) == ("duban", "2026.11")
    assert told.use_worker_versioning
