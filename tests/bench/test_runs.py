"""What a run of the measurements tells when one of them comes to no end."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bench import __main__ as bench
from bench.figures import Figure, Goal
from bench.ground import Ground


@asynccontextmanager
async def _no_ground(_: int) -> AsyncIterator[None]:
    yield


async def _measured(_: Ground, __: int) -> list[Figure]:
    return [Figure("a figure", "x", [1.0], Goal("<=", 1, "here"))]


async def _fails(_: Ground, __: int) -> list[Figure]:
    raise TimeoutError


@pytest.mark.parametrize(
    ("first", "status", "told"), [(_fails, 1, "1 goals missed"), (_measured, 0, "all goals met")]
)
def test_one_that_fails_counts_as_missed_and_the_others_go_on(
    first: object,
    status: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = (bench.Measure("a", "first", first), bench.Measure("b", "second", _measured))  # type: ignore[arg-type]
    monkeypatch.setattr(bench, "MEASURES", chosen)
    monkeypatch.setattr(bench, "ground", _no_ground)
    monkeypatch.setattr(sys, "argv", ["bench", "--quick"])

    assert bench.main() == status
    said = capsys.readouterr()
    assert told in said.out
    assert said.out.rpartition("(b) second")[2].count("a figure") >= 2
    assert ("TimeoutError" in said.err) is bool(status)
