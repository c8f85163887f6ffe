"""What a member of a campaign is given with its messages, and how its state takes that in.

It lies beside the facts, and no event changes it (ADR 0017).
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Self

from duban.domain.calendars import Calendar
from duban.domain.entity.command import RequestId
from duban.domain.entity.state import EntityState
from duban.domain.model import Ident, Model
from duban.domain.policy import PolicyVersion
from duban.domain.roles import Actor, Delegation, Person


class Given(Model):
    """The entries of the register that concern a member."""

    people: tuple[Person, ...] = ()
    delegations: tuple[Delegation, ...] = ()


class LinkedProblem(Model):
    """A problem of the ledger, as far as a member has to know it: what it was registered from."""

    no: Ident
    source: str
    source_ref: str


class LinkedRegister(Given):
    """What a clue or an inspection is given: the register, and the problem that came of it."""

    problem: LinkedProblem | None = None


class MemberStart(Model):
    """What every member is made from; its campaign has checked and numbered it."""

    no: Ident
    campaign: Ident
    policy: PolicyVersion
    calendar: Calendar
    given: Given
    mode: str
    clock_offset: timedelta = timedelta(0)
    actor: Actor
    request_id: RequestId


class MemberState(EntityState):
    """The tables of a member. People, delegations and calendars are given, not its facts."""

    @classmethod
    def empty(cls, start: MemberStart) -> Self:
        """Return the state in which a new member is about to say its first words."""
        calendar = {str(start.calendar.version): start.calendar}
        state = cls(mode=start.mode, policy=start.policy, calendar=calendar)
        state.be_given(start.given)
        return state

    def be_given(self, given: Given) -> None:
        """Take in what the register says of people now; nobody who acted here is let go."""
        for person in given.people:
            self.person[person.key] = person
        for delegation in given.delegations:
            self.delegation[delegation.id] = delegation


class LinkedState(MemberState):
    """The tables of a member that a problem may come of; each names the field itself."""

    if TYPE_CHECKING:
        linked: LinkedProblem | None

    def be_given(self, given: Given) -> None:
        """Take in what the register says of people now, and the problem, if one came along."""
        super().be_given(given)
        self.linked = given.problem if isinstance(given, LinkedRegister) else None
