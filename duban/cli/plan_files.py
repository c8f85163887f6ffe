"""`duban plan`, and what campaigns need of plan files: reading with every fault told, calendars."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from duban.cli import calendar_books as books
from duban.cli.errors import Status
from duban.cli.output import Column, Format, destination, show_json, show_rows
from duban.cli.parsing import day
from duban.cli.session import Session
from duban.cli.typed import OUTPUT
from duban.cli.verbs import Given, argument, noun, required, verb
from duban.domain.calendars import Calendar
from duban.domain.plan import CampaignPlan
from duban.domain.plan_shift import shift_plan
from duban.domain.policy import PolicyVersion
from duban.seeds import published_calendar
from duban.texts import Language, explain, text
from duban.workbook import CellProblem, PlanFileInvalid, read_plan, write_plan

plan_noun = noun()

_FIRST_YEAR = 2010
_YEARS_AHEAD = 10
_BEFORE_LAUNCH = timedelta(days=31)
_AFTER_CLOSE = timedelta(days=430)
"""Six months of watching, the look-backs, and room for a campaign that is suspended for a while."""

_PLACE = ("sheet", "row", "column")
PROBLEM_COLUMNS = (
    Column("sheet"),
    Column("row", right=True),
    Column("column"),
    Column("reason"),
    Column("code"),
)


def reading_calendar(session: Session) -> Calendar:
    """Return a calendar wide enough for any plan an office may hold in its hands."""
    return published_calendar(_FIRST_YEAR, session.today.year + _YEARS_AHEAD)


async def calendar_of(session: Session, plan: CampaignPlan) -> Calendar:
    """Return the calendar a campaign is started with: from before its launch to after its watch."""
    # The draft's own clock starts today, which may be long before the launch.
    first = min(plan.launch_on, session.today) - _BEFORE_LAUNCH
    last = plan.close_on + _AFTER_CLOSE
    calendar = await books.calendar_for(session, first, last)
    return calendar.window(first, last)


def read(session: Session, path: str) -> CampaignPlan:
    """Return the plan in a file.

    Raises:
        PlanFileInvalid: with everything wrong in it.
    """
    return read_plan(Path(path), calendar=reading_calendar(session), policy=PolicyVersion())


def problem_rows(problems: Sequence[CellProblem], lang: Language) -> list[dict[str, Any]]:
    """Return the faults of a file as rows, each with its reason in words."""
    return [{**each.plain(), "reason": explain(each.code, each.params, lang)} for each in problems]


def problem_lines(problems: Sequence[CellProblem], lang: Language) -> Iterator[str]:
    """Yield a line per fault: sheet, row, column, code, reason."""
    for each in problem_rows(problems, lang):
        place = text("plan.place", lang, **{name: each[name] for name in _PLACE})
        yield f"{place}  {each['code']}  {each['reason']}"


@verb(plan_noun, "check", argument("file"), OUTPUT)
def check(session: Session, given: Given) -> int:
    """Look a plan file over: every fault with sheet, row, column and reason; nothing is started."""
    to = destination(given.output)
    try:
        plan = read(session, given.file)
    except PlanFileInvalid as error:
        show_rows(session, problem_rows(error.problems, session.lang), PROBLEM_COLUMNS, to)
        session.err.print(explain(error.code, error.params, session.lang))
        return Status.REFUSED
    counts: dict[str, Any] = {
        "no": plan.no,
        "title": plan.title,
        "units": len(plan.units),
        "tasks": len(plan.tasks),
        "goals": len(plan.goals),
        "phases": len(plan.phases),
    }
    if to.format is Format.JSON:
        show_json(session, {**counts, "problems": []})
    else:
        session.print("plan.sound", **counts)
    return Status.DONE


@verb(plan_noun, "shift", argument("file"), argument("out"), required("launch", "YYYY-MM-DD"))
def shift(session: Session, given: Given) -> None:
    """Move a plan to another launch date, every working-day distance kept."""
    launch = day(given.launch)
    plan = read(session, given.file)
    days = (launch, plan.launch_on, launch + (plan.close_on - plan.launch_on))
    last = max(days) + _AFTER_CLOSE
    new = session.run(books.calendar_for(session, min(days), last))
    moved = shift_plan(plan, launch, old=reading_calendar(session), new=new)
    write_plan(moved, Path(given.out))
    session.print(
        "plan.shifted", no=moved.no, path=given.out, launch=launch.isoformat(), close=moved.close_on
    )
    if new.is_provisional(moved.close_on):
        session.err.print(
            session.say("plan.provisional", through=new.published_through.isoformat())
        )
