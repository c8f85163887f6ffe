"""A child process of ours: its own process group, a log file, a pid file, and a certain end."""

import asyncio
import json
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from duban.stack.errors import StackError

STOP_WITHIN_SECONDS = 15.0
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Recipe:
    """How to start a program and how to ask it to end.

    `pid_file` lets a later process find a child whose parent was killed.
    """

    name: str
    argv: Sequence[str]
    log: Path
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    pid_file: Path | None = None
    user: int | None = None
    group: int | None = None


class Child:
    """A started program. It leads its own process group, so that Ctrl-C reaches only its parent."""

    def __init__(self, recipe: Recipe, process: asyncio.subprocess.Process) -> None:
        self.recipe = recipe
        self._process = process

    @classmethod
    async def start(cls, recipe: Recipe) -> "Child":
        """Start the program with its output appended to the log file."""
        recipe.log.parent.mkdir(parents=True, exist_ok=True)
        with recipe.log.open("ab") as log:
            process = await asyncio.create_subprocess_exec(
                *recipe.argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(recipe.env) or None,
                start_new_session=True,
                user=recipe.user,
                group=recipe.group,
            )
        if recipe.pid_file is not None:
            write_pid_file(recipe.pid_file, process.pid, recipe.stop_signal)
        return cls(recipe, process)

    @property
    def pid(self) -> int:
        """The process id, which is also the id of its process group."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether the program has ended, by itself or not."""
        return self._process.returncode is not None

    async def wait(self) -> int:
        """Wait for the end of the program and return its exit status."""
        return await self._process.wait()

    def require_running(self) -> None:
        """Raise `stack.start_failed` if the program has ended."""
        if self.has_ended:
            raise StackError("stack.start_failed", name=self.recipe.name, log=str(self.recipe.log))

    async def stop(self, within: float = STOP_WITHIN_SECONDS) -> None:
        """Ask the program to end, and after `within` seconds make it and its whole group end."""
        if not self.has_ended:
            with suppress(ProcessLookupError):
                self._process.send_signal(self.recipe.stop_signal)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), within)
        kill_group(self.pid)
        await self._process.wait()
        if self.recipe.pid_file is not None:
            self.recipe.pid_file.unlink(missing_ok=True)


def kill_group(pid: int) -> None:
    """Kill what is left of the process group led by `pid`; nothing left is fine."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def write_pid_file(path: Path, pid: int, stop_signal: signal.Signals) -> None:
    """Note a process together with its start time, since the system uses process ids again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(psutil.NoSuchProcess):
        started = psutil.Process(pid).create_time()
        path.write_text(json.dumps({"pid": pid, "started": started, "signal": int(stop_signal)}))


def process_of(path: Path) -> tuple[psutil.Process, signal.Signals] | None:
    """Return the process a pid file speaks of and its stop signal, or None if it is gone."""
    try:
        note = json.loads(path.read_text())
        process = psutil.Process(note["pid"])
        same = abs(process.create_time() - note["started"]) < 1
        alive = same and process.status() != psutil.STATUS_ZOMBIE
        return (process, signal.Signals(note["signal"])) if alive else None
    except (FileNotFoundError, ValueError, KeyError, psutil.NoSuchProcess):
        return None


async def _gone(path: Path) -> None:
    while process_of(path):  # noqa: ASYNC110 - another process sets no event of ours
        await asyncio.sleep(_POLL_SECONDS)


async def stop_leftover(path: Path, within: float = STOP_WITHIN_SECONDS) -> bool:
    """End the process of a pid file whose parent was killed; return whether there was one."""
    found = process_of(path)
    if found is not None:
        process, stop_signal = found
        with suppress(psutil.NoSuchProcess):
            process.send_signal(stop_signal)
        with suppress(TimeoutError):
            await asyncio.wait_for(_gone(path), within)
        kill_group(process.pid)
    path.unlink(missing_ok=True)
    return found is not None
