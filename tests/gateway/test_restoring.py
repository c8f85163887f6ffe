"""What of a campaign is restored: whatever may have something to do, and no more (l.1)."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from duban.contracts import campaign_stream, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.campaign.state import CampaignState
from duban.domain.events import Event
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.standing import standing
from duban.errors import Unavailable
from duban.inspection_contracts import MemberInput
from duban.restoring import Restored, Restores, restore
from tests.support.builders import Desk, shanghai
from tests.support.clock import NO
from tests.support.problems import NO as PROBLEM
from tests.support.problems import ProblemDesk, a_registration

SECOND = f"{NO}-0002"


class FakeGateway(Restores):
    """Keeps what it was given; a `broken` one takes the first member and no other."""

    def __init__(self, *, is_broken: bool = False) -> None:
        self.members: list[tuple[MemberInput, list[CampaignNews]]] = []
        self.broken = is_broken
        self.cancelled = 0

    async def restore(self, state: CampaignState, *, clock_offset: timedelta) -> None:
        """Take the campaign."""

    async def resume(self, given: MemberInput, missed: Sequence[CampaignNews]) -> bool:
        """Take a member."""
        self.members.append((given, list(missed)))
        if self.broken and len(self.members) == 1:
            raise Unavailable("temporal.unreachable", address="-")
        if self.broken:
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                self.cancelled += 1
                raise
        return True


def a_campaign(problems: int = 1) -> Desk:
    desk = Desk().implementing()
    desk.now = max(desk.now, shanghai("2019-04-24", "09:30"))
    for _ in range(problems):
        desk.do(c.RegisterProblem, "SU-1", registration=a_registration())
    return desk


def disposed_of() -> ProblemDesk:
    """Return a problem that its terminated campaign has filed."""
    desk = ProblemDesk().rectifying()
    desk.hear("terminated", basis_doc="纪要9号")
    desk.hear("archived", seq=101)
    assert desk.problem.is_over
    return desk


async def restored(
    gateway: FakeGateway, campaign: Desk, problems: dict[str, ProblemDesk]
) -> tuple[Restored, list[tuple[int, int]]]:
    said = {problem_stream(no): each.events for no, each in problems.items()}
    said[campaign_stream(NO)] = campaign.events
    told: list[tuple[int, int]] = []

    async def events(stream: str) -> Sequence[Event]:
        return said.get(stream, [])

    found = await restore(NO, events, gateway, on_progress=lambda *each: told.append(each))
    return found, told


async def test_l1_what_is_over_and_not_known_to_be_begins_to_tell_it() -> None:
    gateway = FakeGateway()
    found, _ = await restored(gateway, a_campaign(), {PROBLEM: disposed_of()})

    [(given, missed)] = gateway.members
    assert (found.problems, missed, given.told) == (1, [], False)


async def test_l1_what_is_over_as_its_campaign_knows_is_left_alone() -> None:
    campaign, problem, gateway = a_campaign(), disposed_of(), FakeGateway()
    campaign.campaign.hear(standing(problem.problem.state), now=campaign.now)

    found, told = await restored(gateway, campaign, {PROBLEM: problem})

    assert (found, gateway.members) == (Restored(True, 0, 0, 0), [])
    assert told == [(1, 1)]


async def test_l1_what_never_spoke_is_left_to_its_campaign() -> None:
    gateway = FakeGateway()
    found, told = await restored(gateway, a_campaign(2), {PROBLEM: ProblemDesk().rectifying()})

    assert found.problems == len(gateway.members) == 1
    assert told == [(1, 2), (2, 2)]


async def test_where_one_fails_none_of_the_others_goes_on_alone() -> None:
    gateway, problem = FakeGateway(is_broken=True), ProblemDesk().rectifying()
    with pytest.raises(Unavailable):
        await restored(gateway, a_campaign(2), {PROBLEM: problem, SECOND: disposed_of()})

    assert gateway.cancelled == len(gateway.members) - 1
