"""What problems, clues and inspections share: a campaign has numbered them and tells them news."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar, cast

from duban.domain.calendars import Calendar
from duban.domain.deadlines import Deadline
from duban.domain.entity.answers import from_beginning
from duban.domain.entity.command import Command
from duban.domain.entity.given import Given, MemberState
from duban.domain.entity.machine import Machine
from duban.domain.entity.records import MemberRecord
from duban.domain.entity.refusals import require_move
from duban.domain.entity.work import Work
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Event
from duban.domain.limits import DeadlineCode
from duban.domain.roles import Actor

R = TypeVar("R", bound=MemberRecord)
P = TypeVar("P", bound=StrEnum)


class MemberWork(Work, Generic[R, P]):
    """The scratch of one decision of a member."""

    RECORD: type[R]
    MOVES: Mapping[P, frozenset[P]]

    @property
    def record(self) -> R:
        """The member's own record as this decision sees it."""
        return next(self.all(self.RECORD))

    @property
    def subject(self) -> tuple[str, str]:
        """The member itself, as the object of an event."""
        return (self.NOUN, self.record.no)

    @property
    def calendar(self) -> Calendar:
        """The calendar version that the member goes by."""
        return self.get(Calendar, str(self.record.calendar_version))

    @property
    def is_paused(self) -> bool:
        """Never, where a member does not say otherwise: its clocks run on (c.3)."""
        return False

    def follow_date(self, deadline: Deadline) -> None:
        """Nothing of a member repeats the date of its clock."""

    def next_deadline_id(self) -> str:
        """Return the id of the next clock, and count it."""
        number = self.record.deadlines_opened + 1
        self.note(deadlines_opened=number)
        return f"{self.record.no}/D{number:02d}"

    def note(self, **fields: object) -> R:
        """Plan new values of the member's own fields."""
        record = self.record
        return self.set(record.no, record, **fields)

    def move(self, state: P, **fields: object) -> R:
        """Move the member along its table."""
        record = self.record
        require_move(self.MOVES, cast(P, record.state), state, record.no)
        return self.note(state=state, **fields)

    def start(self, code: DeadlineCode, holder: str) -> Deadline:
        """Start a clock of the member itself today."""
        return self.open_deadline(code, self.subject, holder)

    @abstractmethod
    def say(self, tag: str, **said: object) -> None:
        """Emit an event about the member itself."""


S = TypeVar("S", bound=MemberState)
W = TypeVar("W", bound=MemberWork[Any, Any])


class Member(Machine[S, W], Generic[S, W]):
    """An entity below a campaign. It is given people with each message, and hears news."""

    WORK: type[W]
    HANDLERS: Mapping[type[Command], Callable[[W, Any], None]]
    BEGINS: ClassVar[str]
    """The tag of its first event."""

    @property
    @abstractmethod
    def record(self) -> MemberRecord:
        """The member's own record."""

    @property
    def is_over(self) -> bool:
        """Whether the stream is closed and nothing more can happen."""
        return self.record.is_over

    def over(self) -> RuleViolation:
        """Return the refusal for whatever comes after the end."""
        return RuleViolation(Code.STAGE_NOT_LIVE, stage=self.record.state.value)

    def be_given(self, given: Given) -> None:
        """Take in what the register says now; no fact of the member changes by it."""
        self.state.be_given(given)

    def restored(self, events: Iterable[Event]) -> S:
        """Return the state that the events lead to; what was given is taken from the present one.

        Raises:
            RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its first.
        """
        return from_beginning(events, self.state, self.BEGINS, self.WORK.NOUN)

    def _learn(
        self, by: Actor, calendar: Calendar | None, now: datetime, act: Callable[[W], None]
    ) -> None:
        """Let time act, take a calendar in beside the facts, and have news act on them."""
        self.tick(now=now)
        if self.is_over:
            return
        if calendar is not None:
            self.state.calendar.setdefault(str(calendar.version), calendar)
        work = self._work(by, now)
        act(work)
        self._accept(work.events)

    def _work(self, actor: Actor, now: datetime, request_id: str | None = None) -> W:
        return self.WORK(self.state, actor, now, request_id)

    def _carry_out(self, command: Command, now: datetime) -> W:
        if self.is_over:
            raise self.over()
        work = self._work(command.actor, now, command.request_id)
        self.HANDLERS[type(command)](work, command)
        return work
