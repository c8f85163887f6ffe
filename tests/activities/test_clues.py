"""Clues are opened once and all of them are told, a few at a time, with a sign of life."""

from datetime import timedelta

from temporalio.testing import ActivityEnvironment

from activities.clues import ClueActivities
from activities.problems import AT_ONCE
from duban.contracts import CluesToTell, clue_stream, noun_of, number_of
from duban.domain.campaign import commands as c
from duban.domain.campaign.clues import to_open
from duban.domain.clue.creation import ClueStart
from duban.domain.problem.news import CampaignNews
from tests.support.builders import Desk, an_actor
from tests.support.clues import NO, a_report


class FakeDoor:
    """Notes what was asked of the server."""

    def __init__(self) -> None:
        self.opened: list[ClueStart] = []
        self.told: list[str] = []

    async def open_clue(self, start: ClueStart) -> None:
        self.opened.append(start)

    async def tell_clue(self, no: str, _: CampaignNews) -> None:
        self.told.append(no)


async def test_every_clue_of_a_campaign_is_told_by_its_number() -> None:
    door, environment, beats = FakeDoor(), ActivityEnvironment(), list[object]()
    environment.on_heartbeat = beats.append
    news = CampaignNews(kind="calendar", seq=7, actor=an_actor("LG-1"))
    asked = CluesToTell(campaign="BE-2019", clues=AT_ONCE + 2, news=news)

    await environment.run(ClueActivities(door).tell_clues, asked)

    assert sorted(door.told) == [f"BE-2019-C{serial:04d}" for serial in range(1, AT_ONCE + 3)]
    assert beats == [0, AT_ONCE]


async def test_a_clue_is_opened_as_its_campaign_says() -> None:
    door, desk = FakeDoor(), Desk()
    desk.do(c.ReportClue, "SU-1", report=a_report(known_on="2019-03-04"))
    start = to_open(desk.campaign.state, NO, timedelta(0))
    assert start is not None

    await ActivityEnvironment().run(ClueActivities(door).open_clue, start)

    assert [each.no for each in door.opened] == [NO]


def test_a_clue_s_stream_says_what_it_is_of() -> None:
    stream = clue_stream("BE-2019-C0042")

    assert stream == "campaign-BE-2019/clue-0042"
    assert (noun_of(stream), number_of(stream)) == ("clue", "BE-2019-C0042")
    assert noun_of("campaign-BE/problem-clue") == "problem"
