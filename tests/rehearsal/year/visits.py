"""The way of every inspection from the morning its team sets out until it is over."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from duban.domain.calendars import Calendar
from duban.domain.counting import local_date
from tests.rehearsal.year.desk import Desk

_PHOTO: Final = "1f" * 32
_REVIEW_DAYS: Final = 30
_EXEMPLARS: Final = 10
"""Of so many inspections one finds something worth following."""


@dataclass
class Team:
    """A team on its way: `inspectors`, `unit` and `site` are known from the release on."""

    no: str
    leader: str
    inspectors: tuple[str, ...] = ()
    unit: str = ""
    draw: str | None = None
    is_lost: bool = False


class Visits:
    """The teams of a campaign: those still expected to go, on site, waiting for reviews."""

    def __init__(self, desk: Desk, calendar: Calendar) -> None:
        self._desk, self._calendar = desk, calendar
        self._expected: defaultdict[date, list[Team]] = defaultdict(list)
        self._there: list[Team] = []
        self._lost: list[Team] = []
        self._fed_back: defaultdict[date, list[Team]] = defaultdict(list)
        self._unmade: dict[str, set[str]] = {}

    @property
    def is_empty(self) -> bool:
        """Whether no inspection is open and no draw unrevealed."""
        return not (self._expected or self._there or self._lost or self._fed_back or self._unmade)

    def expect(self, day: date, teams: Iterable[Team]) -> None:
        """Expect teams to set out on a day."""
        for each in teams:
            self._expected[day].append(each)
            if each.draw is not None:
                self._unmade.setdefault(each.draw, set()).add(each.no)

    async def set_out(self, day: date) -> None:
        """The leaders of drawn targets are told theirs, some never ask."""
        teams = self._expected.pop(day, [])
        self._lost += [each for each in teams if each.is_lost]
        self._there = [each for each in teams if not each.is_lost]
        drawn = [each for each in self._there if each.draw is not None]
        await asyncio.gather(*(self._told(each) for each in drawn))
        if drawn:
            await self._desk.reached([each.no for each in drawn], "released")

    async def _told(self, team: Team) -> None:
        target = await self._desk.released(team.no, team.leader)
        team.inspectors, team.unit = target.inspectors, target.unit

    async def visit(self, day: date) -> int:
        """They arrive, write down, sign, hear the unit, draft."""
        teams = self._there
        if not teams:
            return 0
        desk = self._desk
        await asyncio.gather(*(self._arrived(each) for each in teams))
        await desk.reached([each.no for each in teams], "on_site")
        now = await desk.now()
        await asyncio.gather(*(self._recorded(each, now) for each in teams))
        await desk.heard([each.no for each in teams])
        return len(teams)

    async def _arrived(self, team: Team) -> None:
        await self._desk.about(
            team.no,
            "check_in",
            team.leader,
            at=await self._desk.now(),
            place=f"{team.unit}窗口",
            photo=_PHOTO,
            first_location="window",
        )

    async def _recorded(self, team: Team, at: datetime) -> None:
        no, leader, day = team.no, team.leader, local_date(at)
        fact = {"at": at, "place": "综合窗口", "post": "窗口工作人员", "what": "材料清单一次给全"}
        about = self._desk.about
        await about(no, "record_item", leader, fact=fact)
        for each in team.inspectors:
            await about(no, "sign_record", each)
        opinion = {"words": "情况属实", "said_by": "窗口负责人", "left_on": day}
        await about(no, "take_opinion", leader, **opinion)
        item = f"{no}/R01"
        found = {"upheld": [{"kind": "exemplar", "title": "一次性告知", "items": [item]}]}
        nothing = {"left_out": [{"item": item, "reason": "情况正常"}]}
        draft = found if _is_exemplary(team) else nothing
        await about(no, "draft_conclusion", leader, summary="制度落实", **draft)

    async def conclude(self, day: date) -> None:
        """Issued, fed back; draws revealed; what has lapsed is closed."""
        teams, self._there = self._there, []
        await asyncio.gather(*(self._issued(each, day) for each in teams))
        if teams:
            self._fed_back[day] = teams
            await self._desk.heard([each.no for each in teams])
        self._made(teams)
        await self._look_for_lost()
        await self._reveal()
        await self._close(day)

    async def _issued(self, team: Team, day: date) -> None:
        no, about = team.no, self._desk.about
        await about(no, "issue_conclusion", "SU-1", doc_no=f"督查结论{no}")
        await about(no, "feed_back", "SU-3", on=day, told="主要负责人")
        if _is_exemplary(team):
            await about(no, "name_exemplar", "SU-3", finding=f"{no}/F01", doc_no="通报表扬")

    def _made(self, teams: Iterable[Team]) -> None:
        for each in teams:
            if each.draw is not None:
                self._unmade[each.draw].discard(each.no)

    async def _look_for_lost(self) -> None:
        """Whoever did not check in within two working days does not go any more (SEC5)."""
        states = await self._desk.states([each.no for each in self._lost])
        gone = [each for each in self._lost if states[each.no] == "aborted"]
        if gone:
            await self._desk.heard([each.no for each in gone])
        self._lost = [each for each in self._lost if each not in gone]
        self._made(gone)

    async def _reveal(self) -> None:
        for draw in [draw for draw, waiting in self._unmade.items() if not waiting]:
            await self._desk.campaign("reveal_draw", "SU-2", draw=draw)
            await self._desk.drawn_as(draw, "revealed")
            del self._unmade[draw]

    async def _close(self, today: date) -> None:
        for day in [each for each in self._fed_back if self._lapsed(each) < today]:
            teams = self._fed_back.pop(day)
            opinion = {"opinion": "同意办结"}
            about = self._desk.about
            await asyncio.gather(
                *(about(each.no, "close_inspection", "SU-1", **opinion) for each in teams)
            )
            await self._desk.reached([each.no for each in teams], "closed")

    def _lapsed(self, day: date) -> date:
        return self._calendar.next_working_day(day + timedelta(days=_REVIEW_DAYS))

    async def call_off(self, numbers: list[str]) -> None:
        """End what is not wanted any more: one asks for it, another carries it out."""
        for by in ("SU-1", "SU-2"):
            reason = {"reason": "本月额度已满"}
            await asyncio.gather(
                *(self._desk.about(no, "abort_inspection", by, **reason) for no in numbers)
            )
        await self._desk.reached(numbers, "aborted")


def _is_exemplary(team: Team) -> bool:
    return int(team.no[-4:]) % _EXEMPLARS == 0
