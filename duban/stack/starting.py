"""The processes of ours that `up` starts beside the servers: a worker, and a sequencer."""

import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from temporalio.client import Client

from duban.settings import VARIABLES, Settings
from duban.stack import home, keys, temporal
from duban.stack.child import Child, Recipe
from duban.stack.errors import StackError

# Called with a server's name, what happens to it (starting, ready, stopped) and where it is.
OnProgress = Callable[[str, str, str], None]

WORKER = (sys.executable, "-m", "worker")
SEQUENCER = (sys.executable, "-m", "duban.stack.sequencer")
_WORKER_WITHIN_SECONDS = 60.0
_POLL_SECONDS = 0.1


@dataclass
class Stack:
    """What runs so far: the children in order of their start, and where the servers answer."""

    settings: Settings
    on_progress: OnProgress
    servers: AsyncExitStack
    children: list[Child] = field(default_factory=list)
    database_url: str = ""
    worker_database_url: str = ""
    sequencer_database_url: str = ""


def worker_recipe(
    stack: Stack, addresses: home.Addresses, key: bytes, worker: Sequence[str]
) -> Recipe:
    """Return how the worker is started: with all it must know in its environment."""
    env = {
        **os.environ,
        VARIABLES["database_url"]: stack.worker_database_url,
        VARIABLES["temporal_address"]: addresses.temporal_address,
        "TEMPORAL_NAMESPACE": addresses.namespace,
        VARIABLES["trail_key"]: key.hex(),
        VARIABLES["payload_keys"]: str(keys.payload_key_file(stack.settings)),
        VARIABLES["home"]: str(stack.settings.home),
        VARIABLES["task_queue"]: stack.settings.task_queue,
    }
    log = stack.settings.home / "worker.log"
    pid_file = home.pid_file(stack.settings.home, "worker")
    return Recipe(name="worker", argv=worker, log=log, env=env, pid_file=pid_file)


async def start_worker(stack: Stack, client: Client, recipe: Recipe) -> None:
    """Start the worker and wait until the server has seen it ask for work."""
    stack.on_progress("worker", "starting", "")
    worker = await Child.start(recipe)
    stack.servers.callback(stack.on_progress, "worker", "stopped", "")
    stack.servers.push_async_callback(worker.stop)
    stack.children.append(worker)
    queue = stack.settings.task_queue
    deadline = asyncio.get_running_loop().time() + _WORKER_WITHIN_SECONDS
    while not await _asks_for_work(worker, client, queue):
        worker.require_running()
        if asyncio.get_running_loop().time() > deadline:
            raise StackError("stack.start_failed", name="worker", log=str(recipe.log))
        await asyncio.sleep(_POLL_SECONDS)
    stack.on_progress("worker", "ready", queue)


async def _asks_for_work(worker: Child, client: Client, queue: str) -> bool:
    identities = await temporal.pollers(client, queue)
    return any(identity.startswith(f"{worker.pid}@") for identity in identities)


async def start_sequencer(stack: Stack, key: bytes) -> None:
    """Start the sequencer, if there is a key to sign with.

    With a database of one's own and no key named, another machine's sequencer signs.
    """
    settings = stack.settings
    if settings.log_key is None and settings.database_url is not None:
        return
    recipe = Recipe(
        name="sequencer",
        argv=SEQUENCER,
        log=settings.home / "sequencer.log",
        env=_sequencer_env(stack, key),
        pid_file=home.pid_file(settings.home, "sequencer"),
    )
    stack.on_progress("sequencer", "starting", "")
    child = await Child.start(recipe)
    stack.servers.callback(stack.on_progress, "sequencer", "stopped", "")
    stack.servers.push_async_callback(child.stop)
    stack.children.append(child)
    stack.on_progress("sequencer", "ready", "")


def _sequencer_env(stack: Stack, key: bytes) -> dict[str, str]:
    settings = stack.settings
    told = settings.log_key.get_secret_value() if settings.log_key else ""
    policy = {} if settings.log_policy is None else {"log_policy": str(settings.log_policy)}
    named = {
        "database_url": stack.sequencer_database_url,
        "trail_key": key.hex(),
        "log_key": told or str(keys.log_key_file(settings.home)),
        "checkpoint_interval_ms": str(settings.checkpoint_interval_ms),
        "home": str(settings.home),
        **policy,
    }
    return {**os.environ, **{VARIABLES[name]: value for name, value in named.items()}}
