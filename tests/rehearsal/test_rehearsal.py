"""Rehearsals on the real workflows: stories told, lies found out, dates that come again."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE
from datetime import date
from pathlib import Path

import pytest

from duban.domain.plan import CampaignPlan
from duban.rehearsal import (
    Rehearsal,
    RehearsalReport,
    Script,
    ScriptInvalid,
    Tick,
    demo,
    read_script,
    rehearse,
)
from duban.rehearsal.script import Expectation, Step

STEP = "title: x\nsteps: [{at: 2019-03-05, by: A, do: b,"
STORIES = Path(__file__).resolve().parents[2] / "examples" / "stories"


def _plan() -> CampaignPlan:
    return demo.rehearsal_of("rule-of-law.xlsx", Script(title="x")).plan


def _told(script: Script, no: str = "RL-2019") -> Rehearsal:
    told = demo.rehearsal_of("rule-of-law.xlsx", script)
    return Rehearsal(
        plan=told.plan.model_copy(update={"no": no}),
        calendar=told.calendar,
        script=script,
        folder=told.folder,
    )


def _step(**fields: object) -> Step:
    usual = {"at": "2019-03-05 10:00", "by": "LG-1", "do": "establish", "with": {"doc_no": "1"}}
    return Step.model_validate({**usual, **fields})


async def _play(tmp_path: Path, *rehearsals: Rehearsal) -> list[RehearsalReport]:
    ticks: list[Tick] = []
    reports = await rehearse(rehearsals, home=tmp_path, on_progress=ticks.append)
    assert sum(each.steps for each in ticks) == sum(len(each.steps()) + 1 for each in rehearsals)
    return reports


async def test_demo_plays_every_sample_and_story_and_all_holds(tmp_path: Path) -> None:
    """In a process of its own: fourteen campaigns at once are more than a coverage tracer bears."""
    env = {**os.environ, "DUBAN_HOME": str(tmp_path), "DUBAN_LANG": "zh"}
    playing = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "duban", "demo", stdout=PIPE, stderr=PIPE, env=env
    )
    out, err = await playing.communicate()
    said = out.decode()
    assert (playing.returncode, "✗" in said) == (0, False), err.decode()
    assert said.count("归档") >= len(demo.PLANS)
    stories = [name.partition("-")[0].upper() for name in (*demo.STORIES, *demo.PROBLEM_STORIES)]
    assert sorted(stories) == sorted(
        each.upper() for each in re.findall(r"^✓ (ST\w+) ", said, re.MULTILINE)
    )
    assert "问题 1：销号 1，反弹 0，黄牌 1，红牌 1，只作解释的回复 3，佐证 3" in said
    assert "台账可由记录重建" in said
    assert "（draw_verify.py，退出码 0）：2 次" in said


async def test_what_did_not_happen_is_not_borne_out(tmp_path: Path) -> None:
    wrong = Expectation(says="没有的事", tag="campaign:deadline:yellow_card", count=99)
    right = Expectation(says="立项", tag="campaign:stage:entered", where={"detail.stage": "plan"})
    refused = _step(by="U01-L1", refused="role.not_permitted")
    surprise = _step(by="U01-L1", at="2019-03-05 11:00")
    script = Script(
        title="说谎", base="none", steps=(refused, surprise, _step()), expect=(wrong, right)
    )
    [report] = await _play(tmp_path, _told(script))
    assert [each.met for each in report.verdicts] == [False, True]
    [found] = report.surprises
    assert (found.expected, found.answer) == ("accepted", "stage.order")
    assert not report.held
    assert report.findings == ()


async def test_same_plan_gives_the_same_dates_again(tmp_path: Path) -> None:
    script = Script(title="到四月底", until=date(2019, 4, 30))
    reports = [(await _play(tmp_path, _told(script, no)))[0] for no in ("RL-1", "RL-2")]
    fields = ("id", "code", "object_id", "start_on", "original_due_on", "current_due_on", "met_at")
    first, second = (
        [{name: each[name] for name in fields[:-1]} for each in report.deadlines]
        for report in reports
    )
    expected = [
        {**each, "object_id": str(each["object_id"]).replace("RL-1", "RL-2")} for each in first
    ]
    assert second == expected
    assert len(first) > 50


async def test_spot_check_and_calendar_steps_reach_the_campaign(tmp_path: Path) -> None:
    rubbish = _step(do="order_spot_check", by="SU-1", at="2019-03-06 10:00", **{"with": {}})
    script = Script(
        title="抽查",
        base="none",
        steps=(_step(), rubbish),
        expect=(
            Expectation(
                says="指令不合格",
                tag="campaign:command:refused",
                where={"code": "signal.malformed"},
            ),
        ),
    )
    [report] = await _play(tmp_path, _told(script))
    assert report.held
    assert [each["code"] for each in report.refusals] == ["signal.malformed"]


@pytest.mark.parametrize(
    ("step", "place"),
    [
        (_step(do="no_such_command"), "no_such_command"),
        (_step(**{"with": {}}), "doc_no"),
    ],
)
async def test_step_that_is_no_command_is_told(tmp_path: Path, step: Step, place: str) -> None:
    with pytest.raises(ScriptInvalid) as raised:
        await _play(tmp_path, _told(Script(title="错", base="none", steps=(step,))))
    assert place in str(raised.value.params["reason"])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title: [", "line 1"),
        ("titel: x", "title"),
        ("title: x\nsteps: [{at: 2019-13-01, by: A, do: b}]", "month must be"),
        ("title: x\nsteps: [{at: soon, by: A, do: b}]", "steps.0.at"),
        (f"{STEP} on: away}}]", "steps.0.on: no step is called away"),
        (f"{STEP} name: a}}]\nexpect: [{{says: y, tag: t, on: b}}]", "expect.0.on: no step is"),
        (f"{STEP} name: a}}, {{at: 2019-03-06, by: A, do: b, name: a}}]", "two steps are called a"),
    ],
)
def test_script_that_cannot_be_read_names_the_place(tmp_path: Path, text: str, place: str) -> None:
    path = tmp_path / "story.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScriptInvalid) as raised:
        read_script(path)
    assert place in str(raised.value.params["reason"])


def test_every_shipped_story_can_be_read_and_expects_something() -> None:
    scripts = {path.stem: read_script(path) for path in sorted(STORIES.glob("*.yaml"))}
    assert scripts.keys() == {"clean", *demo.STORIES, *demo.PROBLEM_STORIES}
    assert all(script.expect and script.title_en for script in scripts.values())
    assert all(each.says_en for script in scripts.values() for each in script.expect)
    assert _plan().no == "RL-2019"
