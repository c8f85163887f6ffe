"""Taking over what others have kept: tickets of the hotline, entries of earlier circulars.

Both stand in streams that all campaigns share. What is new is judged by what the ledger holds once
the end of the stream is known; who speaks in between makes the entry fail, and it is judged anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from duban.contracts import Record
from duban.domain import circulars, tickets
from duban.domain.circulars import CIRCULAR_STREAM, CircularEntry
from duban.domain.errors import RuleViolation
from duban.domain.events import Event
from duban.domain.outside import Import, Place, refused
from duban.domain.roles import Action, Person
from duban.domain.tickets import TICKET_STREAM, Taken
from duban.store import ledger, trail
from duban.store.audit import AuditStore
from duban.store.drafts import AppendResult
from duban.store.payloads import Payload
from duban.store.places import at_the_end
from duban.store.pool import reachable
from duban.store.queries import SQL

Who = tuple[Sequence[Person], datetime]
"""The register that knows who acts, and the time."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The doors of imports: `pool` reads, `store` writes, `supervisor` reads personal texts.

    All methods raise `DatabaseUnavailable` when PostgreSQL does not answer or refuses a login.
    """

    pool: asyncpg.Pool
    store: AuditStore
    supervisor: asyncpg.Pool

    async def take(self, asked: Import, numbers: Sequence[str], who: Who) -> dict[str, Taken]:
        """Take the tickets that nobody has; return those that somebody had, by their numbers.

        Raises:
            RuleViolation: the actor may not; the attempt is on the trail.
        """
        await self._permit(asked, who, _TICKETS)
        known: dict[str, Taken] = {}

        async def attempt(seq: int) -> AppendResult:
            found = await ledger.some(self.pool, "ticket", TICKET_STREAM, numbers)
            known.clear()
            known.update({each.id: Taken.model_validate(each.doc) for each in found})
            event = tickets.taking(asked, tuple(numbers), known, (seq, who[1]))
            return await self._append(TICKET_STREAM, seq, event)

        await at_the_end(self.pool, TICKET_STREAM, attempt)
        return known

    async def note(self, asked: Import, problems: Mapping[str, str], now: datetime) -> None:
        """Say as which problems tickets that were taken have been registered."""

        async def attempt(seq: int) -> AppendResult:
            event = tickets.registered(asked, problems, (seq, now))
            return await self._append(TICKET_STREAM, seq, event)

        await at_the_end(self.pool, TICKET_STREAM, attempt)

    async def record(
        self, asked: Import, entries: Sequence[CircularEntry], named: Mapping[str, str], who: Who
    ) -> dict[str, CircularEntry]:
        """Record the entries that are not known yet; return those that are, by their keys.

        `named` says by key whom an entry names; that stands apart, as a personal text.

        Raises:
            RuleViolation: the actor may not; the attempt is on the trail.
        """
        await self._permit(asked, who, _CIRCULARS)
        slotted = [_slotted(number, each, named) for number, each in enumerate(entries, 1)]
        known: dict[str, CircularEntry] = {}

        async def attempt(seq: int) -> AppendResult:
            known.clear()
            known.update(await self._known([each.key for each in slotted]))
            event = circulars.recording(asked, slotted, known, (seq, who[1]))
            new = [each for each in slotted if each.named and each.key not in known]
            texts = [Payload(str(each.named), named[each.key].encode()) for each in new]
            return await self._append(CIRCULAR_STREAM, seq, event, texts)

        await at_the_end(self.pool, CIRCULAR_STREAM, attempt)
        return known

    async def _known(self, keys: Sequence[str]) -> dict[str, CircularEntry]:
        found = await ledger.some(self.pool, "circular", CIRCULAR_STREAM, keys)
        return {each.id: CircularEntry.model_validate(each.doc) for each in found}

    async def named_in(self, key: str) -> str | None:
        """Return whom an entry of a circular names; None where nobody is named, or not any more."""
        found = await ledger.one(self.pool, "circular", CIRCULAR_STREAM, key)
        slot = found and found.doc.get("named")
        if found is None or slot is None:
            return None
        entry = await trail.get(self.pool, f"{CIRCULAR_STREAM}#{found.first_seq}")
        assert entry is not None
        with reachable():
            body = await self.supervisor.fetchval(SQL["box"], entry.event_id, slot)
        return body.decode() if body is not None else None

    async def _permit(self, asked: Import, who: Who, of: "_Kind") -> None:
        people, now = who
        stream, action, refusal = of
        why = refused(asked, action, people)
        if why is None:
            return

        async def attempt(seq: int) -> AppendResult:
            return await self._append(stream, seq, refusal(asked, why, (seq, now)))

        await at_the_end(self.pool, stream, attempt)
        raise why

    async def _append(
        self, stream: str, seq: int, event: Event | None, texts: Sequence[Payload] = ()
    ) -> AppendResult:
        """Store an entry at an ordinal; where there is nothing to say, nothing is stored."""
        if event is None:
            return AppendResult(stream, seq, seq)
        mode = (await trail.origin(self.pool)).mode
        record = Record(stream=stream, campaign=None, mode=mode, events=(event,))
        [result] = await self.store.append([record], {(stream, seq): texts} if texts else {})
        return result


_Kind = tuple[str, Action, Callable[[Import, RuleViolation, Place], Event]]
"""What is taken over: its stream, the row of the matrix (b.3), and what a refusal says."""

_TICKETS: _Kind = (TICKET_STREAM, Action.REGISTER_PROBLEM, tickets.refusal)
_CIRCULARS: _Kind = (CIRCULAR_STREAM, Action.DRAFT_CIRCULAR, circulars.refusal)


def _slotted(number: int, entry: CircularEntry, named: Mapping[str, str]) -> CircularEntry:
    slot = f"person.{number}" if entry.key in named else None
    return entry.model_copy(update={"named": slot})
