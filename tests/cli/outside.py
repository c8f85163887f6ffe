"""What was taken over from outside, and a door to it that judges as the store does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from duban.cli.services import Intake
from duban.domain import circulars, tickets
from duban.domain.circulars import CircularEntry
from duban.domain.events import Event
from duban.domain.outside import Import, refused
from duban.domain.roles import Action, Person
from duban.domain.tickets import Taken

Who = tuple[Sequence[Person], datetime]


class Outside(list[Event]):
    """What was said when something was taken over; `named` are the persons circulars name."""

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, str] = {}

    def folded(self, kind: str, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Return the objects of a kind under some of their keys."""
        found: dict[str, dict[str, Any]] = {}
        for change in (change for event in self for change in event.changes):
            if change.kind == kind and change.id in keys:
                found.setdefault(change.id, {}).update(change.after)
        return found


class FakeIntake(Intake):
    """Takes over as the store does, into the world."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    async def take(self, asked: Import, numbers: Sequence[str], who: Who) -> dict[str, Taken]:
        """Take what nobody has."""
        self._permit(asked, Action.REGISTER_PROBLEM, who[0])
        rows = self._outside.folded("ticket", numbers)
        known = {no: Taken.model_validate(row) for no, row in rows.items()}
        self._keep(tickets.taking(asked, tuple(numbers), known, (0, who[1])))
        return known

    async def note(self, asked: Import, problems: Mapping[str, str], now: datetime) -> None:
        """Note the problems."""
        self._keep(tickets.registered(asked, problems, (0, now)))

    async def record(
        self, asked: Import, entries: Sequence[CircularEntry], named: Mapping[str, str], who: Who
    ) -> dict[str, CircularEntry]:
        """Record what is not known."""
        self._permit(asked, Action.DRAFT_CIRCULAR, who[0])
        slotted = [
            each.model_copy(update={"named": "person.1" if each.key in named else None})
            for each in entries
        ]
        rows = self._outside.folded("circular", [each.key for each in entries])
        known = {key: CircularEntry.model_validate(row) for key, row in rows.items()}
        self._keep(circulars.recording(asked, slotted, known, (0, who[1])))
        self._outside.named.update(named)
        return known

    async def named_in(self, key: str) -> str | None:
        """Return whom an entry names."""
        return self._outside.named.get(key)

    def _permit(self, asked: Import, action: Action, people: Sequence[Person]) -> None:
        why = refused(asked, action, people)
        if why is not None:
            raise why

    def _keep(self, event: Event | None) -> None:
        if event is not None:
            self._outside.append(event)
