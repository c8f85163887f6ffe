"""What a campaign keeps of its inspections: a line of each, and how often each unit was seen."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, Self

from pydantic import Field

from duban.domain.inspection.records import Order
from duban.domain.inspection.words import InspectionKind, InspectionState
from duban.domain.model import Ident, Model, Text
from duban.domain.problem.registration import is_nothing
from duban.domain.roles import Actor


class DrawTerms(Model):
    """What the draw of an order has to know of it besides its inspections."""

    scope: tuple[Ident, ...]
    inspectors: int
    quotas: dict[str, int] = Field(default_factory=dict)
    budget_doc: str = ""
    repeat_reason: str = ""


class InspectionLine(Model):
    """A line of the inspections: one, as far as its campaign has to know it.

    `order` is there until the inspection has been opened from it, `terms` where it is drawn, and
    `first` names the first inspection of the same order. `unit` and `on` (the day of check-in) are
    known from the start where a target is named, and from check-in on where it is drawn (SEC1).
    `lost` is the last of its draws that was made void.
    """

    no: Ident
    kind: InspectionKind
    theme: Text
    leader: Ident
    first: Ident
    starts_on: date
    phase: int
    state: InspectionState
    order: Order | None = None
    ordered_by: Actor | None = None
    request_id: str | None = None
    terms: DrawTerms | None = None
    draw: Ident | None = None
    lost: Ident | None = None
    unit: Ident | None = None
    on: date | None = None
    is_over: bool = False
    heard: int = -1

    @property
    def carried(self) -> Self:
        """What has to be carried of it: once a team was there, nothing is drawn for it again."""
        return self if self.on is None else self.model_copy(update={"terms": None})


_OF_THOSE_MADE: Final = (
    *("kind", "theme", "leader", "first", "starts_on", "phase", "state"),
    *("draw", "lost", "unit", "on", "heard"),
)


def brief_lines(lines: Mapping[str, InspectionLine]) -> dict[str, Any]:
    """Return lines in few bytes: a thousand may wait until they can be closed.

    Of one that was made the values alone are told. Of an order that is not drawn yet the terms
    stand in its first line alone; the others name it.
    """
    holders: dict[str, str] = {}
    said: dict[str, Any] = {no: _brief(line) for no, line in lines.items()}
    for no, line in lines.items():
        if line.terms is None:
            continue
        holder = holders.setdefault(line.first, no)
        if holder != no and lines[holder].terms == line.terms:
            said[no]["terms"] = holder
    return said


def _brief(line: InspectionLine) -> dict[str, Any] | list[Any]:
    said = line.model_dump(mode="json", exclude_defaults=True)
    if line.on is not None and said.keys() <= {"no", *_OF_THOSE_MADE}:
        return [said.get(name) for name in _OF_THOSE_MADE]
    return said


def whole_lines(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return lines as their fields, from `brief_lines` or as they were written before that."""
    return {no: _whole(no, line, said) for no, line in said.items()}


def _whole(no: str, line: Any, said: Mapping[str, Any]) -> Any:
    if isinstance(line, list):
        fields = dict(zip(_OF_THOSE_MADE, line, strict=True))
        return {"no": no, **{name: value for name, value in fields.items() if value is not None}}
    holder = line.get("terms") if isinstance(line, dict) else None
    return {**line, "terms": said[holder]["terms"]} if isinstance(holder, str) else line


class Coming(Model):
    """A contact that the plan has in store for a named unit (f.2)."""

    inspection: Ident
    unit: Ident
    on_day: date
    theme: Text


class UnitSeen(Model):
    """How often and for what a unit was seen, as far as the next inspection must know (f.2, K46).

    `contacts` counts by month, `phases` by phase; `themes` has the last day of each; `effect` are
    the phases in which its effect was checked.
    """

    contacts: dict[str, int] = Field(default_factory=dict, exclude_if=is_nothing)
    themes: dict[str, date] = Field(default_factory=dict, exclude_if=is_nothing)
    phases: dict[int, int] = Field(default_factory=dict, exclude_if=is_nothing)
    effect: tuple[int, ...] = Field(default=(), exclude_if=is_nothing)

    def and_then(self, line: InspectionLine, on: date, days: int) -> "UnitSeen":
        """Return this with one inspection more; what no rule asks for any more is let go.

        Themes count for `days`, contacts in their month.
        """
        last = month_of(on)
        before = month_of(on.replace(day=1) - timedelta(days=1))
        contacts = {**self.contacts, last: self.contacts.get(last, 0) + 1}
        is_effect = line.kind is InspectionKind.PERIODIC_EFFECT_CHECK
        since = on - timedelta(days=days)
        return UnitSeen(
            contacts={month: n for month, n in contacts.items() if month >= before},
            themes={t: day for t, day in {**self.themes, line.theme: on}.items() if day >= since},
            phases={**self.phases, line.phase: self.phases.get(line.phase, 0) + 1},
            effect=tuple(sorted({*self.effect, *([line.phase] if is_effect else [])})),
        )


def month_of(day: date) -> str:
    """Return a day's month, such as `2019-03`."""
    return day.isoformat()[:7]
