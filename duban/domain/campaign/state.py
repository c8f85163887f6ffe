"""What a campaign remembers: tables of frozen values, changed by events and by nothing else."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import Field, field_serializer, field_validator, model_validator

from duban.domain import sampling
from duban.domain.calendars import Calendar
from duban.domain.campaign.draw_records import Draw, SignedOff
from duban.domain.campaign.inspection_records import (
    InspectionLine,
    UnitSeen,
    brief_lines,
    whole_lines,
)
from duban.domain.campaign.records import (
    CampaignRecord,
    ClueLine,
    DocketEntry,
    FiledDocument,
    Goal,
    PhaseRecord,
    Task,
    UnitRecord,
    whole,
)
from duban.domain.deadlines import Deadline
from duban.domain.entity.records import Extension
from duban.domain.entity.state import EntityState
from duban.domain.model import Model
from duban.domain.problem.registration import is_nothing
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
        "draw": Draw,
        "clue_line": ClueLine,
        "inspection_line": InspectionLine,
    }

    campaign: dict[str, CampaignRecord] = Field(default_factory=dict)
    phase: dict[str, PhaseRecord] = Field(default_factory=dict)
    unit: dict[str, UnitRecord] = Field(default_factory=dict)
    task: dict[str, Task] = Field(default_factory=dict)
    goal: dict[str, Goal] = Field(default_factory=dict)
    document: dict[str, FiledDocument] = Field(default_factory=dict)
    docket: dict[str, DocketEntry] = Field(default_factory=dict)
    draw: dict[str, Draw] = Field(default_factory=dict)
    signed: dict[str, SignedOff] = Field(default_factory=dict)
    """Of the docket's lines that were let go, those that a look-back may be drawn from."""
    clue_line: dict[str, ClueLine] = Field(default_factory=dict)
    inspection_line: dict[str, InspectionLine] = Field(default_factory=dict)
    seen: dict[str, UnitSeen] = Field(default_factory=dict)
    """Of the inspections that were made, what later ones must know of each unit."""
    revealed: dict[str, int] = Field(default_factory=dict, exclude_if=is_nothing)
    """Of the draws that were let go, how many each year had: all were revealed, of inspections."""

    @model_validator(mode="after")
    def _from_before(self) -> Self:
        """Let go what a state still carries that was written when more was kept."""
        for draw in [each for each in self.draw.values() if each.is_over]:
            self.keep("draw", draw.no, draw)
        return self

    def keep(self, kind: str, key: str, value: Model) -> None:
        """Store a value; problems and clues that are done with are let go, the ledger has them.

        Of problems that are signed off a few words stay for draws, and of inspections which units
        were seen. Of a draw that is over what it was made from goes, of a void one all but why, of
        a revealed one all but its number.
        """
        if isinstance(value, DocketEntry):
            self._keep_signed(value)
            if value.is_settled:
                self.docket.pop(key, None)
                return
        if isinstance(value, ClueLine) and value.is_over:
            self.clue_line.pop(key, None)
            return
        if isinstance(value, InspectionLine):
            self._keep_seen(value)
            if value.is_over:
                self.inspection_line.pop(key, None)
                return
            value = value.carried
        if isinstance(value, Draw) and value.is_over:
            if value.is_done_with:
                self._let_go(value)
                return
            value = value.model_copy(update=value.let_go)
        super().keep(kind, key, value)

    def _keep_signed(self, entry: DocketEntry) -> None:
        self.signed.pop(entry.no, None)
        if entry.is_settled and entry.signed_off_on is not None and entry.unit is not None:
            self.signed[entry.no] = SignedOff(
                unit=entry.unit, on=entry.signed_off_on, red_on=entry.red_on, marks=entry.marks
            )

    def _keep_seen(self, line: InspectionLine) -> None:
        known = self.inspection_line.get(line.no)
        if line.unit is None or line.on is None or known is None or known.on is not None:
            return
        seen = self.seen.get(line.unit, UnitSeen())
        self.seen[line.unit] = seen.and_then(line, line.on, self.policy.repeat_theme_days)

    def _let_go(self, draw: Draw) -> None:
        year = draw.no.partition("-")[0]
        self.draw.pop(draw.no, None)
        self.revealed[year] = self.revealed.get(year, 0) + 1

    def draw_numbers(self, year: str) -> list[str]:
        """Return the numbers of a year's draws in their order, which has no gap (f.3)."""
        kept = sum(no.startswith(f"{year}-") for no in self.draw)
        [campaign] = self.campaign
        serials = range(1, kept + self.revealed.get(year, 0) + 1)
        return [sampling.draw_no(campaign, int(year), serial) for serial in serials]

    def was_revealed(self, no: str) -> bool:
        """Say whether a draw was let go: its number was given, and nothing else is kept of it."""
        year = no.partition("-")[0]
        return no not in self.draw and year in self.revealed and no in self.draw_numbers(year)

    def snapshot(self) -> Self:
        """Return the state as it is now; what is kept beside the tables is copied as well."""
        copied = super().snapshot()
        copied.signed = dict(self.signed)
        copied.seen = dict(self.seen)
        copied.revealed = dict(self.revealed)
        return copied

    @field_serializer("docket", when_used="json")
    def _brief(self, docket: dict[str, DocketEntry]) -> dict[str, Any]:
        return {no: line.brief() for no, line in docket.items()}

    @field_serializer("draw", when_used="json")
    def _brief_draws(self, draws: dict[str, Draw]) -> dict[str, Any]:
        return {
            no: draw.model_dump(mode="json", exclude_defaults=True) for no, draw in draws.items()
        }

    @field_serializer("inspection_line", when_used="json")
    def _brief_lines(self, lines: dict[str, InspectionLine]) -> dict[str, Any]:
        return brief_lines(lines)

    @field_validator("inspection_line", mode="before")
    @classmethod
    def _whole_lines(cls, lines: Mapping[str, object]) -> dict[str, object]:
        return whole_lines(lines)

    @field_validator("docket", mode="before")
    @classmethod
    def _whole(cls, docket: Mapping[str, object]) -> dict[str, object]:
        return {no: whole(no, line) for no, line in docket.items()}
