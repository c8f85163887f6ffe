"""What the workflows below a campaign share: they hear its news and tell it how they stand."""

from abc import abstractmethod
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, ClassVar, NamedTuple, Protocol, TypeVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from duban.contracts import MemberSummary
    from duban.domain.entity import member
    from duban.domain.events import Event
    from workflows.entity import Entity
    from workflows.teller import Teller

M = TypeVar("M", bound=member.Member[Any, Any])
N = TypeVar("N")


class Begin(Protocol):
    """How a run begins, as far as this has to know it."""

    clock_offset: timedelta
    unproven: tuple[int, ...]
    told: bool


class Voice(NamedTuple):
    """How an entity lets its campaign know how it stands, and which of its decisions weigh."""

    signal: str
    standing: Callable[[Any], object]
    is_news: Callable[[Event], bool]
    weighty: Callable[[Iterable[Event]], list[int]]


class Member(Entity[M, N]):
    """An entity that a campaign has numbered. A workflow is one of these with its own messages."""

    VOICE: ClassVar[Voice]

    def _join(self, machine: M, start: Begin, *, campaign: str | None) -> None:
        """Begin to serve; `campaign` is whose entries it writes, if they are any campaign's."""
        self._kind_of_run = type(start)
        self._begin(machine, start.clock_offset, start.unproven, campaign)
        self._teller = Teller(
            machine.record.campaign, self.VOICE.signal, self._standing, told=start.told
        )

    async def _served(self) -> MemberSummary:
        """Serve until the stream is closed; say where the entity stands then."""
        await self._serve()
        await self._teller.finish()
        return self._summary()

    @workflow.update(name="settle")
    async def settle(self) -> int:
        """Answer with the next ordinal once everything said so far is on the trail."""
        return await self._settled()

    @settle.validator
    def _check_settle(self) -> None:
        """Nothing can be wrong with asking."""

    @workflow.query(name="summary")
    def summary(self) -> MemberSummary:
        """Say in a few words where the entity stands."""
        return self._summary()

    @abstractmethod
    def _take(self, news: N) -> None:
        """Let the machine hear what a signal brought."""

    def _on_trail(self, events: Sequence[Event]) -> None:
        self._receipts.note(self.VOICE.weighty(events))
        if any(self.VOICE.is_news(each) for each in events):
            self._teller.told = False

    @property
    def _owes(self) -> bool:
        # A new entity says how it stands once its first entry is on the trail.
        return not self._teller.told and self._outbox.is_empty

    async def _follow_up(self) -> None:
        self._teller.carry_out()

    def _standing(self) -> object:
        return self.VOICE.standing(self._machine.state)

    def _next_run(self) -> object:
        return self._kind_of_run(
            state=self._machine.state,  # type: ignore[call-arg]
            clock_offset=self._offset,
            unproven=self._receipts.unproven,
            told=self._teller.is_known,
        )

    def _summary(self) -> MemberSummary:
        record, state = self._machine.record, self._machine.state
        return MemberSummary(
            no=record.no,
            state=record.state.value,
            next_seq=state.next_seq,
            open_deadlines=len(state.deadline),
            next_alarm=self._machine.next_alarm(now=self._now()),
            recorded=state.next_seq - len(state.unrecorded),
        )
