"""`duban problem list`: pages, numbers and counts of problems by filters and by words."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any

import typer

from duban.cli import columns
from duban.cli.errors import UsageFault
from duban.cli.knowing import levels_known
from duban.cli.output import Column, Destination, destination, show_rows
from duban.cli.problems import problem_noun
from duban.cli.reading import WHO_READS
from duban.cli.services import Reader, Row
from duban.cli.session import Session
from duban.cli.typed import CAMPAIGN, MANY, OUTPUT, UNIT
from duban.cli.verbs import Given, Param, number, option, repeated, verb
from duban.domain.problem.words import (
    AccessLevel,
    ProblemSource,
    ProblemState,
    ProblemType,
    RectifyClass,
    Severity,
)
from duban.store.problems import MOST, ProblemFilter, campaign_of
from duban.texts import Language, term

_COUNTS = (Column("state", "problem_state"), Column("counted", right=True))
_BOUNDED = (*_COUNTS, Column("at_least"))
_WORDS: Mapping[type[StrEnum], str] = {
    ProblemState: "problem_state",
    ProblemType: "problem_type",
    Severity: "severity",
    RectifyClass: "rectify_class",
    ProblemSource: "source",
}


def _only(name: str) -> Param:
    flag = typer.Option(f"--{name.replace('_', '-')}")
    return Param(name, Annotated[bool, flag], False)


FILTERS = (
    repeated("state", "STATE", must=False),
    UNIT,
    option("type", "TYPE"),
    option("severity", "SEVERITY"),
    option("rectify_class", "CLASS", flag="--class"),
    option("source", "SOURCE"),
    option("text", "WORDS"),
    _only("hard_bone"),
    _only("breached"),
    number("streak", "N"),
    _only("stagnant"),
    _only("recurred"),
)
"""What problems are looked for by; read by `filter_of`."""


def filter_of(given: Given, campaign: str | None, **more: Any) -> ProblemFilter:
    """Return the filter that was typed; values are codes or words of either language.

    Raises:
        UsageFault: `usage.BadParameter`.
    """
    states = tuple(_value(ProblemState, "--state", each) for each in given.state or ())
    return ProblemFilter(
        campaign=campaign,
        states=states or None,
        unit=given.unit,
        problem_type=_chosen(ProblemType, "--type", given.type),
        severity=_chosen(Severity, "--severity", given.severity),
        rectify_class=_chosen(RectifyClass, "--class", given.rectify_class),
        source=_chosen(ProblemSource, "--source", given.source),
        hard_bone=given.hard_bone or None,
        stagnant=given.stagnant or None,
        breached=given.breached or None,
        streak=given.streak,
        recurred=given.recurred or None,
        text=given.text,
        **more,
    )


def _chosen(kind: type[StrEnum], flag: str, said: str | None) -> str | None:
    return None if said is None else _value(kind, flag, said)


def _value(kind: type[StrEnum], flag: str, said: str) -> str:
    for each in kind:
        if said in {each.value, *(term(_WORDS[kind], each, lang) for lang in Language)}:
            return each.value
    known = ", ".join(kind)
    raise UsageFault("usage.BadParameter", param=flag, reason=f"{said} ({known})")


@verb(
    problem_noun,
    "list",
    CAMPAIGN,
    *FILTERS,
    _only("count"),
    option("after", "PROBLEM"),
    number("limit", "N", default=MANY),
    *WHO_READS,
    OUTPUT,
)
def list_problems(session: Session, given: Given) -> None:
    """List problems by their numbers, a page at a time, or count them by state."""
    to = destination(given.output)
    if given.after is not None and not campaign_of(given.after):
        raise UsageFault("usage.BadParameter", param="--after", reason=given.after)
    # One more than is shown tells whether there is another page.
    wanted = filter_of(given, given.campaign, after=given.after, limit=given.limit + 1)
    rows, hidden = session.run(_listed(session, given, wanted))
    if given.count:
        _show_counts(session, rows, to)
    else:
        shown = rows[: given.limit]
        show_rows(session, shown, columns.PROBLEMS, to)
        if len(rows) > len(shown):
            session.err.print(session.say("list.next_page", key=shown[-1]["no"]))
    if hidden:
        session.err.print(session.say("list.hidden", hidden=hidden))


def _show_counts(session: Session, rows: list[Row], to: Destination) -> None:
    bounded = any(each["at_least"] for each in rows)
    show_rows(session, rows, _BOUNDED if bounded else _COUNTS, to)
    if bounded:
        session.err.print(session.say("list.at_least", most=MOST))


async def _listed(session: Session, given: Given, wanted: ProblemFilter) -> tuple[list[Row], int]:
    """Return the rows that are shown, and how many problems are not shown to who reads."""
    async with session.services.reader(session.settings) as reader:
        levels = await levels_known(session, reader, given, (given.campaign, given.unit))
        known = replace(wanted, levels=levels)
        rows = await (_counted if given.count else _page)(reader, known)
        return rows, await _hidden(reader, wanted, levels)


async def _page(reader: Reader, wanted: ProblemFilter) -> list[Row]:
    found = await reader.problems(wanted)
    return [{"campaign": each.campaign, **each.doc} for each in found]


async def _hidden(reader: Reader, wanted: ProblemFilter, levels: tuple[str, ...]) -> int:
    """Return how many are not shown; of a text it is not told, or words could be tried on them."""
    rest = tuple(each.value for each in AccessLevel if each.value not in levels)
    if not rest or wanted.text is not None:
        return 0
    return (await reader.problem_counts(replace(wanted, levels=rest, after=None))).total


async def _counted(reader: Reader, wanted: ProblemFilter) -> list[Row]:
    found = await reader.problem_counts(wanted)
    order = {state.value: place for place, state in enumerate(ProblemState)}
    totals: dict[str, int] = {}
    for (state, _), count in found.numbers.items():
        totals[state] = totals.get(state, 0) + count
    ordered = sorted(totals.items(), key=lambda each: order.get(each[0], len(order)))
    if found.at_least and not ordered:
        ordered = [("", 0)]  # None among those that were counted, which is not none at all.
    more = found.at_least
    return [{"state": state or None, "counted": n, "at_least": more} for state, n in ordered]
