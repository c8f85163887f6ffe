"""What a campaign does about its entities outside: opens them, and tells them news.

Nothing waits for it. What is under way goes on beside the decisions, a few problems at a time; what
was done is not done again, and what is done twice changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from activities.clues import ClueActivities
    from activities.inspections import InspectionActivities
    from activities.problems import ProblemActivities
    from duban.contracts import CluesToTell, ToTell
    from duban.domain.campaign import clues
    from duban.domain.campaign import inspection_calls as calls
    from duban.domain.campaign.campaign import Campaign
    from duban.domain.campaign.docket import REGISTERED, news_of, to_open
    from duban.domain.events import Event
    from duban.domain.inspection.news import InspectionNews
    from duban.domain.problem.news import CampaignNews
    from duban.inspection_contracts import (
        InspectionsToTell,
    )
    from workflows import policies

AT_ONCE = 10
"""Problems, or inspections, that are opened at once. One by one, two thousand took minutes."""

PATCH = "opened-together-2026-11"
"""Runs begun before open their problems one at a time."""

INSPECTIONS_PATCH = "inspections-together-2026-11"
"""Runs begun before open their inspections, and tell them of a draw, one at a time."""


class Docket:
    """The entities still to be opened, and the news they have not been told."""

    def __init__(
        self,
        campaign: Campaign,
        offset: timedelta,
        untold: Sequence[CampaignNews],
        pauses: Callable[[], bool],
    ) -> None:
        self._campaign = campaign
        self._pauses = pauses
        self._offset = offset
        self._unopened = [no for no, each in campaign.state.docket.items() if each.registration]
        lines = campaign.state.clue_line.values()
        self._unopened_clues = [each.no for each in lines if each.heard < 0]
        self._unopened_inspections = list(calls.unopened(campaign.state))
        self._drawn = calls.untold(campaign.state)
        self._untold = list(untold)
        self._working: asyncio.Task[None] | None = None

    @property
    def untold(self) -> tuple[CampaignNews, ...]:
        """The news that the entities do not know yet."""
        return tuple(self._untold)

    @property
    def owes(self) -> bool:
        """Whether entities are to be opened or told something."""
        unopened = self._unopened or self._unopened_clues or self._unopened_inspections
        return bool(unopened or self._drawn or self._untold)

    @property
    def is_at_work(self) -> bool:
        """Whether an activity is under way."""
        return self._working is not None

    def note(self, events: Sequence[Event]) -> None:
        """Take note of what is on the trail now: what is new, and what all must know."""
        state = self._campaign.state
        self._unopened += [each.object_id for each in events if each.tag == REGISTERED]
        self._unopened_clues += [e.object_id for e in events if e.tag == clues.REPORTED]
        self._unopened_inspections += calls.ordered(events)
        self._drawn += calls.touched(state, events)
        news = [news_of(state, each) for each in events]
        record = self._campaign.record
        if record.problems_registered or record.clues_reported or record.inspections_ordered:
            self._untold += [each for each in news if each is not None]

    def carry_out(self) -> None:
        """Have it done what is to be done, unless that is under way; wait for nothing.

        Nothing more is begun where it `pauses`, for the next run to do.
        """
        if self._working is None and self.owes and not self._pauses():
            self._working = asyncio.create_task(self._work())

    async def finish(self) -> None:
        """Wait until nothing is to be done any more: the campaign ends."""
        self.carry_out()
        await workflow.wait_condition(lambda: self._working is None)

    async def _work(self) -> None:
        # A refusal of an activity that no retry mends fails the run and is seen; see policies.
        while self.owes and not self._pauses():
            if self._unopened:
                some = self._some()
                await asyncio.gather(*(self._open(each) for each in some))
                del self._unopened[: len(some)]
            elif self._unopened_clues:
                await self._open_clue(self._unopened_clues[0])
                self._unopened_clues.pop(0)
            elif self._unopened_inspections:
                await self._together(self._open_inspection, self._unopened_inspections)
            elif self._drawn:
                await self._together(self._tell_draw, self._drawn)
            else:
                await self._tell(self._untold[0])
                self._untold.pop(0)
        self._working = None

    def _some(self) -> list[str]:
        """Return the problems that are opened next."""
        many = len(self._unopened) > 1 and workflow.patched(PATCH)
        return self._unopened[: AT_ONCE if many else 1]

    async def _together(self, act: Callable[[str], Awaitable[None]], due: list[str]) -> None:
        """Do the same about the next inspections, and strike them off."""
        many = len(due) > 1 and workflow.patched(INSPECTIONS_PATCH)
        some = due[: AT_ONCE if many else 1]
        await asyncio.gather(*(act(each) for each in some))
        del due[: len(some)]

    async def _open(self, no: str) -> None:
        start = to_open(self._campaign.state, no, self._offset)
        if start is not None:
            await workflow.execute_activity_method(
                ProblemActivities.open_problem,
                start,
                **policies.STEADY,
            )

    async def _open_clue(self, no: str) -> None:
        start = clues.to_open(self._campaign.state, no, self._offset)
        if start is not None:
            await workflow.execute_activity_method(
                ClueActivities.open_clue,
                start,
                **policies.STEADY,
            )

    async def _open_inspection(self, no: str) -> None:
        start = calls.to_open(self._campaign.state, no, self._offset)
        if start is not None:
            await workflow.execute_activity_method(
                InspectionActivities.open_inspection,
                start,
                **policies.STEADY,
            )

    async def _tell_draw(self, no: str) -> None:
        news = calls.news_of_draw(self._campaign.state, no)
        if news is not None:
            await self._tell_inspections((no,), news)

    async def _tell_inspections(self, numbers: tuple[str, ...], news: InspectionNews) -> None:
        await workflow.execute_activity_method(
            InspectionActivities.tell_inspections,
            InspectionsToTell(numbers=numbers, news=news),
            **policies.TELLING,
        )

    async def _tell(self, news: CampaignNews) -> None:
        record = self._campaign.record
        if record.problems_registered:
            await workflow.execute_activity_method(
                ProblemActivities.tell_problems,
                ToTell(campaign=record.no, problems=record.problems_registered, news=news),
                **policies.TELLING,
            )
        if record.clues_reported:
            await workflow.execute_activity_method(
                ClueActivities.tell_clues,
                CluesToTell(campaign=record.no, clues=record.clues_reported, news=news),
                **policies.TELLING,
            )
        if open_ones := tuple(self._campaign.state.inspection_line):
            told = InspectionNews(actor=news.actor, campaign=news)
            await self._tell_inspections(open_ones, told)
