"""Container health, `python -m duban.stack.health`: does a worker of this host ask for work?"""

import asyncio
import socket
import sys

from duban.settings import Settings
from duban.stack import temporal
from duban.stack.errors import StackError


async def is_worker_alive(settings: Settings, host: str) -> bool:
    """Whether a worker of `host` has asked its task queue for work in the last minutes."""
    if settings.temporal_address is None:
        return False
    try:
        client = await temporal.connect_as_told(settings.temporal_address)
    except StackError:
        return False
    identities = await temporal.pollers(client, settings.task_queue)
    return any(identity.endswith(f"@{host}") for identity in identities)


def main() -> None:
    """Exit with 0 when the worker is alive and with 1 when it is not."""
    alive = asyncio.run(is_worker_alive(Settings.from_env(), socket.gethostname()))
    sys.exit(0 if alive else 1)


if __name__ == "__main__":
    main()
