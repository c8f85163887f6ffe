"""The whole of Duban in processes that may be killed: servers, worker, load, sequencer, witness."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

import asyncpg
import psutil
from temporalio.client import Client

from duban.proof.checkpoints import Checkpoint
from duban.stack.child import Child
from duban.stack.temporal import pollers
from duban.store.pool import WORKER
from tests.e2e.site import QUEUE, Site, kill, until
from tests.support import chaos_load
from tests.support.chaos_desk import Desk

_LEADER_AT_WORK = """
SELECT count(*) FROM pg_stat_activity AS a JOIN pg_locks AS l ON l.pid = a.pid
WHERE l.locktype = 'advisory' AND a.xact_start IS NOT NULL AND a.datname = current_database()
"""
_WRITERS_AT_WORK = "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL"
_SIGNED = "SELECT coalesce(max(tree_size), 0) FROM audit.checkpoint"
_WAITING = "SELECT count(*) FROM audit.inbox"
MOST_FREEZES: Final = 100
"""How often the sequencer is frozen at most to find it at work."""
_COULD_NOT_START: Final = (1, os.EX_TEMPFAIL)
"""How worker and load end where PostgreSQL does not answer as they start."""


class Victim(StrEnum):
    """Whom a kill hits."""

    SEQUENCER = "sequencer"
    WORKER = "worker"
    POSTGRES = "PostgreSQL"


class ChaosSite:
    """A site whose parts are killed and started again; what they keep is under one folder.

    `gave_up` counts how often a process ended by itself because PostgreSQL was away as it started.
    """

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.desk = Desk(folder)
        self.notes = folder / "notes"
        self.notes.mkdir()
        self.gave_up = 0
        self._life = self._frozen = 0
        self._running: dict[str, Child] = {}
        self._client: Client | None = None
        self._signed = self._acknowledged = 0

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Self]:
        """Have everything run for the length of the block."""
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self.site.close)
            await self.site.open()
            await stack.enter_async_context(self.desk.witnessing())
            stack.push_async_callback(self._stop)
            self._client = await self.site.client()
            # The worker opens the trail; nobody else may write before.
            await self._start_worker()
            await until(self._worker_asks)
            await asyncio.gather(self._start_load(), self._start_sequencer())
            await until(lambda: self.is_back(Victim.POSTGRES))
            yield self

    async def kill(self, victim: Victim) -> bool:
        """Kill with signal 9; say whether it was in the middle of something."""
        self._signed = await self.ask(_SIGNED) or self._signed
        self._acknowledged = self._told()
        if victim is Victim.POSTGRES:
            return await self._kill_postgres()
        if victim is Victim.WORKER:
            for name in ("load", "worker"):
                await self._end(name)
            self._acknowledged = 0
            return chaos_load.in_flight(self._notes) > 0
        at_work = await self._freeze_sequencer()
        await self._end("sequencer")
        return at_work

    async def revive(self, victim: Victim) -> None:
        """Start what was killed once more."""
        if victim is Victim.POSTGRES:
            await self.site.postgres.start()
        elif victim is Victim.SEQUENCER:
            await self._start_sequencer()
        else:
            await asyncio.gather(self._start_worker(), self._start_load())

    async def is_back(self, victim: Victim) -> bool:
        """Whether that goes on which needs the victim: signatures, acknowledgements, or both."""
        await self._look_after()
        if victim is not Victim.SEQUENCER and self._told() <= self._acknowledged:
            return False
        if victim is Victim.WORKER:
            return await self._worker_asks()
        return (await self.ask(_SIGNED) or 0) > self._signed

    async def settle(self) -> None:
        """Let the load end, and wait until everything is in the log and the witness has seen it."""
        await self._look_after()
        load = self._running.pop("load")
        os.kill(load.pid, signal.SIGTERM)
        assert await load.wait() == 0
        await until(self._is_quiet)

    async def ask(self, question: str) -> Any:
        """Return what the database answers the superuser; None while it is away."""
        with suppress(OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            connection = await asyncpg.connect(self.site.dsn(), timeout=5)
            try:
                return await connection.fetchval(question)
            finally:
                await connection.close(timeout=5)
        return None

    @property
    def _notes(self) -> Path:
        return chaos_load.notes_of(self.notes, self._life)

    def _told(self) -> int:
        return chaos_load.acknowledged(self._notes)

    async def _is_quiet(self) -> bool:
        await self._look_after()
        seen = await self.desk.seen()
        signed, waiting = await self.ask(_SIGNED), await self.ask(_WAITING)
        return waiting == 0 and seen is not None and Checkpoint.parse(seen.text).size == signed

    async def _freeze_sequencer(self) -> bool:
        """Let it stand still in the middle of a step, or anywhere in the rest of the time.

        A step is short, so every other time it is frozen again and again until it is in one.
        """
        process = psutil.Process(self._running["sequencer"].pid)
        self._frozen += 1
        for nth in range(MOST_FREEZES if self._frozen % 2 else 1):
            if nth:
                process.resume()
                await asyncio.sleep(0.01)
            process.suspend()
            if await self.ask(_LEADER_AT_WORK):
                return True
        return False

    async def _kill_postgres(self) -> bool:
        parent = psutil.Process(self.site.postgres.child.pid)
        at_work = bool(await self.ask(_WRITERS_AT_WORK))
        parent.suspend()
        # Its children are sessions of their own, which the end of the parent would only tell.
        for each in (*parent.children(recursive=True), parent):
            with suppress(psutil.NoSuchProcess):
                each.kill()
        await self.site.postgres.child.wait()
        return at_work

    async def _start_worker(self) -> None:
        self._running["worker"] = await Child.start(self.site.worker())

    async def _start_load(self) -> None:
        self._life += 1
        argv = ("tests.support.chaos_load", str(self.notes), str(self._life))
        env = self.desk.env(self.site.dsn(WORKER))
        self._running["load"] = await Child.start(self.desk.recipe("load", *argv, env=env))

    async def _start_sequencer(self) -> None:
        self._running["sequencer"] = await self.desk.sequencer(self.site.dsn())

    async def _look_after(self) -> None:
        """Start again what could not start while PostgreSQL was away; nothing else may end."""
        for name, start in (("worker", self._start_worker), ("load", self._start_load)):
            child = self._running.get(name)
            if child is not None and child.has_ended:
                assert await child.wait() in _COULD_NOT_START, child.recipe.log.read_text()[-2000:]
                self.gave_up += 1
                await start()
        self._running["sequencer"].require_running()

    async def _worker_asks(self) -> bool:
        assert self._client is not None
        found = await pollers(self._client, QUEUE)
        return any(each.startswith(f"{self._running['worker'].pid}@") for each in found)

    async def _end(self, name: str) -> None:
        child = self._running[name]
        with suppress(ProcessLookupError):
            kill(child)
        await child.wait()

    async def _stop(self) -> None:
        for child in self._running.values():
            await child.stop()
