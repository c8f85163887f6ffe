"""What an inspection makes of what it hears: of its draw, and of its campaign."""

from duban.domain.entity.moving import adopt
from duban.domain.inspection.ending import end
from duban.domain.inspection.news import InspectionNews
from duban.domain.inspection.sealed import is_awaited, stands, take_draw, void_draw
from duban.domain.inspection.words import InspectionEnd
from duban.domain.inspection.work import Work
from duban.domain.problem.news import CampaignNews


def hear(work: Work, news: InspectionNews) -> None:
    """Take news in; what is known already, or comes too late, changes nothing."""
    it = work.inspection
    if news.drawn is not None and is_awaited(it, news.drawn):
        take_draw(work, news.drawn)
    if news.voided is not None and stands(it, news.voided.draw):
        void_draw(work, news.voided)
    if news.campaign is not None and news.campaign.seq > it.heard:
        _hear_campaign(work, news.campaign)


def _hear_campaign(work: Work, told: CampaignNews) -> None:
    """A calendar counts anew; a campaign that is over sends nobody any more.

    Whoever is on site goes on: conclusion, review and findings outlive the campaign. Its
    suspension stops nothing here, and says nothing here.
    """
    work.note(heard=told.seq)
    if told.calendar is not None:
        adopt(work, told.calendar, told.basis_doc, work.open_deadlines())
    elif told.kind in ("terminated", "archived") and work.inspection.arrival is None:
        end(work, InspectionEnd.CAMPAIGN_OVER, told.basis_doc or told.kind)
