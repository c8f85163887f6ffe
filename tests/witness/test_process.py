"""The witness as a process of its own: killed, started again, told to stop, wrongly started."""

import asyncio
import os
import random
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp
import pytest
import pytest_asyncio

from duban.witness.client import Outcome, WitnessClient
from tests.support.sources import ROOT
from tests.witness.growing import LOG, ORIGIN, SPLIT, WITNESS, policy, policy_text

SECONDS = 30
KILLS = 6
# Nothing of this environment leads to a database or to Temporal.
ENVIRON = {"PATH": os.environ.get("PATH", ""), "DUBAN_LANG": "en", "DUBAN_LOG_FORMAT": "json"}


class Running(NamedTuple):
    """A witness that listens, and the client that asks it."""

    process: Process
    client: WitnessClient

    async def killed(self) -> None:
        self.process.kill()
        await self.process.wait()


class Desk:
    """The files of one witness, and the processes started with them."""

    def __init__(self, folder: Path, session: aiohttp.ClientSession) -> None:
        self.folder = folder
        self._session = session
        (folder / "policy.txt").write_text(policy_text(), encoding="utf-8")
        (folder / "key").write_text(WITNESS.format(), encoding="utf-8")

    @asynccontextmanager
    async def running(self, *command: str) -> AsyncIterator[Running]:
        process = await self.start(*(command or self.words()))
        try:
            url = await address_of(process)
            asked = policy(url)
            yield Running(process, WitnessClient(self._session, asked, asked.witnesses[0]))
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    def words(self, **changed: str) -> list[str]:
        given = {
            "policy": str(self.folder / "policy.txt"),
            "key": str(self.folder / "key"),
            "state": str(self.folder / "state"),
            "listen": "127.0.0.1:0",
            **changed,
        }
        options = [word for name, value in given.items() for word in (f"--{name}", value)]
        first = [] if Path(given["state"]).exists() else ["--new"]
        return ["duban", "witness", "serve", *options, *first]

    async def start(self, *command: str) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command, cwd=ROOT, env=ENVIRON, stdout=PIPE, stderr=PIPE
        )

    async def failed(self, **changed: str) -> str:
        """Start a witness that cannot start, and return what it says."""
        process = await self.start(*self.words(**changed))
        async with asyncio.timeout(SECONDS):
            _, said = await process.communicate()
        assert process.returncode not in (0, None)
        return said.decode()


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession() as session:
        yield Desk(tmp_path, session)


async def address_of(process: Process) -> str:
    assert process.stdout is not None
    async with asyncio.timeout(SECONDS):
        said = (await process.stdout.readline()).decode()
    found = re.search(r" at (\S+)$", said.strip())
    assert found, said
    return f"http://{found[1]}"


async def test_a_restart_keeps_the_state(desk: Desk) -> None:
    async with desk.running() as first:
        assert (await first.client.size(ORIGIN)).size == 0
        assert (await first.client.add(0, [], LOG.note(5))).outcome is Outcome.COSIGNED
        first.process.terminate()
        async with asyncio.timeout(SECONDS):
            assert await first.process.wait() == 0

    async with desk.running() as second:
        assert (await second.client.size(ORIGIN)).checkpoint == LOG.checkpoint(5)
        assert (await second.client.add(5, [], SPLIT.note(5))).outcome is Outcome.FORKED
        answer = await second.client.add(5, LOG.proof(5, 9), LOG.note(9))
        assert answer.outcome is Outcome.COSIGNED
        second.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(SECONDS):
            assert await second.process.wait() == 0


async def test_killed_between_keeping_and_answering(desk: Desk) -> None:
    """What was kept binds the witness, although nobody has seen its cosignature."""
    async with desk.running("tests.witness.dying", str(desk.folder / "state")) as dying:
        answer = await dying.client.add(0, [], LOG.note(5))
        assert answer.outcome is Outcome.AWAY
        async with asyncio.timeout(SECONDS):
            assert await dying.process.wait() == -signal.SIGKILL

    async with desk.running() as again:
        other = await again.client.add(0, [], SPLIT.note(5))
        assert (other.outcome, other.size) == (Outcome.CONFLICT, 5)
        assert (await again.client.add(5, [], SPLIT.note(5))).outcome is Outcome.FORKED
        assert (await again.client.add(5, [], LOG.note(5))).outcome is Outcome.COSIGNED


async def grow(client: WitnessClient, size: int) -> int:
    """Hand in ever larger trees until the witness is away; return the last size cosigned."""
    async with asyncio.timeout(SECONDS):
        while True:
            answer = await client.add(size, LOG.proof(size, size + 1), LOG.note(size + 1))
            if answer.outcome is Outcome.AWAY:
                return size
            assert answer.outcome is Outcome.COSIGNED, answer
            size += 1


@pytest.mark.slow
async def test_killed_at_any_moment_it_forgets_nothing_it_signed(desk: Desk) -> None:
    size, chance = 0, random.Random(1)  # noqa: S311 - when to kill
    for _ in range(KILLS):
        async with desk.running() as running:
            held = (await running.client.size(ORIGIN)).size
            assert held in (size, size + 1), "at most the one that nobody heard of is ahead"
            asyncio.get_running_loop().call_later(chance.random() / 4, running.process.kill)
            size = await grow(running.client, held)

    async with desk.running() as running:
        assert (await running.client.size(ORIGIN)).size in (size, size + 1)
        assert size > KILLS


async def test_two_processes_cannot_use_one_state(desk: Desk) -> None:
    async with desk.running() as first:
        assert "witness.state_taken" in await desk.failed()
        assert (await first.client.size(ORIGIN)).outcome is Outcome.HELD
        await first.killed()

    async with desk.running() as second:
        assert (await second.client.size(ORIGIN)).outcome is Outcome.HELD


async def test_a_witness_whose_state_is_lost_does_not_begin_anew(desk: Desk) -> None:
    async with desk.running() as running:
        await running.client.add(0, [], LOG.note(5))
        await running.killed()
    for path in (desk.folder / "state").iterdir():
        path.unlink()

    said = await desk.failed()

    assert "witness.log_never_seen  " in said
    assert "--new" in said
    assert list((desk.folder / "state").glob("*.note")) == []


WRONG = {
    "no policy": ("policy", None, "policy_file.unreadable"),
    "a policy with a fault": ("policy", "quorum x\n", "policy_file.name_unknown"),
    "a policy without logs": ("policy", "quorum none\n", "witness.no_logs"),
    "a policy in another code": ("policy", b"# \xff\nquorum none\n", "policy_file.unreadable"),
    "no key": ("key", None, "key_file.unreadable"),
    "a public key": ("key", WITNESS.public.format(), "key_file.invalid"),
    "the key of a log": ("key", LOG.key.format(), "key_file.other_use"),
}


@pytest.mark.parametrize("name", WRONG)
async def test_wrong_files_are_named_and_no_secret_is(desk: Desk, name: str) -> None:
    option, content, code = WRONG[name]
    path = desk.folder / "wrong"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())

    said = await desk.failed(**{option: str(path)})

    assert f"{code}  " in said
    assert str(path) in said
    assert "Traceback" not in said
    assert LOG.key.format()[-20:] not in said


async def test_a_wrong_place_is_named(desk: Desk) -> None:
    async with desk.running() as running:
        taken = running.client._url.removeprefix("http://")
        state = str(desk.folder / "other")
        assert "witness.cannot_listen" in await desk.failed(listen=taken, state=state)
    assert "--listen" in await desk.failed(listen="8780")
    assert "witness.state_unusable" in await desk.failed(state=str(desk.folder / "key"))
