"""A stage of one's own for each test: its own time-skipping server, its own trail in memory."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from temporalio.testing import WorkflowEnvironment

from duban.stack.skipping import time_skipping
from tests.support.clock import Stage, stage_on
from tests.support.trail import WatchedTrail


@pytest_asyncio.fixture
async def env(time_skipping_env: WorkflowEnvironment) -> AsyncIterator[WorkflowEnvironment]:
    """A server whose clock nobody has moved; the session's own only says that there is one."""
    async with time_skipping() as fresh:
        yield fresh


@pytest.fixture
def trail() -> WatchedTrail:
    return WatchedTrail()


@pytest_asyncio.fixture
async def stage(env: WorkflowEnvironment, trail: WatchedTrail) -> AsyncIterator[Stage]:
    """A stage on the morning of the launch, nothing started yet."""
    async with stage_on(env, trail) as ready:
        yield ready
