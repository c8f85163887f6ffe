"""What a draw has to know of each unit (f.2, f.3): counted from the ledger and the boxes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from duban.domain.draw.basis import UnitFacts
from duban.inspection_contracts import (
    ToFreeze,
)


class Checked(NamedTuple):
    """An inspection of a unit: the day it was made, or today where it is still sealed."""

    inspection: str
    unit: str
    on_day: date
    theme: str
    drawn: bool


def facts_of(
    checks: Iterable[Checked], doubts: Iterable[Mapping[str, Any]], asked: ToFreeze
) -> dict[str, UnitFacts]:
    """Return the facts of every unit of which there is one.

    Contacts are those of the month in which the teams go, which may be the next one.
    """
    month, theme = asked.goes_on or asked.terms.on, asked.terms.theme
    found: dict[str, dict[str, Any]] = {}
    for row in doubts:
        found[row["unit"]] = dict(row)
    for each in checks:
        known = found.setdefault(each.unit, {"unit": each.unit})
        if (each.on_day.year, each.on_day.month) == (month.year, month.month):
            known["contacts"] = known.get("contacts", 0) + 1
        if each.theme == theme:
            known["same_theme_on"] = max(each.on_day, known.get("same_theme_on", each.on_day))
        if each.drawn and each.on_day >= asked.since:
            known["drawn_this_cycle"] = True
    return {unit: UnitFacts(**known) for unit, known in found.items()}
