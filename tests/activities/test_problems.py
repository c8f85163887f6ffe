"""Problems are opened once and all of them are told, a few at a time, with a sign of life."""

from temporalio.testing import ActivityEnvironment

from activities.problems import AT_ONCE, ProblemActivities
from duban.contracts import ToTell, noun_of, number_of, problem_stream
from duban.domain.problem.creation import ProblemStart
from duban.domain.problem.news import CampaignNews
from tests.support.builders import an_actor


class FakeDoor:
    """Notes what was asked of the server."""

    def __init__(self) -> None:
        self.opened: list[ProblemStart] = []
        self.told: list[str] = []

    async def open_problem(self, start: ProblemStart) -> None:
        self.opened.append(start)

    async def tell_problem(self, no: str, _: CampaignNews) -> None:
        self.told.append(no)


async def test_every_problem_of_a_campaign_is_told_by_its_number() -> None:
    door, environment, beats = FakeDoor(), ActivityEnvironment(), list[object]()
    environment.on_heartbeat = beats.append
    news = CampaignNews(kind="suspended", seq=7, actor=an_actor("LG-1"))
    asked = ToTell(campaign="BE-2019", problems=AT_ONCE + 2, news=news)

    await environment.run(ProblemActivities(door).tell_problems, asked)

    assert sorted(door.told) == [f"BE-2019-{serial:04d}" for serial in range(1, AT_ONCE + 3)]
    assert beats == [0, AT_ONCE]


def test_a_problem_s_stream_says_what_it_is_of() -> None:
    stream = problem_stream("BE-2019-0042")

    assert stream == "campaign-BE-2019/problem-0042"
    assert (noun_of(stream), number_of(stream)) == ("problem", "BE-2019-0042")
    assert (noun_of("campaign-BE-2019"), number_of("campaign-BE-2019")) == ("campaign", "BE-2019")
