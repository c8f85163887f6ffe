"""What was taken over from outside, and a door to it that judges as the store does."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from duban.cli.services import Intake, ListKeeper
from duban.domain import circulars, tickets
from duban.domain.campaign.draw_records import SealedLists
from duban.domain.circulars import CircularEntry
from duban.domain.draw.drawing import Target
from duban.domain.draw.places import Lists
from duban.domain.events import Event
from duban.domain.outside import Import, refused
from duban.domain.roles import Action, Person
from duban.domain.tickets import Taken
from duban.inspection_contracts import LEADER, Handed
from duban.proof.sealing import SealKey, seal
from tests.support.inspections import TARGET

Who = tuple[Sequence[Person], datetime]


class Outside(list[Event]):
    """What was said when something was taken over; `named` are the persons circulars name.

    `lists` are those of draws that were sealed, `keys` those to which a target was handed out, and
    `pauses` the seconds that were waited.
    """

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, str] = {}
        self.lists: list[tuple[str, Lists]] = []
        self.keys: list[str] = []
        self.pauses: list[float] = []

    async def pause(self, seconds: float) -> None:
        """Note that somebody waits, and let the time be over."""
        self.pauses.append(seconds)

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


class FakeLists(ListKeeper):
    """Keeps the lists of draws in the world, in the clear."""

    def __init__(self, outside: Outside) -> None:
        self._kept = outside.lists

    async def hand_in(self, stream: str, lists: Lists) -> SealedLists:
        """Keep the lists."""
        self._kept.append((stream, lists))
        return SealedLists(package=f"package-{len(self._kept)}", digest="c" * 64)


def handed(key: str) -> Handed:
    """Return the target of the tests' inspection, sealed to a key as a worker seals it."""
    target = Target(**{name: getattr(TARGET, name) for name in Target.model_fields})
    box = seal(target.model_dump_json().encode(), SealKey(LEADER, bytes.fromhex(key))).box
    return Handed(box=box.hex())
