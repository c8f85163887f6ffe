"""What a clue remembers: facts folded from its events, and what it was given (ADR 0017)."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from duban.domain.calendars import Calendar
from duban.domain.clue.records import ClueRecord
from duban.domain.deadlines import Deadline
from duban.domain.entity.given import LinkedProblem, LinkedState
from duban.domain.entity.records import Extension
from duban.domain.model import Model
from duban.domain.roles import Delegation, Person


class ClueState(LinkedState):
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
