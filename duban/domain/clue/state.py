"""What a clue remembers: facts folded from its events, and what it was given (ADR 0017)."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from duban.domain.calendars import Calendar
from duban.domain.clue.records import ClueRecord
from duban.domain.deadlines import Deadline
from duban.domain.entity.records import Extension
from duban.domain.entity.state import EntityState
from duban.domain.model import Ident, Model
from duban.domain.roles import Delegation, Person


class LinkedProblem(Model):
    """A problem of the ledger, as far as a clue has to know it: what it was registered from."""

    no: Ident
    source: str
    source_ref: str


class ClueRegister(Model):
    """What a clue is given with a message: entries of the register, the problem it led to."""

    people: tuple[Person, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    problem: LinkedProblem | None = None


class ClueState(EntityState):
    """The tables of a clue. People, delegations and calendars are given, not its facts."""

    MODELS: ClassVar[Mapping[str, type[Model]]] = {
        "clue": ClueRecord,
        "deadline": Deadline,
        "extension": Extension,
        "person": Person,
        "delegation": Delegation,
        "calendar": Calendar,
    }

    clue: dict[str, ClueRecord] = Field(default_factory=dict)
    linked: LinkedProblem | None = None

    def be_given(self, register: ClueRegister) -> None:
        """Take in what the register says of people now; nobody who acted here is let go."""
        for person in register.people:
            self.person[person.key] = person
        for delegation in register.delegations:
            self.delegation[delegation.id] = delegation
        self.linked = register.problem
