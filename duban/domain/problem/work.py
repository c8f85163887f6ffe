"""One decision of a problem in the making, and the words it uses for what it reads."""

from collections.abc import Iterator

from duban.domain.counting import Span, TimeUnit, due_on
from duban.domain.entity.member import MemberWork
from duban.domain.entity.records import Extension
from duban.domain.problem.records import Card, EvidenceItem, Petition, ProblemRecord, Reply
from duban.domain.problem.state import ProblemState as State
from duban.domain.problem.tables import MOVES
from duban.domain.problem.words import ProblemState
from duban.domain.roles import Person


class Work(MemberWork[ProblemRecord, ProblemState]):
    """The scratch of one decision of a problem."""

    NOUN = "problem"
    RECORD = ProblemRecord
    MOVES = MOVES

    @property
    def problem(self) -> ProblemRecord:
        """The problem as this decision sees it."""
        return self.record

    @property
    def is_paused(self) -> bool:
        """Whether the campaign is suspended."""
        return self.problem.is_paused

    def move(self, state: ProblemState, **fields: object) -> ProblemRecord:
        """Move the problem along its table; a move is an action and ends stagnation."""
        return super().move(state, last_action_on=self.today, stagnant=False, **fields)

    def say(self, tag: str, **said: object) -> None:
        """Emit an event about the problem itself."""
        unit = said.pop("unit", self.problem.unit)
        self.emit(tag, self.subject, unit=unit, **said)  # type: ignore[arg-type]

    def people(self) -> Iterator[Person]:
        """Yield the entries of the register that concern the problem."""
        return self.all(Person)

    def cancel_all(self) -> None:
        """Stop every clock that still runs: nothing of it is owed any more."""
        for deadline in self.open_deadlines():
            self.cancel((deadline.object_type, deadline.object_id), deadline.code)

    @property
    def _given(self) -> State:
        assert isinstance(self._state, State)
        return self._state

    def alike(self, extension: Extension) -> list[Extension]:
        """Return the requests of other units for the same class of reason (EXT6)."""
        known = (*self.all(Extension), *self._given.alike.values())
        return [
            each
            for each in known
            if each.reason_class == extension.reason_class and each.unit != extension.unit
        ]

    def recurring(self) -> tuple[str, ...]:
        """Return the numbers of like problems signed off within the policy's window (d.7)."""
        months = Span(unit=TimeUnit.MONTHS, amount=self.policy.problem.recurrence_months)
        return tuple(
            each.no
            for each in self._given.earlier.values()
            if each.no != self.problem.no
            and due_on(months, each.signed_off_on, self.calendar) >= self.today
        )

    def evidence(self, key: str) -> EvidenceItem:
        """Return a piece of evidence."""
        return self.get(EvidenceItem, key)

    def reply(self, key: str) -> Reply:
        """Return a reply."""
        return self.get(Reply, key)

    def card(self, key: str) -> Card:
        """Return a card."""
        return self.get(Card, key)

    def petition(self, key: str) -> Petition:
        """Return a petition."""
        return self.get(Petition, key)
