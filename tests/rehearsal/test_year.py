"""A few days of the year of inspections on the real machinery (f.1 to f.5, SEC1)."""

from pathlib import Path

import pytest

from duban.rehearsal.theatre import theatre
from tests.rehearsal.year.agenda import SMALL
from tests.rehearsal.year.playing import Progress, play
from tests.rehearsal.year.summary import verdict_on


@pytest.mark.slow
async def test_days_of_inspections_hold_budget_coverage_and_calendar(tmp_path: Path) -> None:
    seen = list[Progress]()
    async with theatre(tmp_path) as stage:
        played = await play(stage, SMALL, seen.append)
        verdict = await verdict_on(stage, played)

    assert verdict.held, verdict
    told = verdict.told
    assert 60 <= len(told.contacts) <= 120
    assert len(told.numbers) > len(told.contacts), "somebody never went, somebody was called off"
    assert {each.state for each in told.draws} == {"revealed", "voided"}
    assert told.refused.keys() >= {"inspection.over_budget", "inspection.repeated"}
    assert verdict.approved > 0
    assert seen[-1].made == len(told.contacts)
