"""An entity as a machine: check, handle, tick, next_alarm. Commands in, events out.

Nothing here knows Temporal, PostgreSQL or the time: the shell passes commands and instants in and
carries the events out.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Generic, Self, TypeVar

from duban.domain.entity import ladder
from duban.domain.entity.answers import UNKNOWN_FINGERPRINT, continued
from duban.domain.entity.command import Command
from duban.domain.entity.ladder import Alarm
from duban.domain.entity.records import SavedReceipt
from duban.domain.entity.state import EntityState, apply
from duban.domain.entity.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event, Outcome
from duban.domain.roles import SYSTEM, Actor

S = TypeVar("S", bound=EntityState)
W = TypeVar("W", bound=Work)


class Machine(ABC, Generic[S, W]):
    """One entity. `state` is the whole of it; every change of it is an event."""

    def __init__(self, state: S) -> None:
        self.state = state
        # What the trail alone would lead to, kept only while the state is ahead of the trail.
        self._base: S | None = None
        self._refused: frozenset[str | None] = frozenset()
        self._alarm: tuple[int, datetime | None] = (-1, None)

    @property
    @abstractmethod
    def is_over(self) -> bool:
        """Whether the stream is closed and nothing more can happen."""

    @abstractmethod
    def over(self) -> RuleViolation:
        """Return the refusal for whatever comes after the end."""

    @abstractmethod
    def _work(self, actor: Actor, now: datetime, request_id: str | None = None) -> W:
        """Return the scratch of one decision."""

    @abstractmethod
    def _carry_out(self, command: Command, now: datetime) -> W:
        """Return the decision on a command. Raises `RuleViolation`."""

    @abstractmethod
    def restored(self, events: Iterable[Event]) -> S:
        """Return the state that the events of the entity lead to from its beginning."""

    @abstractmethod
    def _alarms(self, work: W) -> Iterable[Alarm]:
        """Return every alarm that is set."""

    @abstractmethod
    def _ring(self, work: W, alarm: Alarm) -> None:
        """Let one alarm act."""

    def check(self, command: Command, *, now: datetime) -> None:
        """Raise the `RuleViolation` that `handle` would raise; change nothing."""
        self._copy().handle(command, now=now)

    def _copy(self) -> Self:
        return type(self)(self.state.snapshot())

    def handle(self, command: Command, *, now: datetime) -> SavedReceipt:
        """Carry a command out, or raise `RuleViolation` and change nothing.

        A request id that was answered before gets the same answer again (domain.md l.9).
        """
        fingerprint = _fingerprint(command)
        known = self.state.receipts.get(command.request_id)
        if known is not None:
            if known.fingerprint not in (fingerprint, UNKNOWN_FINGERPRINT):
                raise RuleViolation(Code.REQUEST_REUSED, request_id=command.request_id)
            return known
        self.tick(now=now)
        work = self._carry_out(command, now)
        self._accept(work.events)
        receipt = SavedReceipt(
            fingerprint=fingerprint,
            first_seq=work.events[0].seq,
            last_seq=work.events[-1].seq,
            object_type=work.events[-1].object_type,
            object_id=work.events[-1].object_id,
            notes=tuple(work.notes),
        )
        self.state.remember(command.request_id, receipt)
        return receipt

    def refuse(self, command: Command, why: RuleViolation, *, now: datetime) -> None:
        """Put a refused command on the trail with its code, once (domain.md i.1)."""
        if self.is_over or command.request_id in self._refused:
            return
        self._refuse(command.actor, why, now, command.request_id, type(command).__name__)

    def recorded(self, count: int) -> None:
        """Take note that the first `count` unrecorded events are on the trail."""
        done = self.state.unrecorded[:count]
        del self.state.unrecorded[:count]
        if not self.state.unrecorded:
            self._base = None
        elif self._base is None:
            self._base = self.restored(done)
        else:
            continued(self._base, done)

    def follow(self, events: Sequence[Event], *, now: datetime) -> None:
        """Give up what is unrecorded and follow the trail, which went on without us.

        So it does when a commit outlived its worker: what was decided then stands. The turn
        itself is an event, so that nobody overlooks it.
        """
        dropped = len(self.state.unrecorded)
        base = self._base if self.state.unrecorded else self.state
        self.state = continued(base, events) if base else self.restored(events)
        self._base = None
        rejected = (each for each in events if each.outcome is Outcome.REJECTED)
        self._refused = frozenset(each.request_id for each in rejected)
        if self.is_over:
            return
        work = self._work(SYSTEM, now)
        work.emit(
            f"{work.NOUN}:trail:followed",
            work.subject,
            first_seq=events[0].seq,
            last_seq=events[-1].seq,
            dropped=dropped,
        )
        self._accept(work.events)

    def is_behind(self, *, now: datetime) -> bool:
        """Whether an alarm's moment has come that has not acted yet."""
        wakes_at = self.next_alarm(now=now)
        return wakes_at is not None and wakes_at <= now

    def tick(self, *, now: datetime, at_most: int = 1_000_000) -> None:
        """Let every alarm whose moment has come act, in order, each once; `at_most` so many."""
        for _ in range(at_most):
            if not self.is_behind(now=now):
                return
            work = self._work(SYSTEM, now)
            alarm = ladder.ready(work, self._alarms(work))
            assert alarm is not None
            self._ring(work, alarm)
            self._accept(work.events)

    def next_alarm(self, *, now: datetime) -> datetime | None:
        """Return the instant at which `tick` next has something to do, or None.

        Every decision asks several times. The answer holds until that instant is there or
        something is said, so all clocks are looked at once per decision.
        """
        said, wakes_at = self._alarm
        if said != self.state.next_seq or (wakes_at is not None and wakes_at <= now):
            work = self._work(SYSTEM, now)
            wakes_at = ladder.soonest(work, self._alarms(work))
            self._alarm = (self.state.next_seq, wakes_at)
        return wakes_at

    def _refuse(
        self,
        actor: Actor,
        why: RuleViolation,
        now: datetime,
        request_id: str | None,
        command: str,
    ) -> None:
        if self.is_over:
            # The last entry of the stream has said how many there are.
            return
        work = self._work(actor, now, request_id)
        work.emit_refusal(why.code.value, work.subject, command=command, params=why.params)
        self._accept(work.events)

    def _accept(self, events: list[Event]) -> None:
        if not self.state.unrecorded:
            self._base = self.state.snapshot()
        for event in events:
            apply(self.state, event)
        self.state.unrecorded.extend(events)


def _fingerprint(command: Command) -> str:
    asked = command.model_copy(
        update={name: type(command).model_fields[name].default for name in command.LOOKED_UP}
    )
    return hashlib.sha256(asked.model_dump_json().encode()).hexdigest()[:32]
