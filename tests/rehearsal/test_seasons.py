"""A year goes on with another server where one answers no more, once for all who wait."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from duban.errors import NotFound, Unavailable
from tests.rehearsal.year.seasons import Seasons

BEGIN = datetime(2026, 11, 30, tzinfo=UTC)
GONE = Unavailable("temporal.unreachable", address="-")


class Stage:
    """A server whose clock begins anew with each renewal."""

    def __init__(self) -> None:
        self.environment = self.stage = self
        self.renewed: list[bool] = []

    async def get_current_time(self) -> datetime:
        return BEGIN

    async def renew(self, *, is_lost: bool) -> None:
        self.renewed.append(is_lost)


class Year(Seasons):
    """Seasons without anything to restore; the first `failing` times it fails."""

    def __init__(self, stage: Any, failing: int = 0) -> None:
        super().__init__(stage, timedelta(days=7))
        self.failing = failing

    async def _restore(self) -> None:
        self.failing -= 1
        if self.failing >= 0:
            raise GONE


async def test_all_who_wait_share_one_new_server_and_are_answered() -> None:
    stage = Stage()
    year = Year(stage)

    async def call() -> int:
        number = year.number
        await asyncio.sleep(0)
        if number == 1:
            raise GONE
        return number

    assert await asyncio.gather(*(year.outlasting(call) for _ in range(5))) == [2] * 5
    assert (stage.renewed, year.lost) == ([True], 1)
    assert year.offset == timedelta(days=7)


async def test_a_server_that_does_not_begin_is_followed_by_another() -> None:
    stage = Stage()
    year = Year(stage, failing=2)
    await year.end()

    assert (stage.renewed, year.number, year.lost) == ([False, True, True], 4, 2)
    with pytest.raises(Unavailable):
        await Year(Stage(), failing=99).end()


async def test_what_is_not_there_on_a_server_that_stands_is_told_at_once() -> None:
    stage = Stage()

    async def call() -> None:
        raise NotFound("inspection.not_found", no="-")

    with pytest.raises(NotFound):
        await Year(stage).outlasting(call)
    assert stage.renewed == []
