"""The home folder: where the embedded servers keep data, pid files, addresses and the lock.

home/postgres/            the data directory, home/postgres.log beside it
home/temporal.db          the dev server's database, temporal.log beside it
home/secrets/             keys, mode 0600
home/run/                 stack.lock, *.pid, addresses.json; of no value once all has stopped
"""

import asyncio
import fcntl
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import SecretStr

from duban.settings import Settings
from duban.stack import child, keys
from duban.stack.errors import StackError

# Stopping goes through this list from its end to its beginning.
SERVERS = ("postgres", "temporal", "worker", "sequencer")
_LOCK_WITHIN_SECONDS = 20.0
_POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Addresses:
    """Where a running stack answers. `ui` is empty when the stack does not run the web pages."""

    database_url: str
    temporal_address: str
    namespace: str
    ui: str = ""


def pid_file(home: Path, name: str) -> Path:
    """Return the pid file of a server, or of the stack itself."""
    return home / "run" / f"{name}.pid"


def announce(home: Path, addresses: Addresses) -> None:
    """Leave the addresses for other processes; they carry a password, so only ours may read."""
    path = _addresses_file(home)
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(addresses), file)


def withdraw(home: Path) -> None:
    """Take the addresses back, before the servers stop."""
    _addresses_file(home).unlink(missing_ok=True)


def running(home: Path) -> Addresses | None:
    """Return the addresses of the stack that runs under `home`, or None."""
    try:
        return Addresses(**json.loads(_addresses_file(home).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def fill_in(settings: Settings) -> Settings:
    """Return the settings with what a running stack knows in place of what is not set.

    This is how a command finds the servers of `duban up`.

    Raises:
        StackError: `stack.not_running` when neither the environment nor a stack says where.
    """
    if settings.database_url is not None and settings.temporal_address is not None:
        return settings
    found = running(settings.home)
    if found is None:
        raise StackError("stack.not_running", home=str(settings.home))
    update: dict[str, object] = {}
    if settings.database_url is None and settings.temporal_address is None:
        update["payload_keys"] = keys.payload_key_file(settings)
    if settings.database_url is None:
        update["database_url"] = SecretStr(found.database_url)
        update["trail_key"] = SecretStr(keys.trail_key(settings).hex())
    if settings.temporal_address is None:
        update["temporal_address"] = found.temporal_address
    return settings.model_copy(update=update)


@asynccontextmanager
async def exclusive(home: Path) -> AsyncIterator[None]:
    """Hold the home for the block, so that one stack at a time uses it.

    The lock goes with its process, however that ends. A stack that is just starting or stopping
    is waited for.

    Raises:
        StackError: `stack.already_running`.
    """
    (home / "run").mkdir(parents=True, exist_ok=True)
    deadline = asyncio.get_running_loop().time() + _LOCK_WITHIN_SECONDS
    with (home / "run" / "stack.lock").open("w") as lock:
        while not _try_lock(lock.fileno()):
            if _is_settled(home) or asyncio.get_running_loop().time() > deadline:
                holder = child.process_of(pid_file(home, "stack"))
                pid = holder[0].pid if holder else 0
                raise StackError("stack.already_running", home=str(home), pid=pid)
            await asyncio.sleep(_POLL_SECONDS)
        yield


async def stop_leftovers(home: Path) -> bool:
    """Stop servers whose stack was killed; return whether there were any."""
    stopped = False
    for name in reversed(SERVERS):
        stopped |= await child.stop_leftover(pid_file(home, name))
    return stopped


def _addresses_file(home: Path) -> Path:
    return home / "run" / "addresses.json"


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_settled(home: Path) -> bool:
    """Whether the stack that holds the lock is up with all its servers."""
    files = [pid_file(home, name) for name in SERVERS]
    alive = all(child.process_of(file) for file in files if file.exists())
    return alive and running(home) is not None
