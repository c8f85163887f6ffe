"""Plays the year day by day: plans, orders, draws, visits, conclusions, until all is over."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from duban.domain.counting import SHANGHAI
from duban.domain.errors import RuleViolation
from tests.rehearsal.year.agenda import Agenda, Named, theme_of
from tests.rehearsal.year.desk import Desk
from tests.rehearsal.year.plan import INSPECTORS, LEADERS, LISTS, UNITS
from tests.rehearsal.year.visits import Team, Visits

Act = Callable[[date], Awaitable[None]]
_NAMED_LEADER: Final = LEADERS[-1]


@dataclass
class Count:
    """What the director did, for the progress shown; the judge reads the trail instead."""

    ordered: int = 0
    made: int = 0
    failed: int = 0
    refused: Counter[str] = field(default_factory=Counter)


class Director:
    """The days of a campaign of inspections."""

    def __init__(self, desk: Desk, agenda: Agenda) -> None:
        self._desk, self._agenda = desk, agenda
        self._orders = 0
        self._sent = 0
        self._planned_for: set[tuple[int, int]] = set()
        self._waiting: list[tuple[tuple[int, int], list[str], str]] = []
        self.visits = Visits(desk, agenda.calendar)
        self.count = Count()

    def acts(self) -> list[tuple[datetime, date, Act]]:
        """Return what is done when: morning and afternoon of every working day."""
        hours: tuple[tuple[time, Act], ...] = (
            (time(9), self._visit),
            (time(15), self.visits.conclude),
            (time(15), self._order),
        )
        return [
            (datetime.combine(day, hour, SHANGHAI), day, act)
            for day in self._agenda.days()
            for hour, act in hours
        ]

    @property
    def is_done(self) -> bool:
        """Whether nothing is open any more and nothing will come."""
        return self.visits.is_empty and not self._waiting

    async def _visit(self, day: date) -> None:
        await self.visits.set_out(day)
        self.count.made += await self.visits.visit(day)

    async def _order(self, today: date) -> None:
        """Draw again what waits from another month; plan and order for the next working day."""
        await self._draw_again(today)
        day, size = self._agenda.after(today), self._agenda.size
        if not size.first <= day <= size.last or self.count.ordered >= size.most:
            return
        await self._plan(day)
        for sites, theme in zip(size.orders, self._agenda.themes(day), strict=True):
            await self._ordered(today, theme, min(sites, size.most - self.count.ordered), UNITS)
        if size.focus:
            theme = theme_of(self._agenda.serial(day))
            await self._ordered(today, f"{theme}·重点", len(size.focus), size.focus)

    async def _plan(self, day: date) -> None:
        """Put the effect checks of a month on the plan, before anything is drawn for it."""
        month = (day.year, day.month)
        if month in self._planned_for:
            return
        self._planned_for.add(month)
        for each in self._agenda.named(day):
            await self._planned(each)

    async def _planned(self, named: Named) -> None:
        told = {
            "kind": "periodic_effect_check",
            "choice": "named",
            "plan_ref": "年度督查计划",
            "phase": self._agenda.phase(named.on),
            "unit": named.unit,
            "scope": [named.unit],
            "theme": named.theme,
            "ordering_body": "OF",
            "leaders": [_NAMED_LEADER],
            "starts_on": named.on,
            "ends_on": named.on + timedelta(days=7),
            "budget_doc": named.budget_doc,
            "repeat_reason": named.repeat_reason,
        }
        try:
            no = (await self._desk.campaign("plan_inspection", "OF-1", **told)).object_id
        except RuleViolation as why:
            self.count.refused[why.code.value] += 1
            return
        self.count.ordered += 1
        await self._authorise(no)
        self.visits.expect(named.on, [Team(no, _NAMED_LEADER, INSPECTORS[:2], named.unit)])

    async def _authorise(self, no: str) -> None:
        paper = {"authorising_doc": f"问效通知{no}", "team": INSPECTORS[:2]}
        await self._desk.about(no, "authorise_inspection", "OF-1", **paper)
        await self._desk.reached([no], "authorised")

    async def _ordered(self, today: date, theme: str, sites: int, scope: tuple[str, ...]) -> None:
        """Order and draw; where the draw fails for want of budget, order with the approval.

        What failed waits for another month, or is called off: if all of it waited, each month
        would begin with more on its hands than the one before.
        """
        if sites < 1:
            return
        numbers, leader = await self._sent_out(today, theme, sites, scope, None)
        if await self._drawn(numbers, leader, today):
            return
        self.count.failed += 1
        if self.count.failed % 2:
            self._waiting.append(((today.year, today.month), numbers, leader))
        else:
            await self.visits.call_off(numbers)
        numbers, leader = await self._sent_out(today, theme, sites, scope, "领导小组批复3号")
        assert await self._drawn(numbers, leader, today), "with its approval an order is drawn"

    async def _sent_out(
        self, today: date, theme: str, sites: int, scope: tuple[str, ...], budget_doc: str | None
    ) -> tuple[list[str], str]:
        self._orders += 1
        leader = LEADERS[self._orders % (len(LEADERS) - 1)]
        numbers = await self._desk.order(
            "SU-1",
            theme=theme,
            scope=scope,
            authorising_doc=f"督查令{self._orders}号",
            ordering_body="OF",
            leaders=[leader],
            sites=sites,
            # The day after may be a rest day: the team sets out on the first working day then.
            starts_on=(today + timedelta(days=1)).isoformat(),
            ends_on=(today + timedelta(days=14)).isoformat(),
            budget_doc=budget_doc,
        )
        assert len(numbers) == sites, "an order in order opens its inspections"
        self.count.ordered += sites
        await self._desk.reached(numbers, "authorised")
        return numbers, leader

    async def _drawn(self, numbers: list[str], leader: str, today: date) -> bool:
        """Have an order drawn; False where the draw failed."""
        desk = self._desk
        package = await desk.hand_in(LISTS)
        asked = await desk.campaign(
            "open_inspection_draw", "SU-2", inspection=numbers[0], **package
        )
        draw = asked.object_id
        if await desk.drawn_as(draw, "committed", "voided") == "voided":
            return False
        await desk.campaign("witness_draw", "SU-3", draw=draw, number=f"见证{self._orders:05}")
        await desk.reached(numbers, "drawn")
        teams = []
        for no in numbers:
            self._sent += 1
            is_lost = self._sent % self._agenda.size.lost == 0
            teams.append(Team(no, leader, draw=draw, is_lost=is_lost))
        self.visits.expect(self._agenda.after(today), teams)
        return True

    async def _draw_again(self, today: date) -> None:
        """A failed draw leaves its order waiting: it is drawn in another month, or called off."""
        month = (today.year, today.month)
        ready = [each for each in self._waiting if each[0] != month]
        self._waiting = [each for each in self._waiting if each[0] == month]
        for _, numbers, leader in ready:
            if today >= self._agenda.size.last or not await self._drawn(numbers, leader, today):
                await self.visits.call_off(numbers)
