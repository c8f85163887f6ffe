"""The demonstration: the three sample campaigns side by side, the stories, and a verdict."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn
from rich.table import Table

from duban.domain.counting import SHANGHAI
from duban.domain.policy import PolicyVersion
from duban.errors import NotFound
from duban.rehearsal.driver import Tick, rehearse
from duban.rehearsal.player import Rehearsal
from duban.rehearsal.proving import Proven, Redrawn, proven, redrawn
from duban.rehearsal.report import RehearsalReport
from duban.rehearsal.script import Script, read_script
from duban.rehearsal.theatre import Theatre
from duban.seeds import published_calendar, read_calendar_csv
from duban.settings import Settings
from duban.texts import Language, term, text
from duban.workbook import read_plan

PLANS = ("formalism", "business", "rule-of-law")
STORIES = (
    "st1b-calendar-change",
    "st4-late-request",
    "st5-equal-treatment",
    "st7-carried-over",
    "st10-new-leader",
)
"""Stories of campaigns alone."""
PROBLEM_STORIES = (
    "st1-window-away",
    "st2-fifty-numbers",
    "st3-closed-on-paper",
    "st4b-late-request-problem",
    "st5b-equal-treatment-problems",
    "st6-spot-check",
    "st8-bribery-clue",
    "st11-own-sign-off",
)
"""Stories about problems of the ledger, clues and inspections."""
_EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
_YEARS = (2019, 2021)


class Proof(NamedTuple):
    """What those programs said that need nothing of Duban: of the trail, and of its draws."""

    trail: Proven
    draws: Redrawn

    @property
    def is_good(self) -> bool:
        """Whether the true came out as true, and every copy that was altered as altered."""
        statuses = (self.trail.status, self.trail.altered_status)
        return (*statuses, self.draws.status, self.draws.altered_status) == (0, 1, 0, 1)


def run(out: Console, settings: Settings) -> int:
    """Play everything and print a summary; 0 only if every expectation held.

    Raises:
        NotFound: there is no folder with the samples.
        StackError: a server did not start.
    """
    lang = Language(settings.lang)
    if not _EXAMPLES.is_dir():
        raise NotFound("demo.no_examples", path=str(_EXAMPLES))
    began = time.monotonic()
    stories = (*STORIES, *PROBLEM_STORIES)
    out.print(text("demo.opening", lang, stories=len(stories)))
    rehearsals = [*(_clean(name) for name in PLANS), *(_story(name) for name in stories)]
    reports, proof = _played(rehearsals, settings, out, lang)
    for report in reports[: len(PLANS)]:
        out.print(_summary(report, lang))
    out.print(text("demo.stories", lang))
    for report in reports[len(PLANS) :]:
        _tell(report, out, lang)
    _verify(reports, out, lang)
    _prove(proof, out, lang)
    return _conclude(reports, proof, out, lang, time.monotonic() - began)


def _clean(name: str) -> Rehearsal:
    return rehearsal_of(f"{name}.xlsx", read_script(_EXAMPLES / "stories" / "clean.yaml"))


def _story(name: str) -> Rehearsal:
    script = read_script(_EXAMPLES / "stories" / f"{name}.yaml")
    told = rehearsal_of(script.plan, script)
    # Each story is a campaign of its own, so that all play side by side in one database.
    no = f"{told.plan.no}-{name.partition('-')[0].upper()}"
    return replace(told, plan=told.plan.model_copy(update={"no": no}))


def rehearsal_of(plan: str, script: Script) -> Rehearsal:
    """Return a sample plan with a script, under the calendar the script begins with."""
    published = published_calendar(*_YEARS)
    calendar = published
    if script.calendar is not None:
        calendar = read_calendar_csv(_EXAMPLES / "calendars" / script.calendar, version=1)
    policy = PolicyVersion()
    return Rehearsal(
        plan=read_plan(_EXAMPLES / plan, calendar=published, policy=policy),
        calendar=calendar,
        script=script,
        policy=policy,
        folder=_EXAMPLES / "stories",
    )


def _played(
    rehearsals: Sequence[Rehearsal], settings: Settings, out: Console, lang: Language
) -> tuple[list[RehearsalReport], Proof]:
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), console=out)
    with bar:
        shown = {each.plan.no: _bar_of(bar, each, lang) for each in rehearsals}
        titles = {each.plan.no: _title(each, lang) for each in rehearsals}

        def on_progress(tick: Tick) -> None:
            day = tick.now.astimezone(SHANGHAI).date()
            bar.update(
                shown[tick.campaign],
                advance=tick.steps,
                description=text("demo.bar", lang, day=day, title=titles[tick.campaign]),
            )

        proofs: list[Proof] = []

        async def finale(stage: Theatre) -> None:
            out.print(text("demo.proving", lang))
            with TemporaryDirectory() as folder:
                whole = await proven(stage, Path(folder))
                proofs.append(Proof(whole, await redrawn(stage, Path(folder))))

        home = settings.home / "rehearsal"
        playing = rehearse(rehearsals, home=home, on_progress=on_progress, finale=finale)
        return asyncio.run(playing), proofs[0]


def _title(rehearsal: Rehearsal, lang: Language) -> str:
    script = rehearsal.script
    return f"{rehearsal.plan.no} {_said(script.title, script.title_en, lang)}"


def _said(chinese: str, english: str, lang: Language) -> str:
    return english if lang is Language.EN and english else chinese


def _bar_of(bar: Progress, rehearsal: Rehearsal, lang: Language) -> TaskID:
    first = text("demo.bar", lang, day=rehearsal.plan.launch_on, title=_title(rehearsal, lang))
    return bar.add_task(first, total=len(rehearsal.steps()) + 1)


def _summary(report: RehearsalReport, lang: Language) -> Table:
    table = Table(
        title=text("demo.campaign", lang, no=report.no, title=report.title),
        title_justify="left",
        show_header=False,
    )
    for name, value in _lines(report, lang):
        table.add_row(text(name, lang), value)
    return table


def _lines(report: RehearsalReport, lang: Language) -> Iterator[tuple[str, str]]:
    yield (
        "demo.stages",
        "\n".join(
            f"{each.on}  {term('tag', each.tag, lang)} {term('stage', each.label, lang)}"
            for each in report.milestones
        ),
    )
    yield "demo.tasks", _tally("task_state", report.tasks, lang)
    yield "demo.goals", _tally("goal_state", report.goals, lang)
    yield "demo.deadlines", text("demo.deadlines.value", lang, **_deadlines(report))
    yield "demo.notices", text("demo.notices.value", lang, **_notices(report))
    yield "demo.events", str(report.events)


def _deadlines(report: RehearsalReport) -> dict[str, int]:
    return {
        "total": len(report.deadlines),
        "met": sum(1 for each in report.deadlines if each["status"] == "met"),
        "breached": sum(1 for each in report.deadlines if each["breached_at"]),
        "clashes": len({each.deadline for each in report.clashes}),
    }


def _notices(report: RehearsalReport) -> dict[str, int]:
    rungs = Counter(report.rungs)
    escalated = rungs["L1"] + rungs["L2"]
    return {
        "reminders": rungs.total() - escalated,
        "urges": rungs["L1"],
        "cards": rungs["L2"],
        "late": report.late_notices,
    }


def _tally(prefix: str, counted: dict[str, int], lang: Language) -> str:
    return "  ".join(f"{term(prefix, state, lang)} {n}" for state, n in counted.items())


def _tell(report: RehearsalReport, out: Console, lang: Language) -> None:
    out.print(f"{_mark(report.held)} {_said(report.script, report.script_en, lang)}")
    for verdict in report.verdicts:
        says = _said(verdict.says, verdict.says_en, lang)
        line = text("demo.as_seen", lang, says=says, seen=verdict.seen)
        out.print(f"   {_mark(verdict.met)} {line}")
    if report.problems.registered:
        out.print(f"   {text('rehearse.problems', lang, **report.problems.model_dump())}")


def _mark(held: bool) -> str:
    return "✓" if held else "✗"


def _verify(reports: Sequence[RehearsalReport], out: Console, lang: Language) -> None:
    first = reports[0]
    if first.findings:
        found = text("demo.trail.bad", lang, count=len(first.findings), first=first.findings[0])
    else:
        found = text("demo.trail.good", lang, entries=first.entries_checked)
    out.print(f"{_mark(not first.findings)} {text('demo.trail', lang)}: {found}")


def _prove(proof: Proof, out: Console, lang: Language) -> None:
    whole, draws = proof
    size = f"{whole.size / 1_000_000:.1f}"
    says = text("demo.proof", lang, entries=whole.entries, size=size, status=whole.status)
    out.print(f"{_mark(whole.status == 0)} {says}")
    said = text("demo.proof.altered", lang, status=whole.altered_status, found=whole.found)
    out.print(f"{_mark(whole.altered_status == 1)} {said}")
    says = text("demo.draws", lang, draws=draws.draws, status=draws.status)
    out.print(f"{_mark(draws.status == 0)} {says}")
    says = text("demo.draws.altered", lang, status=draws.altered_status)
    out.print(f"{_mark(draws.altered_status == 1)} {says}")


def _conclude(
    reports: Sequence[RehearsalReport], proof: Proof, out: Console, lang: Language, seconds: float
) -> int:
    wrong = [line for report in reports for line in _wrong(report, lang)]
    if not proof.is_good:
        wrong.append(text("demo.proof.wrong", lang))
    for line in wrong:
        out.print(f"✗ {line}")
    if wrong or not all(report.held for report in reports):
        out.print(text("demo.failed", lang, count=len(wrong)))
        return 1
    out.print(text("demo.held", lang, seconds=f"{seconds:.0f}"))
    return 0


def _wrong(report: RehearsalReport, lang: Language) -> Iterator[str]:
    for each in report.surprises:
        fields = {"step": each.step, "expected": each.expected, "answer": each.answer}
        yield f"{report.no} {text('demo.surprise', lang, **fields)}"
    for verdict in report.verdicts:
        if not verdict.met:
            yield f"{report.no} {_said(verdict.says, verdict.says_en, lang)}"
