"""Question 30: units that were not drawn this phase, and units checked more often than allowed.

A unit is counted once its team was there. One that is drawn and still sealed counts as not drawn:
whoever asks learns nothing of it (SEC1).
"""

from collections import Counter
from collections.abc import Iterator

from duban.domain.model import Document
from duban.domain.plan import UnitKind
from duban.questions.answer import Column, Row, Shape
from duban.questions.columns import UNIT
from duban.questions.entries import Entry
from duban.questions.history import History
from duban.questions.question import Asked, Reply


def _rarely_or_often(history: History, _: Asked) -> Iterator[Row]:
    """30: units without a drawn check in the phase, and those over the budget of a month (f.2).

    Budget: so many contacts of all kinds a month (`inspection.contacts_per_month`), of this
    campaign; those of others are counted where a draw is frozen.
    """
    phase = history.campaign["current_phase"]
    budget = history.policy.inspection.contacts_per_month
    for code, unit in history.table("unit").items():
        if unit["kind"] == UnitKind.BODY:
            continue
        made = [each for each in _made(history) if each["unit"] == code]
        now = [each for each in made if each["phase"] == phase]
        months = Counter(str(each["on"])[:7] for each in made)
        over = [f"{month}: {count}" for month, count in months.items() if count > budget]
        drawn = sum(1 for each in now if each.get("draw"))
        if not drawn or over:
            cells: Document = {
                "unit": code,
                "unit_name": unit["name"],
                "phase": phase,
                "times_drawn": drawn,
                "checks": len(now),
                "over_budget": [*over],
                "budget": budget,
            }
            yield Row(cells, _rests_on(history, code, made), units=(code,))


def _made(history: History) -> Iterator[Document]:
    """Yield the inspections whose team was there."""
    return (each for each in history.table("inspection_line").values() if each.get("on"))


def _rests_on(history: History, code: str, made: list[Document]) -> tuple[Entry, ...]:
    began = (history.own[0], *history.first("unit", code))
    there = (e for each in made for e in history.setting("inspection_line", each["no"], "on"))
    return (*began, *there)


RARELY_OR_OFTEN = Reply(
    (
        UNIT,
        Column("unit_name"),
        Column("phase", Shape.NUMBER),
        Column("times_drawn", Shape.NUMBER),
        Column("checks", Shape.NUMBER),
        Column("over_budget", Shape.LIST),
        Column("budget", Shape.NUMBER),
    ),
    _rarely_or_often,
)
