"""Problems in scripts, on the real workflows: named, given what they need, at rest, counted."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from duban.contracts import campaign_stream
from duban.evidence import Standing, verify
from duban.rehearsal import Rehearsal, RehearsalReport, Script, ScriptInvalid, read_script, rehearse
from duban.rehearsal.demo import rehearsal_of
from duban.rehearsal.judging import shanghai_day
from duban.rehearsal.script import Expectation, Step
from duban.rehearsal.theatre import Theatre
from duban.store import ledger, trail
from tests.support.sources import ROOT

NO = "RL-2019"
STORIES = ROOT / "examples" / "stories"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of all rehearsals here: its PostgreSQL is made once."""
    return tmp_path_factory.mktemp("rehearsal")


def _step(at: str, by: str, do: str, **fields: Any) -> Step:
    keys = {name: fields.pop(name) for name in ("on", "name", "refused") if name in fields}
    return Step.model_validate({"at": at, "by": by, "do": do, "with": fields, **keys})


def _opening(**registration: Any) -> tuple[Step, ...]:
    """The campaign is established, and a problem registered under the name `away`."""
    said = {"title": "窗口无人值守", "description": "离岗", "source": "inspection", "unit": "U03"}
    found = {**said, "found_on": "2019-03-05", **registration}
    return (
        _step("2019-03-05 10:00", "LG-1", "establish", doc_no="纪要1号"),
        _step("2019-03-06 09:00", "SU-1", "register_problem", name="away", registration=found),
    )


def _triage(on: str = "away", **fields: Any) -> Step:
    usual = {"problem_type": "inaction", "rectify_class": "immediate", "target": "有人值守"}
    return _step("2019-03-06 10:00", "CG-1", "triage_problem", on=on, **{**usual, **fields})


def _told(*steps: Step, no: str = NO, **script: Any) -> Rehearsal:
    told = Script(title="问题", base="none", steps=steps, **script)
    plan = rehearsal_of("rule-of-law.xlsx", told).plan.model_copy(update={"no": no})
    return Rehearsal(plan, rehearsal_of("rule-of-law.xlsx", told).calendar, told)


async def _play(home: Path, *rehearsals: Rehearsal, finale: Any = None) -> list[RehearsalReport]:
    return await rehearse(rehearsals, home=home, on_progress=lambda _: None, finale=finale)


async def test_a_refusal_other_than_the_foreseen_one_is_a_surprise(home: Path) -> None:
    wrong = _step("2019-03-07 09:00", "U03-L1", "accept_problem", on="away", refused="stage.order")
    right = _step("2019-03-07 09:10", "U03-L1", "accept_problem", on="away", refused="state.order")
    nothing = _triage(refused="state.order")

    [report] = await _play(home, _told(*_opening(), wrong, right, nothing))

    assert [(each.expected, each.answer) for each in report.surprises] == [
        ("state.order", "accepted"),
        ("stage.order", "state.order"),
    ]
    assert not report.held
    assert report.problems.registered == 1
    assert [each["command"] for each in report.refusals] == ["AcceptProblem", "AcceptProblem"]


async def test_a_problem_that_was_not_registered_is_not_found(home: Path) -> None:
    steps = (*_opening(found_on="2019-03-31"), _triage(), _triage(f"{NO}-0007"))

    [report] = await _play(home, _told(*steps))

    assert [each.answer for each in report.surprises] == ["date.ahead", *["object.not_found"] * 2]
    assert report.problems.registered == 0


async def test_the_campaign_has_heard_of_the_last_step_when_all_is_played(home: Path) -> None:
    """The problem is called by its number here, which does as well as its name."""
    heard = Expectation.model_validate(
        {
            "says": "-",
            "tag": "campaign:problem:noted",
            "where": {"object_id": f"{NO}-0001", "changes.docket.state": "triaged"},
        }
    )

    [report] = await _play(home, _told(*_opening(), _triage(f"{NO}-0001"), expect=(heard,)))

    assert report.held


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (_triage(problem_type="no_such_type"), "triage_problem triage_problem.problem_type"),
        (_step("2019-03-07 09:00", "CG-1", "establish", on="away"), "establish : "),
        (_step("2019-03-07 09:00", "SU-1", "add_evidence", on="away", kind="outcome"), "title"),
    ],
)
async def test_a_wrong_field_is_named(home: Path, step: Step, place: str) -> None:
    with pytest.raises(ScriptInvalid) as raised:
        await _play(home, _told(*_opening(), step))

    assert place in str(raised.value.params["reason"])


async def test_evidence_is_a_real_file_that_goes_with_the_rehearsal(home: Path) -> None:
    said: dict[str, Any] = {"kind": "outcome", "title": "日志", "source": "叫号系统"}
    said["content"] = "离岗时长 0 分钟"
    again = _opening()[1].model_copy(update={"name": "second"})
    steps = [
        _step("2019-03-06 11:00", "SU-1", "add_evidence", on=on, **said)
        for on in ("away", "second")
    ]
    found: list[Any] = []

    async def finale(stage: Theatre) -> None:
        docs = [each.doc for each in await ledger.objects(stage.reader, "evidence", scope=NO)]
        found.extend([(doc, await verify(stage.storage, str(doc["digest"]))) for doc in docs])

    [report] = await _play(home, _told(*_opening(), again, *steps), finale=finale)

    assert [how for _, how in found] == [Standing.RIGHT, Standing.RIGHT]
    assert [(doc["size"], doc["elsewhere"]) for doc, _ in found] == [
        (len(said["content"].encode()), []),
        (len(said["content"].encode()), [f"{NO}-0001"]),
    ]
    assert report.problems.evidence == 2
    assert list(home.glob("evidence-*")) == []


SILENT = {
    "tag": "problem:problem:accepted_by_silence",
    "on": "away",
    "where": {"day": "2019-03-08"},
}
YELLOW = {
    "tag": "problem:deadline:yellow_card",
    "where": {"detail.rung": "L2", "day": "2019-03-19"},
}
KNOWN = {
    "tag": "campaign:problem:noted",
    "where": {"object_id": "made(away)", "changes.docket.state": "rectifying"},
}


async def test_time_passes_over_a_problem_as_over_its_campaign(home: Path) -> None:
    people = {"unit": "U03", "principal_leader": "U03-L1", "handler": "U03-H1"}
    assign = _step(
        "2019-03-07 09:00", "OF-1", "assign_problem", on="away", basis_doc="交办单", **people
    )
    steps = (*_opening(), _triage(), assign)
    expect = tuple(
        Expectation.model_validate({"says": "-", "count": 1, **each})
        for each in (SILENT, YELLOW, KNOWN)
    )

    [report] = await _play(home, _told(*steps, until=date(2019, 3, 20), expect=expect))

    assert [each.met for each in report.verdicts] == [True, True, True]
    assert report.problems.yellow == 1
    assert {each["code"] for each in report.deadlines} >= {"DL04", "DL09"}


async def test_the_same_story_twice_side_by_side_goes_the_same_way(home: Path) -> None:
    script = read_script(STORIES / "st3-closed-on-paper.yaml")
    told = rehearsal_of(script.plan, script.model_copy(update={"base": "none"}))
    opening = _opening()[0]
    steps = (opening, *script.steps)
    pair = [
        Rehearsal(
            told.plan.model_copy(update={"no": no}),
            told.calendar,
            told.script.model_copy(update={"steps": steps}),
        )
        for no in ("BE-1", "BE-2")
    ]

    first, second = await _play(home, *pair)

    assert first.held
    assert first.problems == second.problems
    assert [_plain(each, "BE-1") for each in first.deadlines] == [
        _plain(each, "BE-2") for each in second.deadlines
    ]
    assert [each["code"] for each in first.refusals] == [each["code"] for each in second.refusals]


def _plain(deadline: dict[str, Any], no: str) -> list[str]:
    names = ("id", "object_id", "start_on", "original_due_on", "current_due_on", "status")
    return [str(deadline[name]).replace(no, "-") for name in names]


async def test_a_campaign_whose_story_is_told_says_no_more(home: Path) -> None:
    short = _told(*_opening(), _triage(), no="RL-1", until=date(2019, 3, 20))
    long = _told(*_opening(), _triage(), no="RL-2", until=date(2019, 4, 30))
    last: dict[str, date] = {}

    async def finale(stage: Theatre) -> None:
        for no in ("RL-1", "RL-2"):
            *_, event = await trail.stream_events(stage.reader, campaign_stream(no))
            last[no] = shanghai_day(event.occurred_at)

    await _play(home, short, long, finale=finale)

    assert last["RL-1"] <= date(2019, 3, 20) < last["RL-2"]
