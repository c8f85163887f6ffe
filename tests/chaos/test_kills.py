"""Whatever is killed, whenever: nothing is lost, nothing is there twice, and the witness agrees.

`make chaos` does the same a hundred times and prints what came of it.
"""

from pathlib import Path

import pytest

from duban.stack.temporal import DevServer
from duban.verify.report import Verdict
from tests.support import chaos

KILLS = 6


@pytest.mark.slow
async def test_sequencer_worker_and_postgres_killed_in_turn_under_load(
    tmp_path: Path, dev_server: DevServer, postgres_dsn: str
) -> None:
    """Servers are its own; those of the session only say that their programs are there."""
    told: list[chaos.Kill] = []

    outcome = await chaos.run(tmp_path, KILLS, 20261123, told.append)

    found = outcome.found
    assert found.faults == []
    assert found.verdict is Verdict.HOLDS
    assert [each.victim for each in told] == [*chaos.TURNS, *chaos.TURNS]
    assert told == outcome.kills
    assert found.acknowledged > 100
    assert found.unanswered > 0
    assert found.papers > found.problems > 0
    assert found.witness_size == found.size == found.entries
    assert found.cosigned > KILLS
    assert chaos.summary(outcome).row_count == len(chaos.TURNS)
