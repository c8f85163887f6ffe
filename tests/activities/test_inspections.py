"""Inspections are opened once and told by their numbers, a few at a time, with a sign of life."""

from datetime import timedelta

from temporalio.testing import ActivityEnvironment

from activities.inspections import InspectionActivities
from activities.problems import AT_ONCE
from duban.contracts import inspection_stream, noun_of, number_of
from duban.domain.campaign.inspection_calls import to_open
from duban.domain.inspection.creation import InspectionStart
from duban.domain.inspection.news import InspectionNews
from duban.domain.roles import SYSTEM
from duban.inspection_contracts import InspectionsToTell
from tests.support import checks


class FakeDoor:
    """Notes what was asked of the server."""

    def __init__(self) -> None:
        self.opened: list[InspectionStart] = []
        self.told: list[str] = []

    async def open_inspection(self, start: InspectionStart) -> None:
        self.opened.append(start)

    async def tell_inspection(self, no: str, _: InspectionNews) -> None:
        self.told.append(no)


async def test_inspections_are_told_by_their_numbers() -> None:
    door, environment, beats = FakeDoor(), ActivityEnvironment(), list[object]()
    environment.on_heartbeat = beats.append
    numbers = tuple(f"BE-2019-I{serial:04d}" for serial in range(1, AT_ONCE + 3))
    asked = InspectionsToTell(numbers=numbers, news=InspectionNews(actor=SYSTEM))

    await environment.run(InspectionActivities(door).tell_inspections, asked)

    assert sorted(door.told) == sorted(numbers)
    assert beats == [0, AT_ONCE]


async def test_an_inspection_is_opened_as_its_campaign_says() -> None:
    door, desk = FakeDoor(), checks.a_desk()
    checks.order(desk)
    start = to_open(desk.campaign.state, checks.ONE, timedelta(0))
    assert start is not None

    await ActivityEnvironment().run(InspectionActivities(door).open_inspection, start)

    assert [each.no for each in door.opened] == [checks.ONE]


def test_an_inspection_s_stream_says_what_it_is_of() -> None:
    stream = inspection_stream("BE-2019-I0042")

    assert stream == "campaign-BE-2019/inspection-0042"
    assert (noun_of(stream), number_of(stream)) == ("inspection", "BE-2019-I0042")
