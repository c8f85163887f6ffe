"""People who file papers and register problems in campaigns, whatever is killed meanwhile."""

import asyncio
from datetime import date, timedelta
from functools import partial
from typing import Final

from duban.contracts import Receipt, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.problem.registration import Registration
from duban.errors import Unavailable
from tests.e2e.site import LiveCampaign, Site, until
from tests.support.clock import note
from tests.support.problems import a_registration

CAMPAIGNS: Final = 3
CALLERS: Final = 2
"""People per campaign, each of whom waits for an answer before the next paper."""
PAUSE: Final = 0.2
"""Seconds between two papers of one person."""
PROBLEM_EVERY: Final = 4
"""Of so many papers one is a problem that is found, and must then be opened."""
OPENED_WITHIN: Final = 120.0


class Crowd:
    """Everybody who files; `answered` are their receipts by campaign and request."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._stop = asyncio.Event()
        self._callers: list[asyncio.Task[None]] = []
        self.campaigns: list[LiveCampaign] = []
        self._counted = 0
        self.answered: dict[tuple[str, str], Receipt] = {}

    async def begin(self) -> None:
        """Start the campaigns, and have everybody file."""
        for nth in range(CAMPAIGNS):
            self.campaigns.append(await self._site.campaign(f"CHAOS-{nth}"))
        await asyncio.gather(*(self._open(each) for each in self.campaigns))
        callers = [self._file(each) for each in self.campaigns for _ in range(CALLERS)]
        self._callers = [asyncio.create_task(each) for each in callers]

    async def was_answered(self) -> bool:
        """Whether anybody got an answer since `count_anew`."""
        for each in self._callers:
            if each.done():
                each.result()
        return len(self.answered) > self._counted

    def count_anew(self) -> None:
        """Count answers from here on."""
        self._counted = len(self.answered)

    async def finish(self) -> None:
        """Return when everybody has the answer to the last paper."""
        self._stop.set()
        await asyncio.gather(*self._callers)
        for each in self.problems():
            await until(partial(self._site.events, problem_stream(each)), OPENED_WITHIN)

    def problems(self) -> list[str]:
        """Return the numbers of the problems whose registration was answered."""
        receipts = self.answered.values()
        return [each.object_id for each in receipts if each.object_type == "docket"]

    async def _open(self, campaign: LiveCampaign) -> None:
        await campaign.start()
        await campaign.establish()

    async def _file(self, campaign: LiveCampaign) -> None:
        while not self._stop.is_set():
            number = len(self.answered)
            command = campaign.command(c.FileDocument, "OF-1", **note(number))
            if number % PROBLEM_EVERY == 0:
                command = campaign.command(c.RegisterProblem, "SU-1", registration=_found())
            self.answered[campaign.no, command.request_id] = await _insist(campaign, command)
            await asyncio.sleep(PAUSE)


def _found() -> Registration:
    on = date.today() - timedelta(days=1)  # noqa: DTZ011 - a day ago in every zone
    return a_registration(unit="U01", found_on=on.isoformat())


async def _insist(campaign: LiveCampaign, command: c.AnyCommand) -> Receipt:
    """Ask with one request id until there is an answer."""
    while True:
        try:
            return await campaign.gateway.execute(campaign.no, command)
        except Unavailable:
            await asyncio.sleep(PAUSE)
