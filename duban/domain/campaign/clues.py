"""What a campaign knows of its clues: their numbers, and whether a receipt is owed (ADR 0020).

A clue is a workflow of its own, and only it is told what it is about: who may read the entries of
the campaign, or of a unit, finds no content of a clue there.
"""

from datetime import timedelta
from typing import Final

from duban.domain.campaign import commands as c
from duban.domain.campaign.records import ClueLine
from duban.domain.campaign.state import CampaignState
from duban.domain.campaign.work import Work
from duban.domain.clue.creation import ClueStart
from duban.domain.clue.standing import ClueNews
from duban.domain.counting import local_date
from duban.domain.entity.given import LinkedRegister
from duban.domain.entity.permits import authorise
from duban.domain.errors import Code, RuleViolation
from duban.domain.roles import UNIT_ROLES, Action, Right

REPORTED: Final = "campaign:clue:reported"


def report_clue(work: Work, command: c.ReportClue) -> None:
    """Give a clue its number, which is never used again (b.3 row 31); it is opened next.

    A request about a specific case of a court is no clue: it is refused, and that it was made
    stands on the trail (三个规定, g.7).
    """
    authorise(work, Action.REPORT_CLUE, Right.CREATE)
    if command.court_case:
        raise RuleViolation(
            Code.CASE_UNTOUCHABLE, case=command.court_case, asked_by=command.actor.id
        )
    report, campaign = command.report, work.campaign
    called_on = local_date(report.phoned_at or work.now)
    for on in (report.known_on, called_on):
        if on > work.today:
            raise RuleViolation(Code.DATE_AHEAD, on=on.isoformat())
    number = campaign.clues_reported + 1
    work.set(campaign.no, campaign, clues_reported=number)
    line = ClueLine(
        no=f"{campaign.no}-C{number:04d}",
        report=report,
        reported_by=command.actor,
        request_id=command.request_id,
    )
    work.put(line.no, line)
    work.emit(REPORTED, ("clue_line", line.no))


def take_note(work: Work, news: ClueNews) -> bool:
    """Note how a clue stands; return whether that is news."""
    known = {each.no: each for each in work.all(ClueLine)}.get(news.no)
    if known is None or news.seq <= known.heard:
        return False
    said = {"awaits_receipt": news.awaits_receipt, "is_over": news.is_over}
    work.set(news.no, known, heard=news.seq, **said)
    work.emit("campaign:clue:noted", ("clue_line", news.no))
    return True


def to_open(state: CampaignState, no: str, clock_offset: timedelta) -> ClueStart | None:
    """Return what a reported clue is made from; None when it was heard of, so it is opened."""
    line = state.clue_line.get(no)
    if line is None or line.heard >= 0:
        return None
    campaign, by = next(iter(state.campaign.values())), line.reported_by
    return ClueStart(
        no=line.no,
        campaign=campaign.no,
        report=line.report,
        policy=state.policy,
        calendar=next(iter(state.calendar.values())),
        given=register_for(state, by.id),
        mode=state.mode,
        clock_offset=clock_offset,
        actor=by,
        request_id=line.request_id,
    )


def register_for(state: CampaignState, reporter: str) -> LinkedRegister:
    """Return the entries of the register that concern a clue: the bodies, and who reported it."""
    concerned = tuple(
        each for each in state.person.values() if each.role not in UNIT_ROLES or each.id == reporter
    )
    return LinkedRegister(people=concerned, delegations=tuple(state.delegation.values()))
