"""What a clue hears of its campaign: people and calendars. A suspension is nothing to it (c.3)."""

from duban.domain.clue.work import Work
from duban.domain.counting import TimeUnit
from duban.domain.entity.moving import adopt
from duban.domain.problem.news import CampaignNews


def hear(work: Work, told: CampaignNews) -> None:
    """Take a published calendar in; what runs by the hour does not look at one."""
    assert told.calendar is not None
    work.note(heard=told.seq)
    clocks = [each for each in work.open_deadlines() if each.unit is not TimeUnit.IMMEDIATE]
    adopt(work, told.calendar, told.basis_doc, clocks)
