"""The worker is killed over a problem: nothing lost or doubled, and no orphan file is evidence."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from duban.contracts import ProblemAsked, Receipt
from duban.domain.problem import commands as p
from duban.domain.problem.records import Scores
from duban.stack.child import Child
from duban.stack.temporal import DevServer
from duban.store import ledger
from duban.store.pool import VERIFIER, open_pool
from tests.e2e.problems import EvidenceDesk, LiveProblem, hanging, registered, undo
from tests.e2e.site import Site, frozen, kill, trail_held, until

pytestmark = pytest.mark.slow

ADDED = "problem:evidence:added"
CLOSE: dict[str, Any] = {
    "signed_by": "U01-L1",
    "achieved": 0,
    "data_source": "叫号系统",
    "sibling_scope": "全部12个窗口",
    "mechanism": "离岗告警写入考勤办法",
}
PASSED: dict[str, Any] = {
    "passed": True,
    "on_site": True,
    "opinion": "属实",
    "scores": Scores(standard=5, effect=4, speed=5),
}


@pytest_asyncio.fixture(scope="module")
async def site(
    tmp_path_factory: pytest.TempPathFactory, dev_server: DevServer, postgres_dsn: str
) -> AsyncIterator[Site]:
    """Servers of this module's own; the session's only say that their programs are there."""
    place = Site(tmp_path_factory.mktemp("problems"))
    await place.open()
    yield place
    await place.close()


class Shift:
    """Workers one after the other, each until it is killed in the middle of two commits."""

    def __init__(self, site: Site, stack: AsyncExitStack) -> None:
        self.site = site
        self._stack = stack
        self._worker: Child | None = None

    async def begin(self) -> None:
        self._worker = await self._stack.enter_async_context(self.site.working())

    async def dies(self) -> None:
        """Kill the worker over two records: one is committed without it, the other is not.

        At once: a task that is at work for eight seconds tells the server what came, and the
        next worker then finds its own record where it has another to follow now.
        """
        assert self._worker is not None
        await until(self._hangs_twice)
        kill(self._worker)
        await self._worker.wait()
        await undo(self.site, min(await hanging(self.site)))

    async def decides(self, asked: list["Asking"]) -> None:
        """Let it die over two decisions: both are answered, and whoever asks again hears it."""
        async with trail_held(self.site):
            for each in asked:
                await each.begun()
            await self.dies()
        await self.begin()
        for each in asked:
            assert each.answer is not None
            assert await each.problem.send(each.asked) == await each.answer

    async def _hangs_twice(self) -> bool:
        return len(await hanging(self.site)) == 2


class Asking:
    """A command on its way to a problem."""

    def __init__(self, problem: LiveProblem, command: type[Any], by: str, **fields: Any) -> None:
        self.problem = problem
        self.asked: ProblemAsked = problem.asked(command, by, **fields)
        self.answer: asyncio.Task[Receipt] | None = None

    async def begun(self) -> None:
        self.answer = asyncio.create_task(self.problem.send(self.asked))

    async def times(self, tag: str) -> int:
        """How often it said something."""
        return await times(self.problem, self.asked.command.request_id, tag)


@pytest_asyncio.fixture
async def shift(site: Site) -> AsyncIterator[Shift]:
    async with AsyncExitStack() as stack:
        shift = Shift(site, stack)
        await shift.begin()
        yield shift


async def two_problems(site: Site, no: str) -> list[LiveProblem]:
    """Return problems of a new campaign that are in RECTIFYING."""
    campaign = await site.campaign(no)
    await campaign.start()
    await campaign.establish()
    problems = [await registered(campaign) for _ in range(2)]
    for each in problems:
        await each.rectifying()
        await until(each.is_heard_of)
    return problems


async def times(problem: LiveProblem, request_id: str, tag: str) -> int:
    return sum(e.request_id == request_id and e.tag == tag for e in await problem.events())


async def assert_whole(site: Site, problems: list[LiveProblem], *, followed: int) -> None:
    """Ordinals are dense, every entry is right, and the ledger is what the entries tell.

    `followed` times the trail had more than the problems knew of.
    """
    said = [await each.events() for each in problems]
    for events in said:
        assert [each.seq for each in events] == list(range(len(events)))
    tags = [each.tag for events in said for each in events]
    assert tags.count("problem:trail:followed") == followed
    report = await site.checked()
    assert (report.ok, list(report)) == (True, [])
    pool = await open_pool(site.dsn(), role_login=VERIFIER)
    try:
        assert await ledger.differences(pool) == []
    finally:
        await pool.close()


async def test_worker_killed_in_close_request_and_sign_off(site: Site, shift: Shift) -> None:
    problems = await two_problems(site, "CLOSE-1")
    for each in problems:
        await each.proven()
    closing = [Asking(each, p.RequestClose, "U01-H1", **CLOSE) for each in problems]
    await shift.decides(closing)
    for each in problems:
        assert (await each.summary()).state == "close_requested"
        await each.do(p.VerifyProblem, "CG-1", **PASSED)
        await each.do(p.CloseProblem, "CG-2", opinion="同意")
        await until(each.is_heard_of)
    signing = [Asking(each, p.CloseProblem, "OF-1", opinion="同意") for each in problems]
    await shift.decides(signing)

    assert [await each.times("problem:close:requested") for each in closing] == [1, 1]
    assert [await each.times("problem:problem:signed_off") for each in signing] == [1, 1]
    assert [(await each.summary()).state for each in problems] == ["watched", "watched"]
    await assert_whole(site, problems, followed=2)


async def test_worker_and_upload_killed_after_the_command_was_sent(
    site: Site, shift: Shift, tmp_path: Path
) -> None:
    problems = await two_problems(site, "UPLOAD-1")
    desks = [EvidenceDesk(each, tmp_path) for each in problems]
    async with trail_held(site):
        for each in desks:
            await each.begins("upload-again")
        await shift.dies()
    await shift.begin()
    for each in desks:
        await each.killed()

    for desk, problem in zip(desks, problems, strict=True):
        await desk.adds("upload-again")
        assert await desk.counted() == [f"{problem.no}/F01"]
        assert await times(problem, "upload-again", ADDED) == 1
    await assert_whole(site, problems, followed=1)
    assert len(desks[0].stored()) == 1


async def test_an_upload_that_dies_before_its_command_leaves_a_file_that_is_no_evidence(
    site: Site, shift: Shift, tmp_path: Path
) -> None:
    problem, _ = await two_problems(site, "ORPHAN-1")
    desk = EvidenceDesk(problem, tmp_path)
    digest = sha256(desk.file.read_bytes()).hexdigest()
    with frozen(site.temporal.child):
        await desk.begins("upload-orphan")
        await until(desk.has_stored)
        await desk.killed()
        assert desk.stored() == [digest]
        assert await desk.counted() == []

    await desk.adds("upload-orphan")

    assert await desk.counted() == [f"{problem.no}/F01"]
    assert desk.stored() == [digest]
    assert await times(problem, "upload-orphan", ADDED) == 1
    await assert_whole(site, [problem], followed=0)
