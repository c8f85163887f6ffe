"""A list of hotline tickets taken over by the command line, killed in the middle, and again."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from duban.contracts import MemberSummary, campaign_stream
from duban.gateway import CampaignGateway
from duban.stack.child import Child, Recipe
from duban.stack.home import Addresses, announce
from duban.stack.temporal import DevServer
from duban.store.pool import WORKER
from tests.e2e.problems import DUBAN
from tests.e2e.site import KEY, QUEUE, LiveCampaign, Site, kill, until

pytestmark = pytest.mark.slow

TICKETS = 60
HEAD = "工单编号,受理时间,工单类型,诉求内容,承办单位,来电人,联系电话"


@pytest_asyncio.fixture(scope="module")
async def site(
    tmp_path_factory: pytest.TempPathFactory, dev_server: DevServer, postgres_dsn: str
) -> AsyncIterator[Site]:
    """Servers of this module's own; the session's only say that their programs are there."""
    place = Site(tmp_path_factory.mktemp("tickets"))
    await place.open()
    yield place
    await place.close()


def _home(site: Site, folder: Path) -> Path:
    """Return a home in which the site's servers are announced as `duban up` does."""
    for name in ("run", "secrets"):
        (folder / name).mkdir()
    (folder / "secrets" / "trail.key").write_text(KEY.hex())
    announce(folder, Addresses(site.dsn(WORKER), site.temporal.address, "default"))
    return folder


class Clerk:
    """`duban ticket import` of one file into one campaign, in processes of its own."""

    def __init__(self, campaign: LiveCampaign, folder: Path) -> None:
        self.campaign = campaign
        self._folder = folder
        self._calls = 0
        self._env = {
            **campaign.site.worker().env,
            "DUBAN_HOME": str(_home(campaign.site, folder)),
            "DUBAN_LANG": "en",
            "DUBAN_ACTOR": "OF-1",
        }
        # Each door then has a login of its own, which one address could not name.
        del self._env["DATABASE_URL"]
        self._file = folder / "tickets.csv"
        rows = [f"T-{n},2019-03-01 09:12,投诉,{n}号窗口无人,U01,李四,139" for n in range(TICKETS)]
        self._file.write_text("\n".join([HEAD, *rows]), encoding="utf-8")

    async def begins(self) -> Child:
        """Begin to take the list over."""
        self._calls += 1
        words = ("ticket", "import", self.campaign.no, str(self._file), "-o", "json")
        log = self._folder / f"import-{self._calls}.log"
        return await Child.start(Recipe("duban", [DUBAN, *words], log, self._env))

    async def imports(self) -> dict[str, Any]:
        """Take the list over, and return what is said about it."""
        child = await self.begins()
        assert await child.wait() == 0, child.recipe.log.read_text()
        said = child.recipe.log.read_text()
        told: dict[str, Any] = json.loads(said[said.index("{") : said.rindex("}") + 1])
        return told

    async def registered(self) -> Counter[str]:
        """Return how often each ticket became a problem, by the trail of the campaign."""
        events = await self.campaign.events()
        tags = [each for each in events if each.tag == "campaign:problem:registered"]
        return Counter(str(each.basis_doc) for each in tags)


async def test_an_import_that_was_killed_registers_each_ticket_once_when_it_is_done_again(
    site: Site, tmp_path: Path
) -> None:
    async with site.working():
        clerk = Clerk(await site.campaign("TICKETS"), tmp_path)
        await clerk.campaign.start()
        await clerk.campaign.establish()
        first = await clerk.begins()
        await until(clerk.registered)
        kill(first)
        await first.wait()
        again, once_more = await clerk.imports(), await clerk.imports()

        assert await clerk.registered() == {f"T-{n}": 1 for n in range(TICKETS)}
        assert (again["known"] + again["new"], once_more["new"]) == (TICKETS, 0)
        assert {each.state for each in await problems(clerk.campaign)} == {"registered"}
        assert (await site.checked()).ok


async def problems(campaign: LiveCampaign) -> list[MemberSummary]:
    """Return how every problem of the campaign stands, from its own workflow."""
    gateway = CampaignGateway(await campaign.site.client(), QUEUE)

    async def opened() -> bool:
        streams = [f"{campaign_stream(campaign.no)}/problem-{n:04d}" for n in range(1, TICKETS + 1)]
        return all(await asyncio.gather(*map(campaign.site.events, streams)))

    await until(opened)
    numbers = [f"{campaign.no}-{n:04d}" for n in range(1, TICKETS + 1)]
    return list(await asyncio.gather(*map(gateway.problem_summary, numbers)))
