"""`duban campaign rehearse`: a plan's whole course on one page, before anyone launches it."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.cells import set_cell_size
from rich.control import Control
from rich.segment import ControlType

from duban.cli import plan_files
from duban.cli.campaigns import campaign_noun
from duban.cli.errors import Status
from duban.cli.output import (
    Column,
    Destination,
    Format,
    Sheet,
    destination,
    show_json,
    show_rows,
    write_xlsx,
)
from duban.cli.session import Session
from duban.cli.typed import OUT, OUTPUT_XLSX
from duban.cli.verbs import Given, argument, option, verb
from duban.domain.counting import local_date
from duban.texts import Language

if TYPE_CHECKING:
    from duban.rehearsal import RehearsalReport, Tick

_LINE = 72
_LINE_AGAIN = Control(ControlType.CARRIAGE_RETURN, (ControlType.ERASE_IN_LINE, 2))
_DEADLINES = (
    Column("id"),
    Column("code", "deadline"),
    Column("object_type", "kind"),
    Column("object_id"),
    Column("holder", "role"),
    Column("start_on"),
    Column("original_due_on"),
    Column("current_due_on"),
    Column("provisional"),
    Column("clash", "clash"),
    Column("reminders", right=True),
    Column("status", "deadline_status"),
)
_NOTICES = (
    Column("sent_at"),
    Column("rung", "rung"),
    Column("recipient"),
    Column("object_type", "kind"),
    Column("object_id"),
    Column("due_on"),
    Column("late"),
)
_NOTICE_DAYS = (
    Column("sent_on"),
    Column("rung", "rung"),
    Column("reminders", right=True),
    Column("objects"),
)
_SCRIPT = option("script", "STORY.yaml")


@verb(campaign_noun, "rehearse", argument("file"), _SCRIPT, OUTPUT_XLSX, OUT)
def rehearse(session: Session, given: Given) -> int:
    """Play a plan on the real workflows with a clock that jumps; nothing of it is the record."""
    to = destination(given.output, Path(given.out) if given.out else None, xlsx=True)
    plan = plan_files.read(session, given.file)
    script = Path(given.script) if given.script else None
    calendar = session.run(plan_files.calendar_of(session, plan))
    report = session.run(
        session.services.machine.rehearse(
            session.settings, (plan, calendar, script), lambda tick: _tell(session, tick)
        )
    )
    if session.err.is_terminal:
        session.err.print()
    show_report(session, report, to)
    return Status.DONE if report.held else Status.ERROR


def _tell(session: Session, tick: "Tick") -> None:
    if session.err.is_terminal:
        on = local_date(tick.now).isoformat()
        line = session.say("rehearse.at", on=on, step=tick.step)
        session.err.control(_LINE_AGAIN)
        session.err.print(line, end="")


def show_report(session: Session, report: "RehearsalReport", to: Destination) -> None:
    """Write a report: one page for people, everything as JSON or XLSX, the deadlines as CSV."""
    deadlines = deadline_rows(report)
    if to.format is Format.JSON:
        show_json(session, {**report.plain(), "held": report.held})
    elif to.format is Format.XLSX and to.out is not None:
        first = Sheet(session.say("rehearse.sheet.deadlines"), deadlines, _DEADLINES)
        second = Sheet(session.say("rehearse.sheet.notices"), report.notices, _NOTICES)
        write_xlsx(session, to.out, [first, second])
    elif to.format is Format.CSV:
        show_rows(session, deadlines, _DEADLINES, to)
    else:
        for line in page(session, report):
            session.out.print(line)
        show_rows(session, deadlines, _DEADLINES, to)
        session.out.print()
        show_rows(session, notice_days(report), _NOTICE_DAYS, to)
        session.out.print()
        for line in verdict(session, report):
            session.out.print(line)


def notice_days(report: "RehearsalReport") -> list[dict[str, Any]]:
    """Return a row per day and rung: how many notices go out, and about what."""
    found: dict[tuple[str, str], list[str]] = {}
    for notice in report.notices:
        on = local_date(datetime.fromisoformat(str(notice["sent_at"]))).isoformat()
        found.setdefault((on, str(notice["rung"])), []).append(str(notice["object_id"]))
    return [
        {"sent_on": on, "rung": rung, "reminders": len(about), "objects": sorted(set(about))}
        for (on, rung), about in sorted(found.items())
    ]


def deadline_rows(report: "RehearsalReport") -> list[dict[str, Any]]:
    """Return every deadline with what it clashes with and how many notices went out on it."""
    clashes: dict[str, list[str]] = {}
    for clash in report.clashes:
        clashes.setdefault(clash.deadline, []).append(clash.kind)
    sent: dict[str, int] = {}
    for notice in report.notices:
        key = str(notice.get("deadline"))
        sent[key] = sent.get(key, 0) + 1
    rows = [
        {
            **row,
            "clash": clashes.get(str(row["id"]), []),
            "reminders": sent.get(str(row["id"]), 0),
        }
        for row in report.deadlines
    ]
    return sorted(rows, key=lambda row: (str(row["current_due_on"]), str(row["id"])))


def page(session: Session, report: "RehearsalReport") -> Iterator[str]:
    """Yield the head of the page: who, milestones on a line, and their dates."""
    script = report.script_en if session.lang is Language.EN else report.script
    yield f"{report.no}  {report.title}  {script or report.script}"
    yield session.say(
        "rehearse.counts",
        deadlines=len(report.deadlines),
        notices=len(report.notices),
        events=report.events,
        clashes=len(report.clashes),
    )
    if report.problems.registered:
        yield session.say("rehearse.problems", **report.problems.model_dump())
    yield ""
    yield from _timeline(session, report)
    for each in report.milestones:
        words = [each.on.isoformat(), session.term("tag", each.tag), _label(session, each.label)]
        yield "  " + "  ".join(words)
    yield ""


def _label(session: Session, label: str) -> str:
    gate = session.term("gate", label)
    return gate if gate != label else session.term("stage", label)


def _timeline(session: Session, report: "RehearsalReport") -> Iterator[str]:
    """Yield three lines over the whole period: milestones, due dates and notices by their place."""
    due = [date.fromisoformat(str(row["current_due_on"])) for row in report.deadlines]
    sent = [local_date(datetime.fromisoformat(str(row["sent_at"]))) for row in report.notices]
    marks = [each.on for each in report.milestones]
    days = [*due, *sent, *marks]
    if not days:
        return
    first, last = min(days), max(days)
    for key, found, sign in (("milestones", marks, "◆"), ("due", due, "●"), ("sent", sent, "·")):
        label = set_cell_size(session.say(f"rehearse.line.{key}"), 12)
        yield f"{label}{_dotted(found, first, last, sign)}".rstrip()
    gap = " " * max(_LINE - 2 * len(first.isoformat()), 1)
    yield f"{' ' * 12}{first.isoformat()}{gap}{last.isoformat()}"
    yield ""


def _dotted(days: Sequence[date], first: date, last: date, sign: str) -> str:
    length = max((last - first).days, 1)
    places = {(on - first).days * (_LINE - 1) // length for on in days}
    return "".join(sign if place in places else " " for place in range(_LINE))


def verdict(session: Session, report: "RehearsalReport") -> Iterator[str]:
    """Yield what the script expected and whether the trail bears it out."""
    for each in report.verdicts:
        says = each.says_en if session.lang is Language.EN else each.says
        mark = session.say("mark.yes" if each.met else "mark.no")
        yield f"{mark}  {says or each.says} ({each.seen})"
    for surprise in report.surprises:
        yield session.say(
            "rehearse.surprise",
            on=local_date(surprise.at).isoformat(),
            step=surprise.step,
            expected=surprise.expected,
            answer=surprise.answer,
        )
    for finding in report.findings:
        yield session.say("rehearse.finding", finding=finding)
    yield session.say("rehearse.held" if report.held else "rehearse.not_held")
