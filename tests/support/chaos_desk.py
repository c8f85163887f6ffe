"""What one log and its witness are started with, and the processes, as people run them."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import asyncpg

from duban.proof.checkpoints import Checkpoint
from duban.proof.notes import SignedNote, SignerKey
from duban.proof.policy import Policy
from duban.stack.child import Child, Recipe
from duban.stack.ports import LOOPBACK, free_port
from duban.stack.starting import SEQUENCER as SEQUENCER_PROGRAM
from duban.store.pool import SEQUENCER, VERIFIER, dsn_for
from duban.witness.client import WitnessClient
from tests.e2e.site import until
from tests.support.entries import KEY
from tests.support.sequencing import ORIGIN, SIGNER, WITNESS
from tests.support.sources import ROOT

_SIGNED_AND_WAITING = """
SELECT (SELECT coalesce(max(tree_size), 0) FROM audit.checkpoint),
       (SELECT count(*) FROM audit.inbox)
"""
INTERVAL_MS = 50
"""From one checkpoint to the next, so that kills find the sequencer at work."""


class Said(NamedTuple):
    """How a command ended and what it said."""

    status: int
    out: str
    err: str

    @property
    def codes(self) -> set[str]:
        """The codes of the findings of `duban audit verify`."""
        return {each["code"] for each in json.loads(self.out)["findings"]}


class Desk:
    """The files of one log and one witness of it, in a folder, and what is started with them."""

    def __init__(self, folder: Path, witness: SignerKey = WITNESS) -> None:
        self.folder = folder
        self.url = f"http://{LOOPBACK}:{free_port()}"
        self.policy_file = folder / "policy.txt"
        self.state = folder / "witness"
        folder.mkdir(parents=True, exist_ok=True)
        lines = (
            f"log {SIGNER.public.format()}",
            f"witness w1 {witness.public.format()} {self.url}",
            "quorum w1",
            "writer duban_worker duban_sequencer duban_eraser",
        )
        self.policy_file.write_text("".join(f"{each}\n" for each in lines))
        self._key_file = folder / "witness.key"
        self._key_file.write_text(witness.format())

    @property
    def policy(self) -> Policy:
        """Whose keys count."""
        return Policy.parse(self.policy_file.read_text())

    def env(self, dsn: str = "", **told: str) -> dict[str, str]:
        """Return the environment of a process that is to know this database and this log."""
        known = {
            "DATABASE_URL": dsn,
            "DUBAN_TRAIL_KEY": KEY.hex(),
            "DUBAN_LOG_POLICY": str(self.policy_file),
            "DUBAN_LOG_FORMAT": "json",
            "DUBAN_HOME": str(self.folder / "nowhere"),
            "DUBAN_LANG": "en",
            "COLUMNS": "300",
            "PYTHONPATH": str(ROOT),
        }
        return {**os.environ, **known, **told}

    def recipe(self, name: str, *argv: str, env: Mapping[str, str]) -> Recipe:
        """Return how a Python module is run as a process with a log of its own."""
        command = (sys.executable, "-m", *argv)
        return Recipe(name=name, argv=command, log=self.folder / f"{name}.log", env=env)

    @asynccontextmanager
    async def witnessing(self) -> AsyncIterator[Child]:
        """A witness that answers, for the length of the block."""
        files = ("--policy", str(self.policy_file), "--key", str(self._key_file))
        place = ("--state", str(self.state), "--listen", self.url.removeprefix("http://"))
        new = () if self.state.exists() else ("--new",)
        argv = ("duban", "witness", "serve", *files, *place, *new)
        child = await Child.start(self.recipe("witness", *argv, env=self.env()))
        try:
            await self._answering(child)
            yield child
        finally:
            await child.stop()

    async def sequencer(self, dsn: str, **told: str) -> Child:
        """Start a sequencer of a database, with its own login."""
        own = {"DUBAN_LOG_KEY": SIGNER.format(), "DUBAN_CHECKPOINT_INTERVAL_MS": str(INTERVAL_MS)}
        env = self.env(dsn_for(dsn, SEQUENCER), **{**own, **told})
        return await Child.start(self.recipe("sequencer", *SEQUENCER_PROGRAM[2:], env=env))

    @asynccontextmanager
    async def signing(self, dsn: str, **told: str) -> AsyncIterator[Child]:
        """A sequencer for the length of the block; then everything is signed for and cosigned."""
        child = await self.sequencer(dsn, **told)
        try:
            yield child
            await until(lambda: self._is_settled(child, dsn))
            os.kill(child.pid, signal.SIGTERM)
            assert await child.wait() == 0
        finally:
            await child.stop()

    async def refused(self, dsn: str) -> dict[str, Any]:
        """Start a sequencer that must not sign, and return what it says as it ends."""
        child = await self.sequencer(dsn)
        try:
            assert await asyncio.wait_for(child.wait(), 40) == 1
        finally:
            await child.stop()
        said: dict[str, Any] = json.loads(child.recipe.log.read_text().splitlines()[-1])
        return said

    async def seen(self) -> SignedNote | None:
        """Return what the witness says that it cosigned last; None before it did."""
        async with aiohttp.ClientSession() as session, session.get(self.url) as response:
            told: dict[str, Any] = await response.json()
        [held] = [each for each in told["logs"] if each["origin"] == ORIGIN]
        return SignedNote.parse(held["checkpoint"]) if held["checkpoint"] else None

    async def anchor(self, name: str = "anchor.txt") -> Path:
        """Write down what the witness cosigned last, and return the file."""
        note = await self.seen()
        assert note is not None
        path = self.folder / name
        path.write_text(note.format())
        return path

    @asynccontextmanager
    async def client(self) -> AsyncIterator[WitnessClient]:
        """A way to the witness."""
        policy = self.policy
        async with aiohttp.ClientSession() as session:
            yield WitnessClient(session, policy, policy.witnesses[0])

    async def verify(self, dsn: str, *words: str, **told: str) -> Said:
        """Run `duban audit verify` as people do, with the verifier's login."""
        return await self.duban(
            dsn_for(dsn, VERIFIER), "audit", "verify", *words, "-o", "json", **told
        )

    async def duban(self, dsn: str, *words: str, **told: str) -> Said:
        """Run a command of `duban` on a database."""
        argv, env = (sys.executable, "-m", "duban", *words), self.env(dsn, **told)
        process = await asyncio.create_subprocess_exec(*argv, env=env, stdout=PIPE, stderr=PIPE)
        out, err = await process.communicate()
        assert process.returncode is not None
        return Said(process.returncode, out.decode(), err.decode())

    async def _is_settled(self, child: Child, dsn: str) -> bool:
        child.require_running()
        connection = await asyncpg.connect(dsn)
        try:
            signed, waiting = await connection.fetchrow(_SIGNED_AND_WAITING)
        finally:
            await connection.close()
        seen = await self.seen()
        return waiting == 0 and seen is not None and Checkpoint.parse(seen.text).size == signed

    async def _answering(self, child: Child) -> None:
        async with aiohttp.ClientSession() as session, asyncio.timeout(40):
            while True:
                child.require_running()
                try:
                    async with session.get(self.url):
                        return
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
