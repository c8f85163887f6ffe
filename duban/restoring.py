"""Goes on with a campaign and all below it whose workflows are lost, from the trail alone (l.1)."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, NamedTuple, Protocol

from duban.contracts import (
    ClueInput,
    ProblemInput,
    campaign_stream,
    clue_stream,
    inspection_stream,
    problem_stream,
)
from duban.domain.campaign.campaign import Campaign
from duban.domain.campaign.members import Household
from duban.domain.campaign.state import CampaignState
from duban.domain.events import Event
from duban.domain.problem.news import CampaignNews
from duban.errors import AlreadyExists, NotFound
from duban.inspection_contracts import InspectionInput, MemberInput

AT_ONCE: Final = 16
"""Members restored at a time: each is a stream to read and a workflow to start."""

Events = Callable[[str], Awaitable[Sequence[Event]]]
"""Returns the events of a stream, all of them recorded, in their order."""
Progress = Callable[[int, int], None]
"""Hears how many members are done, and of how many."""


class Restores(Protocol):
    """What this needs of a gateway."""

    async def restore(self, state: CampaignState, *, clock_offset: timedelta) -> None:
        """Go on with a campaign; raise `AlreadyExists` where it is there."""

    async def resume(self, given: MemberInput, missed: Sequence[CampaignNews]) -> bool:
        """Go on with a member; False where it is there."""


@dataclass(frozen=True)
class Restored:
    """What was gone and goes on now: the campaign itself, and how many of its members."""

    campaign: bool
    problems: int
    clues: int
    inspections: int


class _Kind(NamedTuple):
    stream: Callable[[str], str]
    rebuilt: Callable[[Household, Sequence[Event]], Any]
    given: Callable[..., MemberInput]


_KINDS: Final[Mapping[str, _Kind]] = {
    "docket": _Kind(problem_stream, Household.problem, ProblemInput),
    "clue_line": _Kind(clue_stream, Household.clue, ClueInput),
    "inspection_line": _Kind(inspection_stream, Household.inspection, InspectionInput),
}
"""By the campaign's table of them: where a member speaks, and what it is gone on with."""


async def restore(
    no: str,
    events: Events,
    gateway: Restores,
    *,
    clock_offset: timedelta = timedelta(0),
    on_progress: Progress = lambda _, __: None,
) -> Restored:
    """Go on with a campaign and its members from where their trails lead.

    What is there is left alone, and so is what is over. A member that was numbered and has not
    spoken yet is opened by its campaign; each that was gone tells its campaign how it stands.
    Carried out twice, or broken off and begun again, it comes to the same.

    Raises:
        NotFound: there is no such campaign on the trail.
        Unavailable: Temporal or PostgreSQL does not answer.
    """
    history = await events(campaign_stream(no))
    if not history:
        raise NotFound("campaign.not_found", no=no)
    restoring = _Restoring(Household.of(history), events, gateway, clock_offset)
    was_gone = await restoring.campaign()
    gone = await restoring.every_member(on_progress)
    return Restored(was_gone, *(gone[kind] for kind in _KINDS))


class _Restoring:
    """One campaign and its members, some at a time."""

    def __init__(
        self, household: Household, events: Events, gateway: Restores, offset: timedelta
    ) -> None:
        self._household, self._offset = household, offset
        self._events, self._gateway = events, gateway
        self._door = asyncio.Semaphore(AT_ONCE)

    async def campaign(self) -> bool:
        """Go on with the campaign itself; return whether it was gone."""
        state = self._household.campaign
        if Campaign(state).is_over:
            return False
        try:
            await self._gateway.restore(state, clock_offset=self._offset)
        except AlreadyExists:
            return False
        return True

    async def every_member(self, on_progress: Progress) -> Counter[str]:
        """Go on with every member; return how many of a kind were gone."""
        tasks = [asyncio.create_task(self._member(*each)) for each in self._members()]
        gone = Counter[str]()
        try:
            for done, each in enumerate(asyncio.as_completed(tasks), start=1):
                gone[await each or ""] += 1
                on_progress(done, len(tasks))
        finally:
            # Where one fails, none of the others goes on behind the caller's back.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return gone

    def _members(self) -> Iterator[tuple[str, str]]:
        """Yield the members that may have something to do, by table and number."""
        for kind in _KINDS:
            for no, line in self._household.campaign.table(kind).items():
                if not getattr(line, "is_over", False):
                    yield kind, no

    async def _member(self, kind: str, no: str) -> str | None:
        """Go on with a member; return its kind where it was gone."""
        async with self._door:
            said = await self._events(_KINDS[kind].stream(no))
            given = self._given(kind, said) if said else None
            is_gone = given is not None and await self._gateway.resume(*given)
        return kind if is_gone else None

    def _given(
        self, kind: str, said: Sequence[Event]
    ) -> tuple[MemberInput, list[CampaignNews]] | None:
        """Return what a member goes on with and has not heard; None where it is over, as known."""
        state = _KINDS[kind].rebuilt(self._household, said)
        [record] = state.table(next(iter(state.MODELS))).values()
        if record.is_over and self._household.knows(record.no, said):
            return None
        given = _KINDS[kind].given(state=state, clock_offset=self._offset)
        return given, self._household.missed(record)
