"""A stage of one's own for each test: its own time-skipping server, its own trail in memory."""

import gc
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from duban.connection import data_converter
from duban.stack.skipping import time_skipping
from duban.stack.temporal import DevServer, connect
from tests.support.clock import Stage, real_stage, skipping_stage, the_worker
from tests.support.rings import RING
from tests.support.trail import WatchedTrail


@pytest_asyncio.fixture
async def env(time_skipping_env: WorkflowEnvironment) -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock nobody has moved; the session's own only says that there is one."""
    async with time_skipping(data_converter(RING)) as fresh:
        yield fresh


@pytest.fixture
def trail() -> WatchedTrail:
    return WatchedTrail()


@pytest_asyncio.fixture
async def stage(env: WorkflowEnvironment, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A stage on the morning of the launch, nothing started yet."""
    ready = await skipping_stage(env, trail)
    async with the_worker(env.client, trail):
        yield ready


@pytest_asyncio.fixture
async def real(dev_server: DevServer, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A stage on a real server in real time, for what the time-skipping server does otherwise."""
    client = await connect(dev_server.address, "default", RING)
    async with real_stage(client, trail) as ready:
        yield ready
    # What a run that never began leaves behind is reported within its own test.
    gc.collect()
