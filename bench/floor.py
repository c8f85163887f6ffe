"""The floor: the least a Temporal program can do with payloads of the same size, and its worker."""

import asyncio
import os
import signal
from datetime import timedelta
from typing import Any

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import Worker

ANSWER = {
    "stream": "bare",
    "first_seq": 0,
    "last_seq": 0,
    "object_type": "document",
    "object_id": "F0001",
    "notes": [],
}
"""As large as a receipt."""


@activity.defn
async def no_op() -> None:
    """Do nothing, as an activity."""


@activity.defn
async def take(_: Any) -> int:
    """Do nothing with a command, as an activity."""
    return 0


@workflow.defn
class Bare:
    """An entity without rules: it keeps what it was started with and answers updates."""

    @workflow.init
    def __init__(self, state: Any) -> None:
        self._state = state
        self._count = 0

    @workflow.run
    async def run(self, _: Any) -> None:
        """Sleep for ever."""
        await workflow.sleep(timedelta(days=60))

    @workflow.update
    async def plain(self, _: Any) -> Any:
        """Answer at once."""
        self._count += 1
        return ANSWER

    @workflow.update
    async def with_activity(self, _: Any) -> Any:
        """Answer after one activity that does nothing."""
        self._count += 1
        await workflow.execute_activity(no_op, start_to_close_timeout=timedelta(seconds=30))
        return ANSWER

    @workflow.update
    async def with_local_activity(self, command: Any) -> Any:
        """Answer after one local activity that is given the command and does nothing."""
        self._count += 1
        await workflow.execute_local_activity(
            take, command, start_to_close_timeout=timedelta(seconds=5)
        )
        return ANSWER


@workflow.defn
class Year:
    """Twelve months, each slept through."""

    @workflow.run
    async def run(self) -> None:
        """Sleep a month and run an activity that does nothing, twelve times."""
        for _ in range(12):
            await workflow.sleep(timedelta(days=30))
            await workflow.execute_activity(no_op, start_to_close_timeout=timedelta(seconds=30))


def build_worker(client: Client, task_queue: str) -> Worker:
    """Return the floor's worker, with the SDK's defaults."""
    return Worker(client, task_queue=task_queue, workflows=[Bare, Year], activities=[no_op, take])


async def _serve(address: str, task_queue: str) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    client = await Client.connect(address, data_converter=pydantic_data_converter)
    async with build_worker(client, task_queue):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(_serve(os.environ["TEMPORAL_ADDRESS"], os.environ["DUBAN_TASK_QUEUE"]))
    # The core's threads may call back while the interpreter goes away and abort it.
    os._exit(0)
