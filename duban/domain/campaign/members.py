"""A campaign's problems, clues and inspections, each rebuilt from its trail alone (l.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

from duban.domain.calendars import Calendar
from duban.domain.campaign import clues, docket, inspection_calls
from duban.domain.campaign.restore import restored
from duban.domain.campaign.state import CampaignState
from duban.domain.clue.creation import REPORTED
from duban.domain.clue.state import ClueState
from duban.domain.entity.answers import from_beginning
from duban.domain.entity.given import Given, MemberState
from duban.domain.entity.records import MemberRecord
from duban.domain.events import Event
from duban.domain.inspection.creation import ORDERED
from duban.domain.inspection.state import InspectionState
from duban.domain.problem.creation import REGISTERED
from duban.domain.problem.news import CampaignNews
from duban.domain.problem.standing import is_news
from duban.domain.problem.state import ProblemState

S = TypeVar("S", bound=MemberState)

_LINES = frozenset({"docket", "clue_line", "inspection_line"})


@dataclass(frozen=True)
class Household:
    """A campaign as its trail has it, and what its members are rebuilt with.

    `calendars` are all it ever went by. `news` is what it told its members, and `numbered` the
    ordinal of the entry since which each of them has been there to hear it.
    """

    campaign: CampaignState
    calendars: dict[int, Calendar]
    news: tuple[CampaignNews, ...]
    numbered: dict[str, int]

    @classmethod
    def of(cls, history: Sequence[Event]) -> Self:
        """Return what the events of a campaign say, all of them recorded.

        Raises:
            RuleViolation: OBJECT_NOT_FOUND when they do not begin with a campaign's creation.
        """
        campaign = restored(history)
        calendars, numbered = dict[int, Calendar](), dict[str, int]()
        for event in history:
            for each in event.changes:
                if each.kind == "calendar" and each.after:
                    calendar = Calendar.model_validate(each.after)
                    calendars[calendar.version] = calendar
                elif each.kind in _LINES:
                    numbered.setdefault(each.id, event.seq)
        return cls(campaign, calendars, tuple(docket.facts(campaign, history)), numbered)

    def problem(self, events: Iterable[Event]) -> ProblemState:
        """Return the problem whose trail this is, to go on where it leads.

        Raises:
            RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its registration.
        """
        state = self._rebuilt(ProblemState, events, REGISTERED)
        [record] = state.problem.values()
        units = {record.unit, record.successor}
        return self._given(state, record, docket.register_for(self.campaign, units))

    def clue(self, events: Iterable[Event]) -> ClueState:
        """Return the clue whose trail this is, to go on where it leads.

        Raises:
            RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its report.
        """
        state = self._rebuilt(ClueState, events, REPORTED)
        [record] = state.clue.values()
        by = self.campaign.clue_line[record.no].reported_by.id
        return self._given(state, record, clues.register_for(self.campaign, by))

    def inspection(self, events: Iterable[Event]) -> InspectionState:
        """Return the inspection whose trail this is, to go on where it leads.

        Raises:
            RuleViolation: OBJECT_NOT_FOUND when the events do not begin with its order.
        """
        state = self._rebuilt(InspectionState, events, ORDERED)
        [record] = state.inspection.values()
        given = inspection_calls.register_for(self.campaign, record.order)
        return self._given(state, record, given)

    def missed(self, record: MemberRecord) -> list[CampaignNews]:
        """Return what the campaign has said since a member was there and what it has not heard."""
        known = max(record.heard, self.numbered[record.no])
        return [each for each in self.news if each.seq > known]

    def knows(self, no: str, events: Iterable[Event]) -> bool:
        """Whether the campaign has heard of all news that a problem's events are."""
        entry = self.campaign.docket.get(no)
        return entry is not None and all(
            each.seq <= entry.heard for each in events if is_news(each)
        )

    def _rebuilt(self, kind: type[S], events: Iterable[Event], begins: str) -> S:
        given = kind(mode=self.campaign.mode, policy=self.campaign.policy)
        return from_beginning(events, given, begins, next(iter(kind.MODELS)))

    def _given(self, state: S, record: MemberRecord, given: Given) -> S:
        version = record.calendar_version
        state.calendar[str(version)] = self.calendars[version]
        state.be_given(given)
        return state
