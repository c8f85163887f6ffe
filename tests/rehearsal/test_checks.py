"""ST6 in a rehearsal: what its trail answers, and what its database holds of a sealed target."""

from pathlib import Path
from typing import Any

import pytest

from duban.cli.question_commands import entry_of
from duban.contracts import campaign_stream, inspection_stream
from duban.questions import Answer, Asked, answer, find
from duban.questions.ask import known_beside
from duban.rehearsal import RehearsalReport, Script, ScriptInvalid, read_script, rehearse
from duban.rehearsal.demo import rehearsal_of
from duban.rehearsal.theatre import Theatre
from duban.store import trail
from tests.support.sources import ROOT
from tests.support.stories import at

NO, ONE = "BE-2019", "BE-2019-I0001"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all rehearsals here: its PostgreSQL is made once."""
    return tmp_path_factory.mktemp("rehearsal")


def st6() -> Script:
    return read_script(ROOT / "examples" / "stories" / "st6-spot-check.yaml")


async def play(home: Path, script: Script, finale: Any = None) -> RehearsalReport:
    told = rehearsal_of(script.plan, script)
    [report] = await rehearse([told], home=home, on_progress=lambda _: None, finale=finale)
    return report


async def asked(stage: Theatre, number: int) -> Answer:
    """Ask a question of the rehearsed trail, as `duban query` does."""
    now = at("2019-10-10T23:00")
    own, beside = [
        [entry_of(each) for each in await trail.stream_entries(stage.reader, stream)]
        for stream in (campaign_stream(NO), inspection_stream(ONE))
    ]
    return answer(find(str(number)), own, Asked(now, beside=known_beside(beside, now)))


async def test_st6_every_reading_is_audited_and_the_draw_comes_out_again(home: Path) -> None:
    found: dict[int, Answer] = {}

    async def finale(stage: Theatre) -> None:
        for number in (27, 28, 34):
            found[number] = await asked(stage, number)

    report = await play(home, st6(), finale)

    assert report.held, (report.surprises, report.verdicts)
    readers = [(r.cells["actor"], r.cells["outcome"]) for r in found[27].rows]
    vain = [("IN-1", "rejected"), ("OF-1", "rejected")]
    assert readers == [*vain, ("IN-1", "accepted"), ("SU-1", "accepted")]
    assert [row.cells["holds"] for row in found[28].rows] == [True]
    [kind] = [row.cells for row in found[34].rows]
    assert (kind["findings"], kind["exemplars"], kind["orphans"]) == (1, 1, 0)


async def test_a_target_is_not_learnt_before_its_release(home: Path) -> None:
    early = st6()
    steps = tuple(each for each in early.steps if each.do != "release_target" or each.refused)

    with pytest.raises(ScriptInvalid, match=r"script.invalid") as raised:
        await play(home, early.model_copy(update={"steps": steps}))

    assert "check_in.attendees.0.person" in str(raised.value.params["reason"])


@pytest.mark.parametrize("lists", [{"places": [], "pool": []}, {"pool": [{"person": "IN-9"}]}])
async def test_lists_that_cannot_be_drawn_from_are_seen(home: Path, lists: dict[str, Any]) -> None:
    whole = st6()
    opening = next(each for each in whole.steps if each.do == "open_inspection_draw")
    given = {**opening.fields, "lists": {**opening.fields["lists"], **lists}}
    steps = (whole.steps[0], opening.model_copy(update={"fields": given}))
    wanted = whole.expect[1].model_copy(update={"tag": "campaign:draw:failed", "where": {}})

    report = await play(home, whole.model_copy(update={"steps": steps, "expect": (wanted,)}))

    assert report.held, (report.surprises, report.verdicts)
