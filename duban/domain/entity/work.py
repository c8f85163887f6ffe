"""One decision in the making: what it reads, what it would change, what it would say.

A decision works on copies. Only when it has run to its end are its events folded into the state,
so a refusal at any point leaves the state untouched (house rule 3).
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import ClassVar, TypeVar, cast

from duban.domain.calendars import Calendar
from duban.domain.counting import Span, TimeUnit, due_on, local_date
from duban.domain.deadlines import Deadline, DeadlineStatus, armed, dated, redated
from duban.domain.entity.entries import brief, fits, parcels, require_fit
from duban.domain.entity.state import EntityState
from duban.domain.errors import Code, RuleViolation
from duban.domain.events import Change, Event, Outcome
from duban.domain.limits import DeadlineCode
from duban.domain.model import Document, Model
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor

M = TypeVar("M", bound=Model)


class Work(ABC):
    """The scratch of one decision by `actor` at the business instant `now` (UTC)."""

    NOUN: ClassVar[str]
    """What the entity is called, and how the tags of its events begin."""

    def __init__(
        self, state: EntityState, actor: Actor, now: datetime, request_id: str | None = None
    ) -> None:
        self.actor = actor
        self.now = now
        self.today: date = local_date(now)
        self.events: list[Event] = []
        self.notes: list[str] = []
        self._state = state
        self._request_id = request_id
        self._kind_of = {model: kind for kind, model in state.MODELS.items()}
        self._copies: dict[str, dict[str, Model]] = {kind: {} for kind in state.MODELS}
        self._changes: dict[tuple[str, str], Change] = {}

    @property
    def policy(self) -> PolicyVersion:
        """The campaign's one ruler."""
        return self._state.policy

    @property
    @abstractmethod
    def subject(self) -> tuple[str, str]:
        """The entity itself, as the object of an event."""

    @property
    def calendar(self) -> Calendar:
        """The calendar version in force."""
        *_, latest = self.all(Calendar)
        return latest

    @property
    def next_seq(self) -> int:
        """The ordinal that the next event of this decision will carry."""
        return self._state.next_seq + len(self.events)

    def get(self, model: type[M], key: str) -> M:
        """Return one object. Raises `RuleViolation` OBJECT_NOT_FOUND."""
        value = self.find(model, key)
        if value is None:
            raise RuleViolation(Code.OBJECT_NOT_FOUND, kind=self._kind_of[model], id=key)
        return value

    def find(self, model: type[M], key: str) -> M | None:
        """Return one object, or None."""
        kind = self._kind_of[model]
        return cast(M | None, self._copies[kind].get(key) or self._state.table(kind).get(key))

    def all(self, model: type[M]) -> Iterator[M]:
        """Yield every object of a kind, in the order in which they came to be."""
        kind = self._kind_of[model]
        merged = {**self._state.table(kind), **self._copies[kind]}
        yield from cast(Iterable[M], merged.values())

    def put(self, key: str, value: Model) -> None:
        """Plan an object's new value; only fields that differ go on the trail."""
        kind = self._kind_of[type(value)]
        known = self.find(type(value), key)
        old = known.plain() if known else {}
        new = value.plain()
        self._copies[kind][key] = value
        changed = [name for name in new if name not in old or old[name] != new[name]]
        self._note_change(
            kind,
            key,
            {name: old[name] for name in changed if name in old},
            {name: new[name] for name in changed},
        )

    def set(self, key: str, value: M, **fields: object) -> M:
        """Plan an object's new values by field, validated, and return the new object."""
        updated = type(value).model_validate({**value.__dict__, **fields})
        self.put(key, updated)
        return updated

    def say_only(self, kind: str, key: str, document: Document) -> None:
        """Put an object on the trail that the state does not keep (a notice, an order)."""
        self._note_change(kind, key, {}, document)

    def _note_change(self, kind: str, key: str, before: Document, after: Document) -> None:
        if not after:
            return
        earlier = self._changes.get((kind, key))
        if earlier:
            # A field that came to be since the last event has no earlier value on the trail.
            known = {name: before[name] for name in before if name not in earlier.after}
            before = {**known, **earlier.before}
            after = {**earlier.after, **after}
        self._changes[kind, key] = Change(kind=kind, id=key, before=before, after=after)

    def emit(
        self,
        tag: str,
        on: tuple[str, str],
        *,
        unit: str | None = None,
        reason: str | None = None,
        basis_doc: str | None = None,
        **detail: object,
    ) -> None:
        """Close what was planned since the last event into one event about the object `on`.

        This is the only place of an entity where an event is made.
        """
        self._append(
            tag,
            on,
            unit=unit,
            reason=reason,
            basis_doc=basis_doc,
            detail={name: value for name, value in detail.items() if value is not None},
        )

    def emit_refusal(self, code: str, on: tuple[str, str], **detail: object) -> None:
        """Put a refused attempt on the trail; it changes nothing (domain.md i.1)."""
        self._changes.clear()
        self._append(
            f"{self.NOUN}:command:refused",
            on,
            outcome=Outcome.REJECTED,
            code=code,
            detail={name: brief(value) for name, value in detail.items()},
        )

    def _append(self, tag: str, on: tuple[str, str], **fields: object) -> None:
        changes = tuple(self._changes.values())
        self._changes.clear()
        whole = self._event(tag, on, changes, fields)
        if fits(whole):
            self.events.append(whole)
            return
        # One act, several entries: the later ones say which entry they continue.
        head, parts = self.next_seq, parcels(changes)
        self.events.append(require_fit(self._event(tag, on, next(parts), fields)))
        more = {"unit": fields.get("unit"), "detail": {"continues": head}}
        for part in parts:
            self.events.append(require_fit(self._event(tag, on, part, more)))

    def _event(
        self,
        tag: str,
        on: tuple[str, str],
        changes: tuple[Change, ...],
        fields: Mapping[str, object],
    ) -> Event:
        return Event.model_validate(
            {
                "seq": self.next_seq,
                "tag": tag,
                "occurred_at": self.now,
                "actor": self.actor,
                "object_type": on[0],
                "object_id": on[1],
                "request_id": self._request_id,
                "policy_version": self.policy.version,
                "calendar_version": self.calendar.version,
                "changes": changes,
                **fields,
            }
        )

    def open_deadline(
        self,
        code: DeadlineCode,
        on: tuple[str, str],
        holder: str,
        *,
        span: Span | None = None,
        matter: str = "",
    ) -> Deadline:
        """Start a clock of the kind `code` today; the policy's span unless `span` is given."""
        counted = span or self.policy.rule(code).span
        due = due_on(counted, self.today, self.calendar)
        deadline = Deadline(
            id=self.next_deadline_id(),
            code=code,
            object_type=on[0],
            object_id=on[1],
            matter=matter,
            holder=holder,
            start_on=self.today,
            unit=counted.unit,
            amount=counted.amount,
            original_due_on=due,
            **dated(due, self.now, self.policy, self.calendar),
        )
        deadline = armed(deadline, self.policy, self.calendar)
        self.put(deadline.id, deadline)
        return deadline

    def start_since(self, code: DeadlineCode, holder: str, since: date) -> None:
        """Start a clock of the entity itself that counts from another day than this one."""
        rule = self.policy.rule(code)
        span = self.fixed(due_on(rule.span, since, self.calendar))
        deadline = self.open_deadline(code, self.subject, holder, span=span)
        self.set(deadline.id, deadline, start_on=since, unit=rule.unit, amount=rule.amount)

    @property
    @abstractmethod
    def is_paused(self) -> bool:
        """Whether the campaign is suspended, so that its clocks stand still (c.3)."""

    def redate(self, deadline: Deadline, on: date, **fields: object) -> Deadline:
        """Move an open clock to `on` and return it, with `fields` set as well."""
        moved = redated(deadline, on, self.now, self.policy, self.calendar)
        moved = moved.model_copy(update=fields)
        self.put(moved.id, moved)
        self.follow_date(moved)
        return moved

    @abstractmethod
    def follow_date(self, deadline: Deadline) -> None:
        """Let the object of a clock show the date that the clock runs to now."""

    @abstractmethod
    def next_deadline_id(self) -> str:
        """Return the id of the next clock, and count it."""

    def open_deadlines(
        self, on: tuple[str, str] | None = None, code: DeadlineCode | None = None
    ) -> list[Deadline]:
        """Return the open clocks, of one object and of one kind where these are given."""
        return [
            each
            for each in self.all(Deadline)
            if each.is_open
            and (on is None or (each.object_type, each.object_id) == on)
            and (code is None or each.code is code)
        ]

    def meet(self, on: tuple[str, str], code: DeadlineCode) -> None:
        """Stop the open clocks of an object as met, now; a breach on them stays recorded."""
        self._end(on, code, DeadlineStatus.MET, self.now)

    def cancel(self, on: tuple[str, str], code: DeadlineCode | None = None) -> None:
        """Stop the open clocks of an object without anything having been met."""
        self._end(on, code, DeadlineStatus.CANCELLED, None)

    def _end(
        self,
        on: tuple[str, str],
        code: DeadlineCode | None,
        status: DeadlineStatus,
        met_at: datetime | None,
    ) -> None:
        for deadline in self.open_deadlines(on, code):
            self.set(
                deadline.id, deadline, status=status, met_at=met_at, next_rung=None, next_at=None
            )

    def fixed(self, on: date) -> Span:
        """Return the span that ends on a fixed date."""
        return Span(unit=TimeUnit.FIXED, on=on)
