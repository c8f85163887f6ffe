"""What an entity remembers: tables of frozen values, changed by events and by nothing else."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Self, TypeVar, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from duban.domain.calendars import Calendar
from duban.domain.deadlines import Deadline
from duban.domain.entity.records import Extension, SavedReceipt
from duban.domain.events import Change, Event
from duban.domain.model import Model, shared
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Delegation, Person


class EntityState(BaseModel):
    """The tables, the next ordinal of the stream, and the events not yet known to be recorded.

    `MODELS` names the tables and what they hold. Ruler and calendar are common to many entities,
    so a process keeps one copy of each.
    """

    model_config = ConfigDict(extra="forbid")

    MODELS: ClassVar[Mapping[str, type[Model]]] = {}
    """Kinds of objects the state keeps. Other kinds (notices, orders) live on the trail alone."""

    mode: str
    policy: Annotated[PolicyVersion, AfterValidator(shared)]
    deadline: dict[str, Deadline] = Field(default_factory=dict)
    extension: dict[str, Extension] = Field(default_factory=dict)
    person: dict[str, Person] = Field(default_factory=dict)
    delegation: dict[str, Delegation] = Field(default_factory=dict)
    calendar: dict[str, Annotated[Calendar, AfterValidator(shared)]] = Field(default_factory=dict)
    next_seq: int = 0
    receipts: dict[str, SavedReceipt] = Field(default_factory=dict)
    unrecorded: list[Event] = Field(default_factory=list)
    last_event_at: datetime | None = None

    def table(self, kind: str) -> dict[str, Model]:
        """Return the table of one kind."""
        return cast(dict[str, Model], getattr(self, kind))

    def snapshot(self) -> Self:
        """Return the state as it is now; values are frozen, so only the tables are copied."""
        tables: dict[str, object] = {kind: dict(self.table(kind)) for kind in self.MODELS}
        return self.model_copy(update={**tables, "receipts": dict(self.receipts), "unrecorded": []})

    def keep(self, kind: str, key: str, value: Model) -> None:
        """Store a value; clocks that no longer run and superseded calendars are let go."""
        table = self.table(kind)
        if isinstance(value, Deadline) and not value.is_open:
            table.pop(key, None)
            return
        if isinstance(value, Calendar):
            table.clear()
            value = shared(value)
        table[key] = value

    def remember(self, request_id: str, receipt: SavedReceipt) -> None:
        """Keep an answer; the oldest beyond the policy's number are let go."""
        self.receipts[request_id] = receipt
        while len(self.receipts) > self.policy.receipts_kept:
            self.receipts.pop(next(iter(self.receipts)))


S = TypeVar("S", bound=EntityState)


def apply(state: EntityState, event: Event) -> None:
    """Fold one event into the state. A kind that the state does not keep is passed over."""
    for change in event.changes:
        if change.kind in state.MODELS:
            state.keep(change.kind, change.id, _merged(state, change))
    state.next_seq = event.seq + 1
    state.last_event_at = event.occurred_at


def begun(state: S, events: list[Event]) -> S:
    """Return a new state with its first events, which are unrecorded."""
    for event in events:
        apply(state, event)
    state.unrecorded.extend(events)
    return state


def _merged(state: EntityState, change: Change) -> Model:
    known = state.table(change.kind).get(change.id)
    document: dict[str, Any] = known.plain() if known else {}
    return state.MODELS[change.kind].model_validate({**document, **change.after})
