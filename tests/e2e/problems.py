"""A problem on the live record, evidence filed by the command line, and what is stored of it."""

import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import asyncpg

from duban.contracts import MemberSummary, ProblemAsked, Receipt, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.entity.command import Command
from duban.domain.events import Event
from duban.domain.problem import commands as p
from duban.domain.problem.state import Register
from duban.stack.child import Child, Recipe
from duban.store.pool import READER, WORKER
from tests.e2e.site import LiveCampaign, Site, kill, until
from tests.support.builders import people
from tests.support.problems import a_registration

DUBAN = str(Path(sys.executable).with_name("duban"))
PEOPLE = Register(people=people())
_HANGING = "SELECT pid FROM pg_stat_activity WHERE usename = $1 AND wait_event_type = 'Lock'"


class LiveProblem:
    """A problem found at U01, to be put right at once; it is confidential, so nothing is posted."""

    def __init__(self, campaign: LiveCampaign, no: str) -> None:
        self.no = no
        self.campaign = campaign

    def asked(self, command: type[Command], by: str, **fields: Any) -> ProblemAsked:
        """Return a command with a fresh request id, as it is sent."""
        made = self.campaign.command(command, by, **fields)
        return ProblemAsked(command=made, given=PEOPLE)  # type: ignore[arg-type]

    async def send(self, asked: ProblemAsked) -> Receipt:
        """Have a command carried out."""
        return await self.campaign.gateway.execute_problem(self.no, asked)

    async def do(self, command: type[Command], by: str, **fields: Any) -> Receipt:
        """Make a command and have it carried out."""
        return await self.send(self.asked(command, by, **fields))

    async def events(self) -> list[Event]:
        """What it has on the trail."""
        return await self.campaign.site.events(problem_stream(self.no))

    async def summary(self) -> MemberSummary:
        """Where it stands, from its workflow."""
        return await self.campaign.gateway.problem_summary(self.no)

    async def is_heard_of(self) -> bool:
        """Whether its campaign has put on the trail where it stands, so that both are silent."""
        said = [each for event in await self.campaign.events() for each in event.changes]
        noted = [each.after for each in said if (each.kind, each.id) == ("docket", self.no)]
        known = [each["state"] for each in noted if "state" in each]
        return known[-1:] == [(await self.summary()).state]

    async def rectifying(self) -> None:
        """Bring it to RECTIFYING."""
        judged = {"problem_type": "slow_action", "rectify_class": "immediate"}
        await self.do(p.TriageProblem, "OF-1", **judged, target="值守", access_level="confidential")
        named = {"unit": "U01", "principal_leader": "U01-L1", "handler": "U01-H1"}
        await self.do(p.AssignProblem, "OF-1", **named, basis_doc="交办单1号")
        await self.do(p.AcceptProblem, "U01-L1")

    async def proven(self) -> None:
        """Put as much evidence on it as a close request needs."""
        for number, kind in enumerate(("outcome", "process")):
            file = {"digest": f"{number:064x}", "size": 9, "media_type": "text/plain"}
            await self.do(p.AddEvidence, "U01-H1", kind=kind, title="日志", source="叫号", **file)


async def registered(campaign: LiveCampaign) -> LiveProblem:
    """Register a problem and wait until it is opened."""
    found_on = date.today() - timedelta(days=1)  # noqa: DTZ011 - a day ago in every zone
    said = a_registration(unit="U01", found_on=found_on.isoformat())
    receipt = await campaign.do(c.RegisterProblem, "SU-1", registration=said)
    problem = LiveProblem(campaign, receipt.object_id)
    await until(problem.events)
    return problem


class EvidenceDesk:
    """`duban evidence` for one problem, in processes of its own; a folder has one storage."""

    def __init__(self, problem: LiveProblem, folder: Path) -> None:
        self._problem = problem
        self._env = {
            **problem.campaign.site.worker().env,
            "DATABASE_URL": problem.campaign.site.dsn(READER),
            "DUBAN_EVIDENCE_URL": str(folder / "stored"),
            "DUBAN_LANG": "en",
            "DUBAN_ACTOR": "U01-H1",
        }
        self._folder = folder
        self._calls = 0
        self._upload: Child | None = None
        self.file = folder / "log.txt"
        self.file.write_text("窗口3 离岗 0 分钟\n")

    async def begins(self, request_id: str) -> None:
        """Begin to put the file on the problem."""
        words = ("--kind", "outcome", "--title", "日志", "--source", "叫号")
        about = (self._problem.no, str(self.file), *words, "--request-id", request_id)
        self._upload = await self._begun("evidence", "add", *about)

    async def killed(self) -> None:
        """Kill what was begun."""
        assert self._upload is not None
        kill(self._upload)
        await self._upload.wait()

    async def adds(self, request_id: str) -> None:
        """Put the file on the problem."""
        await self.begins(request_id)
        assert self._upload is not None
        assert await self._upload.wait() == 0, self._upload.recipe.log.read_text()

    async def counted(self) -> list[str]:
        """Return what `evidence list` and `evidence verify` count, which must be the same."""
        listed, verified = await self._told("list"), await self._told("verify")
        assert [each["id"] for each in listed] == [each["id"] for each in verified]
        assert {each["standing"] for each in verified} <= {"right"}
        return [str(each["id"]) for each in listed]

    def stored(self) -> list[str]:
        """Return the names of all files in the storage."""
        return [each.name for each in (self._folder / "stored").rglob("*") if each.is_file()]

    async def has_stored(self) -> bool:
        """Whether the file is in the storage, whole."""
        return any(not each.startswith(".") for each in self.stored())

    async def _told(self, verb: str) -> list[dict[str, Any]]:
        child = await self._begun("evidence", verb, self._problem.no, "-o", "json")
        assert await child.wait() == 0, child.recipe.log.read_text()
        rows: list[dict[str, Any]] = json.loads(child.recipe.log.read_text())
        return rows

    async def _begun(self, *words: str) -> Child:
        self._calls += 1
        log = self._folder / f"{self._problem.no}-{self._calls}.log"
        return await Child.start(Recipe("duban", [DUBAN, *words], log, self._env))


async def hanging(site: Site) -> set[int]:
    """Return the sessions of the worker that wait in the database for a lock."""
    asker = await asyncpg.connect(site.dsn())
    try:
        return {row["pid"] for row in await asker.fetch(_HANGING, WORKER)}
    finally:
        await asker.close()


async def undo(site: Site, session: int) -> None:
    """End a session of the database, so that nothing of its transaction is committed."""
    asker = await asyncpg.connect(site.dsn())
    try:
        assert await asker.fetchval("SELECT pg_terminate_backend($1, 5000)", session)
    finally:
        await asker.close()
