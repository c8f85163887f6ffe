"""What a campaign's inspections are opened from, and what of its draws they are told (SEC1)."""

from collections.abc import Iterable
from datetime import date, timedelta

from duban.domain.campaign.draw_records import Draw, DrawState
from duban.domain.campaign.inspection_records import Coming, InspectionLine
from duban.domain.campaign.state import CampaignState
from duban.domain.entity.given import LinkedRegister
from duban.domain.events import Event
from duban.domain.inspection.creation import InspectionStart
from duban.domain.inspection.news import DrawnNews, InspectionNews, VoidedNews
from duban.domain.inspection.records import Order
from duban.domain.inspection.tables import BEFORE_SITE
from duban.domain.inspection.words import InspectionState
from duban.domain.roles import SYSTEM, UNIT_ROLES

_TELLS = frozenset({"campaign:draw:drawn", "campaign:draw:voided"})


def ordered(events: Iterable[Event]) -> list[str]:
    """Return the inspections that came to be with events."""
    changes = (each for event in events for each in event.changes)
    return [each.id for each in changes if each.kind == "inspection_line" and not each.before]


def to_open(state: CampaignState, no: str, clock_offset: timedelta) -> InspectionStart | None:
    """Return what an inspection is made from; None when it was heard of, so it is opened."""
    line = state.inspection_line.get(no)
    if line is None or line.order is None or line.ordered_by is None:
        return None
    return InspectionStart(
        no=line.no,
        campaign=next(iter(state.campaign)),
        order=line.order,
        policy=state.policy,
        calendar=next(iter(state.calendar.values())),
        given=register_for(state, line.order),
        mode=state.mode,
        clock_offset=clock_offset,
        actor=line.ordered_by,
        request_id=str(line.request_id),
    )


def register_for(state: CampaignState, order: Order) -> LinkedRegister:
    """Return the entries of the register that concern an inspection."""
    # Of a drawn target nobody knows the unit, so people of units are not on the register (SEC1).
    people = (e for e in state.person.values() if e.role not in UNIT_ROLES or e.unit == order.unit)
    return LinkedRegister(people=tuple(people), delegations=tuple(state.delegation.values()))


def unopened(state: CampaignState) -> list[str]:
    """Return the inspections that have not been heard of yet."""
    return [each.no for each in state.inspection_line.values() if each.order is not None]


def untold(state: CampaignState) -> list[str]:
    """Return the inspections that do not say yet what they were told of their draw."""
    return [
        each.no
        for each in state.inspection_line.values()
        if each.state in BEFORE_SITE and news_of_draw(state, each.no) is not None
    ]


def touched(state: CampaignState, events: Iterable[Event]) -> list[str]:
    """Return the inspections that have something to hear of a draw since events."""
    draws = {each.object_id for each in events if each.tag in _TELLS}
    lines = state.inspection_line.values()
    return [each.no for each in lines if draws & {each.draw, each.lost}]


def news_of_draw(state: CampaignState, no: str) -> InspectionNews | None:
    """Return what an inspection has to hear of its draw now: drawn, or void; heard twice, no harm.

    Nothing where it says already what it was told.
    """
    line = state.inspection_line.get(no)
    if line is None:
        return None
    draw = state.draw.get(line.draw or "")
    if draw is not None and line.state is InspectionState.AUTHORISED:
        return _drawn(draw, line)
    lost = state.draw.get(line.lost or "")
    if line.draw is None and lost is not None and line.state is not InspectionState.AUTHORISED:
        voided = VoidedNews(draw=lost.no, reason=str(lost.void_reason))
        return InspectionNews(actor=SYSTEM, voided=voided)
    return None


def coming(state: CampaignState) -> tuple[Coming, ...]:
    """Return what is planned for named units and has not been made yet."""
    return tuple(
        Coming(inspection=each.no, unit=each.unit, on_day=each.starts_on, theme=each.theme)
        for each in state.inspection_line.values()
        if each.unit is not None and each.on is None and each.state is not InspectionState.ABORTED
    )


def goes_on(state: CampaignState, draw: Draw) -> date:
    """Return the first working day on which the teams of a draw may go (SEC1)."""
    lines = [each for each in state.inspection_line.values() if each.draw == draw.no]
    calendar = next(iter(state.calendar.values()))
    return calendar.next_working_day(max([draw.frozen_on, *(each.starts_on for each in lines)]))


def _drawn(draw: Draw, line: InspectionLine) -> InspectionNews | None:
    if draw.state is not DrawState.DRAWN:
        return None
    drawn = DrawnNews(
        draw=draw.no,
        commitment=draw.commitments[line.no],
        hands=tuple(sorted({*draw.run_by, *draw.witnesses})),
    )
    return InspectionNews(actor=SYSTEM, drawn=drawn)
