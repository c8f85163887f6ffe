"""A worker with nothing to do, started as a child process where only its polling matters."""

import asyncio
import os

from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import Worker


@workflow.defn(name="Idle")
class Idle:
    """Polls need a workflow to be registered."""

    @workflow.run
    async def run(self) -> None:
        """Do nothing."""


async def main() -> None:
    """Poll the queue of the environment until killed."""
    namespace = os.environ["TEMPORAL_NAMESPACE"]
    client = await Client.connect(os.environ["TEMPORAL_ADDRESS"], namespace=namespace)
    queue = os.environ["DUBAN_TASK_QUEUE"]
    await Worker(client, task_queue=queue, workflows=[Idle]).run()


if __name__ == "__main__":
    asyncio.run(main())
