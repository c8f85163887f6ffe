"""Records the workflow histories that the replay tests replay: `python -m tests.support.histories`.

Recorded histories are never edited and only deleted with a line in the change log: a campaign that
began under an old release must go on under the new one.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from duban.connection import DATA_CONVERTER
from duban.contracts import PROBLEM_NEWS, clue_stream, inspection_stream, problem_stream
from duban.domain.campaign import commands as c
from duban.domain.clue import commands as k
from duban.domain.errors import RuleViolation
from duban.domain.problem import commands as p
from duban.domain.problem.standing import ProblemNews
from duban.domain.problem.words import ProblemState
from duban.stack.skipping import time_skipping
from tests.support import clue_course, inspection_course
from tests.support.builders import a_calendar, an_actor, the_calendar_before_the_notice
from tests.support.checks import ONE
from tests.support.clock import (
    CACHED,
    LAUNCHED,
    NO,
    PLANNING,
    STREAM,
    Stage,
    note,
    skipping_stage,
    step,
    the_worker,
    until,
)
from tests.support.clues import a_package, a_result, judgement
from tests.support.draws import DRAW
from tests.support.outliving import outlive
from tests.support.problem_course import (
    FIRST,
    ask,
    assigned,
    planned,
    registered,
    tags,
    told_again,
    unopened,
)
from tests.support.trail import WatchedTrail

FOLDER = Path(__file__).parents[1] / "replay" / "histories" / "campaign"
PROBLEMS = FOLDER.parent / "problem"
CLUES = FOLDER.parent / "clue"
INSPECTIONS = FOLDER.parent / "inspection"

# They tell about the machine that recorded, not about the campaign.
_OF_THE_MACHINE = ("stackTrace", "identity", "binaryChecksum", "workerVersion", "deploymentName")


async def _clean(stage: Stage) -> None:
    await stage.start()
    await stage.play(LAUNCHED)
    await stage.at("2019-04-20")
    tasks = tuple(
        {"task": each, "owner": "U15", "disposition": "移交"} for each in ("T-01", "T-02")
    )
    await stage.do(c.Terminate, "LG-1", reason="并入新专项", doc_no="纪要9号", dispositions=tasks)


async def _refusals(stage: Stage) -> None:
    await stage.start()
    for by, command in (("OF-1", c.Establish), ("U01-L1", c.SubmitPlan)):
        try:
            await stage.do(command, by, doc_no="1号")
        except RuleViolation:
            continue
    await stage.play(PLANNING)
    await stage.handle.signal("order_spot_check", {"theme": 7})
    await stage.handle.signal("order_spot_check", args=[])
    order: dict[str, Any] = {
        "actor": an_actor("LG-1").plain(),
        "request_id": "order-0001",
        "theme": "窗口服务",
        "scope": ["U01"],
        "authorising_doc": "抽查令1号",
        "ordering_body": "OF",
    }
    await stage.gateway.order_spot_check(NO, order)
    await stage.settled()


async def _suspension(stage: Stage) -> None:
    await stage.start()
    await stage.play(LAUNCHED)
    await stage.play(
        (
            step("2019-04-10", c.Suspend, "LG-1", reason="机构改革", doc_no="纪要3号"),
            step("2019-07-10", c.Resume, "LG-1", reason="改革完成", doc_no="纪要4号"),
        )
    )
    await stage.at("2019-08-01")


async def _calendar(stage: Stage) -> None:
    await stage.start(calendar=the_calendar_before_the_notice(1))
    await stage.play(LAUNCHED)
    adopt: dict[str, Any] = {"calendar": a_calendar(2), "basis_doc": "国办发明电〔2019〕3号"}
    await stage.play(
        (
            step("2019-04-10", c.AssignItem, "OF-1", task="T-01", matter="核对", limit="16wd"),
            step("2019-04-11", c.AdoptCalendar, "OF-1", **adopt),
        )
    )
    await stage.at("2019-05-10")


async def _outage(stage: Stage) -> None:
    await stage.start()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    stage.trail.away = True
    asked = [asyncio.create_task(stage.do(c.FileDocument, "OF-1", **note(n))) for n in range(3)]
    await until(lambda: stage.trail.failures > 3)
    stage.trail.away = False
    await asyncio.gather(*asked)
    await stage.at("2019-03-12")


async def _followed(stage: Stage) -> None:
    await stage.start()
    await outlive(stage, stage.command(c.Establish, "LG-1", doc_no="会议纪要1号"))
    await stage.do(c.FileDocument, "OF-1", **note(1))
    await stage.at("2019-03-08")


async def _receipts(stage: Stage) -> None:
    """Asked for in vain at first, then proved; what comes at the very end is handed over."""
    await stage.start_live()
    await stage.do(c.Establish, "LG-1", doc_no="会议纪要1号")
    await stage.do(c.Suspend, "LG-1", reason="机构改革", doc_no="纪要3号")
    await stage.do(c.Resume, "LG-1", reason="改革完成", doc_no="纪要4号")
    await until(lambda: stage.trail.asked)
    stage.trail.logged = True
    await stage.env.sleep(timedelta(days=3))
    stage.trail.logged = False
    await stage.end()


async def _draw(stage: Stage) -> None:
    """A problem is heard to be signed off, and drawn for a look-back."""
    await stage.start()
    await stage.play(LAUNCHED)
    await registered(stage)
    closed = ProblemNews(
        no=FIRST, seq=50, state=ProblemState.WATCHED, unit="U01", signed_off_on=date(2019, 3, 29)
    )
    await stage.handle.signal(PROBLEM_NEWS, closed)
    await stage.settled()
    await stage.do(c.OpenLookBackDraw, "SU-2")
    await until(lambda: "campaign:draw:committed" in stage.tags)
    await stage.do(c.WitnessDraw, "SU-1", draw=DRAW, number="7351")
    await until(lambda: "campaign:draw:drawn" in stage.tags)
    await stage.at("2019-04-03")


async def _opened(stage: Stage) -> None:
    """A run that begins with problems that the one before did not come to open."""
    await stage.begin_with(unopened(3))
    every = [problem_stream(f"{NO}-{serial:04d}") for serial in (1, 2, 3)]
    await until(lambda: all(stage.trail.events(each) for each in every))
    await until(lambda: stage.tags.count("campaign:problem:noted") == len(every))


SCENARIOS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "clean": _clean,
    "refusals": _refusals,
    "suspension": _suspension,
    "calendar": _calendar,
    "outage": _outage,
    "followed": _followed,
    "receipts": _receipts,
    "draw": _draw,
    "opened": _opened,
    "stayed": _opened,
    "inspections": inspection_course.whole,
}


async def _way(stage: Stage) -> None:
    """From found to planned, with words between, a suspension, and reminders in the end."""
    await stage.start()
    await stage.play(LAUNCHED)
    await registered(stage)
    await assigned(stage)
    await planned(stage)
    await ask(stage, p.ReviewRectificationPlan, "OF-1", passed=True, opinion="同意")
    await ask(stage, p.ReplyToProblem, "U01-H1", explanation="系统升级所致")
    paper = {"reason": "机构改革", "doc_no": "纪要3号"}
    await stage.do(c.Suspend, "LG-1", **paper)
    await until(lambda: "problem:stage:suspended" in tags(stage))
    await stage.do(c.Resume, "LG-1", **paper)
    await until(lambda: "problem:stage:resumed" in tags(stage))
    await stage.at("2019-05-20")


PROBLEM_SCENARIOS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "way": _way,
    "told_again": told_again,
}
"""Courses of a problem; the history of its own workflow is kept."""


async def _answer(stage: Stage) -> None:
    """Urgent and unheard, written down, judged, transferred, chased, received, answered, closed."""
    await stage.start()
    await clue_course.reported(stage, urgent=True)
    await clue_course.opened(stage)
    await stage.at("2019-03-04", "11:00")
    await clue_course.written(stage)
    with suppress(RuleViolation):
        await clue_course.ask(stage, k.CloseClue, "OF-1", opinion="办结")
    await _to_the_top(stage)
    await stage.at("2019-03-20")
    receipt: dict[str, Any] = {"accepted": True, "signed_by": "DX-1", "receipt": "回执1号"}
    await clue_course.ask(stage, k.RecordReceipt, "OF-2", **receipt)
    await clue_course.ask(stage, k.RecordResult, "SU-1", **a_result())
    await clue_course.ask(stage, k.TellReporter, "SU-1", words="已处理", channel="电话")
    await clue_course.ask(stage, k.CloseClue, "OF-1", opinion="办结")
    await stage.client.get_workflow_handle(clue_stream(clue_course.FIRST)).result()


async def _to_the_top(stage: Stage) -> None:
    """What is urgent is major: the leading group decides, the office sends."""
    for level in ("SU-1", "SU-2"):
        await clue_course.ask(stage, k.TriageClue, level, **judgement())
    decided = {"nature": "duty_crime", "handling": "transfer", "reason": "同意"}
    await clue_course.ask(stage, k.DecideClue, "LG-1", **decided, doc_no="审批单1号")
    await clue_course.ask(stage, k.TransferClue, "OF-1", **a_package())


CLUE_SCENARIOS: dict[str, Callable[[Stage], Awaitable[None]]] = {"answer": _answer}
"""Courses of a clue; the history of its own workflow is kept."""


INSPECTION_SCENARIOS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "visited": inspection_course.whole,
    "burned": inspection_course.missed,
}
"""Courses of an inspection; the history of its own workflow is kept."""


def kept_inspections() -> Iterator[tuple[str, WorkflowHistory]]:
    """Yield every recorded history of an inspection with its scenario."""
    for path in sorted(INSPECTIONS.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        yield path.stem, WorkflowHistory.from_json(inspection_stream(ONE), text)


def kept_clues() -> Iterator[tuple[str, WorkflowHistory]]:
    """Yield every recorded history of a clue with its scenario."""
    for path in sorted(CLUES.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        yield path.stem, WorkflowHistory.from_json(clue_stream(clue_course.FIRST), text)


def kept_problems() -> Iterator[tuple[str, WorkflowHistory]]:
    """Yield every recorded history of a problem with its scenario."""
    for path in sorted(PROBLEMS.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        yield path.stem, WorkflowHistory.from_json(problem_stream(FIRST), text)


def kept() -> Iterator[tuple[str, WorkflowHistory]]:
    """Yield every recorded history with its scenario."""
    for path in sorted(FOLDER.glob("*.json")):
        yield path.stem, WorkflowHistory.from_json(STREAM, path.read_text(encoding="utf-8"))


async def recorded(env: WorkflowEnvironment, scenario: str) -> WorkflowHistory:
    """Play a scenario on a server and return its history."""
    stage = await skipping_stage(env, WatchedTrail())
    async with the_worker(env.client, stage.trail, **CACHED):
        await SCENARIOS[scenario](stage)
        return await stage.handle.fetch_history()


async def recorded_of(
    env: WorkflowEnvironment, play: Callable[[Stage], Awaitable[None]], stream: str
) -> WorkflowHistory:
    """Play a scenario on a server and return the history of an entity of it."""
    stage = await skipping_stage(env, WatchedTrail())
    async with the_worker(env.client, stage.trail, **CACHED):
        await play(stage)
        return await env.client.get_workflow_handle(stream).fetch_history()


def _impersonal(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _impersonal(inner) for key, inner in value.items() if key not in _OF_THE_MACHINE
        }
    return [_impersonal(each) for each in value] if isinstance(value, list) else value


async def record(scenarios: Sequence[str]) -> None:
    """Record scenarios into their files; without names, those that have no file yet."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = [each for each in SCENARIOS if not (FOLDER / f"{each}.json").exists()]
    for scenario in scenarios or missing:
        async with time_skipping(DATA_CONVERTER) as env:
            history = await recorded(env, scenario)
        _keep(history, FOLDER / f"{scenario}.json")
    await _record_missing(PROBLEMS, PROBLEM_SCENARIOS, problem_stream(FIRST))
    await _record_missing(CLUES, CLUE_SCENARIOS, clue_stream(clue_course.FIRST))
    await _record_missing(INSPECTIONS, INSPECTION_SCENARIOS, inspection_stream(ONE))


async def _record_missing(
    folder: Path, scenarios: Mapping[str, Callable[[Stage], Awaitable[None]]], stream: str
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for scenario, play in scenarios.items():
        if not (folder / f"{scenario}.json").exists():
            async with time_skipping(DATA_CONVERTER) as env:
                _keep(await recorded_of(env, play, stream), folder / f"{scenario}.json")


def _keep(history: WorkflowHistory, path: Path) -> None:
    text = json.dumps(_impersonal(history.to_json_dict()), ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:]))
