"""Whether the trail bears a script's expectations out."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from duban.domain.counting import SHANGHAI
from duban.domain.events import Event
from duban.domain.model import Document, Model
from duban.rehearsal.script import Expectation, meant

Told = tuple[str, Event]
"""An event, behind the number of the entity that says it."""


class Verdict(Model):
    """One expectation of the script and whether the trail bears it out."""

    says: str
    says_en: str
    met: bool
    seen: int


def shanghai_day(instant: datetime) -> date:
    """Return the Shanghai date of an instant."""
    return instant.astimezone(SHANGHAI).date()


def verdict(expected: Expectation, told: list[Told], made: Mapping[str, str]) -> Verdict:
    """Judge an expectation by what was said; `made` has the ids behind the names of steps."""
    on = made.get(expected.on, expected.on)
    where = {path: meant(wanted, made) for path, wanted in expected.where.items()}
    fitting = (event for no, event in told if on in ("", no) and event.tag == expected.tag)
    seen = sum(1 for event in fitting if _fits(where, event))
    met = seen == expected.count if expected.count is not None else seen >= expected.at_least
    return Verdict(says=expected.says, says_en=expected.says_en, met=met, seen=seen)


def _fits(where: Mapping[str, Any], event: Event) -> bool:
    plain: dict[str, Any] = {
        **event.plain(),
        "day": shanghai_day(event.occurred_at).isoformat(),
        "changes": _changes(event),
    }
    return all(_holds(list(_at(plain, path.split("."))), wanted) for path, wanted in where.items())


def _holds(values: list[Any], wanted: Any) -> bool:
    if wanted is None:
        return all(value is None for value in values)
    return str(wanted) in [str(value) for value in values]


def _changes(event: Event) -> dict[str, list[Document]]:
    found: dict[str, list[Document]] = {}
    for change in event.changes:
        found.setdefault(change.kind, []).append(change.after)
    return found


def _at(value: Any, path: list[str]) -> Iterator[Any]:
    """Yield every value at a dotted path; a list stands for each of its members."""
    if isinstance(value, list | tuple):
        for each in value:
            yield from _at(each, path)
    elif not path:
        yield value
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])
