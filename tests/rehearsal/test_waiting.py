"""The clock of a rehearsal is let go when nobody is at work, and never before."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count, repeat
from typing import Any

import pytest

from duban.rehearsal import waiting

BEGIN = datetime(2026, 11, 30, tzinfo=UTC)
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
LOOKS = 20


class Stage:
    """A server whose clock moves by a step at each look, and whose trail has a count at each.

    It lets the sleeper go once it was told to, or after some looks.
    """

    def __init__(self, step: timedelta, entries: Iterator[int]) -> None:
        self.client = self.test_service = self
        self._step, self._entries = step, entries
        self._now, self._looks = BEGIN - step, 0
        self._over = asyncio.Event()
        self.let_go = 0

    async def get_current_time(self) -> datetime:
        self._now += self._step
        self._looks += 1
        if self._looks >= LOOKS:
            self._over.set()
        return self._now

    async def entries(self) -> int:
        return next(self._entries)

    async def unlock_time_skipping_with_sleep(self, *_: Any, **__: Any) -> None:
        await self._over.wait()

    async def unlock_time_skipping(self, *_: Any, **__: Any) -> None:
        self.let_go += 1
        self._over.set()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "_LOOKS", 0.005)


async def _waited(step: timedelta, entries: Iterator[int], pause: timedelta = HOUR) -> int:
    stage = Stage(step, entries)
    await waiting.wait_until(stage, BEGIN + pause, stage.entries)  # type: ignore[arg-type]
    return stage.let_go


async def test_a_clock_that_stands_while_nothing_happens_is_let_go() -> None:
    assert await _waited(SECOND, repeat(7)) == 1


@pytest.mark.parametrize(
    ("step", "entries", "pause"),
    [
        (SECOND, count, HOUR),
        (timedelta(minutes=1), lambda: repeat(7), HOUR),
        (SECOND, lambda: repeat(7), SECOND),
    ],
    ids=["somebody is at work", "it skips", "it has come to its instant"],
)
async def test_a_clock_is_not_let_go_while(
    step: timedelta, entries: Callable[[], Iterator[int]], pause: timedelta
) -> None:
    assert await _waited(step, entries(), pause) == 0


async def test_an_instant_that_is_past_is_not_waited_for() -> None:
    assert await _waited(SECOND, repeat(7), -HOUR) == 0
