"""What a campaign remembers: tables of frozen values, changed by events and by nothing else."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field, field_serializer

from duban.domain.calendars import Calendar
from duban.domain.campaign.records import (
    CampaignRecord,
    DocketEntry,
    FiledDocument,
    Goal,
    PhaseRecord,
    Task,
    UnitRecord,
)
from duban.domain.deadlines import Deadline
from duban.domain.entity.records import Extension
from duban.domain.entity.state import EntityState
from duban.domain.model import Model
from duban.domain.roles import Delegation, Person


class CampaignState(EntityState):
    """The tables of a campaign."""

    MODELS: ClassVar[Mapping[str, type[Model]]] = {
        "campaign": CampaignRecord,
        "phase": PhaseRecord,
        "unit": UnitRecord,
        "person": Person,
        "task": Task,
        "goal": Goal,
        "deadline": Deadline,
        "extension": Extension,
        "document": FiledDocument,
        "delegation": Delegation,
        "calendar": Calendar,
        "docket": DocketEntry,
    }

    campaign: dict[str, CampaignRecord] = Field(default_factory=dict)
    phase: dict[str, PhaseRecord] = Field(default_factory=dict)
    unit: dict[str, UnitRecord] = Field(default_factory=dict)
    task: dict[str, Task] = Field(default_factory=dict)
    goal: dict[str, Goal] = Field(default_factory=dict)
    document: dict[str, FiledDocument] = Field(default_factory=dict)
    docket: dict[str, DocketEntry] = Field(default_factory=dict)

    def keep(self, kind: str, key: str, value: Model) -> None:
        """Store a value; problems that are done with are let go, the ledger has them."""
        if isinstance(value, DocketEntry) and value.is_settled:
            self.docket.pop(key, None)
            return
        super().keep(kind, key, value)

    @field_serializer("docket", when_used="json")
    def _brief(self, docket: dict[str, DocketEntry]) -> dict[str, Any]:
        """Write only what a line says beyond the usual: two thousand of them must travel.

        What an opened problem was asked for with is on the trail and needed no more.
        """
        done = {"request_id"}
        return {
            no: line.model_dump(
                mode="json", exclude_defaults=True, exclude=None if line.registration else done
            )
            for no, line in docket.items()
        }
