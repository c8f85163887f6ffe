"""One decision of a campaign in the making, and the words it uses for what it reads."""

from collections.abc import Mapping

from duban.domain.campaign.draw_records import SignedOff
from duban.domain.campaign.inspection_records import UnitSeen
from duban.domain.campaign.records import (
    CampaignRecord,
    Goal,
    GoalState,
    PhaseRecord,
    Task,
    UnitRecord,
)
from duban.domain.campaign.state import CampaignState
from duban.domain.deadlines import Deadline
from duban.domain.entity.work import Work as EntityWork
from duban.domain.limits import DeadlineCode
from duban.domain.plan import UnitKind


class Work(EntityWork):
    """The scratch of one decision of a campaign."""

    NOUN = "campaign"

    @property
    def campaign(self) -> CampaignRecord:
        """The campaign as this decision sees it."""
        return next(self.all(CampaignRecord))

    @property
    def state(self) -> CampaignState:
        """What the campaign remembers, without this decision."""
        assert isinstance(self._state, CampaignState)
        return self._state

    @property
    def signed(self) -> Mapping[str, SignedOff]:
        """The problems that are signed off and watched over, by their numbers."""
        return self.state.signed

    @property
    def seen(self) -> Mapping[str, UnitSeen]:
        """How often units were inspected, by their codes."""
        return self.state.seen

    @property
    def members(self) -> list[UnitRecord]:
        """The units that are worked with, in their order: all but the bodies that lead."""
        return [each for each in self.all(UnitRecord) if each.kind is not UnitKind.BODY]

    @property
    def subject(self) -> tuple[str, str]:
        """The campaign itself, as the object of an event."""
        return ("campaign", self.campaign.no)

    @property
    def is_paused(self) -> bool:
        """Whether the campaign is suspended."""
        return self.campaign.paused is not None

    def follow_date(self, deadline: Deadline) -> None:
        """Let the object show the date of its clock; a goal with a date ahead is not overdue."""
        key, on = deadline.object_id, deadline.current_due_on
        if deadline.code is DeadlineCode.TASK:
            self.set(key, self.get(Task, key), due_on=on)
        elif deadline.code is DeadlineCode.PHASE_END:
            self.set(key, self.get(PhaseRecord, key), ends_on=on)
        elif deadline.code is DeadlineCode.PHASE_GOAL:
            goal = self.get(Goal, key)
            ahead = goal.state is GoalState.OVERDUE and deadline.due_at > self.now
            self.set(key, goal, due_on=on, state=GoalState.ON_TRACK if ahead else goal.state)

    def next_deadline_id(self) -> str:
        """Return the id of the next clock, and count it."""
        number = self.campaign.deadlines_opened + 1
        self.set(self.campaign.no, self.campaign, deadlines_opened=number)
        return f"D{number:04d}"

    def task(self, no: str) -> Task:
        """Return a task."""
        return self.get(Task, no)

    def goal(self, key: str) -> Goal:
        """Return a phase goal."""
        return self.get(Goal, key)

    def unit(self, code: str) -> UnitRecord:
        """Return a unit."""
        return self.get(UnitRecord, code)

    @property
    def phase(self) -> PhaseRecord:
        """The current phase."""
        return self.get(PhaseRecord, str(self.campaign.current_phase))
