"""What a campaign lets its problems know: facts, never orders. Heard twice, it changes nothing."""

from typing import Literal

from duban.domain.calendars import Calendar
from duban.domain.counting import ClockStopGround
from duban.domain.entity.moving import adopt, restart, stop
from duban.domain.model import Model
from duban.domain.problem.state import Register
from duban.domain.problem.tables import SETTLED
from duban.domain.problem.words import ProblemState as P
from duban.domain.problem.work import Work
from duban.domain.roles import Actor, Role


class CampaignNews(Model):
    """Something that is so in the campaign since its entry `seq`, and who made it so."""

    kind: Literal[
        "suspended", "resumed", "calendar", "lead_body", "terminated", "archived", "register"
    ]
    seq: int
    actor: Actor
    basis_doc: str | None = None
    calendar: Calendar | None = None
    lead_body: Role | None = None
    given: Register = Register()


def hear(work: Work, news: CampaignNews) -> None:
    """Take a piece of news in; news as old as what was heard is passed over."""
    work.note(heard=news.seq)
    if news.kind == "suspended":
        _suspend(work, news)
    elif news.kind == "resumed":
        _resume(work, news)
    elif news.kind == "calendar" and news.calendar is not None:
        adopt(work, news.calendar, news.basis_doc, work.open_deadlines())
    elif news.kind == "lead_body" and news.lead_body is not None:
        work.note(lead_body=news.lead_body)
        work.say("problem:lead_group:changed", basis_doc=news.basis_doc)
    elif news.kind == "terminated":
        # Each open problem was given an owner and a disposition outside of this ledger (c.3).
        _file(work, news.basis_doc)
    else:
        _archive(work, news)


def _suspend(work: Work, news: CampaignNews) -> None:
    """SUSPENDED stops problem clocks, and not those of review and appeal (c.3)."""
    for deadline in work.open_deadlines():
        if work.policy.rule(deadline.code).stops and deadline.stopped_from is None:
            stop(work, deadline, ClockStopGround.CAMPAIGN_SUSPENDED, news.basis_doc or "-")
    work.note(is_paused=True)
    work.say("problem:stage:suspended", basis_doc=news.basis_doc)


def _resume(work: Work, news: CampaignNews) -> None:
    for deadline in work.open_deadlines():
        if deadline.stop_ground is ClockStopGround.CAMPAIGN_SUSPENDED:
            restart(work, deadline)
    work.note(is_paused=False, last_action_on=work.today)
    work.say("problem:stage:resumed", basis_doc=news.basis_doc)


def _archive(work: Work, news: CampaignNews) -> None:
    """The campaign is archived: what is settled is filed with it, the rest outlives it (O8)."""
    if work.problem.state in SETTLED:
        _file(work, news.basis_doc)
        return
    work.note(outlives=True)
    work.say("problem:problem:outlived", basis_doc=news.basis_doc)


def file_if_settled(work: Work) -> None:
    """File a problem that outlived its campaign once nothing of it is owed any more."""
    problem = work.problem
    looked_at = problem.state is not P.WATCHED or problem.lookback_passed
    if problem.outlives and problem.state in SETTLED and looked_at:
        _file(work, None)


def _file(work: Work, basis_doc: str | None) -> None:
    """What was looked back on is archived, and the stream is closed.

    What comes back afterwards is a new problem, which counts as a recurrence of this one (d.7).
    """
    if work.problem.state is P.WATCHED and work.problem.lookback_passed:
        work.move(P.ARCHIVED)
    work.cancel_all()
    work.note(is_over=True)
    work.say("problem:problem:archived", basis_doc=basis_doc)
    work.say("problem:stream:closed", count=work.next_seq + 1)
