"""Problems at rest: the clock of a rehearsal waits until the campaign has heard of everything."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from duban.domain.events import Event
from duban.domain.model import Document
from duban.domain.problem.standing import is_news
from duban.domain.thresholds import ProblemRule
from duban.errors import Unavailable
from duban.rehearsal.entities import Problems
from duban.rehearsal.theatre import Theatre
from duban.store.ledger import Row
from tests.support.problems import NO, ProblemDesk


class Hearing(Problems):
    """A problem that is triaged, and a campaign that hears of it entry by entry."""

    patience = 0.2

    def __init__(self, heard: list[int], *, is_over: bool = False) -> None:
        stage = SimpleNamespace(gateway=self)
        super().__init__(cast(Theatre, stage), "BE-2019", ProblemRule())
        self.desk = ProblemDesk().assigned()
        self.desk.evidence()
        self.heard = heard
        self.over = is_over
        self.settled = 0

    async def settle_problem(self, _: str) -> int:
        """Count how often it is waited for."""
        self.settled += 1
        return len(self.desk.events)

    async def _look(self, kind: str, _: str | None = None, __: Document | None = None) -> list[Row]:
        if kind == "docket":
            return [{"heard": self.heard.pop(0) if len(self.heard) > 1 else self.heard[0]}]
        return [{"is_over": self.over}]

    async def _events(self, _: str) -> list[Event]:
        return self.desk.events


def _newest() -> int:
    """The last entry that the campaign is told of; the evidence after it is none."""
    events = Hearing([]).desk.events
    newest = max(each.seq for each in events if is_news(each))
    assert newest < events[-1].seq
    return newest


async def test_rest_waits_until_the_campaign_knows_the_last_that_concerns_it() -> None:
    newest = _newest()
    problems = Hearing([-1, newest - 1, newest, 99])

    await problems.rest(NO)

    assert (problems.heard, problems.settled) == ([99], 1)


async def test_rest_does_not_wait_for_what_is_over() -> None:
    problems = Hearing([-1], is_over=True)

    await problems.rest(NO)

    assert problems.settled == 0


async def test_rest_gives_up_and_says_so() -> None:
    with pytest.raises(Unavailable) as why:
        await Hearing([_newest() - 1]).rest(NO)

    params: dict[str, Any] = why.value.params
    assert (why.value.code, params) == ("temporal.pending", {"request_id": NO})
