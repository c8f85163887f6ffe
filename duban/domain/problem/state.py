"""What a problem remembers: facts folded from its events, and what it was given (ADR 0017)."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from pydantic import Field

from duban.domain.calendars import Calendar
from duban.domain.deadlines import Deadline
from duban.domain.entity.given import Given, MemberState
from duban.domain.entity.records import Extension
from duban.domain.model import Model, Text
from duban.domain.problem.records import (
    Card,
    Concerned,
    EvidenceItem,
    Petition,
    ProblemRecord,
    Reply,
)
from duban.domain.roles import Delegation, Person


class Earlier(Model):
    """A matter of the same unit and type from before (d.7), by its number.

    It is a problem once signed off, or an entry of an earlier circular (K87) by its day of issue.
    """

    no: Text
    signed_off_on: date
    signers: tuple[str, ...] = ()


class Register(Given):
    """What a problem is given with a message: entries of the register, and like cases (EXT6, d.7).

    `alike` are requests for later dates on other problems; `earlier` are problems once closed.
    """

    alike: tuple[Extension, ...] = ()
    earlier: tuple[Earlier, ...] = ()


class ProblemState(MemberState):
    """The tables of a problem. People, delegations and calendars are given, not its facts."""

    MODELS: ClassVar[Mapping[str, type[Model]]] = {
        "problem": ProblemRecord,
        "evidence": EvidenceItem,
        "reply": Reply,
        "card": Card,
        "petition": Petition,
        "concerned": Concerned,
        "deadline": Deadline,
        "extension": Extension,
        "person": Person,
        "delegation": Delegation,
        "calendar": Calendar,
    }

    problem: dict[str, ProblemRecord] = Field(default_factory=dict)
    evidence: dict[str, EvidenceItem] = Field(default_factory=dict)
    reply: dict[str, Reply] = Field(default_factory=dict)
    card: dict[str, Card] = Field(default_factory=dict)
    petition: dict[str, Petition] = Field(default_factory=dict)
    concerned: dict[str, Concerned] = Field(default_factory=dict)
    alike: dict[str, Extension] = Field(default_factory=dict)
    earlier: dict[str, Earlier] = Field(default_factory=dict)

    def be_given(self, given: Given) -> None:
        """Take in what the register says of people now, and what cases are like."""
        super().be_given(given)
        assert isinstance(given, Register)
        self.alike = {each.id: each for each in given.alike}
        self.earlier = {each.no: each for each in given.earlier}
