"""What a campaign remembers: tables of frozen values, changed by events and by nothing else."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from duban.domain.calendars import Calendar
from duban.domain.campaign.records import (
    CampaignRecord,
    ClueLine,
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
        "clue_line": ClueLine,
    }

    campaign: dict[str, CampaignRecord] = Field(default_factory=dict)
    phase: dict[str, PhaseRecord] = Field(default_factory=dict)
    unit: dict[str, UnitRecord] = Field(default_factory=dict)
    task: dict[str, Task] = Field(default_factory=dict)
    goal: dict[str, Goal] = Field(default_factory=dict)
    document: dict[str, FiledDocument] = Field(default_factory=dict)
    docket: dict[str, DocketEntry] = Field(default_factory=dict)
    clue_line: dict[str, ClueLine] = Field(default_factory=dict)

    def keep(self, kind: str, key: str, value: Model) -> None:
        """Store a value; problems and clues that are done with are let go, the ledger has them."""
        if isinstance(value, DocketEntry) and value.is_settled:
            self.docket.pop(key, None)
            return
        if isinstance(value, ClueLine) and value.is_over:
            self.clue_line.pop(key, None)
            return
        super().keep(kind, key, value)
