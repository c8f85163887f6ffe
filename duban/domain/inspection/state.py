"""What an inspection remembers: facts folded from its events, and what it was given (ADR 0017)."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from duban.domain.calendars import Calendar
from duban.domain.deadlines import Deadline
from duban.domain.entity.given import LinkedProblem, LinkedState
from duban.domain.entity.records import Extension
from duban.domain.inspection.field import Item
from duban.domain.inspection.outcome import Finding
from duban.domain.inspection.records import InspectionRecord
from duban.domain.model import Model
from duban.domain.roles import Delegation, Person


class InspectionState(LinkedState):
    """The tables of an inspection. People, delegations and calendars are given, not its facts."""

    MODELS: ClassVar[Mapping[str, type[Model]]] = {
        "inspection": InspectionRecord,
        "inspection_item": Item,
        "finding": Finding,
        "deadline": Deadline,
        "extension": Extension,
        "person": Person,
        "delegation": Delegation,
        "calendar": Calendar,
    }

    inspection: dict[str, InspectionRecord] = Field(default_factory=dict)
    inspection_item: dict[str, Item] = Field(default_factory=dict)
    finding: dict[str, Finding] = Field(default_factory=dict)
    linked: LinkedProblem | None = None
